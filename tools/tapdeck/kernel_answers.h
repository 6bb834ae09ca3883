// What the kernel says of its sockets and of this host's addresses, asked by the broker on behalf
// of a process that reads packets and may ask nobody.
#pragma once

#include <vector>

#include "tools/tapdeck/confinement/sandbox.h"
#include "tools/tapdeck/kernel_sockets.h"

namespace tapdeck {

class KernelAnswers {
 public:
  /// Requires: the sandbox has not been entered yet; it outlives this.
  explicit KernelAnswers(Sandbox& sandbox);

  /// As read_kernel_sockets and own_addresses. Failure(no_permission) if the broker can't tell.
  [[nodiscard]] std::vector<KernelSocket> sockets();
  [[nodiscard]] std::vector<Network> addresses();

 private:
  Sandbox& x_sandbox;
  std::size_t x_sockets;  // duties
  std::size_t x_addresses;
};

}  // namespace tapdeck

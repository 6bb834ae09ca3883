// Where the captured servers of `replay --as client` are to be found now.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "tools/replay/stateful/net_address.h"
#include "tools/replay/stateful/script.h"
#include "tools/tapdeck/options.h"

namespace tapdeck {

class PlayTargets {
 public:
  /// What --to names. Failure(usage) for what can't be understood and for unknown names.
  explicit PlayTargets(const CommandOptions& options);

  /// Null: nobody said where.
  [[nodiscard]] const NetAddress* of(const Socket& server) const;

  /// Failure(usage) where --to names a captured server that there isn't.
  void check(std::span<const Script> scripts) const;

 private:
  std::optional<NetAddress> x_all;
  std::vector<std::pair<Socket, NetAddress>> x_some;
};

}  // namespace tapdeck

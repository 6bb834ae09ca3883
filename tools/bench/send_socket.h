// A packet socket that does nothing but send, for programs that are measured or measured against.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include <sys/socket.h>

#include "captures/descriptor.h"
#include "captures/transmit/packet_socket.h"

namespace tapdeck {

class SendSocket {
 public:
  /// Throws Failure(no_permission) if the interface can't be sent on.
  SendSocket(const std::string& interface, Queueing queueing);

  /// How many of the messages went; 0: there was no room. Throws Failure.
  [[nodiscard]] std::size_t send(std::span<mmsghdr> messages);

 private:
  Descriptor x_descriptor;
};

}  // namespace tapdeck

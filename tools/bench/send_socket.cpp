#include "tools/bench/send_socket.h"

#include <cerrno>
#include <system_error>

#include <linux/if_packet.h>
#include <net/if.h>
#include <unistd.h>

#include "captures/failure.h"

namespace tapdeck {

SendSocket::SendSocket(const std::string& interface, Queueing queueing)
    : x_descriptor(::socket(AF_PACKET, SOCK_RAW, 0)) {
  sockaddr_ll to{};
  to.sll_family = AF_PACKET;
  to.sll_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
  const bool ready =
      x_descriptor && to.sll_ifindex != 0 &&
      ::bind(x_descriptor.number(), reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  if (!ready) {
    throw Failure(ExitCode::no_permission,
                  interface + ": can't be sent on: " + std::generic_category().message(errno));
  }
  const int bypass = queueing == Queueing::bypassed ? 1 : 0;
  (void)::setsockopt(x_descriptor.number(), SOL_PACKET, PACKET_QDISC_BYPASS, &bypass,
                     sizeof bypass);
}

std::size_t SendSocket::send(std::span<mmsghdr> messages) {
  const int sent =
      ::sendmmsg(x_descriptor.number(), messages.data(), static_cast<unsigned>(messages.size()), 0);
  if (sent >= 0) return static_cast<std::size_t>(sent);
  if (errno == ENOBUFS || errno == EAGAIN || errno == EINTR) return 0;
  throw Failure(ExitCode::unwritable_output,
                "sending failed: " + std::generic_category().message(errno));
}

}  // namespace tapdeck

#include "captures/transmit/packet_socket.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>

#include <linux/if_packet.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "captures/failure.h"
#include "captures/transmit/network_interface.h"
#include "captures/transmit/waiting_for_room.h"

namespace tapdeck {
namespace {

/// Of frames on their way; the system may grant less.
constexpr int buffer_octets = 4 << 20;

/// Of protocol 0, a packet socket is handed nothing of what the interface receives.
Descriptor open_socket(const std::string& interface) {
  Descriptor descriptor(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (!descriptor) {
    throw Failure(ExitCode::no_permission,
                  interface + ": sending frames takes the capability CAP_NET_RAW: " +
                      std::generic_category().message(errno));
  }
  return descriptor;
}

}  // namespace

PacketSocket::PacketSocket(const std::string& interface, Queueing queueing)
    : x_socket(open_socket(interface)) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = find_network_interface(interface).index;
  ::setsockopt(x_socket.number(), SOL_SOCKET, SO_SNDBUF, &buffer_octets, sizeof buffer_octets);
  if (queueing == Queueing::bypassed) {
    constexpr int yes = 1;
    ::setsockopt(x_socket.number(), SOL_PACKET, PACKET_QDISC_BYPASS, &yes, sizeof yes);
  }
  // So that a queue that moves no more is noticed, as a want of room.
  const timeval patience{.tv_sec = 1, .tv_usec = 0};
  ::setsockopt(x_socket.number(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  if (::bind(x_socket.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw Failure(ExitCode::no_permission,
                  interface + ": can't be sent to: " + std::generic_category().message(errno));
  }
  for (std::size_t i = 0; i < most_frames; ++i) {
    x_messages[i].msg_hdr.msg_iov = &x_frames[i];
    x_messages[i].msg_hdr.msg_iovlen = 1;
  }
}

std::size_t PacketSocket::send(std::span<const Packet> frames) {
  std::size_t sent = 0;
  WaitingForRoom waiting;
  while (sent < frames.size()) {
    const std::size_t taken =
        send_some(frames.subspan(sent, std::min(most_frames, frames.size() - sent)));
    sent += taken;
    if (taken > 0) {
      waiting.succeeded();
    } else if (x_refusal != EAGAIN && waiting.try_again(x_refusal)) {  // or it waited a second
      ++x_counts.retried;
    } else {
      break;
    }
  }
  return sent;
}

void PacketSocket::finish(const std::atomic<bool>& stop) {
  WaitingForRoom waiting;
  int before = std::numeric_limits<int>::max();
  int now = 0;  // octets on their way
  while (::ioctl(x_socket.number(), SIOCOUTQ, &now) == 0 && now > 0) {
    if (now < before && !stop) waiting.succeeded();
    before = now;
    if (!waiting.try_again(EAGAIN)) {
      x_counts.held_back = static_cast<std::uint64_t>(now);
      return;
    }
  }
}

/// At least one, or 0 with x_refusal: why frames behind the first were not taken is known only when
/// they are the first.
std::size_t PacketSocket::send_some(std::span<const Packet> frames) {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const Bytes bytes = frames[i].bytes;
    x_frames[i] = {.iov_base = const_cast<std::byte*>(bytes.data()), .iov_len = bytes.size()};
  }
  const int sent =
      ::sendmmsg(x_socket.number(), x_messages.data(), static_cast<unsigned>(frames.size()), 0);
  if (sent <= 0) {
    x_refusal = errno;
    return 0;
  }
  for (const Packet& frame : frames.first(static_cast<std::size_t>(sent))) {
    x_counts.octets += frame.bytes.size();
  }
  x_counts.frames += static_cast<std::uint64_t>(sent);
  return static_cast<std::size_t>(sent);
}

}  // namespace tapdeck

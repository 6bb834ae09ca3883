#include "tools/lab/link/tap.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "captures/failure.h"
#include "tools/lab/link/namespace_visit.h"

namespace tapdeck {
namespace {

constexpr std::size_t longest_frame = std::size_t{128} * 1024;

/// As struct virtio_net_hdr of the kernel, whose header isn't C++.
struct OffloadHeader {
  std::uint8_t flags = 0;
  std::uint8_t segment_kind = 0;
  std::uint16_t header_octets = 0;
  std::uint16_t segment_octets = 0;
  std::uint16_t checksum_start = 0;
  std::uint16_t checksum_offset = 0;
};
constexpr std::uint8_t needs_checksum = 1;  // VIRTIO_NET_HDR_F_NEEDS_CSUM
constexpr std::uint8_t one_segment = 0;     // VIRTIO_NET_HDR_GSO_NONE

[[noreturn]] void fail(const std::string& what) {
  throw Failure(ExitCode::no_permission, what + ": " + std::strerror(errno));
}

}  // namespace

Tap::Tap(const std::string& network_namespace, const std::string& interface, bool offloads)
    : x_offloads(offloads), x_room(longest_frame) {
  const NamespaceVisit visit(network_namespace);
  x_descriptor = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (x_descriptor < 0) fail("/dev/net/tun");
  ifreq request{};
  interface.copy(request.ifr_name, IFNAMSIZ - 1);
  const int flags = IFF_TAP | IFF_NO_PI | (offloads ? IFF_VNET_HDR : 0);
  request.ifr_flags = static_cast<short>(flags);
  if (ioctl(x_descriptor, TUNSETIFF, &request) < 0) fail("tap " + interface);
  if (offloads && ioctl(x_descriptor, TUNSETOFFLOAD, TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6) < 0) {
    fail("offloads of " + interface);
  }
}

Tap::~Tap() { close(x_descriptor); }

std::optional<TapFrame> Tap::read() {
  OffloadHeader header;
  std::array<iovec, 2> pieces{
      {{&header, x_offloads ? sizeof header : 0}, {x_room.data(), x_room.size()}}};
  const ssize_t length = readv(x_descriptor, pieces.data(), static_cast<int>(pieces.size()));
  if (length < 0) {
    if (errno == EAGAIN || errno == EINTR || errno == EIO) return std::nullopt;
    fail("reading from a tap");
  }
  const auto octets = static_cast<std::size_t>(length) - pieces[0].iov_len;
  TapFrame frame{.bytes = {x_room.begin(), x_room.begin() + static_cast<std::ptrdiff_t>(octets)},
                 .offload = {}};
  frame.offload.checksum_missing = (header.flags & needs_checksum) != 0;
  if (header.segment_kind != one_segment) frame.offload.segment_octets = header.segment_octets;
  return frame;
}

bool Tap::write(Bytes frame) {
  OffloadHeader header;
  // writev takes what it only reads through a pointer that isn't const.
  std::array<iovec, 2> pieces{{{&header, x_offloads ? sizeof header : 0},
                               {const_cast<std::byte*>(frame.data()), frame.size()}}};
  if (writev(x_descriptor, pieces.data(), static_cast<int>(pieces.size())) >= 0) return true;
  if (errno == EIO) return false;
  fail("writing to a tap");
}

}  // namespace tapdeck

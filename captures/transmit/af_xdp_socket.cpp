#include "captures/transmit/af_xdp_socket.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <system_error>

#include <poll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "captures/failure.h"
#include "captures/transmit/network_interface.h"
#include "captures/transmit/waiting_for_room.h"

namespace tapdeck {
namespace {

constexpr std::uint32_t places = 512;  // of frames that the kernel hasn't given back yet
constexpr std::uint32_t ring_entries = places;
constexpr std::size_t page = 4096, half_page = 2048;  // the sizes that a place may have
constexpr std::size_t header_octets = 14, tag_octets = 4;

/// Octets of a place that holds the interface's longest frame, or as many as a place can have.
std::size_t place_octets(std::size_t mtu) {
  return mtu + header_octets + tag_octets <= half_page ? half_page : page;
}

std::string words(int error) { return std::generic_category().message(error); }

[[noreturn]] void fail(const std::string& interface, const std::string& what, int error) {
  throw Failure(ExitCode::no_permission, interface + ": " + what + ": " + words(error));
}

Descriptor open_socket(const std::string& interface) {
  Descriptor descriptor(::socket(AF_XDP, SOCK_RAW | SOCK_CLOEXEC, 0));
  if (descriptor) return descriptor;
  fail(interface,
       errno == EAFNOSUPPORT ? "this kernel is without AF_XDP (--method packet sends without it)"
                             : "sending by AF_XDP takes the capability CAP_NET_RAW",
       errno);
}

/// Why an interface can't be bound to.
std::string refusal_words(int error) {
  switch (error) {
    case EBUSY:
      return "somebody else has an AF_XDP socket on its first queue";
    case EOPNOTSUPP:
    case EINVAL:
      return "its driver doesn't send by AF_XDP (--method packet sends without it)";
    default:
      return "can't be sent to by AF_XDP";
  }
}

/// The kernel keeps a queue busy for a moment after its last user has gone. 0, or errno.
int bind_patiently(int socket, const sockaddr_xdp& address) {
  constexpr int pause_ms = 10, most_pauses = 50;
  for (int pauses = 0;; ++pauses) {
    if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return 0;
    const int error = errno;
    if (error != EBUSY || pauses == most_pauses) return error;
    static_cast<void>(::poll(nullptr, 0, pause_ms));
  }
}

template <class Value>
void set_option(const std::string& interface, int socket, int option, const Value& value) {
  if (::setsockopt(socket, SOL_XDP, option, &value, sizeof value) == 0) return;
  fail(interface,
       errno == ENOBUFS ? "there may be too little memory that can be locked (ulimit -l)"
                        : "AF_XDP can't be set up",
       errno);
}

}  // namespace

AfXdpSocket::Memory::Memory(std::size_t wanted) : octets(wanted) {
  void* const memory = ::mmap(nullptr, octets, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  if (memory == MAP_FAILED) {
    throw Failure(ExitCode::no_permission, "no memory to share with the kernel: " + words(errno));
  }
  data = static_cast<std::byte*>(memory);
}

AfXdpSocket::Memory::~Memory() { ::munmap(data, octets); }

AfXdpSocket::AfXdpSocket(const std::string& interface) : x_interface(interface) {
  const NetworkInterface facts = find_network_interface(interface);
  if (facts.link_type != LinkType::ethernet) {
    throw Failure(ExitCode::usage, interface + ": AF_XDP sends by Ethernet interfaces only");
  }
  x_mtu = facts.mtu;
  x_socket = open_socket(interface);
  set_up(facts.index);
}

void AfXdpSocket::set_up(int index) {
  share_memory();
  // Nothing is received, yet the kernel wants a ring to fill with room for it.
  constexpr std::uint32_t least_entries = 2;
  set_option(x_interface, x_socket.number(), XDP_UMEM_FILL_RING, least_entries);
  set_option(x_interface, x_socket.number(), XDP_UMEM_COMPLETION_RING, ring_entries);
  set_option(x_interface, x_socket.number(), XDP_TX_RING, ring_entries);
  xdp_mmap_offsets offsets{};
  socklen_t length = sizeof offsets;
  if (::getsockopt(x_socket.number(), SOL_XDP, XDP_MMAP_OFFSETS, &offsets, &length) != 0 ||
      length != sizeof offsets) {
    fail(x_interface, "AF_XDP can't be set up", errno);
  }
  x_sending.emplace(x_socket.number(), XDP_PGOFF_TX_RING, offsets.tx, ring_entries);
  x_completed.emplace(x_socket.number(), XDP_UMEM_PGOFF_COMPLETION_RING, offsets.cr, ring_entries);
  if (!x_sending->is_mapped() || !x_completed->is_mapped()) {
    fail(x_interface, "AF_XDP can't be set up", errno);
  }
  const sockaddr_xdp address{.sxdp_family = AF_XDP,
                             .sxdp_flags = XDP_COPY,
                             .sxdp_ifindex = static_cast<std::uint32_t>(index),
                             .sxdp_queue_id = 0,
                             .sxdp_shared_umem_fd = 0};
  if (const int error = bind_patiently(x_socket.number(), address); error != 0) {
    fail(x_interface, refusal_words(error), error);
  }
}

void AfXdpSocket::share_memory() {
  const std::size_t octets = place_octets(x_mtu);
  x_memory.emplace(places * octets);
  const xdp_umem_reg region{.addr = reinterpret_cast<std::uintptr_t>(x_memory->data),
                            .len = x_memory->octets,
                            .chunk_size = static_cast<std::uint32_t>(octets),
                            .headroom = 0,
                            .flags = 0};
  set_option(x_interface, x_socket.number(), XDP_UMEM_REG, region);
  for (std::uint64_t place = places; place > 0; --place) x_free.push_back((place - 1) * octets);
}

std::size_t AfXdpSocket::send(std::span<const Packet> frames) {
  std::size_t sent = 0;
  while (sent < frames.size() && !x_is_stuck) {
    const std::uint32_t filled = fill(frames.subspan(sent));
    if (filled == 0) break;
    const std::uint32_t taken = push(filled);
    for (const Packet& frame : frames.subspan(sent, taken)) x_counts.octets += frame.bytes.size();
    x_counts.frames += taken;
    sent += taken;
  }
  return sent;
}

/// The kernel itself would take longer ones, and the interface drop them.
bool AfXdpSocket::is_too_long(Bytes frame) const {
  constexpr std::uint16_t tag = 0x8100;  // the only one that may stand beside the MTU
  const std::size_t over = frame.size() - std::min(frame.size(), x_mtu + header_octets);
  if (over == 0) return frame.size() > place_octets(x_mtu);
  return over > tag_octets || read_big_endian<std::uint16_t>(frame, 12) != tag ||
         frame.size() > place_octets(x_mtu);
}

/// Puts the first of the frames where the kernel will find them. 0: x_refusal says why.
std::uint32_t AfXdpSocket::fill(std::span<const Packet> frames) {
  WaitingForRoom waiting;
  for (collect(); x_free.empty(); collect()) {
    if (!waiting.try_again(x_refusal = ENOBUFS)) return 0;
    ++x_counts.retried;
  }
  const std::size_t most = std::min<std::size_t>({frames.size(), most_frames, x_free.size()});
  std::uint32_t filled = 0;
  for (const Packet& frame : frames.first(most)) {
    const Bytes bytes = frame.bytes;
    // Too short for an Ethernet header is an error to a packet socket; the kernel would go astray.
    const int error = is_too_long(bytes) ? EMSGSIZE : bytes.size() < header_octets ? EINVAL : 0;
    if (error != 0) {
      x_refusal = error;
      break;
    }
    const std::uint64_t place = x_free.back();
    x_free.pop_back();
    std::memcpy(x_memory->data + place, bytes.data(), bytes.size());
    x_sending->next(filled++) = {
        .addr = place, .len = static_cast<std::uint32_t>(bytes.size()), .options = 0};
  }
  return filled;
}

/// How many of those filled in the kernel took. If they aren't all, it takes no more: nobody can
/// call back those that it was offered.
std::uint32_t AfXdpSocket::push(std::uint32_t count) {
  x_sending->publish(count);
  WaitingForRoom waiting;
  while (const std::uint32_t before = x_sending->waiting()) {
    if (::sendto(x_socket.number(), nullptr, 0, MSG_DONTWAIT, nullptr, 0) >= 0) continue;
    const int error = errno;
    if (error == EBUSY) {  // the interface dropped the frame that was taken last
      --x_counts.frames;
      x_counts.octets -= x_sending->last_taken().len;
    }
    if (error == EINTR || x_sending->waiting() != before) continue;
    collect();
    if (!waiting.try_again(x_refusal = error)) {
      x_is_stuck = true;
      return count - x_sending->waiting();
    }
    ++x_counts.retried;
  }
  return count;
}

void AfXdpSocket::collect() {
  x_completed->take([this](std::uint64_t place) { x_free.push_back(place); });
}

void AfXdpSocket::finish(const std::atomic<bool>& stop) {
  WaitingForRoom waiting;
  if (x_is_stuck) return;
  std::size_t before = 0;
  for (collect(); x_free.size() < places; collect()) {
    if (x_free.size() > before && !stop) waiting.succeeded();
    before = x_free.size();
    if (waiting.try_again(EAGAIN)) continue;
    x_counts.held_back = (places - x_free.size()) * place_octets(x_mtu);
    return;
  }
}

}  // namespace tapdeck

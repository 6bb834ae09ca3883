// Pushes VLAN tags onto the frames that a host sends, and pops them from those that it receives.
//
//   tapdeck-lab-tag-forwarder TAP WIRE ETHERTYPE:VLAN...
//
// The host talks through the tap interface TAP, which the forwarder makes; the tagged frames travel
// on WIRE, an interface that exists. Tags are named from the outermost: `88a8:100 8100:10` is QinQ.
// A frame from WIRE that doesn't carry exactly these tags is dropped. Runs until it is killed.

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

using Frame = std::vector<std::uint8_t>;

constexpr std::size_t kAddressesLength = 12;  // destination and source stand before the tags
constexpr std::size_t kLongestFrame = 65536;

[[noreturn]] void throw_errno(const std::string& what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void append_u16(Frame& bytes, std::uint16_t value) {
  bytes.push_back(static_cast<std::uint8_t>(value >> 8));
  bytes.push_back(static_cast<std::uint8_t>(value & 0xff));
}

std::uint16_t parse_number(std::string_view text, int base, unsigned limit) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size() || value > limit) {
    throw std::invalid_argument("not a number that fits: " + std::string(text));
  }
  return static_cast<std::uint16_t>(value);
}

// The bytes of all tags, outermost first, from texts such as "8100:10".
Frame parse_tags(std::span<char*> texts) {
  Frame tags;
  for (const std::string_view text : texts) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
      throw std::invalid_argument("a tag is ETHERTYPE:VLAN, not " + std::string(text));
    }
    append_u16(tags, parse_number(text.substr(0, colon), 16, 0xffff));
    append_u16(tags, parse_number(text.substr(colon + 1), 10, 4094));
  }
  return tags;
}

int open_tap(const std::string& name) {
  const int tap = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
  if (tap < 0) throw_errno("/dev/net/tun");
  ifreq request{};
  name.copy(request.ifr_name, IFNAMSIZ - 1);
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  if (ioctl(tap, TUNSETIFF, &request) < 0) throw_errno("tap " + name);
  return tap;
}

// A socket for the whole frames of an interface, its own transmissions excluded.
int open_wire(const std::string& name) {
  const int wire = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_ALL));
  if (wire < 0) throw_errno("packet socket");
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(ETH_P_ALL);
  address.sll_ifindex = static_cast<int>(if_nametoindex(name.c_str()));
  if (address.sll_ifindex == 0) throw_errno(name);
  const int on = 1;
  if (setsockopt(wire, SOL_PACKET, PACKET_AUXDATA, &on, sizeof on) < 0 ||
      setsockopt(wire, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) < 0 ||
      bind(wire, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0) {
    throw_errno(name);
  }
  packet_mreq membership{};  // the host's address differs from the wire's
  membership.mr_ifindex = address.sll_ifindex;
  membership.mr_type = PACKET_MR_PROMISC;
  if (setsockopt(wire, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &membership, sizeof membership) < 0) {
    throw_errno(name);
  }
  return wire;
}

// The kernel takes the outermost tag out of a received frame; this is that tag, or nothing.
Frame outermost_tag(msghdr& message) {
  Frame tag;
  for (cmsghdr* control = CMSG_FIRSTHDR(&message); control != nullptr;
       control = CMSG_NXTHDR(&message, control)) {
    if (control->cmsg_level != SOL_PACKET || control->cmsg_type != PACKET_AUXDATA) continue;
    tpacket_auxdata facts{};
    std::memcpy(&facts, CMSG_DATA(control), sizeof facts);
    if ((facts.tp_status & TP_STATUS_VLAN_VALID) == 0) continue;
    append_u16(tag, facts.tp_vlan_tpid);
    append_u16(tag, facts.tp_vlan_tci);
  }
  return tag;
}

void insert_tags(Frame& frame, const Frame& tags) {
  frame.insert(frame.begin() + kAddressesLength, tags.begin(), tags.end());
}

// The next frame of the wire, as it was on the wire.
Frame receive_from_wire(int wire) {
  Frame frame(kLongestFrame);
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(tpacket_auxdata))> control{};
  iovec piece{frame.data(), frame.size()};
  msghdr message{};
  message.msg_iov = &piece;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t length = recvmsg(wire, &message, 0);
  if (length < 0) throw_errno("receiving from the wire");
  frame.resize(static_cast<std::size_t>(length));
  if (frame.size() >= kAddressesLength) insert_tags(frame, outermost_tag(message));
  return frame;
}

// Takes the tags out of a frame; false when it doesn't carry exactly these.
bool pop_tags(Frame& frame, const Frame& tags) {
  if (frame.size() < kAddressesLength + tags.size()) return false;
  const auto begin = frame.begin() + kAddressesLength;
  if (!std::equal(tags.begin(), tags.end(), begin)) return false;
  frame.erase(begin, begin + static_cast<std::ptrdiff_t>(tags.size()));
  return true;
}

void forward_from_host(int tap, int wire, const Frame& tags) {
  Frame frame(kLongestFrame);
  const ssize_t length = read(tap, frame.data(), frame.size());
  if (length < 0) throw_errno("reading from the tap");
  frame.resize(static_cast<std::size_t>(length));
  if (frame.size() < kAddressesLength) return;
  insert_tags(frame, tags);
  if (send(wire, frame.data(), frame.size(), 0) < 0) throw_errno("sending on the wire");
}

void forward_from_wire(int wire, int tap, const Frame& tags) {
  Frame frame = receive_from_wire(wire);
  if (!pop_tags(frame, tags)) return;
  // Until the host has switched its side on, the tap takes nothing; what comes then is lost.
  if (write(tap, frame.data(), frame.size()) < 0 && errno != EIO) throw_errno("writing to the tap");
}

void forward(int tap, int wire, const Frame& tags) {
  for (;;) {
    std::array<pollfd, 2> waiting{{{tap, POLLIN, 0}, {wire, POLLIN, 0}}};
    if (poll(waiting.data(), waiting.size(), -1) < 0) throw_errno("poll");
    if ((waiting[0].revents & POLLIN) != 0) forward_from_host(tap, wire, tags);
    if ((waiting[1].revents & POLLIN) != 0) forward_from_wire(wire, tap, tags);
  }
}

}  // namespace

int main(int argument_count, char** arguments) {
  if (argument_count < 4) {
    std::fprintf(stderr, "Usage: %s TAP WIRE ETHERTYPE:VLAN...\n", arguments[0]);
    return EXIT_FAILURE;
  }
  try {
    const std::span all(arguments, static_cast<std::size_t>(argument_count));
    const Frame tags = parse_tags(all.subspan(3));
    const int tap = open_tap(all[1]);
    const int wire = open_wire(all[2]);
    std::fprintf(stderr, "forwarding between %s and %s\n", all[1], all[2]);
    forward(tap, wire, tags);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", arguments[0], error.what());
  }
  return EXIT_FAILURE;
}

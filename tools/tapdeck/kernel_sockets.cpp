#include "tools/tapdeck/kernel_sockets.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <unordered_map>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <ifaddrs.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netpacket/packet.h>
#include <sys/socket.h>
#include <unistd.h>

#include "captures/descriptor.h"
#include "captures/failure.h"
#include "dissectors/ip_protocol.h"

namespace tapdeck {
namespace {

constexpr std::int64_t millisecond_ns = 1'000'000;

/// By the kernel's numbers (include/net/tcp_states.h); those behind them aren't asked for.
constexpr std::array states{TcpState::unknown,      TcpState::established, TcpState::syn_sent,
                            TcpState::syn_received, TcpState::fin_wait_1,  TcpState::fin_wait_2,
                            TcpState::time_wait,    TcpState::closed,      TcpState::close_wait,
                            TcpState::last_ack,     TcpState::listen,      TcpState::closing,
                            TcpState::syn_received};
constexpr std::uint8_t connected_datagrams = 1;  // the state of a UDP socket with a peer

std::optional<TcpState> tcp_state_of(std::uint8_t number) {
  if (number == 0 || number >= states.size()) return std::nullopt;
  return states[number];
}

SocketTimer timer_of(std::uint8_t number) {
  constexpr std::array timers{SocketTimer::off, SocketTimer::retransmission,
                              SocketTimer::keep_alive, SocketTimer::time_wait,
                              SocketTimer::window_probe};
  return number < timers.size() ? timers[number] : SocketTimer::off;
}

[[noreturn]] void refuse(int error) {
  throw Failure(ExitCode::no_permission,
                fmt::format("the kernel doesn't list its sockets (sock_diag): {}",
                            std::generic_category().message(error)));
}

/// An address of version 6 that stands for one of version 4 is that.
IpAddress address_of(const __be32* words, std::uint8_t family) {
  IpAddress address;
  address.version = family == AF_INET ? 4 : 6;
  std::memcpy(address.octets.data(), words, family == AF_INET ? 4 : 16);
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  if (address.version == 4 || !std::equal(mapped.begin(), mapped.end(), address.octets.begin())) {
    return address;
  }
  IpAddress inner;
  std::copy(address.octets.begin() + mapped.size(), address.octets.end(), inner.octets.begin());
  return inner;
}

Socket socket_of(const __be32* words, __be16 port, std::uint8_t family) {
  Socket socket{.address = address_of(words, family), .port = {}};
  if (port != 0) socket.port = ntohs(port);
  return socket;
}

KernelSocket socket_from(const inet_diag_msg& message, std::uint8_t protocol) {
  const bool is_tcp = protocol == IpProtocol::tcp;
  KernelSocket socket{
      .ip_protocol = protocol,
      .ip_version = static_cast<std::uint8_t>(message.idiag_family == AF_INET ? 4 : 6),
      .local = socket_of(message.id.idiag_src, message.id.idiag_sport, message.idiag_family),
      .foreign = socket_of(message.id.idiag_dst, message.id.idiag_dport, message.idiag_family)};
  const bool has_state = is_tcp || message.idiag_state == connected_datagrams;
  if (has_state) socket.state = tcp_state_of(message.idiag_state);
  socket.receive_queue = message.idiag_rqueue;
  socket.send_queue = message.idiag_wqueue;
  socket.user = message.idiag_uid;
  socket.inode = message.idiag_inode;
  socket.timer = timer_of(message.idiag_timer);
  socket.timer_ns = std::int64_t{message.idiag_expires} * millisecond_ns;
  socket.retransmissions = message.idiag_retrans;
  return socket;
}

class DiagnosisSocket {
 public:
  DiagnosisSocket()
      : x_descriptor(::socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)) {
    if (!x_descriptor) refuse(errno);
  }

  void list(std::uint8_t family, std::uint8_t protocol, std::vector<KernelSocket>& sockets) {
    ask(family, protocol);
    while (take_answers(protocol, sockets)) {
    }
  }

 private:
  void ask(std::uint8_t family, std::uint8_t protocol) const {
    struct {
      nlmsghdr header{};
      inet_diag_req_v2 request{};
    } message;
    message.header = {.nlmsg_len = sizeof message,
                      .nlmsg_type = SOCK_DIAG_BY_FAMILY,
                      .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
                      .nlmsg_seq = 0,
                      .nlmsg_pid = 0};
    message.request.sdiag_family = family;
    message.request.sdiag_protocol = protocol;
    message.request.idiag_states = (1U << states.size()) - 2;
    if (::send(x_descriptor.number(), &message, sizeof message, 0) < 0) refuse(errno);
  }

  /// False: that was the last.
  bool take_answers(std::uint8_t protocol, std::vector<KernelSocket>& sockets) {
    ssize_t received = 0;
    do {
      received = ::recv(x_descriptor.number(), x_buffer.get(), buffer_octets, 0);
    } while (received < 0 && errno == EINTR);
    if (received < 0) refuse(errno);
    auto left = static_cast<std::size_t>(received);
    const std::byte* at = x_buffer.get();
    while (left >= sizeof(nlmsghdr)) {
      nlmsghdr header;
      std::memcpy(&header, at, sizeof header);
      if (header.nlmsg_len < sizeof header || header.nlmsg_len > left) break;
      const Bytes body(at + NLMSG_HDRLEN, header.nlmsg_len - NLMSG_HDRLEN);
      if (header.nlmsg_type == NLMSG_DONE) return false;
      if (header.nlmsg_type == NLMSG_ERROR) return take_error(body);
      if (header.nlmsg_type == SOCK_DIAG_BY_FAMILY && body.size() >= sizeof(inet_diag_msg)) {
        inet_diag_msg message;
        std::memcpy(&message, body.data(), sizeof message);
        sockets.push_back(socket_from(message, protocol));
      }
      const std::size_t step = std::min<std::size_t>(NLMSG_ALIGN(header.nlmsg_len), left);
      at += step;
      left -= step;
    }
    return received != 0;
  }

  /// A kernel without such sockets (IPv6 left out, say) lists none.
  static bool take_error(Bytes body) {
    nlmsgerr error{};
    std::memcpy(&error, body.data(), std::min(body.size(), sizeof error));
    if (error.error != 0 && error.error != -ENOENT && error.error != -EOPNOTSUPP) {
      refuse(-error.error);
    }
    return false;
  }

  static constexpr std::size_t buffer_octets = 64 * 1024;

  Descriptor x_descriptor;
  std::unique_ptr<std::byte[]> x_buffer = std::make_unique<std::byte[]>(buffer_octets);
};

using Holders = std::unordered_map<std::uint64_t, std::vector<Process>>;  // by inode

/// "socket:[4711]".
std::optional<std::uint64_t> socket_inode(std::string_view link) {
  constexpr std::string_view prefix = "socket:[";
  std::uint64_t inode = 0;
  if (!link.starts_with(prefix) || !link.ends_with(']')) return std::nullopt;
  const auto [end, error] =
      std::from_chars(link.data() + prefix.size(), link.data() + link.size() - 1, inode);
  if (error != std::errc{}) return std::nullopt;
  return inode;
}

void note_holder(const std::filesystem::path& process, std::int32_t id, Holders& holders) {
  std::error_code error;  // it may end at any time, or belong to somebody else
  std::string program;
  for (std::filesystem::directory_iterator entry(process / "fd", error), end;
       !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    const std::string link = std::filesystem::read_symlink(entry->path(), ignored);
    const auto inode = socket_inode(link);
    if (!inode) continue;
    const auto wanted = holders.find(*inode);
    if (wanted == holders.end()) continue;
    if (program.empty()) {
      std::ifstream file(process / "comm");
      std::getline(file, program);
    }
    const Process holder{.id = id, .program = program};
    std::vector<Process>& known = wanted->second;
    if (std::ranges::find(known, holder) == known.end()) known.push_back(holder);
  }
}

void add_processes(std::vector<KernelSocket>& sockets) {
  Holders holders;
  for (const KernelSocket& socket : sockets) {
    if (socket.inode != 0) holders[socket.inode];
  }
  std::error_code error;
  for (std::filesystem::directory_iterator entry("/proc", error), end; !error && entry != end;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    std::int32_t id = 0;
    const auto [stopped, wrong] = std::from_chars(name.data(), name.data() + name.size(), id);
    if (wrong != std::errc{} || stopped != name.data() + name.size()) continue;
    note_holder(entry->path(), id, holders);
  }
  for (KernelSocket& socket : sockets) {
    const auto found = holders.find(socket.inode);
    if (found == holders.end()) continue;
    socket.processes = found->second;
    std::ranges::sort(socket.processes, {}, &Process::id);
  }
}

template <class Visit>
void for_each_interface_address(Visit visit) {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) {
    throw Failure(ExitCode::no_permission, fmt::format("this host's addresses can't be read: {}",
                                                       std::generic_category().message(errno)));
  }
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> all(first, &::freeifaddrs);
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
    if (one->ifa_addr != nullptr) visit(*one->ifa_addr);
  }
}

}  // namespace

std::vector<KernelSocket> read_kernel_sockets() {
  std::vector<KernelSocket> sockets;
  DiagnosisSocket diagnosis;
  for (const std::uint8_t protocol : {IpProtocol::tcp, IpProtocol::udp}) {
    for (const std::uint8_t family : {std::uint8_t{AF_INET}, std::uint8_t{AF_INET6}}) {
      diagnosis.list(family, protocol, sockets);
    }
  }
  add_processes(sockets);
  return sockets;
}

std::vector<Network> own_addresses() {
  std::vector<Network> addresses;
  for_each_interface_address([&](const sockaddr& own) {
    IpAddress address;
    if (own.sa_family == AF_INET) {
      std::memcpy(address.octets.data(), &reinterpret_cast<const sockaddr_in&>(own).sin_addr, 4);
    } else if (own.sa_family == AF_INET6) {
      address.version = 6;
      std::memcpy(address.octets.data(), &reinterpret_cast<const sockaddr_in6&>(own).sin6_addr, 16);
    } else {
      return;
    }
    addresses.push_back(network_of(address));
  });
  return addresses;
}

std::vector<MacAddress> own_link_addresses() {
  std::vector<MacAddress> addresses;
  for_each_interface_address([&](const sockaddr& own) {
    if (own.sa_family != AF_PACKET) return;
    const auto& link = reinterpret_cast<const sockaddr_ll&>(own);
    MacAddress address;
    if (link.sll_halen != address.octets.size()) return;
    std::memcpy(address.octets.data(), link.sll_addr, address.octets.size());
    addresses.push_back(address);
  });
  return addresses;
}

}  // namespace tapdeck

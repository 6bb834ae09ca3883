#include "captures/transmit/network_interface.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "captures/descriptor.h"
#include "captures/failure.h"

namespace tapdeck {
namespace {

// Of the calling thread: it may have joined another namespace than its process.
constexpr const char* counters_path = "/proc/thread-self/net/dev";
constexpr const char* routes_path = "/proc/thread-self/net/route";
constexpr const char* ipv6_routes_path = "/proc/thread-self/net/ipv6_route";

[[noreturn]] void fail(const std::string& name, int error) {
  throw Failure(ExitCode::no_permission,
                error == ENODEV ? name + ": no such interface"
                                : name + ": " + std::generic_category().message(error));
}

/// Asks the system one thing of an interface.
class Question {
 public:
  explicit Question(std::string name)
      : x_name(std::move(name)), x_socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    if (!x_socket) fail(x_name, errno);
    if (x_name.empty() || x_name.size() >= IFNAMSIZ) fail(x_name, ENODEV);
    std::memcpy(x_request.ifr_name, x_name.data(), x_name.size());
  }

  const ifreq& ask(unsigned long what) {
    if (::ioctl(x_socket.number(), what, &x_request) != 0) fail(x_name, errno);
    return x_request;
  }

 private:
  std::string x_name;
  Descriptor x_socket;
  ifreq x_request{};
};

LinkType link_type_of_hardware(const std::string& name, unsigned hardware) {
  switch (hardware) {
    case ARPHRD_ETHER:
    case ARPHRD_LOOPBACK:
      return LinkType::ethernet;
    case ARPHRD_NONE:
    case ARPHRD_RAWIP:
    case ARPHRD_TUNNEL:
    case ARPHRD_TUNNEL6:
    case ARPHRD_SIT:
    case ARPHRD_IPGRE:
    case ARPHRD_PPP:
      return LinkType::raw;
    default:
      throw Failure(ExitCode::no_permission,
                    name + ": takes neither Ethernet frames nor plain IP packets (hardware type " +
                        std::to_string(hardware) + ")");
  }
}

/// Interface, destination, …, mask.
bool is_ipv4_default_route(const std::string& line, const std::string& name) {
  std::istringstream words(line);
  std::array<std::string, 8> word;
  for (std::string& one : word) words >> one;
  return word[0] == name && word[1] == "00000000" && word[7] == "00000000";
}

/// Destination, its prefix length, …, flags, interface; numbers in hex.
bool is_ipv6_default_route(const std::string& line, const std::string& name) {
  std::istringstream words(line);
  std::array<std::string, 10> word;
  for (std::string& one : word) words >> one;
  if (word[9] != name || word[1] != "00") return false;
  constexpr unsigned long rejects = 0x200;  // there is always a last one that leads nowhere
  return (std::stoul(word[8], nullptr, 16) & rejects) == 0;
}

std::string content_of(int descriptor) {
  std::string content;
  std::array<char, 4096> some{};
  while (true) {
    const ssize_t got =
        ::pread(descriptor, some.data(), some.size(), static_cast<off_t>(content.size()));
    if (got <= 0) return content;
    content.append(some.data(), static_cast<std::size_t>(got));
  }
}

template <class IsOne>
bool any_line(const char* path, IsOne is_one) {
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (is_one(line)) return true;
  }
  return false;
}

}  // namespace

NetworkInterface find_network_interface(const std::string& name) {
  NetworkInterface found{.name = name};
  Question question(name);
  found.index = question.ask(SIOCGIFINDEX).ifr_ifindex;
  found.mtu = static_cast<std::uint32_t>(question.ask(SIOCGIFMTU).ifr_mtu);
  found.is_up = (static_cast<unsigned>(question.ask(SIOCGIFFLAGS).ifr_flags) & IFF_UP) != 0;
  found.link_type = link_type_of_hardware(name, question.ask(SIOCGIFHWADDR).ifr_hwaddr.sa_family);
  found.carries_default_route =
      any_line(routes_path,
               [&](const std::string& line) { return is_ipv4_default_route(line, name); }) ||
      any_line(ipv6_routes_path,
               [&](const std::string& line) { return is_ipv6_default_route(line, name); });
  return found;
}

CountedInterface::CountedInterface(std::string name)
    : x_name(std::move(name)), x_counters(::open(counters_path, O_RDONLY | O_CLOEXEC)) {}

InterfaceCounters CountedInterface::read() const {
  std::istringstream file(content_of(x_counters.number()));
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(':');
    const auto start = line.find_first_not_of(' ');
    if (colon == std::string::npos || line.substr(start, colon - start) != x_name) continue;
    std::istringstream numbers(line.substr(colon + 1));
    // Octets, packets, errors, drops and four more of receiving; the same of sending.
    std::array<std::uint64_t, 12> column{};
    for (std::uint64_t& number : column) numbers >> number;
    return {.sent_frames = column[9], .lost_arrivals = column[2] + column[3]};
  }
  return {};
}

}  // namespace tapdeck

#include "captures/interfaces.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <utility>

#include <arpa/inet.h>
#include <pcap/pcap.h>

#include "captures/failure.h"

namespace tapdeck {
namespace {

/// Empty for addresses of other kinds than IP.
std::string address_text(const sockaddr* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* octets = nullptr;
  if (address == nullptr) return {};
  if (address->sa_family == AF_INET) {
    octets = &reinterpret_cast<const sockaddr_in*>(address)->sin_addr;
  } else if (address->sa_family == AF_INET6) {
    octets = &reinterpret_cast<const sockaddr_in6*>(address)->sin6_addr;
  } else {
    return {};
  }
  const char* const shown =
      ::inet_ntop(address->sa_family, octets, text.data(), static_cast<socklen_t>(text.size()));
  return shown == nullptr ? std::string() : shown;
}

Interface interface_of(const pcap_if_t& device) {
  const auto has = [&](bpf_u_int32 flag) { return (device.flags & flag) != 0; };
  Interface interface {
    .name = device.name, .up = has(PCAP_IF_UP), .running = has(PCAP_IF_RUNNING),
    .loopback = has(PCAP_IF_LOOPBACK), .wireless = has(PCAP_IF_WIRELESS)
  };
  if (device.description != nullptr) interface.description = device.description;
  for (const pcap_addr* at = device.addresses; at != nullptr; at = at->next) {
    if (std::string text = address_text(at->addr); !text.empty()) {
      interface.addresses.push_back(std::move(text));
    }
  }
  return interface;
}

}  // namespace

std::vector<Interface> list_interfaces() {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  pcap_if_t* first = nullptr;
  if (::pcap_findalldevs(&first, error.data()) != 0) {
    throw Failure(ExitCode::no_permission,
                  std::string("the interfaces can't be listed: ") + error.data());
  }
  const std::unique_ptr<pcap_if_t, decltype(&pcap_freealldevs)> devices(first, &pcap_freealldevs);
  std::vector<Interface> interfaces;
  for (const pcap_if_t* at = first; at != nullptr; at = at->next) {
    interfaces.push_back(interface_of(*at));
  }
  return interfaces;
}

std::vector<LinkType> link_types_of(const std::string& interface) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  const std::unique_ptr<pcap_t, decltype(&pcap_close)> handle(
      ::pcap_create(interface.c_str(), error.data()), &pcap_close);
  int* list = nullptr;
  if (!handle || ::pcap_activate(handle.get()) < 0) return {};
  const int count = ::pcap_list_datalinks(handle.get(), &list);
  if (count < 0) return {};
  const std::unique_ptr<int, decltype(&pcap_free_datalinks)> owned(list, &pcap_free_datalinks);
  std::vector<LinkType> link_types{link_type_of(::pcap_datalink(handle.get()))};
  for (int i = 0; i < count; ++i) {
    const LinkType link_type = link_type_of(list[i]);
    if (std::ranges::find(link_types, link_type) == link_types.end()) {
      link_types.push_back(link_type);
    }
  }
  return link_types;
}

}  // namespace tapdeck

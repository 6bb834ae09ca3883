// What the system says of an interface in the calling thread's network namespace: what frames it
// takes, what it has sent so far, and whether it leads to the rest of the world.
#pragma once

#include <cstdint>
#include <string>

#include "captures/descriptor.h"
#include "captures/link_type.h"

namespace tapdeck {

struct NetworkInterface {
  std::string name;
  int index = 0;
  LinkType link_type = LinkType::ethernet;  ///< Of the frames that it takes: ethernet or raw.
  std::uint32_t mtu = 0;                    ///< Octets behind the link header.
  bool is_up = false;
  bool carries_default_route = false;  ///< Of IPv4 or IPv6.
};

/// Throws Failure(no_permission) if there is none of this name, or it takes frames of a kind that
/// is neither Ethernet nor plain IP.
[[nodiscard]] NetworkInterface find_network_interface(const std::string& name);

/// What the interface counted itself, whoever sent it.
struct InterfaceCounters {
  std::uint64_t sent_frames = 0;
  std::uint64_t lost_arrivals = 0;  // on the way in
};

/// Reads them again and again, wherever its thread has gone since then and whatever the process has
/// given up.
class CountedInterface {
 public:
  /// In the calling thread's network namespace.
  explicit CountedInterface(std::string name);

  /// All zero if the interface is gone.
  [[nodiscard]] InterfaceCounters read() const;

 private:
  std::string x_name;
  Descriptor x_counters;
};

}  // namespace tapdeck

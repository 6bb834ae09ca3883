// What can be captured on, as libpcap lists it.
#pragma once

#include <string>
#include <vector>

#include "captures/link_type.h"

namespace tapdeck {

struct Interface {
  std::string name;
  std::string description = {};  // bytes as found, often none
  std::vector<std::string> addresses = {};
  bool up = false;
  bool running = false;  // it has a carrier
  bool loopback = false;
  bool wireless = false;
};

/// Those that capturing as this user may or may not be allowed on. Throws Failure(no_permission) if
/// the system won't even say.
[[nodiscard]] std::vector<Interface> list_interfaces();

/// That an interface can hand out, its usual one first; empty where this user may not capture on
/// it, or it is down.
[[nodiscard]] std::vector<LinkType> link_types_of(const std::string& interface);

}  // namespace tapdeck

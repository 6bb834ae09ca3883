// A packet in a line, as parts: who talks to whom, in which protocol, saying what.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "analyzer/report/packet_view.h"

namespace tapdeck {

/// The innermost addresses: of IP where there is IP, else of the link. Empty where there are none.
struct PacketEnds {
  std::string source;
  std::string destination;
  std::optional<std::uint16_t> source_port;
  std::optional<std::uint16_t> destination_port;
};

[[nodiscard]] PacketEnds ends_of(const Dissection& dissection);

/// "10.0.0.1:80", "[2001:db8::1]:80", or the address alone.
[[nodiscard]] std::string with_port(const std::string& address, std::optional<std::uint16_t> port);

struct PacketSummary {
  std::string source;  ///< With the port where there is one.
  std::string destination;
  std::string path;      ///< Tags and tunnels around it, outermost first: "vlan 5, vxlan 42".
  std::string protocol;  ///< "TCP"
  std::string info;      ///< What it says, the important first.
  std::string fault;     ///< What is wrong with it, in words; empty if nothing.
};

/// Nothing in it that a terminal would obey.
[[nodiscard]] PacketSummary summarize(const PacketView& view);

}  // namespace tapdeck

// The rules that look at each address and port by itself: prefix maps, port maps, anonymisation.
// The most specific prefix wins, whatever the order of the rules.
#pragma once

#include <optional>

#include "tools/replay/rewriting/anonymizer.h"
#include "tools/replay/rewriting/rewrite_rules.h"

namespace tapdeck {

class HeaderMaps {
 public:
  explicit HeaderMaps(const RewriteRules& rules);

  [[nodiscard]] bool maps_addresses() const { return !x_addresses.empty() || x_anonymizer; }
  [[nodiscard]] bool maps_ports() const { return !x_ports.empty(); }
  [[nodiscard]] bool maps_macs() const { return !x_macs.empty(); }

  /// By the prefix map, and then anonymised.
  [[nodiscard]] IpAddress mapped(const IpAddress& address);
  [[nodiscard]] std::uint16_t mapped(std::uint16_t port, std::uint8_t ip_protocol) const;
  [[nodiscard]] MacAddress mapped(const MacAddress& address) const;

  /// What a frame gets that holds a packet from there; empty: it keeps its own.
  [[nodiscard]] std::optional<MacAddress> source_mac(const std::optional<IpAddress>& sender) const;
  [[nodiscard]] std::optional<MacAddress> destination_mac(
      const std::optional<IpAddress>& sender) const;

 private:
  std::vector<AddressRule> x_addresses;  // the longest prefixes first, as all of them
  std::vector<PortRule> x_ports;
  std::vector<MacRule> x_macs;
  std::vector<FrameMacRule> x_source_macs, x_destination_macs;
  std::optional<Anonymizer> x_anonymizer;
};

}  // namespace tapdeck

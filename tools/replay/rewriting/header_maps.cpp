#include "tools/replay/rewriting/header_maps.h"

#include <algorithm>
#include <functional>

namespace tapdeck {
namespace {

/// More than any prefix has: a rule without a sender comes last.
int specificity(const FrameMacRule& rule) { return rule.sender ? rule.sender->length : -1; }

std::vector<FrameMacRule> by_specificity(std::vector<FrameMacRule> rules) {
  std::ranges::stable_sort(rules, std::greater{}, specificity);
  return rules;
}

std::optional<MacAddress> find_mac(const std::vector<FrameMacRule>& rules,
                                   const std::optional<IpAddress>& sender) {
  const auto found = std::ranges::find_if(rules, [&](const FrameMacRule& rule) {
    return !rule.sender || (sender && rule.sender->contains(*sender));
  });
  return found == rules.end() ? std::nullopt : std::optional(found->mac);
}

}  // namespace

HeaderMaps::HeaderMaps(const RewriteRules& rules)
    : x_addresses(rules.addresses),
      x_ports(rules.ports),
      x_macs(rules.macs),
      x_source_macs(by_specificity(rules.source_macs)),
      x_destination_macs(by_specificity(rules.destination_macs)) {
  std::ranges::stable_sort(x_addresses, std::greater{},
                           [](const AddressRule& rule) { return rule.from.length; });
  if (rules.anonymize) x_anonymizer.emplace(rules.key ? *rules.key : random_anonymization_key());
}

IpAddress HeaderMaps::mapped(const IpAddress& address) {
  const auto rule = std::ranges::find_if(
      x_addresses, [&](const AddressRule& one) { return one.from.contains(address); });
  const IpAddress result =
      rule == x_addresses.end() ? address : joined(rule->to.address, address, rule->to.length);
  return x_anonymizer ? x_anonymizer->anonymized(result) : result;
}

std::uint16_t HeaderMaps::mapped(std::uint16_t port, std::uint8_t ip_protocol) const {
  const auto rule = std::ranges::find_if(x_ports, [&](const PortRule& one) {
    return (one.ip_protocol == 0 || one.ip_protocol == ip_protocol) && port >= one.first &&
           port <= one.last;
  });
  return rule == x_ports.end() ? port : static_cast<std::uint16_t>(rule->to + (port - rule->first));
}

MacAddress HeaderMaps::mapped(const MacAddress& address) const {
  const auto rule = std::ranges::find(x_macs, address, &MacRule::from);
  return rule == x_macs.end() ? address : rule->to;
}

std::optional<MacAddress> HeaderMaps::source_mac(const std::optional<IpAddress>& sender) const {
  return find_mac(x_source_macs, sender);
}

std::optional<MacAddress> HeaderMaps::destination_mac(
    const std::optional<IpAddress>& sender) const {
  return find_mac(x_destination_macs, sender);
}

}  // namespace tapdeck

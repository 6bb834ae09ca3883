#include "tools/replay/rewriting/rule_words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>

#include <fmt/format.h>

#include "tools/replay/rewriting/anonymizer.h"
#include "tools/replay/rewriting/rule_text.h"

namespace tapdeck {
namespace {

void parse_nat(std::string_view value, RewriteRules& rules) {
  const auto [inside, outside] = parse_pair(value, '=', "INSIDE/LENGTH=PUBLIC");
  const NatRule rule{.inside = parse_prefix(inside), .public_address = parse_host(outside)};
  if (rule.inside.address.version != rule.public_address.version) {
    throw RuleMistake{"one is IPv4, the other IPv6", outside};
  }
  if (rule.inside.contains(rule.public_address)) {
    throw RuleMistake{"the public address lies inside", outside};
  }
  rules.nat.push_back(rule);
}

void parse_forward(std::string_view value, RewriteRules& rules) {
  ForwardRule rule{.ip_protocol = take_protocol(value)};
  const auto [outside, inside] = parse_pair(value, '=', "[tcp:]PUBLIC:PORT=INSIDE:PORT");
  std::tie(rule.public_address, rule.public_port) = parse_socket(outside);
  std::tie(rule.inside_address, rule.inside_port) = parse_socket(inside);
  if (rule.inside_address.version != rule.public_address.version) {
    throw RuleMistake{"one is IPv4, the other IPv6", inside};
  }
  rules.forwards.push_back(rule);
}

void parse_address_map(std::string_view value, RewriteRules& rules) {
  const auto [from, to] = parse_pair(value, '=', "FROM/LENGTH=TO/LENGTH");
  const AddressRule rule{.from = parse_prefix(from), .to = parse_prefix(to)};
  if (rule.from.address.version != rule.to.address.version) {
    throw RuleMistake{"one is IPv4, the other IPv6", to};
  }
  if (rule.from.length != rule.to.length) {
    throw RuleMistake{"the prefixes differ in length, so hosts don't fit one to one", to};
  }
  rules.addresses.push_back(rule);
}

void parse_port_map(std::string_view value, RewriteRules& rules) {
  constexpr unsigned last_port = 65'535;
  PortRule rule{.ip_protocol = take_protocol(value)};
  const auto [from, to] = parse_pair(value, '=', "[tcp:]FROM[-LAST]=TO[-LAST]");
  const auto parse_range = [](std::string_view text) {
    const std::size_t dash = text.find('-');
    const unsigned first = parse_number(text.substr(0, dash), 1, last_port, "port");
    const unsigned last =
        dash == text.npos ? first : parse_number(text.substr(dash + 1), first, last_port, "port");
    return std::pair{first, last};
  };
  const auto [first, last] = parse_range(from);
  const auto [to_first, to_last] = parse_range(to);
  const bool open = to.find('-') == to.npos;
  if (!open && to_last - to_first != last - first) {
    throw RuleMistake{"the ranges differ in length", to};
  }
  if (to_first + (last - first) > last_port) throw RuleMistake{"ends behind port 65535", to};
  rule.first = static_cast<std::uint16_t>(first);
  rule.last = static_cast<std::uint16_t>(last);
  rule.to = static_cast<std::uint16_t>(to_first);
  rules.ports.push_back(rule);
}

void parse_mac_map(std::string_view value, RewriteRules& rules) {
  const auto [from, to] = parse_pair(value, '=', "FROM=TO");
  rules.macs.push_back({.from = parse_mac(from), .to = parse_mac(to)});
}

FrameMacRule parse_frame_mac(std::string_view value) {
  const std::size_t mark = value.find('=');
  if (mark == value.npos) return {.mac = parse_mac(value)};
  return {.sender = parse_prefix(value.substr(0, mark)), .mac = parse_mac(value.substr(mark + 1))};
}

void parse_source_mac(std::string_view value, RewriteRules& rules) {
  rules.source_macs.push_back(parse_frame_mac(value));
}

void parse_destination_mac(std::string_view value, RewriteRules& rules) {
  rules.destination_macs.push_back(parse_frame_mac(value));
}

void parse_tag_type(std::string_view text, VlanFields& fields) {
  constexpr std::array names{"0x8100", "0x88a8", "0x9100", "0x9200"};
  const auto* const found = std::ranges::find(names, text);
  if (found == names.end()) {
    throw RuleMistake{fmt::format("'{}' is none of 0x8100, 0x88a8, 0x9100, 0x9200", text), text};
  }
  std::uint16_t type = 0;
  std::from_chars(text.data() + 2, text.data() + text.size(), type, 16);
  fields.type = type;
}

/// Whether both say something of one field.
bool meet(const VlanFields& one, const VlanFields& other) {
  return (one.type && other.type) || (one.vlan_id && other.vlan_id) ||
         (one.priority && other.priority) || (one.drop_eligible && other.drop_eligible);
}

void parse_vlan_field(std::string_view name, std::string_view text, std::string_view part,
                      VlanFields& fields) {
  if (name == "vid") {
    fields.vlan_id = static_cast<std::uint16_t>(parse_number(text, 0, 4095, "VLAN id"));
  } else if (name == "pcp") {
    fields.priority = static_cast<std::uint8_t>(parse_number(text, 0, 7, "priority"));
  } else if (name == "dei") {
    fields.drop_eligible = parse_number(text, 0, 1, "bit") == 1;
  } else if (name == "tpid") {
    parse_tag_type(text, fields);
  } else {
    throw RuleMistake{fmt::format("'{}' is none of vid, pcp, dei, tpid, depth", name), part};
  }
}

/// "100,pcp=5,depth=2": a number alone is the VLAN's id.
VlanRule parse_vlan_rule(std::string_view value, VlanRule::Action action) {
  constexpr unsigned most_depth = 16;
  VlanRule rule{.action = action};
  std::vector<std::string_view> said;
  for (const std::string_view part : parse_list(value, ',')) {
    const std::size_t mark = part.find('=');
    const std::string_view name = mark == part.npos ? "vid" : part.substr(0, mark);
    const std::string_view text = mark == part.npos ? part : part.substr(mark + 1);
    if (std::ranges::count(said, name) != 0) {
      throw RuleMistake{fmt::format("'{}' is said twice", name), part};
    }
    said.push_back(name);
    if (name == "depth") {
      rule.depth = parse_number(text, 1, most_depth, "depth") - 1;
    } else if (action == VlanRule::Action::pop) {
      throw RuleMistake{"only depth=N can be said of a tag that goes", part};
    } else {
      parse_vlan_field(name, text, part, rule.fields);
    }
  }
  return rule;
}

void parse_vlan_push(std::string_view value, RewriteRules& rules) {
  rules.vlans.push_back(parse_vlan_rule(value, VlanRule::Action::push));
}

/// Between two changes of one tag there is no other rule: it would be another tag then.
void parse_vlan_set(std::string_view value, RewriteRules& rules) {
  const VlanRule rule = parse_vlan_rule(value, VlanRule::Action::set);
  if (rule.fields == VlanFields{}) throw RuleMistake{"no field to change", value};
  for (auto other = rules.vlans.rbegin();
       other != rules.vlans.rend() && other->action == rule.action; ++other) {
    if (other->depth == rule.depth && meet(other->fields, rule.fields)) {
      throw RuleMistake{"a second rule for one field of one tag", value};
    }
  }
  rules.vlans.push_back(rule);
}

/// "2": that many, from the outermost on; "depth=2": the second one.
void parse_vlan_pop(std::string_view value, RewriteRules& rules) {
  constexpr unsigned most_tags = 16;
  if (value == "all") {
    rules.vlans.push_back({.action = VlanRule::Action::pop, .all = true});
    return;
  }
  if (value.find('=') != value.npos) {
    rules.vlans.push_back(parse_vlan_rule(value, VlanRule::Action::pop));
    return;
  }
  const unsigned tags = parse_number(value, 1, most_tags, "number of tags");
  rules.vlans.insert(rules.vlans.end(), tags, {.action = VlanRule::Action::pop});
}

void parse_hop_limit(std::string_view value, RewriteRules& rules) {
  const bool relative = !value.empty() && (value.front() == '+' || value.front() == '-');
  const auto number =
      static_cast<int>(parse_number(value.substr(relative ? 1 : 0), 0, 255, "hop limit"));
  if (rules.hop_limit) throw RuleMistake{"a second rule for the TTL", value};
  rules.hop_limit = {.relative = relative,
                     .value = relative && value.front() == '-' ? -number : number};
}

void parse_anonymize(std::string_view, RewriteRules& rules) { rules.anonymize = true; }

void parse_key(std::string_view value, RewriteRules& rules) {
  if (value.empty()) throw RuleMistake{"no key", value};
  if (rules.key) throw RuleMistake{"a second key: addresses are anonymised by one", value};
  rules.anonymize = true;
  rules.key = anonymization_key(value);
}

void parse_fix_checksums(std::string_view, RewriteRules& rules) { rules.fix_checksums = true; }

constexpr std::array words{
    RuleWord{"nat", "INSIDE=PUBLIC",
             "hosts of a network (192.168.0.0/16) share a public address: a table of connections, "
             "as a router keeps it; what comes in unasked is dropped",
             parse_nat},
    RuleWord{"port-forward", "PUB:PORT=IN:PORT",
             "what goes to a public address and port goes to a host inside, its answers come from "
             "the public one; tcp: or udp: in front means that protocol alone",
             parse_forward},
    RuleWord{"ip-map", "FROM=TO",
             "another prefix for addresses, 10.1.0.0/16=192.168.0.0/16; the host's bits stay, the "
             "longest prefix counts",
             parse_address_map},
    RuleWord{"port-map", "FROM=TO", "another port, 80=8080, or range, tcp:8000-8999=18000-18999",
             parse_port_map},
    RuleWord{"anonymize", "",
             "other IP addresses; a common prefix stays a common one; frames are cut where "
             "what can't be read begins",
             parse_anonymize},
    RuleWord{"anonymize-key", "KEY",
             "the same ones whenever KEY is the same: 64 hex digits, or words", parse_key},
    RuleWord{"mac-map", "FROM=TO", "another MAC address wherever it stands", parse_mac_map},
    RuleWord{
        "src-mac", "[SENDER=]MAC",
        "the source of Ethernet frames, or of those whose packets come from SENDER, an address "
        "or a prefix",
        parse_source_mac},
    RuleWord{"dst-mac", "[SENDER=]MAC", "likewise the destination", parse_destination_mac},
    RuleWord{"vlan-pop", "N|all|depth=N", "takes out the N outermost VLAN tags, or the Nth",
             parse_vlan_pop},
    RuleWord{"vlan-set", "vid=ID,...",
             "changes a VLAN tag: vid=, pcp=, dei=, tpid=0x88a8; depth=2 for the second one",
             parse_vlan_set},
    RuleWord{"vlan-push", "ID,...", "puts in a VLAN tag: its id, and any of the same words",
             parse_vlan_push},
    RuleWord{"ttl", "N|+N|-N", "sets or changes the outermost IP header's TTL or hop limit",
             parse_hop_limit},
    RuleWord{"fix-checksums", "", "computes checksums anew, those that were wrong too",
             parse_fix_checksums},
};

}  // namespace

std::span<const RuleWord> rule_words() { return words; }

}  // namespace tapdeck

#include "analyzer/report/packet_words.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "analyzer/report/printable.h"
#include "dissectors/link_numbers.h"
#include "dissectors/numbers.h"
#include "dissectors/registry.h"
#include "dissectors/tcp.h"

namespace tapdeck {
namespace {

struct Label {
  std::string_view name;
  std::string_view label;
};

/// Names that capitals alone don't make readable.
constexpr std::array labels{
    Label{"ethernet", "Ethernet"},
    Label{"ipv4", "IPv4"},
    Label{"ipv6", "IPv6"},
    Label{"icmpv6", "ICMPv6"},
    Label{"ieee802_11", "802.11"},
    Label{"ieee802_11_subframe", "802.11"},
    Label{"frame_relay", "Frame Relay"},
    Label{"cisco_hdlc", "Cisco HDLC"},
    Label{"pppoe", "PPPoE"},
    Label{"gtp_u", "GTP-U"},
    Label{"gtpu", "GTP-U"},
    Label{"geneve", "Geneve"},
    Label{"teredo", "Teredo"},
    Label{"linux_sll", "Linux SLL"},
    Label{"linux_sll2", "Linux SLL2"},
    Label{"vlan", "VLAN"},
    Label{"fragment", "IPv6"},
};

}  // namespace

std::string protocol_label(std::string_view name) {
  const auto found = std::ranges::find(labels, name, &Label::name);
  if (found != labels.end()) return std::string(found->label);
  std::string text(name);
  for (char& c : text) {
    c = c == '_' ? ' ' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return text;
}

std::string fault_words(const Dissection& dissection) {
  const Fault& fault = dissection.fault;
  const std::string_view name = name_of(fault.protocol);
  const std::string place =
      fmt::format("{} of {} octets, at offset {}", fault.available, fault.needed, fault.offset);
  switch (fault.kind) {
    case FaultKind::cut_short:
      return fmt::format("{} cut short by the capture: {}", name, place);
    case FaultKind::too_short:
      return fmt::format("no room for a {} header: {}", name, place);
    case FaultKind::bad_length:
      return fmt::format("{} header with an impossible length: {}", name, place);
    case FaultKind::bad_version:
      return fmt::format("{} header of another version, at offset {}", name, fault.offset);
    case FaultKind::too_many_layers:
      return fmt::format("more than {} headers: {} at offset {} is left out",
                         Dissection::max_layers, name, fault.offset);
  }
  return {};
}

std::string unknown_words(const Dissection& dissection) {
  const auto named = [](std::string text, const std::string& name) {
    return name.empty() ? text : fmt::format("{} ({})", text, name);
  };
  const std::uint16_t value = dissection.unknown.value();
  switch (dissection.unknown.space()) {
    case SelectorSpace::none:
    case SelectorSpace::udp_port:
    case SelectorSpace::inner:
      return {};
    case SelectorSpace::link_type:
      return "link type " + to_string(static_cast<LinkType>(value));
    case SelectorSpace::ether_type:
      return named(fmt::format("ethertype 0x{:04x}", value), ether_type_name(value));
    case SelectorSpace::llc_sap:
      return named(fmt::format("LLC SAP 0x{:02x}", value),
                   llc_sap_name(static_cast<std::uint8_t>(value)));
    case SelectorSpace::ppp:
      return named(fmt::format("protocol 0x{:04x}", value), ppp_protocol_name(value));
    case SelectorSpace::nlpid:
      return named(fmt::format("NLPID 0x{:02x}", value),
                   nlpid_name(static_cast<std::uint8_t>(value)));
    case SelectorSpace::ip_protocol:
      return named(fmt::format("IP protocol {}", value),
                   ip_protocol_name(static_cast<std::uint8_t>(value)));
  }
  return {};
}

const Field* find_field(const LayerFields& layer, std::string_view name) {
  const auto found = std::ranges::find(layer.fields, name, &Field::name);
  return found == layer.fields.end() ? nullptr : &*found;
}

std::string value_text(const Field& field) {
  if (const auto* number = std::get_if<std::uint64_t>(&field.value)) return fmt::to_string(*number);
  return printable(std::get<std::string>(field.value));
}

std::string first_value(const LayerFields& fields, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    if (const Field* const field = find_field(fields, name)) return value_text(*field);
  }
  return "?";
}

LayerFields fields_of(const Dissection& dissection, const Layer& layer) {
  std::vector<LayerFields> tree = describe(dissection);
  return std::move(tree[static_cast<std::size_t>(&layer - dissection.layers.data())]);
}

std::string meaning_of(const LayerFields& fields, std::string_view name) {
  const Field* const field = find_field(fields, name);
  if (field == nullptr) return {};
  return field->meaning.empty() ? fmt::format("{} {}", name, value_text(*field))
                                : printable(field->meaning);
}

std::string labelled_value(const LayerFields& fields, std::string_view name,
                           std::string_view label) {
  const Field* const field = find_field(fields, name);
  return field == nullptr ? std::string{} : fmt::format("{} {}", label, value_text(*field));
}

std::string tcp_flag_words(std::uint8_t flags, char between) {
  struct Flag {
    std::uint8_t bit;
    std::string_view name;
  };
  constexpr std::array names{Flag{TcpFlags::syn, "SYN"}, Flag{TcpFlags::fin, "FIN"},
                             Flag{TcpFlags::rst, "RST"}, Flag{TcpFlags::psh, "PSH"},
                             Flag{TcpFlags::ack, "ACK"}, Flag{TcpFlags::urg, "URG"},
                             Flag{TcpFlags::ece, "ECE"}, Flag{TcpFlags::cwr, "CWR"}};
  std::string text;
  for (const Flag& flag : names) {
    if ((flags & flag.bit) == 0) continue;
    if (!text.empty()) text += between;
    text += flag.name;
  }
  return text.empty() ? "no flags" : text;
}

void add_word(std::string& text, std::string_view word) {
  if (word.empty()) return;
  if (!text.empty()) text += ' ';
  text += word;
}

}  // namespace tapdeck

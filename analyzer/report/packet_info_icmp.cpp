#include <optional>

#include <fmt/format.h>

#include "analyzer/report/packet_info_rows.h"
#include "analyzer/report/packet_summary.h"
#include "analyzer/report/packet_words.h"
#include "analyzer/report/printable.h"
#include "dissectors/network.h"
#include "dissectors/ports.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

/// "10.0.0.1:53 > 10.0.0.2:4000 UDP": the packet that an ICMP error is about.
std::string quoted_words(const Dissection& dissection) {
  if (dissection.quoted_network == Dissection::no_layer) return {};
  const auto [source, destination] =
      addresses_of(dissection, dissection.layers[dissection.quoted_network]);
  std::optional<std::uint16_t> from;
  std::optional<std::uint16_t> to;
  std::string protocol;
  if (dissection.quoted_transport != Dissection::no_layer) {
    const Layer& transport = dissection.layers[dissection.quoted_transport];
    protocol = protocol_label(name_of(transport.protocol));
    if (const auto ports = ports_of(dissection, transport)) {
      from = ports->source;
      to = ports->destination;
    }
  }
  return fmt::format("for {} > {} {}", with_port(to_string(source), from),
                     with_port(to_string(destination), to), protocol);
}

}  // namespace

std::string icmp_info(const Dissection& dissection, const Layer& layer) {
  const LayerFields fields = fields_of(dissection, layer);
  std::string text = meaning_of(fields, "type");
  const Field* const code = find_field(fields, "code");
  // The code of these says all that the type says, and more.
  const bool code_tells = text == "destination unreachable" || text == "time exceeded";
  if (code != nullptr && !code->meaning.empty()) {
    text = (code_tells ? "" : text + " ") + printable(code->meaning);
  } else if (code != nullptr && value_text(*code) != "0") {
    text += " code " + value_text(*code);
  }
  add_word(text, labelled_value(fields, "identifier", "id"));
  add_word(text, labelled_value(fields, "sequence_number", "seq"));
  add_word(text, labelled_value(fields, "target", "target"));
  add_word(text, labelled_value(fields, "gateway", "gateway"));
  add_word(text, labelled_value(fields, "next_hop_mtu", "mtu"));
  add_word(text, labelled_value(fields, "mtu", "mtu"));
  add_word(text, quoted_words(dissection));
  if (dissection.quoted_network == Dissection::no_layer && dissection.payload.length > 0) {
    add_word(text, fmt::format("len {}", dissection.payload.length));
  }
  return text;
}

std::string arp_info(const Dissection& dissection, const Layer& layer) {
  const LayerFields fields = fields_of(dissection, layer);
  const Field* const operation = find_field(fields, "operation");
  const std::string number = operation == nullptr ? "" : value_text(*operation);
  const std::string sender = first_value(fields, {"sender_protocol_address"});
  const std::string target = first_value(fields, {"target_protocol_address"});
  if (number == "1") {
    return sender == target ? fmt::format("{} announces itself", sender)
                            : fmt::format("who has {}? tell {}", target, sender);
  }
  if (number == "2") {
    return fmt::format("{} is at {}", sender, first_value(fields, {"sender_hardware_address"}));
  }
  return meaning_of(fields, "operation");
}

}  // namespace tapdeck

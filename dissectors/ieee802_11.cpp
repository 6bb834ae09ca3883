#include "dissectors/ieee802_11.h"

#include "dissectors/field_cursor.h"

namespace tapdeck {
namespace {

constexpr std::array<std::string_view, 16> management_names{
    "association request",
    "association response",
    "reassociation request",
    "reassociation response",
    "probe request",
    "probe response",
    "timing advertisement",
    "",
    "beacon",
    "announcement traffic indication",
    "disassociation",
    "authentication",
    "deauthentication",
    "action",
    "action without acknowledgement",
    "",
};

constexpr std::array<std::string_view, 16> control_names{
    "",
    "",
    "trigger",
    "TWT acknowledgement",
    "beamforming report poll",
    "null data packet announcement",
    "control frame extension",
    "control wrapper",
    "block acknowledgement request",
    "block acknowledgement",
    "power save poll",
    "request to send",
    "clear to send",
    "acknowledgement",
    "end of contention-free period",
    "end of contention-free period with acknowledgement",
};

std::string type_name(const Ieee80211& header) {
  switch (header.type()) {
    case Ieee80211::Type::management:
      return std::string("management: ").append(management_names[header.subtype()]);
    case Ieee80211::Type::control:
      return std::string("control: ").append(control_names[header.subtype()]);
    case Ieee80211::Type::data:
      return (header.subtype() & 4U) != 0 ? "no data" : header.has_qos() ? "QoS data" : "data";
    case Ieee80211::Type::extension:
      return "extension";
  }
  return {};
}

/// Why nothing is shown of what follows the header.
std::string hidden_because(const Ieee80211& header) {
  if (header.is_protected()) return "the rest is encrypted";
  return header.type() == Ieee80211::Type::data && header.more_fragments() ? "fragment" : "";
}

}  // namespace

std::size_t Ieee80211::header_length() const {
  constexpr std::size_t with_two_addresses = 16, with_three_addresses = 24, high_throughput = 4;
  constexpr std::uint8_t clear_to_send = 12, acknowledgement = 13, control_extension = 6;
  const std::size_t control = has_high_throughput_control() ? high_throughput : 0;
  switch (type()) {
    case Type::management:
      return with_three_addresses + control;
    case Type::control:
      return subtype() == clear_to_send || subtype() == acknowledgement ||
                     subtype() <= control_extension
                 ? shortest_header
                 : with_two_addresses;
    case Type::data:
      return with_three_addresses + (has_four_addresses() ? 6U : 0U) + (has_qos() ? 2U : 0U) +
             control;
    case Type::extension:
      break;
  }
  return shortest_header;
}

Step Ieee80211::parse(Region region, const ParseContext& context) {
  if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
  const Ieee80211 header(region);
  std::size_t length = header.header_length();
  if (context.selector == by(InnerHeader::ieee802_11_padded)) length = (length + 3) / 4 * 4;
  if (!region.holds(length)) return Step::too_short(region, length);
  Selector next;
  if (header.carries_packet()) {
    next = by(header.is_aggregate() ? InnerHeader::ieee802_11_subframe : InnerHeader::llc);
  }
  const std::size_t without_fcs =
      region.length - std::min<std::size_t>(region.length - length, context.fcs_length);
  return {.header_length = static_cast<std::uint32_t>(length),
          .payload = region.limited_to(without_fcs).after(length),
          .next = next};
}

void Ieee80211::describe_rest(FieldSink& sink) const {
  sink.add("address_3", 16, 6, to_string(address(3)));
  sink.add("sequence_number", 22, 2, std::uint64_t{sequence_number()});
  sink.add("fragment_number", 22, 1, std::uint64_t{fragment_number()});
  FieldCursor cursor(x_bytes, sink, 24);
  if (has_four_addresses()) cursor.mac("address_4");
  if (has_qos()) {
    sink.add("qos_control", cursor.at(), 2,
             std::uint64_t{read_little_endian<std::uint16_t>(x_bytes, cursor.at())},
             is_aggregate() ? "several packets (A-MSDU)" : "");
    cursor.skip(2);
  }
  if (has_high_throughput_control()) cursor.octets("high_throughput_control", 4);
}

void Ieee80211::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Ieee80211 header(dissection.region_of(layer));
  sink.add("frame_control", 0, 2,
           std::uint64_t{read_little_endian<std::uint16_t>(header.x_bytes, 0)}, type_name(header));
  sink.enter();
  sink.add("to_ds", 1, 1, std::uint64_t{header.to_ds()});
  sink.add("from_ds", 1, 1, std::uint64_t{header.from_ds()});
  sink.add("more_fragments", 1, 1, std::uint64_t{header.more_fragments()});
  sink.add("retry", 1, 1, std::uint64_t{header.is_retry()});
  sink.add("protected", 1, 1, std::uint64_t{header.is_protected()}, hidden_because(header));
  sink.leave();
  sink.add("duration", 2, 2, std::uint64_t{header.duration()});
  sink.add("address_1", 4, 6, to_string(header.address(1)));
  const std::size_t length = header.header_length();
  if (length >= 16) sink.add("address_2", 10, 6, to_string(header.address(2)));
  FieldCursor cursor(dissection.header_of(layer).bytes, sink, length);
  if (length >= 24) header.describe_rest(sink);
  cursor.octets("padding", cursor.left());
}

}  // namespace tapdeck

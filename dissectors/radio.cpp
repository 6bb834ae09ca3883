#include "dissectors/radio.h"

namespace tapdeck {

std::size_t Radiotap::fields_offset() const {
  constexpr std::uint32_t another_word = 1U << 31U;
  constexpr std::size_t word = 4;
  const std::size_t end = std::min<std::size_t>(length(), x_bytes.size());
  std::size_t at = shortest_header;
  for (std::uint32_t mask = present(); (mask & another_word) != 0; at += word) {
    if (at + word > end) return 0;
    mask = read_little_endian<std::uint32_t>(x_bytes, at);
  }
  return at;
}

std::size_t Radiotap::flags_offset() const {
  constexpr std::uint32_t has_timer = 1, has_flags = 2;
  constexpr std::size_t timer_octets = 8;
  if ((present() & has_flags) == 0) return 0;
  std::size_t at = fields_offset();
  if (at == 0) return 0;
  if ((present() & has_timer) != 0) {
    at = (at + timer_octets - 1) / timer_octets * timer_octets + timer_octets;
  }
  return at < std::min<std::size_t>(length(), x_bytes.size()) ? at : 0;
}

Step Radiotap::parse(Region region, const ParseContext& context) {
  if (!region.holds(shortest_header)) return Step::too_short(region, shortest_header);
  const Radiotap header(region);
  if (header.version() != 0) return Step::fault(FaultKind::bad_version, 0);
  const std::size_t length = header.length();
  if (length < shortest_header) return Step::fault(FaultKind::bad_length, shortest_header);
  if (!region.holds(length)) return Step::too_short(region, length);
  const std::size_t fcs = header.fcs_at_end() ? fcs_octets : context.fcs_length;
  const std::size_t without_fcs = region.length - std::min(region.length - length, fcs);
  return {.header_length = static_cast<std::uint32_t>(length),
          .payload = region.limited_to(without_fcs).after(length),
          .next = by(header.padded() ? InnerHeader::ieee802_11_padded : InnerHeader::ieee802_11)};
}

void Radiotap::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Radiotap header(dissection.region_of(layer));
  FieldCursor cursor(dissection.header_of(layer).bytes, sink);
  cursor.number<std::uint8_t>("version");
  cursor.octets("padding", 1);
  sink.add("length", 2, 2, std::uint64_t{header.length()});
  sink.add("present", 4, 4, std::uint64_t{header.present()});
  cursor.skip(6);
  if (header.fields_offset() > cursor.at()) {
    cursor.octets("more_present", header.fields_offset() - cursor.at());
  }
  cursor.octets("fields", cursor.left());
  const std::size_t flags_at = header.flags_offset();
  if (flags_at == 0) return;
  sink.enter();
  sink.add("flags", flags_at, 1, std::uint64_t{header.flags()});
  sink.enter();
  sink.add("fcs_at_end", flags_at, 1, std::uint64_t{header.fcs_at_end()});
  sink.add("padded", flags_at, 1, std::uint64_t{header.padded()});
  sink.add("bad_fcs", flags_at, 1, std::uint64_t{header.bad_fcs()});
  sink.leave();
  sink.leave();
}

}  // namespace tapdeck

#include "dissectors/tcp.h"

#include <string>

#include "dissectors/checksum.h"
#include "dissectors/field_cursor.h"
#include "dissectors/tcp_option_fields.h"

namespace tapdeck {
namespace {

struct FlagName {
  std::uint16_t bit;
  std::string_view name;
  std::string_view field;
};

/// From the highest bit of the word that data offset, reserved bits and flags make up.
constexpr std::array flags{
    FlagName{0x100, "AE", "accurate_ecn"},
    FlagName{TcpFlags::cwr, "CWR", "congestion_window_reduced"},
    FlagName{TcpFlags::ece, "ECE", "ecn_echo"},
    FlagName{TcpFlags::urg, "URG", "urgent"},
    FlagName{TcpFlags::ack, "ACK", "acknowledgment"},
    FlagName{TcpFlags::psh, "PSH", "push"},
    FlagName{TcpFlags::rst, "RST", "reset"},
    FlagName{TcpFlags::syn, "SYN", "synchronize"},
    FlagName{TcpFlags::fin, "FIN", "finish"},
};

constexpr std::uint16_t all_flags = 0x1ff;

std::string names_of(std::uint16_t bits) {
  std::string text;
  for (const FlagName& flag : flags) {
    if ((bits & flag.bit) == 0) continue;
    if (!text.empty()) text += ' ';
    text += flag.name;
  }
  return text;
}

void add_offset_and_flags(const Tcp& header, FieldSink& sink) {
  constexpr std::size_t at = 12;
  const auto bits = static_cast<std::uint16_t>(header.reserved_bits() << 8U | header.flags());
  sink.add("data_offset", at, 1, std::uint64_t{header.header_length()}, "octets");
  sink.add("reserved", at, 1,
           std::uint64_t{static_cast<std::uint8_t>(header.reserved_bits() >> 1U)});
  sink.add("flags", at, 2, in_hex(static_cast<std::uint16_t>(bits & all_flags)), names_of(bits));
  sink.enter();
  for (const FlagName& flag : flags) {
    const bool in_first_octet = flag.bit > 0xff;
    add_flag(sink, flag.field, in_first_octet ? at : at + 1, 1, (bits & flag.bit) != 0);
  }
  sink.leave();
}

}  // namespace

void Tcp::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Tcp header(dissection.region_of(layer));
  FieldCursor cursor(dissection.header_of(layer).bytes, sink);
  cursor.number<std::uint16_t>("source_port");
  cursor.number<std::uint16_t>("destination_port");
  cursor.number<std::uint32_t>("sequence_number");
  if (layer.header_length == quoted_octets) return;
  cursor.number<std::uint32_t>("acknowledgment_number");
  add_offset_and_flags(header, sink);
  cursor.skip(2);
  cursor.number<std::uint16_t>("window", "octets before scaling");
  cursor.code<std::uint16_t>("checksum", checksum_meaning(dissection, layer));
  cursor.number<std::uint16_t>("urgent_pointer", [&](std::uint16_t pointer) {
    return pointer != 0 && (header.flags() & TcpFlags::urg) == 0 ? "without URG" : "";
  });
  describe_tcp_options(cursor, header.flags());
}

}  // namespace tapdeck

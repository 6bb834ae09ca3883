#include "dissectors/sctp.h"

#include <algorithm>
#include <string>

#include "dissectors/field_cursor.h"

namespace tapdeck {
namespace {

/// IANA's "Chunk Types", those that are decoded.
struct ChunkType {
  static constexpr std::uint8_t data = 0, init = 1, init_ack = 2, sack = 3, shutdown = 7;
};

struct ChunkName {
  std::uint8_t type;
  std::string_view name;
};

constexpr std::array names{
    ChunkName{0, "DATA"},
    ChunkName{1, "INIT"},
    ChunkName{2, "INIT ACK"},
    ChunkName{3, "SACK"},
    ChunkName{4, "HEARTBEAT"},
    ChunkName{5, "HEARTBEAT ACK"},
    ChunkName{6, "ABORT"},
    ChunkName{7, "SHUTDOWN"},
    ChunkName{8, "SHUTDOWN ACK"},
    ChunkName{9, "ERROR"},
    ChunkName{10, "COOKIE ECHO"},
    ChunkName{11, "COOKIE ACK"},
    ChunkName{12, "ECNE"},
    ChunkName{13, "CWR"},
    ChunkName{14, "SHUTDOWN COMPLETE"},
    ChunkName{15, "AUTH"},
    ChunkName{64, "I-DATA"},
    ChunkName{128, "ASCONF-ACK"},
    ChunkName{130, "RE-CONFIG"},
    ChunkName{132, "PAD"},
    ChunkName{192, "FORWARD TSN"},
    ChunkName{193, "ASCONF"},
    ChunkName{194, "I-FORWARD-TSN"},
};

std::string name_of_chunk(std::uint8_t type) {
  const auto found = std::ranges::find(names, type, &ChunkName::type);
  return found == names.end() ? "unknown" : std::string(found->name);
}

void describe_data(FieldCursor& chunk) {
  chunk.number<std::uint32_t>("tsn");
  chunk.number<std::uint16_t>("stream_identifier");
  chunk.number<std::uint16_t>("stream_sequence_number");
  chunk.number<std::uint32_t>("payload_protocol_identifier");
  chunk.octets("user_data", chunk.left());
}

void describe_init(FieldCursor& chunk) {
  chunk.code<std::uint32_t>("initiate_tag");
  chunk.number<std::uint32_t>("advertised_receiver_window_credit", "octets");
  chunk.number<std::uint16_t>("number_of_outbound_streams");
  chunk.number<std::uint16_t>("number_of_inbound_streams");
  chunk.number<std::uint32_t>("initial_tsn");
  chunk.octets("parameters", chunk.left());
}

void describe_sack(FieldCursor& chunk) {
  chunk.number<std::uint32_t>("cumulative_tsn_ack");
  chunk.number<std::uint32_t>("advertised_receiver_window_credit", "octets");
  const auto gaps = chunk.number<std::uint16_t>("number_of_gap_ack_blocks");
  const auto duplicates = chunk.number<std::uint16_t>("number_of_duplicate_tsns");
  for (std::size_t index = 0; index < gaps && chunk.left() > 0; ++index) {
    chunk.number<std::uint16_t>("gap_start", "from the cumulative TSN on");
    chunk.number<std::uint16_t>("gap_end");
  }
  for (std::size_t index = 0; index < duplicates && chunk.left() > 0; ++index) {
    chunk.number<std::uint32_t>("duplicate_tsn");
  }
}

/// One chunk and the padding to a multiple of 4 octets. False if the rest is none.
bool describe_chunk(FieldCursor& cursor) {
  constexpr std::size_t chunk_header_octets = 4;
  if (cursor.left() < chunk_header_octets) return false;
  const std::uint8_t type = read_octet(cursor.rest(), 0);
  const std::size_t length = read_big_endian<std::uint16_t>(cursor.rest(), 2);
  if (length < chunk_header_octets) return false;
  FieldCursor chunk = cursor.group("chunk", length, std::uint64_t{type}, name_of_chunk(type));
  chunk.number<std::uint8_t>("type");
  chunk.code<std::uint8_t>("flags");
  chunk.number<std::uint16_t>("length", "octets");
  if (type == ChunkType::data) {
    describe_data(chunk);
  } else if (type == ChunkType::init || type == ChunkType::init_ack) {
    describe_init(chunk);
  } else if (type == ChunkType::sack) {
    describe_sack(chunk);
  } else if (type == ChunkType::shutdown) {
    chunk.number<std::uint32_t>("cumulative_tsn_ack");
  }
  chunk.octets("value", chunk.left());
  cursor.end_group();
  cursor.octets("padding", (4 - length % 4) % 4);
  return true;
}

}  // namespace

void Sctp::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  FieldCursor cursor(dissection.header_of(layer).bytes, sink);
  cursor.number<std::uint16_t>("source_port");
  cursor.number<std::uint16_t>("destination_port");
  cursor.code<std::uint32_t>("verification_tag");
  cursor.code<std::uint32_t>("checksum", "CRC32c, not verified");
  FieldCursor chunks(dissection.region_of(layer).bytes, sink, layer.header_length);
  while (describe_chunk(chunks)) {
  }
  chunks.octets("cut", chunks.left());
}

}  // namespace tapdeck

#include "dissectors/tcp_options.h"

namespace tapdeck {
namespace {

void read_sack(Bytes data, TcpOptions& result) {
  constexpr std::size_t block_octets = 8;
  for (std::size_t at = 0; at + block_octets <= data.size(); at += block_octets) {
    if (result.sack_block_count == result.sack_blocks.size()) return;
    result.sack_blocks[result.sack_block_count++] = {read_big_endian<std::uint32_t>(data, at),
                                                     read_big_endian<std::uint32_t>(data, at + 4)};
  }
}

void read_timestamps(Bytes data, TcpOptions& result) {
  result.has_timestamps = true;
  result.timestamp_value = read_big_endian<std::uint32_t>(data, 0);
  result.timestamp_echo_reply = read_big_endian<std::uint32_t>(data, 4);
}

/// Fast Open was an experiment (RFC 6994) before RFC 7413 gave it a kind of its own.
bool is_experimental_fast_open(std::uint8_t kind, Bytes data) {
  const bool experiment =
      kind == TcpOptionKind::experiment_1 || kind == TcpOptionKind::experiment_2;
  return experiment && data.size() >= 2 &&
         read_big_endian<std::uint16_t>(data, 0) == TcpExperimentId::fast_open;
}

void read_option(std::uint8_t kind, Bytes data, TcpOptions& result) {
  if (kind == TcpOptionKind::timestamps && data.size() == 8) {
    read_timestamps(data, result);
  } else if (kind == TcpOptionKind::sack) {
    read_sack(data, result);
  } else if (kind == TcpOptionKind::maximum_segment_size && data.size() == 2) {
    result.has_maximum_segment_size = true;
    result.maximum_segment_size = read_big_endian<std::uint16_t>(data, 0);
  } else if (kind == TcpOptionKind::window_scale && data.size() == 1) {
    result.has_window_scale = true;
    result.window_scale = read_octet(data, 0);
  } else if (kind == TcpOptionKind::sack_permitted && data.empty()) {
    result.sack_permitted = true;
  } else if (kind == TcpOptionKind::fast_open || is_experimental_fast_open(kind, data)) {
    result.has_fast_open = true;
  } else if (kind == TcpOptionKind::multipath) {
    result.has_multipath = true;
  } else if (kind == TcpOptionKind::md5_signature || kind == TcpOptionKind::authentication) {
    result.has_signature = true;
  }
}

}  // namespace

void read_tcp_options(Bytes options, TcpOptions& result) {
  result = {};
  constexpr std::uint32_t padded_timestamps = 0x0101080a;  // RFC 7323 appendix A: NOP, NOP, 8, 10
  if (options.size() == 12 && read_big_endian<std::uint32_t>(options, 0) == padded_timestamps) {
    read_timestamps(options.subspan(4), result);
    return;
  }
  result.malformed = !for_each_tcp_option(options, [&](std::uint8_t kind, std::size_t, Bytes data) {
    read_option(kind, data, result);
  });
}

}  // namespace tapdeck

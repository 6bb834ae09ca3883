#include <fmt/format.h>

#include "analyzer/report/packet_info_rows.h"
#include "analyzer/report/packet_words.h"
#include "dissectors/tcp.h"
#include "dissectors/tcp_options.h"

namespace tapdeck {
namespace {

std::string tcp_option_words(Bytes bytes) {
  TcpOptions options;
  read_tcp_options(bytes, options);
  std::string text;
  if (options.has_maximum_segment_size) {
    add_word(text, fmt::format("mss {}", options.maximum_segment_size));
  }
  if (options.has_window_scale) add_word(text, fmt::format("ws {}", options.window_scale));
  if (options.sack_permitted) add_word(text, "sackOK");
  for (std::size_t i = 0; i < options.sack_block_count && i < options.sack_blocks.size(); ++i) {
    add_word(text, fmt::format("sack {}-{}", options.sack_blocks[i].left_edge,
                               options.sack_blocks[i].right_edge));
  }
  if (options.has_timestamps) {
    add_word(text, fmt::format("ts {}/{}", options.timestamp_value, options.timestamp_echo_reply));
  }
  if (options.has_fast_open) add_word(text, "tfo");
  if (options.has_multipath) add_word(text, "mptcp");
  if (options.has_signature) add_word(text, "signed");
  if (options.malformed) add_word(text, "malformed options");
  return text;
}

}  // namespace

std::string tcp_info(const Dissection& dissection, const Layer& layer) {
  const Region region = dissection.region_of(layer);
  if (!region.holds(Tcp::shortest_header)) return {};
  const Tcp header(region);
  std::string text = fmt::format("[{}]", tcp_flag_words(header.flags(), ','));
  const std::size_t length = dissection.payload.length;
  if (length > 0) add_word(text, fmt::format("len {}", length));
  add_word(text, fmt::format("seq {}", header.sequence_number()));
  if ((header.flags() & TcpFlags::ack) != 0) {
    add_word(text, fmt::format("ack {}", header.acknowledgment_number()));
  }
  add_word(text, fmt::format("win {}", header.window_field()));
  add_word(text, tcp_option_words(header.options()));
  return text;
}

}  // namespace tapdeck

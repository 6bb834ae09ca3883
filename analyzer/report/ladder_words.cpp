#include "analyzer/report/ladder_words.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/report/packet_words.h"
#include "analyzer/report/quantity.h"
#include "analyzer/report/time.h"
#include "dissectors/tcp.h"

namespace tapdeck {
namespace {

std::string offer_text(const SynOptions& options) {
  std::vector<std::string> offers;
  if (options.maximum_segment_size) {
    offers.push_back(fmt::format("mss {}", *options.maximum_segment_size));
  }
  if (options.window_scale) offers.push_back(fmt::format("window scale {}", *options.window_scale));
  if (options.sack_permitted) offers.emplace_back("SACK");
  if (options.timestamps) offers.emplace_back("timestamps");
  if (options.fast_open) offers.emplace_back("fast open");
  if (options.multipath) offers.emplace_back("multipath");
  if (offers.empty()) return "offers no options";
  return fmt::format("offers {}", fmt::join(offers, ", "));
}

/// True if any of the words tells of trouble.
bool is_trouble(const std::vector<std::string_view>& words) {
  constexpr std::array<std::string_view, 6> calm{"window_update",    "handshake_complete",
                                                 "keep_alive",       "keep_alive_ack",
                                                 "window_probe_ack", "simultaneous_close"};
  return std::ranges::any_of(
      words, [&](std::string_view word) { return std::ranges::find(calm, word) == calm.end(); });
}

}  // namespace

std::vector<std::string> parts_of(const LadderSegment& segment) {
  std::vector<std::string> parts{tcp_flag_words(segment.flags, ' '),
                                 fmt::format("seq {}", segment.seq)};
  if ((segment.flags & TcpFlags::ack) != 0) parts.push_back(fmt::format("ack {}", segment.ack));
  if (segment.payload_octets > 0) parts.push_back(fmt::format("len {}", segment.payload_octets));
  parts.push_back(fmt::format("win {}{}", segment.window, segment.window_scaled ? "" : "*"));
  return parts;
}

std::string offer_of(const LadderSegment& segment, const ConnectionReport& connection) {
  if (!connection.tcp) return {};
  const HandshakeReport& handshake = connection.tcp->handshake;
  const bool is_syn = segment.frame == handshake.syn_frame;
  const auto& options = is_syn ? handshake.client_options : handshake.server_options;
  if ((!is_syn && segment.frame != handshake.synack_frame) || !options) return {};
  return offer_text(*options);
}

std::string sack_text(const LadderSegment& segment) {
  if (segment.sack_blocks.empty()) return {};
  std::string text = segment.d_sack ? "D-SACK" : "SACK";
  for (const auto& [left, right] : segment.sack_blocks) {
    text += fmt::format("{}{}-{}", text.back() == 'K' ? " " : ", ", left, right);
  }
  return text;
}

LadderWords verdict_line(const LadderSegment& segment) {
  const std::vector<std::string_view> words = telling_words(segment.verdict);
  std::string text = fmt::format("{}", fmt::join(words, ", "));
  if (segment.verdict.placement == Placement::gap_before && segment.gap_octets > 0) {
    text += fmt::format(" ({} not seen yet)", count_of(segment.gap_octets, "octet"));
  }
  return {std::move(text), is_trouble(words) ? Ink::warning : Ink::plain};
}

std::vector<std::string> words_for(const LadderFold& fold, std::string_view arrow,
                                   std::string_view back_arrow) {
  std::vector<std::string> lines;
  const std::string what =
      fold.left_out ? fmt::format("{} left out here", count_of(fold.segments(), "segment"))
                    : count_of(fold.segments(), "more segment");
  lines.push_back(fmt::format("{} to frame {}, over {}", what, fold.last_frame,
                              duration_between(fold.first_ns, fold.last_ns)));
  for (const Side side : {Side::client, Side::server}) {
    const LadderFold::Sent& sent = fold.sent[index_of(side)];
    if (sent.segments + sent.bare == 0) continue;
    std::string line(side == Side::client ? arrow : back_arrow);
    if (sent.segments > 0) {
      line += fmt::format(" {} with data, {}, to seq {}", count_text(sent.segments),
                          bytes_text(sent.payload_octets), sent.end);
    }
    if (sent.bare > 0) {
      line += fmt::format("{} {} without data, to ack {}", sent.segments > 0 ? ";" : "",
                          count_text(sent.bare), sent.last_ack);
    }
    lines.push_back(line);
  }
  std::vector<std::string> counts;
  for (const WordCount& word : fold.words.all()) {
    counts.push_back(fmt::format("{} {}", count_text(word.count), word.word));
  }
  if (!counts.empty()) lines.push_back(fmt::format("{}", fmt::join(counts, ", ")));
  return lines;
}

}  // namespace tapdeck

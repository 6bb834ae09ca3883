// The connection as a paragraph of plain words: each sentence from what was seen.
#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/report/ladder_words.h"
#include "analyzer/report/quantity.h"
#include "analyzer/report/time.h"
#include "analyzer/report/words.h"

namespace tapdeck {
namespace {

/// What a word of verdicts means in a sentence about the side that sent the segments.
struct Trouble {
  std::string_view word;
  std::string_view one, many;  // "{}" is the side
  Ink ink = Ink::warning;
};

constexpr std::array troubles{
    Trouble{"keep_alive", "the {} asked once whether the other side was still there",
            "the {0} asked {1} times whether the other side was still there", Ink::plain},
    Trouble{"window_probe", "the {} asked once whether the window was still closed",
            "the {0} asked {1} times whether the window was still closed", Ink::plain},
    Trouble{"out_of_order", "1 segment of the {} was overtaken on its way",
            "{1} segments of the {0} were overtaken on their way"},
    Trouble{"duplicate", "1 segment of the {} came past twice",
            "{1} segments of the {0} came past twice"},
    Trouble{"zero_window", "the {} closed its window",
            "the {0} said {1} times that its window was "
            "closed"},
    Trouble{"window_full", "the {} once filled the window", "the {0} filled the window {1} times"},
    Trouble{"window_shrunk", "the {} took back window that it had offered",
            "the {0} took back window that it had offered {1} times"},
    Trouble{"out_of_window", "1 segment of the {} lay outside the window",
            "{1} segments of the {0} lay outside the window"},
    Trouble{"unacceptable_rst", "1 reset of the {} would not be accepted",
            "{1} resets of the {0} would not be accepted"},
    Trouble{"unacceptable_ack", "1 ACK of the {} would not be accepted",
            "{1} ACKs of the {0} would not be accepted"},
    Trouble{"old_duplicate", "1 segment of the {} was too old for PAWS",
            "{1} segments of the {0} were too old for PAWS"},
};

/// How a trigger is named behind a count.
struct TriggerName {
  std::string_view word, name;
};

constexpr std::array triggers{
    TriggerName{"timeout", "by timeout"},
    TriggerName{"fast", "by fast retransmit"},
    TriggerName{"sack_recovery", "in SACK recovery"},
    TriggerName{"tail_loss_probe", "as tail loss probe"},
    TriggerName{"go_back_n", "by going back after a timeout"},
    TriggerName{"unknown_trigger", "for no reason that shows"},
};

class Narrator {
 public:
  Narrator(const ConnectionReport& connection, const Ladder& ladder)
      : x_connection(connection), x_ladder(ladder) {}

  Story tell() {
    tell_opening();
    tell_part({.beginning = true, .end = false, .repeats = false});
    tell_exchange();
    for (const Side side : {Side::client, Side::server}) tell_trouble(side);
    tell_part({.beginning = false, .end = true, .repeats = !x_repeats_told});
    return std::move(x_story);
  }

 private:
  void say(std::string sentence) {
    if (sentence.empty()) return;
    sentence[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(sentence[0])));
    if (!x_story.text.empty()) x_story.text += ' ';
    x_story.text += sentence + '.';
  }

  void tell_part(const StoryParts& parts) {
    Story part = tell_story(x_connection, parts);
    if (part.ink != Ink::plain) x_story.ink = part.ink;
    say(std::move(part.text));
  }

  void tell_opening() {
    if (!x_connection.tcp || !x_connection.tcp->handshake.syn_frame) return;
    const HandshakeReport& handshake = x_connection.tcp->handshake;
    const std::string ends =
        fmt::format("{} of {}", port_text(), to_string(x_connection.server.address));
    const std::string client = to_string(x_connection.client.address);
    if (!handshake.complete) {
      say(fmt::format("{} asked for {} (frame {})", client, ends, *handshake.syn_frame));
      return;
    }
    std::string text =
        fmt::format("{} connected to {} (frames {}, {} and {})", client, ends, *handshake.syn_frame,
                    *handshake.synack_frame, *handshake.ack_frame);
    if (handshake.rtt_ns && handshake.server_rtt_ns && handshake.client_rtt_ns) {
      text += fmt::format(" in {}: {} from here to the server and back, {} to the client",
                          duration_text(*handshake.rtt_ns), duration_text(*handshake.server_rtt_ns),
                          duration_text(*handshake.client_rtt_ns));
    }
    if (handshake.agreed) text += fmt::format("; {}", agreement(*handshake.agreed));
    say(std::move(text));
  }

  [[nodiscard]] std::string port_text() const {
    const std::uint16_t port = x_connection.server.port.value_or(0);
    const std::string_view service = service_name(port, x_connection.ip_protocol);
    return service.empty() ? fmt::format("port {}", port)
                           : fmt::format("port {} ({}?)", port, service);
  }

  static std::string agreement(const AgreedOptions& agreed) {
    std::vector<std::string_view> used;
    std::vector<std::string_view> unused;
    (agreed.sack ? used : unused).push_back("SACK");
    (agreed.timestamps ? used : unused).push_back("timestamps");
    (agreed.window_scale ? used : unused).push_back("window scaling");
    if (unused.empty()) return fmt::format("with {}", joined(used, "and"));
    if (used.empty()) return fmt::format("without {}", joined(unused, "or"));
    return fmt::format("with {}, without {}", joined(used, "and"), joined(unused, "or"));
  }

  /// Requires: there is one.
  static std::string joined(const std::vector<std::string_view>& words, std::string_view last) {
    std::string text(words.front());
    for (std::size_t i = 1; i < words.size(); ++i) {
      text += i + 1 < words.size() ? ", " : fmt::format(" {} ", last);
      text += words[i];
    }
    return text;
  }

  void tell_exchange() {
    std::vector<std::string> parts;
    for (const Side side : {Side::client, Side::server}) {
      const auto& direction = x_connection.directions[index_of(side)].tcp;
      if (!direction || direction->unique_bytes == 0) continue;
      const std::uint64_t segments = x_ladder.tallies[index_of(side)].data_segments;
      parts.push_back(fmt::format("the {} sent {} in {}", word_for(side),
                                  bytes_text(direction->unique_bytes),
                                  count_of(segments, "segment")));
    }
    const bool none = missing_of(Side::client) + missing_of(Side::server) == 0;
    say(!parts.empty() ? fmt::format("{}", fmt::join(parts, ", "))
        : none         ? "no data was exchanged"
                       : "no data was captured");
  }

  /// Octets that the other side acknowledged and this capture never held.
  [[nodiscard]] std::uint64_t missing_of(Side side) const {
    const auto& direction = x_connection.directions[index_of(side)].tcp;
    return direction ? direction->counters.not_captured_octets : 0;
  }

  void tell_missing(Side side) {
    if (missing_of(side) == 0) return;
    using enum MissingReport::Fate;
    const TcpDirectionReport& direction = *x_connection.directions[index_of(side)].tcp;
    const auto lowest = std::ranges::find(direction.missing, not_captured, &MissingReport::fate);
    const std::string where = lowest == direction.missing.end()
                                  ? std::string()
                                  : fmt::format(" (first in frame {})", lowest->first_frame);
    x_story.ink = Ink::warning;
    const bool one = missing_of(side) == 1;
    say(fmt::format("{} of the {} {} missing here that {} delivered{}",
                    bytes_text(missing_of(side)), word_for(side), one ? "is" : "are",
                    one ? "was" : "were", where));
  }

  void tell_trouble(Side side) {
    const WordCounts& words = x_ladder.tallies[index_of(side)].words;
    tell_repeats(side, words);
    tell_missing(side);
    for (const Trouble& trouble : troubles) {
      const WordCount said = words.of(trouble.word);
      if (said.count == 0) continue;
      if (trouble.ink != Ink::plain) x_story.ink = trouble.ink;
      say(fmt::format("{} ({}frame {})",
                      fmt::format(fmt::runtime(said.count == 1 ? trouble.one : trouble.many),
                                  word_for(side), count_text(said.count)),
                      said.count == 1 ? "" : "first in ", said.first_frame));
    }
  }

  void tell_repeats(Side side, const WordCounts& words) {
    const WordCount repeats = words.of("retransmission");
    if (repeats.count == 0) return;
    x_repeats_told = true;
    x_story.ink = Ink::warning;
    std::vector<std::string> kinds;
    for (const auto& [word, name] : triggers) {
      const WordCount said = words.of(word);
      if (said.count > 0) kinds.push_back(fmt::format("{} {}", count_text(said.count), name));
    }
    std::string text = fmt::format("the {} sent {} again ({}frame {})", word_for(side),
                                   count_of(repeats.count, "segment"),
                                   repeats.count == 1 ? "" : "first in ", repeats.first_frame);
    if (!kinds.empty()) text += fmt::format(": {}", fmt::join(kinds, ", "));
    if (const std::uint64_t needless = words.of("spurious").count; needless > 0) {
      text += fmt::format("; {} needlessly", count_text(needless));
    }
    const std::uint64_t upstream = words.of("lost_upstream").count;
    const std::uint64_t downstream = words.of("lost_downstream").count;
    if (upstream > 0) text += fmt::format("; {} lost before this point", count_text(upstream));
    if (downstream > 0) text += fmt::format("; {} lost behind this point", count_text(downstream));
    say(std::move(text));
  }

  const ConnectionReport& x_connection;
  const Ladder& x_ladder;
  Story x_story;
  bool x_repeats_told = false;
};

}  // namespace

Story tell_at_length(const ConnectionReport& connection, const Ladder& ladder) {
  return Narrator(connection, ladder).tell();
}

}  // namespace tapdeck

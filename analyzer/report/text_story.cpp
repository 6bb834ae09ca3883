// What happened to a connection, in words.
#include <algorithm>

#include <fmt/format.h>

#include "analyzer/report/quantity.h"
#include "analyzer/report/text_parts.h"
#include "analyzer/report/words.h"

namespace tapdeck {
namespace {

class StoryTeller {
 public:
  StoryTeller(const ConnectionReport& connection, const StoryParts& parts)
      : x_connection(connection), x_parts(parts) {}

  Story tell() {
    if (x_parts.beginning) tell_beginning();
    if (x_parts.end && x_connection.tcp) tell_end(*x_connection.tcp);
    if (x_parts.repeats) tell_repeats();
    if (x_parts.end) {
      tell_icmp_errors();
      tell_path();
    }
    return std::move(x_story);
  }

 private:
  void say(std::string_view words, Ink ink = Ink::plain) {
    if (!x_story.text.empty()) x_story.text += "; ";
    x_story.text += words;
    if (ink != Ink::plain) x_story.ink = ink;
  }

  void tell_beginning() {
    if (const auto& tcp = x_connection.tcp) {
      tell_missing_start(tcp->handshake);
      tell_missing_side(*tcp);
    } else if (packets_of(Side::server) == 0) {
      say("no answer seen");
    }
  }

  void tell_missing_start(const HandshakeReport& handshake) {
    if (handshake.syn_frame) return;
    say(handshake.synack_frame ? "SYN not captured" : "beginning not captured");
    switch (x_connection.client_known_by) {
      case ClientKnownBy::syn:
      case ClientKnownBy::syn_ack:
        break;
      case ClientKnownBy::port:
        say("client inferred from the ports");
        break;
      case ClientKnownBy::first_sender:
        say("client only guessed: it was seen first");
        break;
    }
  }

  void tell_end(const TcpReport& tcp) {
    switch (tcp.teardown.kind) {
      case TeardownKind::none:
        tell_no_end(tcp, has_change(tcp, StateChangeReason::superseded)
                             ? "gave way to a new connection"
                             : "no end seen");
        return;
      case TeardownKind::timeout:
        tell_no_end(tcp, "went silent without an end");
        return;
      case TeardownKind::reset:
        tell_reset(tcp);
        return;
      case TeardownKind::fin:
        tell_fin(tcp);
        return;
    }
  }

  void tell_no_end(const TcpReport& tcp, std::string_view open) {
    if (is_unanswered(tcp)) {
      say("SYN never answered", Ink::warning);
    } else if (tcp.states.client == TcpState::syn_sent ||
               tcp.states.server == TcpState::syn_received) {
      say("handshake never completed", Ink::warning);
    } else {
      say(open);
    }
  }

  [[nodiscard]] bool is_unanswered(const TcpReport& tcp) const {
    return tcp.states.client == TcpState::syn_sent && packets_of(Side::server) == 0;
  }

  [[nodiscard]] std::uint64_t packets_of(Side side) const {
    return x_connection.directions[index_of(side)].packets;
  }

  static bool has_change(const TcpReport& tcp, StateChangeReason reason) {
    return std::ranges::find(tcp.states.changes, reason, &StateChangeReport::reason) !=
           tcp.states.changes.end();
  }

  void tell_missing_side(const TcpReport& tcp) {
    for (const Side side : {Side::client, Side::server}) {
      if (packets_of(side) == 0 && !is_unanswered(tcp)) {
        say(fmt::format("nothing seen from the {}", word_for(side)), Ink::warning);
      }
    }
  }

  void tell_reset(const TcpReport& tcp) {
    const bool refused = has_change(tcp, StateChangeReason::refused);
    say(refused ? "refused by the server" : reset_words(tcp.teardown.by), Ink::warning);
    say_frame(tcp.teardown.frame);
  }

  static std::string_view reset_words(TeardownBy by) {
    switch (by) {
      case TeardownBy::nobody:
        break;
      case TeardownBy::client:
        return "reset by the client";
      case TeardownBy::server:
        return "reset by the server";
      case TeardownBy::both:
        return "reset by both";
    }
    return "reset";
  }

  void tell_fin(const TcpReport& tcp) {
    switch (tcp.teardown.by) {
      case TeardownBy::nobody:
        say("closed");
        break;
      case TeardownBy::both:
        say("closed by both at once");
        break;
      case TeardownBy::client:
        tell_closing(tcp, "client", "server", tcp.states.server);
        break;
      case TeardownBy::server:
        tell_closing(tcp, "server", "client", tcp.states.client);
        break;
    }
  }

  void tell_closing(const TcpReport& tcp, std::string_view first, std::string_view other,
                    TcpState state_of_other) {
    const bool other_is_open =
        state_of_other == TcpState::established || state_of_other == TcpState::close_wait;
    if (other_is_open) {
      say(fmt::format("closed by the {}", first));
      say_frame(tcp.teardown.frame);
      say(fmt::format("never closed by the {}", other), Ink::warning);
    } else {
      say(fmt::format("closed, the {} first", first));
      say_frame(tcp.teardown.frame);
    }
    if (tcp.teardown.half_closed) say(fmt::format("the {} went on sending meanwhile", other));
  }

  void say_frame(const std::optional<std::uint64_t>& frame) {
    if (frame) x_story.text += fmt::format(" (frame {})", *frame);
  }

  void tell_repeats() {
    for (const Side side : {Side::client, Side::server}) {
      const auto& direction = x_connection.directions[index_of(side)].tcp;
      if (!direction || direction->repeated_bytes == 0) continue;
      say(fmt::format("the {} sent {} more than once", word_for(side),
                      bytes_text(direction->repeated_bytes)));
    }
  }

  void tell_icmp_errors() {
    if (x_connection.icmp_error_count == 0) return;
    std::string words = count_of(x_connection.icmp_error_count, "ICMP error");
    if (!x_connection.icmp_errors.empty()) {
      const IcmpErrorReport& first = x_connection.icmp_errors.front();
      words += fmt::format(" (frame {}, from {}: {})", first.frame, to_string(first.from),
                           icmp_words(first));
    }
    say(words, Ink::warning);
  }

  void tell_path() {
    if (!x_connection.vlans.empty()) {
      say(fmt::format("VLAN {}", fmt::join(x_connection.vlans, ", ")));
    }
    std::string around;
    for (const TunnelReport& tunnel : x_connection.tunnels) {
      around += around.empty() ? "in " : ", ";
      around +=
          tunnel.id ? fmt::format("{} {}", tunnel.type, *tunnel.id) : std::string(tunnel.type);
    }
    if (!around.empty()) say(around);
  }

  const ConnectionReport& x_connection;
  StoryParts x_parts;
  Story x_story;
};

}  // namespace

Story tell_story(const ConnectionReport& connection, const StoryParts& parts) {
  return StoryTeller(connection, parts).tell();
}

}  // namespace tapdeck

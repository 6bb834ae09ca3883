#include "analyzer/tcp/verdict.h"

#include <array>

namespace tapdeck {
namespace {

std::string_view to_string(Placement placement) {
  switch (placement) {
    case Placement::none:
      return {};
    case Placement::in_order:
      return "in_order";
    case Placement::gap_before:
      return "gap_before";
    case Placement::fills_gap:
      return "fills_gap";
    case Placement::overlap:
      return "overlap";
  }
  return "invalid";
}

std::string_view to_string(Origin origin) {
  switch (origin) {
    case Origin::first:
      return {};
    case Origin::retransmission:
      return "retransmission";
    case Origin::out_of_order:
      return "out_of_order";
    case Origin::duplicate:
      return "duplicate";
    case Origin::keep_alive:
      return "keep_alive";
    case Origin::window_probe:
      return "window_probe";
  }
  return "invalid";
}

std::string_view to_string(AckVerdict ack) {
  switch (ack) {
    case AckVerdict::none:
      return {};
    case AckVerdict::advances:
      return "advances";
    case AckVerdict::duplicate_ack:
      return "duplicate_ack";
    case AckVerdict::partial_ack:
      return "partial_ack";
    case AckVerdict::acks_unseen_data:
      return "acks_unseen_data";
    case AckVerdict::keep_alive_ack:
      return "keep_alive_ack";
    case AckVerdict::window_probe_ack:
      return "window_probe_ack";
    case AckVerdict::challenge_ack:
      return "challenge_ack";
  }
  return "invalid";
}

std::string_view to_string(WindowVerdict window) {
  switch (window) {
    case WindowVerdict::none:
      return {};
    case WindowVerdict::zero_window:
      return "zero_window";
    case WindowVerdict::window_update:
      return "window_update";
    case WindowVerdict::window_full:
      return "window_full";
    case WindowVerdict::window_shrunk:
      return "window_shrunk";
  }
  return "invalid";
}

std::string_view to_string(Acceptance acceptance) {
  switch (acceptance) {
    case Acceptance::acceptable:
      return {};
    case Acceptance::out_of_window:
      return "out_of_window";
    case Acceptance::unacceptable_rst:
      return "unacceptable_rst";
    case Acceptance::unacceptable_ack:
      return "unacceptable_ack";
    case Acceptance::old_duplicate:
      return "old_duplicate";
  }
  return "invalid";
}

struct NamedWord {
  std::uint16_t bit;
  std::string_view name;
};

constexpr std::array connection_words{
    NamedWord{ConnectionWord::syn, "syn"},
    NamedWord{ConnectionWord::syn_ack, "syn_ack"},
    NamedWord{ConnectionWord::handshake_complete, "handshake_complete"},
    NamedWord{ConnectionWord::fin, "fin"},
    NamedWord{ConnectionWord::reset, "reset"},
    NamedWord{ConnectionWord::port_reuse, "port_reuse"},
    NamedWord{ConnectionWord::half_open, "half_open"},
    NamedWord{ConnectionWord::simultaneous_open, "simultaneous_open"},
    NamedWord{ConnectionWord::simultaneous_close, "simultaneous_close"},
};

}  // namespace

std::string_view to_string(Trigger trigger) {
  switch (trigger) {
    case Trigger::none:
      return {};
    case Trigger::timeout:
      return "timeout";
    case Trigger::fast:
      return "fast";
    case Trigger::sack_recovery:
      return "sack_recovery";
    case Trigger::tail_loss_probe:
      return "tail_loss_probe";
    case Trigger::go_back_n:
      return "go_back_n";
    case Trigger::unknown:
      return "unknown_trigger";
  }
  return "invalid";
}

std::vector<std::string_view> words_of(const Verdict& verdict) {
  std::vector<std::string_view> words;
  const auto add = [&](std::string_view word) {
    if (!word.empty()) words.push_back(word);
  };
  add(to_string(verdict.placement));
  add(to_string(verdict.origin));
  add(to_string(verdict.trigger));
  if (verdict.spurious) add("spurious");
  if (verdict.lost_upstream) add("lost_upstream");
  if (verdict.lost_downstream) add("lost_downstream");
  if (verdict.not_captured) add("not_captured");
  add(to_string(verdict.ack));
  add(to_string(verdict.window));
  add(to_string(verdict.acceptance));
  for (const NamedWord& word : connection_words) {
    if ((verdict.connection_words & word.bit) != 0) add(word.name);
  }
  return words;
}

std::string_view to_string(OriginReason reason) {
  switch (reason) {
    case OriginReason::none:
      return {};
    case OriginReason::same_ip_id:
      return "it carries the IP ID of the earlier transmission";
    case OriginReason::later_ip_id:
      return "its IP ID was given later";
    case OriginReason::earlier_ip_id:
      return "its IP ID was given earlier";
    case OriginReason::missing_ip_ids:
      return "IP IDs are missing before a pause";
    case OriginReason::later_timestamp:
      return "the sender's clock had gone on";
    case OriginReason::earlier_timestamp:
      return "the sender's clock had not got so far";
    case OriginReason::same_timestamp:
      return "the sender's clock stood where it was";
    case OriginReason::sent_at_this_side:
      return "this was captured at the sender";
    case OriginReason::within_round_trip:
      return "it came too soon for the sender to have reacted";
    case OriginReason::beyond_round_trip:
      return "it came late enough for the sender to have reacted";
    case OriginReason::repeated_at_once:
      return "its sender sent it again within a round trip after it";
    case OriginReason::behind_lone_repeat:
      return "a repeat of it came before, and the original was still to come";
    case OriginReason::pause_without_push:
      return "it followed a pause in the middle of a write";
    case OriginReason::pause_of_timer:
      return "it followed a pause as long as the sender's timer runs";
    case OriginReason::renewed_flow_label:
      return "its sender had taken another flow label, as when a timer fires";
    case OriginReason::former_flow_label:
      return "it has the flow label that its sender had before a timer fired";
    case OriginReason::behind_repeat:
      return "it follows the beginning of a lost tail";
    case OriginReason::identical_header:
      return "it equals the earlier transmission in every field";
    case OriginReason::behind_later_ports:
      return "its sender had taken later ports long before";
    case OriginReason::old_initial_number:
      return "its initial number was taken long before";
    case OriginReason::answers_earlier_syn:
      return "it answers an earlier SYN behind a later one";
    case OriginReason::within_seen:
      return "it begins with bytes sent before";
    case OriginReason::captured_twice:
      return "the capture holds the same packet twice";
  }
  return "invalid";
}

std::string_view to_string(DeliveryReason reason) {
  switch (reason) {
    case DeliveryReason::none:
      return {};
    case DeliveryReason::acknowledged_before:
      return "needless: the bytes were acknowledged before";
    case DeliveryReason::sacked_before:
      return "needless: a SACK had covered the bytes";
    case DeliveryReason::d_sack:
      return "needless: a D-SACK reported the second copy";
    case DeliveryReason::next_copy_d_sacked:
      return "needless: a D-SACK reported the next copy, and the answers before were lost";
    case DeliveryReason::eifel:
      return "needless: the ACK echoes the earlier transmission";
    case DeliveryReason::answered_too_soon:
      return "needless: the ACK came sooner than this copy could draw it";
    case DeliveryReason::delivery_seen:
      return "needless: the earlier copy was captured at the receiver";
    case DeliveryReason::late_original:
      return "needless: the earlier copy came after it";
    case DeliveryReason::duplicate_ack_drawn:
      return "needless: it drew a duplicate ACK";
    case DeliveryReason::mostly_held:
      return "needless: the receiver held most of what its ACK jumped over";
    case DeliveryReason::syn_crossed:
      return "needless: the SYN that it answers had crossed an earlier answer";
    case DeliveryReason::answered_from_time_wait:
      return "needless: its IP ID of 0 shows that the ACK came from TIME-WAIT";
    case DeliveryReason::answer_missing:
      return "needless: a missing packet before the ACK had answered the earlier copy";
    case DeliveryReason::first_copy_missing:
      return "needed: the earlier copy never came past";
    case DeliveryReason::acknowledged_after:
      return "needed: the ACK came a round trip after it";
    case DeliveryReason::paws_dropped:
      return "needed: the receiver dropped the earlier copy by PAWS";
    case DeliveryReason::corrupted:
      return "needed: the earlier copy was damaged on the way";
    case DeliveryReason::not_taken:
      return "needed: the receiver took the SYN alone, not its data";
    case DeliveryReason::reneged:
      return "needed: the receiver gave up what it had SACKed";
    case DeliveryReason::no_answer:
      return "no answer tells whether it was needed";
  }
  return "invalid";
}

std::string_view to_string(Confidence confidence) {
  switch (confidence) {
    case Confidence::none:
      return {};
    case Confidence::low:
      return "low";
    case Confidence::medium:
      return "medium";
    case Confidence::high:
      return "high";
  }
  return "invalid";
}

}  // namespace tapdeck

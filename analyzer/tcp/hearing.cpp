#include "analyzer/tcp/hearing.h"

#include "analyzer/tcp/delivery.h"

namespace tapdeck {

PathView path_of(const Hearing& hearing) {
  const Transfer& own = hearing.own;
  const Transfer& peers = hearing.peers;
  const RoundTrip& to_receiver = own.round_trip;
  const RoundTrip& to_sender = peers.round_trip;
  return {.at_sender = is_beside(to_sender, to_receiver),
          .ip_ids_count_up = own.ip_ids.counts_up(),
          .round_trip_ns = least_round_trip_ns(to_receiver, to_sender),
          .soonest_reaction_ns = soonest_answer_ns(to_receiver) + soonest_answer_ns(to_sender),
          .tick_ns = own.clock.tick_ns(),
          .label = own.flow_label.age_of(hearing.at_hand.segment.flow_label),
          .label_since_ns = own.flow_label.since_ns()};
}

bool goes_without_sack(const Case& at_hand) {
  const auto agreed = at_hand.handshake.agreed();
  return agreed && !agreed->sack;
}

}  // namespace tapdeck

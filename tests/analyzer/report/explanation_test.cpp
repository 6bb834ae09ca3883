#include "analyzer/report/explanation.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

constexpr std::int64_t milliseconds = 1'000'000;

Anomaly loss() {
  Anomaly anomaly;
  anomaly.type = AnomalyType::rto_retransmission;
  anomaly.direction = AnomalyDirection::server_to_client;
  anomaly.evidence.set(EvidenceName::timeouts, 2);
  anomaly.evidence.set(EvidenceName::longest_silence_ns, 1'020 * milliseconds);
  return anomaly;
}

TEST(Explanation, LeavesOutWhatNothingTells) {
  EXPECT_EQ(explanation_of(loss()),
            "The server waited 1.020 s, its second timeout, before it sent again.");
}

TEST(Explanation, SaysHowManyWhereAndFromWhichFrame) {
  Anomaly anomaly = loss();
  anomaly.evidence.set(EvidenceName::segments, 3);
  anomaly.evidence.set(EvidenceName::from_frame, 49);
  anomaly.evidence.add_place(LossPlace::downstream);
  EXPECT_EQ(explanation_of(anomaly),
            "3 segments were lost between this capture point and the client; the first of them is "
            "frame 49; the server waited 1.020 s, its second timeout, before it sent again.");
  anomaly.direction = AnomalyDirection::client_to_server;
  anomaly.evidence.set(EvidenceName::segments, 1);
  anomaly.evidence.add_place(LossPlace::upstream);
  anomaly.evidence.set(EvidenceName::timeouts, 12);
  EXPECT_EQ(
      explanation_of(anomaly),
      "1 segment was lost on both sides of this capture point; the first of them is frame 49; "
      "the client waited 1.020 s, its 12th timeout, before it sent again.");
}

TEST(Explanation, FallsBackOnTheDefinition) {
  Anomaly anomaly;
  anomaly.type = AnomalyType::rto_retransmission;
  EXPECT_EQ(explanation_of(anomaly),
            "Segments were sent again because the retransmission timer fired (RFC 6298).");
}

TEST(Explanation, KnowsItsOwnMistakes) {
  EXPECT_TRUE(is_well_formed_explanation("The {sender} sent {bytes}[, {count|time|times}]."));
  EXPECT_FALSE(is_well_formed_explanation("The {sendr} sent it."));
  EXPECT_FALSE(is_well_formed_explanation("The {sender sent it."));
  EXPECT_FALSE(is_well_formed_explanation("The {sender} sent[ it."));
  EXPECT_FALSE(is_well_formed_explanation("The {sender} sent] it."));
  EXPECT_FALSE(is_well_formed_explanation("No stop"));
}

}  // namespace
}  // namespace tapdeck

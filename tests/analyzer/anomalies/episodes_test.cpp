#include "analyzer/anomalies/episodes.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

constexpr std::int64_t seconds = 1'000'000'000;
constexpr AnomalyDirection to_server = AnomalyDirection::client_to_server;

class EpisodesTest : public ::testing::Test {
 protected:
  std::vector<Anomaly> all() const {
    std::vector<Anomaly> result;
    x_episodes.for_each(x_slab, [&](const Anomaly& anomaly) { result.push_back(anomaly); });
    return result;
  }

  EpisodeSlab x_slab;
  Episodes x_episodes;
  Findings x_findings{x_slab, x_episodes, 7};
};

TEST_F(EpisodesTest, JoinsWhatIsNear) {
  x_findings.note(AnomalyType::reordering, to_server, {.frame = 10, .time_ns = 0})
      .evidence.add(EvidenceName::segments, 2);
  x_findings.note(AnomalyType::reordering, to_server, {.frame = 20, .time_ns = 5 * seconds})
      .evidence.add(EvidenceName::segments, 3);
  x_findings.note(AnomalyType::reordering, to_server, {.frame = 30, .time_ns = 11 * seconds});
  ASSERT_EQ(all().size(), 2U);
  const Anomaly first = all()[0];
  EXPECT_EQ(first.connection, 7U);
  EXPECT_EQ(first.first.frame, 10U);
  EXPECT_EQ(first.last.frame, 20U);
  EXPECT_EQ(first.count, 2U);
  EXPECT_EQ(first.evidence.get(EvidenceName::segments), 5);
  EXPECT_EQ(first.severity, Severity::note);
}

TEST_F(EpisodesTest, KeepsDirectionsAndTypesApart) {
  x_findings.note(AnomalyType::reordering, to_server, {.frame = 1, .time_ns = 0});
  x_findings.note(AnomalyType::reordering, AnomalyDirection::server_to_client,
                  {.frame = 2, .time_ns = 0});
  x_findings.note(AnomalyType::dsack, to_server, {.frame = 3, .time_ns = 0});
  EXPECT_EQ(all().size(), 3U);
  EXPECT_TRUE(x_findings.has(AnomalyType::dsack, to_server));
  EXPECT_FALSE(x_findings.has(AnomalyType::dsack, AnomalyDirection::server_to_client));
}

TEST_F(EpisodesTest, CountsWhatDoesNotFit) {
  for (std::uint64_t i = 0; i < 40; ++i) {
    x_findings.note_alone(AnomalyType::dsack, to_server, {.frame = i, .time_ns = 0});
  }
  EXPECT_EQ(all().size(), Episodes::bound_of_kind);
  EXPECT_EQ(x_episodes.dropped(), 40U - Episodes::bound_of_kind);
  for (std::size_t i = 0; i < anomaly_type_count; ++i) {
    x_findings.note_alone(static_cast<AnomalyType>(i), AnomalyDirection::both, {});
  }
  EXPECT_EQ(all().size(), Episodes::bound);
  x_episodes.clear(x_slab);
  EXPECT_EQ(x_slab.in_use(), 0U);
}

TEST(Evidence, IsBoundedAndTyped) {
  Evidence evidence;
  evidence.raise(EvidenceName::tries, 3);
  evidence.raise(EvidenceName::tries, 2);
  evidence.lower(EvidenceName::from_frame, 9);
  evidence.lower(EvidenceName::from_frame, 8);
  evidence.set_once(EvidenceName::gap_ns, 1);
  evidence.set_once(EvidenceName::gap_ns, 2);
  evidence.add_place(LossPlace::upstream);
  evidence.add_place(LossPlace::downstream);
  EXPECT_EQ(evidence.get(EvidenceName::tries), 3);
  EXPECT_EQ(evidence.get(EvidenceName::from_frame), 8);
  EXPECT_EQ(evidence.get(EvidenceName::gap_ns), 1);
  EXPECT_EQ(evidence.get(EvidenceName::lost_where), static_cast<std::int64_t>(LossPlace::both));
  for (std::size_t i = 0; i < evidence_name_count; ++i) {
    evidence.add(static_cast<EvidenceName>(i), 1);
  }
  EXPECT_EQ(evidence.numbers().size(), Evidence::bound);
}

}  // namespace
}  // namespace tapdeck

// How long a connection goes on behind its end, as anomalies tell it.
#include <gtest/gtest.h>

#include "analyzer/anomalies/family.h"
#include "analyzer/report/explanation.h"
#include "tests/support/story.h"

namespace tapdeck {
namespace {

using test::milliseconds;
using test::seconds;
using test::Story;
using enum AnomalyType;

Anomaly only(Story& story, AnomalyType type) {
  for (const Anomaly& anomaly : story.anomalies()) {
    if (anomaly.type == type) return anomaly;
  }
  return {};
}

TEST(Teardown, TrafficBehindAResetIsTimedFromTheReset) {
  Story story;
  story.handshake();
  story.client("P.", 1, 1, 100);
  story.server("R", 1);
  story.wait(1'190 * milliseconds);
  story.client(".", 101, 1);
  const Anomaly traffic = only(story, traffic_after_rst);
  EXPECT_EQ(traffic.count, 1U);
  EXPECT_EQ(explanation_of(traffic),
            "The client went on for 1.200 s after the server's reset in frame 5: it never got it, "
            "or the reset was forged.");
}

TEST(Teardown, TrafficBehindAResetLastsToItsLastSegment) {
  Story story;
  story.handshake();
  story.server("R", 1);
  for (int i = 0; i < 3; ++i) {
    story.wait(seconds);
    story.client("P.", 1 + 100 * static_cast<std::uint32_t>(i), 1, 100);
  }
  const Anomaly traffic = only(story, traffic_after_rst);
  EXPECT_EQ(traffic.evidence.get(EvidenceName::delay_ns), 3'030 * milliseconds);
  EXPECT_EQ(traffic.evidence.get(EvidenceName::resetter_segments), std::nullopt);
}

TEST(Teardown, WhoGoesOnBehindHisOwnResetHardlySentIt) {
  Story story;
  story.handshake();
  story.client("R.", 1, 1);
  story.client("P.", 1, 1, 100);
  story.server(".", 1, 101);
  story.client("P.", 101, 1, 100);
  story.wait(seconds);
  story.server(".", 1, 201);
  const Anomaly traffic = only(story, traffic_after_rst);
  EXPECT_EQ(explanation_of(traffic),
            "The server went on for 1.040 s after the client's reset in frame 4: it never got it, "
            "or the reset was forged; the client itself sent 2 more segments: most likely forged.");
}

}  // namespace
}  // namespace tapdeck

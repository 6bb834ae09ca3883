#include "analyzer/verdict_feed.h"

#include <algorithm>
#include <memory>
#include <set>

#include <gtest/gtest.h>

#include "captures/packet_source.h"
#include "dissectors/dissector.h"

namespace tapdeck {
namespace {

/// Frames that were announced, and those of the verdicts that came.
struct Fed {
  std::multiset<std::uint64_t> announced, settled;
};

Fed feed(const std::string& path) {
  Fed fed;
  VerdictFeed feed;
  Dissector dissector;
  const auto dissection = std::make_unique<Dissection>();
  const auto take = [&] {
    for (const FrameVerdict& verdict : feed.take()) fed.settled.insert(verdict.frame);
  };
  const auto source = open_captures({path}, {});
  PacketBatch batch;
  while (source->next(batch)) {
    for (const Packet& packet : batch.packets) {
      dissector.dissect(packet, *dissection);
      if (feed.add(packet, *dissection)) fed.announced.insert(packet.number);
    }
    dissector.release_datagrams();
    take();
  }
  feed.finish();
  take();
  return fed;
}

TEST(VerdictFeed, JudgesEveryTcpSegmentOnce) {
  const auto goldens = open_captures({TAPDECK_GOLDEN_DIR}, {});
  for (const CaptureInfo& capture : goldens->captures()) {
    const Fed fed = feed(capture.file);
    EXPECT_EQ(fed.announced, fed.settled) << capture.file;
  }
}

TEST(VerdictFeed, AnnouncesTcpAlone) {
  EXPECT_TRUE(feed(TAPDECK_GOLDEN_DIR "/dns_udp.pcap").announced.empty());
  EXPECT_FALSE(feed(TAPDECK_GOLDEN_DIR "/http.pcap").announced.empty());
}

}  // namespace
}  // namespace tapdeck

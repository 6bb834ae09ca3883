// A plain frame's datagram is read from fixed places; the walk over its headers gives the same one.
#include <string>

#include <gtest/gtest.h>

#include "analyzer/flow/datagram_reader.h"
#include "captures/packet_source.h"
#include "dissectors/checksum.h"
#include "dissectors/dissector.h"
#include "tests/support/corpus.h"

namespace tapdeck {
namespace {

void expect_same(const Datagram& a, const Datagram& b) {
  EXPECT_EQ(a.key, b.key);
  EXPECT_EQ(a.direction, b.direction);
  EXPECT_EQ(a.kind, b.kind);
  EXPECT_EQ(a.oddities, b.oddities);
  EXPECT_EQ(a.frame_octets, b.frame_octets);
  EXPECT_EQ(a.payload_octets, b.payload_octets);
  EXPECT_EQ(a.mark.fingerprint, b.mark.fingerprint);
  EXPECT_EQ(a.mark.hop_limit, b.mark.hop_limit);
  EXPECT_EQ(a.mark.has_ip_id, b.mark.has_ip_id);
  EXPECT_EQ(a.segment.fingerprint(), b.segment.fingerprint());  // all that TCP's header says
  EXPECT_EQ(a.segment.payload_sum, b.segment.payload_sum);
  EXPECT_EQ(a.segment.has_payload_sum, b.segment.has_payload_sum);
  EXPECT_EQ(a.segment.urgent_pointer, b.segment.urgent_pointer);
  EXPECT_EQ(a.segment.ip_id, b.segment.ip_id);
  EXPECT_EQ(a.segment.hop_limit, b.segment.hop_limit);
  EXPECT_EQ(a.segment.traffic_class, b.segment.traffic_class);
}

TEST(PlainDatagram, IsAsTheWalkGivesIt) {
  std::size_t plain = 0;
  for (const std::string& path : test::small_captures_below(TAPDECK_GOLDEN_DIR)) {
    const auto source = open_captures({path}, {});
    DatagramReader plain_reader(false), walking_reader(false);
    Dissector dissector;
    Dissection at_one_look, walked;
    Datagram one, other;
    PacketBatch batch;
    while (source->next(batch)) {
      for (const Packet& packet : batch.packets) {
        dissector.dissect(packet, at_one_look);
        if (!at_one_look.is_plain) continue;
        ++plain;
        dissector.walk(packet, walked);
        const ChecksumStatus checksum = verify_checksums(walked).transport;
        ASSERT_TRUE(plain_reader.read(packet, at_one_look, checksum, one));
        ASSERT_TRUE(walking_reader.read(packet, walked, checksum, other));
        expect_same(one, other);
        ASSERT_FALSE(HasFailure()) << path << " frame " << packet.number;
      }
    }
  }
  EXPECT_GT(plain, 1'000U);
}

}  // namespace
}  // namespace tapdeck

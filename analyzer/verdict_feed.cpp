#include "analyzer/verdict_feed.h"

#include "dissectors/checksum.h"

namespace tapdeck {

bool VerdictFeed::add(const Packet& packet, const Dissection& dissection) {
  if (x_tracker.sweep_due(packet.number)) {
    x_tracker.sweep(packet.number);
    release_ended();
  }
  return x_tracker.add(packet, dissection, verify_checksums(dissection).transport);
}

std::vector<FrameVerdict> VerdictFeed::take() {
  x_tracker.flush();
  return x_tracker.take_trace().verdicts;
}

void VerdictFeed::finish() {
  x_tracker.finish();
  release_ended();
}

void VerdictFeed::release_ended() {
  for (FlowTable* const shard : x_tracker.shards()) {
    for (const EndedConversation& ended : shard->take_ended()) shard->release(ended.index);
  }
}

}  // namespace tapdeck

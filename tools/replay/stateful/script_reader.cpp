#include "tools/replay/stateful/script_reader.h"

namespace tapdeck {

void ScriptReader::add(const PacketBatch& batch) {
  for (const Packet& packet : batch.packets) {
    if (x_tracker.sweep_due(packet.number)) x_tracker.sweep(packet.number);
    x_dissector.dissect(packet, x_dissection);
    const ChecksumStatus checksum = verify_checksums(x_dissection).transport;
    if (!x_tracker.add(packet, x_dissection, checksum)) continue;
    const Layer& header = x_dissection.layers[x_dissection.transport];
    x_payloads.push_back({.frame = packet.number,
                          .octets = x_dissection.region_of(header).after(header.header_length),
                          .checksum = checksum});
  }
  x_tracker.flush();
  take_trace();
  x_dissector.release_datagrams();
}

void ScriptReader::finish() {
  x_tracker.finish();
  release_ended();
}

/// Both lists are in the order of frames; copies of frames are traced no second time.
void ScriptReader::take_trace() {
  auto payload = x_payloads.begin();
  for (const TracedSegment& traced : x_tracker.take_trace().segments) {
    while (payload != x_payloads.end() && payload->frame < traced.frame) ++payload;
    if (payload == x_payloads.end()) break;
    if (payload->frame != traced.frame) continue;
    x_builder.add(traced, payload->octets, payload->checksum);
  }
  x_payloads.clear();
  release_ended();
}

void ScriptReader::release_ended() {
  for (FlowTable* const shard : x_tracker.shards()) {
    for (const EndedConversation& ended : shard->take_ended()) {
      x_builder.end(ended.first_frame);
      shard->release(ended.index);
    }
  }
}

}  // namespace tapdeck

// Every field of every layer of a packet, with offset, length, value and meaning.
#pragma once

#include "analyzer/report/packet_view.h"
#include "analyzer/report/writer.h"

namespace tapdeck {

/// Offsets count from the start of the frame, or of the reassembled datagram where it says so.
void write_packet_tree(const PacketView& view, ByteSink& sink);

}  // namespace tapdeck

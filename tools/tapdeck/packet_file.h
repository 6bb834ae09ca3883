// Packets from captures into a capture: `packets -w`, `rewrite`.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "captures/capture_writer.h"
#include "tools/tapdeck/input.h"

namespace tapdeck {

/// Of standard output, if that is a pipe.
[[nodiscard]] bool reader_is_gone();

/// Does what writes a capture to `path`, and throws ClosedPipe if that is standard output, whose
/// reader went away meanwhile.
void while_somebody_reads(const std::string& path, const std::function<void()>& write);

/// Writes what the filter passes; "-" is standard output.
void write_packets(Input& input, const std::string& path, FileOpener& opener);

/// Writes what `write` makes of each batch.
void write_packets(Input& input, const std::string& path, FileOpener& opener, PacketLengths lengths,
                   InterfaceTexts texts,
                   const std::function<void(std::span<const Packet>, CaptureWriter&)>& write);

}  // namespace tapdeck

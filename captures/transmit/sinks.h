// Transmitters that need no interface and no permission: into a capture file, and nowhere.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "captures/capture_writer.h"
#include "captures/transmit/transmitter.h"

namespace tapdeck {

/// Takes everything, cut frames as they are; the file's times are those of the packets.
class FileSink final : public Transmitter {
 public:
  /// As create_capture.
  FileSink(const std::string& path, const std::vector<CaptureInfo>& captures, FileOpener& opener,
           PacketLengths lengths = PacketLengths::captured,
           InterfaceTexts texts = InterfaceTexts::kept)
      : x_writer(create_capture(path, captures, opener, lengths, texts)) {}

  [[nodiscard]] std::size_t send(std::span<const Packet> frames) override {
    for (const Packet& frame : frames) {
      x_writer->write(frame);
      x_counts.octets += frame.bytes.size();
    }
    x_counts.frames += frames.size();
    return frames.size();
  }
  [[nodiscard]] int refusal() const override { return 0; }
  void finish(const std::atomic<bool>& /*stop*/) override { x_writer->close(); }
  [[nodiscard]] const TransmitCounts& counts() const override { return x_counts; }

 private:
  std::unique_ptr<CaptureWriter> x_writer;
  TransmitCounts x_counts;
};

/// Takes everything and sends nothing.
class NullSink final : public Transmitter {
 public:
  [[nodiscard]] std::size_t send(std::span<const Packet> frames) override {
    for (const Packet& frame : frames) x_counts.octets += frame.bytes.size();
    x_counts.frames += frames.size();
    return frames.size();
  }
  [[nodiscard]] int refusal() const override { return 0; }
  void finish(const std::atomic<bool>& /*stop*/) override {}
  [[nodiscard]] const TransmitCounts& counts() const override { return x_counts; }

 private:
  TransmitCounts x_counts;
};

}  // namespace tapdeck

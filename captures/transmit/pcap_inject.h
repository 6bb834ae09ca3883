// Sends by libpcap, a frame a call: the way that works wherever libpcap does.
#pragma once

#include <string>

#include "captures/transmit/transmitter.h"

struct pcap;

namespace tapdeck {

class PcapInject final : public Transmitter {
 public:
  /// Throws as open_transmitter does.
  explicit PcapInject(const std::string& interface);
  ~PcapInject() override;

  [[nodiscard]] std::size_t send(std::span<const Packet> frames) override;
  [[nodiscard]] int refusal() const override { return x_refusal; }
  void finish(const std::atomic<bool>& /*stop*/) override {
  }  // what was injected is the interface's
  [[nodiscard]] const TransmitCounts& counts() const override { return x_counts; }
  [[nodiscard]] int descriptor() const override;

 private:
  pcap* x_handle;
  int x_refusal = 0;
  TransmitCounts x_counts;
};

}  // namespace tapdeck

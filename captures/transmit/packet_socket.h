// Sends by a packet socket, many frames a system call: the system copies them into its own buffers
// and hands them to the interface, by way of its queueing, where tcpdump sees them, or past it.
#pragma once

#include <array>
#include <string>

#include <sys/socket.h>
#include <sys/uio.h>

#include "captures/descriptor.h"
#include "captures/transmit/transmitter.h"

namespace tapdeck {

enum class Queueing : std::uint8_t { used, bypassed };

class PacketSocket final : public Transmitter {
 public:
  /// Throws as open_transmitter does.
  PacketSocket(const std::string& interface, Queueing queueing);

  [[nodiscard]] std::size_t send(std::span<const Packet> frames) override;
  [[nodiscard]] int refusal() const override { return x_refusal; }
  void finish(const std::atomic<bool>& stop) override;
  [[nodiscard]] const TransmitCounts& counts() const override { return x_counts; }
  [[nodiscard]] int descriptor() const override { return x_socket.number(); }

 private:
  static constexpr std::size_t most_frames = 256;

  std::size_t send_some(std::span<const Packet> frames);

  Descriptor x_socket;
  int x_refusal = 0;
  TransmitCounts x_counts;
  std::array<iovec, most_frames> x_frames{};
  std::array<mmsghdr, most_frames>
      x_messages{};  // each points to its frame above, once and for all
};

}  // namespace tapdeck

// Sends by a socket of AF_XDP in copy mode: frames lie in memory shared with the kernel, which
// makes packets of a whole batch of them in one system call and hands these to the interface
// directly. Neither its queueing nor tcpdump on it sees them.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "captures/descriptor.h"
#include "captures/transmit/shared_ring.h"
#include "captures/transmit/transmitter.h"

namespace tapdeck {

class AfXdpSocket final : public Transmitter {
 public:
  /// On the interface's first queue. Throws as open_transmitter does, with what the kernel lacks or
  /// refuses.
  explicit AfXdpSocket(const std::string& interface);

  [[nodiscard]] std::size_t send(std::span<const Packet> frames) override;
  [[nodiscard]] int refusal() const override { return x_refusal; }
  void finish(const std::atomic<bool>& stop) override;
  [[nodiscard]] const TransmitCounts& counts() const override { return x_counts; }
  [[nodiscard]] int descriptor() const override { return x_socket.number(); }

 private:
  /// As many as the kernel takes in one call.
  static constexpr std::uint32_t most_frames = 32;

  struct Memory {
    explicit Memory(std::size_t octets);
    Memory(const Memory&) = delete;
    Memory& operator=(const Memory&) = delete;
    ~Memory();

    std::byte* data = nullptr;
    std::size_t octets = 0;
  };

  void set_up(int index);
  void share_memory();
  [[nodiscard]] bool is_too_long(Bytes frame) const;
  [[nodiscard]] std::uint32_t fill(std::span<const Packet> frames);
  [[nodiscard]] std::uint32_t push(std::uint32_t count);
  void collect();

  std::string x_interface;
  std::size_t x_mtu = 0;
  Descriptor x_socket;
  std::optional<Memory> x_memory;
  std::optional<SharedRing<xdp_desc>> x_sending;
  std::optional<SharedRing<std::uint64_t>> x_completed;
  std::vector<std::uint64_t> x_free;  // places in the memory that hold no frame
  int x_refusal = 0;
  bool x_is_stuck = false;
  TransmitCounts x_counts;
};

}  // namespace tapdeck

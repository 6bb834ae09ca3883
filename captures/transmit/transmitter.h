// Where frames leave: an interface by one of several methods, a capture file, or nowhere. Each
// counts a frame when the system has taken it, never before.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "captures/packet.h"

namespace tapdeck {

struct TransmitCounts {
  std::uint64_t frames = 0;
  std::uint64_t octets = 0;     // of these frames, without preamble and frame check sequence
  std::uint64_t retried = 0;    // how often there was no room and the system was asked again
  std::uint64_t held_back = 0;  // octets of memory that the interface's queue still took in the end

  friend bool operator==(const TransmitCounts&, const TransmitCounts&) = default;
};

class Transmitter {
 public:
  Transmitter() = default;
  Transmitter(const Transmitter&) = delete;
  Transmitter& operator=(const Transmitter&) = delete;
  virtual ~Transmitter() = default;

  /// Hands frames over in their order and returns how many of the first the system took. Fewer than
  /// all: refusal() says why the next one was not taken; the caller skips it, tries again or stops.
  /// Waits for room inside, but not for ever. The bytes are borrowed until it returns.
  [[nodiscard]] virtual std::size_t send(std::span<const Packet> frames) = 0;

  /// The errno of the last send() that took fewer than all: EMSGSIZE (over the MTU), ENETDOWN (the
  /// interface went down), ENOBUFS (no room for a whole second), EINTR (a signal: try again) …
  [[nodiscard]] virtual int refusal() const = 0;

  /// Returns when everything taken has left: rings drained, files closed. What a queue holds back
  /// that has not moved for about a second, or for that long after `stop`, is counted instead; it
  /// may still leave. Throws Failure.
  virtual void finish(const std::atomic<bool>& stop) = 0;

  [[nodiscard]] virtual const TransmitCounts& counts() const = 0;

  /// Of the socket that it sends on; -1: of none.
  [[nodiscard]] virtual int descriptor() const { return -1; }
};

enum class TransmitMethod : std::uint8_t {
  packet,  // a packet socket, many frames a call
  direct,  // likewise, past the interface's queueing and tcpdump on it
  pcap,    // libpcap's inject, a frame a call
  af_xdp,  // a ring shared with the kernel; unseen by tcpdump on this interface and by its queueing
};

/// Throws Failure(no_permission) if there is no such interface or it may not be sent to.
[[nodiscard]] std::unique_ptr<Transmitter> open_transmitter(TransmitMethod method,
                                                            const std::string& interface);

}  // namespace tapdeck

// The flow label of one sender's packets over IPv6. Hosts keep it while a flow lasts (RFC 6437 §3);
// Linux takes another one each time that a retransmission timer fires, to find a way around what
// swallows the packets.
#pragma once

#include <cstdint>

namespace tapdeck {

class FlowLabel {
 public:
  /// What a label tells of when its packet was sent.
  enum class Age : std::uint8_t {
    unknown,
    former,   // before the last timer fired
    current,  // since the last timer that is known of
    renewed,  // right when another one fired, or later
  };

  /// Of a packet before on_sent() for it. Only who was seen to keep a label renews it.
  [[nodiscard]] Age age_of(std::uint32_t label) const {
    if (label == 0 || x_current == 0) return Age::unknown;
    if (label == x_current) return Age::current;
    if (label == x_former) return Age::former;
    return x_keeps ? Age::renewed : Age::unknown;
  }

  /// A packet of a socket of this host. 0 is no label (RFC 6437 §2), and a former one is late.
  void on_sent(std::uint32_t label, std::int64_t time_ns) {
    if (label == 0 || label == x_former) return;
    if (label == x_current) {
      x_keeps = true;
    } else {
      x_former = x_current;
      x_current = label;
      x_since_ns = time_ns;
    }
  }

  /// 0: none is known.
  [[nodiscard]] std::uint32_t current() const { return x_current; }
  /// When the current one was seen first.
  [[nodiscard]] std::int64_t since_ns() const { return x_since_ns; }

 private:
  std::int64_t x_since_ns = 0;
  std::uint32_t x_current = 0;
  std::uint32_t x_former = 0;
  bool x_keeps = false;
};

}  // namespace tapdeck

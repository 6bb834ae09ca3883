// The flow label of one sender's packets over IPv6. Hosts keep it while a flow lasts (RFC 6437 §3);
// Linux takes another one each time that a retransmission timer fires, to find a way around what
// swallows the packets, and when its peer sends again what it had.
#pragma once

#include <algorithm>
#include <array>
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
    if (is_former(label)) return Age::former;
    return x_keeps ? Age::renewed : Age::unknown;
  }

  /// Any packet of this end, but for copies. 0 is no label (RFC 6437 §2). That a SYN comes again
  /// with the same one shows nothing: many servers give what follows another.
  void on_sent(std::uint32_t label, std::int64_t time_ns, bool syn) {
    constexpr std::uint8_t most_late = 64;
    if (label == 0) return;
    if (label == x_current) {
      x_keeps = x_keeps || !syn;
      x_late = 0;
      return;
    }
    if (is_former(label) && ++x_late < most_late) return;
    std::copy_backward(x_former.begin(), x_former.end() - 1, x_former.end());
    x_former.front() = x_current;
    x_current = label;
    x_since_ns = time_ns;
    x_late = 0;
  }

  /// 0: none is known.
  [[nodiscard]] std::uint32_t current() const { return x_current; }
  /// When the current one was seen first.
  [[nodiscard]] std::int64_t since_ns() const { return x_since_ns; }

 private:
  [[nodiscard]] bool is_former(std::uint32_t label) const {
    return std::find(x_former.begin(), x_former.end(), label) != x_former.end();
  }

  std::int64_t x_since_ns = 0;
  std::uint32_t x_current = 0;
  std::array<std::uint32_t, 3> x_former{};  // the latest first; 0: none
  std::uint8_t x_late = 0;                  // packets with former ones, in a row
  bool x_keeps = false;
};

}  // namespace tapdeck

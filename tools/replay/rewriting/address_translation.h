// What a router that translates addresses makes of packets: hosts inside share public addresses
// (NAT), and public ports lead to hosts inside (port forwarding). A capture shows one side of the
// router; what it shows is turned into what the other side would, packet by packet: the end inside
// becomes its public one, and a public end the one inside that it stands for.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "tools/replay/rewriting/flow_ends.h"
#include "tools/replay/rewriting/rewrite_rules.h"
#include "tools/replay/rewriting/translation_table.h"

namespace tapdeck {

/// Why a packet doesn't come through.
enum class DropReason : std::uint8_t {
  unsolicited,    // from outside, and no host inside asked for it
  foreign,        // neither from inside nor to it
  no_port,        // the public address has no end left that tells it from others
  ports_unknown,  // to a public address; cut off, or the fragment that has them wasn't seen
  unreadable,     // to be anonymised, and not even its first header can be read
};
inline constexpr std::size_t drop_reason_count = 5;

/// What the packet that opens an entry says of who asks whom.
struct FlowSigns {
  std::uint64_t frame = 0;
  std::int64_t time_ns = 0;
  std::uint8_t tcp_flags = 0;
  bool ahead = false;  ///< Its turn comes later: it isn't counted yet.
};

class AddressTranslation {
 public:
  struct Result {
    enum class Fate : std::uint8_t { untouched, translated, dropped };
    Fate fate{};
    DropReason reason{};  ///< Valid if dropped.
    FlowEnds ends;
  };

  explicit AddressTranslation(const RewriteRules& rules,
                              TranslationTable table = TranslationTable{});

  [[nodiscard]] bool is_idle() const { return x_nat.empty() && x_forwards.empty(); }

  /// Of a packet that belongs to the conversation of these ends.
  [[nodiscard]] Result translate(const FlowEnds& ends, const FlowSigns& signs);

  /// Of a packet that is only spoken of: quoted by an ICMP error. Empty: nobody knows it.
  [[nodiscard]] std::optional<FlowEnds> spoken_of(const FlowEnds& ends, std::int64_t time_ns);

  /// Of an address that is named without a conversation: in ARP, in neighbour discovery.
  [[nodiscard]] IpAddress host(const IpAddress& address) const;

  [[nodiscard]] const TranslationTable& table() const { return x_table; }
  /// Connections whose port was taken on the public side, so that they got another one.
  [[nodiscard]] std::uint64_t ports_changed() const { return x_ports_changed; }

 private:
  /// One of the two ends, and where it stands in the packet.
  struct Local {
    FlowEnd end, remote;
    bool is_source = false;
  };
  struct Found {
    TranslationEntry* entry = nullptr;
    Local local;
    bool by_public = false;
  };

  [[nodiscard]] static Local local_of(const FlowEnds& ends, bool is_source);
  [[nodiscard]] static FlowEnds with_local(FlowEnds ends, const Local& local,
                                           const FlowEnd& translated);
  [[nodiscard]] std::optional<Found> find(const FlowEnds& ends, std::int64_t time_ns);
  [[nodiscard]] const NatRule* rule_of(const IpAddress& address) const;
  [[nodiscard]] bool is_public(const IpAddress& address) const;
  [[nodiscard]] const ForwardRule* forward_of(const FlowEnds& ends, const FlowEnd& end,
                                              bool by_public) const;
  [[nodiscard]] Result translated(const FlowEnds& ends, const Found& found, const FlowSigns& signs);
  [[nodiscard]] std::optional<Result> forward(const FlowEnds& ends, const FlowSigns& signs);
  [[nodiscard]] Result open(const FlowEnds& ends, const Local& inside, const NatRule& rule,
                            const FlowSigns& signs);
  /// What ports were sought for in vain, and when.
  struct Exhausted {
    IpAddress public_address;
    FlowEnd remote;
    std::uint8_t ip_protocol = 0;
    std::uint16_t first_port = 0;
    std::int64_t time_ns = 0;
  };

  [[nodiscard]] std::optional<std::uint16_t> free_port(const FlowEnds& ends, const Local& inside,
                                                       const IpAddress& public_address,
                                                       std::int64_t time_ns);
  [[nodiscard]] bool was_exhausted(const Exhausted& asked) const;
  [[nodiscard]] bool is_free(const FlowEnds& ends, const FlowEnd& public_end, const FlowEnd& remote,
                             std::int64_t time_ns);
  [[nodiscard]] Result translate_by_address(FlowEnds ends) const;

  std::vector<NatRule> x_nat;  // the longest prefixes first
  std::vector<ForwardRule> x_forwards;
  TranslationTable x_table;
  std::uint64_t x_ports_changed = 0;
  std::uint16_t x_next_port = 0;         // where the search for a free one goes on
  std::optional<Exhausted> x_exhausted;  // the last one
};

}  // namespace tapdeck

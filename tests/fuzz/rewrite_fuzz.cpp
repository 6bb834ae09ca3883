// libFuzzer's entry to rewriting. The first octet chooses the rules, the second the link type, the
// third splits the rest into two frames, so that fragments, answers and errors can meet.
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "tools/replay/rewriting/rewriter.h"
#include "tools/replay/rewriting/rule_words.h"

namespace {

using tapdeck::LinkType;

constexpr std::array link_types{LinkType::ethernet,   LinkType::raw,  LinkType::linux_sll,
                                LinkType::linux_sll2, LinkType::null, LinkType::ppp};

constexpr std::array<std::string_view, 4> rule_sets{
    "nat 0.0.0.0/1=203.0.113.7\nnat 2001::/16=2002::1\nport-forward 203.0.113.7:80=10.0.0.1:81",
    "port-forward 0.0.0.1:1=0.0.0.2:2\nip-map 0.0.0.0/1=128.0.0.0/1\nport-map 1-9=11-19\nttl +9",
    "anonymize-key k\nmac-map 00:00:00:00:00:00=02:00:00:00:00:01\nsrc-mac 02:00:00:00:00:02",
    "vlan-pop 1\nvlan-set vid=1\nvlan-push 2,depth=2\nfix-checksums\nip-map ::/0=::/0"};

/// The frame in a block of its size, so that a write past it is seen.
void rewrite(tapdeck::Rewriter& rewriter, LinkType link_type, tapdeck::Bytes frame,
             std::uint32_t not_captured) {
  const std::vector<std::byte> bytes(frame.begin(), frame.end());
  const tapdeck::Packet packet{
      .wire_length = static_cast<std::uint32_t>(bytes.size()) + not_captured,
      .link_type = link_type,
      .bytes = bytes};
  const auto result = rewriter.rewrite(packet, std::span(&packet, 1));
  if (result && result->bytes.size() > bytes.size() + 4) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t choices = 3;
  if (size < choices) return 0;
  tapdeck::RewriteRules rules;
  tapdeck::add_rules(rule_sets[data[0] % rule_sets.size()], "rules", rules);
  tapdeck::Rewriter rewriter(rules);
  const LinkType link_type = link_types[data[1] % link_types.size()];
  const tapdeck::Bytes rest = std::as_bytes(std::span(data, size)).subspan(choices);
  const std::size_t first = rest.size() * data[2] / 255;
  const std::uint32_t not_captured = data[1] / link_types.size();
  rewrite(rewriter, link_type, rest.first(first), not_captured);
  rewrite(rewriter, link_type, rest.subspan(first), not_captured);
  (void)tapdeck::rewrite_summary(rewriter);
  (void)tapdeck::table_text(rewriter.translation());
  return 0;
}

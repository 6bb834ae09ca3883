// What rewriting did, in words.
#include <array>

#include <fmt/format.h>

#include "analyzer/report/quantity.h"
#include "dissectors/ip_protocol.h"
#include "tools/replay/rewriting/rewriter.h"
#include "tools/replay/rewriting/rule_text.h"

namespace tapdeck {
namespace {

/// By DropReason.
constexpr std::array<std::string_view, drop_reason_count> reasons{
    "came in unasked: no host inside had sent there", "neither came from inside nor went there",
    "found no port left on the public address that tells them from others",
    "went to the public address without ports: cut off, or in a fragment that wasn't seen",
    "can't be read, and may name addresses"};

std::string end_text(const FlowEnd& end, FlowEnds::Ports ports, bool remote = false) {
  const bool has_number =
      ports == FlowEnds::Ports::ports || (ports == FlowEnds::Ports::identifier && !remote);
  return address_port_text(end.address, has_number ? std::optional(end.port) : std::nullopt);
}

std::string key_text(const FlowKey& key) {
  const bool has_ports = key.low_port != 0 || key.high_port != 0;
  const auto text = [&](const IpAddress& address, std::uint16_t port) {
    return address_port_text(address, has_ports ? std::optional(port) : std::nullopt);
  };
  return fmt::format("{} {} - {}", protocol_text(key.ip_protocol), text(key.low(), key.low_port),
                     text(key.high(), key.high_port));
}

void add_collisions(const CollisionWatch& watch, std::vector<std::string>& lines) {
  if (watch.count() != 0) {
    const CollisionWatch::Example& first = watch.first();
    lines.push_back(fmt::format(
        "{} can't be told from another one any more, first in frame {}: {} and {} both became {}",
        count_of(watch.count(), "conversation"), first.frame, key_text(first.one),
        key_text(first.other), key_text(first.both)));
  }
  if (watch.unwatched() != 0) {
    lines.push_back(
        fmt::format("whether {} became like those of another conversation is unknown: there were "
                    "too many to keep in mind",
                    count_of(watch.unwatched(), "packet")));
  }
}

}  // namespace

std::vector<std::string> rewrite_summary(const Rewriter& rewriter) {
  const RewriteCounts& counts = rewriter.counts();
  const AddressTranslation& translation = rewriter.translation();
  std::vector<std::string> lines{
      fmt::format("{}: {} changed, {} dropped", count_of(counts.packets, "packet"),
                  count_text(counts.changed), count_text(counts.all_dropped()))};
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (counts.dropped[i] == 0) continue;
    lines.push_back(
        fmt::format("{} dropped: {}", count_of(counts.dropped[i], "packet"), reasons[i]));
  }
  if (counts.cut != 0) {
    lines.push_back(fmt::format("{} cut where what can't be read begins: it may name addresses",
                                count_of(counts.cut, "packet")));
  }
  if (!translation.is_idle()) {
    lines.push_back(
        fmt::format("{} translated, {} of them with another port",
                    count_of(translation.table().entries().size() + translation.table().evicted(),
                             "connection"),
                    count_text(translation.ports_changed())));
  }
  if (const std::uint64_t evicted = translation.table().evicted(); evicted != 0) {
    lines.push_back(
        fmt::format("{} left the table early: it was full", count_of(evicted, "connection")));
  }
  if (counts.checksums_repaired != 0) {
    lines.push_back(fmt::format("checksums of {} were wrong and are right now",
                                count_of(counts.checksums_repaired, "packet")));
  }
  if (counts.no_tag != 0) {
    lines.push_back(
        fmt::format("{} had no place for a VLAN rule", count_of(counts.no_tag, "packet")));
  }
  add_collisions(rewriter.collisions(), lines);
  return lines;
}

std::string table_text(const AddressTranslation& translation) {
  std::string text = fmt::format("{:<8} {:<21} {:<21} {:<21} {:>7} {:>7} {:>7}\n", "PROTO",
                                 "INSIDE", "PUBLIC", "REMOTE", "OUT", "IN", "FRAME");
  for (const TranslationEntry& entry : translation.table().entries()) {
    text += fmt::format("{:<8} {:<21} {:<21} {:<21} {:>7} {:>7} {:>7}{}\n",
                        protocol_text(entry.ip_protocol), end_text(entry.inside, entry.ports),
                        end_text(entry.public_end, entry.ports),
                        end_text(entry.remote, entry.ports, true), entry.packets_out,
                        entry.packets_in, entry.first_frame, entry.forwarded ? " forwarded" : "");
  }
  return text;
}

}  // namespace tapdeck

#include "tools/replay/rewriting/address_translation.h"

#include <algorithm>
#include <functional>

#include "analyzer/flow/client.h"
#include "analyzer/flow/socket.h"
#include "captures/elapsed.h"
#include "dissectors/ip_protocol.h"

namespace tapdeck {
namespace {

using Fate = AddressTranslation::Result::Fate;

bool is_alive(const TranslationEntry& entry, std::int64_t time_ns) {
  return elapsed_ns(entry.last_ns, time_ns) <= entry.lifetime_ns();
}

/// Told as a report tells it, so the first packet of a capture that began late may be an answer.
bool is_answer(const FlowEnds& ends, const FlowSigns& signs) {
  Datagram first;
  const DirectedKey key =
      make_flow_key(ends.source.address, ends.source.port, ends.destination.address,
                    ends.destination.port, ends.ip_protocol);
  first.key = key.key;
  first.direction = key.direction;
  first.kind = ends.ip_protocol == IpProtocol::tcp ? Datagram::Kind::tcp : Datagram::Kind::other;
  first.segment.flags = signs.tcp_flags;
  return !choose_client(first).sender_is_client;
}

void note(TranslationEntry& entry, bool outwards, const FlowSigns& signs) {
  if (!signs.ahead) ++(outwards ? entry.packets_out : entry.packets_in);
  entry.last_ns = std::max(entry.last_ns, signs.time_ns);
  if (entry.ip_protocol != IpProtocol::tcp) return;
  const auto has = [&](std::uint8_t flag) { return (signs.tcp_flags & flag) != 0; };
  if (has(TcpFlags::syn) && !has(TcpFlags::ack)) {
    entry.seen_out = entry.seen_in = entry.fin_out = entry.fin_in = entry.reset = false;
    return;
  }
  (outwards ? entry.seen_out : entry.seen_in) = true;
  if (has(TcpFlags::fin)) (outwards ? entry.fin_out : entry.fin_in) = true;
  if (has(TcpFlags::rst)) entry.reset = true;
}

/// The ports that stand for the same kind of end: what is told by a port's number stays told.
std::pair<std::uint16_t, std::uint16_t> range_of(FlowEnds::Ports ports, std::uint16_t port) {
  if (ports == FlowEnds::Ports::identifier) return {1, 65'535};
  switch (port_class_of(port)) {
    case PortClass::well_known:
      return {1, 1023};
    case PortClass::registered:
      return {1024, 49'151};
    case PortClass::dynamic:
      break;
  }
  return {49'152, 65'535};
}

}  // namespace

AddressTranslation::AddressTranslation(const RewriteRules& rules, TranslationTable table)
    : x_nat(rules.nat), x_forwards(rules.forwards), x_table(std::move(table)) {
  std::ranges::stable_sort(x_nat, std::greater{},
                           [](const NatRule& rule) { return rule.inside.length; });
}

AddressTranslation::Local AddressTranslation::local_of(const FlowEnds& ends, bool is_source) {
  Local local{.end = is_source ? ends.source : ends.destination,
              .remote = is_source ? ends.destination : ends.source,
              .is_source = is_source};
  // One identifier for both ends: it belongs to whoever asks.
  if (ends.ports == FlowEnds::Ports::identifier) local.remote.port = 0;
  return local;
}

FlowEnds AddressTranslation::with_local(FlowEnds ends, const Local& local,
                                        const FlowEnd& translated) {
  (local.is_source ? ends.source : ends.destination) = translated;
  if (ends.ports == FlowEnds::Ports::identifier) {
    ends.source.port = ends.destination.port = translated.port;
  }
  return ends;
}

const NatRule* AddressTranslation::rule_of(const IpAddress& address) const {
  const auto found = std::ranges::find_if(
      x_nat, [&](const NatRule& rule) { return rule.inside.contains(address); });
  return found == x_nat.end() ? nullptr : &*found;
}

bool AddressTranslation::is_public(const IpAddress& address) const {
  return std::ranges::find(x_nat, address, &NatRule::public_address) != x_nat.end();
}

const ForwardRule* AddressTranslation::forward_of(const FlowEnds& ends, const FlowEnd& end,
                                                  bool by_public) const {
  if (ends.ports != FlowEnds::Ports::ports) return nullptr;
  const auto found = std::ranges::find_if(x_forwards, [&](const ForwardRule& rule) {
    return (rule.ip_protocol == 0 || rule.ip_protocol == ends.ip_protocol) &&
           end.address == (by_public ? rule.public_address : rule.inside_address) &&
           end.port == (by_public ? rule.public_port : rule.inside_port);
  });
  return found == x_forwards.end() ? nullptr : &*found;
}

std::optional<AddressTranslation::Found> AddressTranslation::find(const FlowEnds& ends,
                                                                  std::int64_t time_ns) {
  for (const bool is_source : {true, false}) {
    const Local local = local_of(ends, is_source);
    auto* entry = x_table.find_public(ends.ip_protocol, local.end, local.remote);
    if (entry != nullptr && is_alive(*entry, time_ns)) return Found{entry, local, true};
    entry = x_table.find_inside(ends.ip_protocol, local.end, local.remote);
    // Whatever comes from inside goes on with the end that it had.
    const bool renews = is_source && !is_public(local.end.address);
    if (entry != nullptr && (renews || is_alive(*entry, time_ns))) {
      return Found{entry, local, false};
    }
  }
  return std::nullopt;
}

AddressTranslation::Result AddressTranslation::translated(const FlowEnds& ends, const Found& found,
                                                          const FlowSigns& signs) {
  note(*found.entry, found.local.is_source, signs);
  x_table.touch(*found.entry);
  const FlowEnd& end = found.by_public ? found.entry->inside : found.entry->public_end;
  return {.fate = Fate::translated, .ends = with_local(ends, found.local, end)};
}

std::optional<AddressTranslation::Result> AddressTranslation::forward(const FlowEnds& ends,
                                                                      const FlowSigns& signs) {
  for (const bool is_source : {false, true}) {
    const Local local = local_of(ends, is_source);
    const ForwardRule* rule = forward_of(ends, local.end, true);
    const bool by_public = rule != nullptr;
    // On the inner side of a router that also does NAT the host inside is seen itself.
    const bool may_be_inside =
        rule_of(local.end.address) != nullptr && rule_of(local.remote.address) == nullptr;
    if (!by_public && may_be_inside) rule = forward_of(ends, local.end, false);
    if (rule == nullptr) continue;
    TranslationEntry& entry = x_table.add({.ip_protocol = ends.ip_protocol,
                                           .inside = {rule->inside_address, rule->inside_port},
                                           .public_end = {rule->public_address, rule->public_port},
                                           .remote = local.remote,
                                           .ports = ends.ports,
                                           .forwarded = true,
                                           .first_frame = signs.frame,
                                           .last_ns = signs.time_ns});
    return translated(ends, {&entry, local, by_public}, signs);
  }
  return std::nullopt;
}

bool AddressTranslation::is_free(const FlowEnds& ends, const FlowEnd& public_end,
                                 const FlowEnd& remote, std::int64_t time_ns) {
  if (forward_of(ends, public_end, true) != nullptr) return false;
  const auto* const entry = x_table.find_public(ends.ip_protocol, public_end, remote);
  return entry == nullptr || !is_alive(*entry, time_ns);
}

/// Ports become free when what used them was silent for minutes: it is soon enough to look again
/// after a second.
bool AddressTranslation::was_exhausted(const Exhausted& asked) const {
  constexpr std::int64_t soon_ns = 1'000'000'000;
  return x_exhausted && x_exhausted->ip_protocol == asked.ip_protocol &&
         x_exhausted->first_port == asked.first_port && x_exhausted->remote == asked.remote &&
         x_exhausted->public_address == asked.public_address &&
         asked.time_ns >= x_exhausted->time_ns &&
         elapsed_ns(x_exhausted->time_ns, asked.time_ns) < soon_ns;
}

std::optional<std::uint16_t> AddressTranslation::free_port(const FlowEnds& ends,
                                                           const Local& inside,
                                                           const IpAddress& public_address,
                                                           std::int64_t time_ns) {
  const auto fits = [&](std::uint16_t port) {
    return is_free(ends, {public_address, port}, inside.remote, time_ns);
  };
  if (fits(inside.end.port)) return inside.end.port;
  if (ends.ports == FlowEnds::Ports::none) return std::nullopt;
  constexpr unsigned most_tries = 4096;
  const auto [first, last] = range_of(ends.ports, inside.end.port);
  const Exhausted asked{public_address, inside.remote, ends.ip_protocol,
                        static_cast<std::uint16_t>(first), time_ns};
  if (was_exhausted(asked)) return std::nullopt;
  for (unsigned i = 0; i < std::min<unsigned>(last - first + 1U, most_tries); ++i) {
    if (x_next_port < first || x_next_port >= last) x_next_port = first;
    ++x_next_port;
    const bool is_service = ends.ports == FlowEnds::Ports::ports &&
                            !service_name(x_next_port, ends.ip_protocol).empty();
    if (!is_service && fits(x_next_port)) return x_next_port;
  }
  x_exhausted = asked;
  return std::nullopt;
}

AddressTranslation::Result AddressTranslation::open(const FlowEnds& ends, const Local& inside,
                                                    const NatRule& rule, const FlowSigns& signs) {
  const auto port = free_port(ends, inside, rule.public_address, signs.time_ns);
  if (!port) return {.fate = Fate::dropped, .reason = DropReason::no_port, .ends = ends};
  x_ports_changed += *port != inside.end.port ? 1 : 0;
  TranslationEntry& entry = x_table.add({.ip_protocol = ends.ip_protocol,
                                         .inside = inside.end,
                                         .public_end = {rule.public_address, *port},
                                         .remote = inside.remote,
                                         .ports = ends.ports,
                                         .first_frame = signs.frame,
                                         .last_ns = signs.time_ns});
  return translated(ends, {&entry, inside, false}, signs);
}

AddressTranslation::Result AddressTranslation::translate(const FlowEnds& ends,
                                                         const FlowSigns& signs) {
  if (is_idle()) return {.fate = Fate::untouched, .ends = ends};
  if (ends.ports == FlowEnds::Ports::unknown) return translate_by_address(ends);
  if (const auto found = find(ends, signs.time_ns)) return translated(ends, *found, signs);
  if (auto result = forward(ends, signs)) return *result;
  const NatRule* const from = rule_of(ends.source.address);
  const NatRule* const to = rule_of(ends.destination.address);
  const bool stays_on_its_side = x_nat.empty() || (from != nullptr && to != nullptr);
  if (stays_on_its_side) return {.fate = Fate::untouched, .ends = ends};
  if (from != nullptr) return open(ends, local_of(ends, true), *from, signs);
  if (to != nullptr && is_answer(ends, signs)) {
    return open(ends, local_of(ends, false), *to, signs);
  }
  if (is_public(ends.source.address)) return {.fate = Fate::untouched, .ends = ends};
  const bool comes_in = to != nullptr || is_public(ends.destination.address);
  return {.fate = Fate::dropped,
          .reason = comes_in ? DropReason::unsolicited : DropReason::foreign,
          .ends = ends};
}

/// The address alone decides as far as it can.
AddressTranslation::Result AddressTranslation::translate_by_address(FlowEnds ends) const {
  const bool from_inside = rule_of(ends.source.address) != nullptr;
  const bool to_inside = rule_of(ends.destination.address) != nullptr;
  if (from_inside && to_inside) return {.fate = Fate::untouched, .ends = ends};
  if (!x_nat.empty() && !from_inside && !to_inside && !is_public(ends.source.address)) {
    const bool comes_in = is_public(ends.destination.address);
    return {.fate = Fate::dropped,
            .reason = comes_in ? DropReason::ports_unknown : DropReason::foreign,
            .ends = ends};
  }
  ends.source.address = host(ends.source.address);
  ends.destination.address = host(ends.destination.address);
  return {.fate = Fate::translated, .ends = ends};
}

std::optional<FlowEnds> AddressTranslation::spoken_of(const FlowEnds& ends, std::int64_t time_ns) {
  if (const auto found = find(ends, time_ns)) {
    const FlowEnd& end = found->by_public ? found->entry->inside : found->entry->public_end;
    return with_local(ends, found->local, end);
  }
  for (const bool is_source : {false, true}) {
    const Local local = local_of(ends, is_source);
    if (const ForwardRule* const rule = forward_of(ends, local.end, true)) {
      return with_local(ends, local, {rule->inside_address, rule->inside_port});
    }
  }
  return std::nullopt;
}

IpAddress AddressTranslation::host(const IpAddress& address) const {
  if (const NatRule* const rule = rule_of(address)) return rule->public_address;
  if (!x_nat.empty()) return address;
  std::optional<IpAddress> behind;
  for (const ForwardRule& rule : x_forwards) {
    if (rule.public_address != address) continue;
    if (behind && *behind != rule.inside_address) return address;
    behind = rule.inside_address;
  }
  return behind.value_or(address);
}

}  // namespace tapdeck

#include "tools/replay/rewriting/translation_table.h"

#include <functional>
#include <string_view>

#include "dissectors/ip_protocol.h"

namespace tapdeck {

std::int64_t TranslationEntry::lifetime_ns() const {
  constexpr std::int64_t second = 1'000'000'000, minute = 60 * second;
  // RFC 5382 REQ-5: 2 hours 4 minutes for what is open, 4 minutes for what opens or closes.
  constexpr std::int64_t open = 124 * minute, transitory = 4 * minute;
  switch (ip_protocol) {
    case IpProtocol::tcp:
      return seen_out && seen_in && !(fin_out && fin_in) && !reset ? open : transitory;
    case IpProtocol::sctp:
    case IpProtocol::dccp:
      return open;
  }
  return 5 * minute;  // RFC 4787 REQ-5, of UDP; RFC 5508 REQ-2 asks for a minute at least, of ICMP
}

std::size_t TranslationTable::KeyHash::operator()(const Key& key) const {
  static_assert(std::has_unique_object_representations_v<Key>);
  return std::hash<std::string_view>{}({reinterpret_cast<const char*>(&key), sizeof key});
}

TranslationTable::Key TranslationTable::key_of(std::uint8_t ip_protocol, const FlowEnd& local,
                                               const FlowEnd& remote) {
  return {.local = local.address.octets,
          .remote = remote.address.octets,
          .local_port = local.port,
          .remote_port = remote.port,
          .ip_protocol = ip_protocol,
          .version = local.address.version};
}

TranslationEntry* TranslationTable::find(const Index& index, const Key& key) {
  const auto found = index.find(key);
  return found == index.end() ? nullptr : &*found->second;
}

TranslationEntry* TranslationTable::find_inside(std::uint8_t ip_protocol, const FlowEnd& inside,
                                                const FlowEnd& remote) {
  return find(x_by_inside, key_of(ip_protocol, inside, remote));
}

TranslationEntry* TranslationTable::find_public(std::uint8_t ip_protocol, const FlowEnd& public_end,
                                                const FlowEnd& remote) {
  return find(x_by_public, key_of(ip_protocol, public_end, remote));
}

TranslationEntry& TranslationTable::add(const TranslationEntry& entry) {
  const Key inside = key_of(entry.ip_protocol, entry.inside, entry.remote);
  const Key outside = key_of(entry.ip_protocol, entry.public_end, entry.remote);
  remove(x_by_inside, inside);
  remove(x_by_public, outside);
  if (x_entries.size() >= x_capacity) {
    ++x_evicted;
    remove(x_entries.begin());
  }
  const auto added = x_entries.insert(x_entries.end(), entry);
  x_by_inside.emplace(inside, added);
  x_by_public.emplace(outside, added);
  return *added;
}

void TranslationTable::touch(TranslationEntry& entry) {
  const auto found = x_by_inside.find(key_of(entry.ip_protocol, entry.inside, entry.remote));
  if (found != x_by_inside.end()) x_entries.splice(x_entries.end(), x_entries, found->second);
}

void TranslationTable::remove(const Index& index, const Key& key) {
  if (const auto found = index.find(key); found != index.end()) remove(found->second);
}

void TranslationTable::remove(Entries::iterator entry) {
  x_by_inside.erase(key_of(entry->ip_protocol, entry->inside, entry->remote));
  x_by_public.erase(key_of(entry->ip_protocol, entry->public_end, entry->remote));
  x_entries.erase(entry);
}

}  // namespace tapdeck

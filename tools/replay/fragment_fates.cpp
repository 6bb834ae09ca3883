#include "tools/replay/fragment_fates.h"

#include "captures/elapsed.h"
#include "dissectors/registry.h"

namespace tapdeck {

std::optional<FragmentPlaceInFrame> fragment_of(const Dissection& dissection, std::size_t layer) {
  const Layer& network = dissection.layers[layer];
  const AddressPair addresses = addresses_of(dissection, network);
  FragmentPlaceInFrame result;
  result.key.source = addresses.source;
  result.key.destination = addresses.destination;
  if (network.protocol == protocol_of<Ipv4>) {
    const Ipv4 header(dissection.region_of(network));
    if (!header.is_fragment()) return std::nullopt;
    result.key.identification = header.identification();
    result.key.protocol = header.protocol();
    result.is_first = header.fragment_offset() == 0;
    return result;
  }
  for (std::size_t i = layer + 1; i < dissection.layer_count; ++i) {
    const Layer& next = dissection.layers[i];
    if (role_of(next.protocol) != Role::extension) return std::nullopt;
    if (next.protocol != protocol_of<FragmentHeader>) continue;
    const FragmentHeader header(dissection.region_of(next));
    if (!header.is_fragment()) return std::nullopt;
    result.key.identification = header.identification();
    result.is_first = header.fragment_offset() == 0;
    return result;
  }
  return std::nullopt;
}

std::size_t FragmentFates::Hash::operator()(const FragmentKey& key) const {
  const auto text = [](const IpAddress& address) {
    return std::string_view(reinterpret_cast<const char*>(address.octets.data()),
                            address.octets.size());
  };
  const std::hash<std::string_view> hash;
  return hash(text(key.source)) * 31 + hash(text(key.destination)) * 17 +
         (std::size_t{key.identification} << 8U | key.protocol) * 0x9e3779b97f4a7c15U;
}

void FragmentFates::remember(const FragmentKey& key, const FragmentFate& fate,
                             std::int64_t time_ns) {
  if (const auto known = x_fates.find(key); known != x_fates.end()) {
    x_by_age.erase(known->second.age);
    x_fates.erase(known);
  }
  if (x_fates.size() >= most) {
    x_fates.erase(x_by_age.front());
    x_by_age.pop_front();
  }
  const auto age = x_by_age.insert(x_by_age.end(), key);
  x_fates.emplace(key, Entry{.fate = fate, .time_ns = time_ns, .age = age});
}

std::optional<FragmentFate> FragmentFates::find(const FragmentKey& key,
                                                std::int64_t time_ns) const {
  const auto found = x_fates.find(key);
  if (found == x_fates.end()) return std::nullopt;
  if (elapsed_ns(found->second.time_ns, time_ns) > lifetime_ns) return std::nullopt;
  return found->second.fate;
}

}  // namespace tapdeck

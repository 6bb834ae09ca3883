#include "tools/lab/link/trigger_watch.h"

#include <sstream>

#include "tools/lab/link/namespace_visit.h"
#include "tools/lab/link/segmentation.h"

namespace tapdeck {
namespace {

constexpr std::array<std::string_view, trigger_names.size()> counter_names{
    "TCPTimeouts", "TCPLossProbes", "TCPFastRetrans", "TCPSlowStartRetrans"};

std::ifstream open_counters(const std::string& network_namespace) {
  const NamespaceVisit visit(network_namespace);
  return std::ifstream("/proc/thread-self/net/netstat");
}

}  // namespace

std::string TriggerPool::claim(const Counters& counters) {
  std::string names;
  std::size_t claimed = counters.size();
  for (std::size_t i = 0; i < counters.size(); ++i) {
    x_unclaimed[i] += counters[i] - x_last[i];
    if (x_unclaimed[i] == 0) continue;
    if (claimed == counters.size()) claimed = i;
    names += (names.empty() ? "" : "|") + std::string(trigger_names[i]);
  }
  x_last = counters;
  if (claimed < counters.size()) --x_unclaimed[claimed];
  return names;
}

TriggerWatch::TriggerWatch(const std::string& network_namespace)
    : x_file(open_counters(network_namespace)) {}

std::string TriggerWatch::look_at(Bytes frame) {
  return is_repeat(frame) ? x_pool.claim(read_counters()) : std::string();
}

bool TriggerWatch::is_repeat(Bytes frame) {
  const SequencePlace place = sequence_place_of(frame);
  if (place.octets == 0) return false;
  const std::uint32_t next = place.seq + place.octets;
  const auto [found, is_new] = x_highest.emplace(place.ports, next);
  const auto behind = static_cast<std::int32_t>(found->second - place.seq);
  if (is_new) return false;
  const bool new_connection = place.has_syn && behind != 1;
  if (!new_connection && static_cast<std::int32_t>(next - found->second) <= 0) return true;
  found->second = next;
  return !new_connection && behind > 0;
}

TriggerPool::Counters TriggerWatch::read_counters() {
  TriggerPool::Counters counters{};
  x_file.clear();
  x_file.seekg(0);
  std::string names_line;
  std::string values_line;
  if (!std::getline(x_file, names_line) || !std::getline(x_file, values_line)) return counters;
  std::istringstream names(names_line);
  std::istringstream values(values_line);
  std::string name;
  std::string value;
  while (names >> name && values >> value) {
    for (std::size_t i = 0; i < counter_names.size(); ++i) {
      if (name == counter_names[i]) counters[i] = std::stoull(value);
    }
  }
  return counters;
}

}  // namespace tapdeck

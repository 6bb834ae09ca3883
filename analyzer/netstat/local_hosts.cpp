#include "analyzer/netstat/local_hosts.h"

#include <tuple>

namespace tapdeck {
namespace {

struct Candidate {
  IpAddress address;
  const HostFacts* facts = nullptr;
};

bool is_better(const Candidate& one, const Candidate& other) {
  if (other.facts == nullptr) return true;
  const auto merit = [](const Candidate& candidate) {
    const HostFacts& facts = *candidate.facts;
    return std::tuple{facts.conversations, -facts.nearest_ns, facts.frames};
  };
  if (merit(one) != merit(other)) return merit(one) > merit(other);
  return one.address < other.address;
}

/// Of those that pass; facts are null if none does.
template <class Pass>
Candidate best(const GatheredFacts& facts, Pass pass) {
  Candidate result;
  facts.hosts.for_each([&](const HostKey& key, const HostFacts& host) {
    const Candidate candidate{.address = key.host, .facts = &host};
    if (key.host.is_unicast() && pass(candidate) && is_better(candidate, result)) {
      result = candidate;
    }
  });
  return result;
}

void take(LocalGuess& guess, const Candidate& candidate) {
  if (candidate.facts == nullptr) return;
  guess.hosts.push_back(network_of(candidate.address));
  guess.conversations += candidate.facts->conversations;
}

void take_capturing(LocalGuess& guess, const GatheredFacts& facts) {
  constexpr std::size_t most = 64;
  facts.hosts.for_each([&](const HostKey& key, const HostFacts& host) {
    if (!host.captures || guess.hosts.size() == most) return;
    guess.by_capture = true;
    take(guess, {.address = key.host, .facts = &host});
  });
}

}  // namespace

LocalGuess guess_local(const GatheredFacts& facts) {
  LocalGuess guess{.hosts = {}, .all_conversations = facts.conversations};
  take_capturing(guess, facts);
  if (guess.by_capture) return guess;
  const Candidate first = best(facts, [](const Candidate&) { return true; });
  take(guess, first);
  if (first.facts == nullptr || !first.facts->sender) return guess;
  take(guess, best(facts, [&](const Candidate& candidate) {
         return candidate.address.version != first.address.version &&
                candidate.facts->sender == first.facts->sender &&
                candidate.facts->conversations != 0;
       }));
  return guess;
}

}  // namespace tapdeck

// Captures of public projects, behind a port forwarding and behind NAT: what a report says of them
// stays the same, apart from addresses and ports. Where it doesn't, the reason stands in
// tests/tools/replay/rewriting/rewriting_differences.tsv.
#include <algorithm>
#include <cstdint>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "analyzer/flow/socket.h"
#include "analyzer/report/json_objects.h"
#include "dissectors/dispatch.h"
#include "dissectors/ip_protocol.h"
#include "tests/support/analyzed.h"
#include "tests/support/corpus.h"
#include "tests/support/tab_separated.h"
#include "tools/replay/rewriting/rewriter.h"

namespace tapdeck {
namespace {

/// What is left of a report when it doesn't say who the ends are.
struct Story {
  std::map<std::uint64_t, std::string> connections;  // by id
  std::map<std::uint64_t, ConnectionReport> reports;
  std::map<std::uint64_t, FrameVerdict> verdicts;  // by frame
  std::uint64_t bad_checksums = 0;
  std::uint64_t packets = 0;
  RewriteCounts counts;
};

std::string without_ends(ConnectionReport connection) {
  connection.community_id.clear();
  connection.client = connection.server = {};
  connection.anomalies.clear();
  if (connection.client_known_by == ClientKnownBy::port) {  // ports may say less than they did
    connection.client_known_by = ClientKnownBy::first_sender;
  }
  for (IcmpErrorReport& error : connection.icmp_errors) error.from = {};
  StringSink text;
  JsonOutput json(text, JsonLayout::indented);
  write_json_connection(json, connection);
  json.end_document();
  return text.text();
}

Story story_of(const std::string& path, const RewriteRules& rules) {
  AnalysisOptions options;
  options.tracker.trace = TraceWish::verdicts;
  Rewriter rewriter(rules);
  test::CollectingWriter writer;
  Analysis analysis(options, writer);
  const auto source = open_captures({path}, {});
  PacketBatch batch, rewritten;
  Story story;
  const auto take_verdicts = [&] {
    for (const FrameVerdict& one : analysis.take_trace().verdicts) {
      story.verdicts.emplace(one.frame, one);
    }
  };
  while (source->next(batch)) {
    std::vector<std::vector<std::byte>> frames;
    rewritten.packets.clear();
    for (std::size_t i = 0; i < batch.packets.size(); ++i) {
      auto packet = rewriter.rewrite(batch.packets[i], std::span(batch.packets).subspan(i + 1));
      if (!packet) continue;
      frames.emplace_back(packet->bytes.begin(), packet->bytes.end());
      packet->bytes = frames.back();
      rewritten.packets.push_back(*packet);
    }
    analysis.add(rewritten);
    take_verdicts();
  }
  analysis.finish(source->captures());
  take_verdicts();
  for (const ConnectionReport& connection : writer.connections) {
    story.connections.emplace(connection.id, without_ends(connection));
    story.reports.emplace(connection.id, connection);
  }
  story.bad_checksums = writer.summary.hygiene.bad_checksums;
  story.packets = writer.summary.totals.packets;
  story.counts = rewriter.counts();
  return story;
}

/// The first line in which two texts differ.
std::string first_difference(const std::string& one, const std::string& other) {
  std::istringstream left(one), right(other);
  for (std::string a, b; std::getline(left, a);) {
    if (!std::getline(right, b)) return a + " | (end)";
    if (a != b) return a + " | " + b;
  }
  return "more lines";
}

using Ids = std::set<std::uint64_t>;

/// What differs beside the ends; empty if nothing does. Connections that are `left_out` must be
/// missing, those that `may_miss` may be.
std::string difference(const Story& before, const Story& after, const Ids& left_out = {},
                       const Ids& may_miss = {}) {
  for (const auto& [id, text] : before.connections) {
    const auto found = after.connections.find(id);
    const bool missing = found == after.connections.end();
    if (left_out.contains(id)) {
      if (!missing) return std::to_string(id) + " is still there";
    } else if (missing) {
      if (!may_miss.contains(id)) return std::to_string(id) + " is missing";
    } else if (found->second != text) {
      return std::to_string(id) + ": " + first_difference(text, found->second);
    }
  }
  for (const auto& [id, text] : after.connections) {
    if (!before.connections.contains(id)) return std::to_string(id) + " is new";
  }
  for (const auto& [frame, verdict] : before.verdicts) {
    const auto found = after.verdicts.find(frame);
    if (left_out.contains(verdict.connection)) continue;
    if (found == after.verdicts.end()) return "no verdict on frame " + std::to_string(frame);
    if (found->second.verdict != verdict.verdict) {
      return "another verdict on frame " + std::to_string(frame);
    }
  }
  return after.bad_checksums > before.bad_checksums ? "new bad checksums" : "";
}

IpAddress numbered(std::uint8_t version, unsigned number) {
  IpAddress address{.octets = {198, 18}, .version = 4};
  if (version == 6) address = {.octets = {0x20, 0x01, 0x0d, 0xb8, 0xff, 0xff}, .version = 6};
  const std::size_t last = version == 4 ? 3 : 15;
  address.octets[last - 1] = static_cast<std::uint8_t>(number >> 8U);
  address.octets[last] = static_cast<std::uint8_t>(number);
  return address;
}

bool is_tunnel_port(std::uint16_t port) {
  return dispatch_table.find(by_udp_port(port)) != registry::nobody;
}

/// A port that says as much of the service as the other.
std::uint16_t port_like(std::uint16_t port, std::uint8_t ip_protocol,
                        const std::set<std::uint16_t>& taken) {
  if (is_tunnel_port(port)) return port;
  const bool has_service = !service_name(port, ip_protocol).empty();
  for (std::uint16_t other = port; ++other != port;) {
    if (other == 0 || port_class_of(other) != port_class_of(port) || is_tunnel_port(other))
      continue;
    const bool alike = service_name(other, ip_protocol).empty() != has_service;
    if (alike && !taken.contains(other)) return other;
  }
  return port;
}

/// Every server's port leads to another port of another host.
RewriteRules forwarding(const Story& story) {
  constexpr std::size_t most_rules = 1000;
  RewriteRules rules;
  std::map<IpAddress, IpAddress> hosts;
  std::set<std::tuple<std::uint8_t, IpAddress, std::uint16_t>> known;
  std::map<IpAddress, std::set<std::uint16_t>> taken;
  for (const auto& [id, connection] : story.reports) {
    const Socket& server = connection.server;
    const bool has_port = IpProtocol::has_ports(connection.ip_protocol) && server.port;
    if (!has_port || rules.forwards.size() >= most_rules) continue;
    if (!known.insert({connection.ip_protocol, server.address, *server.port}).second) continue;
    const auto host =
        hosts
            .try_emplace(server.address,
                         numbered(server.address.version, static_cast<unsigned>(hosts.size() + 1)))
            .first;
    const std::uint16_t port =
        port_like(*server.port, connection.ip_protocol, taken[server.address]);
    taken[server.address].insert(port);
    rules.forwards.push_back({.ip_protocol = connection.ip_protocol,
                              .public_address = server.address,
                              .public_port = *server.port,
                              .inside_address = host->second,
                              .inside_port = port});
  }
  return rules;
}

std::set<IpAddress> clients_of(const Story& story) {
  std::set<IpAddress> clients;
  for (const auto& [id, connection] : story.reports) clients.insert(connection.client.address);
  return clients;
}

bool has_host_on_both_sides(const Story& story) {
  const std::set<IpAddress> clients = clients_of(story);
  return std::ranges::any_of(story.reports, [&](const auto& entry) {
    return clients.contains(entry.second.server.address);
  });
}

RewriteRules nat_of(const std::set<IpAddress>& clients) {
  RewriteRules rules;
  for (const IpAddress& client : clients) {
    const auto bits = address_bits(client);
    rules.nat.push_back({.inside = {client, bits}, .public_address = numbered(client.version, 1)});
  }
  return rules;
}

/// Behind one address hosts can't be told apart that speak a protocol without ports to one peer:
/// the first one's conversation comes through.
Ids indistinct(const Story& story) {
  std::map<std::pair<std::uint8_t, IpAddress>, IpAddress> first;
  Ids ids;
  for (const auto& [id, connection] : story.reports) {
    if (IpProtocol::has_ports(connection.ip_protocol)) continue;
    const auto holder = first.try_emplace({connection.ip_protocol, connection.server.address},
                                          connection.client.address);
    if (holder.first->second != connection.client.address) ids.insert(id);
  }
  return ids;
}

std::uint64_t frames_of(const ConnectionReport& connection) {
  return connection.directions[0].packets + connection.directions[1].packets +
         connection.icmp_error_count;
}

/// What is dropped is what belongs to the connections left out, and of the packets that belong to
/// none (fragments without the others, headers cut off) those of the host that is outside.
std::string miscount(const Story& before, const Story& after) {
  std::uint64_t of_missing = 0, of_all = 0;
  for (const auto& [id, connection] : before.reports) {
    of_all += frames_of(connection);
    if (!after.connections.contains(id)) of_missing += frames_of(connection);
  }
  const std::uint64_t dropped = after.counts.all_dropped();
  const std::uint64_t of_none = before.packets - std::min(before.packets, of_all);
  if (dropped >= of_missing && dropped <= of_missing + of_none) return {};
  return std::to_string(dropped) + " dropped of " + std::to_string(of_missing);
}

struct Difference {
  std::string file, rules, what;
};

struct Score {
  std::size_t files = 0, forwarded = 0, translated = 0, left_outside = 0;
  std::vector<std::string> on_both_sides;
  std::vector<Difference> differences;

  void add(std::size_t& equal, const Difference& difference) {
    if (difference.what.empty()) {
      ++equal;
    } else {
      differences.push_back(difference);
    }
  }
};

void score_nat(const std::string& path, const std::string& name, const Story& before,
               Score& score) {
  std::set<IpAddress> clients = clients_of(before);
  if (clients.empty()) return;
  const Ids may_miss = indistinct(before);
  score.add(score.translated,
            {name, "nat", difference(before, story_of(path, nat_of(clients)), {}, may_miss)});
  const IpAddress outside = *clients.begin();
  clients.erase(clients.begin());
  if (clients.empty()) clients.insert(numbered(4, 77));  // a network without anybody
  Ids left_out;
  for (const auto& [id, connection] : before.reports) {
    if (connection.client.address == outside) left_out.insert(id);
  }
  const Story after = story_of(path, nat_of(clients));
  std::string text = difference(before, after, left_out, may_miss);
  if (text.empty()) text = miscount(before, after);
  score.add(score.left_outside, {name, "one client outside", text});
}

Score score_part(const std::string& corpus, std::size_t part, std::size_t parts) {
  Score score;
  std::size_t index = 0;
  for (const test::TableRow& row : test::read_table(corpus + "/MANIFEST.tsv")) {
    if (index++ % parts != part) continue;
    const std::string& name = row.at("name");
    const std::string path = corpus + "/" + name;
    const Story before = story_of(path, {});
    ++score.files;
    score.add(score.forwarded,
              {name, "port-forward", difference(before, story_of(path, forwarding(before)))});
    if (has_host_on_both_sides(before)) {
      score.on_both_sides.push_back(name);
    } else {
      score_nat(path, name, before, score);
    }
  }
  return score;
}

class RewritingCorpus : public ::testing::TestWithParam<std::size_t> {};

constexpr std::size_t parts = 4;

TEST_P(RewritingCorpus, TellsTheSameStoryBehindARouter) {
  const std::string corpus = test::corpus_directory();
  if (corpus.empty()) GTEST_SKIP() << "the corpus is absent; TAPDECK_CORPUS names its directory";
  const Score score = score_part(corpus, GetParam(), parts);
  std::set<std::pair<std::string, std::string>> known;
  for (const test::TableRow& row : test::read_table(
           TAPDECK_SOURCE_DIR "/tests/tools/replay/rewriting/rewriting_differences.tsv")) {
    EXPECT_FALSE(row.at("reason").empty()) << row.at("file");
    known.emplace(row.at("file"), row.at("rules"));
  }
  for (const Difference& difference : score.differences) {
    EXPECT_TRUE(known.contains({difference.file, difference.rules}))
        << difference.file << '\t' << difference.rules << '\t' << difference.what;
  }
  std::cout << score.files << " files; the same behind port forwarding: " << score.forwarded
            << ", behind NAT: " << score.translated
            << ", with one client outside: " << score.left_outside
            << "; skipped for hosts on both sides: " << score.on_both_sides.size() << "\n";
  for (const std::string& name : score.on_both_sides) std::cout << "  " << name << '\n';
  EXPECT_GT(score.forwarded, 0U);
}

INSTANTIATE_TEST_SUITE_P(Parts, RewritingCorpus, ::testing::Range<std::size_t>(0, parts));

}  // namespace
}  // namespace tapdeck

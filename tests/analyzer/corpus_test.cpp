// Our connections against what tshark and tcptrace say of real captures, where both agree. They are
// references, not truth: every difference stands in tests/known_differences.tsv with its reason,
// and one that doesn't fails here.
#include "tests/support/corpus.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/analyzed.h"
#include "tests/support/tab_separated.h"

namespace tapdeck {
namespace {

using test::read_table;
using test::TableRow;

/// One side's socket as the reference prints it.
using Sockets = std::pair<std::string, std::string>;

struct Stream {
  std::string number;
  std::string a, b;
  std::uint64_t packets_a = 0, packets_b = 0, payload_a = 0, payload_b = 0;
  std::uint64_t out_of_sequence = 0;  // sent again, overtaken or copied, both ways

  [[nodiscard]] Sockets key() const { return a < b ? Sockets{a, b} : Sockets{b, a}; }
};

struct Difference {
  std::string file, stream, what, theirs, ours;

  friend auto operator<=>(const Difference&, const Difference&) = default;
};

struct Score {
  std::size_t files = 0, equal_files = 0, streams = 0, equal_streams = 0, equal_sequences = 0;
  std::vector<Difference> differences;
};

std::string socket_text(const Socket& socket) {
  return to_string(socket.address) + " " + std::to_string(socket.port.value_or(0));
}

Stream stream_of(const TableRow& row) {
  const auto number = [&](const char* column) { return std::stoull(row.at(column)); };
  return {.number = row.at("stream"),
          .a = row.at("addr_a") + " " + row.at("port_a"),
          .b = row.at("addr_b") + " " + row.at("port_b"),
          .packets_a = number("packets_a"),
          .packets_b = number("packets_b"),
          .payload_a = number("payload_a"),
          .payload_b = number("payload_b"),
          .out_of_sequence = number("retransmission") + number("out_of_order")};
}

Stream stream_of(const ConnectionReport& connection) {
  const auto& [sent, received] = connection.directions;
  return {.number = std::to_string(connection.id),
          .a = socket_text(connection.client),
          .b = socket_text(connection.server),
          .packets_a = sent.packets,
          .packets_b = received.packets,
          .payload_a = sent.payload_bytes,
          .payload_b = received.payload_bytes};
}

std::string numbers_of(const Stream& stream, const std::string& first_socket) {
  const bool same = stream.a == first_socket;
  const auto text = [](std::uint64_t packets, std::uint64_t payload) {
    return std::to_string(packets) + "/" + std::to_string(payload);
  };
  const std::string a = text(stream.packets_a, stream.payload_a);
  const std::string b = text(stream.packets_b, stream.payload_b);
  return same ? a + " " + b : b + " " + a;
}

/// tcptrace's "host:port"; IPv6 it prints in a form of its own, so those stay tshark's alone.
std::optional<std::string> socket_of_tcptrace(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  if (text.find(':') != colon) return std::nullopt;
  return text.substr(0, colon) + " " + text.substr(colon + 1);
}

std::optional<Stream> stream_of_tcptrace(const TableRow& row) {
  const auto a = socket_of_tcptrace(row.at("host_a"));
  const auto b = socket_of_tcptrace(row.at("host_b"));
  if (!a || !b) return std::nullopt;
  const auto number = [&](const char* column) { return std::stoull(row.at(column)); };
  return Stream{.number = row.at("conn"),
                .a = *a,
                .b = *b,
                .packets_a = number("packets_a"),
                .packets_b = number("packets_b"),
                .payload_a = number("data_bytes_a"),
                .payload_b = number("data_bytes_b")};
}

/// The k-th stream of a pair of sockets is the k-th connection there.
using BySockets = std::map<Sockets, std::vector<Stream>>;

/// Segments with bytes of their own that were sent again, overtaken or copied, by connection: an
/// empty one that is copied tshark takes for a duplicate ACK.
std::map<std::uint64_t, std::uint64_t> out_of_sequence_of(const Trace& trace) {
  std::set<std::uint64_t> with_bytes;
  for (const TracedSegment& segment : trace.segments) {
    if (segment.segment.seg_len() != 0) with_bytes.insert(segment.frame);
  }
  std::map<std::uint64_t, std::uint64_t> counts;
  for (const FrameVerdict& verdict : trace.verdicts) {
    const Origin origin = verdict.verdict.origin;
    const bool counts_here = origin == Origin::retransmission || origin == Origin::out_of_order ||
                             origin == Origin::duplicate;
    if (counts_here && with_bytes.contains(verdict.frame)) ++counts[verdict.connection];
  }
  return counts;
}

void compare_sequences(const std::string& file, const BySockets& tshark, const BySockets& ours,
                       Score& score) {
  for (const auto& [sockets, streams] : tshark) {
    const auto found = ours.find(sockets);
    if (found == ours.end()) continue;
    for (std::size_t i = 0; i < std::min(streams.size(), found->second.size()); ++i) {
      const std::uint64_t theirs = streams[i].out_of_sequence;
      const std::uint64_t here = found->second[i].out_of_sequence;
      if (theirs == here) {
        ++score.equal_sequences;
      } else {
        score.differences.push_back({file, streams[i].number, "out_of_sequence",
                                     std::to_string(theirs), std::to_string(here)});
      }
    }
  }
}

/// tshark takes a segment's length from the frame, tcptrace from the IP header: equal to either is
/// equal.
void compare_streams(const std::string& file, const BySockets& tshark, const BySockets& tcptrace,
                     const BySockets& ours, Score& score) {
  const auto at = [](const BySockets& all, const Sockets& sockets, std::size_t i,
                     const std::string& first) -> std::string {
    const auto found = all.find(sockets);
    if (found == all.end() || i >= found->second.size()) return "-";
    return numbers_of(found->second[i], first);
  };
  for (const auto& [sockets, streams] : tshark) {
    for (std::size_t i = 0; i < streams.size(); ++i) {
      ++score.streams;
      const std::string expected = numbers_of(streams[i], streams[i].a);
      const std::string seen = at(ours, sockets, i, streams[i].a);
      if (seen == expected || seen == at(tcptrace, sockets, i, streams[i].a)) {
        ++score.equal_streams;
      } else {
        score.differences.push_back({file, streams[i].number, "packets/payload", expected, seen});
      }
    }
  }
}

Score score_corpus(const std::string& corpus) {
  std::map<std::string, BySockets> streams;
  for (const TableRow& row : read_table(corpus + "/reference/tshark_streams.tsv")) {
    const Stream stream = stream_of(row);
    streams[row.at("file")][stream.key()].push_back(stream);
  }
  std::map<std::string, BySockets> tcptrace;
  for (const TableRow& row : read_table(corpus + "/reference/tcptrace.tsv")) {
    const auto stream = stream_of_tcptrace(row);
    if (stream) tcptrace[row.at("file")][stream->key()].push_back(*stream);
  }
  Score score;
  for (const TableRow& row : read_table(corpus + "/reference/tshark_vs_tcptrace.tsv")) {
    const std::string& file = row.at("file");
    if (row.at("agree") != "yes" || !std::filesystem::exists(corpus + "/" + file)) continue;
    BySockets ours;
    std::size_t connections = 0;
    AnalysisOptions options;
    options.tracker.trace = TraceWish::segments;
    const test::Analyzed analyzed = test::analyze_file(corpus + "/" + file, options);
    const auto out_of_sequence = out_of_sequence_of(analyzed.trace);
    for (const ConnectionReport& connection : analyzed.connections) {
      if (!connection.tcp) continue;
      ++connections;
      Stream stream = stream_of(connection);
      const auto counted = out_of_sequence.find(connection.id);
      if (counted != out_of_sequence.end()) stream.out_of_sequence = counted->second;
      ours[stream.key()].push_back(stream);
    }
    ++score.files;
    if (std::to_string(connections) == row.at("ts_streams")) {
      ++score.equal_files;
    } else {
      score.differences.push_back(
          {file, "", "connections", row.at("ts_streams"), std::to_string(connections)});
    }
    compare_streams(file, streams[file], tcptrace[file], ours, score);
    compare_sequences(file, streams[file], ours, score);
  }
  return score;
}

TEST(Corpus, AgreesWithBothReferencesWhereTheyAgree) {
  const std::string corpus = test::corpus_directory();
  if (corpus.empty()) GTEST_SKIP() << "the corpus is absent; TAPDECK_CORPUS names its directory";
  const Score score = score_corpus(corpus);
  std::set<Difference> known;
  for (const TableRow& row : read_table(TAPDECK_KNOWN_DIFFERENCES)) {
    EXPECT_FALSE(row.at("reason").empty()) << row.at("file") << " has no reason";
    known.insert(
        {row.at("file"), row.at("stream"), row.at("what"), row.at("theirs"), row.at("ours")});
  }
  for (const Difference& difference : score.differences) {
    EXPECT_TRUE(known.contains(difference))
        << "not in known_differences.tsv:\n"
        << difference.file << '\t' << difference.stream << '\t' << difference.what << '\t'
        << difference.theirs << '\t' << difference.ours;
  }
  const std::set<Difference> seen(score.differences.begin(), score.differences.end());
  for (const Difference& difference : known) {
    EXPECT_TRUE(seen.contains(difference))
        << difference.file << ' ' << difference.what << " no longer differs: take it off the list";
  }
  std::cout << "connections equal in " << score.equal_files << " of " << score.files
            << " files; packets and payload each way in " << score.equal_streams << " of "
            << score.streams << " streams, segments out of sequence in " << score.equal_sequences
            << "\n";
  EXPECT_GE(score.equal_files * 100, score.files * 99);
  EXPECT_GE(score.equal_streams * 100, score.streams * 99);
  EXPECT_GE(score.equal_sequences * 100, score.streams * 97);
}

/// The whole line over one file, with every field of every packet and every report format.
void run_everything(const std::string& path) {
  const auto source = open_captures({path}, {});
  std::vector<std::unique_ptr<StringSink>> outputs;
  std::vector<std::unique_ptr<ReportWriter>> writers;
  std::vector<std::unique_ptr<Analysis>> analyses;
  for (const ReportFormat& format : report_formats()) {
    outputs.push_back(std::make_unique<StringSink>());
    writers.push_back(format.make(*outputs.back(), Style{}));
    analyses.push_back(std::make_unique<Analysis>(AnalysisOptions{}, *writers.back()));
  }
  Dissector dissector;
  Dissection dissection;
  PacketBatch batch;
  std::uint64_t packets = 0;
  while (source->next(batch)) {
    packets += batch.packets.size();
    for (const auto& analysis : analyses) analysis->add(batch);
    for (const Packet& packet : batch.packets) {
      dissector.dissect(packet, dissection);
      EXPECT_EQ(describe(dissection).size(), dissection.layer_count);
    }
    dissector.release_datagrams();
  }
  for (const auto& analysis : analyses) analysis->finish(source->captures());
  EXPECT_EQ(packets, source->captures().at(0).packets) << path;
  for (const auto& output : outputs) EXPECT_FALSE(output->text().empty()) << path;
}

TEST(Corpus, EveryFileGoesThroughTheWholeLine) {
  const std::string corpus = test::corpus_directory();
  if (corpus.empty()) GTEST_SKIP() << "the corpus is absent; TAPDECK_CORPUS names its directory";
  std::size_t files = 0;
  for (const TableRow& row : read_table(corpus + "/MANIFEST.tsv")) {
    SCOPED_TRACE(row.at("name"));
    run_everything(corpus + "/" + row.at("name"));
    ++files;
  }
  std::cout << files << " files\n";
}

}  // namespace
}  // namespace tapdeck

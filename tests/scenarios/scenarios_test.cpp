// Plays every scenario in every variant and compares what the analysis says of each frame with what
// the scenario expects.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>

#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <sys/mman.h>
#include <unistd.h>

#include "analyzer/analysis.h"
#include "analyzer/report/writer.h"
#include "captures/packet_source.h"
#include "tests/support/scenario_frames.h"

namespace tapdeck {
namespace {

using test::Scenario;
using test::Variant;
using Words = std::set<std::string>;

struct Play {
  std::string file;
  Variant variant{};
};

/// For the names of tests.
void PrintTo(const Play& play, std::ostream* out) {
  *out << play.file << " " << to_string(play.variant);
}

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> scenario_files() {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(TAPDECK_SCENARIO_DIR)) {
    if (entry.path().extension() == ".seg") files.push_back(entry.path().filename());
  }
  std::ranges::sort(files);
  return files;
}

std::vector<Play> plays() {
  std::vector<Play> result;
  for (const std::string& file : scenario_files()) {
    for (const Variant variant : test::all_variants) result.push_back({file, variant});
  }
  return result;
}

/// What the analysis said: of each frame, and as the JSON report.
struct Said {
  std::map<std::uint64_t, Words> words;
  std::map<std::uint64_t, std::array<std::string, 2>> states;
  rapidjson::Document report;
};

/// A capture in memory that the reader of files opens.
class MemoryFile {
 public:
  explicit MemoryFile(const test::Octets& octets) : x_descriptor(::memfd_create("scenario", 0)) {
    if (::write(x_descriptor, octets.data(), octets.size()) != std::ssize(octets)) {
      throw std::runtime_error("no memory for a scenario's capture");
    }
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(x_descriptor); }

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(x_descriptor); }

 private:
  int x_descriptor;
};

void add_to(Trace& trace, const Trace& more) {
  trace.segments.insert(trace.segments.end(), more.segments.begin(), more.segments.end());
  trace.verdicts.insert(trace.verdicts.end(), more.verdicts.begin(), more.verdicts.end());
}

Said analyzed(const test::Octets& capture) {
  const MemoryFile file(capture);
  const auto source = open_captures({file.path()}, {});
  StringSink sink;
  const auto writer = find_report_format("json")->make(sink, {});
  AnalysisOptions options;
  options.tracker.trace = TraceWish::segments;
  Analysis analysis(options, *writer);
  Trace trace;
  PacketBatch batch;
  while (source->next(batch)) {
    analysis.add(batch);
    add_to(trace, analysis.take_trace());
  }
  analysis.finish(source->captures());
  add_to(trace, analysis.take_trace());

  Said said;
  said.report.Parse(sink.text().c_str());
  for (const FrameVerdict& verdict : trace.verdicts) {
    const auto words = words_of(verdict.verdict);
    said.words[verdict.frame] = Words(words.begin(), words.end());
  }
  for (const TracedSegment& segment : trace.segments) {
    said.states[segment.frame] = {std::string(to_string(segment.states_after[0])),
                                  std::string(to_string(segment.states_after[1]))};
  }
  return said;
}

std::string joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text.empty() ? "nothing" : text;
}

void compare_frames(const Scenario& scenario, const Said& said) {
  for (std::size_t i = 0; i < scenario.packets.size(); ++i) {
    const test::ScenarioPacket& packet = scenario.packets[i];
    const std::string place = scenario.at(packet.line) + ": ";
    const auto words = said.words.find(i + 1);
    const Words found = words == said.words.end() ? Words{} : words->second;
    if (found != packet.expected.words) {
      ADD_FAILURE() << place << "expected " << joined(packet.expected.words) << ", got "
                    << joined(found);
    }
    if (!packet.expected.states) continue;
    const auto states = said.states.find(i + 1);
    if (states == said.states.end()) {
      ADD_FAILURE() << place << "the frame has no states";
    } else if (states->second != *packet.expected.states) {
      const auto& [client, server] = *packet.expected.states;
      ADD_FAILURE() << place << "expected states " << client << " " << server << ", got "
                    << states->second[0] << " " << states->second[1];
    }
  }
}

using Json = rapidjson::Value;

/// The member, or null.
const Json& member(const Json& object, const char* name) {
  static const Json nothing;
  if (!object.IsObject()) return nothing;
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nothing : found->value;
}

bool matches(const test::AnomalyExpectation& expected, const Json& anomaly) {
  const auto is = [&](const char* name, const std::string& wanted) {
    const Json& value = member(anomaly, name);
    return wanted.empty() || (value.IsString() && value.GetString() == wanted);
  };
  const Json& severity = member(anomaly, "severity");
  if (expected.type.empty())
    return severity.IsString() && severity.GetString() != std::string("info");
  return is("type", expected.type) && is("severity", expected.severity) &&
         is("direction", expected.direction);
}

std::string described(const Json& anomalies) {
  std::string text;
  if (!anomalies.IsArray()) return "none";
  for (const Json& anomaly : anomalies.GetArray()) {
    for (const char* name : {"type", "severity", "direction"}) {
      const Json& value = member(anomaly, name);
      text += value.IsString() ? value.GetString() + std::string(" ") : std::string();
    }
    text += "first frame " + std::to_string(member(anomaly, "first_frame").GetUint64()) + "; ";
  }
  return text.empty() ? "none" : text;
}

void compare_anomalies(const Scenario& scenario, const Said& said) {
  const Json& anomalies = member(said.report, "anomalies");
  for (const test::AnomalyExpectation& expected : scenario.anomalies) {
    const bool found =
        anomalies.IsArray() && std::ranges::any_of(anomalies.GetArray(), [&](const Json& anomaly) {
          return matches(expected, anomaly);
        });
    if (found == expected.wanted) continue;
    ADD_FAILURE() << scenario.at(expected.line) << ": expected " << (expected.wanted ? "" : "no ")
                  << "anomaly " << expected.type << " " << expected.severity << " "
                  << expected.direction << ", got " << described(anomalies);
  }
}

void compare_counts(const Scenario& scenario, const Said& said) {
  if (scenario.connections) {
    const std::uint64_t found = member(said.report, "connections").Size();
    if (found != scenario.connections->value) {
      ADD_FAILURE() << scenario.at(scenario.connections->line) << ": expected "
                    << scenario.connections->value << " connections, got " << found;
    }
  }
  for (const test::CountExpectation& expected : scenario.hygiene) {
    const Json& found = member(member(said.report, "hygiene"), expected.name.c_str());
    if (!found.IsUint64() || found.GetUint64() != expected.value) {
      ADD_FAILURE() << scenario.at(expected.line) << ": expected " << expected.name << " "
                    << expected.value << ", got "
                    << (found.IsUint64() ? std::to_string(found.GetUint64()) : "no such counter");
    }
  }
}

/// For a look at it with other programs: TAPDECK_SCENARIO_DUMP names a directory.
void dump(const std::string& name, const test::Octets& capture) {
  const char* directory = std::getenv("TAPDECK_SCENARIO_DUMP");
  if (directory == nullptr) return;
  std::ofstream file(std::filesystem::path(directory) / (name + ".pcapng"), std::ios::binary);
  for (const std::byte octet : capture) file.put(static_cast<char>(octet));
}

class Scenarios : public ::testing::TestWithParam<Play> {};

TEST_P(Scenarios, Hold) {
  const auto& [file, variant] = GetParam();
  const auto path = std::filesystem::path(TAPDECK_SCENARIO_DIR) / file;
  const Scenario scenario = test::read_scenario(file, content_of(path));
  if (scenario.left_out.contains(variant)) return;
  const test::Octets capture = test::capture_of(scenario, variant);
  dump(path.stem().string() + "." + std::string(to_string(variant)), capture);
  const Said said = analyzed(capture);
  compare_frames(scenario, said);
  compare_counts(scenario, said);
  compare_anomalies(scenario, said);
}

std::string name_of(const ::testing::TestParamInfo<Play>& play) {
  const auto& [file, variant] = play.param;
  return file.substr(0, file.find('.')) + "__" + std::string(to_string(variant));
}

INSTANTIATE_TEST_SUITE_P(Files, Scenarios, ::testing::ValuesIn(plays()), name_of);

}  // namespace
}  // namespace tapdeck

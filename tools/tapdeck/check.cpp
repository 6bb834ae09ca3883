// tapdeck check: captures against the reports that stand beside them.
#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "analyzer/analysis.h"
#include "tools/tapdeck/command.h"
#include "tools/tapdeck/input.h"
#include "tools/tapdeck/json_compare.h"
#include "tools/tapdeck/junit.h"
#include "tools/tapdeck/options.h"
#include "tools/tapdeck/output.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view help =
    "Analyzes each capture in DIR and compares the result with the report beside it:\n"
    "NAME.json for NAME.pcap, NAME.pcapng.gz and so on. Reports are compared by\n"
    "meaning: white space and the order of keys don't count. Exits with 6 if one\n"
    "differs or is missing, with 2 if a capture can't be read.";

constexpr std::size_t differences_shown = 10;

fs::path report_beside(fs::path capture) {
  for (const char* suffix : {".gz", ".zst", ".lz4"}) {
    if (capture.extension() == suffix) capture.replace_extension();
  }
  return capture.replace_extension(".json");
}

std::optional<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

void write_file(const fs::path& path, const std::string& text) {
  Output output(path.string());
  output.write(text);
  output.close();
}

struct Tally {
  std::vector<CheckResult> results;
  std::size_t written = 0;

  [[nodiscard]] std::size_t wrong() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        results, [](const CheckResult& result) { return !result.differences.empty(); }));
  }
};

struct Analyzed {
  std::string report;
  std::string fault;  // what kept the capture from being read at all
};

/// The report names the bare file, so that it doesn't depend on where the directory lies.
Analyzed analyze_file(const fs::path& path) {
  const ReportFormat* const json = find_report_format("json");
  if (json == nullptr) throw Failure(ExitCode::usage, "this tapdeck writes no JSON");
  const auto source = open_captures({path.string()}, {});
  StringSink sink;
  const auto writer = json->make(sink, {});
  Analysis analysis({}, *writer);
  PacketBatch batch;
  while (source->next(batch)) analysis.add(batch);
  std::vector<CaptureInfo> captures = source->captures();
  Analyzed result;
  for (CaptureInfo& capture : captures) {
    for (const CaptureFault& fault : capture.faults) {
      const ExitCode code = exit_code_of(capture, fault);
      if (code != ExitCode::damaged_input) result.fault = describe(fault);
    }
    capture.file = fs::path(capture.file).filename().string();
  }
  analysis.finish(captures);
  result.report = sink.text();
  return result;
}

void compare_report(const fs::path& report, const std::string& found, CheckResult& result) {
  const std::optional<std::string> expected = read_file(report);
  if (!expected) {
    result.differences.push_back(
        fmt::format("no report {} beside it (--update writes one)", report.filename().string()));
    return;
  }
  for (const auto& [at, wanted, is] : compare_json(*expected, found, differences_shown)) {
    result.differences.push_back(
        fmt::format("{}: expected {}, found {}", at.empty() ? "the report" : at, wanted, is));
  }
}

/// With `update` the report is written where it differs.
void check_capture(const fs::path& path, bool update, Tally& tally) {
  CheckResult& result = tally.results.emplace_back();
  result.name = path.filename().string();
  const Analyzed analyzed = analyze_file(path);
  const fs::path report = report_beside(path);
  if (!analyzed.fault.empty()) {
    result.unreadable = true;
    result.differences.push_back(analyzed.fault);
  } else if (!update) {
    compare_report(report, analyzed.report, result);
  } else if (read_file(report) != analyzed.report) {
    write_file(report, analyzed.report);
    ++tally.written;
  }
}

/// The directory's captures by name; what else lies there is no concern of the check.
std::vector<fs::path> captures_in(const std::string& directory) {
  std::error_code error;
  if (!fs::is_directory(directory, error)) {
    throw Failure(ExitCode::unreadable_input, shown(directory) + ": no such directory");
  }
  std::vector<fs::path> paths;
  const auto source = open_captures({directory}, {});
  for (const CaptureInfo& capture : source->captures()) {
    if (!capture.faults.empty() && capture.file == directory) {
      throw Failure(ExitCode::unreadable_input,
                    shown(directory) + ": " + describe(capture.faults.front()));
    }
    paths.emplace_back(capture.file);
  }
  return paths;
}

void write_result(const CheckResult& result, Output& output) {
  const std::string_view word = result.differences.empty() ? "ok   "
                                : result.unreadable        ? "ERROR"
                                                           : "DIFF ";
  output.write(fmt::format("{}  {}\n", word, shown(result.name)));
  for (const std::string& line : result.differences) {
    output.write(fmt::format("         {}\n", shown(line)));
  }
  if (result.differences.size() == differences_shown) {
    output.write("         and perhaps more\n");
  }
}

}  // namespace

ExitCode run_check(const Arguments& arguments) {
  CommandOptions options("check", "DIR [options]", help);
  options.add("update", "", "write the reports instead of comparing them");
  options.add("junit", "FILE", "write the results as JUnit XML to FILE");
  if (!options.parse(arguments)) return ExitCode::fine;
  if (options.words().size() != 1) throw Failure(ExitCode::usage, "check takes one directory");

  const bool update = options.has("update");
  Output output;
  Tally tally;
  for (const fs::path& path : captures_in(options.words().front())) {
    check_capture(path, update, tally);
    write_result(tally.results.back(), output);
    output.flush();
  }
  const std::size_t count = tally.results.size();
  output.write(update ? fmt::format("{} captures, {} reports written\n", count, tally.written)
                      : fmt::format("{} captures, {} as expected\n", count, count - tally.wrong()));
  output.close();
  if (options.has("junit")) write_file(options.value("junit"), junit_xml(tally.results));
  if (std::ranges::any_of(tally.results, &CheckResult::unreadable))
    return ExitCode::unreadable_input;
  return tally.wrong() == 0 ? ExitCode::fine : ExitCode::findings;
}

}  // namespace tapdeck

// tapdeck check: captures against the reports that stand beside them.
#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "analyzer/analysis.h"
#include "captures/file_bytes.h"
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
    "differs, or if a capture or its report is missing, with 2 if one of them can't be\n"
    "read, with 5 if it may not.";

constexpr std::size_t differences_shown = 10;

fs::path report_beside(fs::path capture) {
  for (const char* suffix : {".gz", ".zst", ".lz4"}) {
    if (capture.extension() == suffix) capture.replace_extension();
  }
  return capture.replace_extension(".json");
}

struct ReadFile {
  std::optional<std::string> text = {};
  std::string trouble = {};  // the system's words

  [[nodiscard]] bool failed_by(int error) const {
    return trouble == std::generic_category().message(error);
  }
};

ReadFile read_file(const fs::path& path, FileOpener& opener) {
  constexpr std::size_t block_octets = 64 * 1024;
  FileBytes file(path.string(), opener);
  std::string text;
  std::size_t got = 0;
  do {
    const std::size_t filled = text.size();
    text.resize(filled + block_octets);
    got = file.read(std::as_writable_bytes(std::span(text)).subspan(filled));
    text.resize(filled + got);
  } while (got > 0);
  if (file.trouble()) return {.trouble = file.trouble()->detail};
  return {.text = std::move(text)};
}

void write_file(const fs::path& path, const std::string& text, FileOpener& opener) {
  Output output(path.string(), opener);
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
  ExitCode code = ExitCode::fine;
  std::string fault;  // what kept the capture from being read at all
};

/// The report names the bare file, so that it doesn't depend on where the directory lies.
Analyzed analyze_file(const ListedFile& file, FileOpener& opener) {
  const ReportFormat* const json = find_report_format("json");
  if (json == nullptr) throw Failure(ExitCode::usage, "this tapdeck writes no JSON");
  const NamedInput input{.path = file.path, .files = {file}};
  const auto source = open_captures({input}, PacketFilter(), 0, opener);
  StringSink sink;
  const auto writer = json->make(sink, {});
  AnalysisOptions how;
  how.tracker.limits.early_packets = EarlyPackets::bound;
  Analysis analysis(how, *writer);
  PacketBatch batch;
  while (source->next(batch)) analysis.add(batch);
  std::vector<CaptureInfo> captures = source->captures();
  Analyzed result;
  for (CaptureInfo& capture : captures) {
    for (const CaptureFault& fault : capture.faults) {
      const ExitCode code = exit_code_of(capture, fault);
      if (code == ExitCode::damaged_input) continue;
      result.code = weightier(result.code, code);
      result.fault = describe(fault);
    }
    capture.file = fs::path(capture.file).filename().string();
  }
  analysis.finish(captures);
  result.report = sink.text();
  return result;
}

void compare_report(const fs::path& report, const std::string& found, FileOpener& opener,
                    CheckResult& result) {
  const ReadFile expected = read_file(report, opener);
  const std::string name = report.filename().string();
  if (expected.failed_by(ENOENT)) {
    result.differences.push_back(fmt::format("no report {} beside it (--update writes one)", name));
    return;
  }
  if (!expected.text) {
    result.fault =
        expected.failed_by(EACCES) ? ExitCode::no_permission : ExitCode::unreadable_input;
    result.differences.push_back(
        fmt::format("its report {} can't be read: {}", name, expected.trouble));
    return;
  }
  for (const auto& [at, wanted, is] : compare_json(*expected.text, found, differences_shown)) {
    result.differences.push_back(
        fmt::format("{}: expected {}, found {}", at.empty() ? "the report" : at, wanted, is));
  }
}

/// With `update` the report is written where it differs. `directory` is what was looked through.
void check_capture(const ListedFile& file, const fs::path& directory, bool update,
                   FileOpener& opener, Tally& tally) {
  CheckResult& result = tally.results.emplace_back();
  result.name = fs::path(file.path).lexically_relative(directory).string();
  const Analyzed analyzed = analyze_file(file, opener);
  const fs::path report = report_beside(file.path);
  if (!analyzed.fault.empty()) {
    result.fault = analyzed.code;
    result.differences.push_back(analyzed.fault);
  } else if (!update) {
    compare_report(report, analyzed.report, opener, result);
  } else if (read_file(report, opener).text != analyzed.report) {
    write_file(report, analyzed.report, opener);
    ++tally.written;
  }
}

/// The directory, and the reports that may lie beside its captures.
std::vector<NamedInput> list_directory(const CommandOptions& options, Sandbox& sandbox) {
  const std::string& directory = options.words().front();
  std::error_code error;
  if (!fs::is_directory(directory, error)) {
    throw Failure(ExitCode::unreadable_input, shown(directory) + ": no such directory");
  }
  std::vector<NamedInput> listed = list_inputs({directory});
  sandbox.will_read(listed);
  for (const ListedFile& file : listed.front().files) {
    const std::string report = report_beside(file.path).string();
    sandbox.will_read(report);
    if (options.has("update")) sandbox.will_write(report);
  }
  sandbox.will_write(options.value("junit"));
  return listed;
}

/// By name; what else lies there is no concern of the check.
std::vector<ListedFile> captures_in(const std::vector<NamedInput>& listed, FileOpener& opener) {
  std::vector<ListedFile> captures;
  for (InputPath& input : find_inputs(listed, opener)) {
    if (!input.faults.empty()) {
      throw Failure(ExitCode::unreadable_input,
                    shown(input.file.path) + ": " + describe(input.faults.front()));
    }
    captures.push_back(std::move(input.file));
  }
  std::map<fs::path, std::string> reports;
  for (const ListedFile& file : captures) {
    const auto [entry, is_new] = reports.try_emplace(report_beside(file.path), file.path);
    if (is_new) continue;
    throw Failure(ExitCode::usage,
                  fmt::format("{} and {} would have one report, {}", shown(entry->second),
                              shown(file.path), shown(entry->first.filename().string())));
  }
  return captures;
}

/// Other JSON may lie there too.
bool is_report(const fs::path& path, FileOpener& opener) {
  const std::string text = read_file(path, opener).text.value_or("");
  return text.find("\"schema_version\"") != std::string::npos &&
         text.find("\"captures\"") != std::string::npos;
}

/// Reports of captures that are gone.
void check_reports(const std::vector<NamedInput>& listed, const std::vector<ListedFile>& captures,
                   FileOpener& opener, Tally& tally) {
  std::set<fs::path> expected;
  for (const ListedFile& file : captures) expected.insert(report_beside(file.path));
  for (const ListedFile& file : listed.front().files) {
    const fs::path path = file.path;
    if (path.extension() != ".json" || expected.contains(path)) continue;
    if (!is_report(path, opener)) continue;
    tally.results.push_back({.name = path.lexically_relative(listed.front().path).string(),
                             .differences = {"no capture beside it that this is the report of"}});
  }
}

void write_result(const CheckResult& result, Output& output) {
  const std::string_view word = result.differences.empty() ? "ok   "
                                : result.unreadable()      ? "ERROR"
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
  Sandbox sandbox(options);
  const std::vector<NamedInput> listed = list_directory(options, sandbox);
  sandbox.enter();
  Output output;
  Tally tally;
  const std::vector<ListedFile> captures = captures_in(listed, sandbox);
  for (const ListedFile& file : captures) {
    check_capture(file, listed.front().path, update, sandbox, tally);
    write_result(tally.results.back(), output);
    output.flush();
  }
  check_reports(listed, captures, sandbox, tally);
  for (const CheckResult& result : std::span(tally.results).subspan(captures.size())) {
    write_result(result, output);
  }
  const std::size_t count = tally.results.size();
  output.write(update ? fmt::format("{} captures, {} reports written\n", count, tally.written)
                      : fmt::format("{} captures, {} as expected\n", count, count - tally.wrong()));
  output.close();
  if (options.has("junit")) {
    write_file(options.value("junit"), junit_xml(tally.results), sandbox);
  }
  ExitCode code = tally.wrong() == 0 ? ExitCode::fine : ExitCode::findings;
  for (const CheckResult& result : tally.results) code = weightier(code, result.fault);
  return code;
}

}  // namespace tapdeck

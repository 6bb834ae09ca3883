#include "tools/tapdeck/input.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "tools/open_files.h"
#include "tools/tapdeck/filter_hint.h"
#include "tools/tapdeck/output.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

constexpr std::array weights{ExitCode::unwritable_output,
                             ExitCode::no_permission,
                             ExitCode::unreadable_input,
                             ExitCode::damaged_input,
                             ExitCode::packets_dropped,
                             ExitCode::findings,
                             ExitCode::usage,
                             ExitCode::fine};

bool is_there(const std::string& path) {
  std::error_code ignored;
  return path == "-" || std::filesystem::exists(path, ignored);
}

bool is_named_pipe(const std::string& path) {
  std::error_code ignored;
  return path != "-" && std::filesystem::is_fifo(path, ignored);
}

}  // namespace

ExitCode weightier(ExitCode one, ExitCode other) {
  return std::ranges::find(weights, one) < std::ranges::find(weights, other) ? one : other;
}

ExitCode exit_code_of(const CaptureInfo& capture, const CaptureFault& fault) {
  switch (fault.kind) {
    case CaptureFaultKind::not_readable:
      return fault.detail == std::generic_category().message(EACCES) ? ExitCode::no_permission
                                                                     : ExitCode::unreadable_input;
    case CaptureFaultKind::empty:
    case CaptureFaultKind::not_a_capture:
      return ExitCode::unreadable_input;
    case CaptureFaultKind::unsupported_version:  // a later section may have one
      return capture.packets == 0 ? ExitCode::unreadable_input : ExitCode::damaged_input;
    case CaptureFaultKind::cut_short:
    case CaptureFaultKind::bad_record:
    case CaptureFaultKind::unknown_interface:
    case CaptureFaultKind::broken_compression:
      // Broken before it was known to be a capture at all.
      return capture.format == FileFormat::unknown ? ExitCode::unreadable_input
                                                   : ExitCode::damaged_input;
    case CaptureFaultKind::interrupted:
      return ExitCode::damaged_input;
  }
  return ExitCode::unreadable_input;
}

bool hold_packets(const std::vector<CaptureInfo>& captures) {
  return std::ranges::any_of(captures,
                             [](const CaptureInfo& capture) { return capture.packets != 0; });
}

Input::Input(const InputOptions& options, bool quiet, Sandbox& sandbox)
    : Input(options, quiet, static_cast<FileOpener&>(sandbox)) {
  sandbox.will_read(x_inputs);
}

Input::Input(const InputOptions& options, bool quiet) : Input(options, quiet, own_rights()) {
  open();
}

Input::Input(const InputOptions& options, bool quiet, FileOpener& opener)
    : x_options(options), x_quiet(quiet), x_opener(opener), x_progress(!quiet) {
  std::vector<std::string>& paths = x_options.paths;
  if (std::ranges::any_of(paths, is_there)) {
    for (const std::string& path : paths) {
      if (is_there(path)) continue;
      complain(fmt::format("{}: no such file or directory", shown(path)));
      x_exit_code = ExitCode::unreadable_input;
    }
    std::erase_if(paths, [](const std::string& path) { return !is_there(path); });
  }
  if (!paths.empty() && std::ranges::none_of(paths, is_there)) {
    throw Failure(ExitCode::unreadable_input, shown(paths.front()) + ": no such file or directory");
  }
  x_filter = PacketFilter(x_options.source.filter);
  x_filter.look_up_names();
  x_inputs = list_inputs(paths);
  constexpr std::size_t spared = 64;  // for what else the program has open
  std::size_t files = 0;
  for (const NamedInput& input : x_inputs) files += input.files.size();
  allow_open_files(files + spared);
}

void Input::open(WhenInterrupted then) {
  if (then == WhenInterrupted::ends_reading && can_be_interrupted()) x_opener.take_interruptions();
  x_source = open_again();
}

/// Not where SIGINT is ignored, nor where the opening of a pipe may wait for a writer.
bool Input::can_be_interrupted() const {
  struct sigaction now {};
  ::sigaction(SIGINT, nullptr, &now);
  return now.sa_handler == SIG_DFL && std::ranges::none_of(x_options.paths, is_named_pipe);
}

std::unique_ptr<PacketSource> Input::open_again() const {
  return open_captures(x_inputs, x_filter, x_options.source.packet_limit, x_opener);
}

bool Input::readable() {
  if (read(x_first.emplace())) return true;
  return !std::ranges::all_of(x_source->captures(), [](const CaptureInfo& capture) {
    return std::ranges::any_of(capture.faults, [&](const CaptureFault& fault) {
      return exit_code_of(capture, fault) != ExitCode::damaged_input;
    });
  });
}

bool Input::next(PacketBatch& batch) {
  if (!x_first) return read(batch);
  batch = std::move(*x_first);
  x_first.reset();
  return !batch.packets.empty();
}

bool Input::read(PacketBatch& batch) {
  if (!x_source->next(batch)) {
    x_progress.clear();
    x_opener.leave_interruptions();
    return false;
  }
  x_packets += batch.packets.size();
  x_progress.update(x_source->progress(), x_packets);
  return true;
}

ExitCode Input::finish() {
  x_progress.clear();
  x_opener.leave_interruptions();
  complain_of_faults();
  if (const std::uint64_t packets = x_source->filter_counts().inapplicable; packets != 0) {
    complain(
        fmt::format("the filter means nothing on the link type of {} packets, so they did not "
                    "pass",
                    packets));
  }
  if (const std::string hint = x_quiet ? "" : filter_hint(); !hint.empty()) complain(hint);
  return x_exit_code;
}

std::string Input::filter_hint() const {
  if (x_packets != 0 || x_options.source.filter.empty()) return {};
  return tapdeck::filter_hint(x_inputs, x_options.source.filter, x_opener);
}

void Input::complain_of_faults() {
  std::size_t interrupted = 0;
  for (const CaptureInfo& capture : x_source->captures()) {
    for (const CaptureFault& fault : capture.faults) {
      x_exit_code = weightier(x_exit_code, exit_code_of(capture, fault));
      if (fault.kind == CaptureFaultKind::interrupted && ++interrupted > 1) continue;
      complain(fmt::format("{}: {}", shown(capture.file), describe(fault)));
    }
  }
  if (interrupted > 1) complain(fmt::format("nor were {} others read", interrupted - 1));
}

}  // namespace tapdeck

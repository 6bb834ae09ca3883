// The captures of a command line: read batch by batch with progress; then what was wrong with them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "captures/packet_source.h"
#include "tools/tapdeck/confinement/sandbox.h"
#include "tools/tapdeck/options.h"
#include "tools/tapdeck/progress.h"
#include "tools/tapdeck/signal_inbox.h"

namespace tapdeck {

/// With several inputs all that can be read is reported; the exit code is the first that applies
/// of 4, 5, 2, 3, 7, 6.
[[nodiscard]] ExitCode weightier(ExitCode one, ExitCode other);

/// What a fault of a capture makes of the exit code.
[[nodiscard]] ExitCode exit_code_of(const CaptureInfo& capture, const CaptureFault& fault);

/// Some had a packet, whether the filter passes it or not.
[[nodiscard]] bool hold_packets(const std::vector<CaptureInfo>& captures);

/// What SIGINT does while captures are read.
enum class WhenInterrupted : std::uint8_t {
  ends_program,
  ends_reading,  // as damage does: what was read is reported; a pipe is read as far as it was
                 // filled
};

/// Opens as another one does, and may end reading by SIGINT.
class InterruptibleOpener final : public FileOpener {
 public:
  explicit InterruptibleOpener(FileOpener& opener) : x_opener(opener) {}

  /// Requires: no threads yet that are to take SIGINT for the end of the program.
  void take_interruptions() { x_signals.emplace({SIGINT}); }
  void leave_interruptions() { x_signals.reset(); }

  [[nodiscard]] int interruption() const override {
    return x_signals ? x_signals->descriptor() : -1;
  }
  [[nodiscard]] int open_to_read(const std::string& path) override {
    return x_opener.open_to_read(path);
  }
  [[nodiscard]] int open_to_write(const std::string& path) override {
    return x_opener.open_to_write(path);
  }
  [[nodiscard]] bool is_same_file(const std::string& input, const std::string& output) override {
    return x_opener.is_same_file(input, output);
  }

 private:
  FileOpener& x_opener;
  std::optional<SignalInbox> x_signals;
};

class Input {
 public:
  /// Tells the sandbox what is to be read and opens nothing. Throws as open_captures does; but
  /// where some of several paths exist, the others are only complained of. The sandbox outlives
  /// this.
  Input(const InputOptions& options, bool quiet, Sandbox& sandbox);

  /// For a command that keeps its rights: opened at once.
  Input(const InputOptions& options, bool quiet);

  /// Requires: the sandbox has been entered. So does whatever follows.
  void open(WhenInterrupted then = WhenInterrupted::ends_program);

  /// The same packets once more, without progress and complaints.
  [[nodiscard]] std::unique_ptr<PacketSource> open_again() const;

  /// False if none of the captures could be read at all: there is nothing to report, and what was
  /// written before is to be left alone. Reads the first batch, which next() hands out.
  [[nodiscard]] bool readable();

  /// As PacketSource::next, with progress.
  [[nodiscard]] bool next(PacketBatch& batch);

  [[nodiscard]] const PacketSource& source() const { return *x_source; }

  /// Complains of each fault and hints at why a filter matched nothing; to be called when the
  /// report is out, so that the words stand below it.
  [[nodiscard]] ExitCode finish();

  /// Why the filter may have matched nothing; empty if there is nothing to say.
  [[nodiscard]] std::string filter_hint() const;

 private:
  Input(const InputOptions& options, bool quiet, FileOpener& opener);

  [[nodiscard]] bool can_be_interrupted() const;
  [[nodiscard]] bool read(PacketBatch& batch);
  void complain_of_faults();

  InputOptions x_options;
  bool x_quiet;
  mutable InterruptibleOpener x_opener;  // opening changes nothing of the input
  std::vector<NamedInput> x_inputs;
  PacketFilter x_filter;
  ExitCode x_exit_code = ExitCode::fine;
  std::unique_ptr<PacketSource> x_source;
  std::optional<PacketBatch> x_first;  // read, and not handed out
  Progress x_progress;
  std::uint64_t x_packets = 0;
};

}  // namespace tapdeck

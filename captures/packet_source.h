// Where packets come from: files, pipes, directories, several of them merged by time.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "captures/capture_info.h"
#include "captures/file_opener.h"
#include "captures/input_paths.h"
#include "captures/packet.h"
#include "captures/packet_filter.h"

namespace tapdeck {

/// How much input there is and how far reading has come, in (compressed) octets of the inputs.
struct ReadProgress {
  std::uint64_t octets_read = 0;
  std::uint64_t octets_total = 0;  // 0: unknown (a pipe among the inputs)
};

/// What a filter has done so far.
struct FilterCounts {
  std::uint64_t examined = 0;
  std::uint64_t passed = 0;
  /// Of link types for which the filter means nothing ("vlan" without Ethernet); they don't pass.
  std::uint64_t inapplicable = 0;
};

class PacketSource {
 public:
  PacketSource() = default;
  PacketSource(const PacketSource&) = delete;
  PacketSource& operator=(const PacketSource&) = delete;
  virtual ~PacketSource() = default;

  /// Replaces the content of `batch` by the next packets, at least one. False: there are no more.
  /// What a packet borrows lives until the batch is handed to `next` again.
  [[nodiscard]] virtual bool next(PacketBatch& batch) = 0;

  /// The inputs in the order given (a directory's files by name), as far as read. An input that
  /// can't be read is among them, with its fault. Sources read ahead, so what a capture says of
  /// itself may run ahead of the packets handed out; after a packet limit it stays incomplete.
  [[nodiscard]] virtual const std::vector<CaptureInfo>& captures() const = 0;

  [[nodiscard]] virtual ReadProgress progress() const = 0;

  /// All zero without a filter.
  [[nodiscard]] virtual FilterCounts filter_counts() const { return {}; }
};

struct SourceOptions {
  std::string filter;              // a BPF expression, empty: every packet passes
  std::uint64_t packet_limit = 0;  // stop after as many packets have passed the filter; 0: no limit
};

/// Opens files, directories and "-"; several are merged by time, packets of equal time in the order
/// of the inputs. Throws Failure(usage) for a filter that doesn't compile, with a caret under the
/// mistake, and Failure(unreadable_input) for a path that doesn't exist.
[[nodiscard]] std::unique_ptr<PacketSource> open_captures(const std::vector<std::string>& paths,
                                                          const SourceOptions& options);

/// The same for inputs that were listed before, opened by the opener, which outlives the source.
[[nodiscard]] std::unique_ptr<PacketSource> open_captures(const std::vector<NamedInput>& named,
                                                          PacketFilter filter,
                                                          std::uint64_t packet_limit,
                                                          FileOpener& opener);

}  // namespace tapdeck

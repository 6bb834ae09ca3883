// A capture's files as the broker makes, writes and removes them, whose names were decided on
// before the first packet. What is written passes by it unseen: it lies in memory that the kernel
// copies from, and a kill of this process finds no write of its own to cut.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "captures/capture_folder.h"
#include "captures/descriptor.h"
#include "tools/tapdeck/confinement/sandbox.h"

namespace tapdeck {

/// Memory of two processes, of which one only has it handed on.
class SharedWindow {
 public:
  /// Throws Failure(unwritable_output) where there is no memory.
  SharedWindow();
  ~SharedWindow();
  SharedWindow(const SharedWindow&) = delete;
  SharedWindow& operator=(const SharedWindow&) = delete;

  static constexpr std::size_t octets = std::size_t{1} << 20U;
  /// At most as many as it has.
  void fill(Bytes content);
  [[nodiscard]] int descriptor() const { return x_descriptor.number(); }

 private:
  Descriptor x_descriptor;
  void* x_memory;
};

/// What each asks of a path.
struct FolderRules {
  using Ask = std::function<bool(const std::string& path)>;

  Ask may_be;     // no other file is touched
  Ask grows;      // the broker writes it; one at a time, and one thread only appends to it
  Ask waits_for;  // a pipe that nobody reads is looked at again and again for so long
  /// A reader that takes nothing is waited for still, in milliseconds; negative: for ever. Asked
  /// again and again, by whichever thread writes.
  std::function<int()> patience_ms = [] { return -1; };
};

class BrokeredFolder final : public SteppedFolder {
 public:
  /// Requires: the sandbox has not been entered yet; it outlives this.
  BrokeredFolder(Sandbox& sandbox, FolderRules rules);

  [[nodiscard]] ssize_t append(int descriptor, Bytes octets) override;

 private:
  [[nodiscard]] int take(FolderStep step, const std::string& path) override;

  [[nodiscard]] std::string path_of(int descriptor);
  [[nodiscard]] bool wait_for_room(int descriptor) const;
  [[nodiscard]] ssize_t write_patiently(int descriptor, Bytes octets) const;

  Sandbox& x_sandbox;
  FolderRules x_rules;
  std::shared_ptr<SharedWindow> x_window;
  std::size_t x_steps;  // these are duties
  std::size_t x_append;
  std::mutex x_mutex;                  // guards what follows
  std::map<int, std::string> x_paths;  // of what was opened, by its descriptor
};

}  // namespace tapdeck

// A capture's files as the broker makes and removes them, whose names were decided on before the
// first packet.
#pragma once

#include <functional>
#include <string>

#include "captures/capture_folder.h"
#include "tools/tapdeck/confinement/sandbox.h"

namespace tapdeck {

class BrokeredFolder final : public SteppedFolder {
 public:
  using Ask = std::function<bool(const std::string& path)>;

  /// Requires: the sandbox has not been entered yet; it outlives this. No other file is touched
  /// than those whose path `may_be` says it may be one. A pipe that nobody reads is looked at again
  /// and again for as long as `waits_for` says.
  BrokeredFolder(Sandbox& sandbox, Ask may_be, Ask waits_for);

 private:
  [[nodiscard]] int take(FolderStep step, const std::string& path) override;

  Sandbox& x_sandbox;
  std::size_t x_duty;
  Ask x_waits_for;
};

}  // namespace tapdeck

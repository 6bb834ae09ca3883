#include "tools/tapdeck/confinement/brokered_folder.h"

#include <cerrno>
#include <utility>

#include <poll.h>

namespace tapdeck {
namespace {

bool gives_descriptor(FolderStep step) {
  return step == FolderStep::make || step == FolderStep::open;
}

}  // namespace

BrokeredFolder::BrokeredFolder(Sandbox& sandbox, Ask may_be, Ask waits_for)
    : x_sandbox(sandbox),
      x_duty(sandbox.add_duty(
          [owner = sandbox.owner(), may_be = std::move(may_be)](const Errand& errand) -> Outcome {
            if (!may_be(errand.text)) return {.error = EACCES};
            const auto step = static_cast<FolderStep>(errand.which);
            const int result = do_folder_step(step, errand.text, owner);
            if (result < 0) return {.error = -result};
            return {.error = 0, .descriptor = gives_descriptor(step) ? result : -1};
          })),
      x_waits_for(std::move(waits_for)) {}

int BrokeredFolder::take(FolderStep step, const std::string& path) {
  constexpr int patience_ms = 50;
  const Errand errand{.which = static_cast<std::uint64_t>(step), .text = path};
  Outcome outcome = x_sandbox.do_duty(x_duty, errand);
  while (outcome.error == EAGAIN && x_waits_for(path)) {
    ::poll(nullptr, 0, patience_ms);
    outcome = x_sandbox.do_duty(x_duty, errand);
  }
  if (outcome.error != 0) return -outcome.error;
  return gives_descriptor(step) ? outcome.descriptor : 0;
}

}  // namespace tapdeck

#include "tools/tapdeck/confinement/brokered_folder.h"

#include <cerrno>
#include <utility>

namespace tapdeck {

BrokeredFolder::BrokeredFolder(Sandbox& sandbox,
                               std::function<bool(const std::string& path)> may_be)
    : x_sandbox(sandbox),
      x_duty(sandbox.add_duty(
          [owner = sandbox.owner(), may_be = std::move(may_be)](const Errand& errand) -> Outcome {
            if (!may_be(errand.text)) return {.error = EACCES};
            const auto step = static_cast<FolderStep>(errand.which);
            const int result = do_folder_step(step, errand.text, owner);
            if (result < 0) return {.error = -result};
            return {.error = 0, .descriptor = step == FolderStep::open ? result : -1};
          })) {}

int BrokeredFolder::take(FolderStep step, const std::string& path) {
  const Outcome outcome =
      x_sandbox.do_duty(x_duty, {.which = static_cast<std::uint64_t>(step), .text = path});
  if (outcome.error != 0) return -outcome.error;
  return step == FolderStep::open ? outcome.descriptor : 0;
}

}  // namespace tapdeck

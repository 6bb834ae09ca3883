// The confinement of a command: first it says which files it may need and what else, then it
// enters, and from there on it can do nothing but that.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "captures/file_opener.h"
#include "captures/input_paths.h"
#include "tools/tapdeck/confinement/broker.h"
#include "tools/tapdeck/confinement/rights.h"
#include "tools/tapdeck/confinement/system_calls.h"
#include "tools/tapdeck/options.h"

namespace tapdeck {

class Sandbox final : public FileOpener {
 public:
  /// As --no-sandbox and --user say.
  explicit Sandbox(const CommandOptions& options);

  /// Files that may be opened; "-" and nothing at all are none.
  void will_read(const std::string& path);
  void will_read(const std::vector<NamedInput>& inputs);
  void will_write(const std::string& path);

  /// Something else that only who keeps the rights can do: what do_duty wants then.
  [[nodiscard]] std::size_t add_duty(Duty duty);

  /// Whom files belong to that a duty creates, if not to the process.
  [[nodiscard]] const std::optional<Identity>& owner() const { return x_identity; }

  /// From here on the process has no rights: whatever it opens or asks for is refused unless it was
  /// announced, and then comes from the broker. With --no-sandbox nothing changes but that.
  /// Requires: no threads yet, nothing read yet of what it may not trust.
  void enter(const SocketRights& sockets = {});

  /// What came of the duty; a descriptor is the caller's. Requires: enter().
  [[nodiscard]] Outcome do_duty(std::size_t duty, const Errand& errand);

  /// Who kept the rights was ended by somebody.
  [[nodiscard]] bool has_lost_broker() const { return x_broker && x_broker->is_gone(); }

  /// These too require enter().
  [[nodiscard]] int open_to_read(const std::string& path) override;
  [[nodiscard]] int open_to_write(const std::string& path) override;
  [[nodiscard]] bool is_same_file(const std::string& input, const std::string& output) override;

 private:
  enum class Use : std::uint8_t { reading, writing };
  struct Listed {
    std::string path;
    Use use;
  };
  using Places = std::unordered_map<std::string, std::uint64_t>;

  void list(const std::string& path, Use use);
  [[nodiscard]] Places& places(Use use) { return use == Use::reading ? x_readable : x_writable; }
  [[nodiscard]] Outcome open_listed(std::uint64_t which) const;
  [[nodiscard]] int open(const std::string& path, Use use);
  void look_for_same_files();

  bool x_confined;
  std::optional<Identity> x_identity;
  std::vector<Duty> x_duties;
  std::vector<Listed> x_files;
  Places x_readable, x_writable;  // places in the list
  std::unordered_map<std::string, FileId> x_regular_inputs, x_regular_outputs;
  std::unique_ptr<Broker> x_broker;
};

}  // namespace tapdeck

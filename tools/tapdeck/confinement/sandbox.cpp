#include "tools/tapdeck/confinement/sandbox.h"

#include <cerrno>
#include <ctime>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "captures/failure.h"
#include "tools/tapdeck/confinement/path_lock.h"

namespace tapdeck {
namespace {

constexpr const char* standard_stream = "-";

bool is_file(const std::string& path) { return !path.empty() && path != standard_stream; }

}  // namespace

Sandbox::Sandbox(const CommandOptions& options) : x_confined(!options.has("no-sandbox")) {
  if (!x_confined && options.has("user")) {
    throw Failure(ExitCode::usage, "--no-sandbox keeps all rights, --user gives them up");
  }
  if (options.has("user") && options.value("user").empty()) {
    throw Failure(ExitCode::usage, "--user wants the name of a user");
  }
  if (x_confined) x_identity = chosen_identity(options.value("user"));
  x_duties.emplace_back([this](const Errand& errand) { return open_listed(errand.which); });
}

void Sandbox::list(const std::string& path, Use use) {
  if (!is_file(path)) return;
  if (places(use).try_emplace(path, x_files.size()).second) x_files.push_back({path, use});
}

void Sandbox::will_read(const std::string& path) { list(path, Use::reading); }

void Sandbox::will_read(const std::vector<NamedInput>& inputs) {
  for (const NamedInput& input : inputs) {
    for (const ListedFile& file : input.files) will_read(file.path);
  }
}

void Sandbox::will_write(const std::string& path) { list(path, Use::writing); }

std::size_t Sandbox::add_duty(Duty duty) {
  x_duties.push_back(std::move(duty));
  return x_duties.size() - 1;
}

void Sandbox::enter(const SocketRights& sockets) {
  look_for_same_files();
  if (!x_confined) return;
  ::tzset();  // reads the time zone
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    throw Failure(ExitCode::no_permission, "the kernel can't keep rights from coming back");
  }
  x_broker = std::make_unique<Broker>(x_duties);
  give_up_rights(x_identity);
  lock_paths();
  forbid_system_calls(sockets);
}

Outcome Sandbox::do_duty(std::size_t duty, const Errand& errand) {
  return x_broker ? x_broker->ask(duty, errand) : x_duties.at(duty)(errand);
}

Outcome Sandbox::open_listed(std::uint64_t which) const {
  if (which >= x_files.size()) return {.error = EBADF};
  const auto& [path, use] = x_files[which];
  const int opened = use == Use::reading ? ::open(path.c_str(), O_RDONLY | O_CLOEXEC)
                                         : create_file(path, x_identity);
  return opened >= 0 ? Outcome{.error = 0, .descriptor = opened} : Outcome{.error = errno};
}

int Sandbox::open(const std::string& path, Use use) {
  const auto place = places(use).find(path);
  const Outcome outcome =
      place == places(use).end() ? Outcome{.error = EACCES} : do_duty(0, {.which = place->second});
  errno = outcome.error;
  return outcome.descriptor;
}

int Sandbox::open_to_read(const std::string& path) { return open(path, Use::reading); }

int Sandbox::open_to_write(const std::string& path) { return open(path, Use::writing); }

void Sandbox::look_for_same_files() {
  const auto look = [this](const std::string& path, Use use) {
    const bool is_read = use == Use::reading;
    const auto id = regular_file(path, is_read ? STDIN_FILENO : STDOUT_FILENO);
    if (id) (is_read ? x_regular_inputs : x_regular_outputs)[path] = *id;
  };
  look(standard_stream, Use::writing);
  if (x_writable.empty() && x_regular_outputs.empty()) return;
  look(standard_stream, Use::reading);
  for (const Listed& file : x_files) look(file.path, file.use);
}

bool Sandbox::is_same_file(const std::string& input, const std::string& output) {
  const auto read = x_regular_inputs.find(input);
  const auto written = x_regular_outputs.find(output);
  return read != x_regular_inputs.end() && written != x_regular_outputs.end() &&
         read->second == written->second;
}

}  // namespace tapdeck

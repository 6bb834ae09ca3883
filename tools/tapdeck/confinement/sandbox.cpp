#include "tools/tapdeck/confinement/sandbox.h"

#include <cerrno>
#include <ctime>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "captures/failure.h"
#include "tools/tapdeck/confinement/path_lock.h"

namespace tapdeck {
namespace {

bool is_file(const std::string& path) { return !path.empty() && path != "-"; }

}  // namespace

Sandbox::Sandbox(const CommandOptions& options) : x_confined(!options.has("no-sandbox")) {
  if (!x_confined && options.has("user")) {
    throw Failure(ExitCode::usage, "--no-sandbox keeps all rights, --user gives them up");
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
  if (x_writable.empty()) return;
  for (const Listed& file : x_files) {
    struct stat status {};
    if (::stat(file.path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) continue;
    x_regular_files[file.path] = {status.st_dev, status.st_ino};
  }
}

bool Sandbox::is_same_file(const std::string& one, const std::string& other) {
  const auto known = x_regular_files.find(one);
  const auto match = x_regular_files.find(other);
  return known != x_regular_files.end() && match != x_regular_files.end() &&
         known->second == match->second;
}

}  // namespace tapdeck

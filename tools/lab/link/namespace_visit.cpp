#include "tools/lab/link/namespace_visit.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "captures/failure.h"

namespace tapdeck {
namespace {

[[noreturn]] void fail(const std::string& what) {
  throw Failure(ExitCode::no_permission, what + ": " + std::strerror(errno));
}

int open_namespace(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) fail(path);
  return descriptor;
}

}  // namespace

NamespaceVisit::NamespaceVisit(const std::string& name)
    : x_home(open_namespace("/proc/thread-self/ns/net")) {
  const int there = open_namespace("/run/netns/" + name);
  const int result = setns(there, CLONE_NEWNET);
  close(there);
  if (result < 0) fail("namespace " + name);
}

NamespaceVisit::~NamespaceVisit() {
  static_cast<void>(setns(x_home, CLONE_NEWNET));
  close(x_home);
}

}  // namespace tapdeck

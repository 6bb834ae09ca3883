// An answer is a file in memory: it may be as long as a table with millions of sockets. Both ends
// of its way are this program, so that values pass as they lie in memory.
#include "tools/tapdeck/kernel_answers.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "captures/descriptor.h"
#include "captures/failure.h"
#include "captures/output_file.h"

namespace tapdeck {
namespace {

template <class Value>
void put(std::string& answer, const Value& value) {
  static_assert(std::is_trivially_copyable_v<Value>);
  answer.append(reinterpret_cast<const char*>(&value), sizeof value);
}

/// What isn't there any more is zero.
class Reading {
 public:
  explicit Reading(std::string_view answer) : x_rest(answer) {}

  [[nodiscard]] bool ended() const { return x_rest.empty(); }

  [[nodiscard]] std::string_view text(std::size_t octets) {
    const std::string_view taken = x_rest.substr(0, octets);
    x_rest.remove_prefix(taken.size());
    return taken;
  }

  template <class Value>
  void take(Value& value) {
    static_assert(std::is_trivially_copyable_v<Value>);
    const std::string_view octets = text(sizeof value);
    std::memcpy(&value, octets.data(), octets.size());
  }

 private:
  std::string_view x_rest;
};

/// Calls for each member but the processes, one way or the other.
template <class Record, class Each>
void each_member(Record& socket, Each each) {
  each(socket.ip_protocol);
  each(socket.ip_version);
  each(socket.local);
  each(socket.foreign);
  each(socket.state);
  each(socket.receive_queue);
  each(socket.send_queue);
  each(socket.user);
  each(socket.inode);
  each(socket.timer);
  each(socket.timer_ns);
  each(socket.retransmissions);
}

std::string text_of(const std::vector<KernelSocket>& sockets) {
  std::string answer;
  for (const KernelSocket& socket : sockets) {
    each_member(socket, [&](const auto& member) { put(answer, member); });
    put(answer, socket.processes.size());
    for (const Process& process : socket.processes) {
      put(answer, process.id);
      put(answer, process.program.size());
      answer += process.program;
    }
  }
  return answer;
}

std::vector<KernelSocket> sockets_in(std::string_view answer) {
  std::vector<KernelSocket> sockets;
  for (Reading reading(answer); !reading.ended();) {
    KernelSocket& socket = sockets.emplace_back();
    each_member(socket, [&](auto& member) { reading.take(member); });
    std::size_t processes = 0;
    reading.take(processes);
    for (; processes > 0 && !reading.ended(); --processes) {
      Process& process = socket.processes.emplace_back();
      std::size_t octets = 0;
      reading.take(process.id);
      reading.take(octets);
      process.program = reading.text(octets);
    }
  }
  return sockets;
}

Outcome file_in_memory(std::string_view content) {
  Descriptor file(::memfd_create("tapdeck", MFD_CLOEXEC));
  if (!file || !write_all(file.number(), std::as_bytes(std::span(content)))) {
    return {.error = errno};
  }
  return {.error = 0, .descriptor = file.release()};
}

std::string content_of(const Outcome& outcome) {
  struct stat status {};
  if (outcome.error != 0 || ::fstat(outcome.descriptor, &status) != 0) {
    throw Failure(ExitCode::no_permission,
                  fmt::format("the kernel's tables can't be read: {}",
                              std::generic_category().message(outcome.error)));
  }
  std::string content(static_cast<std::size_t>(status.st_size), '\0');
  std::size_t filled = 0;
  while (filled < content.size()) {
    const ssize_t got = ::pread(outcome.descriptor, content.data() + filled,
                                content.size() - filled, static_cast<off_t>(filled));
    if (got == 0 || (got < 0 && errno != EINTR)) break;
    filled += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
  }
  ::close(outcome.descriptor);
  content.resize(filled);
  return content;
}

}  // namespace

KernelAnswers::KernelAnswers(Sandbox& sandbox)
    : x_sandbox(sandbox),
      x_sockets(sandbox.add_duty(
          [](const Errand&) { return file_in_memory(text_of(read_kernel_sockets())); })),
      x_addresses(sandbox.add_duty([](const Errand&) {
        std::string answer;
        for (const Network& network : own_addresses()) put(answer, network);
        return file_in_memory(answer);
      })) {}

std::vector<KernelSocket> KernelAnswers::sockets() {
  return sockets_in(content_of(x_sandbox.do_duty(x_sockets, {})));
}

std::vector<Network> KernelAnswers::addresses() {
  const std::string answer = content_of(x_sandbox.do_duty(x_addresses, {}));
  std::vector<Network> networks;
  for (Reading reading(answer); !reading.ended();) reading.take(networks.emplace_back());
  return networks;
}

}  // namespace tapdeck

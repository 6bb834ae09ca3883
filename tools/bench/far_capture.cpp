#include "tools/bench/far_capture.h"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "captures/failure.h"
#include "captures/packet_source.h"
#include "tools/bench/measured_run.h"
#include "tools/bench/wired_hosts.h"

namespace tapdeck {
namespace {

constexpr int cannot_execute = 127;

std::vector<std::string> tcpdump(const std::string& path, std::uint64_t frames) {
  return {find_program("tcpdump"),
          "--time-stamp-precision=nano",
          "-n",
          "-Z",
          "root",  // so that it may write where others can't
          "-i",
          WiredHosts::interface,
          "-B",
          "131072",  // KiB, so that nothing is lost
          "-s",
          "64",
          "-c",
          std::to_string(frames),
          "-w",
          path};
}

/// With its standard error as a pipe.
pid_t start(std::vector<std::string> words, int errors) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  const pid_t child = ::fork();
  if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (child != 0) return child;
  ::dup2(errors, STDERR_FILENO);
  ::execv(pointers.front(), pointers.data());
  ::_exit(cannot_execute);
}

}  // namespace

FarCapture::FarCapture(const WiredHosts& hosts, std::string path, std::uint64_t frames)
    : x_path(std::move(path)), x_frames(frames) {
  std::array<int, 2> errors{};
  if (::pipe2(errors.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe");
  }
  x_program = start(hosts.at_receiver(tcpdump(x_path, frames)), errors[1]);
  x_errors = errors[0];
  ::close(errors[1]);
  try {
    wait_until_listening();
  } catch (const Failure&) {
    end();
    throw;
  }
}

FarCapture::~FarCapture() { end(); }

void FarCapture::wait_until_listening() const {
  std::string text;
  std::array<char, 256> piece{};
  while (text.find("listening on") == std::string::npos) {
    const ssize_t length = ::read(x_errors, piece.data(), piece.size());
    if (length < 0 && errno == EINTR) continue;
    if (length <= 0) {
      throw Failure(ExitCode::no_permission, "tcpdump doesn't listen at the far end: " + text);
    }
    text.append(piece.data(), static_cast<std::size_t>(length));
  }
}

void FarCapture::end() {
  if (x_program >= 0) {
    ::kill(x_program, SIGTERM);
    while (::waitpid(x_program, nullptr, 0) < 0 && errno == EINTR) continue;
    x_program = -1;
  }
  if (x_errors >= 0) ::close(x_errors);
  x_errors = -1;
}

std::vector<std::int64_t> FarCapture::arrivals() {
  constexpr std::chrono::milliseconds pause(10), patience(2'000);
  for (auto waited = pause; waited < patience && x_program >= 0; waited += pause) {
    if (::waitpid(x_program, nullptr, WNOHANG) == x_program) x_program = -1;
    std::this_thread::sleep_for(pause);
  }
  end();
  std::vector<std::int64_t> times;
  const auto source = open_captures({x_path}, {});
  PacketBatch batch;
  while (source->next(batch)) {
    for (const Packet& packet : batch.packets) {
      constexpr std::size_t identification_at = 18;  // counts the frames
      const bool is_next = packet.bytes.size() >= identification_at + 2 &&
                           read_big_endian<std::uint16_t>(packet.bytes, identification_at) ==
                               static_cast<std::uint16_t>(times.size());
      if (!is_next) return {};
      times.push_back(packet.time_ns);
    }
  }
  if (times.size() != x_frames) times.clear();
  return times;
}

}  // namespace tapdeck

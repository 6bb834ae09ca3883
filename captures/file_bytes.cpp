// Reading a file descriptor, with a few octets of look-ahead for recognising compression.
#include "captures/file_bytes.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace tapdeck {
namespace {

// A pipe holds 64 KiB by default; a larger one saves switching between writer and reader.
constexpr int pipe_octets = 1 << 20;

}  // namespace

FileBytes::FileBytes(const std::string& path, FileOpener& opener)
    : x_owned(path != "-"),
      x_descriptor(x_owned ? opener.open_to_read(path) : STDIN_FILENO),
      x_end(opener.interruption()) {
  struct stat status {};
  if (x_descriptor < 0 || ::fstat(x_descriptor, &status) != 0) {
    fail();
    return;
  }
  if (S_ISREG(status.st_mode)) {
    x_octets_total = static_cast<std::uint64_t>(status.st_size);
    static_cast<void>(::posix_fadvise(x_descriptor, 0, 0, POSIX_FADV_SEQUENTIAL));
    return;
  }
  x_wake = ::eventfd(0, EFD_CLOEXEC);
  x_on_their_way = pipe_octets;
  if (S_ISFIFO(status.st_mode)) {
    static_cast<void>(::fcntl(x_descriptor, F_SETPIPE_SZ, pipe_octets));
  }
}

FileBytes::~FileBytes() {
  for (const int descriptor : {x_wake, x_patience}) {
    if (descriptor >= 0) ::close(descriptor);
  }
  if (x_owned && x_descriptor >= 0) {
    ::close(x_descriptor);
  }
}

std::size_t FileBytes::read(std::span<std::byte> room) {
  if (x_peeked_from == x_peeked_to) {
    return read_descriptor(room);
  }
  const std::size_t taken = std::min(room.size(), x_peeked_to - x_peeked_from);
  std::copy_n(x_peeked.begin() + static_cast<std::ptrdiff_t>(x_peeked_from), taken, room.begin());
  x_peeked_from += taken;
  return taken;
}

Bytes FileBytes::peek(std::size_t octets) {
  const std::span<std::byte> room = std::span(x_peeked).first(std::min(octets, x_peeked.size()));
  while (x_peeked_to < room.size()) {
    const std::size_t got = read_descriptor(room.subspan(x_peeked_to));
    if (got == 0) {
      break;
    }
    x_peeked_to += got;
  }
  return Bytes(x_peeked).first(x_peeked_to);
}

void FileBytes::interrupt() {
  if (x_wake >= 0) static_cast<void>(::eventfd_write(x_wake, 1));
}

/// False: interrupted. Whatever poll can't tell, read() will.
bool FileBytes::wait_for_octets() {
  if (x_wake < 0 && x_end < 0) return true;
  std::array<pollfd, 3> awaited{pollfd{x_descriptor, POLLIN, 0}, pollfd{x_wake, POLLIN, 0},
                                pollfd{x_end, POLLIN, 0}};
  while (::poll(awaited.data(), awaited.size(), -1) < 0 && errno == EINTR) {
  }
  if ((awaited[1].revents & POLLIN) != 0) return false;
  x_is_ending = (awaited[2].revents & POLLIN) != 0;
  if (!x_is_ending || gets_what_was_on_its_way()) return true;
  x_trouble = StreamTrouble{CaptureFaultKind::interrupted};
  return false;
}

/// Whoever writes a pipe may have been interrupted by the same key, and write its last: for a
/// second in all.
bool FileBytes::gets_what_was_on_its_way() {
  constexpr itimerspec patience{.it_interval = {}, .it_value = {.tv_sec = 1, .tv_nsec = 0}};
  if (x_patience < 0) {
    x_patience = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    if (::timerfd_settime(x_patience, 0, &patience, nullptr) != 0) return false;
  }
  std::array<pollfd, 2> awaited{pollfd{x_descriptor, POLLIN, 0}, pollfd{x_patience, POLLIN, 0}};
  return x_on_their_way > 0 && ::poll(awaited.data(), awaited.size(), -1) > 0 &&
         awaited[0].revents != 0;
}

std::size_t FileBytes::read_descriptor(std::span<std::byte> room) {
  if (x_trouble || !wait_for_octets()) {
    return 0;
  }
  ssize_t got = -1;
  do {
    got = ::read(x_descriptor, room.data(), room.size());
  } while (got < 0 && errno == EINTR);
  if (got < 0) {
    fail();
    return 0;
  }
  x_octets_read += static_cast<std::uint64_t>(got);
  if (x_is_ending) x_on_their_way -= std::min(x_on_their_way, static_cast<std::size_t>(got));
  return static_cast<std::size_t>(got);
}

void FileBytes::fail() {
  x_trouble = StreamTrouble{CaptureFaultKind::not_readable, std::generic_category().message(errno)};
}

}  // namespace tapdeck

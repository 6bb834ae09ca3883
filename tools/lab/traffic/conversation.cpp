#include "tools/lab/traffic/conversation.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <functional>
#include <string_view>
#include <system_error>
#include <thread>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "captures/failure.h"
#include "tools/lab/link/settings.h"

namespace tapdeck {
namespace {

using Numbers = std::vector<std::size_t>;

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

void wait_ms(std::size_t milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

void send_octets(int connection, std::size_t octets) {
  static const std::vector<char> text(std::size_t{64} * 1024, 'x');
  while (octets > 0) {
    const ssize_t sent = send(connection, text.data(), std::min(octets, text.size()), MSG_NOSIGNAL);
    if (sent < 0) throw_errno("send");
    octets -= static_cast<std::size_t>(sent);
  }
}

/// How many octets came; fewer than asked for only before the peer's FIN.
std::size_t receive_octets(int connection, std::size_t octets) {
  std::array<char, 16384> room{};
  std::size_t received = 0;
  while (received < octets) {
    const ssize_t count =
        recv(connection, room.data(), std::min(room.size(), octets - received), 0);
    if (count < 0) throw_errno("recv");
    if (count == 0) break;
    received += static_cast<std::size_t>(count);
  }
  return received;
}

void send_pieces(int connection, const Numbers& count_octets_ms) {
  for (std::size_t i = 0; i < count_octets_ms[0]; ++i) {
    if (i > 0) wait_ms(count_octets_ms[2]);
    send_octets(connection, count_octets_ms[1]);
  }
}

void exchange(int connection, const Numbers& octets) {
  std::thread reader([connection] {
    std::array<char, 16384> room{};
    while (recv(connection, room.data(), room.size(), 0) > 0) {
    }
  });
  try {
    send_octets(connection, octets[0]);
  } catch (const std::system_error&) {
    // The reader sees the end of the connection too.
  }
  shutdown(connection, SHUT_WR);
  reader.join();
}

void sip(int connection, const Numbers& octets_ms) {
  while (receive_octets(connection, octets_ms[0]) == octets_ms[0]) wait_ms(octets_ms[1]);
}

void ask(int connection, const Numbers& count_question_answer) {
  for (std::size_t i = 0; i < count_question_answer[0]; ++i) {
    send_octets(connection, count_question_answer[1]);
    if (receive_octets(connection, count_question_answer[2]) < count_question_answer[2]) return;
  }
}

void answer(int connection, const Numbers& question_answer_ms) {
  while (receive_octets(connection, question_answer_ms[0]) == question_answer_ms[0]) {
    wait_ms(question_answer_ms[2]);
    send_octets(connection, question_answer_ms[1]);
  }
}

void reset(int connection) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(connection, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close(connection);
}

/// A socket under repair is closed without a segment, as if its host had lost power.
void crash(int connection) {
  const int on = 1;
  if (setsockopt(connection, IPPROTO_TCP, TCP_REPAIR, &on, sizeof on) < 0) throw_errno("repair");
  close(connection);
}

struct Step {
  std::string_view name;
  std::size_t numbers;  // how many at most; those left out are 0
  void (*take)(int connection, const Numbers& numbers);
};

constexpr std::size_t without_end = ~std::size_t{0};

constexpr std::array known_steps{
    Step{"send", 1, [](int to, const Numbers& numbers) { send_octets(to, numbers[0]); }},
    Step{"pieces", 3, send_pieces},
    Step{"receive", 1, [](int from, const Numbers& numbers) { receive_octets(from, numbers[0]); }},
    Step{"receive_all", 0, [](int from, const Numbers&) { receive_octets(from, without_end); }},
    Step{"exchange", 1, exchange},
    Step{"sip", 2, sip},
    Step{"ask", 3, ask},
    Step{"answer", 3, answer},
    Step{"wait", 1, [](int, const Numbers& numbers) { wait_ms(numbers[0]); }},
    Step{"finish", 0, [](int on, const Numbers&) { shutdown(on, SHUT_WR); }},
    Step{"close", 0, [](int on, const Numbers&) { close(on); }},
    Step{"reset", 0, [](int on, const Numbers&) { reset(on); }},
    Step{"crash", 0, [](int on, const Numbers&) { crash(on); }},
};

void set(int socket, int level, int option, int value) {
  if (value == 0) return;
  if (setsockopt(socket, level, option, &value, sizeof value) < 0) throw_errno("setsockopt");
}

}  // namespace

void converse(int connection, const std::vector<std::string>& steps) {
  for (const std::string& text : steps) {
    const Setting setting = split_settings(text).front();
    const auto* step =
        std::find_if(known_steps.begin(), known_steps.end(),
                     [&](const Step& candidate) { return candidate.name == setting.name; });
    if (step == known_steps.end()) throw Failure(ExitCode::usage, "no step is called " + text);
    Numbers numbers;
    if (!setting.value.empty()) {
      for (const std::string& part : split_at(setting.value, ':')) {
        numbers.push_back(static_cast<std::size_t>(parse_number(part)));
      }
    }
    if (numbers.size() > step->numbers) throw Failure(ExitCode::usage, "too many numbers: " + text);
    numbers.resize(std::max<std::size_t>(step->numbers, 1));
    step->take(connection, numbers);
  }
}

bool read_socket_word(const std::string& word, SocketWords& words) {
  const Setting setting = split_settings(word).front();
  const auto number = [&] { return static_cast<int>(parse_number(setting.value)); };
  if (setting.name == "congestion") {
    words.congestion = setting.value;
  } else if (setting.name == "receive_buffer") {
    words.receive_buffer_octets = number();
  } else if (setting.name == "send_buffer") {
    words.send_buffer_octets = number();
  } else if (setting.name == "keep_alive") {
    words.keep_alive_seconds = number();
  } else if (setting.name == "user_timeout") {
    words.user_timeout_ms = number();
  } else if (setting.name == "at_once") {
    words.sends_at_once = true;
  } else {
    return false;
  }
  return true;
}

void apply(const SocketWords& words, int socket) {
  if (!words.congestion.empty() &&
      setsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, words.congestion.data(),
                 static_cast<socklen_t>(words.congestion.size())) < 0) {
    throw_errno("congestion control");
  }
  set(socket, SOL_SOCKET, SO_RCVBUF, words.receive_buffer_octets);
  set(socket, SOL_SOCKET, SO_SNDBUF, words.send_buffer_octets);
  set(socket, SOL_SOCKET, SO_KEEPALIVE, words.keep_alive_seconds > 0 ? 1 : 0);
  set(socket, IPPROTO_TCP, TCP_KEEPIDLE, words.keep_alive_seconds);
  set(socket, IPPROTO_TCP, TCP_KEEPINTVL, words.keep_alive_seconds);
  set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, words.user_timeout_ms);
  set(socket, IPPROTO_TCP, TCP_NODELAY, words.sends_at_once ? 1 : 0);
}

}  // namespace tapdeck

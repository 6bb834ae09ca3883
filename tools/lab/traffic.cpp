// tapdeck-lab-traffic: one end of TCP connections that do what they are told, step by step, where
// no everyday program does just that.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "captures/failure.h"
#include "tools/guarded_main.h"
#include "tools/lab/link/settings.h"
#include "tools/lab/traffic/conversation.h"

namespace tapdeck {
namespace {

constexpr std::string_view help =
    "Usage: tapdeck-lab-traffic listen ADDRESS PORT [WORD...]\n"
    "       tapdeck-lab-traffic connect ADDRESS PORT [WORD...]\n\n"
    "listen serves every connection alike until it is killed. connect returns when its "
    "connections\n"
    "are through, successful or not. Words:\n"
    "  connections=N  parallel=N    how many in all, how many at once (connect; 1, 1)\n"
    "  from=PORT                    the client's port (the same for each of them)\n"
    "  pause=MS                     between one connection and the next\n"
    "  congestion=NAME receive_buffer=OCTETS send_buffer=OCTETS keep_alive=SECONDS\n"
    "  user_timeout=MS at_once      settings of the sockets\n"
    "  send=OCTETS pieces=COUNT:OCTETS:MS receive=OCTETS receive_all exchange=OCTETS\n"
    "  sip=OCTETS:MS ask=COUNT:OCTETS:OCTETS answer=OCTETS:OCTETS:MS wait=MS finish close reset "
    "crash\n"
    "                               steps, taken in the order given\n\n"
    "Exit codes: 0 done, 1 usage, 5 the socket can't be had.\n";

struct Plan {
  bool listens = false;
  std::string address;
  std::string port;
  std::size_t connections = 1;
  std::size_t parallel = 1;
  std::uint16_t from = 0;
  std::size_t pause_ms = 0;
  SocketWords socket = {};
  std::vector<std::string> steps = {};
};

Plan parse(const std::vector<std::string>& words) {
  if (words.size() < 3 || (words[0] != "listen" && words[0] != "connect")) {
    throw Failure(ExitCode::usage, "expected listen or connect, ADDRESS and PORT (see --help)");
  }
  Plan plan{.listens = words[0] == "listen", .address = words[1], .port = words[2]};
  for (std::size_t i = 3; i < words.size(); ++i) {
    const Setting setting = split_settings(words[i]).front();
    const auto number = [&] { return static_cast<std::size_t>(parse_number(setting.value)); };
    if (setting.name == "connections") {
      plan.connections = number();
    } else if (setting.name == "parallel") {
      plan.parallel = number();
    } else if (setting.name == "from") {
      plan.from = static_cast<std::uint16_t>(number());
    } else if (setting.name == "pause") {
      plan.pause_ms = number();
    } else if (!read_socket_word(words[i], plan.socket)) {
      plan.steps.push_back(words[i]);
    }
  }
  return plan;
}

struct SocketAddress {
  sockaddr_storage storage{};
  socklen_t length = 0;

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

SocketAddress resolve(const Plan& plan) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(plan.address.c_str(), plan.port.c_str(), &hints, &found) != 0) {
    throw Failure(ExitCode::usage, "no address: " + plan.address + " " + plan.port);
  }
  SocketAddress address;
  address.length = found->ai_addrlen;
  std::memcpy(&address.storage, found->ai_addr, found->ai_addrlen);
  freeaddrinfo(found);
  return address;
}

[[noreturn]] void fail(const std::string& what) {
  throw Failure(ExitCode::no_permission, what + ": " + std::strerror(errno));
}

int make_socket(const Plan& plan, const SocketAddress& address) {
  const int made = socket(address.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (made < 0) fail("socket");
  const int on = 1;
  setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  apply(plan.socket, made);
  return made;
}

/// A broken connection ends its conversation, as it would a program; the others go on.
void hold_conversation(int connection, const Plan& plan) {
  try {
    converse(connection, plan.steps);
  } catch (const std::system_error& broken) {
    fmt::print(stderr, "{}\n", broken.what());
    close(connection);
  }
}

[[noreturn]] void serve(const Plan& plan) {
  const SocketAddress address = resolve(plan);
  const int listener = make_socket(plan, address);
  constexpr int backlog = 128;
  if (bind(listener, address.get(), address.length) < 0 || listen(listener, backlog) < 0) {
    fail("listening on " + plan.port);
  }
  for (;;) {
    const int connection = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) continue;
    std::thread(hold_conversation, connection, plan).detach();
  }
}

void bind_source(int socket, const Plan& plan, int family) {
  if (plan.from == 0) return;
  SocketAddress source;
  source.storage.ss_family = static_cast<sa_family_t>(family);
  source.length = family == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
  const std::uint16_t port = htons(plan.from);
  std::memcpy(reinterpret_cast<char*>(&source.storage) + sizeof(sa_family_t), &port, sizeof port);
  if (bind(socket, source.get(), source.length) < 0) fail("port " + std::to_string(plan.from));
}

void connect_once(const Plan& plan) {
  const SocketAddress address = resolve(plan);
  const int connection = make_socket(plan, address);
  bind_source(connection, plan, address.storage.ss_family);
  if (connect(connection, address.get(), address.length) < 0) {
    fmt::print(stderr, "connect: {}\n", std::strerror(errno));
    close(connection);
    return;
  }
  hold_conversation(connection, plan);
}

void connect_in_turn(const Plan& plan, std::size_t connections) {
  for (std::size_t i = 0; i < connections; ++i) {
    if (i > 0) std::this_thread::sleep_for(std::chrono::milliseconds(plan.pause_ms));
    connect_once(plan);
  }
}

void connect_all(const Plan& plan) {
  std::vector<std::thread> threads;
  for (std::size_t i = 0; i < plan.parallel; ++i) {
    const std::size_t share = (plan.connections + i) / plan.parallel;
    threads.emplace_back(connect_in_turn, plan, share);
  }
  for (std::thread& thread : threads) thread.join();
}

int run(const std::vector<std::string>& words) {
  if (words.size() == 1 && words[0] == "--help") {
    fmt::print("{}", help);
    return EXIT_SUCCESS;
  }
  const Plan plan = parse(words);
  if (plan.listens) serve(plan);
  connect_all(plan);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace tapdeck

int main(int count, char** words) {
  return tapdeck::guarded_main("tapdeck-lab-traffic", tapdeck::ExitCode::usage, [=] {
    return tapdeck::run({words + 1, words + count});
  });
}

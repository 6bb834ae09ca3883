// Scripts played over sockets of this host, against the other side's part or a peer that
// misbehaves.
#include "tools/replay/stateful/script_player.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "captures/packet_source.h"
#include "tests/tools/replay/stateful/scripted.h"
#include "tools/tapdeck/confinement/sanitizer.h"
#include "tools/tapdeck/signal_inbox.h"

namespace tapdeck::test {
namespace {

constexpr std::int64_t millisecond = 1'000'000;

ScriptPlayerOptions at_once(Side ours) {
  ScriptPlayerOptions options;
  options.speed = std::numeric_limits<double>::infinity();
  options.connection.ours = ours;
  options.connection.part.think_factor = 0;
  options.connection.part.strict = true;
  return options;
}

NetAddress address_of(const Descriptor& listener) {
  NetAddress address;
  address.length = sizeof address.storage;
  ::getsockname(listener.number(), reinterpret_cast<sockaddr*>(&address.storage), &address.length);
  return address;
}

Descriptor some_listener() { return listen_on(find_listening("listen", "127.0.0.1:0")); }

std::vector<Play> plays_of(const std::vector<Script>& scripts, const NetAddress& target = {}) {
  std::vector<Play> plays;
  for (const Script& script : scripts) {
    if (!script.shortfall) plays.push_back({.script = &script, .target = target});
  }
  return plays;
}

std::vector<std::string> sentences(const std::vector<Play>& plays) {
  std::vector<std::string> result;
  for (const Play& play : plays) result.push_back(sentence(play.result));
  return result;
}

/// Both sides of the same scripts, each by a player of its own.
void expect_both_sides_ok(const std::vector<Script>& scripts, std::size_t most_open = 100) {
  Descriptor listener = some_listener();
  std::vector<Play> clients = plays_of(scripts, address_of(listener));
  std::vector<Play> servers = plays_of(scripts);
  std::thread server(
      [&] { ScriptPlayer(at_once(Side::server), servers, -1, {}).serve_all(std::move(listener)); });
  ScriptPlayerOptions options = at_once(Side::client);
  options.most_open = most_open;
  ScriptPlayer(options, clients, -1, {}).connect_all();
  server.join();
  EXPECT_EQ(sentences(clients), std::vector<std::string>(clients.size(), "ok"));
  EXPECT_EQ(sentences(servers), std::vector<std::string>(servers.size(), "ok"));
}

std::vector<Script> scripts_of_file(const std::string& path) {
  const auto source = open_captures({path}, {});
  ScriptReader reader({});
  PacketBatch batch;
  while (source->next(batch)) reader.add(batch);
  reader.finish();
  return reader.builder().take();
}

TEST(ScriptPlayer, PlaysBothSidesOfEveryGoldenCapture) {
  std::size_t played = 0;
  for (const auto& entry : std::filesystem::directory_iterator(TAPDECK_GOLDEN_DIR)) {
    if (entry.path().extension() != ".pcap" && entry.path().extension() != ".pcapng") continue;
    SCOPED_TRACE(entry.path().filename().string());
    const std::vector<Script> scripts = scripts_of_file(entry.path());
    expect_both_sides_ok(scripts);
    played += plays_of(scripts).size();
  }
  EXPECT_GT(played, 20U);
}

std::vector<Script> copies_of(const Script& script, std::size_t count) {
  return std::vector<Script>(count, script);
}

Script question() {
  return Dialogue()
      .says(Side::client, "ask")
      .says(Side::server, "answer")
      .finishes(Side::client)
      .finishes(Side::server)
      .script();
}

TEST(ScriptPlayer, KeepsToItsBoundOnOpenConnections) {
  expect_both_sides_ok(copies_of(question(), 40), 3);
}

TEST(ScriptPlayer, MovesMoreThanSocketsBufferBothWays) {
  const std::string much(20 << 20U, 'x');
  expect_both_sides_ok(
      {Dialogue().says(Side::client, much).says(Side::server, much).resets(Side::client).script()});
}

TEST(ScriptPlayer, ResetsAtOnceWhereTheCapturedSideDid) {
  expect_both_sides_ok(copies_of(Dialogue().resets(Side::server).script(), 20));
  expect_both_sides_ok(copies_of(Dialogue().resets(Side::client).script(), 20));
}

/// What becomes of a question to a peer that does this with it.
template <class Behaviour>
PlayResult result_against(Behaviour behave, const Script& script = question(),
                          ScriptPlayerOptions options = at_once(Side::client)) {
  Descriptor listener = some_listener();
  const std::vector<Script> scripts{script};
  std::vector<Play> plays = plays_of(scripts, address_of(listener));
  std::thread peer([&] {
    Descriptor client;
    while (!client) client = Descriptor(::accept(listener.number(), nullptr, nullptr));
    std::array<char, 64> buffer{};
    (void)::recv(client.number(), buffer.data(), buffer.size(), 0);
    behave(client);
  });
  ScriptPlayer(options, plays, -1, {}).connect_all();
  peer.join();
  return plays.front().result;
}

void say(const Descriptor& socket, std::string_view text) {
  (void)::send(socket.number(), text.data(), text.size(), MSG_NOSIGNAL);
}

void reset(Descriptor& socket) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  (void)::setsockopt(socket.number(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  socket.close();
}

void wait_for_end(const Descriptor& socket) {
  std::array<char, 64> buffer{};
  while (::recv(socket.number(), buffer.data(), buffer.size(), 0) > 0) continue;
}

TEST(ScriptPlayer, TellsWhatAPeerDidOtherwise) {
  EXPECT_EQ(sentence(result_against([](Descriptor& peer) { say(peer, "answer"); })), "ok");
  EXPECT_EQ(sentence(result_against([](Descriptor& peer) { say(peer, "ANSWER"); })),
            "differs; 6 bytes differ, the first at 0");
  EXPECT_EQ(sentence(result_against([](Descriptor& peer) { say(peer, "ans"); })),
            "differs; 3 bytes missing, the first at 3");
  EXPECT_EQ(sentence(result_against([](Descriptor& peer) {
              say(peer, "ans");
              reset(peer);
            })),
            "reset: at byte 3, in step 2 of 2, 3 bytes short of what it needs");
}

TEST(ScriptPlayer, GivesUpPeersThatSayNothing) {
  ScriptPlayerOptions hasty = at_once(Side::client);
  hasty.connection.part.response_timeout_ns = 20 * millisecond;
  EXPECT_EQ(sentence(result_against(wait_for_end, question(), hasty)),
            "timed out: in step 2 of 2, 6 bytes short of what it needs");
  ScriptPlayerOptions bounded = at_once(Side::client);
  bounded.connection.whole_timeout_ns = 20 * millisecond;
  EXPECT_EQ(result_against(wait_for_end, question(), bounded).detail.substr(0, 10), "as a whole");
}

TEST(ScriptPlayer, TellsWhereNobodyListens) {
  Descriptor listener = some_listener();
  const NetAddress nobody = address_of(listener);
  listener.close();
  const std::vector<Script> scripts{question()};
  std::vector<Play> plays = plays_of(scripts, nobody);
  ScriptPlayer(at_once(Side::client), plays, -1, {}).connect_all();
  EXPECT_EQ(sentence(plays.front().result), "refused");
}

TEST(ScriptPlayer, ServesNobodyForEver) {
  const std::vector<Script> scripts{question()};
  std::vector<Play> plays = plays_of(scripts);
  ScriptPlayerOptions options = at_once(Side::server);
  options.accept_timeout_ns = 20 * millisecond;
  ScriptPlayer(options, plays, -1, {}).serve_all(some_listener());
  EXPECT_EQ(sentence(plays.front().result), "timed out: no client came");
}

constexpr std::string_view needs_descriptors =
    "the sanitizer reads an object through a pipe of its own to check its type";

/// No descriptors beyond those that are open now.
class NoMoreDescriptors {
 public:
  NoMoreDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &x_before);
    const Descriptor next(::dup(0));
    const rlimit now{.rlim_cur = static_cast<rlim_t>(next.number()), .rlim_max = x_before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &now);
  }
  ~NoMoreDescriptors() { ::setrlimit(RLIMIT_NOFILE, &x_before); }
  NoMoreDescriptors(const NoMoreDescriptors&) = delete;
  NoMoreDescriptors& operator=(const NoMoreDescriptors&) = delete;

 private:
  rlimit x_before{};
};

Descriptor connected_to(const Descriptor& listener) {
  Descriptor client(::socket(AF_INET, SOCK_STREAM, 0));
  const NetAddress address = address_of(listener);
  EXPECT_EQ(::connect(client.number(), address.get(), address.length), 0);
  return client;
}

TEST(ScriptPlayer, EndsWhereThereIsNoDescriptorForAClient) {
  if (sanitized) GTEST_SKIP() << needs_descriptors;
  Descriptor listener = some_listener();
  const Descriptor client = connected_to(listener);
  const std::vector<Script> scripts = copies_of(question(), 2);
  std::vector<Play> plays = plays_of(scripts);
  ScriptPlayer player(at_once(Side::server), plays, -1, {});
  const NoMoreDescriptors full;
  player.serve_all(std::move(listener));
  const std::string why = "timed out: no client can be taken: Too many open files";
  EXPECT_EQ(sentences(plays), (std::vector<std::string>{why, why}));
}

TEST(ScriptPlayer, TakesAClientWhenAnotherHasLeftItsDescriptor) {
  if (sanitized) GTEST_SKIP() << needs_descriptors;
  Descriptor listener = some_listener();
  const std::array<Descriptor, 2> clients{connected_to(listener), connected_to(listener)};
  for (const Descriptor& client : clients) {
    say(client, "ask");
    ::shutdown(client.number(), SHUT_WR);
  }
  const std::vector<Script> scripts = copies_of(question(), 2);
  std::vector<Play> plays = plays_of(scripts);
  std::optional<Descriptor> room(std::in_place, ::dup(0));
  ScriptPlayer player(at_once(Side::server), plays, -1, {});
  const std::optional<NoMoreDescriptors> full(std::in_place);
  room.reset();
  player.serve_all(std::move(listener));
  EXPECT_EQ(sentences(plays), (std::vector<std::string>{"ok", "ok"}));
}

TEST(ScriptPlayer, DoesNotPlayWhatIsIncomplete) {
  std::vector<Script> scripts{question()};
  scripts.front().shortfall = {.kind = ShortfallKind::gap, .offset = 3, .octets = 12};
  std::vector<Play> plays{{.script = &scripts.front()}};
  ScriptPlayer(at_once(Side::client), plays, -1, {}).connect_all();
  EXPECT_EQ(sentence(plays.front().result),
            "capture incomplete: 12 bytes missing at byte 3 of the client");
}

TEST(ScriptPlayer, EndsAtASignalAndTellsWhenAsked) {
  Descriptor listener = some_listener();
  const std::vector<Script> scripts = copies_of(question(), 2);
  std::vector<Play> plays = plays_of(scripts, address_of(listener));
  const SignalInbox signals{SIGINT, SIGTERM, SIGUSR1};
  std::size_t asked = 0;
  ScriptPlayerOptions options = at_once(Side::client);
  options.most_open = 1;
  (void)::raise(SIGUSR1);
  ScriptPlayer(options, plays, signals.descriptor(), [&](const PlayStatus& status, bool wanted) {
    if (!wanted) return;
    ++asked;
    EXPECT_EQ(status.total, 2U);
    EXPECT_EQ(status.open, 1U);
    (void)::raise(SIGINT);
  }).connect_all();
  EXPECT_EQ(asked, 1U);
  EXPECT_EQ(sentences(plays), (std::vector<std::string>{"interrupted", "interrupted"}));
}

}  // namespace
}  // namespace tapdeck::test

// The broker's answers, and that neither process outlives the other.
#include "tools/tapdeck/confinement/broker.h"

#include <cerrno>
#include <chrono>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "captures/failure.h"
#include "tests/captures/read_back.h"
#include "tests/tools/confinement/in_a_child.h"
#include "tools/tapdeck/confinement/rights.h"

namespace tapdeck::test {
namespace {

using Say = InAChild::Say;
using namespace std::chrono_literals;

/// A pipe that holds the number asked for, as text.
Outcome number_in_pipe(const Errand& errand) {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) return {.error = errno};
  const std::string text = std::to_string(errand.which) + "@" + errand.text;
  (void)!::write(ends[1], text.data(), text.size());
  ::close(ends[1]);
  return {.error = 0, .descriptor = ends[0]};
}

std::string content_of(int descriptor) {
  std::string text;
  for (char c = 0; ::read(descriptor, &c, 1) == 1;) text += c;
  ::close(descriptor);
  return text;
}

/// The broker tells its number by being asked.
Outcome own_number(const Errand& /*errand*/) {
  return number_in_pipe({.which = static_cast<std::uint64_t>(::getpid())});
}

/// Not one that has ended and that only nobody asked about yet.
bool is_there(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  return !text.empty() && text.find(") Z ") == std::string::npos;
}

bool ends_soon(pid_t process) {
  for (int tries = 0; tries < 1000 && is_there(process); ++tries) std::this_thread::sleep_for(10ms);
  return !is_there(process);
}

TEST(Broker, AnswersWithADescriptorOrAnErrorOrNeither) {
  Broker broker({number_in_pipe, [](const Errand&) { return Outcome{.error = ENOENT}; },
                 [](const Errand&) { return Outcome{}; },
                 [](const Errand&) -> Outcome { throw std::runtime_error("a mistake"); }});
  EXPECT_EQ(content_of(broker.ask(0, {.which = 12, .text = "a/path"}).descriptor), "12@a/path");
  EXPECT_EQ(content_of(broker.ask(0, {.which = 34}).descriptor), "34@");
  EXPECT_EQ(broker.ask(1, {}).error, ENOENT);
  EXPECT_EQ(broker.ask(1, {}).descriptor, -1);
  EXPECT_EQ(broker.ask(2, {}).error, 0);
  EXPECT_EQ(broker.ask(2, {}).descriptor, -1);
  EXPECT_EQ(broker.ask(3, {}).error, EIO);
  EXPECT_EQ(broker.ask(4, {}).error, ENOSYS);
  EXPECT_EQ(broker.ask(0, {.text = std::string(5000, 'x')}).error, ENAMETOOLONG);
}

TEST(Broker, AnswersSeveralThreads) {
  Broker broker({number_in_pipe});
  std::vector<std::thread> threads;
  for (std::uint64_t which = 0; which < 4; ++which) {
    threads.emplace_back([&broker, which] {
      for (int again = 0; again < 50; ++again) {
        EXPECT_EQ(content_of(broker.ask(0, {.which = which}).descriptor),
                  std::to_string(which) + "@");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(Broker, LeavesNoDescriptorsBehind) {
  const auto open_ones = [] {
    int count = 0;
    for (int descriptor = 0; descriptor < 200; ++descriptor) {
      count += ::fcntl(descriptor, F_GETFD) >= 0 ? 1 : 0;
    }
    return count;
  };
  const int before = open_ones();
  {
    Broker broker({number_in_pipe});
    for (int again = 0; again < 1100; ++again) {
      ::close(broker.ask(0, {}).descriptor);  // its own limit is 1024 as a rule
    }
    EXPECT_EQ(broker.ask(0, {}).error, 0);
  }
  EXPECT_LE(open_ones(), before + 1);  // the last answer's
}

TEST(Broker, OutlivesTheSignalsThatAskTheOtherToEnd) {
  Broker broker({own_number, number_in_pipe});
  const pid_t process = std::stoi(content_of(broker.ask(0, {}).descriptor));
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGUSR1}) ::kill(process, signal);
  EXPECT_EQ(content_of(broker.ask(1, {.which = 5}).descriptor), "5@");
}

TEST(Broker, EndsWithTheOneThatItServes) {
  InAChild child([](const Say& say) {
    Broker broker({own_number});
    say(content_of(broker.ask(0, {}).descriptor));
    ::pause();
  });
  const pid_t broker = std::stoi(child.line());
  EXPECT_TRUE(is_there(broker));
  ::kill(child.process(), SIGKILL);
  EXPECT_TRUE(ends_soon(broker));
}

TEST(Broker, EndsWithTheOneThatItServesWhileADutyWaits) {
  const TemporaryDirectory directory;
  const std::string pipe = directory.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  InAChild child([&](const Say& say) {
    Broker broker({own_number, [&](const Errand&) {
                     return Outcome{.error = 0, .descriptor = ::open(pipe.c_str(), O_RDONLY)};
                   }});
    say(content_of(broker.ask(0, {}).descriptor));
    static_cast<void>(broker.ask(1, {}));  // nobody writes
  });
  const pid_t broker = std::stoi(child.line());
  std::this_thread::sleep_for(50ms);  // not needed for the end, only to be waiting by then
  ::kill(child.process(), SIGKILL);
  EXPECT_TRUE(ends_soon(broker));
}

/// Whose process may have become a user that may not signal the broker.
TEST(Broker, EndsWithTheOneThatItServesWhileItIsStopped) {
  InAChild child([](const Say& say) {
    Broker broker({own_number});
    const std::string process = content_of(broker.ask(0, {}).descriptor);
    ::kill(std::stoi(process), SIGSTOP);
    if (::geteuid() == 0) give_up_rights(Identity{.user = 1234, .group = 5678});
    say(process);
    ::pause();
  });
  const pid_t broker = std::stoi(child.line());
  ::kill(child.process(), SIGKILL);
  EXPECT_TRUE(ends_soon(broker));
}

TEST(Broker, GoesOnWhenItIsAskedAfterItWasStopped) {
  Broker broker({own_number});
  const std::string process = content_of(broker.ask(0, {}).descriptor);
  ::kill(std::stoi(process), SIGSTOP);
  EXPECT_EQ(content_of(broker.ask(0, {}).descriptor), process);
}

TEST(Broker, AsksTheOtherToEndWhenItIsEnded) {
  InAChild child([](const Say& say) {
    Broker broker({own_number});
    say(content_of(broker.ask(0, {}).descriptor));
    ::pause();
  });
  ::kill(std::stoi(child.line()), SIGKILL);
  EXPECT_EQ(child.rest(), "ended by signal " + std::to_string(SIGTERM) + "\n");
}

/// As those of the shell that became this program: bash -c 'tapdeck analyze <(cat x.pcap)'.
TEST(Broker, IsNotTakenForAnotherChild) {
  InAChild child([](const Say& say) {
    const pid_t other = ::fork();
    if (other == 0) {
      ::pause();
      ::_exit(0);
    }
    Broker broker({number_in_pipe});
    ::kill(other, SIGKILL);
    ::waitpid(other, nullptr, 0);
    say(content_of(broker.ask(0, {.which = 7}).descriptor));
  });
  EXPECT_EQ(child.rest(), "7@\n");
}

TEST(Broker, IsMissedWhereItIsGone) {
  InAChild child([](const Say& say) {
    std::signal(SIGTERM, SIG_IGN);
    std::signal(SIGPIPE, SIG_IGN);
    Broker broker({own_number});
    const pid_t process = std::stoi(content_of(broker.ask(0, {}).descriptor));
    ::kill(process, SIGKILL);
    try {
      while (true) ::close(broker.ask(0, {}).descriptor);
    } catch (const Failure& failure) {
      say(failure.what());
    }
  });
  EXPECT_EQ(child.rest(), "the process that opens files is gone\n");
}

}  // namespace
}  // namespace tapdeck::test

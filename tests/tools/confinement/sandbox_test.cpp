// What a confined process can still do, and what it can't.
#include "tools/tapdeck/confinement/sandbox.h"

#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "captures/failure.h"
#include "tests/captures/read_back.h"
#include "tests/tools/confinement/in_a_child.h"
#include "tools/tapdeck/confinement/sanitizer.h"

namespace tapdeck::test {
namespace {

using Say = InAChild::Say;

CommandOptions options_of(const Arguments& arguments = {}) {
  CommandOptions options("test", "", "");
  EXPECT_TRUE(options.parse(arguments));
  return options;
}

/// "refused", unless the system lets it happen.
std::string refused(long result) {
  if (result >= 0) return "done";
  return errno == EPERM || errno == EACCES ? "refused" : "failed: " + std::to_string(errno);
}

std::string read_descriptor(int descriptor) {
  std::string text(100, '\0');
  const ssize_t got = ::read(descriptor, text.data(), text.size());
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

std::string field_of_status(pid_t process, const std::string& name) {
  std::ifstream status("/proc/" + std::to_string(process) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":\t")) return line.substr(name.size() + 2);
  }
  return "?";
}

TEST(Sandbox, RefusesToOpenExecuteConnectAndSignal) {
  const pid_t other = ::getpid();
  InAChild child([other](const Say& say) {
    Sandbox sandbox(options_of());
    sandbox.enter();
    say("open " + refused(::open("/etc/passwd", O_RDONLY)));
    say("create " + refused(::open("/tmp/tapdeck_escaped", O_WRONLY | O_CREAT, 0600)));
    char program[] = "/bin/true";
    char* const arguments[] = {program, nullptr};
    say("execute " + refused(::execv(program, arguments)));
    say("connect by a socket " + refused(::socket(AF_INET, SOCK_STREAM, 0)));
    say("listen to the kernel " + refused(::socket(AF_NETLINK, SOCK_RAW, 0)));
    say("map code " + refused(::mmap(nullptr, 4096, PROT_READ | PROT_EXEC,
                                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
                                  ? -1
                                  : 0));
    say("remove " + refused(::unlink("/tmp/tapdeck_escaped")));
    if (sanitized) return;
    say("signal " + refused(::kill(other, 0)));
    say("trace " + refused(::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr)));
    say("fork " + refused(::fork()));
  });
  std::string expected =
      "open refused\ncreate refused\nexecute refused\nconnect by a socket refused\n"
      "listen to the kernel refused\nmap code refused\nremove refused\n";
  if (!sanitized) expected += "signal refused\ntrace refused\nfork refused\n";
  EXPECT_EQ(child.rest(), expected);
}

TEST(Sandbox, LetsThreadsMemoryTimeAndChanceAlone) {
  InAChild child([](const Say& say) {
    Sandbox sandbox(options_of());
    sandbox.enter();
    std::vector<char> memory(100'000'000, 'x');
    std::thread([&] { say("a thread, " + std::to_string(memory.back())); }).join();
    (void)std::random_device{}();
    (void)std::thread::hardware_concurrency();
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    say(::localtime_r(&now, &local) != nullptr ? "local time" : "no time");
  });
  EXPECT_EQ(child.rest(), "a thread, 120\nlocal time\n");
}

TEST(Sandbox, OpensWhatWasAnnouncedAndNothingElse) {
  const TemporaryDirectory directory;
  const std::string input = directory.write("input", octets_of("content"));
  const std::string other = directory.write("other", octets_of("secret"));
  const std::string output = directory.path("output");
  InAChild child([&](const Say& say) {
    Sandbox sandbox(options_of());
    sandbox.will_read(input);
    sandbox.will_read(directory.path("missing"));
    sandbox.will_write(output);
    sandbox.enter();
    for (int again = 0; again < 2; ++again) say(read_descriptor(sandbox.open_to_read(input)));
    say(refused(sandbox.open_to_read(other)));
    say(refused(sandbox.open_to_write(input)));
    const int missing = sandbox.open_to_read(directory.path("missing"));
    say(missing == -1 && errno == ENOENT ? "missing" : "not missing");
    (void)!::write(sandbox.open_to_write(output), "written", 7);
  });
  EXPECT_EQ(child.rest(), "content\ncontent\nrefused\nrefused\nmissing\n");
  std::ifstream written(output);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(written), {}), "written");
}

TEST(Sandbox, KnowsWhichOutputIsAnInput) {
  const TemporaryDirectory directory;
  const std::string input = directory.write("input", octets_of("content"));
  std::filesystem::create_hard_link(input, directory.path("link"));
  InAChild child([&](const Say& say) {
    Sandbox sandbox(options_of());
    sandbox.will_read(input);
    sandbox.will_write(directory.path("link"));
    sandbox.will_write(directory.path("new"));
    sandbox.enter();
    say(sandbox.is_same_file(input, directory.path("link")) ? "same" : "another");
    say(sandbox.is_same_file(input, directory.path("new")) ? "same" : "another");
  });
  EXPECT_EQ(child.rest(), "same\nanother\n");
}

TEST(Sandbox, KnowsWhichStandardStreamIsAnInputOrOutput) {
  const TemporaryDirectory directory;
  const std::string file = directory.write("file", octets_of("content"));
  InAChild child([&](const Say& say) {
    Sandbox sandbox(options_of());
    const int opened = ::open(file.c_str(), O_RDWR);
    ::dup2(opened, STDIN_FILENO);
    ::dup2(opened, STDOUT_FILENO);
    sandbox.will_read(file);
    sandbox.will_write(file);
    sandbox.enter();
    for (const std::string& input : {file, std::string("-")}) {
      for (const std::string& output : {file, std::string("-")}) {
        say(sandbox.is_same_file(input, output) ? "same" : "another");
      }
    }
  });
  EXPECT_EQ(child.rest(), "same\nsame\nsame\nsame\n");
}

TEST(Sandbox, NeverSendsOnASocketThatItReads) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM, 0, ends.data()), 0);
  ASSERT_EQ(::write(ends[1], "packet", 6), 6);
  InAChild child([&](const Say& say) {
    Sandbox sandbox(options_of());
    sandbox.enter({.only_read = {ends[0]}, .sent_on = {}});
    say(read_descriptor(ends[0]));
    say(refused(::send(ends[0], "x", 1, 0)));
    if (sanitized) return;
    say(refused(::write(ends[0], "x", 1)));
    say(refused(::dup(ends[0])));
  });
  EXPECT_EQ(child.rest(),
            std::string("packet\nrefused\n") + (sanitized ? "" : "refused\nrefused\n"));
  for (const int end : ends) ::close(end);
}

TEST(Sandbox, SendsOnWhatItWasGivenForThatAndOnNothingElse) {
  std::array<int, 2> given{}, other{};
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM, 0, given.data()), 0);
  ASSERT_EQ(::socketpair(AF_UNIX, SOCK_DGRAM, 0, other.data()), 0);
  InAChild child([&](const Say& say) {
    Sandbox sandbox(options_of());
    sandbox.enter({.only_read = {other[1], given[1]}, .sent_on = {given[0]}});
    std::string frame = "frame";
    iovec part{.iov_base = frame.data(), .iov_len = frame.size()};
    mmsghdr message{};
    message.msg_hdr.msg_iov = &part;
    message.msg_hdr.msg_iovlen = 1;
    say(refused(::send(given[0], "x", 1, 0)));
    say(refused(::sendmmsg(given[0], &message, 1, 0)));
    const sockaddr elsewhere{};
    say(refused(::sendto(given[0], "x", 1, 0, &elsewhere, sizeof elsewhere)));
    say(refused(::send(other[0], "x", 1, 0)));
    say(refused(::sendmmsg(other[0], &message, 1, 0)));
    say(refused(::socket(AF_PACKET, SOCK_RAW, 0)));
    if (sanitized) return;
    say(refused(::write(other[1], "x", 1)));
    say(refused(::write(given[1], "x", 1)));
  });
  EXPECT_EQ(child.rest(), std::string("done\ndone\nrefused\nrefused\nrefused\nrefused\n") +
                              (sanitized ? "" : "refused\nrefused\n"));
  for (const int end : {given[0], given[1], other[0], other[1]}) ::close(end);
}

TEST(Sandbox, ShowsInProcThatItHasNoRights) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  InAChild child([&](const Say& say) {
    Sandbox sandbox(options_of());
    sandbox.enter();
    say("confined");
    say(read_descriptor(ends[0]));  // waits
  });
  ASSERT_EQ(child.line(), "confined");
  const std::string none = "0000000000000000";
  EXPECT_EQ(field_of_status(child.process(), "CapEff"), none);
  EXPECT_EQ(field_of_status(child.process(), "CapPrm"), none);
  EXPECT_EQ(field_of_status(child.process(), "CapInh"), none);
  EXPECT_EQ(field_of_status(child.process(), "CapAmb"), none);
  EXPECT_EQ(field_of_status(child.process(), "NoNewPrivs"), "1");
  EXPECT_EQ(field_of_status(child.process(), "Seccomp"), "2");
  if (::geteuid() == 0) {
    EXPECT_EQ(field_of_status(child.process(), "CapBnd"), none);
    EXPECT_EQ(field_of_status(child.process(), "Groups"), " ");
  }
  for (const int end : ends) ::close(end);
}

TEST(Sandbox, ChangesNothingWhereItIsUnwanted) {
  const TemporaryDirectory directory;
  const std::string other = directory.write("other", octets_of("open"));
  InAChild child([&](const Say& say) {
    Sandbox sandbox(options_of({"--no-sandbox"}));
    const std::size_t duty =
        sandbox.add_duty([](const Errand& errand) { return Outcome{.error = int(errand.which)}; });
    sandbox.enter();
    say(read_descriptor(::open(other.c_str(), O_RDONLY)));
    say(refused(sandbox.open_to_read(other)));
    say(std::to_string(sandbox.do_duty(duty, {.which = 7}).error));
  });
  EXPECT_EQ(child.rest(), "open\nrefused\n7\n");
  EXPECT_THROW(Sandbox(options_of({"--no-sandbox", "-Z", "nobody"})), Failure);
}

}  // namespace
}  // namespace tapdeck::test

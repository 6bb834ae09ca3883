// With which rights packets are read, as the system shows them.
#include <unistd.h>

#include "tests/end_to_end/hosts.h"
#include "tests/end_to_end/run.h"

namespace tapdeck {
namespace {

/// `begin COMMAND` runs it on a pipe, as $PID, until it is confined and waits for the second half
/// of a capture, which `finish` gives it. `capture COMMAND` does the same with a command that
/// captures, which `stop` ends. `field NAME` is a line of what the system says of the process,
/// `broker` the other one. `gone PID` waits until a process has ended.
constexpr const char* functions = R"(
  begin() {
    "$@" packets > report & PID=$!
    exec 7> packets
    head -c 3000 http.pcap >&7
    confined
  }
  finish() { tail -c +3001 http.pcap >&7; exec 7>&-; wait $PID; }
  capture() {
    "$@" > report 2> errors & PID=$!
    confined && until grep -q listening errors; do sleep 0.01; done
  }
  stop() { kill -INT $PID; wait $PID; }
  confined() {
    for ((try = 0; try < 2000; ++try)); do
      [[ $(field Seccomp) != 2 ]] || return 0
      sleep 0.01
    done
    return 1
  }
  field() { sed -n "s/^$1:[[:space:]]*//p" /proc/$PID/status; }
  broker() { pgrep -P $PID; }
  gone() {
    for ((try = 0; try < 2000; ++try)); do
      grep -qs 'State:.*[^Z] (' /proc/$1/status || return 0
      sleep 0.01
    done
    return 1
  }
)";

class Privileges : public test::EndToEnd {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    run("chmod 777 . && cp $GOLDEN/http.pcap . && mkfifo packets && chmod 666 packets");
  }

  [[nodiscard]] std::string setting() const override { return functions; }

  /// What a shell prints, without the last end of line.
  [[nodiscard]] std::string printed(const std::string& command) const {
    const test::Outcome outcome = run(command);
    EXPECT_EQ(outcome.exit_code, 0) << command << "\n" << outcome.errors;
    return outcome.output.substr(0, outcome.output.find_last_not_of('\n') + 1);
  }
};

class PrivilegesOfRoot : public Privileges {
 protected:
  void SetUp() override {
    Privileges::SetUp();
    if (::geteuid() != 0) GTEST_SKIP() << "only root has rights to give up";
  }
};

constexpr const char* all_rights =
    "for name in CapInh CapPrm CapEff CapAmb NoNewPrivs Seccomp; do field $name; done\n";
constexpr const char* no_rights =
    "0000000000000000\n0000000000000000\n0000000000000000\n0000000000000000\n1\n2\n";

TEST_F(Privileges, AreGoneWhilePacketsAreRead) {
  for (const char* const command : {"analyze", "packets", "show -r"}) {
    const std::string words = command;
    const std::string run_it = "begin $T " + words + " && " + all_rights;
    EXPECT_EQ(printed(run_it + "finish || [[ '" + words + "' == show* ]]"),
              std::string(no_rights).substr(0, std::string(no_rights).size() - 1))
        << command;
  }
  EXPECT_EQ(printed("begin $T analyze; finish; tail -n +2 report"),
            printed("$T analyze http.pcap | tail -n +2"));
}

TEST_F(Privileges, LeaveNobodyBehind) {
  const std::string broker = "BROKER=$(broker); [[ $BROKER ]]; ";
  EXPECT_EQ(run("begin $T analyze; " + broker + "kill -KILL $PID; gone $BROKER").exit_code, 0);
  EXPECT_EQ(run("begin $T analyze; " + broker + "kill -KILL $BROKER; gone $PID").exit_code, 0);
  EXPECT_EQ(run("begin $T analyze; " + broker + "kill -TERM $PID; gone $BROKER").exit_code, 0);
  EXPECT_EQ(run("begin $T analyze; " + broker + "finish; [[ ! -e /proc/$BROKER ]]").exit_code, 0);
}

TEST_F(Privileges, SufficeForWhatTheCommandLineNames) {
  EXPECT_EQ(printed("$T packets --fields frame <(cat http.pcap) -c 2"), "1\n2");
  EXPECT_EQ(printed("$T packets --fields frame http.pcap -c 2 -o >(cat) | cat"), "1\n2");
  EXPECT_EQ(printed("$T packets --fields frame http.pcap -c 2 -o /dev/stdout"), "1\n2");
  EXPECT_EQ(printed("$T packets --fields frame http.pcap tcp port http -c 1"), "3");
  EXPECT_EQ(printed("TZ=Asia/Tokyo $T packets --time local http.pcap -c 1 | cut -c1-20"),
            printed("TZ=Asia/Tokyo $T packets --no-sandbox --time local http.pcap -c 1 | "
                    "cut -c1-20"));
}

TEST_F(Privileges, AreSaidToBeMissingWhereTheyAre) {
  const test::Outcome mixed = run("$T analyze --no-sandbox -Z nobody http.pcap");
  EXPECT_EQ(mixed.exit_code, 1);
  EXPECT_NE(mixed.errors.find("--no-sandbox keeps all rights"), std::string::npos);
}

TEST_F(Privileges, AreKeptOnDemand) {
  EXPECT_EQ(printed("$T analyze --no-sandbox packets > report & PID=$!\n"
                    "exec 7> packets; head -c 3000 http.pcap >&7\n"
                    "[[ ! $(pgrep -P $PID) ]]; field Seccomp; finish"),
            "0");
}

TEST_F(PrivilegesOfRoot, AreThoseOfNobodyOrOfTheUserBehindSudo) {
  const std::string who = "field Uid; field Gid; field Groups; field CapBnd; finish";
  const std::string nobody = "65534\t65534\t65534\t65534\n65534\t65534\t65534\t65534\n";
  EXPECT_EQ(printed("begin $T analyze; " + who), nobody + "\n0000000000000000");
  const std::string user = "1234\t1234\t1234\t1234\n5678\t5678\t5678\t5678\n";
  EXPECT_EQ(printed("begin env SUDO_UID=1234 SUDO_GID=5678 $T analyze; " + who),
            user + "\n0000000000000000");
  EXPECT_EQ(printed("begin $T analyze -Z root; field Uid; field CapEff; finish"),
            "0\t0\t0\t0\n0000000000000000");
  EXPECT_EQ(run("$T analyze -Z no_such_user http.pcap").exit_code, 1);
}

TEST_F(PrivilegesOfRoot, ReadAndWriteWhatOnlyRootMay) {
  EXPECT_EQ(printed("chmod 600 http.pcap; mkdir -m 700 own; cp http.pcap own; "
                    "SUDO_UID=1234 SUDO_GID=5678 $T analyze http.pcap own -o own/report; "
                    "head -n 1 own/report; stat -c %u:%g own/report"),
            "http.pcap\n1234:5678");
}

TEST_F(PrivilegesOfRoot, ArentNeeded) {
  const std::string as_nobody = "setpriv --reuid 65534 --regid 65534 --clear-groups ";
  EXPECT_EQ(printed("begin " + as_nobody + "$T analyze; " + all_rights + "finish"),
            std::string(no_rights).substr(0, std::string(no_rights).size() - 1));
  EXPECT_EQ(run(as_nobody + "$T analyze -Z nobody http.pcap").exit_code, 5);
  EXPECT_EQ(run("chmod 600 http.pcap; " + as_nobody + "$T analyze http.pcap").exit_code, 5);
}

class PrivilegesOfCaptures : public test::TwoHosts {
 protected:
  [[nodiscard]] std::string setting() const override { return TwoHosts::setting() + functions; }

  void SetUp() override {
    TwoHosts::SetUp();
    if (!IsSkipped()) run("chmod 777 .");
  }

  void expect(const std::string& command, const std::string& output) const {
    const test::Outcome outcome = run("set -e\n" + command);
    EXPECT_EQ(outcome.exit_code, 0) << command << "\n" << outcome.errors << read("errors");
    EXPECT_EQ(outcome.output, output) << command;
  }
};

const std::string pings = "$CLIENT ping -q -c 6 -i 0.01 192.0.2.20 > pings\n";

TEST_F(PrivilegesOfCaptures, AreGoneWhilePacketsCome) {
  expect("capture $SERVER $T live -i eth0 -w x.pcapng icmp\n" + std::string(all_rights) + pings +
             "BROKER=$(broker)\nstop\n[[ ! -e /proc/$BROKER ]]\n"
             "$T packets x.pcapng --fields frame | wc -l\n",
         std::string(no_rights) + "12\n");
  expect("capture $SERVER $T netstat -i eth0 --watch 0.1 -an\n" + std::string(all_rights) +
             "until grep -q Proto report; do sleep 0.01; done\nstop\n",
         no_rights);
}

TEST_F(PrivilegesOfCaptures, AreGoneWhilePacketsAreSent) {
  for (const char* const method : {"packet", "direct", "pcap", "af_xdp"}) {
    const std::string replay = std::string(
                                   "$CLIENT $T replay $GOLDEN/http.pcap -i eth0 --pps 500 "
                                   "--loop 0 --preload 1 --verify eth0 --verify-netns "
                                   "${SERVER##* } --method ") +
                               method;
    expect(replay + " > report 2> errors & PID=$!\nconfined\n" + all_rights +
               "BROKER=$(broker)\nuntil grep -q sending errors; do sleep 0.01; done\n"
               "sleep 0.2\nstop\n[[ ! -e /proc/$BROKER ]]\ngrep -q 'in order' errors\n",
           no_rights);
  }
}

TEST_F(PrivilegesOfCaptures, SufficeForReplayingAgain) {
  expect(
      "$CLIENT ip link set lo up\n"
      "$CLIENT $T replay $GOLDEN/http.pcap -i eth0 -I lo --top-speed --loop 3 --preload 1 "
      "port http 2> errors\ngrep -o 'sent 87 packets' errors\n"
      "SUDO_UID=1234 SUDO_GID=5678 $T replay $GOLDEN/http.pcap -o new.pcap 2> errors\n"
      "stat -c %u:%g new.pcap\n",
      "sent 87 packets\n1234:5678\n");
}

TEST_F(PrivilegesOfCaptures, LeaveFilesToTheUserBehindSudo) {
  expect(
      "capture env SUDO_UID=1234 SUDO_GID=5678 $SERVER $T live -i eth0 -w x.pcapng --rotate 3p "
      "--keep 2 icmp\n" +
          pings +
          "stop\nls x-*.pcapng | wc -l\nstat -c %u:%g x-*.pcapng | sort -u\n"
          "$T packets x-*.pcapng --fields frame | wc -l\n",
      "2\n1234:5678\n6\n");
}

TEST_F(PrivilegesOfCaptures, LeaveNobodyBehindAndAValidFile) {
  for (const char* const victim : {"$PID", "$BROKER"}) {
    expect("capture $SERVER $T live -i eth0 -w x.pcapng --flush 0.01 icmp\nBROKER=$(broker)\n" +
               pings +
               "until $T packets x.pcapng -c 12 --fields frame | grep -q 12; do sleep 0.01; done\n"
               "kill -KILL " +
               victim +
               "\ngone $PID\ngone $BROKER\n"
               "$T packets x.pcapng --fields frame | wc -l\n",
           "12\n");
  }
}

TEST_F(PrivilegesOfCaptures, LeaveNobodyBehindThatIsStopped) {
  expect(
      "capture $SERVER $T live -i eth0 -w x.pcapng\nBROKER=$(broker)\n"
      "kill -STOP $BROKER\nkill -KILL $PID\ngone $BROKER\n",
      "");
  // It has files to make, and to write.
  expect("capture $SERVER $T live -i eth0 -w x.pcapng --rotate 1p icmp\nkill -STOP $(broker)\n" +
             pings + "stop\n$T packets x-*.pcapng --fields frame | wc -l\n",
         "12\n");
}

TEST_F(PrivilegesOfCaptures, LeaveFilesThatAreThereToWhomTheyBelong) {
  if (::geteuid() != 0) GTEST_SKIP() << "root's files are meant";
  expect(
      "touch theirs; chmod 600 theirs; ln -s theirs link; ln -s new to_new\n"
      "for file in theirs link to_new; do\n"
      "  $SERVER $T live -i eth0 -w $file --duration 0.01 > report 2> errors\n"
      "done\nstat -c '%F %u %a' theirs new; readlink link to_new\n",
      "regular file 0 600\nregular file 65534 644\ntheirs\nnew\n");
}

TEST_F(PrivilegesOfCaptures, CanBeTheProgramsInsteadOfRoots) {
  if (run("cp $T copy && setcap cap_net_raw+ep copy").exit_code != 0) {
    GTEST_SKIP() << "no setcap here, or no file system for it";
  }
  const std::string as_nobody = "$SERVER setpriv --reuid 65534 --regid 65534 --clear-groups ";
  EXPECT_EQ(run(as_nobody + "$T live -i eth0 -c 1").exit_code, 5);
  expect("capture " + as_nobody + "./copy live -i eth0 -w x.pcapng icmp\n" + all_rights + pings +
             "stop\n$T packets x.pcapng --fields frame | wc -l\n",
         std::string(no_rights) + "12\n");
}

}  // namespace
}  // namespace tapdeck

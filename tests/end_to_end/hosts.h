// Two hosts joined by a wire, each a network namespace with a kernel of its own: for tests that
// send and capture. What they send ends at the other host.
#pragma once

#include <cstdlib>
#include <string>

#include <unistd.h>

#include "tests/end_to_end/run.h"

namespace tapdeck::test {

/// $CLIENT and $SERVER run a command on a host. Both hosts call their end of the wire eth0; the
/// client has 192.0.2.10, 2001:db8::10 and 02:00:00:00:00:01, the server 192.0.2.20, 2001:db8::20
/// and 02:00:00:00:00:02, and each knows the other's, so that nobody asks by ARP or ND.
/// Skips where namespaces can't be made.
class TwoHosts : public EndToEnd {
 protected:
  void SetUp() override {
    EndToEnd::SetUp();
    if (run("ip netns add " + x_client).exit_code != 0) {
      GTEST_SKIP() << "no network namespaces here: that takes root and iproute2";
    }
    const Outcome made = run("set -e\nip netns add " + x_server + wire_up(x_client, x_server));
    ASSERT_EQ(made.exit_code, 0) << made.errors;
  }

  void TearDown() override {
    for (const std::string& host : {x_client, x_server}) {
      run("ip netns pids " + host + " | xargs --no-run-if-empty kill -KILL; ip netns delete " +
          host);
    }
    EndToEnd::TearDown();
  }

  [[nodiscard]] std::string setting() const override {
    return "export CLIENT='ip netns exec " + x_client + "' SERVER='ip netns exec " + x_server +
           "'\n";
  }

 private:
  static std::string name_of(const char* host) {
    return "tapdeck-test-" + std::to_string(::getpid()) + "-" + host;
  }

  static std::string wire_up(const std::string& client, const std::string& server) {
    std::string script = "\nip link add eth0 netns " + client +
                         " address 02:00:00:00:00:01 type veth peer name eth0 netns " + server +
                         " address 02:00:00:00:00:02\n";
    const auto set_up = [&script](const std::string& host, const std::string& own,
                                  const std::string& other) {
      const std::string on = "ip -n " + host + " ";
      const std::string in = "ip netns exec " + host + " ";
      script += in + "sysctl -q -w net.ipv6.conf.all.accept_dad=0" +
                " net.ipv6.conf.default.accept_dad=0" +
                " net.ipv6.conf.default.router_solicitations=0 net.ipv6.conf.default.accept_ra=0" +
                " net.ipv6.conf.eth0.accept_dad=0 net.ipv6.conf.eth0.router_solicitations=0\n";
      script += on + "link set lo up\n" + on + "link set eth0 up\n";
      script += on + "address add 192.0.2." + own + "/24 dev eth0\n";
      script += on + "address add 2001:db8::" + own + "/64 dev eth0 nodad\n";
      const std::string mac = other == "10" ? "02:00:00:00:00:01" : "02:00:00:00:00:02";
      for (const char* network : {"192.0.2.", "2001:db8::"}) {
        script += on + "neighbour replace " + network + other + " lladdr " + mac + " dev eth0\n";
      }
    };
    set_up(client, "10", "20");
    set_up(server, "20", "10");
    return script;
  }

  std::string x_client = name_of("client");
  std::string x_server = name_of("server");
};

}  // namespace tapdeck::test

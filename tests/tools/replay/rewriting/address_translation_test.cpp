#include "tools/replay/rewriting/address_translation.h"

#include <string>

#include <gtest/gtest.h>

#include "tools/replay/rewriting/rewriter.h"
#include "tools/replay/rewriting/rule_text.h"
#include "tools/replay/rewriting/rule_words.h"

namespace tapdeck {
namespace {

constexpr std::uint8_t syn = 0x02, syn_ack = 0x12, ack = 0x10, fin_ack = 0x11;
constexpr std::int64_t second = 1'000'000'000;

/// Packets told as text: "192.0.2.1:80 > 198.51.100.1:5000".
class Router {
 public:
  explicit Router(std::string_view rules, std::size_t capacity = 65'536)
      : x_translation(rules_of(rules), TranslationTable(capacity)) {}

  std::string tcp(std::string_view ends, std::uint8_t flags = ack) {
    return pass(ends, 6, FlowEnds::Ports::ports, flags);
  }
  std::string udp(std::string_view ends) { return pass(ends, 17, FlowEnds::Ports::ports); }
  std::string echo(std::string_view ends) { return pass(ends, 1, FlowEnds::Ports::identifier); }
  std::string gre(std::string_view ends) { return pass(ends, 47, FlowEnds::Ports::none); }
  std::string tail(std::string_view ends) { return pass(ends, 17, FlowEnds::Ports::unknown); }

  std::string quoted(std::string_view text) {
    const auto known = x_translation.spoken_of(ends_of(text, 17, FlowEnds::Ports::ports), x_now);
    return known ? text_of(*known) : "nobody knows";
  }

  void wait(std::int64_t seconds) { x_now += seconds * second; }

  [[nodiscard]] const AddressTranslation& translation() const { return x_translation; }

 private:
  static RewriteRules rules_of(std::string_view text) {
    RewriteRules rules;
    add_rules(text, "rules", rules);
    return rules;
  }

  static FlowEnd end_of(std::string_view text) {
    if (text.find(':') == text.npos) return {parse_address(text), 0};
    const auto [address, port] = parse_socket(text);
    return {address, port};
  }

  static FlowEnds ends_of(std::string_view text, std::uint8_t ip_protocol, FlowEnds::Ports ports) {
    const std::size_t mark = text.find(" > ");
    return {.source = end_of(text.substr(0, mark)),
            .destination = end_of(text.substr(mark + 3)),
            .ip_protocol = ip_protocol,
            .ports = ports};
  }

  static std::string text_of(const FlowEnds& ends) {
    const auto text = [&](const FlowEnd& end) {
      return address_port_text(end.address, end.port == 0 ? std::nullopt : std::optional(end.port));
    };
    return text(ends.source) + " > " + text(ends.destination);
  }

  std::string pass(std::string_view text, std::uint8_t ip_protocol, FlowEnds::Ports ports,
                   std::uint8_t flags = 0) {
    static constexpr const char* reasons[] = {"unsolicited", "foreign", "no_port", "ports_unknown"};
    const auto result =
        x_translation.translate(ends_of(text, ip_protocol, ports),
                                {.frame = ++x_frame, .time_ns = x_now, .tcp_flags = flags});
    switch (result.fate) {
      case AddressTranslation::Result::Fate::dropped:
        return reasons[static_cast<std::size_t>(result.reason)];
      case AddressTranslation::Result::Fate::untouched:
        return "untouched";
      case AddressTranslation::Result::Fate::translated:
        break;
    }
    return text_of(result.ends);
  }

  AddressTranslation x_translation;
  std::int64_t x_now = 0;
  std::uint64_t x_frame = 0;
};

constexpr std::string_view home = "nat 192.168.0.0/16=203.0.113.7";

TEST(Nat, SharesThePublicAddressAndTakesAnswersBack) {
  Router router(home);
  EXPECT_EQ(router.tcp("192.168.0.5:50000 > 198.51.100.1:443", syn),
            "203.0.113.7:50000 > 198.51.100.1:443");
  EXPECT_EQ(router.tcp("198.51.100.1:443 > 192.168.0.5:50000", syn_ack),
            "198.51.100.1:443 > 203.0.113.7:50000");
  // What the capture shows of the other side is turned the other way round.
  EXPECT_EQ(router.tcp("198.51.100.1:443 > 203.0.113.7:50000"),
            "198.51.100.1:443 > 192.168.0.5:50000");
  EXPECT_EQ(router.tcp("203.0.113.7:50000 > 198.51.100.1:443"),
            "192.168.0.5:50000 > 198.51.100.1:443");
}

TEST(Nat, KeepsAPortThatIsFreeAndTakesAnotherOfItsKindOtherwise) {
  Router router(home);
  EXPECT_EQ(router.udp("192.168.0.5:50000 > 198.51.100.1:53"),
            "203.0.113.7:50000 > 198.51.100.1:53");
  EXPECT_EQ(router.udp("192.168.0.6:50000 > 198.51.100.2:53"),
            "203.0.113.7:50000 > 198.51.100.2:53");
  const std::string moved = router.udp("192.168.0.7:50000 > 198.51.100.1:53");
  EXPECT_EQ(moved, "203.0.113.7:49153 > 198.51.100.1:53");
  EXPECT_EQ(router.udp("198.51.100.1:53 > 203.0.113.7:49153"),
            "198.51.100.1:53 > 192.168.0.7:50000");
  EXPECT_EQ(router.udp("198.51.100.1:53 > 192.168.0.7:50000"),
            "198.51.100.1:53 > 203.0.113.7:49153");
  EXPECT_EQ(router.translation().ports_changed(), 1U);
  EXPECT_EQ(router.tcp("192.168.0.7:50000 > 198.51.100.1:53", syn),
            "203.0.113.7:50000 > 198.51.100.1:53")
      << "another protocol has ports of its own";
}

TEST(Nat, DropsWhatNobodyAskedFor) {
  Router router(home);
  EXPECT_EQ(router.tcp("198.51.100.1:40000 > 192.168.0.5:22", syn), "unsolicited");
  EXPECT_EQ(router.tcp("198.51.100.1:40000 > 203.0.113.7:22", syn), "unsolicited");
  EXPECT_EQ(router.udp("198.51.100.1:40000 > 192.168.0.5:53"), "unsolicited");
  EXPECT_EQ(router.echo("198.51.100.1:9 > 192.168.0.5:9"), "unsolicited");
  EXPECT_EQ(router.tcp("198.51.100.1:40000 > 198.51.100.2:80", syn), "foreign");
  EXPECT_EQ(router.tcp("192.168.0.5:40000 > 192.168.0.6:80", syn), "untouched");
}

TEST(Nat, LetsInTheAnswersOfACaptureThatBeganLate) {
  Router router(home);
  EXPECT_EQ(router.tcp("198.51.100.1:443 > 192.168.0.5:50000", syn_ack),
            "198.51.100.1:443 > 203.0.113.7:50000");
  EXPECT_EQ(router.udp("198.51.100.1:53 > 192.168.0.5:50000"),
            "198.51.100.1:53 > 203.0.113.7:50000");
}

TEST(Nat, TellsPingsApartByTheirIdentifier) {
  Router router(home);
  EXPECT_EQ(router.echo("192.168.0.5:7 > 198.51.100.1:7"), "203.0.113.7:7 > 198.51.100.1:7");
  const std::string moved = router.echo("192.168.0.6:7 > 198.51.100.1:7");
  EXPECT_EQ(moved, "203.0.113.7:2 > 198.51.100.1:2");
  EXPECT_EQ(router.echo("198.51.100.1:2 > 203.0.113.7:2"), "198.51.100.1:7 > 192.168.0.6:7");
  EXPECT_EQ(router.echo("198.51.100.1:7 > 192.168.0.6:7"), "198.51.100.1:2 > 203.0.113.7:2");
}

TEST(Nat, CantTellTwoHostsApartWithoutPorts) {
  Router router(home);
  EXPECT_EQ(router.gre("192.168.0.5 > 198.51.100.1"), "203.0.113.7 > 198.51.100.1");
  EXPECT_EQ(router.gre("192.168.0.6 > 198.51.100.1"), "no_port");
  EXPECT_EQ(router.gre("192.168.0.6 > 198.51.100.2"), "203.0.113.7 > 198.51.100.2");
}

TEST(Nat, ForgetsWhatIsSilent) {
  Router router(home);
  EXPECT_NE(router.udp("192.168.0.5:50000 > 198.51.100.1:7777"), "unsolicited");
  router.wait(299);
  EXPECT_NE(router.udp("198.51.100.1:7777 > 203.0.113.7:50000"), "unsolicited");
  router.wait(301);
  EXPECT_EQ(router.udp("198.51.100.1:7777 > 203.0.113.7:50000"), "unsolicited");
  // The port is free for another host then.
  EXPECT_EQ(router.udp("192.168.0.6:50000 > 198.51.100.1:7777"),
            "203.0.113.7:50000 > 198.51.100.1:7777");
}

TEST(Nat, KeepsOpenConnectionsForHoursAndOthersForMinutes) {
  Router router(home);
  const auto in = [&] { return router.tcp("198.51.100.1:80 > 203.0.113.7:50000"); };
  static_cast<void>(router.tcp("192.168.0.5:50000 > 198.51.100.1:80", syn));
  router.wait(241);
  EXPECT_EQ(in(), "unsolicited");
  static_cast<void>(router.tcp("192.168.0.5:50000 > 198.51.100.1:80", syn));
  static_cast<void>(in());
  static_cast<void>(router.tcp("192.168.0.5:50000 > 198.51.100.1:80", ack));
  router.wait(7400);
  EXPECT_EQ(in(), "198.51.100.1:80 > 192.168.0.5:50000");
  static_cast<void>(router.tcp("192.168.0.5:50000 > 198.51.100.1:80", fin_ack));
  static_cast<void>(router.tcp("198.51.100.1:80 > 203.0.113.7:50000", fin_ack));
  router.wait(241);
  EXPECT_EQ(in(), "unsolicited");
}

TEST(Nat, BoundsItsTable) {
  Router router(home, 2);
  for (const char* const ends : {"192.168.0.5:1 > 198.51.100.1:1", "192.168.0.5:2 > 198.51.100.1:1",
                                 "192.168.0.5:3 > 198.51.100.1:1"}) {
    EXPECT_NE(router.udp(ends), "unsolicited");
  }
  EXPECT_EQ(router.translation().table().entries().size(), 2U);
  EXPECT_EQ(router.translation().table().evicted(), 1U);
  EXPECT_EQ(router.udp("198.51.100.1:1 > 203.0.113.7:1"), "unsolicited");
  EXPECT_EQ(router.udp("198.51.100.1:1 > 203.0.113.7:3"), "198.51.100.1:1 > 192.168.0.5:3");
}

TEST(Nat, RunsOutOfPorts) {
  Router router("nat 192.168.0.0/16=203.0.113.7");
  std::size_t none = 0;
  for (unsigned host = 1; host < 1100; ++host) {
    const std::string from = "192.168." + std::to_string(host / 250) + "." +
                             std::to_string(host % 250 + 1) + ":7 > 198.51.100.1:7";
    none += router.udp(from) == "no_port" ? 1U : 0U;
  }
  EXPECT_GT(none, 70U) << "ports under 1024 are fewer";
  EXPECT_NE(router.udp("192.168.9.9:2000 > 198.51.100.1:7"), "no_port");
  EXPECT_NE(router.udp("192.168.9.9:7 > 198.51.100.2:7"), "no_port");
  EXPECT_EQ(router.udp("192.168.9.9:7 > 198.51.100.1:7"), "no_port");
  router.wait(301);
  EXPECT_NE(router.udp("192.168.9.9:7 > 198.51.100.1:7"), "no_port");
}

TEST(Nat, TakesTheMostSpecificNetwork) {
  Router router(
      "nat 10.0.0.0/8=203.0.113.1\nnat 10.1.0.0/16=203.0.113.2\nnat 2001:db8::/32=2001:db9::1");
  EXPECT_EQ(router.udp("10.1.0.1:1 > 198.51.100.1:1"), "203.0.113.2:1 > 198.51.100.1:1");
  EXPECT_EQ(router.udp("10.2.0.1:1 > 198.51.100.1:1"), "203.0.113.1:1 > 198.51.100.1:1");
  EXPECT_EQ(router.udp("[2001:db8::5]:1 > [2001:dba::1]:1"), "[2001:db9::1]:1 > [2001:dba::1]:1");
}

TEST(Nat, TranslatesFragmentsByAddress) {
  Router router(home);
  EXPECT_EQ(router.tail("192.168.0.5 > 198.51.100.1"), "203.0.113.7 > 198.51.100.1");
  EXPECT_EQ(router.tail("198.51.100.1 > 192.168.0.5"), "198.51.100.1 > 203.0.113.7");
  EXPECT_EQ(router.tail("198.51.100.1 > 203.0.113.7"), "ports_unknown");
  EXPECT_EQ(router.tail("198.51.100.1 > 198.51.100.2"), "foreign");
}

TEST(PortForwarding, LeadsInsideAndAnswersFromThePublicAddress) {
  Router router("port-forward tcp:203.0.113.7:8080=192.168.0.9:80");
  EXPECT_EQ(router.tcp("198.51.100.1:40000 > 203.0.113.7:8080", syn),
            "198.51.100.1:40000 > 192.168.0.9:80");
  EXPECT_EQ(router.tcp("192.168.0.9:80 > 198.51.100.1:40000", syn_ack),
            "203.0.113.7:8080 > 198.51.100.1:40000");
  EXPECT_EQ(router.tcp("203.0.113.7:8080 > 198.51.100.1:40000", syn_ack),
            "192.168.0.9:80 > 198.51.100.1:40000");
  EXPECT_EQ(router.udp("198.51.100.1:40000 > 203.0.113.7:8080"), "untouched");
  EXPECT_EQ(router.tcp("192.168.0.9:80 > 198.51.100.1:40001"), "untouched") << "came in directly";
}

TEST(PortForwarding, KnowsAConversationByItsAnswerToo) {
  Router router("port-forward 203.0.113.7:8080=192.168.0.9:80");
  EXPECT_EQ(router.tcp("203.0.113.7:8080 > 198.51.100.1:40000", syn_ack),
            "192.168.0.9:80 > 198.51.100.1:40000");
}

TEST(PortForwarding, AndNatMakeAHomeRouter) {
  Router router(std::string(home) + "\nport-forward tcp:203.0.113.7:8080=192.168.0.9:80");
  EXPECT_EQ(router.tcp("198.51.100.1:40000 > 203.0.113.7:8080", syn),
            "198.51.100.1:40000 > 192.168.0.9:80");
  EXPECT_EQ(router.tcp("192.168.0.9:80 > 198.51.100.1:40000", syn_ack),
            "203.0.113.7:8080 > 198.51.100.1:40000");
  EXPECT_EQ(router.tcp("198.51.100.2:40000 > 192.168.0.9:80", syn),
            "198.51.100.2:40000 > 203.0.113.7:8080")
      << "the inner side shows the host itself";
  EXPECT_EQ(router.tcp("192.168.0.5:8080 > 198.51.100.1:80", syn),
            "203.0.113.7:1027 > 198.51.100.1:80")
      << "the port is given away, 1025 and 1026 are services";
  EXPECT_EQ(router.tcp("198.51.100.1:40000 > 203.0.113.7:22", syn), "unsolicited");
  // From inside by the public address: it stays inside.
  EXPECT_EQ(router.tcp("192.168.0.5:50000 > 203.0.113.7:8080", syn),
            "192.168.0.5:50000 > 192.168.0.9:80");
}

TEST(AddressTranslation, KnowsWhatErrorsQuote) {
  Router router(std::string(home) + "\nport-forward 203.0.113.7:8080=192.168.0.9:80");
  EXPECT_EQ(router.quoted("192.168.0.5:50000 > 198.51.100.1:53"), "nobody knows");
  static_cast<void>(router.udp("192.168.0.5:50000 > 198.51.100.1:53"));
  EXPECT_EQ(router.quoted("192.168.0.5:50000 > 198.51.100.1:53"),
            "203.0.113.7:50000 > 198.51.100.1:53");
  EXPECT_EQ(router.quoted("198.51.100.1:53 > 192.168.0.5:50000"),
            "198.51.100.1:53 > 203.0.113.7:50000");
  EXPECT_EQ(router.quoted("203.0.113.7:50000 > 198.51.100.1:53"),
            "192.168.0.5:50000 > 198.51.100.1:53");
  EXPECT_EQ(router.quoted("198.51.100.1:9 > 203.0.113.7:8080"), "198.51.100.1:9 > 192.168.0.9:80");
}

TEST(AddressTranslation, NamesHostsAsItsPacketsDo) {
  const auto host = [](std::string_view rules, std::string_view address) {
    return to_string(Router(rules).translation().host(parse_address(address)));
  };
  EXPECT_EQ(host(home, "192.168.3.4"), "203.0.113.7");
  EXPECT_EQ(host(home, "198.51.100.1"), "198.51.100.1");
  const std::string one = "port-forward 203.0.113.7:80=10.0.0.1:80\n";
  EXPECT_EQ(host(one, "203.0.113.7"), "10.0.0.1");
  EXPECT_EQ(host(one + "port-forward 203.0.113.7:81=10.0.0.2:80", "203.0.113.7"), "203.0.113.7");
}

TEST(AddressTranslation, ShowsItsTable) {
  Router router(home);
  static_cast<void>(router.tcp("192.168.0.5:50000 > 198.51.100.1:443", syn));
  static_cast<void>(router.echo("192.168.0.5:7 > 198.51.100.1:7"));
  static_cast<void>(router.tcp("198.51.100.1:443 > 192.168.0.5:50000", syn_ack));
  EXPECT_EQ(
      table_text(router.translation()),
      "PROTO    INSIDE                PUBLIC                REMOTE                    OUT      "
      "IN   FRAME\n"
      "icmp     192.168.0.5:7         203.0.113.7:7         198.51.100.1                1       "
      "0       2\n"
      "tcp      192.168.0.5:50000     203.0.113.7:50000     198.51.100.1:443            1       "
      "1       1\n");
}

}  // namespace
}  // namespace tapdeck

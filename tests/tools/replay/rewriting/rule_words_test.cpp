#include "tools/replay/rewriting/rule_words.h"

#include <string>

#include <gtest/gtest.h>

#include "captures/failure.h"
#include "tools/replay/rewriting/rule_text.h"

namespace tapdeck {
namespace {

RewriteRules rules_of(std::string_view text) {
  RewriteRules rules;
  add_rules(text, "rules", rules);
  check_rules(rules);
  return rules;
}

std::string refusal_of(std::string_view text) {
  try {
    static_cast<void>(rules_of(text));
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code(), ExitCode::usage);
    return failure.what();
  }
  return "accepted";
}

IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  return {.octets = {a, b, c, d}, .version = 4};
}

TEST(RuleWords, ReadEveryRule) {
  const RewriteRules rules = rules_of(
      "# a home router\n"
      "nat 192.168.0.0/16=203.0.113.7   # all of it\n"
      "\n"
      "\tport-forward tcp:203.0.113.7:8080=192.168.0.9:80\r\n"
      "ip-map 10.1.0.0/16=172.16.0.0/16\n"
      "port-map udp:5000-5009=6000-6009\n"
      "mac-map 02:00:00:00:00:01=02:00:00:00:00:AB\n"
      "src-mac 02:00:00:00:00:02\n"
      "dst-mac 2001:db8::/32=02:00:00:00:00:03\n"
      "vlan-pop 2\n"
      "vlan-set vid=7,depth=2\n"
      "vlan-push 100,pcp=5,dei=1,tpid=0x88a8\n"
      "ttl -3\n"
      "anonymize-key words\n"
      "fix-checksums");
  EXPECT_EQ(rules.nat, (std::vector<NatRule>{{.inside = {v4(192, 168, 0, 0), 16},
                                              .public_address = v4(203, 0, 113, 7)}}));
  EXPECT_EQ(rules.forwards, (std::vector<ForwardRule>{{.ip_protocol = 6,
                                                       .public_address = v4(203, 0, 113, 7),
                                                       .public_port = 8080,
                                                       .inside_address = v4(192, 168, 0, 9),
                                                       .inside_port = 80}}));
  EXPECT_EQ(
      rules.addresses,
      (std::vector<AddressRule>{{.from = {v4(10, 1, 0, 0), 16}, .to = {v4(172, 16, 0, 0), 16}}}));
  EXPECT_EQ(rules.ports,
            (std::vector<PortRule>{{.ip_protocol = 17, .first = 5000, .last = 5009, .to = 6000}}));
  EXPECT_EQ(rules.macs.size(), 1U);
  EXPECT_EQ(to_string(rules.macs.at(0).to), "02:00:00:00:00:ab");
  EXPECT_FALSE(rules.source_macs.at(0).sender.has_value());
  EXPECT_EQ(rules.destination_macs.at(0).sender->length, 32);
  EXPECT_EQ(rules.vlans.size(), 4U);
  EXPECT_EQ(rules.vlans.at(2),
            (VlanRule{.action = VlanRule::Action::set, .depth = 1, .fields = {.vlan_id = 7}}));
  EXPECT_EQ(rules.vlans.at(3).fields,
            (VlanFields{.type = 0x88a8, .vlan_id = 100, .priority = 5, .drop_eligible = true}));
  EXPECT_EQ(rules.hop_limit, (HopLimitRule{.relative = true, .value = -3}));
  EXPECT_TRUE(rules.anonymize && rules.key && rules.fix_checksums);
}

TEST(RuleWords, PointAtTheMistake) {
  EXPECT_EQ(refusal_of("ttl 3\nip-map 10.0.0.0/40=192.0.2.0/24"),
            "rules:2: '40' is no number of bits from 0 to 32\n"
            "  ip-map 10.0.0.0/40=192.0.2.0/24\n"
            "                  ^^");
  EXPECT_EQ(refusal_of("  nta 10.0.0.0/8=192.0.2.1"),
            "rules:1: no rule 'nta'; did you mean 'nat'?\n"
            "    nta 10.0.0.0/8=192.0.2.1\n"
            "    ^^^");
  EXPECT_EQ(refusal_of("ttl"),
            "rules:1: 'ttl' takes a value: N|+N|-N\n"
            "  ttl\n"
            "  ^^^");
}

TEST(RuleWords, RefuseWhatTheyCantMean) {
  const auto says = [](std::string_view text, std::string_view words) {
    const std::string refusal = refusal_of(text);
    EXPECT_NE(refusal.find(words), std::string::npos) << text << ": " << refusal;
  };
  says("anonymize yes", "takes no value");
  says("ip-map 10.0.0.1/8=11.0.0.0/8", "10.0.0.0/8 is one");
  says("ip-map 10.0.0.0/8=11.0.0.0/9", "differ in length");
  says("ip-map 10.0.0.0/8=2001:db8::/32", "one is IPv4, the other IPv6");
  says("ip-map 10.0.0.0/8", "no '='");
  says("nat 10.0.0.0/8=10.0.0.1", "the public address lies inside");
  says("nat 10.0.0.0/8=x", "'x' is no IPv4 or IPv6 address");
  says("port-forward 192.0.2.1=10.0.0.1:80", "is no address with a port");
  says("port-forward 2001:db8::1:80=10.0.0.1:80", "is no address with a port");
  says("port-forward 192.0.2.1:0=10.0.0.1:80", "no port from 1 to 65535");
  says("port-map 80=0", "no port from 1 to 65535");
  says("port-map 90-80=1", "no port from 90 to 65535");
  says("port-map 80-90=180-189", "differ in length");
  says("port-map 80-90=65530", "ends behind port 65535");
  says("mac-map 1:2:3:4:5=02:00:00:00:00:01", "is no address as 02:");
  says("vlan-push 4096", "no VLAN id from 0 to 4095");
  says("vlan-push pcp=8", "no priority from 0 to 7");
  says("vlan-push tpid=0x0800", "none of 0x8100");
  says("vlan-push vip=8", "none of vid, pcp");
  says("vlan-pop vid=8", "only depth=N");
  says("vlan-push 7,vid=8", "'vid' is said twice");
  says("vlan-set depth=1,vid=8,depth=2", "'depth' is said twice");
  says("vlan-set depth=2", "no field to change");
  says("vlan-set vid=7\nvlan-set pcp=1,vid=7", "a second rule for one field of one tag");
  says("ttl 4\nttl -1", "a second rule for the TTL");
  says("anonymize-key a\nanonymize-key b", "a second key");
  says("nat 10.0.0.0/8=0.0.0.0", "'0.0.0.0' is no address that a host can have");
  says("nat 10.0.0.0/8=255.255.255.255", "no address that a host");
  says("nat 10.0.0.0/8=239.1.2.3", "no address that a host");
  says("nat fd00::/8=::", "no address that a host");
  says("nat fd00::/8=ff02::1", "no address that a host");
  says("port-forward 0.0.0.0:80=10.0.0.1:80", "no address that a host");
  says("port-forward 192.0.2.1:80=224.0.0.1:80", "no address that a host");
  says("port-map icmp:8=9", "'icmp' is none of tcp, udp, sctp");
  says("port-map tpc:8=9", "'tpc' is none of tcp, udp, sctp");
  says("ttl 256", "no hop limit from 0 to 255");
  says("ttl +", "no hop limit");
}

TEST(RuleWords, RefuseRulesThatLeadTogether) {
  EXPECT_EQ(refusal_of("ip-map 10.0.0.0/24=192.0.2.0/24\nip-map 10.0.1.0/24=192.0.2.0/24"),
            "ip-map: 10.0.0.0/24 and 10.0.1.0/24 lead to the same addresses");
  EXPECT_EQ(refusal_of("ip-map 10.0.0.0/24=192.0.2.0/24\nip-map 10.0.0.0/24=192.0.3.0/24"),
            "ip-map: two rules for 10.0.0.0/24");
  EXPECT_EQ(refusal_of("port-map 80=81\nport-map tcp:90=81"),
            "port-map: two rules lead to port 81");
  EXPECT_EQ(
      refusal_of("port-forward 192.0.2.1:1=10.0.0.1:80\nport-forward 192.0.2.1:1=10.0.0.2:80"),
      "port-forward: two rules for 192.0.2.1:1");
  EXPECT_EQ(refusal_of("ip-map 10.0.0.0/8=11.0.0.0/8\nip-map 10.0.1.0/24=11.0.2.0/24"), "accepted");
  EXPECT_EQ(refusal_of("port-map tcp:80=81\nport-map udp:80=81"), "accepted");
  EXPECT_EQ(refusal_of("nat 10.0.0.0/8=192.0.2.1\nnat 10.0.0.0/8=192.0.2.2"),
            "nat: two rules for 10.0.0.0/8");
  EXPECT_EQ(refusal_of("mac-map 02:00:00:00:00:01=02:00:00:00:00:02\n"
                       "mac-map 02:00:00:00:00:01=02:00:00:00:00:03"),
            "mac-map: two rules for 02:00:00:00:00:01");
  EXPECT_EQ(refusal_of("src-mac 02:00:00:00:00:01\nsrc-mac 02:00:00:00:00:02"),
            "src-mac: two rules for all frames");
  EXPECT_EQ(refusal_of("dst-mac 10.0.0.1=02:00:00:00:00:01\ndst-mac 10.0.0.1=02:00:00:00:00:02"),
            "dst-mac: two rules for frames from 10.0.0.1/32");
  EXPECT_EQ(refusal_of("vlan-set vid=7\nvlan-set pcp=1\nvlan-set vid=7,depth=2\nvlan-push 3\n"
                       "vlan-set vid=8"),
            "accepted");
}

TEST(RuleWords, TakeTextAsEditorsWriteIt) {
  EXPECT_EQ(refusal_of("\xef\xbb\xbfttl 4\r\nvlan-push 7\r\n"), "accepted");
  EXPECT_EQ(refusal_of("ttl x\r\n"),
            "rules:1: 'x' is no hop limit from 0 to 255\n"
            "  ttl x\n"
            "      ^");
}

TEST(RuleWords, RefuseWhatIsNoText) {
  EXPECT_EQ(refusal_of(std::string("ttl 4\n\0\1\2\n", 10)),
            "rules:2: a NUL octet: rules are text in UTF-8");
  EXPECT_EQ(refusal_of("# a remark\n" + std::string(5000, 'x')),
            "rules:2: 5000 octets in a line: 4096 are the most");
  RewriteRules rules;
  EXPECT_THROW(read_rules("/dev/zero", rules), Failure);
  EXPECT_THROW(read_rules("/", rules), Failure);
}

TEST(RuleWords, ShowNoControlCharacters) {
  EXPECT_EQ(refusal_of("nat \x1b[31m").find('\x1b'), std::string::npos);
}

TEST(RuleText, WritesEnds) {
  EXPECT_EQ(address_port_text(v4(192, 0, 2, 1), 80), "192.0.2.1:80");
  EXPECT_EQ(address_port_text(parse_address("2001:db8::1"), 80), "[2001:db8::1]:80");
  EXPECT_EQ(address_port_text(parse_address("2001:db8::1"), {}), "2001:db8::1");
  EXPECT_EQ(protocol_text(6), "tcp");
  EXPECT_EQ(protocol_text(47), "ip-47");
}

}  // namespace
}  // namespace tapdeck

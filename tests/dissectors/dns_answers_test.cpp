// Addresses and their names in DNS messages, right and wrong.
#include "dissectors/dns_answers.h"

#include <gtest/gtest.h>

#include "tests/support/hex.h"

namespace tapdeck {
namespace {

using test::hex;

const IpAddress host{{192, 0, 2, 1}, 4};

// www.example. A? and its answer: CNAME web.example, A 192.0.2.1
constexpr std::string_view header = "1234 8180 0001 0002 0000 0000";
constexpr std::string_view question = "03777777 076578616d706c65 00 0001 0001";
constexpr std::string_view alias = "c00c 0005 0001 0000003c 0006 03776562 c010";
constexpr std::string_view address = "c029 0001 0001 0000003c 0004 c0000201";

std::vector<DnsAddress> answers(std::string_view a, std::string_view b = "",
                                std::string_view c = "", std::string_view d = "") {
  return dns_addresses(hex(a, b, c, d));
}

TEST(DnsAnswers, AnAddressHasTheNameThatWasAskedFor) {
  EXPECT_EQ(answers(header, question, alias, address),
            (std::vector<DnsAddress>{{.name = "www.example", .address = host}}));
}

TEST(DnsAnswers, ARecordOfAnotherNameKeepsItsOwn) {
  const auto found = answers("1234 8180 0001 0001 0000 0000", question,
                             "05 6f74686572 00 0001 0001 0000003c 0004 c0000201");
  EXPECT_EQ(found, (std::vector<DnsAddress>{{.name = "other", .address = host}}));
}

TEST(DnsAnswers, KnowsIpv6AndMulticastDns) {
  const auto found = answers("0000 8400 0000 0001 0000 0000",
                             "04 686f7374 05 6c6f63616c 00 001c 8001 00000078 0010",
                             "20010db8 00000000 00000000 00000001");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].name, "host.local");
  EXPECT_EQ(to_string(found[0].address), "2001:db8::1");
}

TEST(DnsAnswers, QueriesAndErrorsAnswerNothing) {
  EXPECT_TRUE(answers("1234 0100 0001 0000 0000 0000", question).empty());
  EXPECT_TRUE(answers("1234 8183 0001 0002 0000 0000", question, alias, address).empty());
  EXPECT_TRUE(answers("1234 9180 0001 0002 0000 0000", question, alias, address).empty());
}

TEST(DnsAnswers, WhatStandsBeforeACutCounts) {
  const auto whole =
      hex("1234 8180 0001 0002 0000 0000", question, "c00c 0001 0001 0000003c 0004 c0000201",
          "c00c 0001 0001 0000003c 0004 c0000202");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::vector<std::byte> cut(whole.begin(),
                                     whole.begin() + static_cast<std::ptrdiff_t>(size));
    const std::size_t expected = size == whole.size() ? 2 : size >= whole.size() - 16 ? 1 : 0;
    EXPECT_EQ(dns_addresses(cut).size(), expected) << size;
  }
}

TEST(DnsAnswers, PointersThatLeadForwardOrInACircleEndIt) {
  for (const char* name : {"c00c", "c00e", "c0ff", "01 61 c00c", "c0", "40 61"}) {
    EXPECT_TRUE(
        answers("1234 8180 0000 0001 0000 0000", name, "0001 0001 0000003c 0004 c0000201").empty())
        << name;
  }
}

TEST(DnsAnswers, ANameHasAtMost255Octets) {
  std::string labels;
  for (int i = 0; i < 4; ++i) {
    labels += "3f";
    for (int letter = 0; letter < 63; ++letter) labels += "61";
  }
  EXPECT_TRUE(
      answers("1234 8180 0000 0001 0000 0000", labels + "00", "0001 0001 0000003c 0004 c0000201")
          .empty());
}

TEST(DnsAnswers, DotsInLabelsAreMarkedAndOtherOctetsStay) {
  const auto found = answers("1234 8180 0000 0001 0000 0000", "04 612e5c1b 00",
                             "0001 0001 0000003c 0004 c0000201");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].name, "a\\.\\\\\x1b");
}

TEST(DnsAnswers, TakesNoMoreThanSixtyFour) {
  std::string records;
  for (int i = 0; i < 100; ++i) records += "0161 00 0001 0001 00000000 0004 c0000201 ";
  EXPECT_EQ(answers("1234 8180 0000 0064 0000 0000", records).size(), 64U);
}

}  // namespace
}  // namespace tapdeck

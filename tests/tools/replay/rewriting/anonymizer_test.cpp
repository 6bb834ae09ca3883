#include "tools/replay/rewriting/anonymizer.h"

#include <random>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "tools/replay/rewriting/rule_text.h"

namespace tapdeck {
namespace {

/// Leading bits that both have.
std::size_t shared_bits(const IpAddress& one, const IpAddress& other) {
  std::size_t bits = 0;
  while (bits < address_bits(one) && bit_of(one, bits) == bit_of(other, bits)) ++bits;
  return bits;
}

// The key, an address and its anonymised one of the authors' own example (Crypto-PAn 1.0,
// sample_trace_raw.dat and sample_trace_sanitized.dat).
const AnonymizationKey key_of_the_authors{21,  34, 23,  141, 51, 164, 207, 128, 19,  10,  91,
                                          22,  73, 144, 125, 16, 216, 152, 143, 131, 121, 121,
                                          101, 39, 98,  87,  76, 45,  42,  132, 34,  2};

TEST(Anonymizer, GivesWhatCryptoPanGives) {
  Anonymizer anonymizer(key_of_the_authors);
  const auto anonymized = [&](std::string_view address) {
    return to_string(anonymizer.anonymized(parse_address(address)));
  };
  EXPECT_EQ(anonymized("128.11.68.132"), "135.242.180.132");
  EXPECT_EQ(anonymized("129.118.74.4"), "134.136.186.123");
  EXPECT_EQ(anonymized("130.132.252.244"), "133.68.164.234");
}

TEST(Anonymizer, KeepsPrefixesAsLongAsTheyWere) {
  constexpr unsigned seed = 2002;
  SCOPED_TRACE(seed);
  std::mt19937 random(seed);
  Anonymizer anonymizer(anonymization_key("some words"));
  for (const std::uint8_t version : {std::uint8_t{4}, std::uint8_t{6}}) {
    IpAddress last{.octets = {10, 1, 2, 3}, .version = version};
    for (int i = 0; i < 300; ++i) {
      IpAddress next = last;
      const std::size_t bit = random() % address_bits(last);
      next.octets[bit / 8] = static_cast<std::uint8_t>(next.octets[bit / 8] ^ (0x80U >> bit % 8));
      ASSERT_EQ(shared_bits(anonymizer.anonymized(last), anonymizer.anonymized(next)), bit);
      last = next;
    }
  }
}

TEST(Anonymizer, KeepsTheMeaningOfAddressesThatHaveOne) {
  Anonymizer anonymizer(anonymization_key("words"));
  for (const char* const kept : {"0.0.0.0", "127.0.0.1", "224.0.0.251", "239.255.255.250",
                                 "255.255.255.255", "::", "::1", "ff02::1", "ff02::fb"}) {
    EXPECT_EQ(to_string(anonymizer.anonymized(parse_address(kept))), kept);
  }
  const auto begins = [&](std::string_view address, std::string_view prefix) {
    const std::string text = to_string(anonymizer.anonymized(parse_address(address)));
    EXPECT_TRUE(text.starts_with(prefix)) << text;
    EXPECT_NE(text, address);
  };
  begins("169.254.7.9", "169.254.");
  begins("fe80::1234:5678:9abc:def0", "fe80::");
  begins("ff02::1:ff12:3456", "ff02::1:ff");
  begins("::10.1.2.3", "");
}

TEST(Anonymizer, LetsNoOtherAddressComeToMeanSomething) {
  std::mt19937 random(7);
  Anonymizer anonymizer(anonymization_key("others"));
  std::set<IpAddress> results;
  for (int i = 0; i < 3000; ++i) {
    IpAddress address{.octets = {static_cast<std::uint8_t>(1 + random() % 126),
                                 static_cast<std::uint8_t>(random()),
                                 static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)},
                      .version = 4};
    const IpAddress result = anonymizer.anonymized(address);
    EXPECT_TRUE(result.octets[0] != 0 && result.octets[0] != 127 && result.octets[0] < 224)
        << to_string(address) << ' ' << to_string(result);
    EXPECT_TRUE(results.insert(result).second);
  }
}

TEST(AnonymizationKey, IsHexOrMadeOfWords) {
  const std::string hex = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1F";
  EXPECT_EQ(anonymization_key(hex)[31], 0x1f);
  EXPECT_EQ(key_text(anonymization_key(hex)),
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  // SHA-256 of "abc" (FIPS 180-2 appendix B.1).
  EXPECT_EQ(key_text(anonymization_key("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_NE(random_anonymization_key(), random_anonymization_key());
}

}  // namespace
}  // namespace tapdeck

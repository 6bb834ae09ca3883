#include "tools/tapdeck/options.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

InputOptions input_of(const Arguments& arguments) {
  CommandOptions options("packets", "FILE...", "");
  options.add_input();
  options.add("verbose,v", "", "");
  EXPECT_TRUE(options.parse(arguments));
  return options.input();
}

std::string refusal_of(const Arguments& arguments) {
  try {
    (void)input_of(arguments);
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.exit_code(), ExitCode::usage);
    return failure.what();
  }
  return "accepted";
}

using Paths = std::vector<std::string>;

TEST(Input, TakesTheFirstWordsAsFilesAndTheRestAsFilter) {
  const InputOptions input = input_of({"a.pcap", "b.pcapng.gz", "tcp", "port", "80"});
  EXPECT_EQ(input.paths, (Paths{"a.pcap", "b.pcapng.gz"}));
  EXPECT_EQ(input.source.filter, "tcp port 80");
}

TEST(Input, KeepsASlashInAFilterBehindItsFirstWord) {
  const InputOptions input = input_of({"a.pcap", "net", "10.0.0.0/8"});
  EXPECT_EQ(input.paths, (Paths{"a.pcap"}));
  EXPECT_EQ(input.source.filter, "net 10.0.0.0/8");
}

TEST(Input, TakesTheFirstWordAsAFileWhateverItLooksLike) {
  EXPECT_EQ(input_of({"capture"}).paths, (Paths{"capture"}));
}

TEST(Input, ReadsAsTcpdumpDoes) {
  const InputOptions input = input_of({"-nnr", "a.pcap", "-c", "3", "udp", "or", "arp"});
  EXPECT_EQ(input.paths, (Paths{"a.pcap"}));
  EXPECT_EQ(input.source.filter, "udp or arp");
  EXPECT_EQ(input.source.packet_limit, 3U);
}

TEST(Input, IsStandardInputForADash) {
  EXPECT_EQ(input_of({"-"}).paths, (Paths{"-"}));
  EXPECT_EQ(input_of({"-r", "-"}).paths, (Paths{"-"}));
}

TEST(Input, TakesAllWordsAsFilesWhereTheFilterIsExplicit) {
  const InputOptions by_option = input_of({"one", "two", "-f", "tcp"});
  EXPECT_EQ(by_option.paths, (Paths{"one", "two"}));
  EXPECT_EQ(by_option.source.filter, "tcp");
  const InputOptions by_dashes = input_of({"one", "two", "--", "not", "-v"});
  EXPECT_EQ(by_dashes.paths, (Paths{"one", "two"}));
  EXPECT_EQ(by_dashes.source.filter, "not -v");
}

TEST(Input, IsRefusedWithTwoFilters) {
  EXPECT_NE(refusal_of({"a.pcap", "-f", "tcp", "--", "udp"}).find("two filters"),
            std::string::npos);
}

TEST(Input, IsRefusedWithoutAFile) {
  EXPECT_NE(refusal_of({}).find("which capture?"), std::string::npos);
}

TEST(Options, MayStandBehindTheFilter) {
  EXPECT_EQ(input_of({"a.pcap", "tcp", "-c", "5", "-vv"}).source.packet_limit, 5U);
}

TEST(Options, ArentGuessed) {
  EXPECT_EQ(refusal_of({"a.pcap", "--verb"}),
            "unknown option '--verb'; did you mean '--verbose'?\nTry 'tapdeck packets --help'.");
}

TEST(Options, RefuseWhatIsNoCount) {
  for (const char* text : {"-5", "x", "5x", "", "99999999999999999999"}) {
    EXPECT_NE(refusal_of({"a.pcap", std::string("--count=") + text}), "accepted") << text;
  }
}

TEST(Options, NameTheChoices) {
  CommandOptions options("packets", "", "");
  EXPECT_TRUE(options.parse({"--color", "allways"}));
  try {
    (void)options.color();
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_STREQ(failure.what(),
                 "--color: 'allways' is none of auto, always, never; did you mean 'always'?");
  }
}

}  // namespace
}  // namespace tapdeck

#include "tools/tapdeck/json_compare.h"

#include <gtest/gtest.h>

#include "tools/tapdeck/junit.h"

namespace tapdeck {
namespace {

std::string first_difference(const std::string& expected, const std::string& found) {
  const auto differences = compare_json(expected, found, 10);
  if (differences.empty()) return "none";
  const auto& [path, wanted, is] = differences.front();
  return path + ": " + wanted + " / " + is;
}

TEST(CompareJson, IgnoresSpaceAndTheOrderOfKeys) {
  EXPECT_EQ(first_difference(R"({"a":1,"b":[2]})", "{ \"b\": [2],\n \"a\": 1 }"), "none");
}

TEST(CompareJson, NamesThePathOfADifference) {
  EXPECT_EQ(first_difference(R"({"c":[{"p":80},{"p":81}]})", R"({"c":[{"p":80},{"p":82}]})"),
            "c[1].p: 81 / 82");
}

TEST(CompareJson, TellsWhatIsMissingAndWhatIsNew) {
  EXPECT_EQ(first_difference(R"({"a":1})", "{}"), "a: 1 / nothing");
  EXPECT_EQ(first_difference("{}", R"({"a":1})"), "a: nothing / 1");
  EXPECT_EQ(first_difference("[1]", "[1,2]"), "[1]: nothing / 2");
}

TEST(CompareJson, KeepsBigIntegersApart) {
  EXPECT_EQ(first_difference("[1795233859177212474]", "[1795233859177212475]"),
            "[0]: 1795233859177212474 / 1795233859177212475");
}

TEST(CompareJson, TellsTypesApart) {
  EXPECT_EQ(first_difference(R"(["1"])", "[1]"), R"([0]: "1" / 1)");
  EXPECT_EQ(first_difference("[0]", "[null]"), "[0]: 0 / null");
}

TEST(CompareJson, StopsAtTheLimit) {
  EXPECT_EQ(compare_json("[1,2,3,4]", "[2,3,4,5]", 2).size(), 2U);
}

TEST(CompareJson, SaysWhatIsNoJson) {
  EXPECT_NE(first_difference("{", "{}").find("no JSON"), std::string::npos);
  EXPECT_NE(first_difference("{}", "").find("no JSON"), std::string::npos);
}

TEST(JunitXml, CountsAndEscapes) {
  const std::string xml =
      junit_xml({{"good.pcap", ExitCode::fine, {}},
                 {"a<b>&\".pcap", ExitCode::fine, {"x: expected \"1\""}},
                 {"bad.pcap", ExitCode::unreadable_input, {"not a capture\x1b"}}});
  EXPECT_NE(xml.find(R"(tests="3" failures="1" errors="1")"), std::string::npos) << xml;
  EXPECT_NE(xml.find(R"(name="a&lt;b&gt;&amp;&quot;.pcap")"), std::string::npos) << xml;
  EXPECT_NE(xml.find(R"(<error message="not a capture\x1b">)"), std::string::npos) << xml;
}

}  // namespace
}  // namespace tapdeck

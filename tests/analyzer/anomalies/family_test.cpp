// The table of anomalies: whole, in order, and the same in the schema.
#include "analyzer/anomalies/family.h"

#include <fstream>
#include <iterator>
#include <set>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>

#include "analyzer/report/explanation.h"

namespace tapdeck {
namespace {

TEST(AnomalyFamilies, HoldEveryTypeInItsOrder) {
  std::size_t next = 0;
  for (const AnomalyFamily* family : anomaly_families()) {
    for (const AnomalyKind& kind : family->kinds) {
      EXPECT_EQ(static_cast<std::size_t>(kind.type), next++) << kind.name;
      EXPECT_EQ(&kind_of(kind.type), &kind);
    }
  }
  EXPECT_EQ(next, anomaly_type_count);
}

TEST(AnomalyFamilies, NameAndDefineEachTypeOnce) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < anomaly_type_count; ++i) {
    const AnomalyKind& kind = kind_of(static_cast<AnomalyType>(i));
    EXPECT_TRUE(names.insert(kind.name).second) << kind.name;
    EXPECT_EQ(kind.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"),
              std::string_view::npos);
    EXPECT_TRUE(kind.definition.ends_with('.')) << kind.name;
    EXPECT_TRUE(is_well_formed_explanation(kind.explanation)) << kind.name;
  }
}

/// "| handshake | `syn_no_answer` (warning), … |", a row for each family.
TEST(AnomalyFamilies, AreThoseOfTheReadme) {
  std::ifstream file(TAPDECK_SOURCE_DIR "/README.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  for (const AnomalyFamily* family : anomaly_families()) {
    std::string row = fmt::format("\n| {} |", family->name);
    for (const AnomalyKind& kind : family->kinds) {
      const bool last = &kind == &family->kinds.back();
      row += fmt::format(" `{}` ({}){}", kind.name, to_string(kind.severity), last ? " |" : ",");
    }
    EXPECT_NE(text.find(row + "\n"), std::string::npos) << "the README lacks" << row;
  }
}

std::set<std::string> words_in(const rapidjson::Value& list) {
  std::set<std::string> words;
  for (const auto& word : list.GetArray()) words.insert(word.GetString());
  return words;
}

TEST(AnomalyFamilies, AreThoseOfTheSchema) {
  std::ifstream file(TAPDECK_SOURCE_DIR "/analyzer/report/report.schema.json");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  rapidjson::Document schema;
  schema.Parse(text.c_str());
  const auto& properties = schema["definitions"]["anomaly"]["properties"];
  std::set<std::string> types;
  for (std::size_t i = 0; i < anomaly_type_count; ++i) {
    types.emplace(to_string(static_cast<AnomalyType>(i)));
  }
  EXPECT_EQ(words_in(properties["type"]["enum"]), types);
  std::set<std::string> alternatives;
  for (std::size_t i = 0; i < alternative_count; ++i) {
    alternatives.emplace(to_string(static_cast<Alternative>(i)));
  }
  EXPECT_EQ(words_in(properties["considered"]["items"]["enum"]), alternatives);
}

}  // namespace
}  // namespace tapdeck

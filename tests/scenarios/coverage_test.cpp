// The README's tables of cases are whole, and what they refer to exists.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

constexpr int tricky_cases = 120;
constexpr int mislabels = 21;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

fs::path scenarios() { return TAPDECK_SCENARIO_DIR; }

std::vector<std::string> all_matches(const std::string& text, const char* expression) {
  const std::regex regex(expression);
  std::vector<std::string> matches;
  for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) {
    matches.push_back((*at)[1]);
  }
  return matches;
}

/// "Suite.Name" of every test in the tree.
std::set<std::string> all_tests() {
  std::set<std::string> names;
  const std::regex regex(R"(TEST(?:_P|_F)?\(\s*(\w+),\s*(\w+)\))");
  for (const auto& entry : fs::recursive_directory_iterator(scenarios().parent_path())) {
    if (!entry.path().string().ends_with("_test.cpp")) continue;
    const std::string text = content_of(entry.path());
    for (std::sregex_iterator at(text.begin(), text.end(), regex), end; at != end; ++at) {
      names.insert((*at)[1].str() + "." + (*at)[2].str());
    }
  }
  return names;
}

TEST(ScenarioReadme, HoldsEveryCaseOnce) {
  const std::string readme = content_of(scenarios() / "README.md");
  std::multiset<std::string> found;
  for (const std::string& label : all_matches(readme, R"(\n\| (m?[0-9]+) \|)")) found.insert(label);
  for (int number = 1; number <= tricky_cases; ++number) {
    EXPECT_EQ(found.count(std::to_string(number)), 1U) << "case " << number;
  }
  for (int number = 1; number <= mislabels; ++number) {
    EXPECT_EQ(found.count("m" + std::to_string(number)), 1U) << "mislabel " << number;
  }
  EXPECT_EQ(found.size(), static_cast<std::size_t>(tricky_cases + mislabels));
}

TEST(ScenarioReadme, EveryCaseIsHeldBySomething) {
  const std::string readme = content_of(scenarios() / "README.md");
  for (const std::string& row : all_matches(readme, R"(\n(\| m?[0-9]+ \|[^\n]*))")) {
    EXPECT_TRUE(std::regex_search(row, std::regex(R"(\(\w+\.seg\)|`\w+\.\w+`)"))) << row;
  }
}

TEST(ScenarioReadme, ReferencesLeadSomewhere) {
  const std::string readme = content_of(scenarios() / "README.md");
  for (const std::string& file : all_matches(readme, R"(\]\((\w+\.seg)\))")) {
    EXPECT_TRUE(fs::exists(scenarios() / file)) << file;
  }
  const std::set<std::string> tests = all_tests();
  for (const std::string& test : all_matches(readme, R"(`([A-Z]\w+\.[A-Z]\w+)`)")) {
    EXPECT_TRUE(tests.contains(test)) << test;
  }
  for (const std::string& file : all_matches(readme, R"(`(tests/[\w/]+\.cpp)`)")) {
    EXPECT_TRUE(fs::exists(scenarios().parent_path().parent_path() / file)) << file;
  }
}

TEST(ScenarioReadme, NamesEveryScenario) {
  const std::string readme = content_of(scenarios() / "README.md");
  for (const auto& entry : fs::directory_iterator(scenarios())) {
    if (entry.path().extension() != ".seg") continue;
    const std::string name = entry.path().filename();
    EXPECT_NE(readme.find("(" + name + ")"), std::string::npos) << name;
  }
}

/// The anomalies' names, and those that the README leaves to other tests.
std::set<std::string> anomalies_of_segments() {
  const fs::path root = scenarios().parent_path().parent_path();
  const std::string header = content_of(root / "analyzer/anomalies/anomaly_type.h");
  const std::size_t begin = std::min(header.find("enum class AnomalyType"), header.size());
  const std::string list = header.substr(begin, header.find("};", begin) - begin);
  std::set<std::string> names;
  for (const std::string& name : all_matches(list, R"(\n  (\w+),)")) names.insert(name);
  const std::string readme = content_of(scenarios() / "README.md");
  const std::string section = readme.substr(std::min(readme.find("## Anomalies"), readme.size()));
  for (const std::string& name : all_matches(section, R"(`(\w+)`)")) names.erase(name);
  return names;
}

TEST(ScenarioFiles, RaiseEachAnomalyAndWithholdIt) {
  std::string all;
  for (const auto& entry : fs::directory_iterator(scenarios())) {
    if (entry.path().extension() == ".seg") all += "\n" + content_of(entry.path());
  }
  for (const std::string& name : anomalies_of_segments()) {
    const auto holds = [&](const std::string& line) {
      return std::regex_search(all, std::regex("\n" + line + " " + name + "(\n| )"));
    };
    EXPECT_TRUE(holds("anomaly")) << name << " is raised by no scenario";
    EXPECT_TRUE(holds("no anomaly")) << name << " is withheld by no scenario";
  }
}

TEST(ScenarioFiles, BeginWithTheirIntent) {
  for (const auto& entry : fs::directory_iterator(scenarios())) {
    if (entry.path().extension() != ".seg") continue;
    EXPECT_TRUE(content_of(entry.path()).starts_with("# ")) << entry.path().filename();
  }
}

}  // namespace

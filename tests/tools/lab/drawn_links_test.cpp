// The lab's drawn scenarios: the same for a seed, and ones that the link understands.
#include <array>
#include <cstdio>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tools/lab/link/impairment.h"

namespace tapdeck {
namespace {

struct DrawnLink {
  std::string name, words, up, down, traffic;
};

std::string drawn(const std::string& seed) {
  const std::string command =
      "bash -c 'link() { printf \"%s\\n\" \"$1\" \"$2\" \"$3\" \"$4\" \"$5\"; }; "
      "source " TAPDECK_SOURCE_DIR "/tools/lab/drawn_links.sh; draw_links 60 " +
      seed + "'";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), ::pclose);
  std::string text;
  std::array<char, 4096> buffer{};
  while (pipe && std::fgets(buffer.data(), buffer.size(), pipe.get()) != nullptr) {
    text += buffer.data();
  }
  return text;
}

std::vector<DrawnLink> links_of(const std::string& text) {
  std::vector<DrawnLink> links;
  std::istringstream lines(text);
  for (DrawnLink link; std::getline(lines, link.name) && std::getline(lines, link.words) &&
                       std::getline(lines, link.up) && std::getline(lines, link.down) &&
                       std::getline(lines, link.traffic);) {
    links.push_back(link);
  }
  return links;
}

TEST(DrawnLinks, HangOnTheSeedAlone) {
  EXPECT_EQ(drawn("7"), drawn("7"));
  EXPECT_NE(drawn("7"), drawn("8"));
}

TEST(DrawnLinks, AreWhatTheLinkUnderstands) {
  const std::vector<DrawnLink> links = links_of(drawn("1"));
  ASSERT_EQ(links.size(), 60U);
  std::set<std::string> names;
  for (const DrawnLink& link : links) {
    names.insert(link.name);
    for (const std::string& way : {link.up, link.down}) {
      const Impairment read = parse_impairment(way);
      EXPECT_GE(read.delay_ns, 100'000) << way;
      EXPECT_LE(read.delay_ns, 180'000'000) << way;
      EXPECT_LE(read.loss_per_million, 80'000U) << way;
      EXPECT_LE(read.reorder_ns.begin, read.reorder_ns.end) << way;
    }
    EXPECT_TRUE(link.traffic.starts_with("talk \"") || link.traffic.starts_with("start_nginx;"))
        << link.traffic;
  }
  EXPECT_EQ(names.size(), links.size());
}

TEST(DrawnLinks, AreOfEveryKind) {
  std::string words = " ";
  for (const DrawnLink& link : links_of(drawn("2"))) words += link.words + " ";
  for (const char* word :
       {"ipv6", "no_timestamps", "no_sack", "no_d_sack", "no_rack", "no_tlp", "no_f_rto", "patient",
        "small_windows", "ecn", "short_frames", "offloads", "cubic", "reno", "bbr"}) {
    EXPECT_NE(words.find(std::string(" ") + word + " "), std::string::npos) << word;
  }
}

}  // namespace
}  // namespace tapdeck

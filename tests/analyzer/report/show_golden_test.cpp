// Every golden capture's connections as `tapdeck show` tells them, octet for octet. Set
// TAPDECK_UPDATE_GOLDEN=1 to write the files anew; then read what changed.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include <gtest/gtest.h>

#include "analyzer/connection_follower.h"
#include "tests/support/analyzed.h"

namespace tapdeck {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_connections = 4;
constexpr std::size_t most_rows = 200;

std::string shown(const std::string& path, std::uint64_t id) {
  ConnectionFollower follower({.id = id, .ends = {}},
                              {.raw_numbers = false, .fold = true, .rows = most_rows});
  const auto source = open_captures({path}, {});
  PacketBatch batch;
  while (source->next(batch)) follower.add(batch);
  follower.finish(source->captures());
  StringSink sink;
  write_show(follower.fitting().first.at(0), follower.ladder(), {}, {}, sink);
  return sink.text();
}

/// The first TCP connections; empty where there are none.
std::string shown(const std::string& path) {
  std::string text;
  std::size_t count = 0;
  for (const ConnectionReport& connection : test::analyze_file(path).connections) {
    if (!connection.tcp || ++count > most_connections) continue;
    text += (text.empty() ? "" : "\n") + shown(path, connection.id);
  }
  if (count > most_connections) {
    text += "\nand " + std::to_string(count - most_connections) + " more TCP connections\n";
  }
  return text;
}

std::optional<std::string> content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

std::string first_difference(const std::string& expected, const std::string& found) {
  const auto line_at = [](const std::string& text, std::size_t at) {
    const std::size_t begin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
    return text.substr(begin, text.find('\n', at) - begin);
  };
  const auto [one, other] = std::ranges::mismatch(expected, found);
  const auto at = static_cast<std::size_t>(one - expected.begin());
  const auto number = std::ranges::count(expected.begin(), one, '\n') + 1;
  return "line " + std::to_string(number) + "\n  expected " + line_at(expected, at) +
         "\n  found    " + line_at(found, at);
}

void check(const fs::path& capture, bool update) {
  fs::path golden = capture;
  golden.replace_extension(".show.txt");
  const std::string found = shown(capture.string());
  const std::optional<std::string> expected = content_of(golden);
  if (!update) {
    if (found.empty() && !expected) return;
    ASSERT_TRUE(expected) << golden << " is missing; TAPDECK_UPDATE_GOLDEN=1 writes it";
    EXPECT_TRUE(*expected == found) << golden << ": " << first_difference(*expected, found);
  } else if (found.empty()) {
    fs::remove(golden);
  } else if (found != expected) {
    std::ofstream(golden, std::ios::binary) << found;
  }
}

TEST(ShowGolden, TellsEveryConnectionAsExpected) {
  const char* const update = std::getenv("TAPDECK_UPDATE_GOLDEN");
  const auto source = open_captures({TAPDECK_GOLDEN_DIR}, {});
  ASSERT_FALSE(source->captures().empty());
  for (const CaptureInfo& capture : source->captures()) {
    check(capture.file, update != nullptr && *update != '\0');
  }
}

}  // namespace
}  // namespace tapdeck

#include "tools/lab/scoring/verdict_list.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include "captures/failure.h"
#include "tools/lab/link/settings.h"

namespace tapdeck {

VerdictList VerdictList::read(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw Failure(ExitCode::unreadable_input, path + " isn't there");
  VerdictList list;
  for (std::string line; std::getline(file, line);) {
    const std::vector<std::string> cells = split_at(line, '\t');
    std::uint64_t frame = 0;
    const char* const end = cells[0].data() + cells[0].size();
    const auto parsed = std::from_chars(cells[0].data(), end, frame);
    if (parsed.ec != std::errc() || parsed.ptr != end || cells.size() > 2) {
      throw Failure(ExitCode::unreadable_input, path + " is no list of verdicts: " + line);
    }
    std::vector<std::string>& words = list.x_words[frame];
    if (cells.size() == 2 && !cells[1].empty()) words = split_at(cells[1], ',');
  }
  return list;
}

bool VerdictList::says(std::uint64_t frame, std::string_view word) const {
  const auto found = x_words.find(frame);
  return found != x_words.end() &&
         std::find(found->second.begin(), found->second.end(), word) != found->second.end();
}

std::string VerdictList::words_of(std::uint64_t frame) const {
  std::string joined;
  const auto found = x_words.find(frame);
  if (found == x_words.end()) return joined;
  for (const std::string& word : found->second) joined += (joined.empty() ? "" : ",") + word;
  return joined;
}

FrameClass VerdictList::class_of(std::uint64_t frame) const {
  for (const FrameClass one :
       {FrameClass::duplicate, FrameClass::retransmission, FrameClass::out_of_order}) {
    if (says(frame, to_string(one))) return one;
  }
  return FrameClass::plain;
}

}  // namespace tapdeck

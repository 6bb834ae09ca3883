// What a program said of each frame of a capture: the lines of
// `tapdeck packets --fields frame,verdicts --format tsv FILE`.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tools/lab/truth/frame_class.h"

namespace tapdeck {

class VerdictList {
 public:
  /// Throws Failure(unreadable_input) for a file that isn't there or a line that isn't NUMBER, tab,
  /// words joined by commas: a program that failed must not pass for one that said nothing.
  static VerdictList read(const std::string& path);

  /// True if it has a line for the frame.
  [[nodiscard]] bool mentions(std::uint64_t frame) const { return x_words.contains(frame); }
  [[nodiscard]] bool says(std::uint64_t frame, std::string_view word) const;
  /// The words of a frame, joined by commas.
  [[nodiscard]] std::string words_of(std::uint64_t frame) const;
  /// A copy is no repeat and a repeat isn't overtaken, whatever else is said.
  [[nodiscard]] FrameClass class_of(std::uint64_t frame) const;

 private:
  std::map<std::uint64_t, std::vector<std::string>> x_words;
};

}  // namespace tapdeck

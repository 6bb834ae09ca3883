// How often a list of verdicts agrees with the truth.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "tools/lab/scoring/verdict_list.h"
#include "tools/lab/truth/frame_class.h"

namespace tapdeck {

/// Of one question with the answers yes and no.
struct Agreement {
  std::uint64_t both = 0;
  std::uint64_t only_said = 0;
  std::uint64_t only_true = 0;

  void add(bool said, bool is_true);
  Agreement& operator+=(const Agreement& other);

  /// 1 where nothing was said and nothing was true.
  [[nodiscard]] double f1() const;
  [[nodiscard]] bool applies() const { return both + only_said + only_true > 0; }

  friend bool operator==(const Agreement&, const Agreement&) = default;
};

enum class Question : std::uint8_t { retransmission, out_of_order, duplicate, spurious };

inline constexpr std::array questions{Question::retransmission, Question::out_of_order,
                                      Question::duplicate, Question::spurious};

[[nodiscard]] std::string_view to_string(Question question);

struct ClassScore {
  std::array<Agreement, questions.size()> agreements;  // by Question
  /// Frames that are repeated, overtaken or copied, and those among them whose class was told.
  std::uint64_t causes = 0;
  std::uint64_t causes_right = 0;
  /// Those of the causes that nothing here could show, and how many of them were told: a SYN or
  /// SYN+ACK whose first copy was lost before this point looks like the first.
  std::uint64_t hidden = 0;
  std::uint64_t hidden_right = 0;
  /// Repeats of lost octets, and those whose place of loss was told.
  std::uint64_t losses = 0;
  std::uint64_t losses_right = 0;
  std::vector<ClassifiedFrame> wrong;  // class or need told wrongly
};

/// Without a list the program failed: nothing counts as told, and no truth as right.
[[nodiscard]] ClassScore score_classes(const std::vector<ClassifiedFrame>& truth,
                                       const VerdictList* said);

}  // namespace tapdeck

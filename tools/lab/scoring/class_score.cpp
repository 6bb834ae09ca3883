#include "tools/lab/scoring/class_score.h"

#include <fmt/format.h>

namespace tapdeck {
namespace {

bool is_true(Question question, const ClassifiedFrame& frame) {
  switch (question) {
    case Question::retransmission:
      return frame.frame_class == FrameClass::retransmission;
    case Question::out_of_order:
      return frame.frame_class == FrameClass::out_of_order;
    case Question::duplicate:
      return frame.frame_class == FrameClass::duplicate;
    case Question::spurious:
      return frame.spurious;
  }
  return false;
}

void score_frame(const ClassifiedFrame& frame, const VerdictList* said, ClassScore& score) {
  // What a program that failed would have said is never the truth.
  ClassifiedFrame told;
  if (said != nullptr) {
    told.frame_class = said->class_of(frame.frame);
    told.spurious = said->says(frame.frame, "spurious");
  }
  for (const Question question : questions) {
    score.agreements[static_cast<std::size_t>(question)].add(is_true(question, told),
                                                             is_true(question, frame));
  }
  const bool right = said != nullptr && told.frame_class == frame.frame_class;
  if (frame.frame_class != FrameClass::plain) {
    ++score.causes;
    score.causes_right += right ? 1 : 0;
    if (frame.range.begin == 0 && frame.lost == "upstream") {
      ++score.hidden;
      score.hidden_right += right ? 1 : 0;
    }
  }
  if (!frame.lost.empty()) {
    ++score.losses;
    const std::string word = fmt::format("lost_{}", frame.lost);
    score.losses_right += said != nullptr && said->says(frame.frame, word) ? 1 : 0;
  }
  if (!right || told.spurious != frame.spurious) score.wrong.push_back(frame);
}

}  // namespace

void Agreement::add(bool said, bool is_true) {
  both += said && is_true ? 1 : 0;
  only_said += said && !is_true ? 1 : 0;
  only_true += !said && is_true ? 1 : 0;
}

Agreement& Agreement::operator+=(const Agreement& other) {
  both += other.both;
  only_said += other.only_said;
  only_true += other.only_true;
  return *this;
}

double Agreement::f1() const {
  const auto right = static_cast<double>(2 * both);
  const auto wrong = static_cast<double>(only_said + only_true);
  return applies() ? right / (right + wrong) : 1;
}

std::string_view to_string(Question question) {
  switch (question) {
    case Question::retransmission:
      return "retransmission";
    case Question::out_of_order:
      return "out_of_order";
    case Question::duplicate:
      return "duplicate";
    case Question::spurious:
      return "spurious";
  }
  return "invalid";
}

ClassScore score_classes(const std::vector<ClassifiedFrame>& truth, const VerdictList* said) {
  ClassScore score;
  for (const ClassifiedFrame& frame : truth) score_frame(frame, said, score);
  return score;
}

}  // namespace tapdeck

#include "tools/replay/stateful/play_result.h"

#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/report/quantity.h"
#include "analyzer/report/words.h"

namespace tapdeck {
namespace {

std::string differences_text(const Differences& differences) {
  std::vector<std::string> parts;
  if (differences.octets != 0) {
    parts.push_back(count_of(differences.octets, "byte differs", "bytes differ"));
  }
  if (differences.missing != 0) {
    parts.push_back(count_of(differences.missing, "byte missing", "bytes missing"));
  }
  if (differences.surplus != 0) {
    parts.push_back(count_of(differences.surplus, "byte more", "bytes more"));
  }
  if (!differences.first) return {};
  return fmt::format("{}, the first at {}", fmt::join(parts, ", "), *differences.first);
}

std::string shortfall_text(const Shortfall& shortfall) {
  switch (shortfall.kind) {
    case ShortfallKind::gap:
    case ShortfallKind::cut:
      return fmt::format("{} {} at byte {} of the {}", count_of(shortfall.octets, "byte"),
                         shortfall.kind == ShortfallKind::cut ? "cut off" : "missing",
                         shortfall.offset, word_for(shortfall.side));
    case ShortfallKind::beginning:
      return "its beginning is missing (--midstream plays it)";
    case ShortfallKind::memory:
      return fmt::format("its script is larger than --script-memory allows, at byte {}",
                         shortfall.offset);
  }
  return {};
}

}  // namespace

std::string_view word_for(PlayOutcome outcome) {
  switch (outcome) {
    case PlayOutcome::ok:
      return "ok";
    case PlayOutcome::differs:
      return "differs";
    case PlayOutcome::refused:
      return "refused";
    case PlayOutcome::unreachable:
      return "unreachable";
    case PlayOutcome::reset:
      return "reset";
    case PlayOutcome::timed_out:
      return "timed_out";
    case PlayOutcome::closed_otherwise:
      return "closed_otherwise";
    case PlayOutcome::incomplete:
      return "incomplete";
    case PlayOutcome::unsupported:
      return "unsupported";
    case PlayOutcome::failed:
      return "failed";
    case PlayOutcome::interrupted:
      return "interrupted";
  }
  return "invalid";
}

std::string_view phrase_for(PlayOutcome outcome) {
  switch (outcome) {
    case PlayOutcome::timed_out:
      return "timed out";
    case PlayOutcome::closed_otherwise:
      return "closed otherwise";
    case PlayOutcome::incomplete:
      return "capture incomplete";
    case PlayOutcome::ok:
    case PlayOutcome::differs:
    case PlayOutcome::refused:
    case PlayOutcome::unreachable:
    case PlayOutcome::reset:
    case PlayOutcome::unsupported:
    case PlayOutcome::failed:
    case PlayOutcome::interrupted:
      break;
  }
  return word_for(outcome);
}

std::string sentence(const PlayResult& result) {
  std::string text{phrase_for(result.outcome)};
  if (!result.detail.empty()) text += ": " + result.detail;
  if (const std::string differences = differences_text(result.differences); !differences.empty()) {
    text += "; " + differences;
  }
  return text;
}

PlayResult result_of(const Shortfall& shortfall) {
  PlayResult result;
  result.outcome =
      shortfall.kind == ShortfallKind::memory ? PlayOutcome::unsupported : PlayOutcome::incomplete;
  result.detail = shortfall_text(shortfall);
  return result;
}

}  // namespace tapdeck

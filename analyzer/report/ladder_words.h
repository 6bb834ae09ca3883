// The words of a ladder: what stands on an arrow, what is to be said of it, and the connection's
// story above.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/report/ladder.h"
#include "analyzer/report/text_parts.h"

namespace tapdeck {

struct LadderWords {
  std::string text;
  Ink ink = Ink::plain;
};

/// Flags, numbers, length and window, the important first.
[[nodiscard]] std::vector<std::string> parts_of(const LadderSegment& segment);

/// What a SYN offers; empty for other segments.
[[nodiscard]] std::string offer_of(const LadderSegment& segment,
                                   const ConnectionReport& connection);

/// "SACK 1-2, 3-4"; empty without blocks.
[[nodiscard]] std::string sack_text(const LadderSegment& segment);

/// The words of the verdict in a line; empty where they add nothing.
[[nodiscard]] LadderWords verdict_line(const LadderSegment& segment);

[[nodiscard]] std::vector<std::string> words_for(const LadderFold& fold, std::string_view arrow,
                                                 std::string_view back_arrow);

/// How it was set up, what was exchanged, what went wrong and where, who ended it and how.
[[nodiscard]] Story tell_at_length(const ConnectionReport& connection, const Ladder& ladder);

}  // namespace tapdeck

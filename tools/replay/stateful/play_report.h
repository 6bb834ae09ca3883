// What was played, for people and for programs.
#pragma once

#include <cstdint>
#include <span>

#include "analyzer/report/page.h"
#include "analyzer/report/writer.h"
#include "tools/replay/stateful/script_player.h"

namespace tapdeck {

struct PlaySummary {
  Side ours = Side::client;
  std::uint64_t never_opened = 0;    // connections of the capture in which there is nothing to play
  std::uint64_t without_target = 0;  // connections to servers that no target was given for
  std::uint64_t not_taken = 0;       // connections that came when the bound on scripts was reached
  std::uint64_t not_kept = 0;        // the peer's octets that couldn't be compared
};

/// A line or two for each connection, then how many came to what.
void write_plays(std::span<const Play> plays, const PlaySummary& summary, Page& page);

/// One document.
void write_plays_as_json(std::span<const Play> plays, const PlaySummary& summary, ByteSink& sink);

}  // namespace tapdeck

// The full-screen view as a function: from a table and what its reader has chosen to a screen.
#pragma once

#include <span>
#include <string_view>

#include "tools/tapdeck/live_table.h"
#include "tools/tapdeck/terminal/screen.h"
#include "tools/tapdeck/terminal/text_lines.h"
#include "tools/tapdeck/terminal/view_state.h"

namespace tapdeck {

/// On a smaller screen stands but that it is too small.
inline constexpr ScreenSize least_screen{.columns = 60, .lines = 8};

/// How many lines a screen has for what.
struct ViewLayout {
  std::size_t rows = 0;       // of connections
  std::size_t details = 0;    // about the chosen one
  std::size_t anomalies = 0;  // below a heading
  std::size_t lines = 0;      // of every scene but the table
};

[[nodiscard]] ViewLayout layout_of(const ScreenSize& size);

struct ViewContent {
  const LiveTable& table;                // what is shown; while it is held, what was
  const LiveTable& now;                  // for the counters, which are never held
  std::span<const LiveRow* const> rows;  // of `table`, as chosen_rows gives them
  std::span<const TextLine> lines;       // of the scene that isn't the table
  std::string_view saving;               // what is being saved; empty: nothing
};

/// Requires: settle(state) was called for this content and layout.
[[nodiscard]] Screen draw(const ViewContent& content, const ViewState& state, ScreenSize size,
                          bool unicode);

}  // namespace tapdeck

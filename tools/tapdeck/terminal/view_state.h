// What the reader of the full-screen view has chosen, and how each key changes it. Knows no
// terminal: keys come as values, and what must be done outside comes back as a wish.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "tools/tapdeck/terminal/table_columns.h"

namespace tapdeck {

struct Key {
  enum class Name : std::uint8_t {
    character,
    up,
    down,
    left,
    right,
    page_up,
    page_down,
    home,
    end,
    enter,
    escape,
    backspace,
  };

  Name name = Name::character;
  char character = 0;  // of Name::character: printable ASCII
};

enum class Scene : std::uint8_t { table, ladder, anomalies, help };

/// What is to be done outside.
enum class ViewWish : std::uint8_t { nothing, open, save, stop_saving, quit };

struct ViewState {
  RowOrder order;
  std::string filter;
  bool paused = false;
  std::optional<std::uint64_t> selected;  // a connection, wherever its row moves
  std::size_t selected_place = 0;         // where its row was last
  std::size_t first_row = 0;              // at the top of the table

  Scene scene = Scene::table;
  std::uint64_t opened = 0;                      // the connection of Scene::ladder
  std::size_t first_line = 0, first_column = 0;  // of every scene but the table
  bool at_end = false;                           // what is added to the end is to be seen

  bool typing = false;                 // the filter …
  std::string filter_before;           // … which is this one again if typing is given up
  std::optional<std::uint64_t> saved;  // the connection that is, or is to be, saved
  bool saving = false;
  std::string message;  // until the next key
};

/// What keys are about.
struct ViewFacts {
  std::span<const LiveRow* const> rows;  // as chosen_rows gives them
  std::size_t rows_shown = 1;            // that the table has room for
  std::size_t lines = 0;                 // of the scene that isn't the table
  std::size_t lines_shown = 1;
};

[[nodiscard]] ViewWish react(ViewState& state, const Key& key, const ViewFacts& facts);

/// Brings what was chosen and what is there together: to be called when either has changed.
void settle(ViewState& state, const ViewFacts& facts);

}  // namespace tapdeck

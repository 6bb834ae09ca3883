#include "tools/tapdeck/terminal/view_state.h"

#include <algorithm>

#include "analyzer/report/page.h"

namespace tapdeck {
namespace {

constexpr std::size_t longest_filter = 200;
constexpr std::size_t columns_aside = 10;

std::size_t place_of(std::uint64_t id, const ViewFacts& facts) {
  const auto found = std::ranges::find(facts.rows, id, &LiveRow::id);
  return static_cast<std::size_t>(found - facts.rows.begin());
}

/// Where a key leads among `count` lines of which `shown` are seen.
std::size_t moved(Key::Name name, std::size_t from, std::size_t count, std::size_t shown) {
  const std::size_t last = count == 0 ? 0 : count - 1;
  const std::size_t leap = std::max<std::size_t>(shown, 2) - 1;
  switch (name) {
    case Key::Name::up:
      return from - std::min<std::size_t>(from, 1);
    case Key::Name::down:
      return std::min(from + 1, last);
    case Key::Name::page_up:
      return from - std::min(from, leap);
    case Key::Name::page_down:
      return std::min(from + leap, last);
    case Key::Name::home:
      return 0;
    case Key::Name::end:
      return last;
    case Key::Name::character:
    case Key::Name::left:
    case Key::Name::right:
    case Key::Name::enter:
    case Key::Name::escape:
    case Key::Name::backspace:
      return from;
  }
  return from;
}

void select(ViewState& state, Key::Name name, const ViewFacts& facts) {
  if (facts.rows.empty()) return;
  const bool arrives = !state.selected && (name == Key::Name::down || name == Key::Name::up);
  state.selected_place =
      arrives ? std::min(state.first_row, facts.rows.size() - 1)
              : moved(name, state.selected_place, facts.rows.size(), facts.rows_shown);
  state.selected = facts.rows[state.selected_place]->id;
}

void sort_by_next(ViewState& state, int step) {
  const auto next = static_cast<int>(state.order.column) + step;
  if (next < 0 || next >= static_cast<int>(column_count)) return;
  state.order.column = static_cast<Column>(next);
  state.first_row = 0;
}

void leave(ViewState& state) {
  state.scene = Scene::table;
  state.first_line = state.first_column = 0;
}

void enter(ViewState& state, Scene scene) {
  state.scene = scene;
  state.first_line = state.first_column = 0;
  state.at_end = scene == Scene::ladder || scene == Scene::anomalies;
}

ViewWish begin_or_end_saving(ViewState& state, std::optional<std::uint64_t> connection) {
  if (state.saving) return ViewWish::stop_saving;
  if (!connection) {
    state.message = "choose a connection first, with the arrow keys";
    return ViewWish::nothing;
  }
  state.saved = connection;
  return ViewWish::save;
}

ViewWish open_selected(ViewState& state, const ViewFacts& facts) {
  if (!state.selected) select(state, Key::Name::down, facts);
  if (!state.selected) return ViewWish::nothing;
  state.opened = *state.selected;
  enter(state, Scene::ladder);
  return ViewWish::open;
}

ViewWish react_to_letter(ViewState& state, char letter) {
  const bool on_table = state.scene == Scene::table;
  const std::optional<std::uint64_t> opened =
      state.scene == Scene::ladder ? std::optional(state.opened) : std::nullopt;
  switch (letter) {
    case 'q':
      if (on_table) return ViewWish::quit;
      leave(state);
      break;
    case '?':
      enter(state, Scene::help);
      break;
    case 'a':
      enter(state, Scene::anomalies);
      break;
    case ' ':
      state.paused = !state.paused;
      break;
    case 's':
      return begin_or_end_saving(state, on_table ? state.selected : opened);
    case '/':
      leave(state);
      state.typing = true;
      state.filter_before = state.filter;
      break;
    case '<':
      sort_by_next(state, -1);
      break;
    case '>':
      sort_by_next(state, 1);
      break;
    case 'r':
      state.order.descending = !state.order.descending;
      break;
    default:
      state.message = "no such key; ? lists them";
  }
  return ViewWish::nothing;
}

ViewWish react_on_table(ViewState& state, const Key& key, const ViewFacts& facts) {
  if (key.name == Key::Name::enter) return open_selected(state, facts);
  if (key.name == Key::Name::left) sort_by_next(state, -1);
  if (key.name == Key::Name::right) sort_by_next(state, 1);
  if (key.name == Key::Name::escape) {
    state.selected.reset();
  } else {
    const bool moves = key.name != Key::Name::left && key.name != Key::Name::right &&
                       key.name != Key::Name::backspace;
    if (moves) select(state, key.name, facts);
  }
  return ViewWish::nothing;
}

void react_on_lines(ViewState& state, const Key& key, const ViewFacts& facts) {
  if (key.name == Key::Name::escape || key.name == Key::Name::enter ||
      key.name == Key::Name::backspace) {
    leave(state);
    return;
  }
  if (key.name == Key::Name::left)
    state.first_column -= std::min(state.first_column, columns_aside);
  if (key.name == Key::Name::right) {
    state.first_column = std::min(state.first_column + columns_aside, Page::least_width);
  }
  state.first_line = moved(key.name, state.first_line, facts.lines, facts.lines_shown);
  state.at_end = state.first_line + facts.lines_shown >= facts.lines;
}

/// A filter holds while it is typed.
void react_in_filter(ViewState& state, const Key& key) {
  switch (key.name) {
    case Key::Name::character:
      if (state.filter.size() < longest_filter) state.filter += key.character;
      break;
    case Key::Name::backspace:
      if (!state.filter.empty()) state.filter.pop_back();
      break;
    case Key::Name::escape:
      state.filter = state.filter_before;
      [[fallthrough]];
    case Key::Name::enter:
      state.typing = false;
      break;
    case Key::Name::up:
    case Key::Name::down:
    case Key::Name::left:
    case Key::Name::right:
    case Key::Name::page_up:
    case Key::Name::page_down:
    case Key::Name::home:
    case Key::Name::end:
      break;
  }
}

}  // namespace

ViewWish react(ViewState& state, const Key& key, const ViewFacts& facts) {
  state.message.clear();
  if (state.typing) {
    react_in_filter(state, key);
    return ViewWish::nothing;
  }
  if (key.name == Key::Name::character) return react_to_letter(state, key.character);
  if (state.scene == Scene::table) return react_on_table(state, key, facts);
  react_on_lines(state, key, facts);
  return ViewWish::nothing;
}

void settle(ViewState& state, const ViewFacts& facts) {
  const std::size_t count = facts.rows.size();
  if (state.selected) {
    const std::size_t place = place_of(*state.selected, facts);
    if (place < count) {
      state.selected_place = place;
    } else if (count > 0) {
      state.selected_place = std::min(state.selected_place, count - 1);
      state.selected = facts.rows[state.selected_place]->id;
    } else {
      state.selected.reset();
    }
  }
  const std::size_t shown = std::max<std::size_t>(facts.rows_shown, 1);
  state.first_row = std::min(state.first_row, count - std::min(count, shown));
  if (state.selected) {
    const std::size_t lowest = state.selected_place - std::min(state.selected_place, shown - 1);
    state.first_row = std::clamp(state.first_row, lowest, state.selected_place);
  }
  const std::size_t last_first = facts.lines - std::min(facts.lines, facts.lines_shown);
  state.first_line = state.at_end ? last_first : std::min(state.first_line, last_first);
}

}  // namespace tapdeck

#include "tools/tapdeck/terminal/view_state.h"

#include "tests/tools/terminal/sample_table.h"

namespace tapdeck {
namespace {

using test::key;
using test::letter;
using enum Key::Name;

class Reader {
 public:
  explicit Reader(std::uint64_t connections) : table(test::sample_table(connections)) { look(); }

  ViewWish press(const Key& key) {
    const ViewWish wish = react(state, key, facts());
    look();
    return wish;
  }
  void type(std::string_view text) {
    for (const char character : text) press(letter(character));
  }
  /// After the table changed.
  void look() {
    rows = chosen_rows(table, state.order, state.filter);
    settle(state, facts());
  }
  [[nodiscard]] ViewFacts facts() const {
    return {.rows = rows, .rows_shown = 10, .lines = lines, .lines_shown = 20};
  }

  LiveTable table;
  ViewState state;
  std::vector<const LiveRow*> rows;
  std::size_t lines = 0;
};

TEST(ViewState, ChoosesFromTheTopAndScrollsAlong) {
  Reader reader(30);
  EXPECT_FALSE(reader.state.selected);
  reader.press(key(down));
  EXPECT_EQ(reader.state.selected, 30U);
  reader.press(key(page_down));
  EXPECT_EQ(reader.state.selected, 21U);
  EXPECT_EQ(reader.state.first_row, 0U);
  reader.press(key(down));
  EXPECT_EQ(reader.state.selected, 20U);
  EXPECT_EQ(reader.state.first_row, 1U);
  reader.press(key(end));
  EXPECT_EQ(reader.state.selected, 1U);
  EXPECT_EQ(reader.state.first_row, 20U);
  reader.press(key(down));
  EXPECT_EQ(reader.state.selected, 1U);
  reader.press(key(home));
  reader.press(key(up));
  EXPECT_EQ(reader.state.selected, 30U);
  EXPECT_EQ(reader.state.first_row, 0U);
  reader.press(key(escape));
  EXPECT_FALSE(reader.state.selected);
}

TEST(ViewState, StaysWithTheChosenOneWhereverItMoves) {
  Reader reader(30);
  reader.press(key(down));
  reader.table.rows[29].directions[1].bytes_per_second = 0;
  reader.look();
  EXPECT_EQ(reader.state.selected, 30U);
  EXPECT_EQ(reader.state.selected_place, 29U);
  EXPECT_EQ(reader.state.first_row, 20U);
}

TEST(ViewState, ChoosesTheNextWhenTheChosenOneEnds) {
  Reader reader(3);
  reader.press(key(end));
  EXPECT_EQ(reader.state.selected, 1U);
  reader.table.rows.erase(reader.table.rows.begin());
  reader.look();
  EXPECT_EQ(reader.state.selected, 2U);
  reader.table.rows.clear();
  reader.look();
  EXPECT_FALSE(reader.state.selected);
  EXPECT_EQ(reader.press(key(enter)), ViewWish::nothing);
  EXPECT_EQ(reader.state.scene, Scene::table);
}

TEST(ViewState, SortsByTheNextColumnAndBack) {
  Reader reader(3);
  reader.press(letter('<'));
  EXPECT_EQ(reader.state.order.column, Column::rate_forth);
  reader.press(key(right));
  reader.press(letter('>'));
  EXPECT_EQ(reader.state.order.column, Column::repeats);
  reader.press(letter('r'));
  EXPECT_FALSE(reader.state.order.descending);
  for (int i = 0; i < 20; ++i) reader.press(key(left));
  EXPECT_EQ(reader.state.order.column, Column::id);
  for (int i = 0; i < 20; ++i) reader.press(key(right));
  EXPECT_EQ(reader.state.order.column, Column::idle);
}

TEST(ViewState, FiltersWhileItIsTyped) {
  Reader reader(12);
  reader.type("/40003");
  EXPECT_EQ(reader.rows.size(), 1U);
  reader.press(key(enter));
  EXPECT_FALSE(reader.state.typing);
  reader.type("/q9");  // letters that are keys elsewhere
  EXPECT_EQ(reader.state.filter, "40003q9");
  EXPECT_TRUE(reader.rows.empty());
  reader.press(key(escape));
  EXPECT_EQ(reader.state.filter, "40003");
  reader.press(letter('/'));
  for (int i = 0; i < 9; ++i) reader.press(key(backspace));
  EXPECT_EQ(reader.rows.size(), 12U);
  reader.type(std::string(1'000, 'x'));
  EXPECT_LE(reader.state.filter.size(), 200U);
}

TEST(ViewState, OpensAndLeaves) {
  Reader reader(3);
  EXPECT_EQ(reader.press(key(enter)), ViewWish::open);
  EXPECT_EQ(reader.state.opened, 3U);
  EXPECT_EQ(reader.state.scene, Scene::ladder);
  EXPECT_EQ(reader.press(letter('q')), ViewWish::nothing);
  EXPECT_EQ(reader.state.scene, Scene::table);
  reader.press(letter('?'));
  EXPECT_EQ(reader.state.scene, Scene::help);
  reader.press(key(escape));
  EXPECT_EQ(reader.state.scene, Scene::table);
  EXPECT_EQ(reader.press(letter('q')), ViewWish::quit);
}

TEST(ViewState, StaysAtTheEndOfALadderUntilItScrolls) {
  Reader reader(3);
  reader.lines = 50;
  reader.press(key(enter));
  EXPECT_EQ(reader.state.first_line, 30U);
  reader.lines = 60;
  reader.look();
  EXPECT_EQ(reader.state.first_line, 40U);
  reader.press(key(up));
  reader.lines = 70;
  reader.look();
  EXPECT_EQ(reader.state.first_line, 39U);
  reader.press(key(home));
  EXPECT_EQ(reader.state.first_line, 0U);
  reader.press(key(end));
  EXPECT_EQ(reader.state.first_line, 50U);
  reader.lines = 5;
  reader.look();
  EXPECT_EQ(reader.state.first_line, 0U);
}

TEST(ViewState, SavesTheChosenOrTheOpenedOne) {
  Reader reader(3);
  EXPECT_EQ(reader.press(letter('s')), ViewWish::nothing);
  EXPECT_FALSE(reader.state.message.empty());
  reader.press(key(down));
  EXPECT_EQ(reader.press(letter('s')), ViewWish::save);
  EXPECT_EQ(reader.state.saved, 3U);
  reader.state.saving = true;
  reader.press(key(enter));
  EXPECT_EQ(reader.press(letter('s')), ViewWish::stop_saving);
}

TEST(ViewState, SaysThatAKeyMeansNothing) {
  Reader reader(1);
  reader.press(letter('x'));
  EXPECT_FALSE(reader.state.message.empty());
  reader.press(letter(' '));
  EXPECT_TRUE(reader.state.message.empty());
  EXPECT_TRUE(reader.state.paused);
}

}  // namespace
}  // namespace tapdeck

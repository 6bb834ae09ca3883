#include "tools/tapdeck/terminal/table_columns.h"

#include <algorithm>

#include "tests/tools/terminal/sample_table.h"
#include "tools/tapdeck/terminal/row_words.h"

namespace tapdeck {
namespace {

std::vector<std::uint64_t> ids(const std::vector<const LiveRow*>& rows) {
  std::vector<std::uint64_t> result;
  for (const LiveRow* row : rows) result.push_back(row->id);
  return result;
}

TEST(PlaceColumns, FitsEveryWidth) {
  for (std::size_t width = least_table_width(); width <= 300; ++width) {
    std::size_t free_from = 0;
    for (const PlacedColumn& placed : place_columns(width)) {
      EXPECT_GE(placed.at, free_from);
      EXPECT_GE(placed.width, description_of(placed.column).least);
      EXPECT_LE(placed.width, description_of(placed.column).most);
      free_from = placed.at + placed.width + 1;
    }
    EXPECT_LE(free_from, width + 1) << width;
  }
}

TEST(PlaceColumns, HasStatesRatesRepeatsAndRoundTripAtEightyColumns) {
  const auto placed = place_columns(80);
  for (const Column column : {Column::client, Column::server, Column::states, Column::rate_forth,
                              Column::rate_back, Column::repeats, Column::rtt}) {
    EXPECT_NE(std::ranges::find(placed, column, &PlacedColumn::column), placed.end());
  }
  EXPECT_EQ(placed.back().at + placed.back().width, 80U);
}

TEST(PlaceColumns, HasAllWhereThereIsRoom) { EXPECT_EQ(place_columns(200).size(), column_count); }

TEST(ChosenRows, AreInTheOrderOfAnyColumn) {
  LiveTable table = test::sample_table(4);
  EXPECT_EQ(ids(chosen_rows(table, {}, "")), (std::vector<std::uint64_t>{4, 3, 2, 1}));
  table.rows[2].round_trip_ns = test::seconds;
  EXPECT_EQ(ids(chosen_rows(table, {Column::rtt, true}, "")),
            (std::vector<std::uint64_t>{3, 1, 2, 4}));
  EXPECT_EQ(ids(chosen_rows(table, {Column::rtt, false}, "")),
            (std::vector<std::uint64_t>{4, 1, 2, 3}));
  EXPECT_EQ(ids(chosen_rows(table, {Column::repeats, true}, "")),
            (std::vector<std::uint64_t>{3, 2, 1, 4}));
  table.rows[1].last_ns += test::seconds;
  EXPECT_EQ(ids(chosen_rows(table, {Column::idle, false}, "")).front(), 2U);
  for (std::size_t i = 0; i < column_count; ++i) {
    EXPECT_EQ(chosen_rows(table, {static_cast<Column>(i), true}, "").size(), 4U);
  }
}

TEST(ChosenRows, FitTheFilter) {
  LiveTable table = test::sample_table(4);
  table.rows[1].directions[0].state = TcpState::fin_wait_1;
  for (const auto& [filter, expected] :
       std::vector<std::pair<std::string, std::vector<std::uint64_t>>>{
           {"192.0.2.1:40002", {2}},
           {"udp", {4}},
           {"HTTP", {3, 2, 1}},
           {"fin_wait", {2}},
           {"tcp established", {3, 2, 1}},
           {" tcp  40003 ", {3}},
           {"nowhere", {}},
           {"domain", {4}}}) {
    EXPECT_EQ(ids(chosen_rows(table, {}, filter)), expected) << filter;
  }
}

TEST(ShortWords, KeepTheirWidths) {
  EXPECT_EQ(short_bytes(999), "999");
  EXPECT_EQ(short_bytes(1'234), "1.23k");
  EXPECT_EQ(short_duration(0), "0s");
  EXPECT_EQ(short_duration(-5), "0s");
  EXPECT_EQ(short_duration(999), "999ns");
  EXPECT_EQ(short_duration(1'250'000), "1.2ms");
  EXPECT_EQ(short_duration(59 * test::seconds), "59s");
  EXPECT_EQ(short_duration(3'599 * test::seconds), "59min");
  EXPECT_EQ(short_share(0, 0), "-");
  EXPECT_EQ(short_share(0, 10), "0%");
  EXPECT_EQ(short_share(1, 100'000), "<.1%");
  EXPECT_EQ(short_share(12, 1'000), "1.2%");
  EXPECT_EQ(short_share(999, 10'000), "10%");
  EXPECT_EQ(short_share(10, 10), "100%");
  for (std::int64_t length = 1; length < std::int64_t{1} << 62U; length = length * 3 + 1) {
    EXPECT_LE(short_duration(length).size(), 5U) << length;
    EXPECT_LE(short_bytes(static_cast<std::uint64_t>(length)).size(), 5U) << length;
  }
}

TEST(StatesText, IsShortenedWhereItMust) {
  const LiveRow row = test::sample_row(1, TcpState::fin_wait_2, TcpState::close_wait);
  EXPECT_EQ(states_text(row, 23), "FIN_WAIT_2/CLOSE_WAIT");
  EXPECT_EQ(states_text(row, 13), "FIN_W2/CLO_W");
  EXPECT_EQ(states_text(test::sample_row(1, TcpState::closed, TcpState::closed), 13), "CLOSED");
  EXPECT_EQ(states_text(test::sample_udp_row(1), 13), "udp");
  for (int client = 0; client <= static_cast<int>(TcpState::unknown); ++client) {
    for (int server = 0; server <= static_cast<int>(TcpState::unknown); ++server) {
      const LiveRow any = test::sample_row(1, TcpState(client), TcpState(server));
      EXPECT_LE(states_text(any, 13).size(), 13U);
      EXPECT_LE(states_text(any, 23).size(), 23U);
    }
  }
}

}  // namespace
}  // namespace tapdeck

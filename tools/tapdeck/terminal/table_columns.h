// The columns of the table of connections: what stands in them, how they order rows, and which of
// them a screen has room for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tapdeck/live_table.h"

namespace tapdeck {

enum class Column : std::uint8_t {
  id,
  protocol,
  client,
  server,
  states,
  rate_forth,
  rate_back,
  repeats,
  rtt,
  packets,
  bytes,
  idle,
};
inline constexpr std::size_t column_count = 12;

struct ColumnDescription {
  std::string_view title, plain_title;  // the second where there is but ASCII
  std::string_view meaning;
  std::size_t least = 0, most = 0;  // columns of the screen
  unsigned rank = 0;                // 0: always there; the others come in this order
  bool right = false;               // aligned
};

[[nodiscard]] const ColumnDescription& description_of(Column column);

struct PlacedColumn {
  Column column{};
  std::size_t at = 0, width = 0;
};

/// Narrower than this there is no table.
[[nodiscard]] std::size_t least_table_width();

/// From left to right. Requires: width >= least_table_width().
[[nodiscard]] std::vector<PlacedColumn> place_columns(std::size_t width);

/// `now_ns` is the time of the table.
[[nodiscard]] std::string cell_text(Column column, const LiveRow& row, std::int64_t now_ns,
                                    std::size_t width);

struct RowOrder {
  Column column = Column::rate_back;
  bool descending = true;
};

/// Those that fit the filter (row_words.h), ordered by the column, equal ones by id.
[[nodiscard]] std::vector<const LiveRow*> chosen_rows(const LiveTable& table, const RowOrder& order,
                                                      std::string_view filter);

}  // namespace tapdeck

#include "tools/tapdeck/terminal/table_columns.h"

#include <algorithm>
#include <array>
#include <tuple>

#include <fmt/format.h>

#include "analyzer/report/quantity.h"
#include "analyzer/report/text_parts.h"
#include "analyzer/report/words.h"
#include "captures/elapsed.h"
#include "tools/tapdeck/terminal/row_words.h"

namespace tapdeck {
namespace {

constexpr std::size_t gap = 1;
/// "[2001:db8:1234:5678:9abc:def0:1234:5678]:65535".
constexpr std::size_t longest_socket = 47;

constexpr std::array<ColumnDescription, column_count> descriptions{{
    {"ID", "ID", "number of the connection's first frame", 7, 7, 5, true},
    {"PROTO", "PROTO", "protocol", 6, 6, 6},
    {"CLIENT", "CLIENT", "who began, as far as that is known", 21, longest_socket},
    {"SERVER", "SERVER", "the other end", 21, longest_socket},
    {"STATES", "STATES", "of the client and of the server; once if they are equal", 13, 23},
    {"→B/s", "->B/s", "bytes a second from client to server", 5, 5, 1, true},
    {"←B/s", "<-B/s", "bytes a second from server to client", 5, 5, 2, true},
    {"RETX", "RETX", "share of the payload that was sent again", 4, 4, 3, true},
    {"RTT", "RTT", "round trip, from here to the ends", 5, 5, 4, true},
    {"PACKETS", "PACKETS", "both ways", 7, 7, 8, true},
    {"BYTES", "BYTES", "of frames, both ways", 5, 5, 7, true},
    {"IDLE", "IDLE", "time since the last packet", 5, 5, 9, true},
}};

/// The columns up to this rank come before the states grow to their full width.
constexpr unsigned last_rank_before_states = 4;
constexpr unsigned last_rank = 9;

using Widths = std::array<std::size_t, column_count>;  // by Column; 0: not there

/// Adds those of these ranks while there is room for them.
void take_ranks(unsigned first, unsigned last, std::size_t& free, Widths& widths) {
  for (unsigned rank = first; rank <= last; ++rank) {
    const auto found = std::ranges::find(descriptions, rank, &ColumnDescription::rank);
    if (free < found->least + gap) return;
    free -= found->least + gap;
    widths[static_cast<std::size_t>(found - descriptions.begin())] = found->least;
  }
}

void grow(Column column, std::size_t most_growth, std::size_t& free, Widths& widths) {
  std::size_t& width = widths[static_cast<std::size_t>(column)];
  const std::size_t growth = std::min({free, most_growth, description_of(column).most - width});
  width += growth;
  free -= growth;
}

auto socket_order(const Socket& socket) {
  return std::tuple{socket.address.version, socket.address.octets, socket.port};
}

/// Where nothing was sent, less than none.
double retransmitted_share(const LiveRow& row) {
  const std::uint64_t whole = row.payload_bytes();
  return whole == 0 ? -1
                    : static_cast<double>(row.retransmitted_bytes()) / static_cast<double>(whole);
}

bool comes_before(Column column, const LiveRow& a, const LiveRow& b) {
  const auto by = [&](auto key) { return key(a) < key(b); };
  switch (column) {
    case Column::id:
      return a.id < b.id;
    case Column::protocol:
      return a.ip_protocol < b.ip_protocol;
    case Column::client:
      return by([](const LiveRow& row) { return socket_order(row.client); });
    case Column::server:
      return by([](const LiveRow& row) { return socket_order(row.server); });
    case Column::states:
      return by([](const LiveRow& row) {
        return std::tuple{row.directions[0].state, row.directions[1].state};
      });
    case Column::rate_forth:
      return by([](const LiveRow& row) { return row.directions[0].bytes_per_second; });
    case Column::rate_back:
      return by([](const LiveRow& row) { return row.directions[1].bytes_per_second; });
    case Column::repeats:
      return by(retransmitted_share);
    case Column::rtt:
      return a.round_trip_ns < b.round_trip_ns;
    case Column::packets:
      return a.packets() < b.packets();
    case Column::bytes:
      return a.bytes() < b.bytes();
    case Column::idle:
      return a.last_ns > b.last_ns;
  }
  return false;
}

}  // namespace

const ColumnDescription& description_of(Column column) {
  return descriptions[static_cast<std::size_t>(column)];
}

std::size_t least_table_width() {
  std::size_t width = 0;
  for (const ColumnDescription& description : descriptions) {
    if (description.rank == 0) width += description.least + (width == 0 ? 0 : gap);
  }
  return width;
}

std::vector<PlacedColumn> place_columns(std::size_t width) {
  Widths widths{};
  for (std::size_t i = 0; i < column_count; ++i) {
    if (descriptions[i].rank == 0) widths[i] = descriptions[i].least;
  }
  std::size_t free = width - least_table_width();
  take_ranks(1, last_rank_before_states, free, widths);
  grow(Column::states, free, free, widths);
  take_ranks(last_rank_before_states + 1, last_rank, free, widths);
  grow(Column::client, free / 2, free, widths);
  grow(Column::server, free, free, widths);
  std::vector<PlacedColumn> placed;
  std::size_t at = 0;
  for (std::size_t i = 0; i < column_count; ++i) {
    if (widths[i] == 0) continue;
    placed.push_back({static_cast<Column>(i), at, widths[i]});
    at += widths[i] + gap;
  }
  return placed;
}

std::string cell_text(Column column, const LiveRow& row, std::int64_t now_ns, std::size_t width) {
  switch (column) {
    case Column::id:
      return fmt::to_string(row.id);
    case Column::protocol:
      return protocol_word(row.ip_protocol);
    case Column::client:
      return socket_text(row.client);
    case Column::server:
      return socket_text(row.server);
    case Column::states:
      return states_text(row, width);
    case Column::rate_forth:
      return short_bytes(row.directions[0].bytes_per_second);
    case Column::rate_back:
      return short_bytes(row.directions[1].bytes_per_second);
    case Column::repeats:
      return short_share(row.retransmitted_bytes(), row.payload_bytes());
    case Column::rtt:
      return row.round_trip_ns > 0 ? short_duration(row.round_trip_ns) : "-";
    case Column::packets:
      return short_count_text(row.packets());
    case Column::bytes:
      return short_bytes(row.bytes());
    case Column::idle:
      return short_duration(elapsed_ns(row.last_ns, now_ns));
  }
  return {};
}

std::vector<const LiveRow*> chosen_rows(const LiveTable& table, const RowOrder& order,
                                        std::string_view filter) {
  std::vector<const LiveRow*> rows;
  for (const LiveRow& row : table.rows) {
    if (fits(row, filter)) rows.push_back(&row);
  }
  std::ranges::sort(rows, [&](const LiveRow* a, const LiveRow* b) {
    const LiveRow& first = order.descending ? *b : *a;
    const LiveRow& second = order.descending ? *a : *b;
    if (comes_before(order.column, first, second)) return true;
    return !comes_before(order.column, second, first) && a->id < b->id;
  });
  return rows;
}

}  // namespace tapdeck

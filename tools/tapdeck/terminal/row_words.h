// What is said of a connection in the few columns that a table has for it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tools/tapdeck/live_table.h"

namespace tapdeck {

/// At most 5 characters, cut off and not rounded: "999", "1.23k", "123M".
[[nodiscard]] std::string short_bytes(std::uint64_t bytes);

/// At most 5 characters, cut off and not rounded: "999ns", "1.2ms", "12s", "3min", "400d".
[[nodiscard]] std::string short_duration(std::int64_t duration_ns);

/// At most 4 characters: "0%", "0.2%", "12%"; "-" where there is no whole.
[[nodiscard]] std::string short_share(std::uint64_t part, std::uint64_t whole);

/// Both ends' states, once if they are equal, shortened if they would be longer than `width`; the
/// protocol where it has none.
[[nodiscard]] std::string states_text(const LiveRow& row, std::size_t width);

/// A state in at most 6 characters, for where its name has no room.
[[nodiscard]] std::string_view short_name(TcpState state);

/// Of the server's port, as it is registered; empty where none is.
[[nodiscard]] std::string_view service_of(const LiveRow& row);

/// True if each word of the filter is somewhere in the connection's id, protocol, addresses, ports,
/// service or states, in large letters or small.
[[nodiscard]] bool fits(const LiveRow& row, std::string_view filter);

}  // namespace tapdeck

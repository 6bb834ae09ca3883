// Whether a segment belongs to the connection known on its sockets, or begins a new one there:
// RFC 9293 §3.6.1 and §3.10.7.4, RFC 6191, as an observer can apply them.
#pragma once

#include <cstdint>

#include "analyzer/tcp/connection.h"
#include "analyzer/tcp/segment.h"

namespace tapdeck {

enum class Belongs : std::uint8_t {
  here,         // to this connection
  new_one,      // it begins a new connection
  predecessor,  // this one is but an attempt, and the segment is not about it
};

/// `from` is the sender's side in `connection`. Requires, for `predecessor` to make sense: the
/// caller keeps the connection that the attempt would replace, and asks only if there is one.
[[nodiscard]] Belongs belongs_to(const TcpConnection& connection, Side from, const Segment& segment,
                                 bool has_predecessor);

}  // namespace tapdeck

// Who is the client, and how surely that is known.
#pragma once

#include "analyzer/flow/datagram.h"
#include "analyzer/flow/side.h"

namespace tapdeck {

struct ClientChoice {
  bool sender_is_client = true;
  ClientKnownBy known_by = ClientKnownBy::first_sender;
};

/// Decided by a conversation's first datagram.
[[nodiscard]] ClientChoice choose_client(const Datagram& first);

}  // namespace tapdeck

// What just happened to a conversation, for those who can't wait for its end.
#pragma once

#include <cstdint>

#include "analyzer/flow/slab.h"
#include "analyzer/tcp/moment.h"

namespace tapdeck {

struct ConversationNews {
  enum class Kind : std::uint8_t {
    opened,  // its first packet; for a TCP connection that begins with a SYN, the answer to it
    closed,  // of TCP: as TcpConnection::is_over
  };

  Kind kind{};
  SlabIndex index = no_slab_index;  // of the conversation
  Moment moment;
};

/// What is to be told while packets come.
struct NewsWish {
  bool conversations = false;
  bool anomalies = false;
};

}  // namespace tapdeck

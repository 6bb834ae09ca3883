// One end of a TCP connection: its send sequence space, and what it sent.
#pragma once

#include <cstdint>

#include "analyzer/tcp/send_space.h"

namespace tapdeck {

struct TcpEndpoint {
  SendSpace send;
  std::uint64_t unique_octets = 0;
  std::uint64_t repeated_octets = 0;
};

}  // namespace tapdeck

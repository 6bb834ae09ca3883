// Writes a capture of generated traffic.
#pragma once

#include <cstdint>
#include <string>

namespace tapdeck {

struct GenerateOptions {
  std::string kind;
  std::string out;
  std::uint64_t packets = 1'000'000;
  std::uint64_t flows = 0;  // 0: as many as suit the kind
  std::uint64_t seed = 1;
  std::uint32_t snap_length = 262'144;
};

struct Generated {
  std::uint64_t packets = 0;
  std::uint64_t flows = 0;
  std::uint64_t octets = 0;  // of the file
};

/// The same options give the same octets on every machine. Throws Failure(usage) for an unknown
/// kind, or if there are more flows than packets can show.
[[nodiscard]] Generated generate(const GenerateOptions& options);

}  // namespace tapdeck

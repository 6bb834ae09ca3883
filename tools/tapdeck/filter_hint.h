// Why a filter may have matched nothing: BPF sees the outermost headers only, so packets behind a
// VLAN tag or inside a tunnel don't match an expression that names what is inside.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "captures/file_opener.h"
#include "captures/input_paths.h"

namespace tapdeck {

/// What a sample of the packets that the filter rejected looks like.
struct RejectedSample {
  std::uint64_t packets = 0;
  std::uint64_t tagged = 0;
  std::uint64_t tunnelled = 0;
  std::string_view tunnel;    ///< The first tunnel's name.
  std::string better_filter;  ///< An expression that does match, or empty.
  std::uint64_t better_count = 0;
};

/// The hint as a sentence; empty if tags and tunnels explain nothing.
[[nodiscard]] std::string hint_text(const RejectedSample& sample);

/// Reads the inputs again, without the filter, as far as they can be read twice. Requires: the
/// filter matched none of their packets.
[[nodiscard]] std::string filter_hint(const std::vector<NamedInput>& inputs,
                                      const std::string& filter, FileOpener& opener);

}  // namespace tapdeck

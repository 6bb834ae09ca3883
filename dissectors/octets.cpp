#include "dissectors/octets.h"

#include <algorithm>

#include <fmt/format.h>

namespace tapdeck {

std::string octets_as_hex(Bytes octets) {
  constexpr std::size_t most = 64;
  std::string text;
  for (const std::byte octet : octets.first(std::min(octets.size(), most))) {
    fmt::format_to(std::back_inserter(text), "{}{:02x}", text.empty() ? "" : " ",
                   std::to_integer<unsigned>(octet));
  }
  return octets.size() > most ? text + " …" : text;
}

}  // namespace tapdeck

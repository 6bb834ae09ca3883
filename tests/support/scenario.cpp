#include "tests/support/scenario.h"

namespace tapdeck::test {

std::string_view to_string(Variant variant) {
  switch (variant) {
    case Variant::plain:
      return "plain";
    case Variant::wrapped:
      return "wrapped";
    case Variant::swapped:
      return "swapped";
    case Variant::shifted:
      return "shifted";
    case Variant::ipv6:
      return "ipv6";
  }
  return "invalid";
}

}  // namespace tapdeck::test

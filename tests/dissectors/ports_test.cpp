#include "dissectors/ports.h"

#include <gtest/gtest.h>

#include "dissectors/registry.h"
#include "tests/support/dissect.h"
#include "tests/support/hex.h"

namespace tapdeck {
namespace {

using test::dissect;
using test::hex;

std::optional<PortPair> ports_in(std::string_view protocol, std::string_view transport) {
  const auto packet = dissect(
      hex("4500 0028 1234 4000 40", protocol, "0000 c000020a c0000214", transport), LinkType::ipv4);
  return ports_of(packet.dissection, packet.layer(packet.dissection.transport));
}

TEST(Ports, AreThoseOfTheTransport) {
  const PortPair expected{5000, 53};
  EXPECT_EQ(ports_in("06", "1388 0035 00000000 00000000 5002 0000 0000 0000"), expected);
  EXPECT_EQ(ports_in("11", "1388 0035 0014 0000 000000000000000000000000"), expected);
  EXPECT_EQ(ports_in("84", "1388 0035 00000000 00000000 0000000000000000"), expected);
  EXPECT_EQ(ports_in("88", "1388 0035 0000 0000 000000000000000000000000"), expected);
  EXPECT_EQ(ports_in("21", "1388 0035 0300 0000 00000000 0000000000000000"), expected);
}

TEST(Ports, IcmpHasNone) {
  EXPECT_EQ(ports_in("01", "0800 0000 1234 0001 000000000000000000000000"), std::nullopt);
}

}  // namespace
}  // namespace tapdeck

#include "analyzer/flow/service_names.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "analyzer/flow/socket.h"

namespace tapdeck {
namespace {

constexpr std::uint8_t tcp = 6, udp = 17, dccp = 33, sctp = 132;

TEST(ServiceNames, AreIanas) {
  EXPECT_EQ(service_name(22, tcp), "ssh");
  EXPECT_EQ(service_name(53, udp), "domain");
  EXPECT_EQ(service_name(80, tcp), "http");
  EXPECT_EQ(service_name(443, tcp), "https");
  EXPECT_EQ(service_name(3306, tcp), "mysql");
  EXPECT_EQ(service_name(4789, udp), "vxlan");
  EXPECT_EQ(service_name(2905, sctp), "m3ua");
  EXPECT_EQ(service_name(5004, dccp), "avt-profile-1");
  EXPECT_EQ(service_name(6063, tcp), "x11");
}

TEST(ServiceNames, DependOnTheProtocol) {
  EXPECT_EQ(service_name(514, udp), "syslog");
  EXPECT_EQ(service_name(514, tcp), "shell");
  EXPECT_EQ(service_name(2905, udp), "");
}

TEST(ServiceNames, AreEmptyWhereNothingIsRegistered) {
  EXPECT_EQ(service_name(0, tcp), "");
  EXPECT_EQ(service_name(65'535, udp), "");
  EXPECT_EQ(service_name(80, 1), "");
}

TEST(ServiceNames, AreFoundWhereverTheyStand) {
  ASSERT_GT(registered_services().size(), 11'000U);
  for (const RegisteredService& service : registered_services()) {
    EXPECT_EQ(service_name(service.port, service.ip_protocol), service.name());
    EXPECT_TRUE(std::ranges::all_of(service.name(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '-';
    })) << service.name();
  }
}

TEST(PortClass, HasItsBoundaries) {
  EXPECT_EQ(port_class_of(0), PortClass::well_known);
  EXPECT_EQ(port_class_of(1023), PortClass::well_known);
  EXPECT_EQ(port_class_of(1024), PortClass::registered);
  EXPECT_EQ(port_class_of(49'151), PortClass::registered);
  EXPECT_EQ(port_class_of(49'152), PortClass::dynamic);
  EXPECT_EQ(port_class_of(65'535), PortClass::dynamic);
}

}  // namespace
}  // namespace tapdeck

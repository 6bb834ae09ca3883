// Names and libpcap's numbers of link types.
#include "captures/link_type.h"

#include <gtest/gtest.h>
#include <pcap/pcap.h>

namespace tapdeck {
namespace {

TEST(LinkType, HasTheRegistrysName) {
  EXPECT_EQ(to_string(LinkType::ethernet), "EN10MB");
  EXPECT_EQ(to_string(LinkType::raw), "RAW");
  EXPECT_EQ(to_string(LinkType::raw_bsd), "RAW");
  EXPECT_EQ(to_string(LinkType::ieee802_11_radiotap), "IEEE802_11_RADIO");
  EXPECT_EQ(to_string(LinkType::linux_sll2), "LINUX_SLL2");
  EXPECT_EQ(to_string(static_cast<LinkType>(60000)), "LINKTYPE_60000");
}

TEST(LinkType, IsTranslatedForLibpcapAndBack) {
  EXPECT_EQ(data_link_type(LinkType::ethernet), DLT_EN10MB);
  EXPECT_EQ(data_link_type(LinkType::raw), DLT_RAW);
  EXPECT_EQ(data_link_type(LinkType::raw_openbsd), DLT_RAW);
  EXPECT_EQ(data_link_type(LinkType::ppp_hdlc), DLT_PPP_SERIAL);
  EXPECT_EQ(link_type_of(DLT_RAW), LinkType::raw);
  EXPECT_EQ(link_type_of(DLT_LINUX_SLL), LinkType::linux_sll);
}

}  // namespace
}  // namespace tapdeck

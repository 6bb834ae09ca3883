// The reader against libpcap: the same packets, times and lengths from the golden captures, and
// from what the writers write.
#include <algorithm>

#include <gtest/gtest.h>
#include <pcap/pcap.h>

#include "captures/capture_writer.h"
#include "tests/captures/read_back.h"

namespace tapdeck::test {
namespace {

struct PcapCloser {
  void operator()(pcap_t* handle) const { pcap_close(handle); }
};

std::vector<OwnedPacket> read_by_libpcap(const std::string& path) {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  const std::unique_ptr<pcap_t, PcapCloser> handle(pcap_open_offline_with_tstamp_precision(
      path.c_str(), PCAP_TSTAMP_PRECISION_NANO, error.data()));
  EXPECT_NE(handle, nullptr) << error.data();
  std::vector<OwnedPacket> packets;
  pcap_pkthdr* header = nullptr;
  const u_char* data = nullptr;
  while (handle && pcap_next_ex(handle.get(), &header, &data) == 1) {
    const auto* first = reinterpret_cast<const std::byte*>(data);
    packets.push_back(
        {.number = packets.size() + 1,
         .time_ns = std::int64_t{header->ts.tv_sec} * 1'000'000'000 + header->ts.tv_usec,
         .wire_length = header->len,
         .link_type = link_type_of(pcap_datalink(handle.get())),
         .bytes = Octets(first, first + header->caplen)});
  }
  return packets;
}

/// libpcap says nothing of interfaces, frame check sequences and digits.
std::vector<OwnedPacket> read_by_tapdeck(const std::string& path) {
  std::vector<OwnedPacket> packets = read_all({path}).packets;
  for (OwnedPacket& packet : packets) {
    packet.interface = 0;
    packet.fcs_length = 0;
    packet.time_digits = 0;
  }
  return packets;
}

std::vector<std::string> golden_captures() {
  std::vector<std::string> paths;
  for (const auto& entry :
       std::filesystem::directory_iterator(TAPDECK_SOURCE_DIR "/captures/golden")) {
    const std::string extension = entry.path().extension().string();
    if (extension == ".pcap" || extension == ".pcapng") {
      paths.push_back(entry.path().string());
    }
  }
  std::ranges::sort(paths);
  return paths;
}

TEST(LibpcapAgreement, HoldsForTheGoldenCaptures) {
  const std::vector<std::string> paths = golden_captures();
  if (paths.empty()) {
    GTEST_SKIP() << "there are no golden captures";
  }
  for (const std::string& path : paths) {
    EXPECT_EQ(read_by_tapdeck(path), read_by_libpcap(path)) << path;
  }
}

TEST(LibpcapAgreement, HoldsForWhatTheWritersWrite) {
  const TemporaryDirectory directory;
  for (const std::string& path : golden_captures()) {
    const auto source = open_captures({path}, {});
    for (const char* name : {"copy.pcap", "copy.pcapng"}) {
      const WholeCapture whole = read_all({path});
      const auto writer = create_capture(directory.path(name), whole.captures);
      for (const OwnedPacket& packet : whole.packets) {
        writer->write({.number = packet.number,
                       .time_ns = packet.time_ns,
                       .wire_length = packet.wire_length,
                       .interface = packet.interface,
                       .link_type = packet.link_type,
                       .time_digits = packet.time_digits,
                       .bytes = packet.bytes});
      }
      writer->close();
      EXPECT_EQ(read_by_libpcap(directory.path(name)), read_by_libpcap(path)) << path;
    }
  }
}

TEST(LibpcapAgreement, HoldsForOldVersionsAndBothOrders) {
  const TemporaryDirectory directory;
  for (const std::endian order : {std::endian::little, std::endian::big}) {
    for (const std::uint16_t minor : {std::uint16_t{1}, std::uint16_t{2}, std::uint16_t{3}}) {
      for (const std::uint32_t magic : {0xa1b2c3d4U, 0xa1b2cd34U}) {
        PcapBuilder builder({.order = order, .magic = magic, .minor = minor});
        const Octets extra(magic == 0xa1b2cd34U ? 8 : 0);
        builder.add({1, 2, Octets(20), 20, 60}, extra).add({3, 4, Octets(20), 20, 20}, extra);
        const std::string path = directory.write("old.pcap", builder.octets());
        EXPECT_EQ(read_by_tapdeck(path), read_by_libpcap(path));
      }
    }
  }
}

TEST(LibpcapAgreement, HoldsForPcapngResolutions) {
  const TemporaryDirectory directory;
  for (const unsigned resolution : {0U, 3U, 6U, 9U, 12U, 0x80U, 0x8aU, 0xa0U}) {
    PcapngBuilder builder;
    builder.section().interface({.snap_length = 65535},
                                {{9, {static_cast<std::byte>(resolution)}}});
    for (const std::uint64_t time : {1ULL, 1000ULL, 1'234'567'890ULL}) {
      builder.enhanced({.time = time, .data = Octets(33)});
    }
    const std::string path = directory.write("resolution.pcapng", builder.octets());
    EXPECT_EQ(read_by_tapdeck(path), read_by_libpcap(path)) << resolution;
  }
}

}  // namespace
}  // namespace tapdeck::test

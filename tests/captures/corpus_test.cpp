// The captures of public projects: each has as many packets as capinfos counts, and only those that
// are listed here with a reason end otherwise. Skipped where the corpus is absent.
#include "tests/support/corpus.h"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "tests/captures/read_back.h"
#include "tests/support/tab_separated.h"

namespace tapdeck::test {
namespace {

using Rows = std::map<std::string, TableRow>;

/// By the name of the file.
Rows rows_of(const std::string& path) {
  Rows rows;
  for (const TableRow& row : read_table(path)) {
    rows[row.contains("file") ? row.at("file") : row.at("name")] = row;
  }
  return rows;
}

/// What of the corpus can't be read at all. capinfos and tshark refuse these too, or take the
/// content for something that holds no packets.
const std::set<std::string> unreadable{
    // Written by Zeek's fuzzers: payloads between marks of their own.
    "zeek__dns53-2a8fa8a5.pcap",
    "zeek__icmp-ping.pcap",
    "zeek__icmp6-ping.pcap",
    "zeek__ipv6-fragmented-dns.trace.pcap",
    "zeek__ipv6-hbh-routing0.trace.pcap",
    "zeek__snmpv1_get.pcap",
    "zeek__snmpv1_get_short.pcap",
    "zeek__snmpv1_trap-4c994dbe.pcap",
    "zeek__snmpv3_get_next.pcap",
    // Logs of Zeek in several notations, compressed. capinfos counts a JSON text as one packet.
    "zed-sample-data__capture_loss.bsup-8cf4fd05.pcap.gz",
    "zed-sample-data__capture_loss.bsup.pcap.gz",
    "zed-sample-data__capture_loss.json.pcap.gz",
    "zed-sample-data__capture_loss.log.pcap.gz",
    "zed-sample-data__capture_loss.sup.pcap.gz",
    // Versions of pcapng that don't exist.
    "libpcap__pcapng-invalid-vers-1.pcapng",
    "libpcap__pcapng-invalid-vers-2.pcapng",
};

/// Version 2.3 may have its two lengths either way; the smaller one is taken as captured, as
/// libpcap does it, which makes one packet of what capinfos gives up on.
const std::set<std::string> other_count{
    "PcapPlusPlus__clusterfuzz-testcase-minimized-FuzzTarget-5766899836387328.pcap",
};

class Corpus : public testing::Test {
 protected:
  void SetUp() override {
    if (x_directory.empty()) {
      GTEST_SKIP() << "the corpus is absent; TAPDECK_CORPUS names its directory";
    }
    x_manifest = rows_of(x_directory + "/MANIFEST.tsv");
    x_capinfos = rows_of(x_directory + "/reference/capinfos.tsv");
    ASSERT_FALSE(x_manifest.empty());
  }

  [[nodiscard]] bool is_read_whole_by_others(const std::string& name) const {
    return x_capinfos.contains(name) &&
           x_manifest.at(name).at("tags").find("x:tshark-rc-2") == std::string::npos;
  }

  std::string x_directory = corpus_directory();
  Rows x_manifest;
  Rows x_capinfos;
};

TEST_F(Corpus, HasAsManyPacketsAsCapinfosCounts) {
  for (const auto& [name, row] : x_manifest) {
    const WholeCapture whole = read_all({x_directory + "/" + name});
    const CaptureInfo& info = whole.info();
    EXPECT_EQ(info.packets, whole.packets.size()) << name;
    EXPECT_EQ(info.complete, info.faults.empty()) << name;
    if (x_capinfos.contains(name) && !other_count.contains(name)) {
      EXPECT_EQ(std::to_string(info.packets), x_capinfos.at(name).at("packets")) << name;
    }
    EXPECT_TRUE(info.complete || !is_read_whole_by_others(name))
        << name << ": " << (info.faults.empty() ? "" : describe(info.faults.front()));
  }
}

TEST_F(Corpus, LeavesUnreadOnlyWhatIsListed) {
  for (const auto& [name, row] : x_manifest) {
    const WholeCapture whole = read_all({x_directory + "/" + name});
    const CaptureInfo& info = whole.info();
    const bool unread =
        info.packets == 0 && std::ranges::any_of(info.faults, [](const CaptureFault& fault) {
          return fault.kind != CaptureFaultKind::cut_short &&
                 fault.kind != CaptureFaultKind::bad_record;
        });
    EXPECT_EQ(unread, unreadable.contains(name)) << name;
  }
}

TEST_F(Corpus, ReadsAllOfItAtOnce) {
  const auto source = open_captures({x_directory}, {});
  PacketBatch batch;
  std::uint64_t packets = 0;
  while (source->next(batch)) {
    for (const Packet& packet : batch.packets) {
      ASSERT_EQ(packet.number, ++packets);
    }
  }
  std::uint64_t told = 0;
  for (const CaptureInfo& info : source->captures()) {
    told += info.packets;
  }
  EXPECT_EQ(packets, told);
  EXPECT_GT(packets, 100'000U);
}

}  // namespace
}  // namespace tapdeck::test

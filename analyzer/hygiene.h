// What is counted packet by packet, whatever conversation a packet belongs to.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <map>
#include <vector>

#include "analyzer/flow/flow_table.h"
#include "analyzer/report/report.h"
#include "captures/capture_info.h"
#include "captures/packet.h"
#include "dissectors/checksum.h"
#include "dissectors/dissection.h"
#include "dissectors/reassembly.h"

namespace tapdeck {

class PacketCounters {
 public:
  void add(const Packet& packet, const Dissection& dissection, const ChecksumReport& checksums);
  void add_conversation(const FlowTable& table, const Conversation& conversation);

  /// Of packets so far; times and undissected link types are the summary's.
  [[nodiscard]] const Totals& totals() const { return x_totals; }

  /// The whole summary, once the last packet has been added. `conversations_shed` goes by Stage.
  [[nodiscard]] Summary summary(const std::vector<CaptureInfo>& captures,
                                const ReassemblyCounters& reassembly,
                                const std::array<std::uint64_t, 4>& conversations_shed) const;

 private:
  void add_protocol(const Dissection& dissection);

  Totals x_totals;
  std::int64_t x_first_ns = std::numeric_limits<std::int64_t>::max();
  std::int64_t x_last_ns = std::numeric_limits<std::int64_t>::min();
  Hygiene x_hygiene;
  std::map<LinkType, std::uint64_t> x_undissected;
  std::uint8_t x_time_digits = 0;
};

}  // namespace tapdeck

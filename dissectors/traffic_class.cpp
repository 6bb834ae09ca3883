#include "dissectors/traffic_class.h"

#include <algorithm>
#include <array>
#include <string>

namespace tapdeck {
namespace {

struct DscpName {
  std::uint8_t dscp;
  std::string_view name;
};

constexpr std::array names{
    DscpName{0, "CS0"},   DscpName{1, "LE"},    DscpName{8, "CS1"},  DscpName{10, "AF11"},
    DscpName{12, "AF12"}, DscpName{14, "AF13"}, DscpName{16, "CS2"}, DscpName{18, "AF21"},
    DscpName{20, "AF22"}, DscpName{22, "AF23"}, DscpName{24, "CS3"}, DscpName{26, "AF31"},
    DscpName{28, "AF32"}, DscpName{30, "AF33"}, DscpName{32, "CS4"}, DscpName{34, "AF41"},
    DscpName{36, "AF42"}, DscpName{38, "AF43"}, DscpName{40, "CS5"}, DscpName{44, "VOICE-ADMIT"},
    DscpName{45, "NQB"},  DscpName{46, "EF"},   DscpName{48, "CS6"}, DscpName{56, "CS7"},
};

constexpr std::array<std::string_view, 4> ecn_names{"Not-ECT", "ECT(1)", "ECT(0)", "CE"};

}  // namespace

std::string_view dscp_name(std::uint8_t dscp) {
  const auto found = std::ranges::find(names, dscp, &DscpName::dscp);
  return found == names.end() ? std::string_view{} : found->name;
}

void add_traffic_class_parts(FieldSink& sink, std::size_t offset, std::size_t length,
                             std::uint8_t traffic_class) {
  const auto dscp = static_cast<std::uint8_t>(traffic_class >> 2U);
  const std::uint8_t ecn = traffic_class & 3U;
  sink.enter();
  sink.add("dscp", offset, length, std::uint64_t{dscp}, std::string(dscp_name(dscp)));
  sink.add("ecn", offset, length, std::uint64_t{ecn}, std::string(ecn_names[ecn]));
  sink.leave();
}

}  // namespace tapdeck

// Scenarios: stories of segments in text, as tcpdump prints them, with what is expected of each.
// tests/scenarios/README.md describes the form.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace tapdeck::test {

/// What is wrong with a scenario's text: "FILE:LINE: what".
class ScenarioError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// How a scenario is played. The expectations are the same for all.
enum class Variant : std::uint8_t { plain, wrapped, swapped, shifted, ipv6 };
inline constexpr std::array all_variants{Variant::plain, Variant::wrapped, Variant::swapped,
                                         Variant::shifted, Variant::ipv6};
[[nodiscard]] std::string_view to_string(Variant variant);

struct ScenarioOption {
  std::uint8_t kind = 0;
  std::vector<std::int64_t> values = {};  ///< In the order of the wire; SACK edges are relative.
  std::vector<std::byte> raw = {};        ///< What a kind without a form of its own holds.
};

/// The two sockets of a connection. Numbers of its segments count from these.
struct ScenarioEnds {
  std::string name = "first";
  std::array<std::string, 2> addresses{"192.0.2.1", "198.51.100.1"};
  std::array<std::uint16_t, 2> ports{50'000, 80};
  std::array<std::uint32_t, 2> initial_numbers{0x1000'0000, 0x5000'0000};
};

struct ScenarioExpectation {
  std::set<std::string> words;
  std::optional<std::array<std::string, 2>> states;  ///< Client and server behind this frame.
};

struct ScenarioPacket {
  enum class Kind : std::uint8_t { segment, copy, icmp_error };

  std::size_t line = 0;
  std::int64_t time_ns = 0;  ///< From the beginning of the story.
  bool from_client = true;
  std::size_t ends = 0;  ///< Index into Scenario::ends.
  Kind kind{};

  std::uint8_t flags = 0;
  std::int64_t seq = 0, ack = 0;
  std::optional<std::uint32_t> raw_seq, raw_ack;
  std::uint32_t payload_octets = 0;
  std::optional<std::string> payload;  ///< Empty: what the sequence number makes of it.
  std::uint16_t window = 0xffff;
  std::uint16_t urgent_pointer = 0;
  std::vector<ScenarioOption> options;

  /// Counted from 1 by each side; 0: the field is zero. Empty: the next one.
  std::optional<std::uint16_t> ip_id;
  std::uint8_t ttl = 64, traffic_class = 0, mac = 0;
  std::optional<std::uint32_t> flow_label;  ///< Over IPv6. Empty: as its sender's packet before.
  std::optional<std::uint16_t> vlan;
  std::optional<std::uint32_t> snap_octets, vxlan;
  std::uint32_t padding_octets = 0, interface = 0;
  bool bad_checksum = false, offloaded_checksum = false, no_total_length = false;

  std::size_t about = 0;  ///< Index of the packet copied or quoted.
  std::string icmp_error;
  std::uint32_t quoted_octets = 0;  ///< Of the transport header and beyond; 0: 64.

  ScenarioExpectation expected;
};

struct AnomalyExpectation {
  std::size_t line = 0;
  bool wanted = true;
  std::string type = {};                      ///< Empty with !wanted: none above info.
  std::string severity = {}, direction = {};  ///< Empty: any.
};

struct CountExpectation {
  std::size_t line = 0;
  std::string name;
  std::uint64_t value = 0;
};

struct Scenario {
  std::string file;
  std::vector<ScenarioEnds> ends{{}};
  std::array<std::string, 2> ip_ids{"counting", "counting"};  ///< Or "zero", or "random".
  std::map<Variant, std::string> left_out;                    ///< With the reason.
  std::vector<ScenarioPacket> packets;
  std::vector<AnomalyExpectation> anomalies;
  std::optional<CountExpectation> connections;
  std::vector<CountExpectation> hygiene;

  /// Of the file's own words, for a message: "FILE:LINE".
  [[nodiscard]] std::string at(std::size_t line) const { return file + ":" + std::to_string(line); }
};

/// Throws ScenarioError for a text that isn't understood in full.
[[nodiscard]] Scenario read_scenario(const std::string& file, const std::string& text);

}  // namespace tapdeck::test

#include "tests/support/scenario_frames.h"

#include <algorithm>
#include <array>
#include <bit>

#include <arpa/inet.h>

#include "dissectors/checksum.h"
#include "dissectors/tcp.h"

namespace tapdeck::test {
namespace {

/// 2023, and in 2038 with the seconds' sign bit and a nanosecond remainder.
constexpr std::int64_t usual_start_ns = 1'700'000'000'000'000'000;
constexpr std::int64_t shifted_start_ns = 2'147'483'647'987'654'321;

OctetWriter big_endian() { return OctetWriter(std::endian::big); }

void put(Octets& octets, std::size_t at, std::uint16_t value) {
  octets[at] = static_cast<std::byte>(value >> 8U);
  octets[at + 1] = static_cast<std::byte>(value & 0xffU);
}

std::uint16_t octets_at(const Octets& octets, std::size_t at) {
  const auto high = std::to_integer<unsigned>(octets[at]);
  return static_cast<std::uint16_t>(high << 8U | std::to_integer<unsigned>(octets[at + 1]));
}

std::uint16_t checksum(const Octets& pseudo_header, const Octets& octets) {
  const std::uint16_t sum = internet_sum(octets, internet_sum(pseudo_header));
  return static_cast<std::uint16_t>(~sum);
}

struct IcmpType {
  std::string_view name;
  std::uint8_t type4, code4, type6, code6;
  std::uint32_t mtu;
};

constexpr std::array icmp_types{
    IcmpType{"unreachable_network", 3, 0, 1, 0, 0}, IcmpType{"unreachable_host", 3, 1, 1, 3, 0},
    IcmpType{"unreachable_port", 3, 3, 1, 4, 0},    IcmpType{"unreachable_admin", 3, 13, 1, 1, 0},
    IcmpType{"too_big", 3, 4, 2, 0, 1300},          IcmpType{"time_exceeded", 11, 0, 3, 0, 0}};

class FrameMaker {
 public:
  FrameMaker(const Scenario& scenario, Variant variant)
      : x_scenario(scenario), x_variant(variant) {}

  ScenarioFrame frame(const ScenarioPacket& packet);

 private:
  [[nodiscard]] Octets address(const ScenarioEnds& ends, bool client) const;
  [[nodiscard]] Octets address(const std::string& text) const;
  [[nodiscard]] std::array<std::uint16_t, 2> ports(const ScenarioEnds& ends) const;
  [[nodiscard]] std::uint32_t initial(const ScenarioPacket& packet, bool client) const;
  [[nodiscard]] std::uint32_t clock(std::int64_t value) const;
  [[nodiscard]] Octets option(const ScenarioPacket& packet, const ScenarioOption& option) const;
  [[nodiscard]] Octets options(const ScenarioPacket& packet) const;
  [[nodiscard]] Octets payload(const ScenarioPacket& packet) const;
  [[nodiscard]] Octets tcp(const ScenarioPacket& packet) const;
  [[nodiscard]] Octets icmp(const ScenarioPacket& packet) const;
  [[nodiscard]] Octets ip(const ScenarioPacket& packet, std::uint8_t protocol, const Octets& source,
                          const Octets& destination, const Octets& body) const;
  [[nodiscard]] Octets network(const ScenarioPacket& packet);
  [[nodiscard]] Octets pseudo_header(const Octets& source, const Octets& destination,
                                     std::uint8_t protocol, std::size_t octets) const;
  std::uint16_t next_ip_id(const ScenarioPacket& packet);
  std::uint16_t ip_id_of(const ScenarioPacket& packet);
  [[nodiscard]] Octets in_vxlan(const ScenarioPacket& packet, const Octets& inner) const;

  const Scenario& x_scenario;
  Variant x_variant;
  bool x_ipv6 = false;  // of the packet at hand
  std::array<std::uint16_t, 2> x_ip_ids{0, 0};
  std::uint16_t x_ip_id = 0;
  std::vector<Octets> x_packets;  // of the network layer, as built
};

/// IPv4 addresses are those of IPv6 below 2001:db8:: where the variant asks for that.
Octets FrameMaker::address(const std::string& text) const {
  std::array<std::byte, 16> octets{};
  const bool is_ipv6 = text.find(':') != std::string::npos;
  if (::inet_pton(is_ipv6 ? AF_INET6 : AF_INET, text.c_str(), octets.data()) != 1) {
    throw ScenarioError(x_scenario.file + ": no address: " + text);
  }
  Octets result(octets.begin(), octets.begin() + (is_ipv6 ? 16 : 4));
  if (is_ipv6 || !x_ipv6) return result;
  return big_endian().add(0x20010db8U).add(std::uint64_t{0}).add(result).octets();
}

/// Swapping the addresses turns the order of the key around; equal ones leave it to the ports.
Octets FrameMaker::address(const ScenarioEnds& ends, bool client) const {
  return address(ends.addresses[client != (x_variant == Variant::swapped) ? 0 : 1]);
}

std::array<std::uint16_t, 2> FrameMaker::ports(const ScenarioEnds& ends) const {
  const bool by_ports = ends.addresses[0] == ends.addresses[1];
  if (x_variant == Variant::swapped && by_ports) return {ends.ports[1], ends.ports[0]};
  return ends.ports;
}

/// Wrapped, the first connection's numbers begin just below 2^32; the distances to the others stay.
std::uint32_t FrameMaker::initial(const ScenarioPacket& packet, bool client) const {
  const std::size_t side = client ? 0 : 1;
  const std::uint32_t own = x_scenario.ends[packet.ends].initial_numbers[side];
  if (x_variant != Variant::wrapped) return own;
  const std::uint32_t target = client ? 0xffff'ffd0U : 0xffff'ffffU;
  return own + (target - x_scenario.ends.front().initial_numbers[side]);
}

/// Wrapped, timestamps too pass 2^32 on the way.
std::uint32_t FrameMaker::clock(std::int64_t value) const {
  return static_cast<std::uint32_t>(value) + (x_variant == Variant::wrapped ? 0xffff'ff85U : 0U);
}

Octets FrameMaker::option(const ScenarioPacket& packet, const ScenarioOption& option) const {
  OctetWriter body = big_endian();
  const auto value = [&](std::size_t index) {
    return static_cast<std::uint32_t>(option.values.at(index));
  };
  switch (option.kind) {
    case 0:
    case 1:
      return {std::byte{option.kind}};
    case 2:
      body.add(static_cast<std::uint16_t>(value(0)));
      break;
    case 3:
      body.add(static_cast<std::uint8_t>(value(0)));
      break;
    case 5:
      for (std::size_t i = 0; i < option.values.size(); ++i) {
        body.add(initial(packet, !packet.from_client) + value(i));
      }
      break;
    case 8:
      body.add(clock(option.values.at(0)));
      body.add((packet.flags & TcpFlags::ack) != 0 ? clock(option.values.at(1)) : value(1));
      break;
    default:
      body.add(option.raw);
      break;
  }
  const auto length = static_cast<std::uint8_t>(body.octets().size() + 2);
  return big_endian().add(option.kind).add(length).add(body.octets()).octets();
}

Octets FrameMaker::options(const ScenarioPacket& packet) const {
  Octets result;
  for (const ScenarioOption& each : packet.options) result = result + option(packet, each);
  while (result.size() % 4 != 0) result.push_back(std::byte{1});
  return result;
}

/// Unless given, the same octets for the same sequence numbers.
Octets FrameMaker::payload(const ScenarioPacket& packet) const {
  if (packet.payload) return octets_of(*packet.payload);
  Octets result;
  for (std::uint32_t i = 0; i < packet.payload_octets; ++i) {
    const std::int64_t place = packet.seq + i + (packet.from_client ? 0 : 11);
    result.push_back(static_cast<std::byte>('a' + (place % 26 + 26) % 26));
  }
  return result;
}

Octets FrameMaker::tcp(const ScenarioPacket& packet) const {
  const auto [client_port, server_port] = ports(x_scenario.ends[packet.ends]);
  const Octets fields = options(packet);
  const auto seq = packet.raw_seq.value_or(initial(packet, packet.from_client) +
                                           static_cast<std::uint32_t>(packet.seq));
  const bool acknowledges = (packet.flags & TcpFlags::ack) != 0;
  const auto ack = packet.raw_ack.value_or(acknowledges ? initial(packet, !packet.from_client) +
                                                              static_cast<std::uint32_t>(packet.ack)
                                                        : 0U);
  OctetWriter header = big_endian();
  header.add(packet.from_client ? client_port : server_port);
  header.add(packet.from_client ? server_port : client_port);
  header.add(seq).add(ack);
  header.add(static_cast<std::uint8_t>((5 + fields.size() / 4) << 4U)).add(packet.flags);
  header.add(packet.window).add(std::uint16_t{0}).add(packet.urgent_pointer);
  return header.octets() + fields + payload(packet);
}

Octets FrameMaker::pseudo_header(const Octets& source, const Octets& destination,
                                 std::uint8_t protocol, std::size_t octets) const {
  OctetWriter writer = big_endian();
  writer.add(source).add(destination);
  if (x_ipv6) {
    writer.add(static_cast<std::uint32_t>(octets)).add(std::uint32_t{protocol});
  } else {
    writer.add(std::uint16_t{protocol}).add(static_cast<std::uint16_t>(octets));
  }
  return writer.octets();
}

Octets FrameMaker::ip(const ScenarioPacket& packet, std::uint8_t protocol, const Octets& source,
                      const Octets& destination, const Octets& body) const {
  const auto octets = static_cast<std::uint16_t>(packet.no_total_length ? 0 : body.size());
  OctetWriter header = big_endian();
  if (x_ipv6) {
    const std::uint32_t traffic_class = packet.traffic_class;
    header.add(0x6000'0000U | traffic_class << 20U | packet.flow_label.value_or(0)).add(octets);
    header.add(protocol).add(packet.ttl).add(source).add(destination);
    return header.octets() + body;
  }
  header.add(std::uint8_t{0x45}).add(packet.traffic_class);
  header.add(static_cast<std::uint16_t>(octets == 0 ? 0 : octets + 20));
  header.add(x_ip_id).add(std::uint16_t{0x4000}).add(packet.ttl).add(protocol);
  header.add(std::uint16_t{0}).add(source).add(destination);
  Octets result = header.octets();
  put(result, 10, checksum({}, result));
  return result + body;
}

Octets FrameMaker::icmp(const ScenarioPacket& packet) const {
  const auto* found = std::ranges::find(icmp_types, packet.icmp_error, &IcmpType::name);
  if (found == icmp_types.end()) {
    throw ScenarioError(x_scenario.at(packet.line) + ": no such ICMP error: " + packet.icmp_error);
  }
  Octets quoted = x_packets.at(packet.about);
  const std::size_t network_octets = x_ipv6 ? 40 : 20;
  const std::size_t transport_octets = packet.quoted_octets == 0 ? 64 : packet.quoted_octets;
  quoted.resize(std::min(quoted.size(), network_octets + transport_octets));
  if (packet.raw_seq) {
    const Octets number = big_endian().add(*packet.raw_seq).octets();
    std::ranges::copy(number, quoted.begin() + static_cast<std::ptrdiff_t>(network_octets + 4));
  }
  OctetWriter writer = big_endian();
  writer.add(x_ipv6 ? found->type6 : found->type4).add(x_ipv6 ? found->code6 : found->code4);
  writer.add(std::uint16_t{0}).add(found->mtu);
  return writer.octets() + quoted;
}

/// Wrapped, the third packet of each side has the ID 0.
std::uint16_t FrameMaker::next_ip_id(const ScenarioPacket& packet) {
  const std::size_t side = packet.from_client ? 0 : 1;
  if (packet.ip_id && *packet.ip_id == 0) return 0;
  const std::uint16_t place = packet.ip_id.value_or(static_cast<std::uint16_t>(x_ip_ids[side] + 1));
  x_ip_ids[side] = std::max(x_ip_ids[side], place);
  if (x_scenario.ip_ids[side] == "zero") return 0;
  if (x_scenario.ip_ids[side] == "random") {
    return static_cast<std::uint16_t>(place * 40'503U % 65'521U + 1);
  }
  const std::uint32_t before =
      x_variant == Variant::wrapped ? 65'533 : (side == 0 ? 4'096 : 30'000);
  return static_cast<std::uint16_t>(before + place);
}

Octets FrameMaker::network(const ScenarioPacket& packet) {
  const ScenarioEnds& ends = x_scenario.ends[packet.ends];
  const bool is_icmp = packet.kind == ScenarioPacket::Kind::icmp_error;
  const Octets source = is_icmp ? address("203.0.113.254") : address(ends, packet.from_client);
  const Octets destination = address(ends, !packet.from_client);
  const auto protocol = static_cast<std::uint8_t>(is_icmp ? (x_ipv6 ? 58 : 1) : 6);
  Octets body = is_icmp ? icmp(packet) : tcp(packet);
  const bool has_pseudo_header = !is_icmp || x_ipv6;
  const Octets pseudo =
      has_pseudo_header ? pseudo_header(source, destination, protocol, body.size()) : Octets{};
  std::uint16_t sum = checksum(pseudo, body);
  if (packet.offloaded_checksum) sum = internet_sum(pseudo);
  if (packet.bad_checksum) sum = static_cast<std::uint16_t>(sum ^ 0x5a5aU);
  put(body, is_icmp ? 2 : 16, sum);
  return ip(packet, protocol, source, destination, body);
}

/// RFC 7348 section 5: the whole frame in UDP between two tunnel end points.
Octets FrameMaker::in_vxlan(const ScenarioPacket& packet, const Octets& inner) const {
  OctetWriter outer = big_endian();
  outer.add(std::uint16_t{50'000}).add(std::uint16_t{4'789});
  outer.add(static_cast<std::uint16_t>(inner.size() + 16)).add(std::uint16_t{0});
  outer.add(0x0800'0000U).add(*packet.vxlan << 8U).add(inner);
  const Octets link = big_endian().add(0x0200'0000'0102'0200U).add(0x0000'0101U).octets();
  const Octets here = address(packet.from_client ? "203.0.113.1" : "203.0.113.2");
  const Octets there = address(packet.from_client ? "203.0.113.2" : "203.0.113.1");
  const auto type = static_cast<std::uint16_t>(x_ipv6 ? 0x86dd : 0x0800);
  return big_endian().add(link).add(type).octets() + ip(packet, 17, here, there, outer.octets());
}

std::uint16_t FrameMaker::ip_id_of(const ScenarioPacket& packet) {
  switch (packet.kind) {
    case ScenarioPacket::Kind::segment:
      return next_ip_id(packet);
    case ScenarioPacket::Kind::copy:
      return x_ipv6 ? std::uint16_t{0} : octets_at(x_packets[packet.about], 4);
    case ScenarioPacket::Kind::icmp_error:
      break;
  }
  return 1;
}

ScenarioFrame FrameMaker::frame(const ScenarioPacket& packet) {
  const std::int64_t start = x_variant == Variant::shifted ? shifted_start_ns : usual_start_ns;
  const ScenarioEnds& ends = x_scenario.ends[packet.ends];
  x_ipv6 = x_variant == Variant::ipv6 || ends.addresses[0].find(':') != std::string::npos;
  x_ip_id = ip_id_of(packet);
  x_packets.push_back(network(packet));
  const auto client_mac = std::uint64_t{0x0200'0000'0001};
  const auto server_mac = std::uint64_t{0x0200'0000'0002};
  const auto mac = [&](bool client) {
    const std::uint64_t value =
        (client ? client_mac : server_mac) + (std::uint64_t{packet.mac} << 8U);
    const Octets eight = big_endian().add(value).octets();
    return Octets(eight.begin() + 2, eight.end());
  };
  OctetWriter link = big_endian();
  link.add(mac(!packet.from_client)).add(mac(packet.from_client));
  if (packet.vlan) link.add(std::uint16_t{0x8100}).add(*packet.vlan);
  link.add(static_cast<std::uint16_t>(x_ipv6 ? 0x86dd : 0x0800));
  ScenarioFrame result{.time_ns = start + packet.time_ns, .interface = packet.interface};
  result.bytes = link.octets() + x_packets.back() + Octets(packet.padding_octets);
  if (packet.vxlan) result.bytes = in_vxlan(packet, result.bytes);
  result.wire_octets = static_cast<std::uint32_t>(result.bytes.size());
  if (packet.snap_octets) {
    result.bytes.resize(std::min<std::size_t>(result.bytes.size(), *packet.snap_octets));
  }
  return result;
}

}  // namespace

std::vector<ScenarioFrame> frames_of(const Scenario& scenario, Variant variant) {
  FrameMaker maker(scenario, variant);
  std::vector<ScenarioFrame> frames;
  for (const ScenarioPacket& packet : scenario.packets) frames.push_back(maker.frame(packet));
  return frames;
}

Octets capture_of(const Scenario& scenario, Variant variant) {
  const std::vector<ScenarioFrame> frames = frames_of(scenario, variant);
  PcapngBuilder builder;
  builder.section();
  const auto last = std::ranges::max_element(frames, {}, &ScenarioFrame::interface);
  for (std::uint32_t i = 0; i <= last->interface; ++i) {
    builder.interface({}, {{.code = 9, .value = {std::byte{9}}}});
  }
  for (const ScenarioFrame& frame : frames) {
    builder.enhanced({.interface = frame.interface,
                      .time = static_cast<std::uint64_t>(frame.time_ns),
                      .data = frame.bytes,
                      .wire_length = frame.wire_octets});
  }
  return builder.octets();
}

}  // namespace tapdeck::test

#include "tests/support/scenario_attributes.h"

#include <algorithm>

#include "dissectors/tcp.h"

namespace tapdeck::test {
namespace {

/// An attribute that takes one number, which fits what it is stored in.
struct NumberAttribute {
  std::string_view name;
  std::uint64_t most;
  void (*set)(ScenarioPacket&, std::uint64_t);
};

template <class T>
void assign(T& field, std::uint64_t value) {
  field = static_cast<T>(value);
}
template <class T>
void assign(std::optional<T>& field, std::uint64_t value) {
  field = static_cast<T>(value);
}
template <auto member>
void set_number(ScenarioPacket& packet, std::uint64_t value) {
  assign(packet.*member, value);
}

using P = ScenarioPacket;
constexpr std::array number_attributes{
    NumberAttribute{"win", 0xffff, set_number<&P::window>},
    NumberAttribute{"urg", 0xffff, set_number<&P::urgent_pointer>},
    NumberAttribute{"ip_id", 0xffff, set_number<&P::ip_id>},
    NumberAttribute{"ttl", 0xff, set_number<&P::ttl>},
    NumberAttribute{"tos", 0xff, set_number<&P::traffic_class>},
    NumberAttribute{"flow_label", 0xf'ffff, set_number<&P::flow_label>},
    NumberAttribute{"mac", 0xff, set_number<&P::mac>},
    NumberAttribute{"vlan", 0xfff, set_number<&P::vlan>},
    NumberAttribute{"vxlan", 0xff'ffff, set_number<&P::vxlan>},
    NumberAttribute{"snap", 0xffff, set_number<&P::snap_octets>},
    NumberAttribute{"padding", 64, set_number<&P::padding_octets>},
    NumberAttribute{"interface", 0xff, set_number<&P::interface>},
    NumberAttribute{"raw_seq", 0xffff'ffff, set_number<&P::raw_seq>},
    NumberAttribute{"raw_ack", 0xffff'ffff, set_number<&P::raw_ack>},
    NumberAttribute{"octets", 0xffff, set_number<&P::quoted_octets>}};

void take_payload(ScenarioWords& words, ScenarioPacket& packet) {
  const std::string text = words.take("a payload");
  if (text.starts_with("0x")) {
    const auto octet = static_cast<char>(number_of(words, text));
    packet.payload = std::string(packet.payload_octets, octet);
  } else if (text.size() == packet.payload_octets + 2 && text.front() == '"') {
    packet.payload = text.substr(1, packet.payload_octets);
  } else {
    words.fail("the payload isn't as long as the segment says: " + text);
  }
}

}  // namespace

std::uint8_t flags_of(const ScenarioWords& words, std::string_view letters) {
  static const std::map<char, std::uint8_t> flags{
      {'S', TcpFlags::syn}, {'F', TcpFlags::fin}, {'R', TcpFlags::rst}, {'P', TcpFlags::psh},
      {'.', TcpFlags::ack}, {'U', TcpFlags::urg}, {'E', TcpFlags::ece}, {'W', TcpFlags::cwr}};
  std::uint8_t result = 0;
  if (letters == "none") return result;
  for (const char letter : letters) {
    const auto found = flags.find(letter);
    if (found == flags.end()) words.fail("no flags of tcpdump: " + std::string(letters));
    result |= found->second;
  }
  return result;
}

void take_attribute(ScenarioWords& words, ScenarioPacket& packet, const std::string& name) {
  if (name == "bad_checksum") {
    packet.bad_checksum = true;
  } else if (name == "offloaded_checksum") {
    packet.offloaded_checksum = true;
  } else if (name == "no_total_length") {
    packet.no_total_length = true;
  } else if (name == "payload") {
    take_payload(words, packet);
  } else {
    const auto* found = std::ranges::find(number_attributes, name, &NumberAttribute::name);
    if (found == number_attributes.end()) words.fail("no such attribute: " + name);
    found->set(packet, words.take_number(name, found->most));
  }
}

}  // namespace tapdeck::test

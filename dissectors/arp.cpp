#include "dissectors/arp.h"

#include <string>

#include "dissectors/field_cursor.h"
#include "dissectors/numbers.h"

namespace tapdeck {
namespace {

constexpr std::uint16_t ethernet = 1;
constexpr std::uint16_t ipv4 = 0x0800;

std::string hardware_name(std::uint16_t type) {
  switch (type) {
    case ethernet:
      return "Ethernet";
    case 6:
      return "IEEE 802";
    case 7:
      return "ARCNET";
    case 15:
      return "Frame Relay";
    case 16:
    case 19:
      return "ATM";
    case 18:
      return "Fibre Channel";
    case 24:
      return "IEEE 1394";
    case 32:
      return "InfiniBand";
    default:
      return "";
  }
}

std::string operation_name(std::uint16_t operation) {
  constexpr std::array<std::string_view, 11> names{
      "",
      "request",
      "reply",
      "reverse request",
      "reverse reply",
      "dynamic reverse request",
      "dynamic reverse reply",
      "dynamic reverse error",
      "inverse request",
      "inverse reply",
      "negative acknowledgment",
  };
  return std::string(operation < names.size() ? names[operation] : "");
}

void add_hardware_address(FieldCursor& cursor, const Arp& message, std::string_view name) {
  const bool is_mac = message.hardware_length() == 6;
  is_mac ? cursor.mac(name) : cursor.octets(name, message.hardware_length());
}

void add_protocol_address(FieldCursor& cursor, const Arp& message, std::string_view name,
                          std::string meaning = {}) {
  const bool is_ipv4 = message.protocol_type() == ipv4 && message.protocol_length() == 4;
  is_ipv4 ? cursor.ipv4(name, std::move(meaning))
          : cursor.octets(name, message.protocol_length(), std::move(meaning));
}

/// RFC 5227 §1.1, §2.3: a probe asks on behalf of nobody, an announcement asks for the sender.
std::string target_meaning(const Arp& message, Bytes bytes) {
  if (message.operation() != ArpOperation::request || message.protocol_length() != 4 ||
      bytes.size() < message.message_length()) {
    return {};
  }
  const auto sender = read_big_endian<std::uint32_t>(bytes, message.sender_protocol_at());
  const auto target = read_big_endian<std::uint32_t>(bytes, message.target_protocol_at());
  if (sender == target) return "an announcement";
  return sender == 0 ? "a probe" : "";
}

}  // namespace

void Arp::describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
  const Region header = dissection.header_of(layer);
  const Arp message(header);
  FieldCursor cursor(header.bytes, sink);
  cursor.number<std::uint16_t>("hardware_type", hardware_name);
  cursor.code<std::uint16_t>("protocol_type", ether_type_name);
  cursor.number<std::uint8_t>("hardware_length", "octets");
  cursor.number<std::uint8_t>("protocol_length", "octets");
  cursor.number<std::uint16_t>("operation", operation_name);
  add_hardware_address(cursor, message, "sender_hardware_address");
  add_protocol_address(cursor, message, "sender_protocol_address");
  add_hardware_address(cursor, message, "target_hardware_address");
  add_protocol_address(cursor, message, "target_protocol_address",
                       target_meaning(message, header.bytes));
}

}  // namespace tapdeck

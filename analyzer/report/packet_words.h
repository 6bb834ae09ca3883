// The words of packets: what a field, a fault, a protocol is called for people.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "analyzer/report/packet_view.h"

namespace tapdeck {

/// How people write the protocol's name: "TCP" for tcp, "802.11" for ieee802_11.
[[nodiscard]] std::string protocol_label(std::string_view name);

/// "tcp cut short by the capture: 12 of 20 octets, at offset 34". Requires: dissection.has_fault.
[[nodiscard]] std::string fault_words(const Dissection& dissection);

/// "ethertype 0x88cc (LLDP)", "IP protocol 89 (OSPF)": what the last header named and no dissector
/// knows; empty if all is known or the name is only a convention (a UDP port).
[[nodiscard]] std::string unknown_words(const Dissection& dissection);

/// The first field of that name, whatever its depth; null where there is none.
[[nodiscard]] const Field* find_field(const LayerFields& layer, std::string_view name);

/// The field's value as text, with nothing in it that a terminal would obey.
[[nodiscard]] std::string value_text(const Field& field);

/// The value of the first of these fields that is there, or "?".
[[nodiscard]] std::string first_value(const LayerFields& layer,
                                      std::initializer_list<std::string_view> names);

/// "seq 7" for the field sequence_number and the label "seq"; empty without that field.
[[nodiscard]] std::string labelled_value(const LayerFields& layer, std::string_view name,
                                         std::string_view label);

/// What the field's value means, else the value behind the field's name.
[[nodiscard]] std::string meaning_of(const LayerFields& layer, std::string_view name);

/// The fields of one layer. Requires: layer is one of the dissection's.
[[nodiscard]] LayerFields fields_of(const Dissection& dissection, const Layer& layer);

/// "SYN ACK", with something `between` the two; "no flags" if none is set.
[[nodiscard]] std::string tcp_flag_words(std::uint8_t flags, char between);

/// Appends a word, a space before it where there are words already.
void add_word(std::string& text, std::string_view word);

}  // namespace tapdeck

// The words that stand for enumerators and numbers in every machine-readable format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "analyzer/report/report.h"

namespace tapdeck {

[[nodiscard]] std::string_view word_for(FileFormat format);
[[nodiscard]] std::string_view word_for(Compression compression);
[[nodiscard]] std::string_view word_for(CaptureFaultKind kind);
[[nodiscard]] std::string_view word_for(Side side);
[[nodiscard]] std::string_view word_for(ClientKnownBy known_by);
[[nodiscard]] std::string_view word_for(PortClass port_class);
[[nodiscard]] std::string_view word_for(TeardownKind kind);
[[nodiscard]] std::string_view word_for(MissingReport::Fate fate);
/// Empty for nobody.
[[nodiscard]] std::string_view word_for(TeardownBy by);

/// "tcp", "udp", "icmp", "icmpv6", "sctp", else "ip-N".
[[nodiscard]] std::string protocol_word(std::uint8_t ip_protocol);

/// "destination unreachable: port unreachable"; numbers where nothing is registered.
[[nodiscard]] std::string icmp_meaning(std::uint8_t version, std::uint8_t type, std::uint8_t code);
/// The same, and the size that fits.
[[nodiscard]] std::string icmp_words(const IcmpErrorReport& error);

}  // namespace tapdeck

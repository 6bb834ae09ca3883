#include "analyzer/report/words.h"

#include <fmt/format.h>

#include "dissectors/icmp.h"
#include "dissectors/icmpv6.h"

namespace tapdeck {

std::string_view word_for(FileFormat format) {
  switch (format) {
    case FileFormat::unknown:
      return "unknown";
    case FileFormat::pcap:
      return "pcap";
    case FileFormat::pcapng:
      return "pcapng";
  }
  return "invalid";
}

std::string_view word_for(Compression compression) {
  switch (compression) {
    case Compression::none:
      return "none";
    case Compression::gzip:
      return "gzip";
    case Compression::zstd:
      return "zstd";
    case Compression::lz4:
      return "lz4";
  }
  return "invalid";
}

std::string_view word_for(CaptureFaultKind kind) {
  switch (kind) {
    case CaptureFaultKind::not_readable:
      return "not_readable";
    case CaptureFaultKind::empty:
      return "empty";
    case CaptureFaultKind::not_a_capture:
      return "not_a_capture";
    case CaptureFaultKind::cut_short:
      return "cut_short";
    case CaptureFaultKind::bad_record:
      return "bad_record";
    case CaptureFaultKind::unknown_interface:
      return "unknown_interface";
    case CaptureFaultKind::broken_compression:
      return "broken_compression";
    case CaptureFaultKind::unsupported_version:
      return "unsupported_version";
    case CaptureFaultKind::interrupted:
      return "interrupted";
  }
  return "invalid";
}

std::string_view word_for(Side side) { return side == Side::client ? "client" : "server"; }

std::string_view word_for(ClientKnownBy known_by) {
  switch (known_by) {
    case ClientKnownBy::syn:
      return "syn";
    case ClientKnownBy::syn_ack:
      return "syn_ack";
    case ClientKnownBy::port:
      return "port";
    case ClientKnownBy::first_sender:
      return "first_sender";
  }
  return "invalid";
}

std::string_view word_for(PortClass port_class) {
  switch (port_class) {
    case PortClass::well_known:
      return "well_known";
    case PortClass::registered:
      return "registered";
    case PortClass::dynamic:
      return "dynamic";
  }
  return "invalid";
}

std::string_view word_for(TeardownKind kind) {
  switch (kind) {
    case TeardownKind::none:
      return "none";
    case TeardownKind::fin:
      return "fin";
    case TeardownKind::reset:
      return "reset";
    case TeardownKind::timeout:
      return "timeout";
  }
  return "invalid";
}

std::string_view word_for(TeardownBy by) {
  switch (by) {
    case TeardownBy::nobody:
      return {};
    case TeardownBy::client:
      return "client";
    case TeardownBy::server:
      return "server";
    case TeardownBy::both:
      return "both";
  }
  return "invalid";
}

std::string_view word_for(MissingReport::Fate fate) {
  switch (fate) {
    case MissingReport::Fate::unknown:
      return "unknown";
    case MissingReport::Fate::not_captured:
      return "not_captured";
    case MissingReport::Fate::lost_upstream:
      return "lost_upstream";
  }
  return "invalid";
}

std::string protocol_word(std::uint8_t ip_protocol) {
  constexpr std::uint8_t icmp = 1, tcp = 6, udp = 17, icmpv6 = 58, sctp = 132;
  switch (ip_protocol) {
    case icmp:
      return "icmp";
    case tcp:
      return "tcp";
    case udp:
      return "udp";
    case icmpv6:
      return "icmpv6";
    case sctp:
      return "sctp";
  }
  return fmt::format("ip-{}", ip_protocol);
}

std::string icmp_meaning(std::uint8_t version, std::uint8_t type, std::uint8_t code) {
  const bool is_v6 = version == 6;
  std::string name = is_v6 ? icmpv6_type_name(type) : icmp_type_name(type);
  const std::string part = is_v6 ? icmpv6_code_name(type, code) : icmp_code_name(type, code);
  if (name.empty()) name = fmt::format("type {}", type);
  if (!part.empty()) return fmt::format("{}: {}", name, part);
  return code == 0 ? name : fmt::format("{}: code {}", name, code);
}

std::string icmp_words(const IcmpErrorReport& error) {
  const std::string meaning = icmp_meaning(error.version, error.type, error.code);
  return error.mtu ? fmt::format("{}, MTU {}", meaning, *error.mtu) : meaning;
}

}  // namespace tapdeck

// The pcapng blocks that describe: sections, interfaces, counters, names, comments.
#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <arpa/inet.h>

#include "captures/pcapng_scanner.h"

namespace tapdeck {

namespace {

namespace option = pcapng::option;

constexpr std::size_t most_interfaces = 65'536;

// Strings in pcapng need no terminator, some writers add one; names in a list have one each.
Bytes up_to_nul(Bytes text) {
  const auto end = std::ranges::find(text, std::byte{0});
  return text.first(static_cast<std::size_t>(end - text.begin()));
}

std::string to_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

PcapngScanner::Complaint PcapngScanner::read_section_header(Bytes body) {
  constexpr std::size_t fixed_octets = 16;
  if (body.size() < fixed_octets) {
    return "a section header too short for its fields";
  }
  tell_info();
  x_interfaces.clear();
  const auto major = read_in_order<std::uint16_t>(body, 4, x_order);
  const auto minor = read_in_order<std::uint16_t>(body, 6, x_order);
  if (major != 1 || (minor != 0 && minor != 2)) {
    x_complaint_kind = CaptureFaultKind::unsupported_version;
    return "pcapng " + std::to_string(major) + "." + std::to_string(minor);
  }
  const bool first = std::exchange(x_first_section, false);
  read_options(body.subspan(fixed_octets), [&](std::uint16_t code, Bytes value) {
    if (code == option::comment) {
      keep_comment(value);
    } else if (first && code == option::section_hardware) {
      x_info.hardware = keep_text(value);
    } else if (first && code == option::section_operating_system) {
      x_info.operating_system = keep_text(value);
    } else if (first && code == option::section_application) {
      x_info.application = keep_text(value);
    }
  });
  return {};
}

PcapngScanner::Complaint PcapngScanner::read_interface(Bytes body) {
  constexpr std::size_t fixed_octets = 8;
  if (body.size() < fixed_octets) {
    return "an interface description too short for its fields";
  }
  if (x_info.interfaces.size() >= most_interfaces) {
    return "more than " + std::to_string(most_interfaces) + " interfaces";
  }
  InterfaceDraft draft;
  draft.described.link_type = static_cast<LinkType>(read_in_order<std::uint16_t>(body, 0, x_order));
  draft.described.snap_length = read_in_order<std::uint32_t>(body, 4, x_order);
  read_options(body.subspan(fixed_octets),
               [&](std::uint16_t code, Bytes value) { read_interface_option(code, value, draft); });
  const pcapng::TimeScale time_scale(draft.time_resolution, draft.time_offset_seconds);
  draft.described.time_digits = time_scale.digits();
  x_interfaces.push_back({.index = static_cast<std::uint32_t>(x_info.interfaces.size()),
                          .snap_length = draft.described.snap_length,
                          .link_type = draft.described.link_type,
                          .fcs_length = draft.fcs_length,
                          .time_digits = draft.described.time_digits,
                          .time_scale = time_scale});
  x_info.interfaces.push_back(std::move(draft.described));
  return {};
}

void PcapngScanner::read_interface_option(std::uint16_t code, Bytes value, InterfaceDraft& draft) {
  if (code == option::comment) {
    keep_comment(value);
  } else if (code == option::interface_name) {
    draft.described.name = keep_text(value);
  } else if (code == option::interface_description) {
    draft.described.description = keep_text(value);
  } else if (code == option::interface_filter && value.size() > 1 && read_octet(value, 0) == 0) {
    draft.described.filter = keep_text(value.subspan(1));
  } else if (code == option::interface_time_resolution && !value.empty()) {
    draft.time_resolution = read_octet(value, 0);
  } else if (code == option::interface_fcs_length && !value.empty()) {
    draft.fcs_length = read_octet(value, 0);
  } else if (code == option::interface_time_offset && value.size() >= sizeof(std::uint64_t)) {
    draft.time_offset_seconds =
        static_cast<std::int64_t>(read_in_order<std::uint64_t>(value, 0, x_order));
  }
}

void PcapngScanner::read_statistics(Bytes body) {
  constexpr std::size_t fixed_octets = 12;
  if (body.size() < fixed_octets) {
    return;
  }
  const auto number = read_in_order<std::uint32_t>(body, 0, x_order);
  if (number >= x_interfaces.size()) {
    return;
  }
  InterfaceStatistics& statistics = x_info.interfaces[x_interfaces[number].index].statistics;
  read_options(body.subspan(fixed_octets), [&](std::uint16_t code, Bytes value) {
    if (value.size() < sizeof(std::uint64_t)) {
      return;
    }
    if (code == option::statistics_received) {
      statistics.received = counter(value);
    } else if (code == option::statistics_dropped_by_interface) {
      statistics.dropped_by_interface = counter(value);
    } else if (code == option::statistics_accepted_by_filter) {
      statistics.accepted_by_filter = counter(value);
    } else if (code == option::statistics_dropped_by_system) {
      statistics.dropped_by_system = counter(value);
    } else if (code == option::statistics_delivered) {
      statistics.delivered = counter(value);
    }
  });
}

void PcapngScanner::read_names(Bytes body) {
  constexpr std::size_t ipv4_octets = 4;
  constexpr std::size_t ipv6_octets = 16;
  read_options(body, [&](std::uint16_t code, Bytes value) {
    if (code != option::name_of_ipv4 && code != option::name_of_ipv6) {
      return;
    }
    const std::size_t address_octets = code == option::name_of_ipv4 ? ipv4_octets : ipv6_octets;
    if (value.size() <= address_octets) {
      return;
    }
    Bytes names = value.subspan(address_octets);
    while (!names.empty()) {
      const Bytes name = up_to_nul(names);
      keep_name(value.first(address_octets), name);
      names = names.subspan(std::min(name.size() + 1, names.size()));
    }
  });
}

void PcapngScanner::keep_name(Bytes address, Bytes name) {
  std::array<char, INET6_ADDRSTRLEN> printed{};
  ::inet_ntop(address.size() == 4 ? AF_INET : AF_INET6, address.data(), printed.data(),
              printed.size());
  if (std::string text = keep_text(name); !text.empty()) {
    x_info.names.push_back({printed.data(), std::move(text)});
  }
}

void PcapngScanner::keep_comment(Bytes comment) {
  if (std::string text = keep_text(comment); !text.empty()) {
    x_info.comments.push_back(std::move(text));
  }
}

std::string PcapngScanner::keep_text(Bytes text) {
  // What a string and its place in a list take besides its octets, so that many short ones are
  // bounded too.
  constexpr std::size_t overhead_octets = 64;
  text = up_to_nul(text);
  if (text.empty()) {
    return {};
  }
  if (text.size() + overhead_octets > x_text_octets_left) {
    ++x_info.oddities.texts_dropped;
    return {};
  }
  x_text_octets_left -= text.size() + overhead_octets;
  return to_text(text);
}

std::uint64_t PcapngScanner::counter(Bytes value) const {
  return value.size() >= sizeof(std::uint64_t) ? read_in_order<std::uint64_t>(value, 0, x_order)
                                               : 0;
}

}  // namespace tapdeck

// IPv6 destination options (RFC 8200 §4.6). A mobile node's home address (RFC 6275 §6.3) stands in
// for the source wherever the ends are meant.
#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "dissectors/address.h"
#include "dissectors/dissection.h"
#include "dissectors/extension_header.h"
#include "dissectors/field.h"
#include "dissectors/ipv6_options.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class DestinationOptions {
 public:
  static constexpr std::string_view name = "destination_options";
  static constexpr Role role = Role::extension;
  static constexpr std::array attaches_to{by_ip_protocol(60)};

  /// `header` is the header as far as captured, at least 2 octets.
  explicit DestinationOptions(Bytes header) : x_bytes(header) {}

  [[nodiscard]] std::optional<IpAddress> home_address() const {
    std::optional<IpAddress> result;
    for_each_ipv6_option(x_bytes.subspan(2), [&](std::uint8_t type, std::size_t, Bytes data) {
      if (type == Ipv6OptionType::home_address && data.size() == 16) {
        result = IpAddress::read_v6(data, 0);
      }
    });
    return result;
  }

  static Step parse(Region region, const ParseContext&) { return ExtensionHeader::parse(region); }

  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink) {
    FieldCursor cursor(dissection.header_of(layer).bytes, sink);
    describe_ipv6_options_header(cursor);
  }

 private:
  Bytes x_bytes;
};

}  // namespace tapdeck

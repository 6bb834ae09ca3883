// "No next header" (RFC 8200 §4.7): whatever follows is to be ignored.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class NoNextHeader {
 public:
  static constexpr std::string_view name = "no_next_header";
  static constexpr Role role = Role::extension;
  static constexpr std::array attaches_to{by_ip_protocol(59)};

  static Step parse(Region region, const ParseContext&) {
    return {.header_length = 0, .payload = region};
  }

  static void describe(const Dissection&, const Layer& layer, FieldSink& sink) {
    if (layer.declared != 0) {
      sink.add("ignored", 0, layer.captured, std::uint64_t{layer.declared}, "octets");
    }
  }
};

}  // namespace tapdeck

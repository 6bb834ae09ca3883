// The mobility header (RFC 6275 §6.1) and the names of its messages.
#pragma once

#include <array>
#include <string_view>

#include "dissectors/dissection.h"
#include "dissectors/extension_header.h"
#include "dissectors/field.h"
#include "dissectors/role.h"
#include "dissectors/step.h"

namespace tapdeck {

class MobilityHeader {
 public:
  static constexpr std::string_view name = "mobility";
  static constexpr Role role = Role::extension;
  static constexpr std::array attaches_to{by_ip_protocol(135)};

  static Step parse(Region region, const ParseContext&) { return ExtensionHeader::parse(region); }
  static void describe(const Dissection& dissection, const Layer& layer, FieldSink& sink);
};

}  // namespace tapdeck

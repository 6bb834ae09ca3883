// Compiling and running BPF programs.
#include "captures/packet_filter.h"

#include <algorithm>
#include <utility>

#include <pcap/pcap.h>

#include "captures/filter_expression.h"
#include "captures/filter_program.h"

namespace tapdeck {

struct PacketFilter::Program {
  LinkType link_type;
  FilterProgram code;
};

PacketFilter::PacketFilter(std::string expression) : x_expression(std::move(expression)) {
  if (split_filter(x_expression).empty()) {
    x_expression.clear();
  } else {
    check_filter(x_expression);
  }
}

PacketFilter::~PacketFilter() = default;
PacketFilter::PacketFilter(PacketFilter&&) noexcept = default;
PacketFilter& PacketFilter::operator=(PacketFilter&&) noexcept = default;

PacketFilter::Program& PacketFilter::program_for(LinkType link_type) {
  const auto found = std::ranges::find(x_programs, link_type,
                                       [](const auto& program) { return program->link_type; });
  if (found != x_programs.end()) {
    return **found;
  }
  x_programs.push_back(std::make_unique<Program>(
      Program{link_type, FilterProgram(x_expression, data_link_type(link_type), true)}));
  return *x_programs.back();
}

bool PacketFilter::passes(const Packet& packet) {
  if (x_expression.empty()) {
    return true;
  }
  const Program& program = program_for(packet.link_type);
  if (!program.code.compiled()) {
    ++x_inapplicable;
    return false;
  }
  return program.code.matches(packet);
}

void PacketFilter::keep_passing(std::vector<Packet>& packets) {
  if (x_expression.empty()) {
    return;
  }
  std::erase_if(packets, [this](const Packet& packet) { return !passes(packet); });
}

}  // namespace tapdeck

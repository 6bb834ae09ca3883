// Compiling and running BPF programs.
#include "captures/packet_filter.h"

#include <algorithm>
#include <utility>

#include <pcap/pcap.h>

#include "captures/filter_expression.h"
#include "captures/filter_program.h"
#include "captures/filter_words.h"

namespace tapdeck {

struct PacketFilter::Program {
  int data_link;
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
PacketFilter::PacketFilter(const PacketFilter&) = default;
PacketFilter& PacketFilter::operator=(const PacketFilter&) = default;
PacketFilter::PacketFilter(PacketFilter&&) noexcept = default;
PacketFilter& PacketFilter::operator=(PacketFilter&&) noexcept = default;

void PacketFilter::look_up_names() {
  if (!holds_names(split_filter(x_expression))) {
    return;
  }
  for (int data_link = 0; data_link < data_links_end; ++data_link) {
    if (pcap_datalink_val_to_name(data_link) != nullptr) {
      static_cast<void>(program_for(data_link));
    }
  }
}

const PacketFilter::Program& PacketFilter::program_for(int data_link) {
  const auto found = std::ranges::find(x_programs, data_link,
                                       [](const auto& program) { return program->data_link; });
  if (found != x_programs.end()) {
    return **found;
  }
  x_programs.push_back(std::make_shared<const Program>(
      Program{data_link, FilterProgram(x_expression, data_link, true)}));
  return *x_programs.back();
}

const PacketFilter::Program& PacketFilter::program_for(LinkType link_type) {
  const auto found = std::ranges::find(x_uses, link_type, &Use::link_type);
  if (found != x_uses.end()) {
    return *found->program;
  }
  x_uses.push_back({link_type, &program_for(data_link_type(link_type))});
  return *x_uses.back().program;
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

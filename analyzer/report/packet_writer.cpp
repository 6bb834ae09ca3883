#include "analyzer/report/packet_writer.h"

#include <algorithm>
#include <array>

namespace tapdeck {
namespace {

constexpr std::array formats{
    PacketFormat{"text", "a line a packet, for people", make_packet_text},
    PacketFormat{"tsv", "fields between tabs, for scripts", make_packet_tsv},
    PacketFormat{"json", "an array with an object a packet", make_packet_json},
};

}  // namespace

std::span<const PacketFormat> packet_formats() { return formats; }

const PacketFormat* find_packet_format(std::string_view name) {
  const auto found = std::ranges::find(formats, name, &PacketFormat::name);
  return found == formats.end() ? nullptr : &*found;
}

}  // namespace tapdeck

#include "tools/replay/side_options.h"

#include <fmt/format.h>

#include "analyzer/report/quantity.h"

namespace tapdeck {
namespace {

constexpr std::array sides{Side::client, Side::server};

std::string_view name_of(Side side) { return side == Side::client ? "client" : "server"; }

}  // namespace

void add_side_options(CommandOptions& options) {
  options.add("unknown-side", "SIDE",
              "with -I, the side that sends packets of no connection that come from nobody known: "
              "client (the default), server");
}

Side unknown_side(const CommandOptions& options) {
  const std::string name = options.value("unknown-side", name_of(Side::client));
  require_one_of("unknown-side", name, {"client", "server"});
  return name == name_of(Side::server) ? Side::server : Side::client;
}

std::vector<std::string> side_sentences(const SideCounts& counts) {
  std::vector<std::string> sentences;
  for (const Side side : sides) {
    const std::uint64_t by_connection = counts.sent_by(side, SideToldBy::connection);
    const std::uint64_t by_address = counts.sent_by(side, SideToldBy::address);
    sentences.push_back(fmt::format("{} went from the {} side by their connection, {} by address",
                                    count_of(by_connection, "packet"), name_of(side),
                                    count_text(by_address)));
    if (const std::uint64_t unknown = counts.sent_by(side, SideToldBy::nothing); unknown != 0) {
      sentences.push_back(fmt::format("{} of nobody known went from the {} side",
                                      count_of(unknown, "packet"), name_of(side)));
    }
  }
  if (counts.addresses_dropped != 0) {
    sentences.push_back(fmt::format("there was no room for the addresses of {}",
                                    count_of(counts.addresses_dropped, "packet")));
  }
  return sentences;
}

}  // namespace tapdeck

#include "tools/tapdeck/terminal/row_words.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "analyzer/report/quantity.h"
#include "analyzer/report/text_parts.h"
#include "analyzer/report/words.h"

namespace tapdeck {
namespace {

struct Unit {
  std::int64_t ns = 1;
  std::string_view name;
};

constexpr std::array units{
    Unit{86'400'000'000'000, "d"},
    Unit{3'600'000'000'000, "h"},
    Unit{60'000'000'000, "min"},
    Unit{1'000'000'000, "s"},
    Unit{1'000'000, "ms"},
    Unit{1'000, "us"},
    Unit{1, "ns"},
};

std::string in_small_letters(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::string searchable(const LiveRow& row) {
  std::string text = fmt::format("{} {} {} {} {}", row.id, protocol_word(row.ip_protocol),
                                 socket_text(row.client), socket_text(row.server), service_of(row));
  if (row.is_tcp) {
    const auto& [forth, back] = row.directions;
    text += fmt::format(" {}/{}", to_string(forth.state), to_string(back.state));
  }
  return in_small_letters(text);
}

}  // namespace

std::string short_bytes(std::uint64_t bytes) {
  std::string text = bytes_text(bytes);
  text.pop_back();
  std::erase(text, ' ');
  return text;
}

/// One decimal where it fits: "1.2ms".
std::string short_duration(std::int64_t duration_ns) {
  const std::int64_t length = std::max<std::int64_t>(duration_ns, 0);
  const auto unit =
      std::ranges::find_if(units, [&](const Unit& candidate) { return length >= candidate.ns; });
  if (unit == units.end()) return "0s";
  const std::int64_t whole = length / unit->ns;
  const bool decimal = whole < 10 && unit->ns > 1 && unit->name.size() <= 2;
  if (whole > 9999) return ">9999";
  if (!decimal) return fmt::format("{}{}", whole, unit->name);
  return fmt::format("{}.{}{}", whole, length % unit->ns / (unit->ns / 10), unit->name);
}

std::string short_share(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "-";
  const double percent = 100 * static_cast<double>(part) / static_cast<double>(whole);
  if (part == 0) return "0%";
  if (percent < 0.1) return "<.1%";
  return percent < 9.95 ? fmt::format("{:.1f}%", percent) : fmt::format("{:.0f}%", percent);
}

std::string_view short_name(TcpState state) {
  switch (state) {
    case TcpState::closed:
      return "CLOSED";
    case TcpState::listen:
      return "LISTEN";
    case TcpState::syn_sent:
      return "SYN_S";
    case TcpState::syn_received:
      return "SYN_R";
    case TcpState::established:
      return "ESTAB";
    case TcpState::fin_wait_1:
      return "FIN_W1";
    case TcpState::fin_wait_2:
      return "FIN_W2";
    case TcpState::close_wait:
      return "CLO_W";
    case TcpState::closing:
      return "CLOSNG";
    case TcpState::last_ack:
      return "L_ACK";
    case TcpState::time_wait:
      return "TIME_W";
    case TcpState::unknown:
      return "?";
  }
  return "?";
}

std::string states_text(const LiveRow& row, std::size_t width) {
  if (!row.is_tcp) return protocol_word(row.ip_protocol);
  const TcpState client = row.directions[0].state, server = row.directions[1].state;
  if (client == server) return std::string(to_string(client));
  const std::string text = fmt::format("{}/{}", to_string(client), to_string(server));
  if (text.size() <= width) return text;
  return fmt::format("{}/{}", short_name(client), short_name(server));
}

std::string_view service_of(const LiveRow& row) {
  return row.server.port ? service_name(*row.server.port, row.ip_protocol) : std::string_view{};
}

bool fits(const LiveRow& row, std::string_view filter) {
  if (filter.empty()) return true;
  const std::string text = searchable(row);
  std::string words = in_small_letters(filter);
  for (std::string_view rest = words; !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    if (text.find(word) == std::string::npos) return false;
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
  }
  return true;
}

}  // namespace tapdeck

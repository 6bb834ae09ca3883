#include "tests/support/scenario_words.h"

#include <cctype>
#include <charconv>
#include <limits>
#include <utility>

#include "tests/support/hex.h"

namespace tapdeck::test {
namespace {

/// Where the word that begins at `from` ends.
std::size_t end_of_word(std::string_view line, std::size_t from) {
  const char closing = line[from] == '<' && line.substr(from, 2) != "< " ? '>'
                       : line[from] == '"'                               ? '"'
                                                                         : '\0';
  if (closing != '\0') {
    const std::size_t end = line.find(closing, from + 1);
    if (end != std::string_view::npos) return end + 1;
  }
  std::size_t end = from;
  while (end < line.size() && std::isspace(static_cast<unsigned char>(line[end])) == 0) ++end;
  return end;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// "{101:201}{301:401}"
std::vector<std::int64_t> edges_of(const ScenarioWords& words, std::string_view text) {
  std::vector<std::int64_t> edges;
  while (!text.empty()) {
    const std::size_t end = text.find('}');
    const std::size_t colon = text.find(':');
    if (text.front() != '{' || end == std::string_view::npos || colon > end) {
      words.fail("sack takes edges as {101:201}");
    }
    edges.push_back(number_of(words, text.substr(1, colon - 1)));
    edges.push_back(number_of(words, text.substr(colon + 1, end - colon - 1)));
    text.remove_prefix(end + 1);
  }
  return edges;
}

ScenarioOption sack_of(const ScenarioWords& words, const std::vector<std::string>& parts) {
  ScenarioOption option{.kind = 5};
  if (parts.size() != 3) words.fail("sack takes a number of blocks and the blocks");
  option.values = edges_of(words, parts[2]);
  if (option.values.size() != 2 * static_cast<std::size_t>(number_of(words, parts[1]))) {
    words.fail("sack says another number of blocks than it has");
  }
  return option;
}

std::vector<std::byte> octets_of(const ScenarioWords& words, std::string_view digits) {
  try {
    return hex(digits);
  } catch (const std::invalid_argument& error) {
    words.fail(error.what());
  }
}

ScenarioOption option_of(const ScenarioWords& words, const std::vector<std::string>& parts) {
  const std::string& name = parts[0];
  const auto value = [&](std::size_t index) { return number_of(words, parts.at(index)); };
  if (name == "eol" && parts.size() == 1) return {.kind = 0};
  if (name == "nop" && parts.size() == 1) return {.kind = 1};
  if (name == "mss" && parts.size() == 2) return {.kind = 2, .values = {value(1)}};
  if (name == "wscale" && parts.size() == 2) return {.kind = 3, .values = {value(1)}};
  if (name == "sackOK" && parts.size() == 1) return {.kind = 4};
  if (name == "sack") return sack_of(words, parts);
  if (name == "TS" && parts.size() == 5 && parts[1] == "val" && parts[3] == "ecr") {
    return {.kind = 8, .values = {value(2), value(4)}};
  }
  if (name == "tfo" && parts.size() == 2 && parts[1] == "cookiereq") return {.kind = 34};
  if (name == "tfo" && parts.size() == 3 && parts[1] == "cookie") {
    return {.kind = 34, .raw = octets_of(words, parts[2])};
  }
  if (name.starts_with("unknown-") && parts.size() <= 2) {
    const std::int64_t kind = number_of(words, std::string_view(name).substr(8));
    if (kind < 0 || kind > 255) words.fail("an option's kind has eight bits");
    const std::string_view digits = parts.size() == 2 ? std::string_view(parts[1]) : "0x";
    if (!digits.starts_with("0x")) words.fail("what an unknown option holds begins with 0x");
    return {.kind = static_cast<std::uint8_t>(kind), .raw = octets_of(words, digits.substr(2))};
  }
  words.fail("no such TCP option: " + name);
}

}  // namespace

ScenarioWords::ScenarioWords(std::string place, std::string_view line) : x_place(std::move(place)) {
  for (std::size_t at = 0; at < line.size();) {
    if (std::isspace(static_cast<unsigned char>(line[at])) != 0) {
      ++at;
      continue;
    }
    const std::size_t end = end_of_word(line, at);
    x_words.emplace_back(line.substr(at, end - at));
    at = end;
  }
}

bool ScenarioWords::take_if(std::string_view word) {
  if (empty() || x_words[x_next] != word) return false;
  ++x_next;
  return true;
}

std::string ScenarioWords::take(std::string_view what) {
  if (empty()) fail("the line ends before " + std::string(what));
  return x_words[x_next++];
}

std::uint64_t ScenarioWords::take_number(std::string_view what, std::uint64_t most) {
  const std::string word = take(what);
  const std::int64_t number = number_of(*this, word);
  if (number < 0 || static_cast<std::uint64_t>(number) > most) {
    fail(std::string(what) + " is at most " + std::to_string(most) + ", not " + word);
  }
  return static_cast<std::uint64_t>(number);
}

std::string ScenarioWords::take_rest() {
  std::string rest;
  for (; !empty(); ++x_next) rest += (rest.empty() ? "" : " ") + x_words[x_next];
  return rest;
}

void ScenarioWords::fail(const std::string& message) const {
  throw ScenarioError(x_place + ": " + message);
}

std::int64_t number_of(const ScenarioWords& words, std::string_view text) {
  std::string_view digits = text;
  const bool negative = digits.starts_with('-');
  if (negative || digits.starts_with('+')) digits.remove_prefix(1);
  const bool hexadecimal = digits.starts_with("0x");
  if (hexadecimal) digits.remove_prefix(2);
  std::uint64_t number = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), number, hexadecimal ? 16 : 10);
  constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (error != std::errc{} || end != digits.data() + digits.size() || number > most) {
    words.fail("no number: " + std::string(text));
  }
  const auto value = static_cast<std::int64_t>(number);
  return negative ? -value : value;
}

std::int64_t time_of(const ScenarioWords& words, std::string_view text, std::int64_t before_ns) {
  const bool relative = text.starts_with('+') || text.starts_with('-');
  const bool negative = text.starts_with('-');
  const std::string_view number = relative ? text.substr(1) : text;
  const std::size_t point = number.find('.');
  const std::string_view whole = number.substr(0, point);
  const std::string_view fraction =
      point == std::string_view::npos ? std::string_view{} : number.substr(point + 1);
  if (fraction.size() > 9 || (whole.empty() && fraction.empty())) {
    words.fail("no time: " + std::string(text));
  }
  std::int64_t ns = whole.empty() ? 0 : number_of(words, whole) * 1'000'000'000;
  std::string digits(fraction);
  digits.resize(9, '0');
  ns += number_of(words, digits);
  if (!relative) return ns;
  return before_ns + (negative ? -ns : ns);
}

std::vector<ScenarioOption> options_of(const ScenarioWords& words, std::string_view text) {
  if (text.size() < 2 || text.back() != '>') words.fail("options end with >");
  text = text.substr(1, text.size() - 2);
  std::vector<ScenarioOption> options;
  if (text.empty()) return options;
  for (const std::string& part : split(text, ',')) {
    options.push_back(option_of(words, split(part, ' ')));
  }
  return options;
}

}  // namespace tapdeck::test

#include "tools/tapdeck/options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <sstream>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/report/page.h"
#include "tools/tapdeck/output.h"
#include "tools/tapdeck/wording.h"

namespace po = boost::program_options;

namespace tapdeck {
namespace {

/// Abbreviated long options are not guessed: a new option must not change what a script says.
constexpr int style = po::command_line_style::unix_style & ~po::command_line_style::allow_guessing;

/// A switch may be given twice ("-nn", as tcpdump's users write); Program_options refuses that.
void drop_repeated_switches(po::parsed_options& parsed) {
  std::vector<po::option> once;
  for (po::option& option : parsed.options) {
    const bool repeated =
        option.value.empty() && std::ranges::any_of(once, [&](const po::option& seen) {
          return seen.string_key == option.string_key;
        });
    if (!repeated) once.push_back(std::move(option));
  }
  parsed.options = std::move(once);
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, " "));
}

/// Paragraphs with an empty line between, as wide as options are.
std::string wrapped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    std::string paragraph(text.substr(0, end));
    std::ranges::replace(paragraph, '\n', ' ');
    for (const std::string& line : wrap(paragraph, Style{}.width, 0)) result += line + '\n';
    result += '\n';
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return result;
}

}  // namespace

bool looks_like_file(const std::string& word) {
  constexpr std::array suffixes{".pcap", ".pcapng", ".cap", ".gz", ".zst", ".lz4"};
  std::error_code ignored;
  return word == "-" || word.find('/') != std::string::npos ||
         std::ranges::any_of(suffixes,
                             [&](const char* suffix) { return word.ends_with(suffix); }) ||
         std::filesystem::exists(word, ignored);
}

std::uint64_t parse_size(std::string_view option, const std::string& text) {
  constexpr std::string_view units = "KMGT";
  const auto unit = text.empty() ? units.npos : units.find(text.back());
  const bool has_unit = unit != units.npos;
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size() - (has_unit ? 1 : 0);
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  const auto shift = has_unit ? 10 * (unit + 1) : 0;
  const std::uint64_t size = number << shift;
  if (error != std::errc{} || stopped != end || size >> shift != number) {
    throw Failure(ExitCode::usage, fmt::format("--{}: '{}' is no size as in 800000, 512K, 256M, 4G",
                                               option, shown(text)));
  }
  return size;
}

std::uint64_t parse_count(std::string_view option, const std::string& text,
                          const CountRange& range) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stopped != end || number < range.least || number > range.most) {
    throw Failure(ExitCode::usage, fmt::format("--{}: '{}' is no whole number from {} to {}",
                                               option, shown(text), range.least, range.most));
  }
  return number;
}

void require_one_of(std::string_view option, const std::string& text,
                    const std::vector<std::string>& names) {
  if (std::ranges::find(names, text) != names.end()) return;
  throw Failure(ExitCode::usage, fmt::format("--{}: '{}' is none of {}{}", option, shown(text),
                                             fmt::join(names, ", "), did_you_mean(text, names)));
}

CommandOptions::CommandOptions(std::string_view command, std::string_view operands,
                               std::string_view help)
    : x_command(command),
      x_operands(operands),
      x_help(help),
      x_description("Options", static_cast<unsigned>(Style{}.width)) {}

void CommandOptions::add(const char* name, const char* value_name, const char* help) {
  if (*value_name == '\0') {
    x_description.add_options()(name, help);
  } else {
    x_description.add_options()(name, po::value<std::string>()->value_name(value_name), help);
  }
}

void CommandOptions::add_repeatable(const char* name, const char* value_name, const char* help) {
  x_description.add_options()(
      name, po::value<std::vector<std::string>>()->value_name(value_name)->composing(), help);
}

void CommandOptions::add_input(InputLetters letters) {
  const bool all = letters == InputLetters::all;
  add_repeatable(all ? "read,r" : "read", "FILE",
                 "a capture, a directory of them, or - for standard input; "
                 "the same as naming FILE alone");
  add(all ? "filter,f" : "filter", "EXPR",
      "a BPF expression as tcpdump takes it; the same as writing it behind the files");
  add("count,c", "N", "stop after N packets that pass the filter; 0: don't");
  add("numeric,n", "", "numbers instead of names; always so, accepted for tcpdump's users");
}

std::string CommandOptions::help_text() const {
  std::ostringstream options;
  options << x_description;
  return fmt::format("Usage: tapdeck {} {}\n\n{}{}", x_command, x_operands, wrapped(x_help),
                     options.str());
}

std::vector<std::string> CommandOptions::option_names() const {
  std::vector<std::string> names;
  for (const auto& option : x_description.options()) names.push_back("--" + option->long_name());
  return names;
}

void CommandOptions::refuse(const std::string& message) const {
  throw Failure(ExitCode::usage, fmt::format("{}\nTry 'tapdeck {} --help'.", message, x_command));
}

bool CommandOptions::parse(const Arguments& arguments) {
  add("color", "WHEN", "colours: auto (the default), always, never");
  add("quiet,q", "", "no progress and no hints on stderr");
  add("user,Z", "USER",
      "where root runs this: read packets as USER (the one behind sudo, else nobody)");
  add("no-sandbox", "", "keep all rights while reading packets; for debugging");
  add("help,h", "", "this text");
  const auto dashes = std::ranges::find(arguments, "--");
  if (dashes != arguments.end()) x_behind_dashes.assign(std::next(dashes), arguments.end());
  store({arguments.begin(), dashes});
  if (!has("help")) return true;
  Output output;
  output.write(help_text());
  output.close();
  return false;
}

void CommandOptions::store(const Arguments& arguments) {
  try {
    po::parsed_options parsed =
        po::command_line_parser(arguments).options(x_description).style(style).run();
    for (const po::option& option : parsed.options) {
      if (option.string_key.empty()) {
        x_words.insert(x_words.end(), option.value.begin(), option.value.end());
      }
    }
    std::erase_if(parsed.options, [](const auto& option) { return option.string_key.empty(); });
    drop_repeated_switches(parsed);
    po::store(parsed, x_values);
    po::notify(x_values);
  } catch (const po::unknown_option& error) {
    const std::string name = error.get_option_name();
    refuse(fmt::format("unknown option '{}'{}", shown(name), did_you_mean(name, option_names())));
  } catch (const po::error& error) {
    refuse(shown(error.what()));
  }
}

std::string CommandOptions::value(const std::string& name, std::string_view otherwise) const {
  return has(name) ? x_values[name].as<std::string>() : std::string(otherwise);
}

std::uint64_t CommandOptions::count(const std::string& name, std::uint64_t otherwise,
                                    const CountRange& range) const {
  return has(name) ? parse_count(name, value(name), range) : otherwise;
}

std::vector<std::string> CommandOptions::values(const std::string& name) const {
  return has(name) ? x_values[name].as<std::vector<std::string>>() : std::vector<std::string>{};
}

void CommandOptions::refuse_any(std::initializer_list<const char*> names,
                                std::string_view why) const {
  for (const char* const name : names) {
    if (has(name)) refuse(fmt::format("--{} {}", name, why));
  }
}

std::vector<std::string> CommandOptions::given() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : x_values) names.push_back(name);
  return names;
}

std::vector<std::string> CommandOptions::take_words(std::size_t most,
                                                    bool (*is_one)(const std::string& word)) {
  auto begin = x_words.begin();
  if (!has("read") && begin != x_words.end()) ++begin;  // a file, whatever it looks like
  begin = std::find_if_not(begin, x_words.end(), looks_like_file);
  auto end = begin;
  while (end != x_words.end() && std::cmp_less(end - begin, most) && is_one(*end)) ++end;
  std::vector<std::string> taken(begin, end);
  x_words.erase(begin, end);
  return taken;
}

std::string CommandOptions::take_target() {
  std::size_t place = has("read") ? 0 : 1;  // the first file is read, whatever it looks like
  if (place >= x_words.size()) return {};
  while (place + 1 < x_words.size() && looks_like_file(x_words[place + 1])) ++place;
  std::string target = x_words[place];
  x_words.erase(x_words.begin() + static_cast<std::ptrdiff_t>(place));
  return target;
}

InputOptions CommandOptions::input() const {
  InputOptions input;
  input.paths = values("read");
  const bool explicit_filter = has("filter") || !x_behind_dashes.empty();
  // The first word must be a file where -r names none; saying so beats calling it a bad filter.
  auto word = x_words.begin();
  while (word != x_words.end() &&
         (explicit_filter || input.paths.empty() || looks_like_file(*word))) {
    input.paths.push_back(*word++);
  }
  if (input.paths.empty()) refuse("which capture? Name a file, a directory, or - for stdin");
  input.source.filter = filter_or({word, x_words.end()});
  input.source.packet_limit = count("count", 0);
  return input;
}

std::string CommandOptions::filter() const {
  if (!x_words.empty() && has("filter")) refuse("two filters: -f and '" + joined(x_words) + "'");
  return filter_or(x_words);
}

std::string CommandOptions::filter_or(std::vector<std::string> words) const {
  if (has("filter") && !x_behind_dashes.empty()) refuse("two filters: -f and what follows --");
  if (has("filter")) return value("filter");
  return joined(x_behind_dashes.empty() ? std::move(words) : x_behind_dashes);
}

ColorMode CommandOptions::color() const {
  const std::string mode = value("color", "auto");
  require_one_of("color", mode, {"auto", "always", "never"});
  if (mode == "always") return ColorMode::always;
  return mode == "never" ? ColorMode::never : ColorMode::automatic;
}

}  // namespace tapdeck

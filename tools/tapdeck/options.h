// The options of a command: declared once, parsed by Boost.Program_options, shown by --help.
#pragma once

#include <boost/program_options.hpp>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "captures/packet_source.h"
#include "tools/tapdeck/command.h"
#include "tools/tapdeck/terminal.h"

namespace tapdeck {

/// Captures to read and what to read of them.
struct InputOptions {
  std::vector<std::string> paths;
  SourceOptions source;
};

/// A word on the command line is a file if it exists or looks like one.
[[nodiscard]] bool looks_like_file(const std::string& word);

/// Octets: a number without sign, with K, M, G or T for powers of 1024. Failure(usage) for anything
/// else.
[[nodiscard]] std::uint64_t parse_size(std::string_view option, const std::string& text);

/// What a number may be.
struct CountRange {
  std::uint64_t least = 0;
  std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
};

/// A number without sign, within the range. Failure(usage) for anything else.
[[nodiscard]] std::uint64_t parse_count(std::string_view option, const std::string& text,
                                        const CountRange& range = {});

/// Failure(usage) with near names if `text` is none of `names`.
void require_one_of(std::string_view option, const std::string& text,
                    const std::vector<std::string>& names);

class CommandOptions {
 public:
  /// `operands` is what follows the command in the usage line.
  CommandOptions(std::string_view command, std::string_view operands, std::string_view help);

  /// Declares an option that takes a value ("output,o") or, with an empty `value_name`, a switch.
  void add(const char* name, const char* value_name, const char* help);

  /// As add, for an option with a value that may be given several times.
  void add_repeatable(const char* name, const char* value_name, const char* help);

  /// Declares what every command that reads captures takes: -r, -f, -c, -n. A command whose users
  /// know -r and -f for something else has --read and --filter alone.
  enum class InputLetters : std::uint8_t { all, not_r_and_f };
  void add_input(InputLetters letters = InputLetters::all);

  /// False: --help was asked for and printed. Failure(usage) for whatever isn't understood.
  [[nodiscard]] bool parse(const Arguments& arguments);

  [[nodiscard]] bool has(const std::string& name) const { return x_values.count(name) != 0; }
  [[nodiscard]] std::string value(const std::string& name, std::string_view otherwise = {}) const;
  [[nodiscard]] std::uint64_t count(const std::string& name, std::uint64_t otherwise,
                                    const CountRange& range = {}) const;
  /// Of a repeatable option, in the order given.
  [[nodiscard]] std::vector<std::string> values(const std::string& name) const;

  /// Failure(usage) if one of these was given: "--NAME WHY".
  void refuse_any(std::initializer_list<const char*> names, std::string_view why) const;

  /// Long names of the options that were given.
  [[nodiscard]] std::vector<std::string> given() const;

  /// Operands that are no options, in order, what stands behind "--" not among them.
  [[nodiscard]] const std::vector<std::string>& words() const { return x_words; }

  /// Takes out the first words behind the files that `is_one` takes, at most so many.
  [[nodiscard]] std::vector<std::string> take_words(std::size_t most,
                                                    bool (*is_one)(const std::string& word));

  /// Takes out the last of the files that the words name, for a command that writes it; empty if
  /// there is none besides what is read.
  [[nodiscard]] std::string take_target();

  /// The captures and the filter that the options and words name. Requires: add_input().
  [[nodiscard]] InputOptions input() const;

  /// The filter that -f, what follows "--", or the words name, where words name no files.
  [[nodiscard]] std::string filter() const;

  [[nodiscard]] ColorMode color() const;
  [[nodiscard]] bool quiet() const { return has("quiet"); }

 private:
  [[nodiscard]] std::string help_text() const;
  void store(const Arguments& arguments);
  [[nodiscard]] std::string filter_or(std::vector<std::string> words) const;
  [[noreturn]] void refuse(const std::string& message) const;
  [[nodiscard]] std::vector<std::string> option_names() const;

  std::string x_command;
  std::string x_operands;
  std::string x_help;
  boost::program_options::options_description x_description;
  boost::program_options::variables_map x_values;
  std::vector<std::string> x_words;
  Arguments x_behind_dashes;
};

}  // namespace tapdeck

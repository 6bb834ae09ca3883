// The words of rules: each is an option of `rewrite` and `replay` and a line of a file of rules.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "tools/replay/rewriting/rewrite_rules.h"

namespace tapdeck {

struct RuleWord {
  const char* name;
  const char* value_name;  ///< Empty: it takes no value.
  const char* help;
  /// Adds a rule. Throws RuleMistake.
  void (*parse)(std::string_view value, RewriteRules& rules);
};

[[nodiscard]] std::span<const RuleWord> rule_words();

/// Adds what one option says. Failure(usage) with the option's name for what it can't mean.
void add_rule(const RuleWord& word, std::string_view value, RewriteRules& rules);

/// Adds what a file of rules says: a word and its value a line, the rest of a line behind # is for
/// people; a byte order mark in front is none of it. Failure(usage) with the file's name, the line
/// and a caret under the mistake.
void add_rules(std::string_view text, const std::string& file, RewriteRules& rules);

/// The same of a file on disk, of 16 MiB at most. Failure(unreadable_input) if it can't be read.
void read_rules(const std::string& path, RewriteRules& rules);

/// Rules that can't hold together: two that lead different addresses to one. Failure(usage).
void check_rules(const RewriteRules& rules);

}  // namespace tapdeck

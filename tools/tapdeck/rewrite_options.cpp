#include "tools/tapdeck/rewrite_options.h"

#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/report/page.h"
#include "tools/replay/rewriting/rule_words.h"
#include "tools/tapdeck/output.h"

namespace tapdeck {

void add_rewrite_options(CommandOptions& options) {
  for (const RuleWord& word : rule_words()) {
    if (*word.value_name == '\0') {
      options.add(word.name, "", word.help);
    } else {
      options.add_repeatable(word.name, word.value_name, word.help);
    }
  }
  options.add_repeatable(
      "rules", "FILE",
      "rules from a file: one of these words and its value a line, without dashes, "
      "what stands behind # is for people");
  options.add("show-table", "", "print the connections that nat and port-forward translated");
}

RewriteRules rewrite_rules(const CommandOptions& options) {
  RewriteRules rules;
  for (const std::string& path : options.values("rules")) read_rules(path, rules);
  for (const RuleWord& word : rule_words()) {
    if (*word.value_name != '\0') {
      for (const std::string& value : options.values(word.name)) add_rule(word, value, rules);
    } else if (options.has(word.name)) {
      add_rule(word, {}, rules);
    }
  }
  return rules;
}

void report_rewriting(const CommandOptions& options, const Rewriter& rewriter) {
  if (options.has("show-table")) {
    Output output;
    output.write(table_text(rewriter.translation()));
    output.close();
  }
  if (options.quiet()) return;
  constexpr std::size_t width = Page::least_width - std::string_view("tapdeck: ").size();
  for (const std::string& line : rewrite_summary(rewriter)) {
    complain(fmt::format("{}", fmt::join(wrap(line, width, 2), "\n")));
  }
}

}  // namespace tapdeck

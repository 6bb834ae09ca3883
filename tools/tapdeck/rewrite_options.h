// The options that say how packets are rewritten: the same of `rewrite` and `replay`.
#pragma once

#include "tools/replay/rewriting/rewriter.h"
#include "tools/tapdeck/options.h"

namespace tapdeck {

/// Declares an option for each word of rules, --rules and --show-table.
void add_rewrite_options(CommandOptions& options);

/// What the options say. Failure(usage) for what they can't mean, Failure(unreadable_input) for a
/// file of rules that isn't there.
[[nodiscard]] RewriteRules rewrite_rules(const CommandOptions& options);

/// On standard error, what was done; on standard output the table of translations, if --show-table
/// asks for it.
void report_rewriting(const CommandOptions& options, const Rewriter& rewriter);

}  // namespace tapdeck

// Rules from options and files: where a mistake stands.
#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <iterator>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#include "analyzer/report/printable.h"
#include "captures/failure.h"
#include "tools/replay/rewriting/rule_text.h"
#include "tools/replay/rewriting/rule_words.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

constexpr std::string_view blanks = " \t\r";
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::size_t longest_line = 4'096;
constexpr std::size_t largest_file_mib = 16;

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(blanks), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(blanks) + 1);
}

/// The line with a caret under each column of what is wrong.
std::string pointed_at(std::string_view line, std::string_view place) {
  const auto before = static_cast<std::size_t>(place.data() - line.data());
  const auto width = [](std::string_view text) { return shown(text).size(); };
  return fmt::format("  {}\n  {:{}}{:^>{}}", shown(line), "", width(line.substr(0, before)), "",
                     std::max<std::size_t>(1, width(place)));
}

/// Why it isn't even looked at; empty for what may be a rule.
std::string oddity_of(std::string_view line) {
  if (line.size() > longest_line) {
    return fmt::format("{} octets in a line: {} are the most", line.size(), longest_line);
  }
  return line.find('\0') == line.npos ? "" : "a NUL octet: rules are text in UTF-8";
}

std::string content_of(const std::string& path) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"),
                                                             &std::fclose);
  std::string text;
  std::array<char, 65'536> part{};
  std::size_t count = part.size();
  while (file && count == part.size() && text.size() <= largest_file_mib << 20U) {
    count = std::fread(part.data(), 1, part.size(), file.get());
    text.append(part.data(), count);
  }
  if (!file || std::ferror(file.get()) != 0) {
    const int error = errno;
    throw Failure(error == EACCES ? ExitCode::no_permission : ExitCode::unreadable_input,
                  fmt::format("{}: {}", shown(path), std::generic_category().message(error)));
  }
  if (text.size() > largest_file_mib << 20U) {
    throw Failure(ExitCode::unreadable_input,
                  fmt::format("{}: more than {} MiB, which is no file of rules", shown(path),
                              largest_file_mib));
  }
  return text;
}

std::vector<std::string> names_of_words() {
  std::vector<std::string> names;
  for (const RuleWord& word : rule_words()) names.emplace_back(word.name);
  return names;
}

const RuleWord& find_word(std::string_view name) {
  const auto words = rule_words();
  const auto found =
      std::ranges::find_if(words, [&](const RuleWord& word) { return word.name == name; });
  if (found != words.end()) return *found;
  throw RuleMistake{
      fmt::format("no rule '{}'{}", shown(name), did_you_mean(name, names_of_words())), name};
}

void add_line(std::string_view line, RewriteRules& rules) {
  const std::string_view content = trimmed(line.substr(0, line.find('#')));
  if (content.empty()) return;
  const std::size_t end = std::min(content.find_first_of(blanks), content.size());
  const RuleWord& word = find_word(content.substr(0, end));
  const std::string_view value = trimmed(content.substr(end));
  const bool takes_value = *word.value_name != '\0';
  if (takes_value && value.empty()) {
    throw RuleMistake{fmt::format("'{}' takes a value: {}", word.name, word.value_name), content};
  }
  if (!takes_value && !value.empty()) {
    throw RuleMistake{fmt::format("'{}' takes no value", word.name), value};
  }
  word.parse(value, rules);
}

template <class Rule, class Key>
void refuse_overlaps(const std::vector<Rule>& rules, std::string_view word, Key overlap) {
  for (auto one = rules.begin(); one != rules.end(); ++one) {
    for (auto other = std::next(one); other != rules.end(); ++other) {
      const std::string words = overlap(*one, *other);
      if (!words.empty()) throw Failure(ExitCode::usage, fmt::format("{}: {}", word, words));
    }
  }
}

std::string prefix_text(const Prefix& prefix) {
  return fmt::format("{}/{}", to_string(prefix.address), prefix.length);
}

std::string conflict_of(const AddressRule& one, const AddressRule& other) {
  if (one.from == other.from) return fmt::format("two rules for {}", prefix_text(one.from));
  // A more specific rule may well lead into the prefix that the general one leads to.
  const bool nested = one.from.overlaps(other.from);
  if (nested || !one.to.overlaps(other.to)) return {};
  return fmt::format("{} and {} lead to the same addresses", prefix_text(one.from),
                     prefix_text(other.from));
}

std::string conflict_of(const NatRule& one, const NatRule& other) {
  if (one.inside != other.inside) return {};
  return fmt::format("two rules for {}", prefix_text(one.inside));
}

std::string conflict_of(const MacRule& one, const MacRule& other) {
  return one.from == other.from ? "two rules for " + to_string(one.from) : std::string{};
}

std::string conflict_of(const FrameMacRule& one, const FrameMacRule& other) {
  if (one.sender != other.sender) return {};
  return "two rules for " +
         (one.sender ? "frames from " + prefix_text(*one.sender) : std::string("all frames"));
}

std::string conflict_of(const ForwardRule& one, const ForwardRule& other) {
  const bool same_protocol =
      one.ip_protocol == 0 || other.ip_protocol == 0 || one.ip_protocol == other.ip_protocol;
  if (!same_protocol) return {};
  if (one.public_address == other.public_address && one.public_port == other.public_port) {
    return fmt::format("two rules for {}", address_port_text(one.public_address, one.public_port));
  }
  if (one.inside_address == other.inside_address && one.inside_port == other.inside_port) {
    return fmt::format("two rules lead to {}",
                       address_port_text(one.inside_address, one.inside_port));
  }
  return {};
}

std::string conflict_of(const PortRule& one, const PortRule& other) {
  const bool same_protocol =
      one.ip_protocol == 0 || other.ip_protocol == 0 || one.ip_protocol == other.ip_protocol;
  const auto meet = [](unsigned a, unsigned a_last, unsigned b, unsigned b_last) {
    return a <= b_last && b <= a_last;
  };
  if (!same_protocol) return {};
  if (meet(one.first, one.last, other.first, other.last)) {
    return fmt::format("two rules for port {}", std::max(one.first, other.first));
  }
  const unsigned one_end = one.to + unsigned{one.last} - one.first;
  const unsigned other_end = other.to + unsigned{other.last} - other.first;
  if (!meet(one.to, one_end, other.to, other_end)) return {};
  return fmt::format("two rules lead to port {}", std::max(one.to, other.to));
}

}  // namespace

void add_rule(const RuleWord& word, std::string_view value, RewriteRules& rules) {
  const std::string oddity = oddity_of(value);
  if (!oddity.empty()) {
    throw Failure(ExitCode::usage, fmt::format("--{}: {}", word.name, oddity));
  }
  try {
    word.parse(value, rules);
  } catch (const RuleMistake& mistake) {
    throw Failure(ExitCode::usage, fmt::format("--{}: {}\n{}", word.name, shown(mistake.message),
                                               pointed_at(value, mistake.place)));
  }
}

void add_rules(std::string_view text, const std::string& file, RewriteRules& rules) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);
    const std::string oddity = oddity_of(line);
    if (!oddity.empty()) {
      throw Failure(ExitCode::usage, fmt::format("{}:{}: {}", shown(file), number, oddity));
    }
    try {
      add_line(line, rules);
    } catch (const RuleMistake& mistake) {
      throw Failure(ExitCode::usage,
                    fmt::format("{}:{}: {}\n{}", shown(file), number, shown(mistake.message),
                                pointed_at(line, mistake.place)));
    }
  }
}

void read_rules(const std::string& path, RewriteRules& rules) {
  add_rules(content_of(path), path, rules);
}

void check_rules(const RewriteRules& rules) {
  const auto conflict = [](const auto& one, const auto& other) { return conflict_of(one, other); };
  refuse_overlaps(rules.nat, "nat", conflict);
  refuse_overlaps(rules.addresses, "ip-map", conflict);
  refuse_overlaps(rules.forwards, "port-forward", conflict);
  refuse_overlaps(rules.ports, "port-map", conflict);
  refuse_overlaps(rules.macs, "mac-map", conflict);
  refuse_overlaps(rules.source_macs, "src-mac", conflict);
  refuse_overlaps(rules.destination_macs, "dst-mac", conflict);
}

}  // namespace tapdeck

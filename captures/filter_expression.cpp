// Finding the mistake: the first token for which no continuation of what stands before and
// including it compiles. Only done once compiling the whole has failed.
#include "captures/filter_expression.h"

#include <algorithm>
#include <array>
#include <ranges>

#include "captures/failure.h"
#include "captures/filter_program.h"
#include "captures/filter_words.h"

namespace tapdeck {
namespace {

bool is_space(char letter) {
  return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
}

bool is_word_letter(char letter, bool in_brackets) {
  if (in_brackets && (letter == ':' || letter == '.')) {
    return false;
  }
  const auto value = static_cast<unsigned char>(letter);
  return (value >= '0' && value <= '9') || (value >= 'a' && value <= 'z') ||
         (value >= 'A' && value <= 'Z') || value >= 0x80 || letter == '_' || letter == '-' ||
         letter == '.' || letter == ':' || letter == '\\' || letter == '$' || letter == '@';
}

std::size_t operator_length(std::string_view rest) {
  using namespace std::string_view_literals;
  constexpr std::array pairs{"<="sv, ">="sv, "!="sv, "=="sv, "||"sv, "&&"sv, "<<"sv, ">>"sv};
  const bool pair =
      std::ranges::any_of(pairs, [rest](std::string_view text) { return rest.starts_with(text); });
  return pair ? 2 : 1;
}

/// Link types of every family that libpcap's compiler treats apart.
constexpr std::array telling_link_types{
    DLT_EN10MB, DLT_RAW,    DLT_LINUX_SLL, DLT_IEEE802_11_RADIO,
    DLT_PFLOG,  DLT_SUNATM, DLT_MTP2,      DLT_PPP,
};

/// Whether a packet could pass is another question than whether the words make sense.
std::string error_on(const std::string& expression, int data_link) {
  return FilterProgram(expression, data_link, false).error();
}

bool compiles_for_telling_type(const std::string& expression) {
  return std::ranges::any_of(
      telling_link_types, [&](int data_link) { return error_on(expression, data_link).empty(); });
}

/// True for "ip and arp". Only link types with headers of fixed length let libpcap see it.
bool can_pass_nothing(const std::string& expression) {
  constexpr std::array fixed_headers{DLT_EN10MB, DLT_RAW, DLT_LINUX_SLL};
  bool means_something = false;
  for (const int data_link : fixed_headers) {
    if (FilterProgram(expression, data_link, true).compiled()) {
      return false;
    }
    means_something = means_something || error_on(expression, data_link).empty();
  }
  return means_something;
}

/// What closes the parentheses and brackets that `prefix` leaves open, the innermost first.
std::string closing(std::string_view prefix) {
  std::string open;
  for (const char letter : prefix) {
    if (letter == '(' || letter == '[') {
      open += letter;
    } else if ((letter == ')' || letter == ']') && !open.empty()) {
      open.pop_back();
    }
  }
  std::string closers;
  for (const char letter : std::views::reverse(open)) {
    closers += letter == '(' ? ")" : "] = 0";
  }
  return closers;
}

/// True if something can follow that makes it an expression.
bool can_be_continued(std::string_view prefix) {
  constexpr std::array continuations{
      "",
      " 1",
      " tcp",
      " 10.0.0.1",
      " = 0",
      " 0 = 0",
      " host ::1",
      " port 1",
      " 1-2",
      " 1:1:1:1:1:1",
      " [0] = 0",
      " = 0x1",
      " 255.0.0.0",
      " host 1.1.1.1",
      " 0] = 0",
      "] = 0",
      " 1] = 0",
      " net 1",
      " 10.0.0.0/8",
      " mgt",
      " beacon",
      " pass",
      " nods",
      " mask 255.0.0.0",
      " 1 > 0",
      " \\tcp",
      " /8",
      " 32",
      " broadcast",
      " vci 1",
      " type mgt",
  };
  const std::string closers = closing(prefix);
  return std::ranges::any_of(continuations, [&](const char* continuation) {
    std::string text(prefix);
    text += continuation;
    return compiles_for_telling_type(text) || compiles_for_telling_type(text + closers);
  });
}

/// Columns on a terminal: octets that continue a UTF-8 letter take none.
std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char letter) { return (static_cast<unsigned char>(letter) & 0xc0) != 0x80; }));
}

[[noreturn]] void refuse(const std::string& expression, const FilterToken& token,
                         const std::string& why) {
  std::string line = expression;
  std::ranges::replace_if(line, is_space, ' ');
  const std::size_t indent = columns(std::string_view(line).substr(0, token.column));
  const std::size_t width = std::max<std::size_t>(columns(token.text), 1);
  throw Failure(ExitCode::usage, "filter: " + why + "\n  " + line + "\n  " +
                                     std::string(indent, ' ') + std::string(width, '^'));
}

[[noreturn]] void explain(const std::string& expression, const std::vector<FilterToken>& tokens,
                          const std::string& error) {
  // What can't be continued after one token can't be after a later one either.
  const auto token = std::ranges::partition_point(tokens, [&](const FilterToken& last) {
    return can_be_continued(std::string_view(expression).substr(0, last.column + last.text.size()));
  });
  if (token != tokens.end()) {
    const std::string found =
        error_on(expression.substr(0, token->column + token->text.size()), DLT_EN10MB);
    const bool vague = found.empty() || found.find("syntax error") != std::string::npos;
    refuse(expression, *token,
           vague ? "'" + std::string(token->text) + "' doesn't fit here" : found);
  }
  const bool vague = error.find("syntax error") != std::string::npos;
  refuse(expression, {{}, expression.size()}, vague ? "the expression ends too early" : error);
}

/// libpcap's compiler calls itself for each term, and its optimiser takes time that grows with the
/// square of their number: longer expressions end in a crash or not at all.
constexpr std::size_t longest_expression = 8192;

}  // namespace

std::vector<FilterToken> split_filter(std::string_view expression) {
  std::vector<FilterToken> tokens;
  bool in_brackets = false;
  for (std::size_t at = 0; at < expression.size();) {
    if (is_space(expression[at])) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < expression.size() && is_word_letter(expression[end], in_brackets)) {
      ++end;
    }
    if (end == at) {
      end = std::min(expression.size(), at + operator_length(expression.substr(at)));
    }
    tokens.push_back({expression.substr(at, end - at), at});
    in_brackets = expression[at] == '[' || (in_brackets && expression[at] != ']');
    at = end;
  }
  return tokens;
}

void check_filter(const std::string& expression) {
  if (expression.size() > longest_expression) {
    throw Failure(ExitCode::usage,
                  "filter: longer than " + std::to_string(longest_expression) + " characters");
  }
  const std::vector<FilterToken> tokens = split_filter(expression);
  if (const auto name = find_host_name(tokens)) {
    const FilterToken& token = tokens[*name];
    refuse(expression, token,
           "'" + std::string(token.text) +
               "' is no keyword and no address (names of hosts are not looked up)");
  }
  if (can_pass_nothing(expression)) {
    refuse(expression, {expression, 0}, "no packet can pass this");
  }
  for (int data_link = 0; data_link < data_links_end; ++data_link) {
    if (error_on(expression, data_link).empty()) {
      return;
    }
  }
  explain(expression, tokens, error_on(expression, DLT_EN10MB));
}

}  // namespace tapdeck

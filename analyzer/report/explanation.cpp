#include "analyzer/report/explanation.h"

#include <array>
#include <cstdlib>
#include <optional>

#include <fmt/format.h>

#include "analyzer/anomalies/family.h"
#include "analyzer/report/packet_words.h"
#include "analyzer/report/quantity.h"
#include "analyzer/report/time.h"
#include "analyzer/report/words.h"
#include "captures/elapsed.h"

namespace tapdeck {
namespace {

constexpr std::array<std::string_view, 7> own_names{
    "sender", "receiver", "count", "duration", "first_frame", "last_frame", "icmp_meaning"};

const EvidenceKind* find_evidence(std::string_view word) {
  for (const EvidenceKind& kind : evidence_kinds()) {
    if (kind.word == word) return &kind;
  }
  return nullptr;
}

std::string ordinal_text(std::uint64_t number) {
  constexpr std::array<std::string_view, 11> words{"",       "first", "second", "third",
                                                   "fourth", "fifth", "sixth",  "seventh",
                                                   "eighth", "ninth", "tenth"};
  if (number < words.size()) return std::string(words[number]);
  const std::uint64_t last = number % 10;
  const bool teen = number / 10 % 10 == 1;
  constexpr std::array<std::string_view, 4> endings{"th", "st", "nd", "rd"};
  return fmt::format("{}{}", number, endings[teen || last > 3 ? 0 : last]);
}

/// To two digits.
std::uint64_t rounded(std::uint64_t number) {
  std::uint64_t unit = 1;
  while (number / unit >= 100) unit *= 10;
  return (number + unit / 2) / unit * unit;
}

std::string_view name_of(Side side) { return side == Side::client ? "client" : "server"; }

/// What stands between braces: a name, and how to say it.
struct Placeholder {
  std::string_view name, one, many;
  enum class As : std::uint8_t { number, ordinal, count, word, sign_word } as{};
};

Placeholder read_placeholder(std::string_view inside) {
  using enum Placeholder::As;
  const std::size_t mark = inside.find_first_of("|?<#");
  const std::string_view name = inside.substr(0, mark);
  if (mark == std::string_view::npos) return {.name = name, .one = {}, .many = {}, .as = number};
  if (inside[mark] == '#') return {.name = name, .one = {}, .many = {}, .as = ordinal};
  const std::string_view words = inside.substr(mark + 1);
  const std::size_t bar = words.find('|');
  return {.name = name,
          .one = words.substr(0, bar),
          .many = bar == std::string_view::npos ? words : words.substr(bar + 1),
          .as = inside[mark] == '?'   ? word
                : inside[mark] == '<' ? sign_word
                                      : count};
}

class Teller {
 public:
  explicit Teller(const Anomaly& anomaly) : x_anomaly(anomaly) {}

  /// Empty if the words name a number that isn't there.
  [[nodiscard]] std::optional<std::string> tell(std::string_view words) const {
    std::string text;
    while (!words.empty()) {
      const std::size_t mark = words.find_first_of("{[");
      text += words.substr(0, mark);
      if (mark == std::string_view::npos) break;
      const std::size_t end = words.find(words[mark] == '{' ? '}' : ']', mark);
      const std::string_view inside = words.substr(mark + 1, end - mark - 1);
      const bool optional_part = words[mark] == '[';
      words.remove_prefix(end + 1);
      const auto told = optional_part ? tell(inside) : tell_one(read_placeholder(inside));
      if (!told && !optional_part) return std::nullopt;
      text += told.value_or("");
    }
    return text;
  }

 private:
  [[nodiscard]] std::optional<std::string> tell_one(const Placeholder& placeholder) const {
    if (placeholder.name == "sender") return std::string(name_of(sender()));
    if (placeholder.name == "receiver") return std::string(name_of(other(sender())));
    if (placeholder.name == "duration") {
      return duration_between(x_anomaly.first.time_ns, x_anomaly.last.time_ns);
    }
    if (placeholder.name == "first_frame") return fmt::to_string(x_anomaly.first.frame);
    if (placeholder.name == "last_frame") return fmt::to_string(x_anomaly.last.frame);
    if (placeholder.name == "count") {
      return tell_number(placeholder, EvidenceUnit::count,
                         static_cast<std::int64_t>(x_anomaly.count), false);
    }
    if (placeholder.name == "icmp_meaning") return icmp_text();
    const EvidenceKind* const kind = find_evidence(placeholder.name);
    if (kind == nullptr) return std::nullopt;
    const auto value = x_anomaly.evidence.get(kind->name);
    if (!value) return std::nullopt;
    return tell_number(placeholder, kind->unit, *value,
                       x_anomaly.evidence.is_estimated(kind->name));
  }

  [[nodiscard]] std::string tell_number(const Placeholder& placeholder, EvidenceUnit unit,
                                        std::int64_t value, bool estimated) const {
    const auto count = static_cast<std::uint64_t>(value);
    switch (placeholder.as) {
      case Placeholder::As::number:
        break;
      case Placeholder::As::ordinal:
        return ordinal_text(count);
      case Placeholder::As::count:
        return estimated ? "about " + count_of(rounded(count), placeholder.one, placeholder.many)
                         : count_of(count, placeholder.one, placeholder.many);
      case Placeholder::As::word:
        return std::string(count == 1 ? placeholder.one : placeholder.many);
      case Placeholder::As::sign_word:
        return std::string(value < 0 ? placeholder.one : placeholder.many);
    }
    return in_unit(unit, value);
  }

  [[nodiscard]] std::string in_unit(EvidenceUnit unit, std::int64_t value) const {
    switch (unit) {
      case EvidenceUnit::count:
        return count_text(static_cast<std::uint64_t>(value));
      case EvidenceUnit::octets:
        return count_of(static_cast<std::uint64_t>(value), "byte");
      case EvidenceUnit::offset:
        return count_of(static_cast<std::uint64_t>(std::abs(value)), "byte");
      case EvidenceUnit::nanoseconds:
        return duration_text(value);
      case EvidenceUnit::percent:
        return fmt::format("{} %", value);
      case EvidenceUnit::frame:
      case EvidenceUnit::number:
        return fmt::to_string(value);
      case EvidenceUnit::option:
        return std::string(option_words(static_cast<OddOption>(value)));
      case EvidenceUnit::place:
        return place_text(static_cast<LossPlace>(value));
      case EvidenceUnit::address:
        return to_string(x_anomaly.evidence.address_at(value));
      case EvidenceUnit::flags:
        return tcp_flag_words(static_cast<std::uint8_t>(value), ',');
      case EvidenceUnit::hardware:
        return to_string(Evidence::hardware_at(value));
    }
    return {};
  }

  static std::string_view option_words(OddOption option) {
    switch (option) {
      case OddOption::window_scale:
        return "window scaling";
      case OddOption::sack_permitted:
        return "selective acknowledgments";
      case OddOption::timestamps:
        return "timestamps";
      case OddOption::maximum_segment_size:
        return "a maximum segment size";
    }
    return "an option";
  }

  [[nodiscard]] std::optional<std::string> icmp_text() const {
    const auto number = [&](EvidenceName name) {
      return static_cast<std::uint8_t>(x_anomaly.evidence.get(name).value_or(0));
    };
    if (!x_anomaly.evidence.get(EvidenceName::icmp_type)) return std::nullopt;
    return icmp_meaning(number(EvidenceName::icmp_version), number(EvidenceName::icmp_type),
                        number(EvidenceName::icmp_code));
  }

  [[nodiscard]] std::string place_text(LossPlace place) const {
    switch (place) {
      case LossPlace::unknown:
        break;
      case LossPlace::upstream:
        return fmt::format("between the {} and this capture point", name_of(sender()));
      case LossPlace::downstream:
        return fmt::format("between this capture point and the {}", name_of(other(sender())));
      case LossPlace::both:
        return "on both sides of this capture point";
    }
    return "on the way";
  }

  [[nodiscard]] Side sender() const {
    return x_anomaly.direction == AnomalyDirection::server_to_client ? Side::server : Side::client;
  }

  const Anomaly& x_anomaly;
};

bool is_known(std::string_view name) {
  if (find_evidence(name) != nullptr) return true;
  for (const std::string_view own : own_names) {
    if (own == name) return true;
  }
  return false;
}

}  // namespace

std::string explanation_of(const Anomaly& anomaly) {
  const AnomalyKind& kind = kind_of(anomaly.type);
  std::string text = Teller(anomaly).tell(kind.explanation).value_or(std::string(kind.definition));
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] += 'A' - 'a';
  return text;
}

bool is_well_formed_explanation(std::string_view words) {
  bool in_part = false;
  for (std::size_t at = 0; at < words.size(); ++at) {
    const char mark = words[at];
    if (mark == '[' || mark == ']') {
      if (in_part == (mark == '[')) return false;
      in_part = mark == '[';
    }
    if (mark == '}') return false;
    if (mark != '{') continue;
    const std::size_t end = words.find('}', at);
    if (end == std::string_view::npos) return false;
    if (!is_known(read_placeholder(words.substr(at + 1, end - at - 1)).name)) return false;
    at = end;
  }
  return !in_part && (words.ends_with(".") || words.ends_with(".]"));
}

}  // namespace tapdeck

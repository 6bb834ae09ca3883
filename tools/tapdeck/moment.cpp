#include "tools/tapdeck/moment.h"

#include <chrono>
#include <string_view>

#include <fmt/format.h>

#include "captures/elapsed.h"
#include "captures/failure.h"
#include "tools/duration.h"
#include "tools/tapdeck/wording.h"
#include "tools/text_scanner.h"

namespace tapdeck {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

/// Seconds that local time is ahead of UTC: "Z", "+02:00".
std::optional<int> parse_offset(TextScanner& words) {
  if (words.take("Z") || words.take("z")) return 0;
  const int sign = words.take("+") ? 1 : words.take("-") ? -1 : 0;
  const auto hours = words.digits(2);
  if (sign == 0 || !hours || !words.take(":")) return std::nullopt;
  const auto minutes = words.digits(2);
  if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

std::optional<std::int64_t> parse_rfc3339(TextScanner words) {
  namespace chrono = std::chrono;
  const auto year = words.digits(4);
  if (!year || !words.take("-")) return std::nullopt;
  const auto month = words.digits(2);
  if (!month || !words.take("-")) return std::nullopt;
  const auto day = words.digits(2);
  if (!day || !(words.take("T") || words.take("t") || words.take(" "))) return std::nullopt;
  const auto hour = words.digits(2);
  if (!hour || !words.take(":")) return std::nullopt;
  const auto minute = words.digits(2);
  if (!minute || !words.take(":")) return std::nullopt;
  if (TextScanner whole = words; !whole.digits(2)) return std::nullopt;
  const auto second_ns_part = words.decimal(second_ns);
  const auto offset = parse_offset(words);
  const chrono::year_month_day date{chrono::year{*year},
                                    chrono::month{static_cast<unsigned>(*month)},
                                    chrono::day{static_cast<unsigned>(*day)}};
  constexpr int first_year = 1678, last_year = 2261;  // what 64 bits of nanoseconds hold
  if (!second_ns_part || !offset || !words.is_over() || !date.ok() || *hour > 23 || *minute > 59 ||
      *second_ns_part > 60 * second_ns + (second_ns - 1) || *year < first_year ||
      *year > last_year) {
    return std::nullopt;
  }
  const std::int64_t days = chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = days * 86400 + *hour * 3600 + *minute * 60 - *offset;
  return seconds * second_ns + *second_ns_part;
}

std::optional<WantedMoment> read_moment(const std::string& text) {
  using enum WantedMoment::Kind;
  if (text == "end") return WantedMoment{};
  TextScanner words(text);
  if (words.take("#") || words.take("frame:")) {
    const auto frame = words.number<std::uint64_t>();
    if (!frame || *frame == 0 || !words.is_over()) return std::nullopt;
    return WantedMoment{.kind = WantedMoment::Kind::frame, .frame = *frame};
  }
  if (words.take("+")) {
    TextScanner seconds = words;
    const auto plain = seconds.decimal(second_ns);
    if (plain && seconds.is_over()) return WantedMoment{.kind = relative, .ns = *plain};
  } else if (TextScanner seconds = words; const auto since_epoch = seconds.decimal(second_ns)) {
    if (seconds.is_over()) return WantedMoment{.kind = absolute, .ns = *since_epoch};
  }
  if (const auto duration = read_duration(words.rest())) {
    return WantedMoment{.kind = relative, .ns = *duration};
  }
  if (const auto time = parse_rfc3339(TextScanner(text))) {
    return WantedMoment{.kind = absolute, .ns = *time};
  }
  return std::nullopt;
}

}  // namespace

WantedMoment parse_moment(const std::string& text, const MomentForms& forms) {
  using enum WantedMoment::Kind;
  const auto moment = text.empty() ? std::nullopt : read_moment(text);
  const bool is_time = moment && (moment->kind == absolute || moment->kind == relative);
  if (moment && (is_time || forms.of_capture)) return *moment;
  throw Failure(ExitCode::usage, fmt::format("--{}: '{}' is no moment as in\n{}", forms.option,
                                             shown(text), forms.examples));
}

void MomentGate::begin(const Packet& first) {
  x_first_ns = first.time_ns;
  if (x_wanted.kind == WantedMoment::Kind::absolute) x_limit_ns = x_wanted.ns;
  if (x_wanted.kind == WantedMoment::Kind::relative) {
    x_limit_ns = added_ns(first.time_ns, x_wanted.ns);
  }
}

bool MomentGate::admits(const Packet& packet) {
  constexpr std::int64_t most_disorder_ns = second_ns;
  if (!x_first_ns) begin(packet);
  if (x_wanted.kind == WantedMoment::Kind::frame) {
    x_is_past = x_is_past || packet.number > x_wanted.frame;
    return packet.number <= x_wanted.frame;
  }
  if (!x_limit_ns) return true;
  x_is_past = x_is_past || elapsed_ns(*x_limit_ns, packet.time_ns) > most_disorder_ns;
  x_has_later = x_has_later || packet.time_ns > *x_limit_ns;
  return packet.time_ns <= *x_limit_ns;
}

}  // namespace tapdeck

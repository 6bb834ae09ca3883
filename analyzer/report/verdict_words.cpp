#include "analyzer/report/verdict_words.h"

#include <utility>

#include <fmt/format.h>

namespace tapdeck {
namespace {

/// What a segment would have been taken for without its evidence; first where nothing is near.
Origin alternative_to(const Verdict& verdict) {
  const bool bytes_seen =
      verdict.placement == Placement::none || verdict.placement == Placement::overlap;
  switch (verdict.origin) {
    case Origin::first:
      return Origin::first;
    case Origin::retransmission:
      return bytes_seen ? Origin::duplicate : Origin::out_of_order;
    case Origin::out_of_order:
    case Origin::duplicate:
    case Origin::keep_alive:
    case Origin::window_probe:
      return Origin::retransmission;
  }
  return Origin::first;
}

/// What the evidence would have been then; empty where that goes without saying.
std::string_view contrast_of(OriginReason reason, Origin alternative) {
  const bool copy = alternative == Origin::duplicate;
  switch (reason) {
    case OriginReason::same_ip_id:
      return "a packet sent again gets a new one";
    case OriginReason::later_ip_id:
      return copy ? "a copy has the same one" : "one overtaken has an earlier one";
    case OriginReason::earlier_ip_id:
      return "a packet sent again has a later one";
    case OriginReason::later_timestamp:
      return copy ? "a copy shows the same time" : "one overtaken shows an earlier time";
    case OriginReason::earlier_timestamp:
    case OriginReason::same_timestamp:
      return "a packet sent again shows a later time";
    default:
      return {};
  }
}

std::string_view name_of(Origin origin) {
  switch (origin) {
    case Origin::out_of_order:
      return "overtaken";
    case Origin::duplicate:
      return "a copy";
    case Origin::first:
    case Origin::retransmission:
    case Origin::keep_alive:
    case Origin::window_probe:
      break;
  }
  return "sent again";
}

std::string with_confidence(std::string text, Confidence confidence) {
  if (confidence == Confidence::none) return text;
  return fmt::format("{} ({} confidence)", text, to_string(confidence));
}

/// "not overtaken: its IP ID was given later, one overtaken has an earlier one (high confidence)".
std::string origin_sentence(const Verdict& verdict, Detail detail) {
  std::string text(to_string(verdict.origin_reason));
  if (text.empty()) return text;
  if (const Origin other = alternative_to(verdict); other != Origin::first) {
    text = fmt::format("not {}: {}", name_of(other), text);
    const std::string_view contrast = contrast_of(verdict.origin_reason, other);
    if (!contrast.empty() && detail == Detail::full) text += fmt::format(", {}", contrast);
  }
  return with_confidence(std::move(text), verdict.confidence);
}

}  // namespace

std::vector<std::string> verdict_values(const Verdict& verdict) {
  const std::vector<std::string_view> words = words_of(verdict);
  return {words.begin(), words.end()};
}

std::vector<std::string> verdict_reason(const Verdict& verdict) {
  std::vector<std::string> reasons;
  if (const std::string_view origin = to_string(verdict.origin_reason); !origin.empty()) {
    reasons.push_back(with_confidence(std::string(origin), verdict.confidence));
  }
  const std::string_view delivery = to_string(verdict.delivery_reason);
  if (!delivery.empty()) reasons.emplace_back(delivery);
  return reasons;
}

std::vector<std::string> explain(const Verdict& verdict, Detail detail) {
  std::vector<std::string> lines;
  if (std::string origin = origin_sentence(verdict, detail); !origin.empty())
    lines.push_back(std::move(origin));
  const std::string_view delivery = to_string(verdict.delivery_reason);
  if (!delivery.empty()) lines.emplace_back(delivery);
  return lines;
}

}  // namespace tapdeck

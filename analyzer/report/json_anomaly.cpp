// One anomaly as JSON.
#include <string>

#include <fmt/format.h>

#include "analyzer/anomalies/family.h"
#include "analyzer/report/explanation.h"
#include "analyzer/report/json_objects.h"
#include "analyzer/report/packet_words.h"

namespace tapdeck {
namespace {

void write_evidence(JsonOutput& json, const Evidence& evidence) {
  json.key("evidence");
  json.begin_object();
  std::string estimated;
  for (const Evidence::Number& number : evidence.numbers()) {
    const EvidenceKind& kind = kind_of(number.name);
    if (number.estimated) estimated += fmt::format("{}{}", estimated.empty() ? "" : ",", kind.word);
    switch (kind.unit) {
      case EvidenceUnit::place:
        json.member(kind.word, to_string(static_cast<LossPlace>(number.value)));
        break;
      case EvidenceUnit::option:
        json.member(kind.word, to_string(static_cast<OddOption>(number.value)));
        break;
      case EvidenceUnit::address:
        json.member(kind.word, AddressText(evidence.address_at(number.value)));
        break;
      case EvidenceUnit::hardware:
        json.member(kind.word, to_string(Evidence::hardware_at(number.value)));
        break;
      case EvidenceUnit::flags:
        json.member(kind.word, tcp_flag_words(static_cast<std::uint8_t>(number.value), ','));
        break;
      case EvidenceUnit::offset:
      case EvidenceUnit::count:
      case EvidenceUnit::octets:
      case EvidenceUnit::nanoseconds:
      case EvidenceUnit::frame:
      case EvidenceUnit::percent:
      case EvidenceUnit::number:
        json.member(kind.word, number.value);
        break;
    }
  }
  if (!estimated.empty()) json.member("estimated", estimated);
  json.end_object();
}

void write_considered(JsonOutput& json, const Alternatives& considered) {
  json.key("considered");
  json.begin_array();
  for (std::size_t i = 0; i < alternative_count; ++i) {
    const auto alternative = static_cast<Alternative>(i);
    if (considered.has(alternative)) json.value(to_string(alternative));
  }
  json.end_array();
}

}  // namespace

void write_json_anomaly(JsonOutput& json, const Anomaly& anomaly) {
  json.begin_object();
  json.member("type", to_string(anomaly.type));
  json.member("severity", to_string(anomaly.severity));
  json.key("connection");
  if (anomaly.connection == 0) {
    json.null();
  } else {
    json.value(anomaly.connection);
  }
  json.key("direction");
  if (anomaly.direction == AnomalyDirection::none) {
    json.null();
  } else {
    json.value(to_string(anomaly.direction));
  }
  json.member("first_frame", anomaly.first.frame);
  json.member("last_frame", anomaly.last.frame);
  json.member("first_ns", anomaly.first.time_ns);
  json.member("last_ns", anomaly.last.time_ns);
  json.member("count", anomaly.count);
  json.member("confidence", to_string(anomaly.confidence));
  write_evidence(json, anomaly.evidence);
  write_considered(json, anomaly.considered);
  json.member("explanation", std::string_view(explanation_of(anomaly)));
  json.end_object();
}

}  // namespace tapdeck

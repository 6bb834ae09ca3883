#include "tools/tapdeck/json_compare.h"

#include <algorithm>

#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace tapdeck {
namespace {

using Value = rapidjson::Value;

constexpr std::size_t longest_value = 160;

std::string text_of(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  value.Accept(writer);
  std::string text(buffer.GetString(), buffer.GetSize());
  if (text.size() > longest_value) text = text.substr(0, longest_value) + "...";
  return text;
}

std::string name_of_member(const Value& name) { return {name.GetString(), name.GetStringLength()}; }

class Comparison {
 public:
  explicit Comparison(std::size_t limit) : x_limit(limit) {}

  // Documents that people can write are nested a few levels; the reader itself bounds the depth.
  // NOLINTNEXTLINE(misc-no-recursion)
  void compare(const std::string& path, const Value& expected, const Value& found) {
    if (x_differences.size() >= x_limit) return;
    if (expected.IsObject() && found.IsObject()) {
      compare_objects(path, expected, found);
    } else if (expected.IsArray() && found.IsArray()) {
      compare_arrays(path, expected, found);
    } else if (expected != found) {
      note(path, text_of(expected), text_of(found));
    }
  }

  std::vector<JsonDifference> take() { return std::move(x_differences); }

 private:
  // NOLINTNEXTLINE(misc-no-recursion)
  void compare_objects(const std::string& path, const Value& expected, const Value& found) {
    const std::string prefix = path.empty() ? "" : path + ".";
    for (const auto& member : expected.GetObject()) {
      const std::string below = prefix + name_of_member(member.name);
      const auto other = found.FindMember(member.name);
      if (other == found.MemberEnd()) {
        note(below, text_of(member.value), "nothing");
      } else {
        compare(below, member.value, other->value);
      }
    }
    for (const auto& member : found.GetObject()) {
      if (expected.HasMember(member.name)) continue;
      note(prefix + name_of_member(member.name), "nothing", text_of(member.value));
    }
  }

  // NOLINTNEXTLINE(misc-no-recursion)
  void compare_arrays(const std::string& path, const Value& expected, const Value& found) {
    const rapidjson::SizeType common = std::min(expected.Size(), found.Size());
    for (rapidjson::SizeType i = 0; i < common; ++i) {
      compare(fmt::format("{}[{}]", path, i), expected[i], found[i]);
    }
    for (rapidjson::SizeType i = common; i < expected.Size(); ++i) {
      note(fmt::format("{}[{}]", path, i), text_of(expected[i]), "nothing");
    }
    for (rapidjson::SizeType i = common; i < found.Size(); ++i) {
      note(fmt::format("{}[{}]", path, i), "nothing", text_of(found[i]));
    }
  }

  void note(const std::string& path, const std::string& expected, const std::string& found) {
    if (x_differences.size() < x_limit) x_differences.push_back({path, expected, found});
  }

  std::size_t x_limit;
  std::vector<JsonDifference> x_differences;
};

/// Empty if it is JSON.
std::string mistake_in(const rapidjson::Document& document) {
  if (!document.HasParseError()) return {};
  return fmt::format("no JSON: {} at octet {}",
                     rapidjson::GetParseError_En(document.GetParseError()),
                     document.GetErrorOffset());
}

}  // namespace

std::vector<JsonDifference> compare_json(const std::string& expected, const std::string& found,
                                         std::size_t limit) {
  constexpr unsigned flags = rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag;
  rapidjson::Document expected_document;
  rapidjson::Document found_document;
  expected_document.Parse<flags>(expected.data(), expected.size());
  found_document.Parse<flags>(found.data(), found.size());
  const std::string expected_mistake = mistake_in(expected_document);
  const std::string found_mistake = mistake_in(found_document);
  if (!expected_mistake.empty() || !found_mistake.empty()) {
    return {{"", expected_mistake.empty() ? "a document" : expected_mistake,
             found_mistake.empty() ? "a document" : found_mistake}};
  }
  Comparison comparison(limit);
  comparison.compare("", expected_document, found_document);
  return comparison.take();
}

}  // namespace tapdeck

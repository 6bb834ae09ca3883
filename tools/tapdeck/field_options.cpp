#include "tools/tapdeck/field_options.h"

#include <algorithm>

#include <fmt/format.h>

#include "analyzer/report/packet_field_catalogue.h"
#include "analyzer/report/packet_fields.h"
#include "dissectors/registry.h"
#include "tools/tapdeck/field_words.h"
#include "tools/tapdeck/output.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

static_assert(std::ranges::is_sorted(field_words));

bool is_protocol(std::string_view name) {
  return std::ranges::find(registry::names, name) != registry::names.end();
}

bool is_known(std::string_view name) {
  if (std::ranges::find(general_fields(), name, &GeneralField::name) != general_fields().end()) {
    return true;
  }
  const std::size_t dot = name.find('.');
  return dot != std::string_view::npos && is_protocol(name.substr(0, dot)) &&
         std::ranges::binary_search(field_words, name.substr(dot + 1));
}

std::vector<std::string> all_names() {
  std::vector<std::string> names;
  for (const GeneralField& field : general_fields()) names.emplace_back(field.name);
  std::ranges::move(whole_catalogue(), std::back_inserter(names));
  return names;
}

}  // namespace

std::vector<std::string> chosen_fields(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    names.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  for (const std::string& name : names) {
    if (is_known(name)) continue;
    throw Failure(ExitCode::usage,
                  fmt::format("--fields: no field '{}'{}\n'--fields help' lists them all.",
                              shown(name), did_you_mean(name, all_names())));
  }
  return names;
}

ExitCode list_fields() {
  Output output;
  for (const GeneralField& field : general_fields()) {
    output.write(fmt::format("{:<18}{}\n", field.name, field.help));
  }
  for (const std::string& name : whole_catalogue()) output.write(name + "\n");
  output.write("Options that are rarely met have fields besides these; -v shows their names.\n");
  output.close();
  return ExitCode::fine;
}

}  // namespace tapdeck

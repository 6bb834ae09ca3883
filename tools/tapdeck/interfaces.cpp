// tapdeck interfaces: what can be captured on.
#include "captures/interfaces.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/report/json_output.h"
#include "tools/tapdeck/command.h"
#include "tools/tapdeck/options.h"
#include "tools/tapdeck/output.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

constexpr std::string_view help =
    "Lists what can be captured on: its name as -i takes it, its state, the link types of\n"
    "its packets as far as this user may ask for them, its addresses.";

std::vector<std::string> link_type_words(const Interface& interface) {
  std::vector<std::string> words;
  if (!interface.up) return words;
  for (const LinkType link_type : link_types_of(interface.name)) {
    words.push_back(to_string(link_type));
  }
  return words;
}

std::string state_text(const Interface& interface) {
  std::string text = interface.up ? "up" : "down";
  if (interface.up && !interface.running) text += ", no carrier";
  if (interface.loopback) text += ", loopback";
  if (interface.wireless) text += ", wireless";
  return text;
}

void write_text(ByteSink& sink, const Interface& interface) {
  sink.write(fmt::format("{:<16} {:<20} {}\n", shown(interface.name), state_text(interface),
                         fmt::join(link_type_words(interface), ", ")));
  if (!interface.description.empty()) {
    sink.write(fmt::format("    {}\n", shown(interface.description)));
  }
  for (const std::string& address : interface.addresses) sink.write("    " + address + "\n");
}

void write_list(JsonOutput& json, std::string_view name, const std::vector<std::string>& texts) {
  json.key(name);
  json.begin_array();
  for (const std::string& text : texts) json.value(std::string_view(text));
  json.end_array();
}

void write_json(JsonOutput& json, const Interface& interface) {
  json.begin_object();
  json.member("name", interface.name);
  json.member("description", interface.description);
  json.member("up", interface.up);
  json.member("running", interface.running);
  json.member("loopback", interface.loopback);
  json.member("wireless", interface.wireless);
  write_list(json, "link_types", link_type_words(interface));
  write_list(json, "addresses", interface.addresses);
  json.end_object();
}

}  // namespace

ExitCode run_interfaces(const Arguments& arguments) {
  CommandOptions options("interfaces", "[options]", help);
  options.add("format", "NAME", "text (the default) or json");
  if (!options.parse(arguments)) return ExitCode::fine;
  if (!options.words().empty()) {
    throw Failure(ExitCode::usage, "interfaces takes no names: it lists all");
  }
  const std::string format = options.value("format", "text");
  require_one_of("format", format, {"text", "json"});
  Output output;
  const std::vector<Interface> interfaces = list_interfaces();
  if (format == "json") {
    JsonOutput json(output, JsonLayout::indented);
    json.begin_array();
    for (const Interface& interface : interfaces) write_json(json, interface);
    json.end_array();
    json.end_document();
  } else {
    for (const Interface& interface : interfaces) write_text(output, interface);
  }
  output.close();
  return ExitCode::fine;
}

}  // namespace tapdeck

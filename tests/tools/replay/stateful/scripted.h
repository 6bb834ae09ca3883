// Scripts for tests: read from a story of segments, or put together step by step.
#pragma once

#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/scenario_frames.h"
#include "tools/replay/stateful/script_reader.h"
#include "tools/replay/stateful/script_turns.h"

namespace tapdeck::test {

/// Reads a story as in tests/scenarios/README.md, without what it expects of segments.
inline ScriptBuilder scripts_told(const std::string& story, const ScriptOptions& options = {},
                                  Variant variant = Variant::plain) {
  std::istringstream lines(story);
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    const bool is_packet = line.find(" > ") != line.npos || line.find(" < ") != line.npos;
    text += line + (is_packet ? " =>\n" : "\n");
  }
  const std::vector<ScenarioFrame> frames = frames_of(read_scenario("story", text), variant);
  PacketBatch batch;
  for (const ScenarioFrame& frame : frames) {
    Packet packet;
    packet.number = batch.packets.size() + 1;
    packet.time_ns = frame.time_ns;
    packet.wire_length = frame.wire_octets;
    packet.bytes = frame.bytes;
    batch.packets.push_back(packet);
  }
  ScriptReader reader(options);
  reader.add(batch);
  reader.finish();
  return std::move(reader.builder());
}

/// Likewise, of a story that makes one script.
inline Script script_told(const std::string& story, const ScriptOptions& options = {},
                          Variant variant = Variant::plain) {
  std::vector<Script> scripts = scripts_told(story, options, variant).take();
  if (scripts.size() != 1) throw std::logic_error("the story makes no single script");
  return std::move(scripts.front());
}

inline std::string text_of(const SideScript& side) {
  std::string text;
  for (const std::byte octet : side.octets) text += static_cast<char>(octet);
  return text;
}

/// Both sides in turns: what a side says, it says when it has heard all that was said before.
class Dialogue {
 public:
  Dialogue& says(Side side, std::string_view text, std::int64_t think_ns = 0) {
    SideScript& own = side_of(side);
    add(side, {.action = StepAction::send,
               .ends_write = true,
               .begin = own.length,
               .octets = text.size(),
               .think_ns = think_ns});
    for (const char letter : text) own.octets.push_back(static_cast<std::byte>(letter));
    own.length += text.size();
    return *this;
  }
  Dialogue& finishes(Side side) {
    add(side, {.action = StepAction::finish, .begin = side_of(side).length});
    side_of(side).finishes = true;
    return *this;
  }
  Dialogue& resets(Side side) {
    add(side, {.action = StepAction::reset, .begin = side_of(side).length});
    side_of(side).resets = true;
    return *this;
  }

  [[nodiscard]] Script script() const {
    Script script = x_script;
    script.id = 1;
    for (const Side side : {Side::client, Side::server}) {
      script.sides[index_of(side)].heard = units(other(side));
    }
    mark_turns(script);
    return script;
  }

 private:
  SideScript& side_of(Side side) { return x_script.sides[index_of(side)]; }
  [[nodiscard]] std::uint64_t units(Side side) const {
    const SideScript& said = x_script.of(side);
    return said.length + (said.finishes ? 1 : 0);
  }
  void add(Side side, ScriptStep step) {
    step.needs = units(other(side));
    side_of(side).steps.push_back(step);
  }

  Script x_script;
};

}  // namespace tapdeck::test

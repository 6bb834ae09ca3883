// Reads the text of a scenario, line by line.
#include <algorithm>
#include <functional>
#include <utility>

#include "dissectors/tcp.h"
#include "tests/support/scenario_attributes.h"
#include "tests/support/scenario_repeat.h"

namespace tapdeck::test {
namespace {

class Reader {
 public:
  explicit Reader(const std::string& file) { x_scenario.file = file; }

  void line(const ScenarioLine& line);
  Scenario finish();

 private:
  /// What each side of each connection has sent, and how.
  struct Sides {
    std::array<std::int64_t, 2> next{0, 0};
    std::array<std::uint32_t, 2> flow_labels{0, 0};
  };

  void packet(ScenarioWords& words);
  void segment(ScenarioWords& words, ScenarioPacket& packet);
  void copy(ScenarioWords& words, ScenarioPacket& packet);
  void icmp_error(ScenarioWords& words, ScenarioPacket& packet);
  void sequence(ScenarioWords& words, ScenarioPacket& packet);
  void attribute(ScenarioWords& words, ScenarioPacket& packet);
  void expectation(ScenarioWords& words, ScenarioPacket& packet);
  void settle(const ScenarioWords& words, ScenarioPacket& packet);
  std::size_t stepped_ends(std::size_t base);
  void directive(ScenarioWords& words);
  void variants(ScenarioWords& words, bool only);
  void ends(ScenarioWords& words);
  void anomaly(ScenarioWords& words, bool wanted);
  std::size_t frame(ScenarioWords& words);
  CountExpectation count(ScenarioWords& words, std::string name);
  Sides& sides(const ScenarioPacket& packet) {
    return x_sides.resize(std::max(x_sides.size(), packet.ends + 1)), x_sides[packet.ends];
  }

  Scenario x_scenario;
  std::size_t x_line = 0;
  std::int64_t x_time_ns = 0;
  std::array<std::uint16_t, 2> x_windows{0xffff, 0xffff};
  std::vector<Sides> x_sides;
  std::array<std::uint16_t, 2> x_port_steps{0, 0};
  bool x_seq_given = false, x_options_given = false, x_acks_all = false;
};

void Reader::line(const ScenarioLine& line) {
  x_line = line.number;
  x_port_steps = line.port_steps;
  ScenarioWords words(x_scenario.at(x_line), line.text);
  if (words.empty() || words.peek().starts_with('#')) return;
  const char first = words.peek().front();
  if (first == '+' || first == '-' || first == '.' || (first >= '0' && first <= '9')) {
    packet(words);
  } else {
    directive(words);
  }
  if (!words.empty()) words.fail("more than was expected: " + words.take_rest());
}

void Reader::packet(ScenarioWords& words) {
  ScenarioPacket packet;
  packet.line = x_line;
  packet.time_ns = x_time_ns = time_of(words, words.take("a time"), x_time_ns);
  x_seq_given = x_options_given = x_acks_all = false;
  if (words.take_if("copy")) {
    copy(words, packet);
  } else {
    const std::string direction = words.take("> or <");
    if (direction != ">" && direction != "<") words.fail("no direction: " + direction);
    packet.from_client = direction == ">";
    packet.window = x_windows[packet.from_client ? 0 : 1];
    if (words.take_if("icmp")) {
      icmp_error(words, packet);
    } else {
      segment(words, packet);
    }
  }
  while (!words.empty() && words.peek() != "=>") attribute(words, packet);
  expectation(words, packet);
  if (packet.kind == ScenarioPacket::Kind::segment) settle(words, packet);
  x_scenario.packets.push_back(std::move(packet));
}

void Reader::segment(ScenarioWords& words, ScenarioPacket& packet) {
  packet.flags = flags_of(words, words.take("flags"));
  const std::string next = words.peek();
  if (next.starts_with('+')) {
    packet.payload_octets =
        static_cast<std::uint32_t>(words.take_number("how many octets come next", 0xffff));
  } else if (next.find(':') != std::string::npos && next.front() != '<') {
    sequence(words, packet);
  }
  if (words.take_if("ack")) {
    if ((packet.flags & TcpFlags::ack) == 0) words.fail("ack without the flag '.'");
    x_acks_all = words.take_if("all");
    if (!x_acks_all) packet.ack = number_of(words, words.take("a number"));
  } else if ((packet.flags & TcpFlags::ack) != 0) {
    words.fail("the flag '.' without ack");
  }
}

/// "101:201(100)"
void Reader::sequence(ScenarioWords& words, ScenarioPacket& packet) {
  const std::string text = words.take("seq");
  const std::size_t colon = text.find(':');
  const std::size_t open = text.find('(');
  if (open == std::string::npos || open < colon || text.back() != ')') {
    words.fail("a sequence is written first:last(octets), not " + text);
  }
  const std::string_view view(text);
  packet.seq = number_of(words, view.substr(0, colon));
  const std::int64_t last = number_of(words, view.substr(colon + 1, open - colon - 1));
  const std::int64_t octets = number_of(words, view.substr(open + 1, text.size() - open - 2));
  if (octets < 0 || octets > 0xffff || last - packet.seq != octets) {
    words.fail("first, last and octets contradict each other: " + text);
  }
  packet.payload_octets = static_cast<std::uint32_t>(octets);
  x_seq_given = true;
}

void Reader::copy(ScenarioWords& words, ScenarioPacket& packet) {
  const bool named = !words.empty() && words.peek().front() >= '0' && words.peek().front() <= '9';
  if (!named && x_scenario.packets.empty()) words.fail("there is no frame to copy yet");
  const std::size_t about = named ? frame(words) : x_scenario.packets.size() - 1;
  const std::int64_t time_ns = packet.time_ns;
  packet = x_scenario.packets[about];
  if (packet.kind == ScenarioPacket::Kind::icmp_error) words.fail("only segments are copied");
  packet.kind = ScenarioPacket::Kind::copy;
  packet.line = x_line;
  packet.time_ns = time_ns;
  packet.about = about;
  packet.expected = {};
}

/// "icmp unreachable_host quotes 3"
void Reader::icmp_error(ScenarioWords& words, ScenarioPacket& packet) {
  packet.kind = ScenarioPacket::Kind::icmp_error;
  packet.icmp_error = words.take("the ICMP error's name");
  if (!words.take_if("quotes")) words.fail("an ICMP error quotes a frame");
  packet.about = frame(words);
  if (x_scenario.packets[packet.about].from_client == packet.from_client) {
    words.fail("an ICMP error goes to the sender of what it quotes");
  }
  packet.ends = x_scenario.packets[packet.about].ends;
}

/// The number of a frame before this one, from 1, as an index.
std::size_t Reader::frame(ScenarioWords& words) {
  const std::uint64_t number = words.take_number("a frame's number", x_scenario.packets.size());
  if (number == 0) words.fail("frames are counted from 1");
  return number - 1;
}

void Reader::attribute(ScenarioWords& words, ScenarioPacket& packet) {
  const std::string name = words.take("an attribute");
  if (name.front() == '<') {
    packet.options = options_of(words, name);
    x_options_given = true;
  } else if (name == "conn") {
    const std::string wanted = words.take("a connection's name");
    const auto found = std::ranges::find(x_scenario.ends, wanted, &ScenarioEnds::name);
    if (found == x_scenario.ends.end()) words.fail("no such connection: " + wanted);
    packet.ends = static_cast<std::size_t>(found - x_scenario.ends.begin());
  } else {
    take_attribute(words, packet, name);
  }
}

/// "=> in_order,syn states SYN_SENT UNKNOWN"
void Reader::expectation(ScenarioWords& words, ScenarioPacket& packet) {
  if (!words.take_if("=>")) words.fail("no => with what is expected");
  while (!words.empty()) {
    if (words.take_if("states")) {
      const std::string client = words.take("the client's state");
      packet.expected.states = {client, words.take("the server's state")};
      return;
    }
    const std::string text = words.take("a word") + ",";
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = text.find(',', begin);
      if (end != begin && !packet.expected.words.insert(text.substr(begin, end - begin)).second) {
        words.fail("said twice: " + text.substr(begin, end - begin));
      }
      begin = end + 1;
    }
  }
}

/// What is left out follows from what was sent before.
void Reader::settle(const ScenarioWords& words, ScenarioPacket& packet) {
  packet.ends = stepped_ends(packet.ends);
  std::int64_t& next = sides(packet).next[packet.from_client ? 0 : 1];
  std::uint32_t& flow_label = sides(packet).flow_labels[packet.from_client ? 0 : 1];
  flow_label = packet.flow_label.value_or(flow_label);
  packet.flow_label = flow_label;
  if (x_acks_all) packet.ack = sides(packet).next[packet.from_client ? 1 : 0];
  const bool opens = (packet.flags & TcpFlags::syn) != 0;
  const bool takes_space = opens || (packet.flags & TcpFlags::fin) != 0;
  if (!x_seq_given) {
    if (takes_space) words.fail("SYN and FIN need their sequence: first:last(octets)");
    packet.seq = next;
  }
  if (opens && !x_options_given) packet.options = {{.kind = 2, .values = {1460}}};
  if ((packet.flags & TcpFlags::rst) != 0) return;
  next = std::max(next, packet.seq + packet.payload_octets + (opens ? 1 : 0) +
                            ((packet.flags & TcpFlags::fin) != 0 ? 1 : 0));
}

/// The same connection between other ports, in a repeated line that asks for them.
std::size_t Reader::stepped_ends(std::size_t base) {
  const auto [client_step, server_step] = x_port_steps;
  if (client_step + server_step == 0) return base;
  ScenarioEnds stepped = x_scenario.ends[base];
  stepped.name += "+" + std::to_string(client_step) + "+" + std::to_string(server_step);
  stepped.ports[0] = static_cast<std::uint16_t>(stepped.ports[0] + client_step);
  stepped.ports[1] = static_cast<std::uint16_t>(stepped.ports[1] + server_step);
  const auto found = std::ranges::find(x_scenario.ends, stepped.name, &ScenarioEnds::name);
  if (found != x_scenario.ends.end()) {
    return static_cast<std::size_t>(found - x_scenario.ends.begin());
  }
  x_scenario.ends.push_back(stepped);
  return x_scenario.ends.size() - 1;
}

void Reader::directive(ScenarioWords& words) {
  const std::string name = words.take("a directive");
  if (name == "only:" || name == "not:") {
    variants(words, name == "only:");
  } else if (name == "conn") {
    ends(words);
  } else if (name == "win") {
    for (auto& window : x_windows) {
      window = static_cast<std::uint16_t>(words.take_number("win", 0xffff));
    }
  } else if (name == "ip_ids") {
    for (auto& way : x_scenario.ip_ids) {
      way = words.take("how IP IDs are set");
      if (way != "counting" && way != "zero" && way != "random") words.fail("no such way: " + way);
    }
  } else if (name == "connections") {
    x_scenario.connections = count(words, name);
  } else if (name == "hygiene") {
    x_scenario.hygiene.push_back(count(words, words.take("a counter's name")));
  } else if (name == "anomaly") {
    anomaly(words, true);
  } else if (name == "no" && words.take_if("anomaly")) {
    anomaly(words, false);
  } else if (name == "no" && words.take_if("anomalies")) {
    x_scenario.anomalies.push_back({.line = x_line, .wanted = false});
  } else {
    words.fail("no such directive: " + name);
  }
}

/// "not: ipv6 because only the IP ID tells"
void Reader::variants(ScenarioWords& words, bool only) {
  std::set<Variant> named;
  while (!words.empty() && words.peek() != "because") {
    const std::string word = words.take("a variant");
    if (only && word == "ipv4") {
      named.insert({Variant::plain, Variant::wrapped, Variant::swapped, Variant::shifted});
      continue;
    }
    const auto* found =
        std::ranges::find(all_variants, word, [](Variant v) { return to_string(v); });
    if (found == all_variants.end()) words.fail("no such variant: " + word);
    named.insert(*found);
  }
  if (named.empty()) words.fail("it names no variant");
  if (!words.take_if("because")) words.fail("a variant left out needs its reason: because ...");
  const std::string reason = words.take_rest();
  if (reason.empty()) words.fail("a variant left out needs its reason: because ...");
  for (const Variant variant : all_variants) {
    if (named.contains(variant) != only) x_scenario.left_out.emplace(variant, reason);
  }
}

/// "conn NAME [addresses A B] [ports C S] [isn C S]"; the name "first" is what lines have unasked.
void Reader::ends(ScenarioWords& words) {
  ScenarioEnds fresh;
  fresh.name = words.take("a connection's name");
  const bool is_first = fresh.name == "first";
  if (!x_scenario.packets.empty()) words.fail("connections are named before the first packet");
  if (!is_first && std::ranges::count(x_scenario.ends, fresh.name, &ScenarioEnds::name) != 0) {
    words.fail("there are two connections " + fresh.name);
  }
  while (!words.empty()) {
    if (words.take_if("addresses")) {
      for (auto& address : fresh.addresses) address = words.take("an address");
    } else if (words.take_if("ports")) {
      for (auto& port : fresh.ports) {
        port = static_cast<std::uint16_t>(words.take_number("a port", 0xffff));
      }
    } else if (words.take_if("isn")) {
      for (auto& number : fresh.initial_numbers) {
        number = static_cast<std::uint32_t>(words.take_number("isn", 0xffff'ffff));
      }
    } else {
      words.fail("a connection has addresses, ports and isn, no " + words.peek());
    }
  }
  if (is_first) {
    x_scenario.ends.front() = fresh;
  } else {
    x_scenario.ends.push_back(fresh);
  }
}

/// "anomaly TYPE [SEVERITY] [DIRECTION]"
void Reader::anomaly(ScenarioWords& words, bool wanted) {
  static const std::set<std::string> severities{"error", "warning", "note", "info"};
  static const std::set<std::string> directions{"client_to_server", "server_to_client", "both"};
  AnomalyExpectation expected{.line = x_line, .wanted = wanted, .type = words.take("a type")};
  while (!words.empty()) {
    const std::string word = words.take("a severity or direction");
    if (severities.contains(word)) {
      expected.severity = word;
    } else if (directions.contains(word)) {
      expected.direction = word;
    } else {
      words.fail("no severity or direction: " + word);
    }
  }
  x_scenario.anomalies.push_back(expected);
}

CountExpectation Reader::count(ScenarioWords& words, std::string name) {
  const std::uint64_t value = words.take_number("a count", 1'000'000);
  return {.line = x_line, .name = std::move(name), .value = value};
}

Scenario Reader::finish() {
  if (x_scenario.packets.empty()) {
    throw ScenarioError(x_scenario.at(x_line) + ": the scenario has no packets");
  }
  return std::move(x_scenario);
}

}  // namespace

Scenario read_scenario(const std::string& file, const std::string& text) {
  Reader reader(file);
  for (const ScenarioLine& line : repeated_lines(file, text)) reader.line(line);
  return reader.finish();
}

}  // namespace tapdeck::test

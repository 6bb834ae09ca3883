// tapdeck-lab-link-emulator: a link between two hosts that treats frames as badly as it is told,
// records them at both ends, and writes down what became of each.
#include <boost/program_options.hpp>
#include <cstdlib>
#include <string>

#include <fmt/format.h>
#include <sys/prctl.h>

#include "captures/failure.h"
#include "tools/guarded_main.h"
#include "tools/lab/link/link.h"
#include "tools/lab/link/settings.h"
#include "tools/lab/link/stop_signal.h"

namespace tapdeck {
namespace {

namespace options = boost::program_options;

constexpr std::string_view help =
    "Usage: tapdeck-lab-link-emulator --client NAMESPACE:INTERFACE --server NAMESPACE:INTERFACE\n"
    "           --into DIR [--up WORDS] [--down WORDS] [--seed N] [--vary] [--offloads]\n"
    "           [--missing-of client|server] [--misses WORDS] [--snap N]\n\n"
    "Makes a tap interface in each of two network namespaces and carries frames between them "
    "until\n"
    "SIGTERM or SIGINT. Then DIR holds client.pcap and server.pcap, as captured at either host,\n"
    "missing.pcap, a copy of one of them that misses frames, and truth.tsv, a line a frame.\n\n"
    "WORDS of --up (from the client to the server) and --down; times in milliseconds, shares in\n"
    "percent of the TCP frames; a number of ranges is joined by commas:\n"
    "  delay=MS  jitter=MS  ordered  loss=%  burst=FRAMES  reorder=%:MS-MS  duplicate=%:MS-MS\n"
    "  rate=MBIT  queue=OCTETS  blackout=MS-MS[,...]  drop=ORDINALS[,...]\n"
    "--vary multiplies delays, shares and rates by numbers from 0.6 to 1.6 that hang on the seed.\n"
    "WORDS of --misses:  single=%  burst=%:FRAMES\n\n"
    "Exit codes: 0 recorded, 1 usage, 4 output can't be written, 5 no permission.\n";

HostEnd parse_end(const std::string& text) {
  const std::vector<std::string> parts = split_at(text, ':');
  if (parts.size() != 2) throw Failure(ExitCode::usage, "expected NAMESPACE:INTERFACE: " + text);
  return {.network_namespace = parts[0], .interface = parts[1]};
}

LinkOptions parse(int count, char** words) {
  LinkOptions chosen;
  std::string client;
  std::string server;
  std::string up;
  std::string down;
  std::string missing_of = "server";
  bool vary = false;
  options::options_description named;
  auto add = named.add_options();
  add("client", options::value(&client)->required());
  add("server", options::value(&server)->required());
  add("into", options::value(&chosen.recorder.folder)->required());
  add("up", options::value(&up));
  add("down", options::value(&down));
  add("seed", options::value(&chosen.seed));
  add("vary", options::bool_switch(&vary));
  add("offloads", options::bool_switch(&chosen.offloads));
  add("missing-of", options::value(&missing_of));
  add("misses", options::value(&chosen.recorder.misses));
  add("snap", options::value(&chosen.recorder.snap_length));
  options::variables_map values;
  options::store(options::parse_command_line(count, words, named), values);
  options::notify(values);
  chosen.client = parse_end(client);
  chosen.server = parse_end(server);
  chosen.up = parse_impairment(up);
  chosen.down = parse_impairment(down);
  if (vary) {
    TrafficRandom random(scramble(chosen.seed) + 4);
    for (Impairment* impairment : {&chosen.up, &chosen.down}) vary_impairment(*impairment, random);
  }
  chosen.recorder.seed = chosen.seed;
  chosen.recorder.missing_of = missing_of == "client" ? CapturePoint::client : CapturePoint::server;
  return chosen;
}

int run(int count, char** words) {
  if (count == 2 && std::string_view(words[1]) == "--help") {
    fmt::print("{}", help);
    return EXIT_SUCCESS;
  }
  const LinkOptions chosen = parse(count, words);
  const int stop = open_stop_signal();
  prctl(PR_SET_TIMERSLACK, 1UL);
  Link link(chosen);
  fmt::print(stderr, "the link is there\n");
  link.run(stop);
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace tapdeck

int main(int count, char** words) {
  return tapdeck::guarded_main("tapdeck-lab-link-emulator", tapdeck::ExitCode::usage,
                               [=] { return tapdeck::run(count, words); });
}

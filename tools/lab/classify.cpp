// tapdeck-lab-classify: from the fates of a recording's frames to what each captured frame is.
#include <array>
#include <cstdlib>
#include <string>

#include <fmt/format.h>

#include "captures/failure.h"
#include "tools/guarded_main.h"
#include "tools/lab/truth/frame_class.h"
#include "tools/lab/truth/receiver.h"
#include "tools/lab/truth/recording.h"

namespace tapdeck {
namespace {

constexpr std::string_view help =
    "Usage: tapdeck-lab-classify DIR\n\n"
    "Reads a recording of tools/lab/record-link and writes classes_client.tsv, classes_server.tsv\n"
    "and classes_missing.tsv into it: what each captured TCP frame is. Prints how many segments\n"
    "each receiver threw away, a line a host: HOST, tab, PAWSEstab, tab, beyond its window.\n\n"
    "Exit codes: 0 done, 1 usage, 2 no recording, 4 output can't be written.\n";

int run(int count, char** words) {
  if (count != 2) throw Failure(ExitCode::usage, "expected one folder (see --help)");
  const std::string folder = words[1];
  if (folder == "--help") {
    fmt::print("{}", help);
    return EXIT_SUCCESS;
  }
  Recording recording = read_recording(folder);
  for (const Way way : {Way::up, Way::down}) {
    const ReceiverCounts counts = judge_deliveries(recording, way);
    fmt::print("{}\t{}\t{}\n", to_string(receiver_of(way)), counts.old_timestamps,
               counts.beyond_window);
  }
  find_needless_repeats(recording);
  for (const CapturePoint point : capture_points) {
    write_classes(fmt::format("{}/classes_{}.tsv", folder, to_string(point)),
                  classify(recording, point));
  }
  return EXIT_SUCCESS;
}

}  // namespace
}  // namespace tapdeck

int main(int count, char** words) {
  return tapdeck::guarded_main("tapdeck-lab-classify", tapdeck::ExitCode::unreadable_input,
                               [=] { return tapdeck::run(count, words); });
}

#include "tools/tapdeck/netstat_output.h"

#include <fmt/format.h>

#include "analyzer/report/netstat_table.h"
#include "analyzer/report/quantity.h"
#include "tools/tapdeck/netstat_options.h"
#include "tools/tapdeck/terminal.h"

namespace tapdeck {

NetstatOutput::NetstatOutput(const CommandOptions& options, const std::vector<CaptureInfo>& inputs,
                             FileOpener& opener)
    : x_view(chosen_view(options)),
      x_is_json(options.value("format", "text") == "json"),
      x_repeats(options.has("watch")),
      x_style(style_for(look_at_terminal(), options.color(), options.has("output"))),
      x_output(options.value("output"), opener, inputs) {}

void NetstatOutput::write(const ConnectionTable& table) {
  if (x_is_json) {
    JsonOutput json(x_output, x_repeats ? JsonLayout::one_line : JsonLayout::indented);
    write_netstat_json(table, x_view, json);
  } else {
    if (!x_is_first) x_output.write("\n");
    write_netstat_text(table, x_view, x_style, x_output);
  }
  x_is_first = false;
  x_output.flush();
}

void say_left_out(const ConnectionTable& table) {
  if (table.left_out == 0) return;
  complain(fmt::format("{} did not fit into what is kept of hosts and sockets",
                       count_of(table.left_out, "detail")));
}

}  // namespace tapdeck

// Where tables of netstat go, in the format that the options ask for.
#pragma once

#include <vector>

#include "analyzer/netstat/connection_table.h"
#include "analyzer/report/json_output.h"
#include "analyzer/report/netstat_view.h"
#include "captures/capture_info.h"
#include "tools/tapdeck/options.h"
#include "tools/tapdeck/output.h"

namespace tapdeck {

class NetstatOutput {
 public:
  explicit NetstatOutput(const CommandOptions& options, const std::vector<CaptureInfo>& inputs = {},
                         FileOpener& opener = own_rights());

  /// Tables that follow each other are a blank line apart; as json each is one line.
  void write(const ConnectionTable& table);
  void close() { x_output.close(); }

 private:
  NetstatView x_view;
  bool x_is_json;
  bool x_repeats;
  bool x_is_first = true;
  Style x_style;
  Output x_output;
};

/// What didn't fit into the table's bounds, on standard error.
void say_left_out(const ConnectionTable& table);

}  // namespace tapdeck

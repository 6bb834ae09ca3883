// Where a command's data and its words for people go.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/report/writer.h"
#include "captures/capture_info.h"
#include "captures/failure.h"
#include "captures/file_opener.h"

namespace tapdeck {

/// The reader of standard output went away (`| head`): the program ends quietly.
struct ClosedPipe {};

/// Standard output or a file, buffered. What can't be written is Failure(unwritable_output).
class Output final : public ByteSink {
 public:
  /// Standard output.
  Output() = default;

  /// Creates or empties a file; "" and "-" are standard output. What is one of `inputs` is refused
  /// as a mistake of usage: writing to it would destroy what is to be read.
  explicit Output(const std::string& path, FileOpener& opener = own_rights(),
                  const std::vector<CaptureInfo>& inputs = {});

  ~Output() override;

  void write(std::string_view bytes) override;

  /// Hands on what is buffered.
  void flush();

  /// To be called when all has been written: only then is it known that nothing was lost.
  void close();

 private:
  [[noreturn]] void fail(int error) const;

  std::string x_name = "standard output";
  int x_descriptor = 1;
  std::string x_buffer;
};

/// "tapdeck: MESSAGE" on standard error, with nothing in it that a terminal would obey.
void complain(std::string_view message);

}  // namespace tapdeck

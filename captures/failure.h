// Failures of the environment: thrown where they happen, caught once in main. Bad data is never
// one.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace tapdeck {

/// The documented exit codes of the program.
enum class ExitCode : std::uint8_t {
  fine = 0,
  usage = 1,
  unreadable_input = 2,
  damaged_input = 3,
  unwritable_output = 4,
  no_permission = 5,
  findings = 6,
  packets_dropped = 7,
};

class Failure : public std::runtime_error {
 public:
  Failure(ExitCode exit_code, const std::string& message)
      : std::runtime_error(message), x_exit_code(exit_code) {}

  [[nodiscard]] ExitCode exit_code() const { return x_exit_code; }

 private:
  ExitCode x_exit_code;
};

}  // namespace tapdeck

// What every main() of a program for developers does: runs it, and if it fails says under its name
// why.
#pragma once

#include <boost/program_options/errors.hpp>
#include <exception>
#include <string_view>

#include <fmt/format.h>

#include "captures/failure.h"

namespace tapdeck {

/// The exit code of `run()`; of a mistake in the options ExitCode::usage, and `otherwise` for what
/// throws no Failure of its own.
template <class Run>
int guarded_main(std::string_view program, ExitCode otherwise, Run run) {
  try {
    return run();
  } catch (const Failure& failure) {
    fmt::print(stderr, "{}: {}\n", program, failure.what());
    return static_cast<int>(failure.exit_code());
  } catch (const boost::program_options::error& mistake) {
    fmt::print(stderr, "{}: {} (see --help)\n", program, mistake.what());
    return static_cast<int>(ExitCode::usage);
  } catch (const std::exception& failure) {
    fmt::print(stderr, "{}: {}\n", program, failure.what());
    return static_cast<int>(otherwise);
  }
}

}  // namespace tapdeck

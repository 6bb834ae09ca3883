// How many files the program may have open.
#pragma once

#include <algorithm>
#include <cstddef>

#include <sys/resource.h>

namespace tapdeck {

/// Raises this process's limit to `wanted`, as far as it may. Returns the limit then, at least 1.
inline std::size_t allow_open_files(std::size_t wanted) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1;
  limit.rlim_cur = std::max<rlim_t>(limit.rlim_cur, std::min<rlim_t>(limit.rlim_max, wanted));
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));
  static_cast<void>(::getrlimit(RLIMIT_NOFILE, &limit));
  return std::max<std::size_t>(limit.rlim_cur, 1);
}

}  // namespace tapdeck

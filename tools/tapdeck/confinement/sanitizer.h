// Whether the program was built with a sanitizer, which needs more of the system than the program.
#pragma once

namespace tapdeck {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool sanitized = true;
#elif defined(__has_feature)
inline constexpr bool sanitized = __has_feature(address_sanitizer);
#else
inline constexpr bool sanitized = false;
#endif

}  // namespace tapdeck

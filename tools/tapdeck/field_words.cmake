# Writes FIELD_WORDS: every word between quotes in the dissectors, sorted. A field's name is a literal
# there, so what isn't among these words is no field, and `--fields` may refuse it at once.
file(GLOB field_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/dissectors/*.h
     ${PROJECT_SOURCE_DIR}/dissectors/*.cpp)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${field_sources})
set(words)
foreach(source ${field_sources})
  file(READ ${source} text)
  string(REGEX MATCHALL "\"[a-z][a-z0-9_]*\"" found "${text}")
  list(APPEND words ${found})
endforeach()
list(SORT words)
list(REMOVE_DUPLICATES words)
list(JOIN words ",\n    " words)
file(CONFIGURE OUTPUT ${FIELD_WORDS} CONTENT "// Made by field_words.cmake.
#pragma once

#include <array>
#include <string_view>

namespace tapdeck {

inline constexpr auto field_words = std::to_array<std::string_view>({
    ${words}});

}  // namespace tapdeck
")

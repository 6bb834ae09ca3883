// JSON written as it is made: keys in the order of the calls, any bytes as strings, each document
// handed on when it is complete or a block is full.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "analyzer/report/writer.h"

namespace tapdeck {

enum class JsonLayout : std::uint8_t {
  indented,  // for people and for diffs
  one_line,  // a line a document
};

class JsonOutput {
 public:
  JsonOutput(ByteSink& sink, JsonLayout layout);
  ~JsonOutput();
  JsonOutput(const JsonOutput&) = delete;
  JsonOutput& operator=(const JsonOutput&) = delete;

  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  void key(std::string_view name);

  void value(bool truth);
  void value(std::uint64_t number);
  void value(std::int64_t number);
  void value(std::string_view text);
  void null();

  template <class T>
  void value(const std::optional<T>& maybe) {
    if (maybe) {
      widened(*maybe);
    } else {
      null();
    }
  }

  template <class T>
  void member(std::string_view name, const T& of) {
    key(name);
    widened(of);
  }

  /// Ends the line of a document that is complete, and hands it on.
  void end_document();

 private:
  /// Numbers of any width, and what is a string view already.
  template <class T>
  void widened(const T& of) {
    if constexpr (std::is_same_v<T, bool>) {
      value(of);
    } else if constexpr (std::is_unsigned_v<T>) {
      value(std::uint64_t{of});
    } else if constexpr (std::is_signed_v<T>) {
      value(std::int64_t{of});
    } else if constexpr (std::is_convertible_v<T, std::string_view>) {
      value(std::string_view(of));
    } else {
      value(of);
    }
  }

  struct Writers;
  std::unique_ptr<Writers> x_writers;
};

}  // namespace tapdeck

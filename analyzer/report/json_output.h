// JSON written as it is made: keys in the order of the calls, any bytes as strings, each document
// handed on when it is complete or a block is full.
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>
#include <type_traits>

#include "analyzer/report/writer.h"

namespace tapdeck {

enum class JsonLayout : std::uint8_t {
  indented,  // for people and for diffs
  one_line,  // a line a document
};

class JsonOutput {
 public:
  JsonOutput(ByteSink& sink, JsonLayout layout)
      : x_sink(sink), x_indented(layout == JsonLayout::indented) {}
  JsonOutput(const JsonOutput&) = delete;
  JsonOutput& operator=(const JsonOutput&) = delete;
  ~JsonOutput() = default;

  void begin_object() { begin('{'); }
  void end_object() { end('}'); }
  void begin_array() { begin('['); }
  void end_array() { end(']'); }
  /// Requires: nothing in the name is escaped in JSON.
  void key(std::string_view name) {
    separate();
    add_quoted(name);
    add(x_indented ? ": " : ":");
    x_place = Place::behind_key;
  }

  void value(bool truth) {
    separate();
    add(truth ? "true" : "false");
  }
  template <std::integral Number>
  void value(Number number) {
    constexpr std::size_t digits = 20;  // of the longest, or a sign and 19
    separate();
    make_room(digits);
    char* const at = x_block.data() + x_used;
    x_used = static_cast<std::size_t>(std::to_chars(at, at + digits, number).ptr - x_block.data());
  }
  void value(std::string_view text);
  void null() {
    separate();
    add("null");
  }

  template <class T>
  void value(const std::optional<T>& maybe) {
    if (maybe) {
      value(*maybe);
    } else {
      null();
    }
  }

  template <class T>
  void member(std::string_view name, const T& of) {
    key(name);
    if constexpr (std::is_convertible_v<T, std::string_view>) {
      value(std::string_view(of));
    } else {
      value(of);
    }
  }

  /// Ends the line of a document that is complete, and hands it on.
  void end_document() {
    add("\n");
    hand_on();
    x_place = Place::first;
  }

 private:
  /// Where the next value or key stands.
  enum class Place : std::uint8_t { first, behind_another, behind_key };

  void separate() {
    if (x_place == Place::behind_another) add(",");
    if (x_place != Place::behind_key && x_depth != 0 && x_indented) begin_line();
    x_place = Place::behind_another;
  }
  void begin(char bracket) {
    separate();
    add({&bracket, 1});
    ++x_depth;
    x_place = Place::first;
  }
  void end(char bracket) {
    --x_depth;
    if (x_place == Place::behind_another && x_indented) begin_line();
    add({&bracket, 1});
    x_place = Place::behind_another;
  }
  void begin_line();

  /// Requires: it is no longer than a block.
  void add(std::string_view text) {
    make_room(text.size());
    std::memcpy(x_block.data() + x_used, text.data(), text.size());
    x_used += text.size();
  }
  void add_quoted(std::string_view text) {
    make_room(text.size() + 2);
    char* const at = x_block.data() + x_used;
    at[0] = '"';
    std::memcpy(at + 1, text.data(), text.size());
    at[text.size() + 1] = '"';
    x_used += text.size() + 2;
  }
  void add_long(std::string_view text);
  void make_room(std::size_t octets) {
    if (x_used + octets > x_block.size()) hand_on();
  }
  void hand_on();

  ByteSink& x_sink;
  bool x_indented;
  Place x_place = Place::first;
  std::size_t x_depth = 0;
  std::size_t x_used = 0;
  std::array<char, 65'536> x_block;
};

}  // namespace tapdeck

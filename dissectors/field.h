// The field tree of a layer: every field with its place, value and meaning, as `packets -v` shows
// it. Made on demand, never on the hot path.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tapdeck {

/// A number, or the printed form of what is no number (an address, a list, octets in hex).
using FieldValue = std::variant<std::uint64_t, std::string>;

struct Field {
  std::string_view name;     ///< A literal: the RFC's own name in snake_case ("total_length").
  std::uint32_t offset = 0;  ///< Octets from the start of the layer's buffer (see LayerTree).
  std::uint32_t length = 0;  ///< Octets that hold the field; a bit field counts its whole octets.
  std::uint8_t depth = 0;    ///< 0: of the header; 1: part of the field before it, and so on.
  FieldValue value;
  std::string meaning;  ///< Empty where the value says it all. May hold bytes from the packet.
};

/// Collects the fields of one layer; offsets are given relative to the layer's start.
class FieldSink {
 public:
  explicit FieldSink(std::uint32_t layer_offset) : x_layer_offset(layer_offset) {}

  void add(std::string_view name, std::size_t offset, std::size_t length, FieldValue value,
           std::string meaning = {}) {
    x_fields.push_back({name, x_layer_offset + static_cast<std::uint32_t>(offset),
                        static_cast<std::uint32_t>(length), x_depth, std::move(value),
                        std::move(meaning)});
  }

  /// Fields added until the matching `leave` are parts of the field added last.
  void enter() { ++x_depth; }
  void leave() { --x_depth; }

  [[nodiscard]] std::vector<Field> take() { return std::move(x_fields); }

 private:
  std::uint32_t x_layer_offset;
  std::uint8_t x_depth = 0;
  std::vector<Field> x_fields;
};

}  // namespace tapdeck

// Reads a header front to back into fields. What the capture cuts becomes one last field named
// "cut", so a describe() needs no length checks of its own and no octet is left out.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "captures/bytes.h"
#include "dissectors/address.h"
#include "dissectors/field.h"
#include "dissectors/octets.h"

namespace tapdeck {

/// "0x0a1b", with as many digits as the type has.
template <std::unsigned_integral T>
[[nodiscard]] std::string in_hex(T value) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = "0x";
  for (std::size_t shift = sizeof(T) * 8; shift != 0; shift -= 4) {
    text += digits[static_cast<std::size_t>(value >> (shift - 4)) & 0x0fU];
  }
  return text;
}

class FieldCursor {
 public:
  /// Reads bytes[at, end of bytes); offsets of fields count from the start of `bytes`.
  FieldCursor(Bytes bytes, FieldSink& sink, std::size_t at = 0)
      : x_bytes(bytes), x_sink(sink), x_at(std::min(at, bytes.size())) {}

  [[nodiscard]] std::size_t at() const { return x_at; }
  [[nodiscard]] std::size_t left() const { return x_bytes.size() - x_at; }
  [[nodiscard]] Bytes rest() const { return x_bytes.subspan(x_at); }
  [[nodiscard]] FieldSink& sink() { return x_sink; }

  /// A field in decimal. `meaning` is a text or makes one of the value. 0 if the capture cuts it.
  template <std::unsigned_integral T, class Meaning = const char*>
  T number(std::string_view name, const Meaning& meaning = "") {
    if (!holds(sizeof(T))) return 0;
    const T value = read_big_endian<T>(x_bytes, x_at);
    take(name, sizeof(T), std::uint64_t{value}, text_of(meaning, value));
    return value;
  }

  /// Likewise one of three octets, as the ids of virtual networks are.
  std::uint32_t number_of_three_octets(std::string_view name) {
    if (!holds(3)) return 0;
    const std::uint32_t value = std::uint32_t{read_big_endian<std::uint16_t>(x_bytes, x_at)} << 8U |
                                read_octet(x_bytes, x_at + 2);
    take(name, 3, std::uint64_t{value}, {});
    return value;
  }

  /// The same in hexadecimal, for what nobody counts: checksums, flags, identifiers.
  template <std::unsigned_integral T, class Meaning = const char*>
  T code(std::string_view name, const Meaning& meaning = "") {
    if (!holds(sizeof(T))) return 0;
    const T value = read_big_endian<T>(x_bytes, x_at);
    take(name, sizeof(T), in_hex(value), text_of(meaning, value));
    return value;
  }

  /// A field in hexadecimal made of bits: parts(value, at) adds a field for each. Not called where
  /// the capture cuts the field.
  template <std::unsigned_integral T, class Parts>
  void bit_field(std::string_view name, const Parts& parts) {
    const bool whole = left() >= sizeof(T);
    const std::size_t at = x_at;
    const T value = code<T>(name);
    if (!whole) return;
    x_sink.enter();
    parts(value, at);
    x_sink.leave();
  }

  void ipv4(std::string_view name, std::string meaning = {}) {
    if (!holds(4)) return;
    take(name, 4, to_string(IpAddress::read_v4(x_bytes, x_at)), std::move(meaning));
  }
  void ipv6(std::string_view name, std::string meaning = {}) {
    if (!holds(16)) return;
    take(name, 16, to_string(IpAddress::read_v6(x_bytes, x_at)), std::move(meaning));
  }
  void mac(std::string_view name, std::string meaning = {}) {
    if (!holds(6)) return;
    take(name, 6, to_string(MacAddress::read(x_bytes, x_at)), std::move(meaning));
  }

  /// Up to `count` octets in hex; no field where none are left.
  void octets(std::string_view name, std::size_t count, std::string meaning = {}) {
    count = std::min(count, left());
    if (count == 0) return;
    take(name, count, octets_as_hex(x_bytes.subspan(x_at, count)), std::move(meaning));
  }

  /// Leaves out octets whose fields the caller adds himself: bit fields.
  void skip(std::size_t count) { x_at += std::min(count, left()); }

  /// A field whose parts are read by the cursor returned, up to the matching `end_group`. The group
  /// is of `count` octets, as far as there are so many.
  [[nodiscard]] FieldCursor group(std::string_view name, std::size_t count, FieldValue value,
                                  std::string meaning = {}) {
    const std::size_t begin = x_at;
    count = std::min(count, left());
    take(name, count, std::move(value), std::move(meaning));
    x_sink.enter();
    return {x_bytes.first(begin + count), x_sink, begin};
  }
  void end_group() { x_sink.leave(); }

 private:
  template <class Meaning, class T>
  static std::string text_of(const Meaning& meaning, T value) {
    if constexpr (std::invocable<Meaning, T>) {
      return std::string(meaning(value));
    } else {
      return std::string(meaning);
    }
  }

  /// False if the next field is cut: what there is of it is then shown, and nothing is left.
  bool holds(std::size_t count) {
    if (left() >= count) return true;
    octets("cut", left());
    return false;
  }

  void take(std::string_view name, std::size_t count, FieldValue value, std::string meaning) {
    x_sink.add(name, x_at, count, std::move(value), std::move(meaning));
    x_at += count;
  }

  Bytes x_bytes;
  FieldSink& x_sink;
  std::size_t x_at;
};

/// The meaning of an option whose table of names had nothing better than "option".
[[nodiscard]] inline std::string unknown_kind(std::string_view name, std::uint8_t kind) {
  return name == "option" ? "unknown, type " + std::to_string(kind) : std::string{};
}

/// A bit of the field added last, as a part of it.
inline void add_flag(FieldSink& sink, std::string_view name, std::size_t offset, std::size_t length,
                     bool set, std::string meaning = {}) {
  sink.add(name, offset, length, std::uint64_t{set ? 1U : 0U}, std::move(meaning));
}

}  // namespace tapdeck

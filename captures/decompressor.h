// Decompression formats behind one step function: input in, output out, whatever fits.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "captures/bytes.h"
#include "captures/capture_info.h"

namespace tapdeck {

struct DecompressionStep {
  std::size_t consumed = 0;
  std::size_t produced = 0;
  bool at_frame_end = false;  // a frame or member is complete; the stream may end here
  std::string error = {};     // empty: fine. What was produced before it is good.
};

class Decompressor {
 public:
  Decompressor() = default;
  Decompressor(const Decompressor&) = delete;
  Decompressor& operator=(const Decompressor&) = delete;
  virtual ~Decompressor() = default;

  /// `input` may be empty: output held back for want of room is then handed out.
  [[nodiscard]] virtual DecompressionStep step(Bytes input, std::span<std::byte> room) = 0;
};

/// By the first octets of a file (six are enough).
[[nodiscard]] Compression recognise_compression(Bytes first_octets);

/// Several members or frames in a row are one stream. Requires: compression is not `none`.
[[nodiscard]] std::unique_ptr<Decompressor> make_decompressor(Compression compression);

}  // namespace tapdeck

// gzip by zlib, zstd by libzstd, lz4 frames by liblz4. The latter two lose what a call has decoded
// when it then meets an error, so they are fed as much as they ask for: about one block a call.
#include "captures/decompressor.h"

#include <algorithm>
#include <array>
#include <limits>
#include <new>

#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

namespace tapdeck {
namespace {

class GzipDecompressor final : public Decompressor {
 public:
  GzipDecompressor() {
    constexpr int largest_window_gzip_only = 15 + 16;
    if (::inflateInit2(&x_stream, largest_window_gzip_only) != Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~GzipDecompressor() override { ::inflateEnd(&x_stream); }
  GzipDecompressor(const GzipDecompressor&) = delete;
  GzipDecompressor& operator=(const GzipDecompressor&) = delete;

  DecompressionStep step(Bytes input, std::span<std::byte> room) override {
    if (const std::size_t zeros = padding_of(input); zeros > 0) {
      return {.consumed = zeros, .at_frame_end = true};
    }
    if (x_padded && !input.empty()) {
      return {.at_frame_end = true, .error = "bytes behind its end that are no gzip data"};
    }
    const uInt offered = at_most_uint(input.size());
    const uInt wanted = at_most_uint(room.size());
    // zlib's interface lacks the const; it does not write to its input.
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast)
    x_stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(input.data()));
    x_stream.avail_in = offered;
    x_stream.next_out = reinterpret_cast<Bytef*>(room.data());
    x_stream.avail_out = wanted;
    const int result = ::inflate(&x_stream, Z_NO_FLUSH);
    DecompressionStep done{.consumed = offered - x_stream.avail_in,
                           .produced = wanted - x_stream.avail_out};
    x_at_member_start = x_at_member_start && done.consumed == 0;
    if (result == Z_STREAM_END) {
      ++x_members;
      ::inflateReset(&x_stream);
      x_at_member_start = true;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      done.error = x_stream.msg != nullptr ? x_stream.msg : "gzip data error";
    }
    done.at_frame_end = x_members > 0 && x_at_member_start;
    return done;
  }

 private:
  /// As gzip itself does, zeros behind the last member are passed over; nothing follows them.
  std::size_t padding_of(Bytes input) {
    if (x_members == 0 || !x_at_member_start || input.empty()) return 0;
    constexpr std::byte first_of_member{0x1f};
    const auto end =
        std::ranges::find_if(input, [](std::byte octet) { return octet != std::byte{}; });
    x_padded = x_padded || input.front() != first_of_member;
    return static_cast<std::size_t>(end - input.begin());
  }

  static uInt at_most_uint(std::size_t octets) {
    return static_cast<uInt>(std::min<std::size_t>(octets, std::numeric_limits<uInt>::max()));
  }

  z_stream x_stream{};
  std::size_t x_members = 0;
  bool x_at_member_start = true;
  bool x_padded = false;  // zeros behind the last member, or what belongs to none
};

class ZstdDecompressor final : public Decompressor {
 public:
  ZstdDecompressor() : x_stream(ZSTD_createDStream(), &ZSTD_freeDStream) {
    if (!x_stream) {
      throw std::bad_alloc();
    }
  }

  DecompressionStep step(Bytes input, std::span<std::byte> room) override {
    ZSTD_inBuffer in{input.data(), std::min(input.size(), x_wanted), 0};
    ZSTD_outBuffer out{room.data(), room.size(), 0};
    const std::size_t result = ZSTD_decompressStream(x_stream.get(), &out, &in);
    DecompressionStep done{.consumed = in.pos, .produced = out.pos};
    if (ZSTD_isError(result) != 0) {
      done.error = ZSTD_getErrorName(result);
    } else if (in.pos > 0 || out.pos > 0) {
      x_at_frame_end = result == 0;
      x_wanted = result == 0 ? smallest_header : result;
    }
    done.at_frame_end = x_at_frame_end;
    return done;
  }

 private:
  static constexpr std::size_t smallest_header = 5;
  std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> x_stream;
  std::size_t x_wanted = smallest_header;
  bool x_at_frame_end = false;
};

class Lz4Decompressor final : public Decompressor {
 public:
  Lz4Decompressor() {
    if (LZ4F_isError(LZ4F_createDecompressionContext(&x_context, LZ4F_VERSION)) != 0) {
      throw std::bad_alloc();
    }
  }
  ~Lz4Decompressor() override { LZ4F_freeDecompressionContext(x_context); }
  Lz4Decompressor(const Lz4Decompressor&) = delete;
  Lz4Decompressor& operator=(const Lz4Decompressor&) = delete;

  DecompressionStep step(Bytes input, std::span<std::byte> room) override {
    std::size_t consumed = std::min(input.size(), x_wanted);
    std::size_t produced = room.size();
    const std::size_t result =
        LZ4F_decompress(x_context, room.data(), &produced, input.data(), &consumed, nullptr);
    if (LZ4F_isError(result) != 0) {
      return {.error = LZ4F_getErrorName(result)};
    }
    if (consumed > 0 || produced > 0) {
      x_at_frame_end = result == 0;
      x_wanted = result == 0 ? smallest_header : result;
    }
    return {.consumed = consumed, .produced = produced, .at_frame_end = x_at_frame_end};
  }

 private:
  static constexpr std::size_t smallest_header = 7;
  LZ4F_dctx* x_context = nullptr;
  std::size_t x_wanted = smallest_header;
  bool x_at_frame_end = false;
};

/// One that was cut inside of what it is known by too.
bool is_gzip(Bytes first_octets) {
  constexpr std::array deflated{std::byte{0x1f}, std::byte{0x8b}, std::byte{0x08}};
  constexpr std::size_t least = 2;
  const Bytes start = first_octets.first(std::min(first_octets.size(), deflated.size()));
  return start.size() >= least && std::equal(start.begin(), start.end(), deflated.begin());
}

}  // namespace

Compression recognise_compression(Bytes first_octets) {
  constexpr std::uint32_t zstd_frame = 0xfd2fb528;
  constexpr std::uint32_t lz4_frame = 0x184d2204;
  constexpr std::uint32_t skippable_mask = 0xfffffff0;
  constexpr std::uint32_t skippable_frame = 0x184d2a50;  // pzstd puts one in front
  if (is_gzip(first_octets)) {
    return Compression::gzip;
  }
  if (first_octets.size() < sizeof(std::uint32_t)) {
    return Compression::none;
  }
  const auto magic = read_little_endian<std::uint32_t>(first_octets, 0);
  if (magic == zstd_frame || (magic & skippable_mask) == skippable_frame) {
    return Compression::zstd;
  }
  return magic == lz4_frame ? Compression::lz4 : Compression::none;
}

std::unique_ptr<Decompressor> make_decompressor(Compression compression) {
  switch (compression) {
    case Compression::none:
      break;
    case Compression::gzip:
      return std::make_unique<GzipDecompressor>();
    case Compression::zstd:
      return std::make_unique<ZstdDecompressor>();
    case Compression::lz4:
      return std::make_unique<Lz4Decompressor>();
  }
  return nullptr;
}

}  // namespace tapdeck

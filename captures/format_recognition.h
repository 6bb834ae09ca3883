// Which format a file is by its first bytes, and for what is no capture, words that say what it
// looks like.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "captures/record_scanner.h"

namespace tapdeck {

/// Enough of a file's start to recognise it.
inline constexpr std::size_t recognition_octets = 24;

struct RecognisedFormat {
  std::unique_ptr<RecordScanner> scanner;
  std::size_t header_octets = 0;  // in front of the first record
};

/// `start`: the first octets, fewer than recognition_octets only where the file ends there. `info`
/// outlives the scanner.
[[nodiscard]] std::variant<RecognisedFormat, CaptureFault> recognise_format(Bytes start,
                                                                            std::uint16_t capture,
                                                                            CaptureInfo& info);

/// "a pcap file of Sun's snoop", "text beginning with \"GET / HT\"", "bytes 7f 45 4c 46 …".
[[nodiscard]] std::string describe_content(Bytes start);

}  // namespace tapdeck

// Magic numbers of the formats that are read and names for those that are not.
#include "captures/format_recognition.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "captures/pcap_scanner.h"
#include "captures/pcapng_scanner.h"

namespace tapdeck {
namespace {

using namespace std::string_view_literals;

struct OtherFormat {
  std::string_view magic;
  std::string_view name;
};

constexpr std::array other_formats{
    OtherFormat{"snoop\0\0\0"sv, "a snoop capture"},
    OtherFormat{"btsnoop\0"sv, "a Bluetooth btsnoop capture"},
    OtherFormat{"iptrace "sv, "an AIX iptrace capture"},
    OtherFormat{"GMBU"sv, "a Microsoft Network Monitor capture"},
    OtherFormat{"RTSS"sv, "a Microsoft Network Monitor 1 capture"},
    OtherFormat{"TRSNIFF data"sv, "a Sniffer capture"},
    OtherFormat{"XCP\0"sv, "a NetXRay or Windows Sniffer capture"},
    OtherFormat{"\xaa\xaa\xaa\xaa"sv, "a 5View capture"},
    OtherFormat{"PK\x03\x04"sv, "a zip archive"},
    OtherFormat{"BZh"sv, "a bzip2 file"},
    OtherFormat{"\xfd"
                "7zXZ\0"sv,
                "an xz file"},
    OtherFormat{"7z\xbc\xaf"sv, "a 7-Zip archive"},
    OtherFormat{"\x1f\x8b"sv, "a gzip file (inside another compression)"},
    OtherFormat{"\x28\xb5\x2f\xfd"sv, "a zstd file (inside another compression)"},
    OtherFormat{"\x04\x22\x4d\x18"sv, "an lz4 file (inside another compression)"},
    OtherFormat{"\x02\x21\x4c\x18"sv, "a file of the old lz4 format"},
    OtherFormat{"\x7f"
                "ELF"sv,
                "a program"},
    OtherFormat{"%PDF"sv, "a PDF document"},
    OtherFormat{"\x89PNG"sv, "a PNG picture"},
    OtherFormat{"SQLite format 3"sv, "an SQLite database"},
    OtherFormat{"<?xml"sv, "an XML text"},
    OtherFormat{"<!DOCTYPE"sv, "an HTML or XML text"},
    OtherFormat{"<html"sv, "an HTML text"},
    OtherFormat{"#separator"sv, "a Zeek log"},
    OtherFormat{"version https://git-lfs"sv, "a Git LFS pointer (the file itself was not fetched)"},
    OtherFormat{"\x01PKT"sv, "an input of Zeek's fuzzers"},
    OtherFormat{"{"sv, "a JSON text"},
    OtherFormat{"["sv, "a JSON text"},
};

bool starts_with(Bytes start, std::string_view magic) {
  return start.size() >= magic.size() &&
         std::equal(magic.begin(), magic.end(), start.begin(), [](char letter, std::byte octet) {
           return static_cast<unsigned char>(letter) == std::to_integer<unsigned char>(octet);
         });
}

bool is_text(std::byte octet) {
  const auto value = std::to_integer<unsigned char>(octet);
  return (value >= 0x20 && value < 0x7f) || value == '\n' || value == '\r' || value == '\t';
}

std::string quoted_text(Bytes start) {
  std::string quoted = "text that begins \"";
  for (const std::byte octet : start) {
    const char letter = static_cast<char>(octet);
    quoted += letter == '\n' || letter == '\r' || letter == '\t' ? ' ' : letter;
  }
  return quoted + '"';
}

std::string hexadecimal(Bytes start) {
  constexpr std::string_view digits = "0123456789abcdef";
  constexpr std::size_t shown = 8;
  std::string text = "it begins with the bytes";
  for (const std::byte octet : start.first(std::min(shown, start.size()))) {
    text += ' ';
    text += digits[std::to_integer<std::size_t>(octet >> 4)];
    text += digits[std::to_integer<std::size_t>(octet & std::byte{0x0f})];
  }
  return text;
}

}  // namespace

std::string describe_content(Bytes start) {
  start = start.first(std::min(start.size(), recognition_octets));
  for (const OtherFormat& format : other_formats) {
    if (starts_with(start, format.magic)) {
      return std::string(format.name);
    }
  }
  return std::ranges::all_of(start, is_text) ? quoted_text(start) : hexadecimal(start);
}

std::variant<RecognisedFormat, CaptureFault> recognise_format(Bytes start, std::uint16_t capture,
                                                              CaptureInfo& info) {
  if (start.empty()) {
    return CaptureFault{.kind = CaptureFaultKind::empty};
  }
  if (is_pcapng(start)) {
    return RecognisedFormat{.scanner = std::make_unique<PcapngScanner>(capture, info)};
  }
  if (!is_pcap(start)) {
    return CaptureFault{.kind = CaptureFaultKind::not_a_capture,
                        .available = start.size(),
                        .detail = describe_content(start)};
  }
  info.format = FileFormat::pcap;
  if (start.size() < pcap_header_octets) {
    return CaptureFault{.kind = CaptureFaultKind::cut_short,
                        .needed = pcap_header_octets,
                        .available = start.size(),
                        .detail = "inside the file header"};
  }
  auto header = parse_pcap_header(start);
  if (auto* fault = std::get_if<CaptureFault>(&header)) {
    return std::move(*fault);
  }
  return RecognisedFormat{
      .scanner = std::make_unique<PcapScanner>(std::get<PcapHeader>(header), capture, info),
      .header_octets = pcap_header_octets};
}

}  // namespace tapdeck

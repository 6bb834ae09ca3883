// The plain facts of one capture: what kind of file it is, what it says of itself, and where it is
// broken. Filled while reading, complete when its last packet has been handed out.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "captures/link_type.h"

namespace tapdeck {

enum class FileFormat : std::uint8_t { unknown, pcap, pcapng };
enum class Compression : std::uint8_t { none, gzip, zstd, lz4 };

enum class CaptureFaultKind : std::uint8_t {
  not_readable,       // the system refused: `detail` says why
  empty,              // no bytes at all
  not_a_capture,      // the first bytes belong to no capture format
  cut_short,          // the file ends inside a record or block
  bad_record,         // a record's or block's own lengths contradict each other
  unknown_interface,  // a packet names an interface that its section never described
  broken_compression,
  unsupported_version,
  interrupted,  // whoever reads it was told to end
};

/// Where a capture's bytes stop making sense. What lies before has been read.
struct CaptureFault {
  CaptureFaultKind kind{};
  /// Octets from the start of the (decompressed) file to the record or block concerned.
  std::uint64_t offset = 0;
  /// Packets read whole before it.
  std::uint64_t packets_before = 0;
  /// Octets that the record or block needs from `offset`, and how many there are; 0 if unknown.
  std::uint64_t needed = 0;
  std::uint64_t available = 0;
  /// The system's or the decompressor's words, or the first bytes found, made printable.
  std::string detail = {};

  friend bool operator==(const CaptureFault&, const CaptureFault&) = default;
};

/// One sentence for people, to follow the file's name: where and what ("cut short inside packet 12
/// at byte 4711: the record needs 1516 bytes, 40 are there").
[[nodiscard]] std::string describe(const CaptureFault& fault);

/// What a pcapng Interface Statistics Block counted last; absent options stay empty.
struct InterfaceStatistics {
  std::optional<std::uint64_t> received = {};
  std::optional<std::uint64_t> dropped_by_interface = {};
  std::optional<std::uint64_t> accepted_by_filter = {};
  std::optional<std::uint64_t> dropped_by_system = {};
  std::optional<std::uint64_t> delivered = {};
};

struct CaptureInterface {
  std::string name = {};         // if_name, bytes as found
  std::string description = {};  // if_description, bytes as found
  std::string filter = {};       // if_filter, a filter string only
  LinkType link_type = LinkType::ethernet;
  std::uint32_t snap_length = 0;  // 0: no limit
  std::uint8_t time_digits = 6;
  std::uint64_t packets = 0;
  InterfaceStatistics statistics = {};
  std::uint64_t dropped_between_packets = 0;  // sum of what packets say was lost just before them

  /// What it says was lost: its statistics, or else its packets; empty if neither says anything.
  [[nodiscard]] std::optional<std::uint64_t> dropped() const {
    if (statistics.dropped_by_interface || statistics.dropped_by_system) {
      return statistics.dropped_by_interface.value_or(0) + statistics.dropped_by_system.value_or(0);
    }
    if (dropped_between_packets == 0) return std::nullopt;
    return dropped_between_packets;
  }
};

struct PacketComment {
  std::uint64_t packet_number = 0;  // as in Packet, once that packet has been handed out
  std::string text;                 // bytes as found
};

struct ResolvedName {
  std::string address;    // printed form
  std::string name = {};  // bytes as found
};

/// Oddities that are tolerated and counted.
struct CaptureOddities {
  std::uint64_t captured_over_snap_length = 0;
  std::uint64_t captured_over_wire_length = 0;
  std::uint64_t zero_length = 0;
  std::uint64_t subsecond_overflow = 0;  // microseconds over 999,999 and the like
  std::uint64_t times_backwards = 0;     // earlier than the packet before in the same capture
  std::uint64_t no_time_stamp = 0;       // Simple Packet Blocks; they get the time before them
  std::uint64_t unknown_blocks = 0;      // pcapng blocks skipped
  std::uint64_t texts_dropped = 0;       // comments and names over the bound
};

struct CaptureInfo {
  std::string file;  // as the user named it; "-" for standard input
  FileFormat format = FileFormat::unknown;
  Compression compression = Compression::none;
  std::vector<LinkType> link_types;      // in order of first packet
  std::uint64_t packets = 0;             // read, before any filter
  std::uint64_t bytes = 0;               // on the wire
  std::optional<std::int64_t> first_ns;  // earliest and latest time of any packet
  std::optional<std::int64_t> last_ns;
  bool complete = false;  // read to its end without a fault
  std::vector<CaptureFault> faults;
  std::vector<CaptureInterface> interfaces;
  std::vector<std::string> comments;  // of sections and interfaces
  std::vector<PacketComment> packet_comments;
  std::vector<ResolvedName> names;
  CaptureOddities oddities;
  std::string hardware, operating_system, application;  // of the first section header
};

}  // namespace tapdeck

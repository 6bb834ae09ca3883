// Reassembly of IP fragments (RFC 815 in spirit): bounded in datagrams, octets and time, overlaps
// reported. The first copy of an octet wins; a receiver may have kept another. Overlapping IPv6
// fragments, which a receiver must discard (RFC 5722), are put together all the same: a conflict is
// a fact of the Reassembly, what it means is for the analyzer to say.
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

#include "dissectors/address.h"
#include "dissectors/dissection.h"
#include "dissectors/region.h"

namespace tapdeck {

/// What names a datagram (RFC 791 §3.2, RFC 8200 §4.5).
struct FragmentKey {
  IpAddress source;
  IpAddress destination;
  std::uint32_t identification = 0;
  std::uint8_t protocol = 0;  ///< IPv4 only: IPv6 fragments of one datagram may differ in it.
  /// fingerprint_of_tunnels: two virtual networks may use the same addresses.
  std::uint64_t tunnels = 0;

  friend bool operator==(const FragmentKey&, const FragmentKey&) = default;
};

struct FragmentKeyHash {
  std::size_t operator()(const FragmentKey& key) const;
};

struct Fragment {
  FragmentKey key;
  std::uint32_t offset = 0;  ///< Octets.
  bool more = false;
  std::uint8_t protocol = 0;  ///< What this fragment says that the datagram carries.
  Region payload;
  std::int64_t time_ns = 0;
  std::uint32_t frames = 1;        ///< More where a reassembled datagram carried the fragment.
  std::uint64_t frame_octets = 0;  ///< Their lengths on the wire together.
};

struct ReassemblyLimits {
  std::size_t datagrams = 1024;              ///< Open at once; past this the oldest gives way.
  std::size_t octets = 16U * 1024 * 1024;    ///< Held together by open ones; likewise.
  std::int64_t timeout_ns = 60'000'000'000;  ///< RFC 8200 §4.5, in packet time.
};

struct ReassemblyCounters {
  std::uint64_t fragments = 0;
  std::uint64_t datagrams_completed = 0;
  std::uint64_t datagrams_timed_out = 0;  ///< With holes left, the end of the capture included.
  std::uint64_t datagrams_evicted = 0;    ///< Gave way at a limit.
  std::uint64_t duplicates = 0;           ///< Fragments that said nothing new and nothing else.
  std::uint64_t overlaps = 0;             ///< Fragments that overlapped earlier ones in part.
  std::uint64_t conflicts = 0;            ///< Overlaps with different bytes or another end.
  std::uint64_t malformed = 0;            ///< Past 65,535 octets, or middle ones not of 8 octets.
  std::uint64_t truncated = 0;            ///< Cut by the snap length: can't be put together.

  friend bool operator==(const ReassemblyCounters&, const ReassemblyCounters&) = default;
};

class FragmentReassembler {
 public:
  explicit FragmentReassembler(ReassemblyLimits limits = {}) : x_limits(limits) {}

  struct Datagram {
    Bytes bytes;
    std::uint8_t protocol = 0;  ///< What the fragment at offset 0 says that it carries.
    Reassembly reassembly;
  };

  /// The datagram that this fragment completes. Its bytes live until `release`. Every fragment lets
  /// go of the datagrams that are older than the timeout, its own included.
  [[nodiscard]] std::optional<Datagram> add(const Fragment& fragment);

  /// Gives back the bytes of completed datagrams.
  void release() { x_completed.clear(); }

  /// Counts what is still open as timed out and forgets it.
  void finish();

  [[nodiscard]] const ReassemblyCounters& counters() const { return x_counters; }

 private:
  struct Extent {
    std::uint32_t begin = 0, end = 0;
  };
  struct Open {
    FragmentKey key;
    std::vector<std::byte> bytes;
    std::vector<Extent> extents;        // of what is there, in order, apart from each other
    std::optional<std::uint32_t> size;  // known when the last fragment is there
    std::int64_t first_ns = 0;
    std::uint8_t protocol = 0;
    bool doubled = false;  // some fragment came twice
    Reassembly reassembly;
  };
  /// A datagram that was whole before all copies of its fragments had come.
  struct Doubled {
    FragmentKey key;
    std::vector<std::byte> bytes;
    std::int64_t whole_ns = 0;
  };
  using OpenList = std::list<Open>;  // the oldest first

  static bool is_whole(const Open& datagram);
  static std::size_t octets_of(const Open& datagram);
  bool accept(const Fragment& fragment);
  [[nodiscard]] bool is_late_copy(const Fragment& fragment) const;
  OpenList::iterator find_or_open(const Fragment& fragment);
  void note(Open& datagram, const Fragment& fragment);
  void place(Open& datagram, std::uint32_t begin, Bytes bytes);
  static void join(std::vector<Extent>& extents, Extent added);
  void drop_timed_out(std::int64_t now_ns);
  void make_room(OpenList::iterator keep);
  void drop(OpenList::iterator entry, std::uint64_t& counter);
  void forget(OpenList::iterator entry);

  ReassemblyLimits x_limits;
  ReassemblyCounters x_counters;
  OpenList x_open;
  std::unordered_map<FragmentKey, OpenList::iterator, FragmentKeyHash> x_by_key;
  std::size_t x_open_octets = 0;  // their bookkeeping included
  std::vector<std::vector<std::byte>> x_completed;
  std::array<Doubled, 16> x_doubled{};  // the last ones; those without bytes are unused
  std::size_t x_next_doubled = 0;
};

}  // namespace tapdeck

// Packets from an interface as they come, by libpcap: they wait in a ring that the kernel fills
// block by block, and are copied out of it into batches. When it ends, what had arrived by then is
// still handed out: the kernel gives away a block that isn't full only after a while.
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <pcap/pcap.h>

#include "captures/capture_info.h"
#include "captures/interface_drops.h"
#include "captures/packet.h"

namespace tapdeck {

struct LiveOptions {
  std::string interface = {};  // "any": all of them at once
  std::string filter = {};     // a BPF expression, empty: every packet passes
  std::uint32_t snap_length = 262'144;
  std::uint64_t buffer_octets = std::uint64_t{32} << 20U;  // of the ring
  bool promiscuous = true;
  bool received_only = false;      // without what this host sends
  std::uint64_t packet_limit = 0;  // end after so many; 0: no limit
};

/// Since the capture began.
struct LiveCounts {
  std::uint64_t captured = 0;  // handed out
  std::uint64_t received = 0;  // passed the filter, those dropped included
  std::uint64_t dropped_by_kernel = 0;
  std::uint64_t dropped_by_interface = 0;
};

/// A source that packets come from now, for whoever has other things to do while none come.
class LivePackets {
 public:
  LivePackets() = default;
  LivePackets(const LivePackets&) = delete;
  LivePackets& operator=(const LivePackets&) = delete;
  virtual ~LivePackets() = default;

  /// Replaces the content of `batch` by the packets that are there; if there are none, waits for
  /// some, but no longer than `patience`, nor than a signal comes. What the packets borrow lies in
  /// the batch, and goes with it. False: it is over, and no more packets follow; the batch is
  /// empty.
  [[nodiscard]] virtual bool next(PacketBatch& batch, std::chrono::milliseconds patience) = 0;

  /// To end: next() goes on until everything that arrived up to `now_ns` was handed out, and
  /// possibly a little more.
  virtual void stop(std::int64_t now_ns) = 0;

  /// One capture, with one interface; its statistics are those of the last call of counts().
  [[nodiscard]] virtual const std::vector<CaptureInfo>& captures() const = 0;
  [[nodiscard]] virtual LiveCounts counts() = 0;

  /// Why packets ended before they were asked to, in a sentence; empty: they didn't.
  [[nodiscard]] virtual const std::string& trouble() const = 0;
};

class LiveSource final : public LivePackets {
 public:
  /// Opens everything that capturing takes. Throws Failure(usage) for a filter that doesn't
  /// compile, and Failure(no_permission) where there is no such interface or no right to it.
  explicit LiveSource(const LiveOptions& options);

  [[nodiscard]] bool next(PacketBatch& batch, std::chrono::milliseconds patience) override;
  void stop(std::int64_t now_ns) override;
  [[nodiscard]] const std::vector<CaptureInfo>& captures() const override { return x_captures; }
  [[nodiscard]] LiveCounts counts() override;
  [[nodiscard]] const std::string& trouble() const override { return x_trouble; }

  /// Of the capture's socket, for whoever confines the program.
  [[nodiscard]] int descriptor() const { return ::pcap_fileno(x_handle.get()); }

 private:
  struct Close {
    void operator()(pcap_t* handle) const { ::pcap_close(handle); }
  };

  void set_up();
  void activate();
  void set_filter();
  void describe();
  static void take(u_char* user, const pcap_pkthdr* header, const u_char* bytes);
  void read(PacketBatch& batch);
  void account_for(const PacketBatch& batch);
  [[nodiscard]] bool wait(std::chrono::milliseconds patience);
  void look_at_interface();
  void end_with(std::string trouble);
  [[nodiscard]] bool is_ending() const { return x_stop_ns || !x_trouble.empty(); }
  [[nodiscard]] std::uint64_t room_for_packets() const;

  LiveOptions x_options;
  std::unique_ptr<pcap_t, Close> x_handle;
  std::optional<InterfaceDrops> x_interface_drops;
  std::vector<CaptureInfo> x_captures;
  LiveCounts x_counts;
  LinkType x_link_type{};
  std::uint8_t x_time_digits = 6;
  std::optional<std::int64_t> x_stop_ns;
  std::string x_trouble;
  std::uint64_t x_octets_since_stop = 0;
  bool x_over = false;
};

}  // namespace tapdeck

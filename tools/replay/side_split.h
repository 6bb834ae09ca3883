// Which of two interfaces sends a packet: the client's side or the server's, by the direction of
// its connection as the flow tracker sees it; what belongs to no connection goes where its sender
// was seen.
#pragma once

#include <array>
#include <cstdint>
#include <memory>

#include "analyzer/anomalies/bounded_map.h"
#include "analyzer/flow/side.h"
#include "analyzer/tracker.h"
#include "captures/packet.h"
#include "dissectors/dissector.h"

namespace tapdeck {

/// By what a packet's side was told.
enum class SideToldBy : std::uint8_t {
  connection,
  address,  // ARP, neighbour discovery, groups …: the sender's others were on that side
  nothing,  // it went to the side chosen for such packets
};

struct SideCounts {
  /// By Side and SideToldBy.
  std::array<std::array<std::uint64_t, 3>, 2> packets{};
  std::uint64_t addresses_dropped = 0;  // that found no room

  [[nodiscard]] std::uint64_t sent_by(Side side, SideToldBy told_by) const {
    return packets[index_of(side)][static_cast<std::size_t>(told_by)];
  }
};

class SideSplit {
 public:
  /// `unknown_side` sends what nothing tells.
  explicit SideSplit(Side unknown_side);

  /// Remembers on which side addresses were. Feed it all captures first, where they can be read
  /// twice: an ARP request goes before the connection that tells who asks. Then start().
  void learn(const Packet& packet) { (void)look_at(packet); }

  /// To be called before the first packet is sent and before those of each loop: connections begin
  /// anew, addresses stay known.
  void start();

  /// Which side sends a packet, as the capture holds it. In the order of the capture.
  [[nodiscard]] Side side_of(const Packet& packet);

  [[nodiscard]] SideCounts counts() const;

 private:
  static constexpr std::size_t most_addresses = 65'536;
  using Votes = std::array<std::uint32_t, 2>;  // by Side

  /// Where it comes from and goes to, as IP or ARP name it, and as the frame does.
  struct Ends {
    IpAddress source, destination;
    IpAddress source_station, destination_station;
    bool has_addresses = false, has_stations = false;
    bool to_group = false;
  };

  [[nodiscard]] std::optional<Sender> look_at(const Packet& packet);
  [[nodiscard]] Ends ends_of_packet() const;
  [[nodiscard]] bool tells(const Sender& sender, const Ends& ends) const;
  void remember(const Ends& ends, Side sender);
  [[nodiscard]] std::optional<Side> side_of_address(const IpAddress& address) const;
  [[nodiscard]] std::optional<Side> side_by_address(const Ends& ends) const;

  Side x_unknown_side;
  Dissector x_dissector;
  Dissection x_dissection;
  std::unique_ptr<Tracker> x_tracker;
  HostTable<Votes, most_addresses> x_addresses;
  SideCounts x_counts;
};

}  // namespace tapdeck

// One end of the emulated link: a tap interface inside a host's network namespace.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "captures/bytes.h"

namespace tapdeck {

/// What the kernel left to the interface where offloads are on.
struct Offload {
  bool checksum_missing = false;
  std::uint16_t segment_octets = 0;  // payload of each segment to cut the frame into; 0: it's one
};

struct TapFrame {
  std::vector<std::byte> bytes;
  Offload offload;
};

class Tap {
 public:
  /// Makes the interface in a namespace of `ip netns`. With `offloads` the host hands over long
  /// segments and leaves checksums out. Throws Failure.
  Tap(const std::string& network_namespace, const std::string& interface, bool offloads);
  ~Tap();
  Tap(const Tap&) = delete;
  Tap& operator=(const Tap&) = delete;

  [[nodiscard]] int descriptor() const { return x_descriptor; }

  /// The next frame that the host sent, or nothing if there is none now. Throws Failure.
  [[nodiscard]] std::optional<TapFrame> read();

  /// Hands a frame to the host. False while the interface is down. Throws Failure.
  [[nodiscard]] bool write(Bytes frame);

 private:
  int x_descriptor = -1;
  bool x_offloads;
  std::vector<std::byte> x_room;
};

}  // namespace tapdeck

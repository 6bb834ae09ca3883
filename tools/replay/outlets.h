// The ways by which a replay's frames leave, opened from what the user named, and what each of the
// interfaces counted itself since then.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "captures/capture_info.h"
#include "captures/capture_writer.h"
#include "captures/transmit/network_interface.h"
#include "captures/transmit/transmitter.h"
#include "tools/replay/replay_report.h"

namespace tapdeck {

class Outlets {
 public:
  /// By interfaces; `method` is a TransmitMethod's name. Throws Failure(usage) for one that carries
  /// the default route, unless that is allowed; and as open_transmitter does.
  void open_interfaces(const std::vector<std::string>& names, const std::string& method,
                       bool may_be_live);

  /// As FileSink.
  void open_file(const std::string& path, const std::vector<CaptureInfo>& captures,
                 FileOpener& opener, PacketLengths lengths, InterfaceTexts texts);

  /// Takes everything and sends nothing, `names` times.
  void open_nowhere(const std::vector<std::string>& names);

  [[nodiscard]] std::vector<Transmitter*> transmitters() const;

  /// The sockets that frames are sent on.
  [[nodiscard]] std::vector<int> descriptors() const;

  /// With what the interfaces counted until now.
  [[nodiscard]] std::vector<ReplaySide> sides() const;

 private:
  struct Outlet {
    ReplaySide side;
    std::unique_ptr<Transmitter> transmitter;
    std::optional<CountedInterface> counted = {};
    std::uint64_t counted_before = 0;
  };

  void add(const std::string& name, const std::string& how,
           std::unique_ptr<Transmitter> transmitter);

  std::vector<Outlet> x_outlets;
};

}  // namespace tapdeck

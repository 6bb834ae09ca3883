// Two network namespaces with a wire between them, for programs that send: what they send ends at
// the far end, where it is counted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tapdeck {

/// Who takes frames from the wire.
enum class Receiver : std::uint8_t {
  /// The sender's own processor, inside the system call that sends: the far end sees a frame at the
  /// moment at which it leaves, which is what timing is measured by.
  same_processor,
  /// Another processor, by turns, as the machine behind a real wire would: the sender pays for
  /// sending alone. A full wire makes it wait, so that no frame is lost.
  other_processor,
};

class WiredHosts {
 public:
  static constexpr const char* interface = "eth0";  // of either end

  /// Throws Failure(no_permission) where namespaces can't be made: that takes root and iproute2.
  explicit WiredHosts(Receiver receiver);
  ~WiredHosts();
  WiredHosts(const WiredHosts&) = delete;
  WiredHosts& operator=(const WiredHosts&) = delete;

  /// The command at the near or the far end, on one processor.
  [[nodiscard]] std::vector<std::string> at_sender(const std::vector<std::string>& command) const;
  [[nodiscard]] std::vector<std::string> at_receiver(const std::vector<std::string>& command) const;

  /// Frames that the far end has received so far; from any thread.
  [[nodiscard]] std::uint64_t received() const;

 private:
  void receive_elsewhere() const;

  /// Exists as long as this lives.
  struct Host {
    explicit Host(std::string name);
    ~Host();
    Host(const Host&) = delete;
    Host& operator=(const Host&) = delete;

    std::string name;
  };

  Host x_sender, x_receiver;
  int x_counters;  // of the far end
};

}  // namespace tapdeck

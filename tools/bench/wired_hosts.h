// Two network namespaces with a wire between them, for programs that send: what they send ends at
// the far end, where it is counted.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tapdeck {

class WiredHosts {
 public:
  static constexpr const char* interface = "eth0";  // of either end

  /// Throws Failure(no_permission) where namespaces can't be made: that takes root and iproute2.
  WiredHosts();
  ~WiredHosts();
  WiredHosts(const WiredHosts&) = delete;
  WiredHosts& operator=(const WiredHosts&) = delete;

  /// The command at the near or the far end, on one processor.
  [[nodiscard]] std::vector<std::string> at_sender(const std::vector<std::string>& command) const;
  [[nodiscard]] std::vector<std::string> at_receiver(const std::vector<std::string>& command) const;

  /// Frames that the far end has received so far; from any thread.
  [[nodiscard]] std::uint64_t received() const;

 private:
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

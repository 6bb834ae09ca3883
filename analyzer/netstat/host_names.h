// Names of hosts, from the DNS answers that passed: what somebody asked for to get an address.
#pragma once

#include <cstdint>
#include <string>

#include "analyzer/anomalies/bounded_map.h"
#include "dissectors/dissection.h"

namespace tapdeck {

class HostNames {
 public:
  /// Takes the answers of a datagram, or of a message that lies in one segment, from port 53 or
  /// multicast DNS.
  void add(const Dissection& dissection);

  /// As it was answered last; empty if it wasn't. Octets as found.
  [[nodiscard]] const std::string* find(const IpAddress& address) const {
    return x_names.find({.host = address, .peer = {}});
  }
  [[nodiscard]] std::uint64_t left_out() const { return x_names.dropped(); }

 private:
  HostTable<std::string, 32'768> x_names;
};

}  // namespace tapdeck

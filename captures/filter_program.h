// One BPF expression compiled by libpcap for one link type.
#pragma once

#include <string>

#include <pcap/pcap.h>

#include "captures/packet.h"

namespace tapdeck {

class FilterProgram {
 public:
  /// `data_link`: a DLT_ value. Optimising makes an expression that no packet can pass an error.
  FilterProgram(const std::string& expression, int data_link, bool optimised);
  ~FilterProgram();
  FilterProgram(const FilterProgram&) = delete;
  FilterProgram& operator=(const FilterProgram&) = delete;
  FilterProgram(FilterProgram&& other) noexcept;
  FilterProgram& operator=(FilterProgram&& other) = delete;

  [[nodiscard]] bool compiled() const { return x_compiled; }
  /// libpcap's words where it didn't compile.
  [[nodiscard]] const std::string& error() const { return x_error; }

  /// Requires: compiled().
  [[nodiscard]] bool matches(const Packet& packet) const {
    return bpf_filter(x_program.bf_insns, reinterpret_cast<const u_char*>(packet.bytes.data()),
                      packet.wire_length, static_cast<u_int>(packet.bytes.size())) != 0;
  }

 private:
  bpf_program x_program{};
  bool x_compiled = false;
  std::string x_error;
};

}  // namespace tapdeck

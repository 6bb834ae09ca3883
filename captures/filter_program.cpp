// libpcap's compiler on a handle that belongs to no interface.
#include "captures/filter_program.h"

#include <memory>
#include <utility>

namespace tapdeck {
namespace {

constexpr int snap_length = 262'144;
// As tcpdump has it when it reads files: "ip broadcast" then means all ones or all zeros.
constexpr bpf_u_int32 netmask = 0;

}  // namespace

FilterProgram::FilterProgram(const std::string& expression, int data_link, bool optimised) {
  const std::unique_ptr<pcap_t, decltype(&pcap_close)> handle(
      pcap_open_dead(data_link, snap_length), &pcap_close);
  if (!handle) {
    x_error = "libpcap refuses the link type";
    return;
  }
  x_compiled =
      pcap_compile(handle.get(), &x_program, expression.c_str(), optimised ? 1 : 0, netmask) == 0;
  if (!x_compiled) {
    x_error = pcap_geterr(handle.get());
  }
}

FilterProgram::~FilterProgram() {
  if (x_compiled) {
    pcap_freecode(&x_program);
  }
}

FilterProgram::FilterProgram(FilterProgram&& other) noexcept
    : x_program(std::exchange(other.x_program, bpf_program{})),
      x_compiled(std::exchange(other.x_compiled, false)),
      x_error(std::move(other.x_error)) {}

}  // namespace tapdeck

#include "captures/transmit/pcap_inject.h"

#include <array>
#include <cerrno>

#include <pcap/pcap.h>

#include "captures/failure.h"
#include "captures/transmit/waiting_for_room.h"

namespace tapdeck {
namespace {

[[noreturn]] void fail(pcap* handle, const std::string& interface, int status) {
  const std::string detail = ::pcap_geterr(handle);
  const std::string words = ::pcap_statustostr(status);
  ::pcap_close(handle);
  throw Failure(ExitCode::no_permission,
                interface + ": can't be sent to: " + (detail.empty() ? words : detail));
}

/// A handle that sends receives as well; a filter that nothing passes spares the system the work.
void receive_nothing(pcap* handle) {
  bpf_insn reject{.code = BPF_RET | BPF_K, .jt = 0, .jf = 0, .k = 0};
  bpf_program program{.bf_len = 1, .bf_insns = &reject};
  static_cast<void>(::pcap_setfilter(handle, &program));
  static_cast<void>(::pcap_setdirection(handle, PCAP_D_IN));
}

pcap* open_handle(const std::string& interface) {
  std::array<char, PCAP_ERRBUF_SIZE> reason{};
  pcap* const handle = ::pcap_create(interface.c_str(), reason.data());
  if (handle == nullptr) {
    throw Failure(ExitCode::no_permission, interface + ": " + reason.data());
  }
  constexpr int small = 1 << 16;
  ::pcap_set_snaplen(handle, small);
  ::pcap_set_buffer_size(handle, 4 * small);
  if (const int status = ::pcap_activate(handle); status < 0) fail(handle, interface, status);
  receive_nothing(handle);
  return handle;
}

}  // namespace

PcapInject::PcapInject(const std::string& interface) : x_handle(open_handle(interface)) {}

PcapInject::~PcapInject() { ::pcap_close(x_handle); }

std::size_t PcapInject::send(std::span<const Packet> frames) {
  std::size_t sent = 0;
  WaitingForRoom waiting;
  while (sent < frames.size()) {
    const Bytes bytes = frames[sent].bytes;
    errno = 0;
    if (::pcap_inject(x_handle, bytes.data(), bytes.size()) >= 0) {
      ++sent;
      ++x_counts.frames;
      x_counts.octets += bytes.size();
      waiting.succeeded();
      continue;
    }
    x_refusal = errno != 0 ? errno : EIO;
    if (!waiting.try_again(x_refusal)) break;
    ++x_counts.retried;
  }
  return sent;
}

int PcapInject::descriptor() const { return ::pcap_fileno(x_handle); }

}  // namespace tapdeck

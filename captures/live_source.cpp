#include "captures/live_source.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include <linux/if_packet.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "captures/elapsed.h"
#include "captures/failure.h"
#include "captures/filter_expression.h"
#include "captures/interfaces.h"

namespace tapdeck {
namespace {

/// The kernel gives a block that isn't full away when it is this old.
constexpr int block_age_ms = 50;
/// If nothing came for so long, no block holds anything any more.
constexpr std::chrono::milliseconds surely_given_away{3 * block_age_ms};
/// Several cores put packets into the ring: their times aren't quite in order.
constexpr std::int64_t disorder_ns = 10'000'000;
/// A batch ends behind the first group of packets that brings it over one of these.
constexpr std::size_t batch_packets = 4'096, batch_octets = std::size_t{1} << 20U;
constexpr int group_packets = 16;

std::string names_of_interfaces() {
  std::string names;
  for (const Interface& interface : list_interfaces()) {
    if (interface.up) names += (names.empty() ? "" : ", ") + interface.name;
  }
  return names;
}

[[noreturn]] void refuse(const std::string& sentence) {
  throw Failure(ExitCode::no_permission, sentence);
}

[[noreturn]] void explain(const std::string& interface, int status, const std::string& words) {
  switch (status) {
    case PCAP_ERROR_NO_SUCH_DEVICE:
      refuse(interface + ": no such interface; there are " + names_of_interfaces());
    case PCAP_ERROR_PERM_DENIED:
    case PCAP_ERROR_PROMISC_PERM_DENIED:
      refuse(interface +
             ": no permission to capture: that takes root, or once\n"
             "setcap cap_net_raw+ep on the program");
    case PCAP_ERROR_IFACE_NOT_UP:
      refuse(interface + ": the interface is down; ip link set " + interface + " up");
    default:
      refuse(interface + ": can't be captured on: " + words);
  }
}

}  // namespace

/// What the callback of libpcap fills.
struct LiveReading {
  PacketBatch& batch;
  std::uint64_t number;
  LinkType link_type;
  std::uint8_t time_digits;
};

LiveSource::LiveSource(const LiveOptions& options) : x_options(options) {
  if (!split_filter(options.filter).empty()) check_filter(options.filter);
  set_up();
  activate();
  set_filter();
  describe();
}

void LiveSource::set_up() {
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  x_handle.reset(::pcap_create(x_options.interface.c_str(), error.data()));
  if (!x_handle) refuse(x_options.interface + ": can't be captured on: " + error.data());
  const auto least = [](std::uint64_t value) {
    return static_cast<int>(std::min<std::uint64_t>(value, std::numeric_limits<int>::max()));
  };
  pcap_t* const handle = x_handle.get();
  ::pcap_set_snaplen(handle, least(x_options.snap_length));
  ::pcap_set_promisc(handle, x_options.promiscuous ? 1 : 0);
  ::pcap_set_timeout(handle, block_age_ms);
  ::pcap_set_buffer_size(handle, least(x_options.buffer_octets));
  if (::pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO) == 0) x_time_digits = 9;
}

void LiveSource::activate() {
  pcap_t* const handle = x_handle.get();
  const std::string& interface = x_options.interface;
  const int status = ::pcap_activate(handle);
  if (status < 0) explain(interface, status, ::pcap_geterr(handle));
  // The newer header names the interface of each packet.
  if (interface == "any") (void)::pcap_set_datalink(handle, DLT_LINUX_SLL2);
  x_link_type = link_type_of(::pcap_datalink(handle));
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  if (::pcap_setnonblock(handle, 1, error.data()) != 0) explain(interface, 0, error.data());
  if (x_options.received_only && ::pcap_setdirection(handle, PCAP_D_IN) != 0) {
    explain(interface, 0, ::pcap_geterr(handle));
  }
  x_interface_drops.emplace(interface);
}

/// Of a packet that passes a filter the kernel keeps as much as the filter says, of others all.
void LiveSource::set_filter() {
  const bool wants_all = x_options.snap_length >= LiveOptions{}.snap_length;
  if (split_filter(x_options.filter).empty() && wants_all) return;
  pcap_t* const handle = x_handle.get();
  std::array<char, PCAP_ERRBUF_SIZE> error{};
  bpf_u_int32 network = 0;
  bpf_u_int32 netmask = 0;
  if (::pcap_lookupnet(x_options.interface.c_str(), &network, &netmask, error.data()) != 0) {
    netmask = 0;
  }
  bpf_program program{};
  if (::pcap_compile(handle, &program, x_options.filter.c_str(), 1, netmask) != 0) {
    throw Failure(ExitCode::usage, "the filter means nothing on " + x_options.interface + ": " +
                                       ::pcap_geterr(handle) + "\n  " + x_options.filter);
  }
  const int status = ::pcap_setfilter(handle, &program);
  ::pcap_freecode(&program);
  if (status != 0) explain(x_options.interface, 0, ::pcap_geterr(handle));
}

void LiveSource::describe() {
  CaptureInfo& info = x_captures.emplace_back();
  info.file = x_options.interface;
  info.complete = true;
  info.interfaces.push_back(
      {.name = x_options.interface,
       .filter = x_options.filter,
       .link_type = x_link_type,
       .snap_length = static_cast<std::uint32_t>(::pcap_snapshot(x_handle.get())),
       .time_digits = x_time_digits});
}

void LiveSource::stop(std::int64_t now_ns) {
  if (!x_stop_ns) x_stop_ns = now_ns;
}

bool LiveSource::next(PacketBatch& batch, std::chrono::milliseconds patience) {
  batch.packets.clear();
  batch.buffer.clear();
  if (x_over) return false;
  read(batch);
  if (batch.packets.empty()) {
    const bool nothing_follows = wait(is_ending() ? surely_given_away : patience);
    read(batch);
    x_over = nothing_follows && batch.packets.empty();
    if (x_over) return false;
  }
  account_for(batch);
  return true;
}

std::uint64_t LiveSource::room_for_packets() const {
  return x_options.packet_limit == 0 ? std::numeric_limits<std::uint64_t>::max()
                                     : x_options.packet_limit - x_counts.captured;
}

void LiveSource::read(PacketBatch& batch) {
  const std::uint64_t most = std::min<std::uint64_t>(batch_packets, room_for_packets());
  LiveReading reading{.batch = batch,
                      .number = x_counts.captured,
                      .link_type = x_link_type,
                      .time_digits = x_time_digits};
  while (batch.packets.size() < most && batch.buffer.size() < batch_octets) {
    const auto group = std::min<std::uint64_t>(group_packets, most - batch.packets.size());
    errno = 0;
    const int taken = ::pcap_dispatch(x_handle.get(), static_cast<int>(group), &LiveSource::take,
                                      reinterpret_cast<u_char*>(&reading));
    // Of what is no network interface (nflog) libpcap calls it an error that nothing is there.
    const bool is_empty = taken < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    if (taken < 0 && !is_empty) end_with(::pcap_geterr(x_handle.get()));
    if (taken <= 0) break;
  }
  // The buffer has its final place now.
  const std::byte* at = batch.buffer.data();
  for (Packet& packet : batch.packets) {
    packet.bytes = {at, packet.bytes.size()};
    at += packet.bytes.size();
  }
}

void LiveSource::take(u_char* user, const pcap_pkthdr* header, const u_char* bytes) {
  auto& reading = *reinterpret_cast<LiveReading*>(user);
  constexpr std::int64_t second = 1'000'000'000;
  const std::int64_t fraction = header->ts.tv_usec * (reading.time_digits > 6 ? 1 : 1'000);
  const auto* const first = reinterpret_cast<const std::byte*>(bytes);
  reading.batch.buffer.insert(reading.batch.buffer.end(), first, first + header->caplen);
  reading.batch.packets.push_back({.number = ++reading.number,
                                   .time_ns = header->ts.tv_sec * second + fraction,
                                   .wire_length = header->len,
                                   .link_type = reading.link_type,
                                   .time_digits = reading.time_digits,
                                   .bytes = {first, header->caplen}});
}

void LiveSource::account_for(const PacketBatch& batch) {
  if (batch.packets.empty()) return;
  CaptureInfo& info = x_captures.front();
  if (info.link_types.empty()) info.link_types.push_back(x_link_type);
  std::int64_t latest = batch.packets.front().time_ns;
  std::int64_t earliest = latest;
  for (const Packet& packet : batch.packets) {
    info.bytes += packet.wire_length;
    earliest = std::min(earliest, packet.time_ns);
    latest = std::max(latest, packet.time_ns);
  }
  info.first_ns = std::min(info.first_ns.value_or(earliest), earliest);
  info.last_ns = std::max(info.last_ns.value_or(latest), latest);
  x_counts.captured += batch.packets.size();
  info.packets = info.interfaces.front().packets = x_counts.captured;
  if (room_for_packets() == 0) x_over = true;
  if (!is_ending()) return;
  // A clock that was set back would never reach the time to stop at: the ring's content does.
  x_octets_since_stop += batch.buffer.size();
  const bool late = x_stop_ns && elapsed_ns(*x_stop_ns, latest) > disorder_ns;
  if (late || x_octets_since_stop > 2 * x_options.buffer_octets) x_over = true;
}

/// True if it is ending and what the kernel still held has been given away meanwhile.
bool LiveSource::wait(std::chrono::milliseconds patience) {
  pollfd ring{.fd = ::pcap_get_selectable_fd(x_handle.get()), .events = POLLIN, .revents = 0};
  const auto timeout_ms = static_cast<int>(patience.count());
  const int ready = ::poll(&ring, 1, timeout_ms);
  if (ready < 0 || (ready > 0 && (ring.revents & POLLIN) != 0)) return false;
  if (ready > 0) {
    int error = 0;
    socklen_t octets = sizeof error;
    (void)::getsockopt(ring.fd, SOL_SOCKET, SO_ERROR, &error, &octets);  // takes it away
  }
  if (!is_ending()) {
    look_at_interface();
    return false;
  }
  return ready == 0 || ::poll(nullptr, 0, timeout_ms) == 0;
}

/// By its number: it may have got another name.
void LiveSource::look_at_interface() {
  sockaddr_ll bound{};
  socklen_t octets = sizeof bound;
  const int descriptor = ::pcap_fileno(x_handle.get());
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&bound), &octets) != 0 ||
      bound.sll_family != AF_PACKET || bound.sll_ifindex == 0) {
    return;  // it is none of its own: "any", or no network interface
  }
  if (bound.sll_ifindex < 0) return end_with("the interface went away");
  ifreq request{};
  request.ifr_ifindex = bound.sll_ifindex;
  if (::ioctl(descriptor, SIOCGIFNAME, &request) != 0 ||
      ::ioctl(descriptor, SIOCGIFFLAGS, &request) != 0) {
    if (errno == ENODEV || errno == ENXIO) end_with("the interface went away");
  } else if ((request.ifr_flags & IFF_UP) == 0) {
    end_with("the interface went down");
  }
}

/// What was there before is still handed out.
void LiveSource::end_with(std::string trouble) {
  if (x_trouble.empty()) x_trouble = x_options.interface + ": " + std::move(trouble);
}

LiveCounts LiveSource::counts() {
  tpacket_stats_v3 since_last{};
  socklen_t octets = sizeof since_last;
  // Read here and not by libpcap, whose sums have 32 bits; each reading begins again at 0.
  if (::getsockopt(::pcap_fileno(x_handle.get()), SOL_PACKET, PACKET_STATISTICS, &since_last,
                   &octets) == 0) {
    x_counts.received += since_last.tp_packets;
    x_counts.dropped_by_kernel += since_last.tp_drops;
  } else if (pcap_stat sums{}; ::pcap_stats(x_handle.get(), &sums) == 0) {
    x_counts.received = sums.ps_recv;
    x_counts.dropped_by_kernel = sums.ps_drop;
  }
  x_counts.dropped_by_interface = x_interface_drops->count();
  x_captures.front().interfaces.front().statistics = {
      .received = std::nullopt,  // before the filter; nobody counts them
      .dropped_by_interface = x_counts.dropped_by_interface,
      .accepted_by_filter = x_counts.received,
      .dropped_by_system = x_counts.dropped_by_kernel,
      .delivered = x_counts.captured};
  return x_counts;
}

}  // namespace tapdeck

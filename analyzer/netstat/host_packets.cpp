// What each packet adds to the counters of its sender and of its receiver.
#include <array>

#include "analyzer/netstat/host_facts.h"
#include "dissectors/icmp_errors.h"
#include "dissectors/ip_protocol.h"
#include "dissectors/network.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

using enum HostCounter;

/// What one kind of packet is to who gets it and to who sends it.
struct BothWays {
  HostCounter received{};
  HostCounter sent{};
};

struct IcmpKind {
  std::uint8_t type_v4 = 0;
  std::uint8_t type_v6 = 0;
  BothWays counters;
};

constexpr std::array icmp_kinds{
    IcmpKind{IcmpType::destination_unreachable,
             Icmpv6Type::destination_unreachable,
             {icmp_unreachable_received, icmp_unreachable_sent}},
    IcmpKind{IcmpType::time_exceeded,
             Icmpv6Type::time_exceeded,
             {icmp_time_exceeded_received, icmp_time_exceeded_sent}},
    IcmpKind{
        IcmpType::redirect, Icmpv6Type::redirect, {icmp_redirect_received, icmp_redirect_sent}},
    IcmpKind{IcmpType::echo, Icmpv6Type::echo_request, {icmp_echo_received, icmp_echo_sent}},
    IcmpKind{IcmpType::echo_reply,
             Icmpv6Type::echo_reply,
             {icmp_echo_reply_received, icmp_echo_reply_sent}},
};

/// The counters that one packet raises at either end.
class Raiser {
 public:
  Raiser(HostFacts* sender, HostFacts* receiver) : x_sender(sender), x_receiver(receiver) {}

  void both(BothWays counters) const {
    sender(counters.sent);
    receiver(counters.received);
  }
  void sender(HostCounter counter) const {
    if (x_sender != nullptr) ++x_sender->counters[counter];
  }
  void receiver(HostCounter counter) const {
    if (x_receiver != nullptr) ++x_receiver->counters[counter];
  }

 private:
  HostFacts* x_sender;
  HostFacts* x_receiver;
};

void count_icmp(const Dissection& dissection, const Region& region, std::uint8_t version,
                const Raiser& raise) {
  raise.both({icmp_received, icmp_sent});
  const std::uint8_t type = read_octet(region.bytes, 0);
  for (const IcmpKind& kind : icmp_kinds) {
    if (type == (version == 4 ? kind.type_v4 : kind.type_v6)) raise.both(kind.counters);
  }
  if (dissection.quoted_ip_protocol == IpProtocol::udp &&
      dissection.quoted_network != Dissection::no_layer &&
      is_port_unreachable(version, type, read_octet(region.bytes, 1))) {
    raise.sender(udp_unknown_port);
  }
}

void count_transport(const Dissection& dissection, std::uint8_t version, bool is_bad,
                     const Raiser& raise) {
  const Layer& transport = dissection.layers[dissection.transport];
  const Region region = dissection.region_of(transport);
  if (transport.protocol == protocol_of<Tcp>) {
    raise.both({tcp_received, tcp_sent});
    if (is_bad) raise.receiver(tcp_bad);
    if ((Tcp(region).flags() & TcpFlags::rst) != 0) raise.sender(tcp_resets_sent);
  } else if (transport.protocol == protocol_of<Udp>) {
    raise.sender(udp_sent);
    raise.receiver(is_bad ? udp_bad : udp_received);
  } else if (IpProtocol::is_icmp(dissection.ip_protocol) && region.holds(2)) {
    count_icmp(dissection, region, version, raise);
  }
}

void count_network(const Dissection& dissection, std::uint8_t version, bool is_bad,
                   const Raiser& raise) {
  const bool is_v4 = version == 4;
  raise.both(is_v4 ? BothWays{ip_received, ip_sent} : BothWays{ip6_received, ip6_sent});
  if (is_bad) raise.receiver(ip_bad_headers);
  if (dissection.is_fragment || dissection.reassembly.frames != 0) {
    raise.both(is_v4 ? BothWays{ip_fragments_received, ip_fragments_sent}
                     : BothWays{ip6_fragments_received, ip6_fragments_sent});
  }
}

/// Of the frame that a packet came in, where the link layer has one.
std::optional<MacAddress> sender_of_frame(const Dissection& dissection) {
  const Layer& outermost = dissection.layers[0];
  if (outermost.protocol != protocol_of<Ethernet>) return std::nullopt;
  return Ethernet(dissection.region_of(outermost)).source();
}

/// A cooked capture marks what its own host sent.
bool is_outgoing(const Dissection& dissection) {
  constexpr std::uint16_t outgoing = 4;  // PACKET_OUTGOING
  const Layer& outermost = dissection.layers[0];
  const Region region = dissection.region_of(outermost);
  if (outermost.protocol == protocol_of<LinuxSll>) {
    return LinuxSll(region).packet_type() == outgoing;
  }
  return outermost.protocol == protocol_of<LinuxSll2> &&
         LinuxSll2(region).packet_type() == outgoing;
}

}  // namespace

void GatheredFacts::add_packet(const Packet& packet, const Dissection& dissection,
                               const ChecksumReport& checksums) {
  if (dissection.network == Dissection::no_layer || packet.bytes.empty()) return;
  const auto [source, destination] =
      addresses_of(dissection, dissection.layers[dissection.network]);
  const auto count = [&](const Raiser& raise) {
    count_network(dissection, source.version, checksums.network == ChecksumStatus::bad, raise);
    if (dissection.transport == Dissection::no_layer) return;
    count_transport(dissection, source.version, checksums.transport == ChecksumStatus::bad, raise);
  };
  if (HostFacts* const sender = hosts.at({.host = source, .peer = {}})) {
    ++sender->frames;
    if (!sender->sender) sender->sender = sender_of_frame(dissection);
    sender->captures = sender->captures || is_outgoing(dissection);
    count(Raiser(sender, nullptr));
  }
  if (!destination.is_unicast()) return;
  if (HostFacts* const receiver = hosts.at({.host = destination, .peer = {}})) {
    ++receiver->frames;
    count(Raiser(nullptr, receiver));
  }
}

}  // namespace tapdeck

#include "analyzer/netstat/host_names.h"

#include <utility>

#include "dissectors/dns_answers.h"
#include "dissectors/ports.h"
#include "dissectors/registry.h"

namespace tapdeck {
namespace {

constexpr std::uint16_t dns = 53, multicast_dns = 5353;

/// Over TCP a message stands behind its length (RFC 1035 §4.2.2).
Bytes message_in_segment(Bytes payload) {
  if (payload.size() < 2) return {};
  const auto length = read_big_endian<std::uint16_t>(payload, 0);
  return length <= payload.size() - 2 ? payload.subspan(2, length) : Bytes{};
}

}  // namespace

void HostNames::add(const Dissection& dissection) {
  if (dissection.transport == Dissection::no_layer) return;
  const Layer& transport = dissection.layers[dissection.transport];
  const bool is_tcp = transport.protocol == protocol_of<Tcp>;
  if (!is_tcp && transport.protocol != protocol_of<Udp>) return;
  const auto ports = ports_of(dissection, transport);
  if (!ports || (ports->source != dns && (is_tcp || ports->source != multicast_dns))) return;
  const Bytes payload = dissection.region_of(transport).after(transport.header_length).bytes;
  for (DnsAddress& answer : dns_addresses(is_tcp ? message_in_segment(payload) : payload)) {
    if (std::string* const name = x_names.at({.host = answer.address, .peer = {}})) {
      *name = std::move(answer.name);
    }
  }
}

}  // namespace tapdeck

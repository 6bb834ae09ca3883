// The document of netstat: see netstat.schema.json.
#include "analyzer/report/netstat_table.h"
#include "analyzer/report/utf8.h"
#include "analyzer/report/words.h"

namespace tapdeck {
namespace {

template <class T>
void write_if(JsonOutput& json, std::string_view name, const std::optional<T>& maybe) {
  if (maybe) json.member(name, *maybe);
}

void write_state(JsonOutput& json, std::string_view name, const std::optional<TcpState>& state) {
  if (state) json.member(name, to_string(*state));
}

void write_socket(JsonOutput& json, std::string_view key, const Socket& socket,
                  const std::string& name = {}) {
  json.key(key);
  json.begin_object();
  json.member("address", to_string(socket.address));
  json.member("port", socket.port);
  if (!name.empty()) json.member("name", name);
  json.end_object();
}

void write_wire(JsonOutput& json, const WireSocket& wire) {
  json.key("wire");
  json.begin_object();
  write_state(json, "state", wire.state);
  write_state(json, "foreign_state", wire.foreign_state);
  write_if(json, "unacknowledged_bytes", wire.unacknowledged);
  if (wire.connection != 0) json.member("connection", wire.connection);
  json.member("first_ns", wire.first_ns);
  json.member("last_ns", wire.last_ns);
  write_if(json, "rtt_ns", wire.round_trip_ns);
  json.end_object();
}

std::string_view word_for(SocketTimer timer) {
  switch (timer) {
    case SocketTimer::off:
      return "off";
    case SocketTimer::retransmission:
      return "retransmission";
    case SocketTimer::keep_alive:
      return "keep_alive";
    case SocketTimer::time_wait:
      return "time_wait";
    case SocketTimer::window_probe:
      return "window_probe";
  }
  return "off";
}

void write_kernel(JsonOutput& json, const KernelSocket& kernel) {
  json.key("kernel");
  json.begin_object();
  write_state(json, "state", kernel.state);
  json.member("recv_q", kernel.receive_queue);
  json.member("send_q", kernel.send_queue);
  json.member("uid", kernel.user);
  json.member("inode", kernel.inode);
  json.member("timer", word_for(kernel.timer));
  if (kernel.timer != SocketTimer::off) {
    json.member("timer_ns", kernel.timer_ns);
    json.member("retransmissions", kernel.retransmissions);
  }
  json.key("processes");
  json.begin_array();
  for (const Process& process : kernel.processes) {
    json.begin_object();
    json.member("pid", process.id);
    json.member("program", process.program);
    json.end_object();
  }
  json.end_array();
  json.end_object();
}

void write_row(JsonOutput& json, const SocketRow& row) {
  json.begin_object();
  json.member("protocol", protocol_word(row.ip_protocol));
  json.member("ip_version", row.ip_version);
  json.member("waits", row.waits);
  write_socket(json, "local", row.local);
  write_socket(json, "foreign", row.foreign, row.foreign_name);
  if (row.wire) write_wire(json, *row.wire);
  if (row.kernel) write_kernel(json, *row.kernel);
  json.member("differs", row.differs);
  json.end_object();
}

void write_statistics(JsonOutput& json, const ConnectionTable& table, const NetstatView& view) {
  json.key("statistics");
  json.begin_object();
  std::string_view section;
  for (const HostCounterWords& counter : host_counter_words()) {
    if (!view.wants(counter)) continue;
    if (counter.section != section) {
      if (!section.empty()) json.end_object();
      json.key(counter.section);
      json.begin_object();
    }
    section = counter.section;
    json.member(counter.name, table.counters[counter.counter]);
  }
  if (!section.empty()) json.end_object();
  json.end_object();
}

void write_traffic(JsonOutput& json, std::string_view name, const InterfaceTraffic& traffic) {
  json.key(name);
  json.begin_object();
  json.member("bytes", traffic.octets);
  json.member("unicast_packets", traffic.unicast);
  json.member("non_unicast_packets", traffic.non_unicast);
  json.member("errors", traffic.errors);
  json.member("unknown_protocols", traffic.unknown);
  json.end_object();
}

void write_interface(JsonOutput& json, const InterfaceRow& interface) {
  json.begin_object();
  if (!interface.name.empty()) json.member("name", interface.name);
  write_traffic(json, "received", interface.received);
  write_traffic(json, "sent", interface.sent);
  write_if(json, "discarded", interface.discarded);
  json.end_object();
}

void write_route(JsonOutput& json, const RouteRow& route) {
  json.begin_object();
  json.member("destination", to_string(route.destination));
  json.member("prefix", route.destination.prefix);
  json.member("through_gateway", route.through_gateway);
  if (route.gateway) json.member("gateway", to_string(*route.gateway));
  if (route.next_hop) json.member("next_hop", to_string(*route.next_hop));
  json.member("frames", route.frames);
  if (!route.interface.empty()) json.member("interface", route.interface);
  json.end_object();
}

/// An array of those elements that `wants` takes.
template <class List, class Wants, class Write>
void write_list(JsonOutput& json, std::string_view name, const List& list, Wants wants,
                Write write) {
  json.key(name);
  json.begin_array();
  for (const auto& element : list) {
    if (wants(element)) write(json, element);
  }
  json.end_array();
}

}  // namespace

void write_netstat_json(const ConnectionTable& table, const NetstatView& view, JsonOutput& json) {
  const auto wanted = [&](const auto& element) { return view.wants(element); };
  const auto all = [](const auto&) { return true; };
  json.begin_object();
  json.member("schema_version", 1);
  json.member("time_ns", table.time_ns);
  if (table.by_wire) json.member("frame", table.frame);
  write_list(json, "local", table.local, all,
             [](JsonOutput& out, const Network& network) { out.value(to_string(network)); });
  if (view.sockets) write_list(json, "sockets", table.rows, wanted, write_row);
  if (view.routes) write_list(json, "routes", table.routes, wanted, write_route);
  if (view.interfaces) write_list(json, "interfaces", table.interfaces, all, write_interface);
  if (view.statistics) write_statistics(json, table, view);
  json.member("left_out", table.left_out);
  json.end_object();
  json.end_document();
}

}  // namespace tapdeck

#include "analyzer/report/netstat_table.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "analyzer/report/page.h"
#include "analyzer/report/quantity.h"
#include "analyzer/report/text_columns.h"
#include "analyzer/report/text_parts.h"
#include "analyzer/report/time.h"
#include "analyzer/report/utf8.h"

namespace tapdeck {
namespace {

using Align = TextColumns::Align;

constexpr std::string_view unknown = "-";

std::string whose(const ConnectionTable& table) {
  if (!table.by_wire) return {};
  std::vector<std::string> hosts;
  for (const Network& host : table.local) hosts.push_back(to_string(host));
  if (hosts.empty()) hosts.emplace_back("nobody");
  const std::string behind =
      table.frame == 0 ? "before the first frame" : fmt::format("frame {}", table.frame);
  return fmt::format(" of {} at {} ({})", fmt::join(hosts, ", "),
                     rfc3339(table.time_ns, table.time_digits), behind);
}

std::string_view which(const NetstatView& view) {
  if (!view.connected) return "only servers";
  return view.waiting ? "servers and established" : "w/o servers";
}

std::string protocol_of(const SocketRow& row) {
  return std::string(row.ip_protocol == IpProtocol::tcp ? "tcp" : "udp") +
         (row.ip_version == 6 ? "6" : "");
}

std::string with_port(const Socket& socket) {
  if (socket.port) return socket_text(socket);
  return fmt::format(fmt::runtime(socket.address.version == 4 ? "{}:*" : "[{}]:*"),
                     to_string(socket.address));
}

/// The end of a name tells most.
std::string shortened(const std::string& name, std::size_t width) {
  if (display_width(name) <= width) return name;
  constexpr std::string_view cut = "..";
  std::size_t begin = 0;
  while (begin < name.size() && display_width(name.substr(begin)) + cut.size() > width) {
    begin += first_utf8_character(std::string_view(name).substr(begin)).length;
  }
  return std::string(cut) + name.substr(begin);
}

std::string state_text(const std::optional<TcpState>& state) {
  return std::string(state ? netstat_word(*state) : "");
}

/// The table of sockets: its columns, and a row's cells in their order.
class SocketColumns {
 public:
  SocketColumns(const ConnectionTable& table, const NetstatView& view, const Page& page)
      : x_table(table), x_view(view), x_page(page) {
    x_columns.add_column("Proto", Align::left);
    x_columns.add_column("Recv-Q", Align::right);
    x_columns.add_column("Send-Q", Align::right);
    x_columns.add_column("Local Address", Align::left, 23);
    x_columns.add_column("Foreign Address", Align::left, 23);
    x_columns.add_column("State", Align::left, 11);
    if (both()) x_columns.add_column("Wire", Align::left, 12);
    if (view.details && table.by_wire) {
      x_columns.add_column("Foreign State", Align::left, 11);
      x_columns.add_column("RTT", Align::right, 8);
      x_columns.add_column("Since", Align::right, 8);
    }
    if (view.owner != OwnerColumn::none) x_columns.add_column(owner_title());
  }

  void add(const SocketRow& row) {
    std::vector<std::string> cells{protocol_of(row),     receive_queue(row), send_queue(row),
                                   with_port(row.local), foreign(row),       state(row)};
    if (both()) cells.push_back(wire_state(row));
    if (x_view.details && x_table.by_wire) add_details(row, cells);
    if (x_view.owner != OwnerColumn::none) cells.push_back(owner(row));
    x_columns.add_row(std::move(cells));
  }

  [[nodiscard]] std::vector<std::string> lines() const { return x_columns.lines(); }

 private:
  [[nodiscard]] bool both() const { return x_table.by_wire && x_table.by_kernel; }

  static std::string receive_queue(const SocketRow& row) {
    return row.kernel ? std::to_string(row.kernel->receive_queue) : std::string(unknown);
  }

  static std::string send_queue(const SocketRow& row) {
    if (row.kernel) return std::to_string(row.kernel->send_queue);
    if (row.wire && row.wire->unacknowledged) return std::to_string(*row.wire->unacknowledged);
    return std::string(unknown);
  }

  [[nodiscard]] std::string foreign(const SocketRow& row) const {
    if (!x_view.names || row.foreign_name.empty() || !row.foreign.port) {
      return with_port(row.foreign);
    }
    const std::size_t beside = 56;  // columns of the others, and of the port
    const std::size_t width = std::max<std::size_t>(x_page.width() - beside, 20);
    return fmt::format("{}:{}", shortened(x_page.shown(row.foreign_name), width),
                       *row.foreign.port);
  }

  [[nodiscard]] std::string state(const SocketRow& row) const {
    if (!x_table.by_kernel) return row.wire ? state_text(row.wire->state) : std::string(unknown);
    return row.kernel ? state_text(row.kernel->state) : std::string(unknown);
  }

  static std::string wire_state(const SocketRow& row) {
    return (row.differs ? "*" : " ") +
           (row.wire ? state_text(row.wire->state) : std::string(unknown));
  }

  void add_details(const SocketRow& row, std::vector<std::string>& cells) const {
    if (!row.wire) {
      cells.insert(cells.end(), 3, std::string(unknown));
      return;
    }
    cells.push_back(state_text(row.wire->foreign_state));
    cells.push_back(row.wire->round_trip_ns ? duration_text(*row.wire->round_trip_ns)
                                            : std::string(unknown));
    cells.push_back(duration_between(row.wire->first_ns, x_table.time_ns));
  }

  [[nodiscard]] std::string_view owner_title() const {
    if (x_view.owner == OwnerColumn::id) return "PID";
    return x_view.owner == OwnerColumn::program ? "Program name" : "PID/Program name";
  }

  [[nodiscard]] std::string owner(const SocketRow& row) const {
    if (!row.kernel || row.kernel->processes.empty()) return std::string(unknown);
    std::vector<std::string> owners;
    for (const Process& process : row.kernel->processes) {
      const std::string program = x_page.shown(process.program);
      const std::string id = std::to_string(process.id);
      owners.push_back(x_view.owner == OwnerColumn::id        ? id
                       : x_view.owner == OwnerColumn::program ? program
                                                              : id + "/" + program);
    }
    return fmt::format("{}", fmt::join(owners, " "));
  }

  const ConnectionTable& x_table;
  const NetstatView& x_view;
  const Page& x_page;
  TextColumns x_columns;
};

void write_sockets(Page& page, const ConnectionTable& table, const NetstatView& view) {
  page.paragraph(fmt::format("Active Internet connections ({}){}", which(view), whose(table)), 0, 2,
                 Ink::strong);
  SocketColumns columns(table, view, page);
  std::vector<bool> differs{false};  // the titles' line first
  for (const SocketRow& row : table.rows) {
    if (!view.wants(row)) continue;
    columns.add(row);
    differs.push_back(row.differs);
  }
  const std::vector<std::string> lines = columns.lines();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    page.line(lines[i], i == 0 ? Ink::strong : differs[i] ? Ink::warning : Ink::plain);
  }
}

void write_statistics(Page& page, const ConnectionTable& table, const NetstatView& view) {
  std::string_view section;
  for (const HostCounterWords& counter : host_counter_words()) {
    if (!view.wants(counter)) continue;
    if (counter.section != section) page.heading(fmt::format("{}:", counter.section));
    section = counter.section;
    page.line(fmt::format("    {} {}", table.counters[counter.counter], counter.text));
  }
}

void write_interface(Page& page, const InterfaceRow& interface) {
  struct Line {
    std::string_view title;
    std::uint64_t InterfaceTraffic::*count;
  };
  constexpr std::array traffic{Line{"Bytes", &InterfaceTraffic::octets},
                               Line{"Unicast packets", &InterfaceTraffic::unicast},
                               Line{"Non-unicast packets", &InterfaceTraffic::non_unicast},
                               Line{"Errors", &InterfaceTraffic::errors},
                               Line{"Unknown protocols", &InterfaceTraffic::unknown}};
  page.heading(interface.name.empty() ? "an interface without a name" : page.shown(interface.name));
  TextColumns columns;
  columns.add_column("", Align::left, 20);
  columns.add_column("Received", Align::right, 16);
  columns.add_column("Sent", Align::right, 16);
  for (const auto& [title, count] : traffic) {
    columns.add_row({std::string(title), std::to_string(interface.received.*count),
                     std::to_string(interface.sent.*count)});
  }
  columns.add_row(
      {"Discards", interface.discarded ? std::to_string(*interface.discarded) : "-", "-"});
  for (const std::string& line : columns.lines()) page.line(line);
}

void write_routes(Page& page, const ConnectionTable& table, const NetstatView& view) {
  page.paragraph("Routes" + whose(table), 0, 2, Ink::strong);
  TextColumns columns;
  columns.add_column("Destination", Align::left, 18);
  columns.add_column("Gateway", Align::left, 15);
  columns.add_column("Flags");
  if (table.by_wire) {
    columns.add_column("Next hop", Align::left, 17);
    columns.add_column("Frames", Align::right, 8);
  }
  columns.add_column("Iface");
  for (const RouteRow& route : table.routes) {
    if (!view.wants(route)) continue;
    const bool is_host = route.destination.prefix == bits_of(route.destination.address);
    std::vector<std::string> cells{
        to_string(route.destination), route.gateway ? to_string(*route.gateway) : "*",
        fmt::format("U{}{}", route.through_gateway ? "G" : "", is_host ? "H" : "")};
    if (table.by_wire) {
      cells.push_back(route.next_hop ? to_string(*route.next_hop) : std::string(unknown));
      cells.push_back(std::to_string(route.frames));
    }
    cells.push_back(page.shown(route.interface));
    columns.add_row(std::move(cells));
  }
  for (const std::string& line : columns.lines()) page.line(line);
}

}  // namespace

std::string_view netstat_word(TcpState state) {
  switch (state) {
    case TcpState::closed:
      return "CLOSE";
    case TcpState::listen:
      return "LISTEN";
    case TcpState::syn_sent:
      return "SYN_SENT";
    case TcpState::syn_received:
      return "SYN_RECV";
    case TcpState::established:
      return "ESTABLISHED";
    case TcpState::fin_wait_1:
      return "FIN_WAIT1";
    case TcpState::fin_wait_2:
      return "FIN_WAIT2";
    case TcpState::close_wait:
      return "CLOSE_WAIT";
    case TcpState::closing:
      return "CLOSING";
    case TcpState::last_ack:
      return "LAST_ACK";
    case TcpState::time_wait:
      return "TIME_WAIT";
    case TcpState::unknown:
      return "UNKNOWN";
  }
  return "UNKNOWN";
}

bool NetstatView::wants(const HostCounterWords& counter) const {
  const std::string_view section = counter.section;
  if (section == "Ip") return ip && version_4;
  if (section == "Ip6") return ip && version_6;
  if (section == "Icmp") return icmp;
  return section == "Udp" ? udp : tcp;
}

void write_netstat_text(const ConnectionTable& table, const NetstatView& view, const Style& style,
                        ByteSink& sink) {
  Page page(sink, style);
  bool is_first = true;
  const auto part = [&](bool wished, const auto& write) {
    if (!wished) return;
    if (!is_first) page.blank();
    is_first = false;
    write();
  };
  part(view.sockets, [&] { write_sockets(page, table, view); });
  part(view.routes, [&] { write_routes(page, table, view); });
  part(view.interfaces, [&] {
    page.paragraph("Interface statistics" + whose(table), 0, 2, Ink::strong);
    for (const InterfaceRow& interface : table.interfaces) write_interface(page, interface);
  });
  part(view.statistics, [&] {
    if (table.by_wire) page.paragraph("Statistics" + whose(table), 0, 2, Ink::strong);
    write_statistics(page, table, view);
  });
}

}  // namespace tapdeck

#include "analyzer/anomalies/across_flows.h"

#include <algorithm>
#include <utility>

#include "analyzer/anomalies/episodes.h"
#include "analyzer/anomalies/family.h"
#include "analyzer/anomalies/thresholds.h"
#include "analyzer/flow/conversation.h"
#include "analyzer/tcp/connection.h"
#include "captures/elapsed.h"
#include "dissectors/ip_protocol.h"

namespace tapdeck {
namespace {

using enum AnomalyType;

/// More in one second than clients that merely try again send; of them at most one in five
/// answered.
constexpr std::uint64_t flood_rate = 100;
constexpr std::uint64_t completed_at_least = 5;
/// More resets or FINs of one host in one second than a busy server's connections end with.
constexpr std::uint64_t storm_rate = 1'000;
/// More different targets without success than a program tries that looks for its server.
constexpr std::uint64_t scan_targets = 20;
constexpr std::uint64_t all_ports = 65'536;
/// More connections than a browser opens to one server, each silent for longer than a pause.
constexpr std::uint64_t idle_connections = 20;
constexpr std::int64_t idle_ns = 10'000'000'000;
constexpr std::uint64_t hardly_octets = 1'024;
/// What most of a host's answers take can be told from so many.
constexpr std::uint32_t enough_answers = 5;

Moment start_of(const Conversation& conversation) {
  return {.frame = conversation.first_frame, .time_ns = conversation.details->start_ns};
}
Moment end_of(const Conversation& conversation) {
  return {.frame = conversation.details->last_frame, .time_ns = conversation.end_ns};
}

HostKey service_of(const Conversation& conversation) {
  const auto [address, port] = conversation.socket_of(Side::server);
  return {.host = address, .peer = {}, .port = port.value_or(0)};
}

std::uint64_t number_of(const IpAddress& address) {
  std::uint64_t number = 0;
  for (const std::uint8_t octet : address.octets) number = number * 0x100000001b3U + octet;
  return number;
}

std::int64_t as_value(std::uint64_t count) { return static_cast<std::int64_t>(count); }

/// `most`: so many events at most brought the values.
void set_count(Evidence& evidence, EvidenceName name, const DistinctValues& values,
               std::uint64_t most) {
  const std::int64_t count = as_value(std::min(values.count(), most));
  if (values.is_exact()) {
    evidence.set(name, count);
  } else {
    evidence.set_estimated(name, count);
  }
}

}  // namespace

void AcrossFlows::Target::merge(const Target& other) {
  attempts += other.attempts;
  completed += other.completed;
  span.include(other.span);
  answers.merge(other.answers);
  unfinished.merge(other.unfinished);
}

void AcrossFlows::Target::Unfinished::merge(const Unfinished& other) {
  rate.merge(other.rate);
  sources.merge(other.sources);
}

void AcrossFlows::Source::merge(const Source& other) {
  tried += other.tried;
  failed += other.failed;
  failures.merge(other.failures);
}

void AcrossFlows::Source::Failures::merge(const Failures& other) {
  ports.merge(other.ports);
  hosts.merge(other.hosts);
  host = other.host;
  targets.merge(other.targets);
  span.include(other.span);
}

void AcrossFlows::Closer::merge(const Closer& other) {
  rate.merge(other.rate);
  count += other.count;
  span.include(other.span);
}

void AcrossFlows::Idler::merge(const Idler& other) {
  connections += other.connections;
  octets += other.octets;
  span.include(other.span);
}

void AcrossFlows::on_end(const Conversation& conversation, const TcpConnection* connection,
                         Findings& found) {
  const Traffic& answers = conversation.details->traffic[index_of(Side::server)];
  if (connection != nullptr) {
    // A probe (a SYN, a FIN, nothing, all flags …) fails where nothing but resets comes back.
    const Traffic& asked = conversation.details->traffic[index_of(Side::client)];
    const bool opened = connection->handshake().syn_frame().has_value();
    const bool refused = answers.packets == 0 || (!opened && answers.packets == 1) ||
                         connection->states().teardown().kind == TeardownKind::reset;
    const bool failed = refused && answers.payload_octets == 0 && asked.payload_octets == 0;
    if (opened) note_attempt(conversation, *connection);
    note_try(conversation, failed);
    if (connection->handshake().complete()) note_idler(conversation);
    if (!found.has(slow_handshake, AnomalyDirection::server_to_client)) {
      note_answer(conversation, *connection);
    }
  } else if (conversation.key.ip_protocol == IpProtocol::udp) {
    note_try(conversation, answers.packets == 0);
  }
}

void AcrossFlows::note_attempt(const Conversation& conversation, const TcpConnection& connection) {
  Target* const target = x_targets.at(service_of(conversation));
  if (target == nullptr) return;
  ++target->attempts;
  const bool completed = connection.handshake().complete();
  if (completed) {
    ++target->completed;
  } else {
    auto& unfinished = target->unfinished.get();
    unfinished.rate.add(conversation.details->start_ns);
    unfinished.sources.add(number_of(conversation.socket_of(Side::client).address));
  }
  target->span.include(start_of(conversation), conversation.first_frame);
  if (const auto took_ns = connection.handshake().server_rtt_ns()) target->answers.add(*took_ns);
}

void AcrossFlows::note_answer(const Conversation& conversation, const TcpConnection& connection) {
  const auto took_ns = connection.handshake().server_rtt_ns();
  if (!took_ns || *took_ns <= slow_answer_ns) return;
  x_late_answers.add({.target = service_of(conversation),
                      .connection = conversation.first_frame,
                      .moment = {.frame = connection.handshake().synack_frame().value_or(0),
                                 .time_ns = connection.handshake().synack_ns()},
                      .took_ns = *took_ns});
}

void AcrossFlows::note_try(const Conversation& conversation, bool failed) {
  const Socket server = conversation.socket_of(Side::server);
  if (!server.address.is_unicast()) return;
  Source* const source =
      x_sources.at({.host = conversation.socket_of(Side::client).address, .peer = {}});
  if (source == nullptr) return;
  ++source->tried;
  if (!failed) return;
  ++source->failed;
  auto& failures = source->failures.get();
  failures.ports.add(server.port.value_or(0));
  failures.hosts.add(number_of(server.address));
  failures.host = server.address;
  failures.targets.add(number_of(server.address) * 31 + server.port.value_or(0));
  failures.span.include(start_of(conversation), conversation.first_frame);
  failures.span.include(end_of(conversation), conversation.first_frame);
}

void AcrossFlows::note_idler(const Conversation& conversation) {
  const Traffic& asked = conversation.details->traffic[index_of(Side::client)];
  const Traffic& answered = conversation.details->traffic[index_of(Side::server)];
  const bool idles = elapsed_ns(conversation.details->start_ns, conversation.end_ns) >= idle_ns &&
                     asked.payload_octets != 0 && asked.payload_octets <= hardly_octets &&
                     answered.payload_octets == 0;
  if (!idles) return;
  HostKey pair = service_of(conversation);
  pair.peer = conversation.socket_of(Side::client).address;
  Idler* const idler = x_idlers.at(pair);
  if (idler == nullptr) return;
  ++idler->connections;
  idler->octets += asked.payload_octets;
  idler->span.include(start_of(conversation), conversation.first_frame);
  idler->span.include(end_of(conversation), conversation.first_frame);
}

void AcrossFlows::on_closing(const Conversation& conversation, Side from, std::uint8_t flags,
                             Moment moment) {
  auto& closers = (flags & TcpFlags::rst) != 0 ? x_resetters : x_closers;
  Closer* const closer = closers.at({.host = conversation.socket_of(from).address, .peer = {}});
  if (closer == nullptr) return;
  ++closer->count;
  closer->rate.add(moment.time_ns);
  closer->span.include(moment, conversation.first_frame);
}

void AcrossFlows::on_leap(const Leap& leap) { x_leaps.add(leap); }

void AcrossFlows::on_copies(const CopyCounters& copies) {
  if (copies.total() == 0) return;
  x_copies.other_interface += copies.other_interface;
  x_copies.other_vlan += copies.other_vlan;
  x_copies.routed += copies.routed;
  x_copies.mirrored += copies.mirrored;
  Span span{.first = x_copies.first, .last = x_copies.last};
  span.include({.first = copies.first, .last = copies.last});
  x_copies.first = span.first;
  x_copies.last = span.last;
}

void AcrossFlows::merge(const AcrossFlows& other) {
  x_targets.merge(other.x_targets);
  x_sources.merge(other.x_sources);
  x_resetters.merge(other.x_resetters);
  x_closers.merge(other.x_closers);
  x_idlers.merge(other.x_idlers);
  on_copies(other.x_copies);
  x_late_answers.merge(other.x_late_answers);
  x_leaps.merge(other.x_leaps);
}

std::vector<Anomaly> AcrossFlows::judge() const {
  std::vector<Anomaly> found = judge_recent();
  judge_copies(found);
  return found;
}

void AcrossFlows::forget_recent() {
  AcrossFlows fresh;
  fresh.x_copies = x_copies;
  *this = std::move(fresh);
}

std::vector<Anomaly> AcrossFlows::judge_recent() const {
  std::vector<Anomaly> found;
  judge_attempts(found);
  judge_sources(found);
  judge_closers(found);
  judge_answers(found);
  return found;
}

void AcrossFlows::judge_copies(std::vector<Anomaly>& found) const {
  if (x_copies.total() == 0) return;
  Anomaly copies = anomaly_of(duplicate_frame, x_copies.first, x_copies.last, x_copies.total());
  const auto set = [&](EvidenceName name, std::uint64_t count) {
    if (count != 0) copies.evidence.set(name, as_value(count));
  };
  set(EvidenceName::other_interfaces, x_copies.other_interface);
  set(EvidenceName::other_vlans, x_copies.other_vlan);
  set(EvidenceName::routed, x_copies.routed);
  set(EvidenceName::mirrored, x_copies.mirrored);
  found.push_back(copies);
}

void AcrossFlows::judge_answers(std::vector<Anomaly>& found) const {
  for (const LateAnswer& late : x_late_answers.kept()) {
    const Target* const target = x_targets.find(late.target);
    if (target == nullptr || target->answers.count() < enough_answers) continue;
    const std::int64_t usual_ns = target->answers.median_at_most();
    if (late.took_ns <= slow_answer_factor * usual_ns) continue;
    Anomaly slow = anomaly_of(slow_handshake, late.moment, late.moment, 1);
    slow.direction = AnomalyDirection::server_to_client;
    slow.connection = late.connection;
    slow.evidence.set(EvidenceName::delay_ns, late.took_ns);
    slow.evidence.set(EvidenceName::usual_ns, usual_ns);
    found.push_back(
        slow.consider(Alternative::slow_application).consider(Alternative::slow_network));
  }
}

void AcrossFlows::judge_attempts(std::vector<Anomaly>& found) const {
  x_targets.for_each([&](const HostKey& key, const Target& target) {
    const auto* const unfinished = target.unfinished.find();
    const bool flooded = unfinished != nullptr && unfinished->rate.most() >= flood_rate &&
                         target.completed * completed_at_least <= target.attempts;
    if (!flooded) return;
    Anomaly flood = anomaly_of(syn_flood, target.span.first, target.span.last, target.attempts);
    flood.evidence.set(EvidenceName::address, key.host);
    flood.evidence.set(EvidenceName::port, key.port);
    flood.evidence.set(EvidenceName::share_percent,
                       as_value(target.completed * 100 / target.attempts));
    set_count(flood.evidence, EvidenceName::hosts, unfinished->sources.values(),
              target.attempts - target.completed);
    flood.evidence.set(EvidenceName::most_in_a_second, as_value(unfinished->rate.most()));
    found.push_back(flood);
  });
}

void AcrossFlows::judge_sources(std::vector<Anomaly>& found) const {
  x_sources.for_each([&](const HostKey& key, const Source& source) {
    const auto* const failures = source.failures.find();
    if (failures == nullptr || source.failed * 2 < source.tried) return;
    if (failures->targets.values().count() < scan_targets) return;
    Anomaly scan = anomaly_of(port_scan, failures->span.first, failures->span.last, source.failed);
    const DistinctValues hosts = failures->hosts.values();
    scan.evidence.set(EvidenceName::address, key.host);
    if (hosts.count() == 1) scan.evidence.set(EvidenceName::peer_address, failures->host);
    scan.evidence.set(EvidenceName::tries, as_value(source.failed));
    set_count(scan.evidence, EvidenceName::ports, failures->ports.values(),
              std::min(source.failed, all_ports));
    set_count(scan.evidence, EvidenceName::hosts, hosts, source.failed);
    found.push_back(scan);
  });
}

void AcrossFlows::judge_closers(std::vector<Anomaly>& found) const {
  const auto judge_storms = [&](AnomalyType type, const auto& closers) {
    closers.for_each([&](const HostKey& key, const Closer& closer) {
      if (closer.rate.most() < storm_rate) return;
      Anomaly storm = anomaly_of(type, closer.span.first, closer.span.last, closer.count);
      storm.evidence.set(EvidenceName::address, key.host);
      storm.evidence.set(EvidenceName::most_in_a_second, as_value(closer.rate.most()));
      found.push_back(storm);
    });
  };
  judge_storms(rst_flood, x_resetters);
  judge_storms(fin_storm, x_closers);
  x_idlers.for_each([&](const HostKey& key, const Idler& idler) {
    if (idler.connections < idle_connections) return;
    Anomaly slow = anomaly_of(slow_client, idler.span.first, idler.span.last, idler.connections);
    slow.evidence.set(EvidenceName::address, key.peer);
    slow.evidence.set(EvidenceName::peer_address, key.host);
    slow.evidence.set(EvidenceName::port, key.port);
    slow.evidence.set(EvidenceName::bytes, as_value(idler.octets));
    found.push_back(slow);
  });
}

}  // namespace tapdeck

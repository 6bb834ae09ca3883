// Captures, hygiene and totals as JSON.
#include "analyzer/anomalies/family.h"
#include "analyzer/report/json_objects.h"
#include "analyzer/report/words.h"

namespace tapdeck {
namespace {

/// A member that is there only if it says something.
void write_text(JsonOutput& json, std::string_view name, std::string_view text) {
  if (!text.empty()) json.member(name, text);
}

template <class List, class Write>
void write_list(JsonOutput& json, std::string_view name, const List& list, Write write) {
  if (list.empty()) return;
  json.key(name);
  json.begin_array();
  for (const auto& element : list) write(json, element);
  json.end_array();
}

void write_fault(JsonOutput& json, const CaptureFault& fault) {
  json.begin_object();
  json.member("kind", word_for(fault.kind));
  json.member("offset", fault.offset);
  json.member("packets_before", fault.packets_before);
  if (fault.needed != 0) {
    json.member("needed", fault.needed);
    json.member("available", fault.available);
  }
  write_text(json, "detail", fault.detail);
  json.member("text", describe(fault));
  json.end_object();
}

void write_statistics(JsonOutput& json, const InterfaceStatistics& statistics) {
  const auto write = [&](std::string_view name, const std::optional<std::uint64_t>& count) {
    if (count) json.member(name, *count);
  };
  json.key("statistics");
  json.begin_object();
  write("received", statistics.received);
  write("dropped_by_interface", statistics.dropped_by_interface);
  write("accepted_by_filter", statistics.accepted_by_filter);
  write("dropped_by_system", statistics.dropped_by_system);
  write("delivered", statistics.delivered);
  json.end_object();
}

bool says_anything(const InterfaceStatistics& statistics) {
  return statistics.received || statistics.dropped_by_interface || statistics.accepted_by_filter ||
         statistics.dropped_by_system || statistics.delivered;
}

void write_interface(JsonOutput& json, const CaptureInterface& interface) {
  json.begin_object();
  write_text(json, "name", interface.name);
  write_text(json, "description", interface.description);
  write_text(json, "filter", interface.filter);
  json.member("link_type", to_string(interface.link_type));
  if (interface.snap_length != 0) json.member("snap_length", interface.snap_length);
  json.member("time_digits", interface.time_digits);
  json.member("packets", interface.packets);
  if (says_anything(interface.statistics)) write_statistics(json, interface.statistics);
  json.end_object();
}

void write_string(JsonOutput& json, const std::string& text) { json.value(std::string_view(text)); }

void write_packet_comment(JsonOutput& json, const PacketComment& comment) {
  json.begin_object();
  json.member("frame", comment.packet_number);
  json.member("text", comment.text);
  json.end_object();
}

void write_name(JsonOutput& json, const ResolvedName& name) {
  json.begin_object();
  json.member("address", name.address);
  json.member("name", name.name);
  json.end_object();
}

void write_link_types(JsonOutput& json, const std::vector<LinkType>& link_types) {
  json.key("link_types");
  json.begin_array();
  for (const LinkType link_type : link_types) write_string(json, to_string(link_type));
  json.end_array();
}

void write_capture(JsonOutput& json, const CaptureInfo& capture) {
  json.begin_object();
  json.member("file", capture.file);
  json.member("format", word_for(capture.format));
  json.member("compression", word_for(capture.compression));
  write_link_types(json, capture.link_types);
  json.member("packets", capture.packets);
  json.member("bytes", capture.bytes);
  json.member("first_ns", capture.first_ns);
  json.member("last_ns", capture.last_ns);
  json.member("complete", capture.complete);
  json.key("faults");
  json.begin_array();
  for (const CaptureFault& fault : capture.faults) write_fault(json, fault);
  json.end_array();
  write_text(json, "hardware", capture.hardware);
  write_text(json, "operating_system", capture.operating_system);
  write_text(json, "application", capture.application);
  write_list(json, "interfaces", capture.interfaces, write_interface);
  write_list(json, "comments", capture.comments, write_string);
  write_list(json, "packet_comments", capture.packet_comments, write_packet_comment);
  write_list(json, "names", capture.names, write_name);
  if (capture.oddities.texts_dropped != 0) {
    json.member("texts_dropped", capture.oddities.texts_dropped);
  }
  json.end_object();
}

void write_hygiene(JsonOutput& json, const Hygiene& hygiene) {
  json.begin_object();
  json.member("duplicate_frames", hygiene.duplicate_frames);
  json.member("timestamps_backwards", hygiene.timestamps_backwards);
  json.member("truncated_packets", hygiene.truncated_packets);
  json.member("bad_checksums", hygiene.bad_checksums);
  json.member("offloaded_checksums", hygiene.offloaded_checksums);
  json.member("dropped_by_capture", hygiene.dropped_by_capture);
  json.member("captured_over_snap_length", hygiene.captured_over_snap_length);
  json.member("captured_over_wire_length", hygiene.captured_over_wire_length);
  json.member("zero_length_packets", hygiene.zero_length_packets);
  json.member("subsecond_overflows", hygiene.subsecond_overflows);
  json.member("unknown_blocks", hygiene.unknown_blocks);
  json.member("packets_without_time", hygiene.packets_without_time);
  json.member("incomplete_datagrams", hygiene.incomplete_datagrams);
  json.member("fragment_overlaps", hygiene.fragment_overlaps);
  json.member("fragment_conflicts", hygiene.fragment_conflicts);
  json.member("connections_shed", hygiene.connections_shed);
  if (hygiene.connections_shed != 0) {
    json.key("shed");
    json.begin_object();
    json.member("attempts", hygiene.shed_attempts);
    json.member("closed", hygiene.shed_over);
    json.member("idle", hygiene.shed_idle);
    json.member("open", hygiene.shed_open);
    json.end_object();
  }
  json.member("details_dropped", hygiene.details_dropped);
  json.end_object();
}

void write_totals(JsonOutput& json, const Summary& summary) {
  const Totals& totals = summary.totals;
  json.begin_object();
  json.member("packets", totals.packets);
  json.member("bytes", totals.bytes);
  json.member("filtered", summary.filtered);
  json.member("first_ns", totals.first_ns);
  json.member("last_ns", totals.last_ns);
  json.member("tcp_connections", totals.tcp_connections);
  json.member("udp_flows", totals.udp_flows);
  json.member("other_flows", totals.other_flows);
  json.member("tcp_packets", totals.tcp_packets);
  json.member("udp_packets", totals.udp_packets);
  json.member("icmp", totals.icmp);
  json.member("arp", totals.arp);
  json.member("other", totals.other);
  json.member("malformed", totals.malformed);
  json.member("ip_fragments", totals.ip_fragments);
  json.key("undissected");
  json.begin_array();
  for (const UndissectedLinkType& undissected : totals.undissected) {
    json.begin_object();
    json.member("link_type", to_string(undissected.link_type));
    json.member("packets", undissected.packets);
    json.end_object();
  }
  json.end_array();
  json.key("anomalies");
  json.begin_object();
  for (std::size_t i = severity_count; i-- > 0;) {
    json.member(to_string(static_cast<Severity>(i)), totals.anomalies[i]);
  }
  json.end_object();
  json.end_object();
}

}  // namespace

void write_json_summary(JsonOutput& json, const Summary& summary) {
  json.member("schema_version", json_schema_version);
  json.key("captures");
  json.begin_array();
  for (const CaptureInfo& capture : summary.captures) write_capture(json, capture);
  json.end_array();
  json.key("hygiene");
  write_hygiene(json, summary.hygiene);
  json.key("totals");
  write_totals(json, summary);
}

}  // namespace tapdeck

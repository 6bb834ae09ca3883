// Captures, their quality and the totals for people.
#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include "analyzer/report/quantity.h"
#include "analyzer/report/text_parts.h"
#include "analyzer/report/time.h"
#include "analyzer/report/words.h"

namespace tapdeck {
namespace {

constexpr std::size_t indent = 2;

std::string file_name(const Page& page, const CaptureInfo& capture) {
  return capture.file == "-" ? "standard input" : page.shown(capture.file);
}

unsigned time_digits(const CaptureInfo& capture) {
  const auto most =
      std::ranges::max_element(capture.interfaces, {}, &CaptureInterface::time_digits);
  return most == capture.interfaces.end() ? 6 : most->time_digits;
}

std::string kind_of_file(const CaptureInfo& capture) {
  std::vector<std::string> words{std::string(word_for(capture.format))};
  if (capture.compression != Compression::none) words.emplace_back(word_for(capture.compression));
  for (const LinkType link_type : capture.link_types) words.push_back(to_string(link_type));
  return fmt::format("{}", fmt::join(words, ", "));
}

void write_comments(Page& page, const CaptureInfo& capture) {
  constexpr std::size_t most = 3, longest = 200;
  for (std::size_t i = 0; i < std::min(most, capture.comments.size()); ++i) {
    const std::string& comment = capture.comments[i];
    page.paragraph(fmt::format("comment: {}{}", page.shown(comment.substr(0, longest)),
                               comment.size() > longest ? " ..." : ""),
                   indent, indent);
  }
  const std::size_t more = capture.comments.size() - std::min(most, capture.comments.size()) +
                           capture.packet_comments.size();
  if (more > 0) page.line(fmt::format("  {} in json", count_of(more, "more comment")));
}

void write_capture(Page& page, const CaptureInfo& capture) {
  page.paragraph(file_name(page, capture), 0, indent, Ink::strong);
  if (capture.format == FileFormat::unknown) return;
  page.paragraph(fmt::format("{}; {}, {}", kind_of_file(capture),
                             count_of(capture.packets, "packet"), count_of(capture.bytes, "byte")),
                 indent, indent);
  if (capture.first_ns && capture.last_ns) {
    const unsigned digits = time_digits(capture);
    page.paragraph(fmt::format("{} to {}, {}", rfc3339(*capture.first_ns, digits),
                               rfc3339(*capture.last_ns, digits),
                               duration_between(*capture.first_ns, *capture.last_ns)),
                   indent, indent);
  }
  write_comments(page, capture);
}

/// What a count of the hygiene means; the words follow the number.
struct QualityRow {
  std::uint64_t count;
  std::string_view one, many;
};

auto quality_rows(const Hygiene& hygiene) {
  return std::array{
      QualityRow{hygiene.dropped_by_capture.value_or(0),
                 "packet was dropped while capturing: gaps may be the capture's own",
                 "packets were dropped while capturing: gaps may be the capture's own"},
      QualityRow{hygiene.duplicate_frames, "frame is a copy that the capture made of another",
                 "frames are copies that the capture made of others"},
      QualityRow{hygiene.truncated_packets, "packet was cut by the snap length",
                 "packets were cut by the snap length"},
      QualityRow{hygiene.timestamps_backwards, "packet is stamped earlier than the one before it",
                 "packets are stamped earlier than the one before them"},
      QualityRow{hygiene.bad_checksums, "packet has a wrong checksum, of IP or above: corrupted",
                 "packets have a wrong checksum, of IP or above: corrupted"},
      QualityRow{hygiene.incomplete_datagrams, "fragmented datagram never became whole",
                 "fragmented datagrams never became whole"},
      QualityRow{hygiene.fragment_overlaps, "fragment overlaps another",
                 "fragments overlap others"},
      QualityRow{hygiene.fragment_conflicts, "overlapping fragment holds different bytes",
                 "overlapping fragments hold different bytes"},
      QualityRow{hygiene.shed_attempts,
                 "unanswered attempt was given up early: there were too many at once",
                 "unanswered attempts were given up early: there were too many at once"},
      QualityRow{hygiene.shed_over,
                 "closed connection was given up early: there were too many at once",
                 "closed connections were given up early: there were too many at once"},
      QualityRow{hygiene.shed_idle,
                 "silent conversation was given up early: there were too many at once",
                 "silent conversations were given up early: there were too many at once"},
      QualityRow{hygiene.shed_open,
                 "open connection was given up early: if it went on, it counts as another",
                 "open connections were given up early: those that went on count as others"},
      QualityRow{hygiene.details_dropped,
                 "detail of a conversation was left out at the bound on what is kept",
                 "details of conversations were left out at the bound on what is kept"},
      QualityRow{hygiene.packets_without_time, "packet has no time of its own in the file",
                 "packets have no time of their own in the file"},
      QualityRow{hygiene.captured_over_snap_length, "packet is longer than the snap length",
                 "packets are longer than the snap length"},
      QualityRow{hygiene.captured_over_wire_length, "packet is longer than it was on the wire",
                 "packets are longer than they were on the wire"},
      QualityRow{hygiene.zero_length_packets, "packet has no bytes at all",
                 "packets have no bytes at all"},
      QualityRow{hygiene.subsecond_overflows, "time has a fraction of more than a second",
                 "times have a fraction of more than a second"},
      QualityRow{hygiene.unknown_blocks, "block of an unknown kind was skipped",
                 "blocks of an unknown kind were skipped"},
  };
}

struct Complaint {
  std::string text;
  Ink ink = Ink::warning;
};

std::vector<Complaint> complaints(const Page& page, const Summary& summary) {
  std::vector<Complaint> found;
  for (const CaptureInfo& capture : summary.captures) {
    const std::string file =
        summary.captures.size() > 1 ? file_name(page, capture) + ": " : std::string{};
    for (const CaptureFault& fault : capture.faults) {
      found.push_back({file + page.shown(describe(fault)), Ink::bad});
    }
  }
  for (const auto& [count, one, many] : quality_rows(summary.hygiene)) {
    if (count != 0) found.push_back({count_of(count, one, many)});
  }
  return found;
}

std::string packets_by_protocol(const Totals& totals) {
  const std::array counts{
      std::pair{totals.tcp_packets, "TCP"}, std::pair{totals.udp_packets, "UDP"},
      std::pair{totals.icmp, "ICMP"},       std::pair{totals.arp, "ARP"},
      std::pair{totals.other, "other"},
  };
  std::string text;
  for (const auto& [count, name] : counts) {
    if (count == 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? ": " : ", ", count_text(count), name);
  }
  return text;
}

void write_anomaly_totals(Page& page, const Totals& totals) {
  const auto [infos, notes, warnings, errors] = totals.anomalies;
  if (errors + warnings + notes + infos == 0) return;
  const Ink ink = errors != 0 ? Ink::bad : warnings != 0 ? Ink::warning : Ink::plain;
  page.line(fmt::format("  {}, {}, {}", count_of(errors, "error"), count_of(warnings, "warning"),
                        count_of(notes + infos, "note")),
            ink);
}

}  // namespace

void write_captures(Page& page, const Summary& summary, std::size_t most) {
  const std::size_t shown =
      most == 0 ? summary.captures.size() : std::min(most, summary.captures.size());
  for (std::size_t i = 0; i < shown; ++i) write_capture(page, summary.captures[i]);
  if (shown < summary.captures.size()) {
    page.line("and " + count_of(summary.captures.size() - shown, "more capture"));
  }
}

void write_quality(Page& page, const Summary& summary) {
  const std::vector<Complaint> found = complaints(page, summary);
  if (found.empty()) {
    page.line("Nothing is wrong with the capture itself.");
  } else {
    page.heading("WRONG WITH THE CAPTURE ITSELF");
    for (const Complaint& complaint : found) {
      page.paragraph("! " + complaint.text, indent, indent, complaint.ink);
    }
  }
  if (const std::uint64_t offloaded = summary.hygiene.offloaded_checksums; offloaded != 0) {
    page.paragraph(
        fmt::format("{} before the sender's network card had filled in the checksum, which is "
                    "harmless.",
                    count_of(offloaded, "packet was captured", "packets were captured")),
        found.empty() ? 0 : indent, found.empty() ? 0 : indent);
  }
}

void write_totals(Page& page, const Summary& summary) {
  const Totals& totals = summary.totals;
  page.heading(summary.filtered ? "TOTALS OF WHAT THE FILTER PASSES" : "TOTALS");
  page.paragraph(fmt::format("{}, {}, {}", count_of(totals.tcp_connections, "TCP connection"),
                             count_of(totals.udp_flows, "UDP flow"),
                             count_of(totals.other_flows, "other conversation")),
                 indent, indent);
  page.paragraph(count_of(totals.packets, "packet") + packets_by_protocol(totals), indent, indent);
  page.line("  " + count_of(totals.bytes, "byte"));
  if (totals.ip_fragments != 0) page.line("  " + count_of(totals.ip_fragments, "IP fragment"));
  if (totals.malformed != 0) {
    page.line("  " + count_of(totals.malformed, "malformed packet"), Ink::warning);
  }
  write_anomaly_totals(page, totals);
  for (const UndissectedLinkType& undissected : totals.undissected) {
    page.paragraph(
        fmt::format("{} of link type {}, which isn't dissected",
                    count_of(undissected.packets, "packet"), to_string(undissected.link_type)),
        indent, indent, Ink::warning);
  }
}

}  // namespace tapdeck

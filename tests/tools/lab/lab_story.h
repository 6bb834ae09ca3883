// Makes a recording of the lab from a story: what was sent, and what arrived where and when.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "dissectors/tcp.h"
#include "tools/lab/truth/frame_class.h"
#include "tools/lab/truth/receiver.h"
#include "tools/lab/truth/recording.h"

namespace tapdeck::test {

struct ToldSegment {
  std::uint32_t seq = 0;
  std::uint32_t octets = 0;  // SYN and FIN included
  std::uint8_t flags = TcpFlags::ack;
  std::optional<std::uint32_t> timestamp = {};
  std::uint32_t ack = 0;
  std::uint16_t client_port = 50000;
};

class LabStory {
 public:
  /// A segment leaves its host. Its number is what the functions below take.
  std::size_t send(Way way, const ToldSegment& told) {
    const std::size_t number = x_fates.size();
    TcpFrame frame{.source = {{{192, 0, 2, 10}, 4}, told.client_port},
                   .destination = {{{192, 0, 2, 20}, 4}, 7000},
                   .seg_seq = {told.seq},
                   .seg_ack = {told.ack},
                   .seg_len = told.octets,
                   .flags = told.flags,
                   .window_field = 65535,
                   .timestamp_value = told.timestamp};
    if (way == Way::down) std::swap(frame.source, frame.destination);
    x_sent.push_back(frame);
    x_fates.push_back(
        {.way = way, .ordinal = number + 1, .seq = told.seq, .seq_octets = told.octets});
    capture(sender_of(way), number, &CapturedAs::frame);
    return number;
  }

  void deliver(std::size_t number) {
    capture(receiver_of(x_fates[number].way), number, &CapturedAs::frame);
  }
  void deliver_copy(std::size_t number) {
    capture(receiver_of(x_fates[number].way), number, &CapturedAs::copy);
  }
  /// Sent and delivered at once.
  std::size_t pass(Way way, const ToldSegment& told) {
    const std::size_t number = send(way, told);
    deliver(number);
    return number;
  }

  /// `missing.pcap`, a copy of the server's capture, misses what the server's host captures next.
  void miss_next() { x_miss_next = true; }

  /// SYN and SYN+ACK: the client's first octet is 1, the server's too.
  void open(std::optional<std::uint32_t> timestamp = {}) {
    pass(Way::up, {.seq = 0, .octets = 1, .flags = TcpFlags::syn, .timestamp = timestamp});
    pass(Way::down, {.seq = 0,
                     .octets = 1,
                     .flags = TcpFlags::syn | TcpFlags::ack,
                     .timestamp = timestamp,
                     .ack = 1});
  }

  [[nodiscard]] Recording judged() const {
    Recording recording = make_recording(x_frames, x_fates);
    for (const Way way : {Way::up, Way::down}) static_cast<void>(judge_deliveries(recording, way));
    find_needless_repeats(recording);
    return recording;
  }

  /// What the last frame of a capture is, in words: "retransmission spurious", "plain" …
  [[nodiscard]] std::string last_at(CapturePoint point) const {
    const ClassifiedFrame last = classify(judged(), point).back();
    std::string words(last.frame_class == FrameClass::plain ? "plain"
                                                            : to_string(last.frame_class));
    if (last.spurious) words += " spurious";
    if (!last.lost.empty()) words += " lost_" + std::string(last.lost);
    return words;
  }

 private:
  void capture(CapturePoint point, std::size_t number, std::uint64_t CapturedAs::*which) {
    add(point, number, which);
    if (point != CapturePoint::server) return;
    if (!x_miss_next) add(CapturePoint::missing, number, which);
    x_miss_next = false;
  }

  void add(CapturePoint point, std::size_t number, std::uint64_t CapturedAs::*which) {
    auto& frames = x_frames[static_cast<std::size_t>(point)];
    frames.emplace_back(x_sent[number]).value().time_ns = ++x_time_ns;
    x_fates[number].captured_at(point).*which = frames.size();
  }

  std::vector<TcpFrame> x_sent;
  std::vector<FrameFate> x_fates;
  CapturedFrames x_frames;
  std::int64_t x_time_ns = 0;
  bool x_miss_next = false;
};

}  // namespace tapdeck::test

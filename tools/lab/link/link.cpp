#include "tools/lab/link/link.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include <poll.h>

#include "captures/failure.h"
#include "tools/lab/link/clock.h"
#include "tools/lab/link/segmentation.h"

namespace tapdeck {

Link::Link(const LinkOptions& options)
    : x_client(options.client.network_namespace, options.client.interface, options.offloads),
      x_server(options.server.network_namespace, options.server.interface, options.offloads),
      x_trigger_watches{TriggerWatch(options.client.network_namespace),
                        TriggerWatch(options.server.network_namespace)},
      x_recorder(options.recorder),
      x_fate_makers{FateMaker(options.up, scramble(options.seed) + 1),
                    FateMaker(options.down, scramble(options.seed) + 2)},
      x_plain_delay_ns{options.up.delay_ns, options.down.delay_ns} {}

void Link::run(int stop_descriptor) {
  while (wait(stop_descriptor)) {
    take_frames();
    while (!x_waiting.empty() && x_waiting.top().time_ns <= now_ns()) {
      const Delivery due = x_waiting.top();
      x_waiting.pop();
      deliver(due);
      // What the host sent before the next frame reaches it must be recorded before that.
      take_frames();
    }
  }
  x_recorder.close();
}

void Link::take_frames() {
  for (const Way way : {Way::up, Way::down}) {
    while (const auto sent = tap_of(sender_of(way)).read()) take(way, *sent);
  }
}

void Link::take(Way way, const TapFrame& sent) {
  const std::int64_t time_ns = now_ns();
  std::vector<std::vector<std::byte>> pieces = frames_on_the_wire(sent);
  FrameFate* first = nullptr;
  for (std::vector<std::byte>& piece : pieces) {
    FrameFate& fate = *x_recorder.fates().emplace_back(std::make_unique<FrameFate>());
    fate.way = way;
    fate.sent_ns = time_ns;
    if (first == nullptr) {
      first = &fate;
      x_recorder.capture(sender_of(way), time_ns, sent.bytes, &CapturedAs::frame, fate);
    }
    fate.captured = first->captured;  // the host's capture sees all pieces as one frame
    send(way, time_ns, std::move(piece), fate);
  }
}

void Link::send(Way way, std::int64_t time_ns, std::vector<std::byte> frame, FrameFate& fate) {
  const auto shared = std::make_shared<const std::vector<std::byte>>(std::move(frame));
  if (!is_tcp(*shared)) {
    schedule(time_ns + x_plain_delay_ns[static_cast<std::size_t>(way)], fate, &CapturedAs::frame,
             shared);
    return;
  }
  if (x_first_ns == 0) x_first_ns = time_ns;
  FateMaker& fate_maker = x_fate_makers[static_cast<std::size_t>(way)];
  const Fate decided = fate_maker.next(time_ns - x_first_ns, shared->size());
  const SequencePlace place = sequence_place_of(*shared);
  fate.ordinal = fate_maker.ordinal();
  fate.seq = place.seq;
  fate.seq_octets = place.octets;
  fate.trigger = x_trigger_watches[static_cast<std::size_t>(way)].look_at(*shared);
  fate.loss = decided.loss;
  if (decided.loss != Loss::none) return;
  schedule(x_first_ns + decided.delivery_ns, fate, &CapturedAs::frame, shared);
  if (!decided.copied) return;
  schedule(x_first_ns + decided.copy_delivery_ns, fate, &CapturedAs::copy, shared);
}

void Link::schedule(std::int64_t time_ns, FrameFate& fate, std::uint64_t CapturedAs::*which,
                    const std::shared_ptr<const std::vector<std::byte>>& frame) {
  x_waiting.push({.time_ns = time_ns,
                  .number = ++x_deliveries,
                  .fate = &fate,
                  .which = which,
                  .frame = frame});
}

void Link::deliver(const Delivery& due) {
  const CapturePoint receiver = receiver_of(due.fate->way);
  const std::int64_t time_ns = now_ns();
  if (!tap_of(receiver).write(*due.frame)) return;
  x_recorder.capture(receiver, time_ns, *due.frame, due.which, *due.fate);
  (due.which == &CapturedAs::frame ? due.fate->delivered_ns : due.fate->copy_delivered_ns) =
      time_ns;
}

bool Link::wait(int stop_descriptor) {
  std::array<pollfd, 3> watched{{{x_client.descriptor(), POLLIN, 0},
                                 {x_server.descriptor(), POLLIN, 0},
                                 {stop_descriptor, POLLIN, 0}}};
  timespec left{};
  if (!x_waiting.empty()) {
    const std::int64_t left_ns = std::max<std::int64_t>(x_waiting.top().time_ns - now_ns(), 0);
    left = {.tv_sec = left_ns / nanoseconds_per_second,
            .tv_nsec = left_ns % nanoseconds_per_second};
  }
  const int ready =
      ppoll(watched.data(), watched.size(), x_waiting.empty() ? nullptr : &left, nullptr);
  if (ready < 0 && errno != EINTR) throw Failure(ExitCode::no_permission, "poll failed");
  return (watched[2].revents & POLLIN) == 0;
}

}  // namespace tapdeck

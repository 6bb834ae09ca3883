#include "tools/replay/player.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "captures/elapsed.h"
#include "captures/transmit/waiting_for_room.h"
#include "tools/duration.h"

namespace tapdeck {
namespace {

/// From the last preparation to the first frame.
constexpr std::int64_t run_up_ns = 20'000'000;
/// What the next frame will be refused for just as well. Want of room has lasted a second then.
bool is_lasting(int error) {
  return error == ENETDOWN || error == ENXIO || error == ENODEV || error == EPERM ||
         error == EACCES || WaitingForRoom::is_for_want_of_room(error);
}

}  // namespace

Player::Player(PlayerOptions options, const ScheduleOptions& schedule, Clock& clock,
               std::vector<Transmitter*> sides, PlayerControls& controls)
    : x_options(std::move(options)),
      x_schedule(schedule),
      x_clock(clock),
      x_sides(std::move(sides)),
      x_controls(controls) {
  x_stamped.reserve(most_frames);
}

PlayStatistics Player::play(FrameFeed& feed) {
  x_now = x_clock.now();
  x_statistics.start_ns = x_options.start_ns.value_or(x_now + run_up_ns);
  if (wait_for_place(0)) play_loops(feed);
  for (Transmitter* side : x_sides) side->finish(x_controls.stop);
  return current();
}

void Player::play_loops(FrameFeed& feed) {
  while (x_options.loops == 0 || x_statistics.loops < x_options.loops) {
    if (x_statistics.loops > 0) {
      feed.rewind();
      x_schedule.begin_loop();
    }
    const FrameChunk* chunk = next_chunk(feed);
    if (chunk == nullptr) {  // nothing to send, and not more next time
      static_cast<void>(is_stopped());
      return;
    }
    ++x_statistics.loops;
    for (; chunk != nullptr; chunk = next_chunk(feed)) {
      if (!play_chunk(*chunk)) return;
    }
    if (is_stopped()) return;
  }
}

const FrameChunk* Player::next_chunk(FrameFeed& feed) {
  x_controls.board.stand_in(current());
  const FrameChunk* const chunk = feed.next(x_controls.stop);
  x_controls.board.stand_in(std::nullopt);
  return chunk;
}

/// False: the replay ends. A batch grows while frames are due already and leave by one side.
bool Player::play_chunk(const FrameChunk& chunk) {
  const std::span<const Packet> frames = chunk.frames();
  const bool by_key = x_schedule.options().pace == Pace::by_key;
  const std::size_t most = by_key ? 1 : x_schedule.is_paced() ? most_paced_frames : most_frames;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const auto place = x_schedule.place(frames[i].time_ns, frames[i].bytes.size());
    const bool joins = i - begin < most && chunk.side_of(i) == chunk.side_of(begin) && place &&
                       time_of(*place) <= x_now;
    if (!joins) {
      if (!flush(chunk, begin, i)) return false;
      begin = i;
    }
    if (is_over(frames[i], place, i - begin)) {
      static_cast<void>(flush(chunk, begin, i));
      return false;
    }
    if (!wait_for_place(*place)) return false;
    x_places[i - begin] = *place;
  }
  return flush(chunk, begin, frames.size()) && !has_reached_limit();
}

/// Before the next frame is taken, behind those that wait in the batch. False: it has a place.
bool Player::is_over(const Packet& next, std::optional<std::int64_t> place_ns,
                     std::uint64_t waiting) {
  if (has_reached_limit(waiting)) return true;
  if (x_options.duration_ns) {
    const std::int64_t place = place_ns.value_or(century_ns);
    const std::int64_t earliest =
        x_schedule.is_paced() ? place : std::max(place, x_now - x_statistics.start_ns);
    if (earliest >= *x_options.duration_ns) return end_with(PlayEnd::duration);
  }
  if (!place_ns) return end_with(PlayEnd::beyond_century);
  return x_options.may_send && !x_options.may_send(next) && end_with(PlayEnd::stopped);
}

/// The next frame may be long in coming.
bool Player::has_reached_limit(std::uint64_t waiting) {
  return x_options.frame_limit != 0 && x_statistics.attempted + waiting == x_options.frame_limit &&
         end_with(PlayEnd::limit);
}

bool Player::wait_for_place(std::int64_t place_ns) {
  const std::int64_t time = time_of(place_ns);
  while (x_now < time) {
    if (is_stopped()) return false;
    x_now = x_clock.wait_until(time);
  }
  return true;
}

bool Player::flush(const FrameChunk& chunk, std::size_t begin, std::size_t end) {
  std::span<const std::int64_t> places(x_places.data(), end - begin);
  std::span<const Packet> frames = stamped(chunk.frames().subspan(begin, end - begin));
  if (frames.empty()) return true;
  const std::size_t index = chunk.side_of(begin);
  Transmitter& side = *x_sides[index];
  bool goes_on = true;
  while (!frames.empty() && goes_on) {
    const std::size_t taken = side.send(frames);
    count_sent(index, frames.first(taken), places.first(taken));
    frames = frames.subspan(taken);
    places = places.subspan(taken);
    if (frames.empty() || side.refusal() == EINTR) continue;
    goes_on = !give_up_on(side.refusal());
    frames = frames.subspan(1);
    places = places.subspan(1);
  }
  x_now = x_clock.now();
  return goes_on && !is_stopped();
}

/// The frame counts as failed; true: so would all that follow.
bool Player::give_up_on(int error) {
  ++x_statistics.attempted;
  ++x_statistics.failed[error];
  return is_lasting(error) && end_with(PlayEnd::broken);
}

void Player::count_sent(std::size_t side, std::span<const Packet> frames,
                        std::span<const std::int64_t> places_ns) {
  if (frames.empty()) return;
  x_statistics.attempted += frames.size();
  x_statistics.due_ns = places_ns.back();
  if (x_schedule.is_paced()) {
    for (const std::int64_t place : places_ns) {
      const std::int64_t late = x_now - time_of(place);
      x_statistics.lateness_ns.add(late);
      if (late > PlayStatistics::late_ns) ++x_statistics.late;
    }
  }
  if (x_options.on_sent) x_options.on_sent(side, frames, places_ns);
}

std::span<const Packet> Player::stamped(std::span<const Packet> frames) {
  if (!x_options.stamps_places || frames.empty()) return frames;
  if (!x_first_time_ns) x_first_time_ns = frames.front().time_ns;
  x_stamped.assign(frames.begin(), frames.end());
  constexpr std::uint8_t nanosecond_digits = 9;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    x_stamped[i].time_ns = added_ns(*x_first_time_ns, x_places[i]);
    x_stamped[i].time_digits = nanosecond_digits;
  }
  return x_stamped;
}

/// Always true, so that it can be what is returned.
bool Player::end_with(PlayEnd end) {
  x_statistics.end = end;
  return true;
}

/// Between two frames or waits: is it over, and does somebody want to know how it goes?
bool Player::is_stopped() {
  if (x_controls.board.is_asked()) x_controls.board.post(current());
  return x_controls.stop.load(std::memory_order_relaxed) && end_with(PlayEnd::stopped);
}

std::int64_t Player::time_of(std::int64_t place_ns) const {
  return added_ns(x_statistics.start_ns, place_ns);
}

PlayStatistics Player::current() {
  PlayStatistics statistics = x_statistics;
  statistics.sides.clear();
  for (const Transmitter* side : x_sides) statistics.sides.push_back(side->counts());
  statistics.schedule = x_schedule.counts();
  statistics.now_ns = x_clock.now();
  return statistics;
}

}  // namespace tapdeck

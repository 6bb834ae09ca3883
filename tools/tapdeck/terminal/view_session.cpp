#include "tools/tapdeck/terminal/view_session.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "analyzer/report/quantity.h"
#include "analyzer/report/text_parts.h"
#include "analyzer/report/words.h"
#include "captures/failure.h"

namespace tapdeck {
namespace {

/// As write_show, of a connection whose first segments aren't kept: no count of segments is told
/// that would be wrong.
void write_rest_of(const ConnectionReport& connection, std::uint64_t first_frame,
                   const Ladder& ladder, const Style& style, ByteSink& sink) {
  Page page(sink, style);
  page.heading(fmt::format("CONNECTION {}  {} {} {}", connection.id, socket_text(connection.client),
                           page.arrow(), server_text(connection)));
  page.paragraph(first_frame == 0
                     ? std::string("Its segments so far are kept no more; those to come are drawn.")
                     : fmt::format("Drawn from frame {} on; its segments before are kept no more.",
                                   first_frame),
                 0, 0, Ink::warning);
  const Story story = tell_story(connection);
  page.paragraph(story.text, 0, 0, story.ink);
  page.blank();
  write_ladder(connection, ladder, {}, page, style);
}

}  // namespace

ViewSession::ViewSession(ViewSources sources, bool unicode)
    : x_sources(std::move(sources)), x_unicode(unicode) {}

void ViewSession::add(const PacketBatch& batch, const Trace& trace) {
  x_packets.add(batch);
  x_segments.add(trace);
  while_saving([&] { x_saver->add(batch); });
}

void ViewSession::add(LiveTable table) {
  x_now = std::move(table);
  while_saving([&] { x_saver->flush(); });
  if (x_state.paused) return;
  x_shown = x_now;
  choose_rows();
  if (x_state.scene == Scene::ladder) {
    if (auto report = x_sources.connection(x_state.opened)) x_opened = std::move(report);
  }
  x_lines_due = true;
}

void ViewSession::choose_rows() {
  x_rows = chosen_rows(x_shown, x_state.order, x_state.filter);
  settle(x_state, facts());
}

ViewFacts ViewSession::facts() const {
  const ViewLayout layout = layout_of(x_size);
  return {.rows = x_rows,
          .rows_shown = layout.rows,
          .lines = x_lines.size(),
          .lines_shown = layout.lines};
}

bool ViewSession::press(const Key& key) {
  const bool was_paused = x_state.paused;
  switch (react(x_state, key, facts())) {
    case ViewWish::nothing:
      break;
    case ViewWish::open:
      open();
      break;
    case ViewWish::save:
      begin_saving();
      break;
    case ViewWish::stop_saving:
      end_saving();
      break;
    case ViewWish::quit:
      return false;
  }
  if (was_paused && !x_state.paused) x_shown = x_now;
  choose_rows();
  x_lines_due = true;
  return true;
}

void ViewSession::open() {
  x_opened = x_sources.connection(x_state.opened);
  if (x_opened && x_opened->tcp) {
    x_segments.open(x_state.opened);
    return;
  }
  x_state.scene = Scene::table;
  x_state.message = x_opened ? fmt::format("{} is {}: only TCP has a ladder", x_state.opened,
                                           protocol_word(x_opened->ip_protocol))
                             : fmt::format("connection {} has ended", x_state.opened);
}

const LiveRow* ViewSession::row_of(std::uint64_t connection) const {
  for (const LiveTable* table : {&x_now, &x_shown}) {
    const auto found = std::ranges::find(table->rows, connection, &LiveRow::id);
    if (found != table->rows.end()) return &*found;
  }
  return nullptr;
}

void ViewSession::begin_saving() {
  const LiveRow* const row = row_of(*x_state.saved);
  if (row == nullptr) {
    x_state.message = fmt::format("connection {} has ended", *x_state.saved);
    return;
  }
  try {
    SavedCapture file = x_sources.create(x_saved_paths.size() + 1);
    x_saved_paths.push_back(std::move(file.path));
    x_saver = std::make_unique<ConnectionSaver>(std::move(file.writer), *row);
  } catch (const Failure& failure) {
    x_state.message = failure.what();
    return;
  }
  x_state.saving = true;
  while_saving([&] {
    x_packets.for_each([&](const Packet& packet) { x_saver->add(packet); });
    x_saver->flush();
  });
  if (!x_saver) return;
  x_state.message = fmt::format("{} so far, and all to come: {}",
                                count_of(x_saver->packets(), "packet"), x_saved_paths.back());
}

void ViewSession::end_saving() {
  while_saving([&] { x_saver->close(); });
  if (!x_saver) return;
  x_state.message =
      fmt::format("{} saved to {}", count_of(x_saver->packets(), "packet"), x_saved_paths.back());
  x_saver.reset();
  x_state.saving = false;
}

/// A full disk ends the saving, not the capture.
template <class Do>
void ViewSession::while_saving(Do work) {
  if (!x_saver) return;
  try {
    work();
  } catch (const Failure& failure) {
    x_state.message = failure.what();
    x_saver.reset();
    x_state.saving = false;
  }
}

void ViewSession::finish() {
  if (x_saver) x_saver->close();
  x_saver.reset();
}

std::string ViewSession::saving_text() const {
  if (!x_saver) return {};
  return fmt::format("saving {}: {}", *x_state.saved, count_of(x_saver->packets(), "packet"));
}

void ViewSession::make_lines() {
  const Style style{.width = x_size.columns, .colour = true, .unicode = x_unicode};
  switch (x_state.scene) {
    case Scene::table:
      x_lines.clear();
      break;
    case Scene::ladder:
      x_lines = ladder_lines(style);
      break;
    case Scene::anomalies:
      x_lines = anomaly_lines(x_shown, style);
      break;
    case Scene::help:
      x_lines = help_lines(style);
      break;
  }
}

std::vector<TextLine> ViewSession::ladder_lines(const Style& style) {
  const Ladder ladder = x_segments.ladder();
  StringSink sink;
  if (x_segments.first_frame() == x_opened->id) {
    write_show(*x_opened, ladder, {}, style, sink);
  } else {
    write_rest_of(*x_opened, x_segments.first_frame(), ladder, style, sink);
  }
  return text_lines(sink.text());
}

Screen ViewSession::screen(const ScreenSize& size) {
  if (size != x_size) {
    x_size = size;
    x_lines_due = true;
  }
  if (x_lines_due) make_lines();
  x_lines_due = false;
  settle(x_state, facts());
  return draw(
      {.table = x_shown, .now = x_now, .rows = x_rows, .lines = x_lines, .saving = saving_text()},
      x_state, size, x_unicode);
}

}  // namespace tapdeck

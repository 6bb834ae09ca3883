#include "tools/tapdeck/terminal/live_view.h"

#include <utility>

namespace tapdeck {

LiveView::LiveView(ViewSources sources, const Style& style)
    : x_terminal(std::in_place, style), x_session(std::move(sources), x_terminal->unicode()) {}

void LiveView::add(LiveTable table) {
  x_session.add(std::move(table));
  x_has_news = true;
}

bool LiveView::turn() {
  while (const auto key = x_terminal->next_key()) {
    if (!x_session.press(*key)) return false;
    x_has_news = true;
  }
  if (x_terminal->is_gone()) return false;
  const ScreenSize size = x_terminal->size();
  const bool resized = !x_drawn || x_drawn->size() != size;
  if (!x_has_news && !resized) return true;
  x_has_news = false;
  Screen screen = x_session.screen(size);
  if (x_drawn == screen) return true;
  x_terminal->show(screen);
  x_drawn = std::move(screen);
  return true;
}

void LiveView::close() {
  x_terminal.reset();
  x_session.finish();
}

}  // namespace tapdeck

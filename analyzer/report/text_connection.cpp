// One connection of the text format: who with whom, the numbers in columns, then the words.
#include <fmt/format.h>

#include "analyzer/report/quantity.h"
#include "analyzer/report/text_parts.h"
#include "analyzer/report/time.h"
#include "analyzer/report/utf8.h"
#include "analyzer/report/words.h"

namespace tapdeck {
namespace {

constexpr std::size_t words_indent = 16;  // id and protocol stand before

struct Numbers {
  std::string packets, bytes, packets_back, bytes_back, rtt, duration;
};

/// Padded by what terminals show, since arrows take more octets than columns.
std::string right_aligned(std::string_view text, std::size_t width) {
  const std::size_t taken = display_width(text);
  return std::string(taken < width ? width - taken : 0, ' ') + std::string(text);
}

std::string columns(const Numbers& numbers) {
  return fmt::format("{} {}  {} {}  {}  {}", right_aligned(numbers.packets, 6),
                     right_aligned(numbers.bytes, 7), right_aligned(numbers.packets_back, 6),
                     right_aligned(numbers.bytes_back, 7), right_aligned(numbers.rtt, 8),
                     right_aligned(numbers.duration, 11));
}

/// What stands left of the numbers.
struct Ends {
  std::string id, protocol, client, server;
};

/// The numbers stand at the right margin, beside the ends on a wide page and below them on others.
void write_row(Page& page, const Ends& ends, const std::string& numbers) {
  constexpr std::size_t wide = 110, gap = 2;
  const std::string start = fmt::format("{:>7} {:<7} ", ends.id, ends.protocol);
  const std::string line = fmt::format("{}{} {} {}", start, ends.client, page.arrow(), ends.server);
  const std::size_t taken = display_width(line);
  if (page.width() >= wide && taken + gap + display_width(numbers) <= page.width()) {
    page.line(line + right_aligned(numbers, page.width() - taken));
    return;
  }
  if (taken <= page.width()) {
    page.line(line);
  } else {
    page.line(start + ends.client);
    page.paragraph(fmt::format("{} {}", page.arrow(), ends.server), words_indent - 3, 3);
  }
  page.line(right_aligned(numbers, page.width()));
}

Numbers numbers_of(const ConnectionReport& connection) {
  const auto& [forth, back] = connection.directions;
  Numbers numbers{.packets = short_count_text(forth.packets),
                  .bytes = bytes_text(forth.bytes),
                  .packets_back = short_count_text(back.packets),
                  .bytes_back = bytes_text(back.bytes),
                  .rtt = "-",
                  .duration = duration_between(connection.start_ns, connection.end_ns)};
  if (connection.tcp && connection.tcp->handshake.rtt_ns) {
    numbers.rtt = duration_text(*connection.tcp->handshake.rtt_ns);
  }
  return numbers;
}

std::string states_text(const ConnectionReport& connection) {
  std::string text;
  if (connection.tcp) {
    text = fmt::format("client {}, server {}; ", to_string(connection.tcp->states.client),
                       to_string(connection.tcp->states.server));
  }
  return text + fmt::format("Zeek {} {}", connection.conn_state, connection.history);
}

/// On one line if there is room for both.
void write_words(Page& page, const Story& story, const std::string& states) {
  constexpr std::size_t hanging = 2;
  const std::string together = fmt::format("{}; {}", story.text, states);
  if (story.text.empty()) {
    page.paragraph(states, words_indent, hanging);
  } else if (words_indent + display_width(together) <= page.width()) {
    page.paragraph(together, words_indent, hanging, story.ink);
  } else {
    page.paragraph(story.text, words_indent, hanging, story.ink);
    page.paragraph(states, words_indent, hanging);
  }
}

}  // namespace

std::string socket_text(const Socket& socket) {
  std::string address = to_string(socket.address);
  if (!socket.port) return address;
  return socket.address.version == 6 ? fmt::format("[{}]:{}", address, *socket.port)
                                     : fmt::format("{}:{}", address, *socket.port);
}

std::string server_text(const ConnectionReport& connection) {
  std::string text = socket_text(connection.server);
  if (!connection.server.port) return text;
  const std::string_view service = service_name(*connection.server.port, connection.ip_protocol);
  return service.empty() ? text : fmt::format("{} ({}?)", text, service);
}

void write_connection_header(Page& page) {
  const Numbers titles{.packets = fmt::format("PKTS{}", page.arrow()),
                       .bytes = fmt::format("BYTES{}", page.arrow()),
                       .packets_back = fmt::format("{}PKTS", page.back_arrow()),
                       .bytes_back = fmt::format("{}BYTES", page.back_arrow()),
                       .rtt = "RTT",
                       .duration = "DURATION"};
  write_row(page, {.id = "ID", .protocol = "PROTO", .client = "CLIENT", .server = "SERVER"},
            columns(titles));
}

void write_connection(Page& page, const ConnectionReport& connection) {
  write_row(page,
            {.id = fmt::to_string(connection.id),
             .protocol = protocol_word(connection.ip_protocol),
             .client = socket_text(connection.client),
             .server = server_text(connection)},
            columns(numbers_of(connection)));
  write_words(page, tell_story(connection), states_text(connection));
}

}  // namespace tapdeck

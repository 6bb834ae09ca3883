#include "analyzer/tcp/handshake.h"

#include "captures/elapsed.h"

namespace tapdeck {
namespace {

SynOptions read(const TcpOptions& options) {
  SynOptions result;
  if (options.has_maximum_segment_size) {
    result.maximum_segment_size = options.maximum_segment_size;
  }
  if (options.has_window_scale) result.window_scale = options.window_scale;
  result.sack_permitted = options.sack_permitted;
  result.timestamps = options.has_timestamps;
  result.fast_open = options.has_fast_open;
  result.multipath = options.has_multipath;
  return result;
}

}  // namespace

void Handshake::on_syn(std::uint64_t frame, std::int64_t time_ns, const Segment& segment) {
  if (x_syn_frame != 0) {
    x_syn_answer_unclear = x_syn_answer_unclear || x_synack_frame == 0;
    return;
  }
  x_syn_frame = frame;
  x_syn_ns = time_ns;
  x_client = read(segment.options);
}

void Handshake::on_syn_ack(std::uint64_t frame, std::int64_t time_ns, const Segment& segment) {
  if (x_synack_frame != 0) {
    x_synack_answer_unclear = x_synack_answer_unclear || x_ack_frame == 0;
    return;
  }
  x_synack_frame = frame;
  x_synack_ns = time_ns;
  x_server = read(segment.options);
}

void Handshake::on_ack_of_syn_ack(std::uint64_t frame, std::int64_t time_ns) {
  if (x_synack_frame == 0 || x_ack_frame != 0) return;
  x_ack_frame = frame;
  x_ack_ns = time_ns;
}

std::optional<SynOptions> Handshake::client_options() const {
  return x_syn_frame == 0 ? std::nullopt : std::optional(x_client);
}

std::optional<SynOptions> Handshake::server_options() const {
  return x_synack_frame == 0 ? std::nullopt : std::optional(x_server);
}

std::optional<AgreedOptions> Handshake::agreed() const {
  if (x_syn_frame == 0 || x_synack_frame == 0) return std::nullopt;
  return AgreedOptions{.window_scale = x_client.window_scale && x_server.window_scale,
                       .sack = x_client.sack_permitted && x_server.sack_permitted,
                       .timestamps = x_client.timestamps && x_server.timestamps};
}

std::optional<std::int64_t> Handshake::server_rtt_ns() const {
  if (x_syn_frame == 0 || x_synack_frame == 0 || x_syn_answer_unclear) return std::nullopt;
  return elapsed_ns(x_syn_ns, x_synack_ns);
}

std::optional<std::int64_t> Handshake::client_rtt_ns() const {
  if (x_synack_frame == 0 || x_ack_frame == 0 || x_synack_answer_unclear) return std::nullopt;
  return elapsed_ns(x_synack_ns, x_ack_ns);
}

std::optional<std::int64_t> Handshake::rtt_ns() const {
  if (!server_rtt_ns() || !client_rtt_ns()) return std::nullopt;
  return elapsed_ns(x_syn_ns, x_ack_ns);
}

}  // namespace tapdeck

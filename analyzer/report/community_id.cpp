#include "analyzer/report/community_id.h"

#include <array>
#include <cstring>
#include <optional>
#include <span>

#include <nettle/base64.h>
#include <nettle/sha1.h>

#include "dissectors/ip_protocol.h"

namespace tapdeck {
namespace {

struct Pair {
  std::uint8_t type, answer;
};

// Queries and their answers stand for the two ports; any other type has its code for the second.
constexpr std::array icmp_pairs{Pair{8, 0},   Pair{0, 8},   Pair{13, 14}, Pair{14, 13},
                                Pair{15, 16}, Pair{16, 15}, Pair{17, 18}, Pair{18, 17},
                                Pair{10, 9},  Pair{9, 10}};
constexpr std::array icmp_v6_pairs{Pair{128, 129}, Pair{129, 128}, Pair{133, 134}, Pair{134, 133},
                                   Pair{135, 136}, Pair{136, 135}, Pair{130, 131}, Pair{131, 130},
                                   Pair{144, 145}, Pair{145, 144}, Pair{139, 140}, Pair{140, 139}};

std::optional<std::uint8_t> answer_to(std::span<const Pair> pairs, std::uint16_t type) {
  for (const Pair pair : pairs) {
    if (pair.type == type) return pair.answer;
  }
  return std::nullopt;
}

class Digest {
 public:
  Digest() { sha1_init(&x_context); }
  void add(std::span<const std::uint8_t> octets) {
    sha1_update(&x_context, octets.size(), octets.data());
  }
  void add(std::uint16_t number) {
    add(std::array{static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)});
  }
  void add(const IpAddress& address) {
    add(std::span(address.octets).first(address.version == 4 ? 4 : 16));
  }
  [[nodiscard]] std::string in_base64() {
    std::array<std::uint8_t, SHA1_DIGEST_SIZE> digest{};
    sha1_digest(&x_context, digest.size(), digest.data());
    std::string text(BASE64_ENCODE_RAW_LENGTH(digest.size()), '\0');
    base64_encode_raw(text.data(), digest.size(), digest.data());
    return text;
  }

 private:
  sha1_ctx x_context{};
};

}  // namespace

std::string community_id(const CommunityIdFlow& flow) {
  std::uint16_t source_port = flow.source_port;
  std::uint16_t destination_port = flow.destination_port;
  bool one_way = false;
  if (IpProtocol::is_icmp(flow.ip_protocol)) {
    const auto answer = flow.ip_protocol == IpProtocol::icmp
                            ? answer_to(icmp_pairs, flow.source_port)
                            : answer_to(icmp_v6_pairs, flow.source_port);
    one_way = !answer;
    if (answer) destination_port = *answer;
  }
  const int order = std::memcmp(flow.source.octets.data(), flow.destination.octets.data(), 16);
  const bool in_order = one_way || order < 0 || (order == 0 && source_port < destination_port);
  Digest digest;
  digest.add(std::uint16_t{0});  // the seed
  digest.add(in_order ? flow.source : flow.destination);
  digest.add(in_order ? flow.destination : flow.source);
  digest.add(std::array<std::uint8_t, 2>{flow.ip_protocol, 0});
  if (flow.has_ports) {
    digest.add(in_order ? source_port : destination_port);
    digest.add(in_order ? destination_port : source_port);
  }
  return "1:" + digest.in_base64();
}

}  // namespace tapdeck

#include "dissectors/dns_answers.h"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>

namespace tapdeck {
namespace {

constexpr std::size_t header_octets = 12;
constexpr std::size_t longest_name = 255;  // octets on the wire, RFC 1035 §2.3.4
constexpr std::size_t most_answers = 64;
constexpr std::uint16_t type_a = 1, type_cname = 5, type_aaaa = 28, class_internet = 1;
/// Of multicast DNS: the record replaces others (RFC 6762 §10.2).
constexpr std::uint16_t cache_flush = 0x8000;

bool is_same_name(const std::string& one, const std::string& other) {
  return std::ranges::equal(one, other, [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  });
}

void add_label(std::string& name, Bytes label) {
  if (!name.empty()) name += '.';
  for (const std::byte octet : label) {
    const auto letter = static_cast<char>(octet);
    if (letter == '.' || letter == '\\') name += '\\';
    name += letter;
  }
}

/// Walks through a message; once something doesn't fit, all that follows is empty.
class Reader {
 public:
  explicit Reader(Bytes message) : x_message(message) {}

  [[nodiscard]] bool is_broken() const { return x_broken; }
  [[nodiscard]] std::size_t position() const { return x_at; }

  std::uint16_t number() {
    if (!fits(2)) return 0;
    const auto value = read_big_endian<std::uint16_t>(x_message, x_at);
    x_at += 2;
    return value;
  }

  Bytes octets(std::size_t count) {
    if (!fits(count)) return {};
    const Bytes result = x_message.subspan(x_at, count);
    x_at += count;
    return result;
  }

  /// A name, and the position behind it. Each pointer must lead further back than the one before
  /// (RFC 1035 §4.1.4: to a prior occurrence), so that none leads in a circle.
  std::string name() {
    std::string result;
    std::optional<std::size_t> behind;
    std::size_t at = x_at, begin = x_at, octets = 0;
    for (;;) {
      const std::optional<std::uint8_t> length = octet_at(at);
      if (!length) return {};
      if (*length == 0) break;
      if ((*length & 0xc0U) == 0xc0U) {
        const std::optional<std::uint8_t> low = octet_at(at + 1);
        const std::size_t target = (*length & 0x3fU) << 8U | low.value_or(0);
        if (!low || target >= begin) return broken();
        if (!behind) behind = at + 2;
        at = begin = target;
        continue;
      }
      octets += *length + 1U;
      if (*length > 63 || octets >= longest_name || at + 1 + *length > x_message.size()) {
        return broken();
      }
      add_label(result, x_message.subspan(at + 1, *length));
      at += *length + 1U;
    }
    x_at = behind.value_or(at + 1);
    return result;
  }

 private:
  std::string broken() {
    x_broken = true;
    return {};
  }

  bool fits(std::size_t count) {
    x_broken = x_broken || x_message.size() - x_at < count;
    return !x_broken;
  }

  std::optional<std::uint8_t> octet_at(std::size_t at) {
    x_broken = x_broken || at >= x_message.size();
    if (x_broken) return std::nullopt;
    return read_octet(x_message, at);
  }

  Bytes x_message;
  std::size_t x_at = 0;
  bool x_broken = false;
};

struct Record {
  std::string owner;
  std::uint16_t type = 0;
  Bytes data;
  std::string target;  // of a CNAME
};

std::optional<Record> read_record(Bytes message, Reader& reader) {
  Record record;
  record.owner = reader.name();
  record.type = reader.number();
  const auto record_class = static_cast<std::uint16_t>(reader.number() & ~cache_flush);
  (void)reader.octets(4);  // the time to live
  const std::uint16_t length = reader.number();
  const std::size_t begin = reader.position();
  record.data = reader.octets(length);
  if (reader.is_broken()) return std::nullopt;
  if (record_class != class_internet) record.type = 0;
  if (record.type == type_cname) {
    Reader inner(message.first(begin + length));
    (void)inner.octets(begin);
    record.target = inner.name();
  }
  return record;
}

std::optional<IpAddress> address_of(const Record& record) {
  if (record.type == type_a && record.data.size() == 4) return IpAddress::read_v4(record.data, 0);
  if (record.type == type_aaaa && record.data.size() == 16) {
    return IpAddress::read_v6(record.data, 0);
  }
  return std::nullopt;
}

}  // namespace

std::vector<DnsAddress> dns_addresses(Bytes message) {
  if (message.size() < header_octets) return {};
  Reader reader(message);
  (void)reader.number();  // the identifier
  const std::uint16_t flags = reader.number();
  const std::uint16_t questions = reader.number();
  const std::uint16_t answers = reader.number();
  (void)reader.octets(4);  // how many records follow the answers
  const bool is_answer = (flags & 0x8000U) != 0, is_query = (flags & 0x7800U) == 0;
  if (!is_answer || !is_query || (flags & 0xfU) != 0 || questions > 1) return {};
  std::string asked;
  if (questions == 1) {
    asked = reader.name();
    (void)reader.octets(4);
  }
  std::vector<DnsAddress> found;
  std::string alias = asked;  // where the records so far lead from what was asked
  for (std::size_t i = 0; i < std::min<std::size_t>(answers, most_answers); ++i) {
    const std::optional<Record> record = read_record(message, reader);
    if (!record) break;
    const bool leads_on = is_same_name(record->owner, alias);
    if (record->type == type_cname && leads_on) alias = record->target;
    if (const auto address = address_of(*record)) {
      const std::string& name = leads_on && !asked.empty() ? asked : record->owner;
      if (!name.empty()) found.push_back({.name = name, .address = *address});
    }
  }
  return found;
}

}  // namespace tapdeck

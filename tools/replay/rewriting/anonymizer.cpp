#include "tools/replay/rewriting/anonymizer.h"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fmt/format.h>
#include <nettle/aes.h>
#include <nettle/sha2.h>
#include <sys/random.h>

#include "captures/failure.h"
#include "tools/replay/rewriting/rule_text.h"

namespace tapdeck {
namespace {

constexpr std::size_t block_octets = AES_BLOCK_SIZE;
constexpr std::size_t most_known = 65'536;

/// A range whose addresses stay in it; of the address the first bits `kept` stay too.
struct Reserved {
  Prefix range;
  std::uint8_t kept;
};

constexpr IpAddress v4(std::uint8_t a, std::uint8_t b) { return {.octets = {a, b}, .version = 4}; }
constexpr IpAddress v6(std::uint8_t a, std::uint8_t b) { return {.octets = {a, b}, .version = 6}; }

constexpr std::array reserved{
    Reserved{{v4(0, 0), 8}, 32},       // "this" network
    Reserved{{v4(127, 0), 8}, 32},     // loopback
    Reserved{{v4(169, 254), 16}, 16},  // link-local
    Reserved{{v4(224, 0), 4}, 32},     // multicast
    Reserved{{{.octets = {255, 255, 255, 255}, .version = 4}, 32}, 32},
    Reserved{{v6(0, 0), 127}, 128},      // unspecified, loopback
    Reserved{{v6(0xfe, 0x80), 10}, 64},  // link-local
    Reserved{{{.octets = {0xff, 0x02, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0xff}, .version = 6}, 104},
             104},                    // solicited nodes: the rest is of an address
    Reserved{{v6(0xff, 0), 8}, 128},  // multicast
};

/// Leading bits of the address that say what it means by itself.
std::size_t kept_bits(const IpAddress& address) {
  const auto* const found = std::ranges::find_if(
      reserved, [&](const Reserved& one) { return one.range.contains(address); });
  return found == reserved.end() ? 0 : found->kept;
}

/// The bit decides whether an address can still come to lie in a reserved range: addresses with the
/// bits before it lie in some and out of it.
bool leads_to_range(const IpAddress& address, std::size_t bit) {
  return std::ranges::any_of(reserved, [&](const Reserved& one) {
    return one.range.address.version == address.version && bit < one.range.length &&
           joined(address, one.range.address, bit) == one.range.address;
  });
}

}  // namespace

struct Anonymizer::Cipher {
  aes128_ctx aes{};
  std::array<std::uint8_t, block_octets> pad{};
};

AnonymizationKey anonymization_key(std::string_view text) {
  AnonymizationKey key{};
  const bool is_hex = text.size() == 2 * key.size() &&
                      text.find_first_not_of("0123456789abcdefABCDEF") == text.npos;
  if (is_hex) {
    for (std::size_t i = 0; i < key.size(); ++i) {
      key[i] =
          static_cast<std::uint8_t>(std::stoul(std::string(text.substr(2 * i, 2)), nullptr, 16));
    }
    return key;
  }
  sha256_ctx hash{};
  sha256_init(&hash);
  sha256_update(&hash, text.size(), reinterpret_cast<const std::uint8_t*>(text.data()));
  sha256_digest(&hash, key.size(), key.data());
  return key;
}

AnonymizationKey random_anonymization_key() {
  AnonymizationKey key{};
  if (::getrandom(key.data(), key.size(), 0) != static_cast<ssize_t>(key.size())) {
    throw Failure(ExitCode::usage, fmt::format("no random key ({}); give one by --anonymize-key",
                                               std::generic_category().message(errno)));
  }
  return key;
}

std::string key_text(const AnonymizationKey& key) {
  return fmt::format("{:02x}", fmt::join(key, ""));
}

Anonymizer::Anonymizer(const AnonymizationKey& key) : x_cipher(std::make_unique<Cipher>()) {
  aes128_set_encrypt_key(&x_cipher->aes, key.data());
  aes128_encrypt(&x_cipher->aes, block_octets, x_cipher->pad.data(), key.data() + AES128_KEY_SIZE);
}

Anonymizer::~Anonymizer() = default;

bool Anonymizer::flips(const IpAddress& address, std::size_t bit) const {
  const IpAddress pad{.octets = x_cipher->pad, .version = address.version};
  std::array<std::uint8_t, block_octets> block = joined(address, pad, bit).octets;
  if (address.version == 4) {
    std::copy(pad.octets.begin() + 4, pad.octets.end(), block.begin() + 4);
  }
  aes128_encrypt(&x_cipher->aes, block.size(), block.data(), block.data());
  return (block[0] & 0x80U) != 0;
}

IpAddress Anonymizer::anonymized(const IpAddress& address) {
  if (const auto known = x_known.find(address); known != x_known.end()) return known->second;
  IpAddress result = address;
  for (std::size_t bit = kept_bits(address); bit < address_bits(address); ++bit) {
    if (leads_to_range(address, bit) || !flips(address, bit)) continue;
    result.octets[bit / 8] = static_cast<std::uint8_t>(result.octets[bit / 8] ^ 0x80U >> bit % 8);
  }
  if (x_known.size() >= most_known) x_known.clear();
  x_known.emplace(address, result);
  return result;
}

}  // namespace tapdeck

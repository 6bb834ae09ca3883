// Other addresses for addresses, as Crypto-PAn finds them (Xu et al. 2002): each bit is flipped or
// not by what AES makes of the bits before it, so two addresses share as long a prefix after as
// before, one to one, and the same key always gives the same.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tools/replay/rewriting/rewrite_rules.h"

namespace tapdeck {

/// 64 hex digits are the key itself; anything else is words, of which it is made (SHA-256).
[[nodiscard]] AnonymizationKey anonymization_key(std::string_view text);

/// From the system's source of random numbers.
[[nodiscard]] AnonymizationKey random_anonymization_key();

/// As 64 hex digits.
[[nodiscard]] std::string key_text(const AnonymizationKey& key);

class Anonymizer {
 public:
  explicit Anonymizer(const AnonymizationKey& key);
  ~Anonymizer();

  /// Addresses that mean something by themselves keep that meaning: unspecified, loopback,
  /// multicast, broadcast and link-local ones stay in their ranges, none other comes there.
  [[nodiscard]] IpAddress anonymized(const IpAddress& address);

 private:
  struct Cipher;
  struct Hash {
    std::size_t operator()(const IpAddress& address) const {
      return std::hash<std::string_view>{}(
          {reinterpret_cast<const char*>(address.octets.data()), address.octets.size()});
    }
  };

  [[nodiscard]] bool flips(const IpAddress& address, std::size_t bit) const;

  std::unique_ptr<Cipher> x_cipher;
  std::unordered_map<IpAddress, IpAddress, Hash> x_known;  // bounded: emptied when it is full
};

}  // namespace tapdeck

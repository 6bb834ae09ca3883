// The addresses that a DNS message answers with (RFC 1035 §4, RFC 3596): what whoever prints hosts
// needs to know what they were asked for by. Nothing of a message but that.
#pragma once

#include <string>
#include <vector>

#include "captures/bytes.h"
#include "dissectors/address.h"

namespace tapdeck {

struct DnsAddress {
  /// The name that was asked for, where the answer leads there, else the record's own. Labels
  /// between dots, a dot or backslash in a label behind a backslash (RFC 4343 §2.1); other octets
  /// as found, so not fit to be shown.
  std::string name;
  IpAddress address;

  friend bool operator==(const DnsAddress&, const DnsAddress&) = default;
};

/// Empty for a query, an error, and whatever is no DNS message; what stands before damage counts.
/// At most 64 of one message.
[[nodiscard]] std::vector<DnsAddress> dns_addresses(Bytes message);

}  // namespace tapdeck

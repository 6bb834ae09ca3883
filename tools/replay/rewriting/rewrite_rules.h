// What is to be rewritten, as plain data: from options, from a file of rules, from a test.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "dissectors/address.h"
#include "dissectors/edit/vlan_tags.h"
#include "tools/replay/rewriting/prefix.h"

namespace tapdeck {

/// The prefix changes, the host's bits stay. Both have the same length.
struct AddressRule {
  Prefix from, to;

  friend bool operator==(const AddressRule&, const AddressRule&) = default;
};

struct MacRule {
  MacAddress from, to;

  friend bool operator==(const MacRule&, const MacRule&) = default;
};

/// The address of frames that hold a packet from somewhere; without a sender of all frames.
struct FrameMacRule {
  std::optional<Prefix> sender = {};
  MacAddress mac;

  friend bool operator==(const FrameMacRule&, const FrameMacRule&) = default;
};

/// Ports first to last become as many from `to` on.
struct PortRule {
  std::uint8_t ip_protocol = 0;  ///< 0: of every protocol that has ports.
  std::uint16_t first = 0, last = 0, to = 0;

  friend bool operator==(const PortRule&, const PortRule&) = default;
};

struct VlanRule {
  enum class Action : std::uint8_t { push, pop, set };
  Action action{};
  std::size_t depth = 0;  ///< Tags outside of it.
  bool all = false;       ///< Pop: that tag and every one behind it.
  VlanFields fields = {};

  friend bool operator==(const VlanRule&, const VlanRule&) = default;
};

struct HopLimitRule {
  bool relative = false;
  int value = 0;  ///< Relative: added, and the sum kept from 1 to 255.

  friend bool operator==(const HopLimitRule&, const HopLimitRule&) = default;
};

/// Hosts of `inside` share the public address.
struct NatRule {
  Prefix inside;
  IpAddress public_address;

  friend bool operator==(const NatRule&, const NatRule&) = default;
};

/// What goes to one of a public address's ports goes to a host inside.
struct ForwardRule {
  std::uint8_t ip_protocol = 0;  ///< 0: of every protocol that has ports.
  IpAddress public_address = {};
  std::uint16_t public_port = 0;
  IpAddress inside_address = {};
  std::uint16_t inside_port = 0;

  friend bool operator==(const ForwardRule&, const ForwardRule&) = default;
};

/// Half of it is a key for AES, half of it is what addresses are padded with.
using AnonymizationKey = std::array<std::uint8_t, 32>;

struct RewriteRules {
  std::vector<NatRule> nat;
  std::vector<ForwardRule> forwards;
  std::vector<AddressRule> addresses;
  std::vector<PortRule> ports;
  std::vector<MacRule> macs;
  std::vector<FrameMacRule> source_macs, destination_macs;
  std::vector<VlanRule> vlans;  ///< In the order in which they are applied.
  std::optional<HopLimitRule> hop_limit;
  bool anonymize = false;
  std::optional<AnonymizationKey> key;  ///< Without one, addresses differ from run to run.
  bool fix_checksums = false;
};

}  // namespace tapdeck

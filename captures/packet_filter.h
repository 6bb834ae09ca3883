// BPF expressions as tcpdump knows them, compiled by libpcap for each link type that turns up.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "captures/packet.h"

namespace tapdeck {

class PacketFilter {
 public:
  /// Throws Failure(usage), with the expression and a caret under the mistake, if the expression
  /// compiles for no link type. Names of hosts are never looked up. Empty: every packet passes.
  explicit PacketFilter(std::string expression = {});
  ~PacketFilter();
  PacketFilter(const PacketFilter&);
  PacketFilter& operator=(const PacketFilter&);
  PacketFilter(PacketFilter&&) noexcept;
  PacketFilter& operator=(PacketFilter&&) noexcept;

  /// Looks up now what names of ports and protocols the expression holds, so that filtering opens
  /// no file later. Takes milliseconds a name.
  void look_up_names();

  /// True if there is nothing to filter by.
  [[nodiscard]] bool passes_all() const { return x_expression.empty(); }

  [[nodiscard]] bool passes(const Packet& packet);

  /// Removes the packets that don't pass; the others keep their order.
  void keep_passing(std::vector<Packet>& packets);

  /// Packets so far of link types for which the expression means nothing ("vlan" without Ethernet).
  /// They don't pass.
  [[nodiscard]] std::uint64_t inapplicable() const { return x_inapplicable; }

 private:
  struct Program;
  struct Use {
    LinkType link_type;
    const Program* program;
  };

  [[nodiscard]] const Program& program_for(int data_link);
  [[nodiscard]] const Program& program_for(LinkType link_type);

  std::string x_expression;
  std::vector<std::shared_ptr<const Program>> x_programs;
  std::vector<Use> x_uses;  // of the link types that turned up
  std::uint64_t x_inapplicable = 0;
};

}  // namespace tapdeck

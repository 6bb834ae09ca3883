// The names of ICMP types and codes of either version, as IANA's registries have them.
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "dissectors/icmp.h"
#include "dissectors/icmpv6.h"

namespace tapdeck {
namespace {

using Text = std::string_view;

struct IcmpTypeNames {
  std::uint8_t type;
  Text name;
  std::span<const Text> codes;  // by number, empty where unassigned
};

constexpr std::array unreachable_codes{Text{"network unreachable"},
                                       Text{"host unreachable"},
                                       Text{"protocol unreachable"},
                                       Text{"port unreachable"},
                                       Text{"fragmentation needed and DF set"},
                                       Text{"source route failed"},
                                       Text{"destination network unknown"},
                                       Text{"destination host unknown"},
                                       Text{"source host isolated"},
                                       Text{"network administratively prohibited"},
                                       Text{"host administratively prohibited"},
                                       Text{"network unreachable for type of service"},
                                       Text{"host unreachable for type of service"},
                                       Text{"communication administratively prohibited"},
                                       Text{"host precedence violation"},
                                       Text{"precedence cutoff in effect"}};
constexpr std::array redirect_codes{Text{"for the network"}, Text{"for the host"},
                                    Text{"for the type of service and network"},
                                    Text{"for the type of service and host"}};
constexpr std::array router_codes{Text{"normal"},
                                  Text{},
                                  Text{},
                                  Text{},
                                  Text{},
                                  Text{},
                                  Text{},
                                  Text{},
                                  Text{},
                                  Text{},
                                  Text{},
                                  Text{},
                                  Text{},
                                  Text{},
                                  Text{},
                                  Text{},
                                  Text{"doesn't route common traffic"}};
constexpr std::array time_codes{Text{"time to live exceeded in transit"},
                                Text{"fragment reassembly time exceeded"}};
constexpr std::array parameter_codes{Text{"pointer indicates the error"},
                                     Text{"required option missing"}, Text{"bad length"}};
constexpr std::array photuris_codes{
    Text{"bad SPI"},           Text{"authentication failed"}, Text{"decompression failed"},
    Text{"decryption failed"}, Text{"need authentication"},   Text{"need authorization"}};
constexpr std::array extended_echo_codes{Text{"no error"}, Text{"malformed query"},
                                         Text{"no such interface"}, Text{"no such table entry"},
                                         Text{"several interfaces satisfy the query"}};

constexpr std::array types{
    IcmpTypeNames{0, "echo reply", {}},
    IcmpTypeNames{3, "destination unreachable", unreachable_codes},
    IcmpTypeNames{4, "source quench", {}},
    IcmpTypeNames{5, "redirect", redirect_codes},
    IcmpTypeNames{6, "alternate host address", {}},
    IcmpTypeNames{8, "echo request", {}},
    IcmpTypeNames{9, "router advertisement", router_codes},
    IcmpTypeNames{10, "router solicitation", {}},
    IcmpTypeNames{11, "time exceeded", time_codes},
    IcmpTypeNames{12, "parameter problem", parameter_codes},
    IcmpTypeNames{13, "timestamp request", {}},
    IcmpTypeNames{14, "timestamp reply", {}},
    IcmpTypeNames{15, "information request", {}},
    IcmpTypeNames{16, "information reply", {}},
    IcmpTypeNames{17, "address mask request", {}},
    IcmpTypeNames{18, "address mask reply", {}},
    IcmpTypeNames{30, "traceroute", {}},
    IcmpTypeNames{31, "datagram conversion error", {}},
    IcmpTypeNames{32, "mobile host redirect", {}},
    IcmpTypeNames{33, "IPv6 where-are-you", {}},
    IcmpTypeNames{34, "IPv6 I-am-here", {}},
    IcmpTypeNames{35, "mobile registration request", {}},
    IcmpTypeNames{36, "mobile registration reply", {}},
    IcmpTypeNames{37, "domain name request", {}},
    IcmpTypeNames{38, "domain name reply", {}},
    IcmpTypeNames{39, "SKIP", {}},
    IcmpTypeNames{40, "Photuris", photuris_codes},
    IcmpTypeNames{41, "experimental mobility", {}},
    IcmpTypeNames{42, "extended echo request", {}},
    IcmpTypeNames{43, "extended echo reply", extended_echo_codes},
    IcmpTypeNames{253, "experiment 1", {}},
    IcmpTypeNames{254, "experiment 2", {}},
};

constexpr std::array unreachable_codes_v6{Text{"no route to destination"},
                                          Text{"administratively prohibited"},
                                          Text{"beyond scope of source address"},
                                          Text{"address unreachable"},
                                          Text{"port unreachable"},
                                          Text{"source address failed policy"},
                                          Text{"reject route to destination"},
                                          Text{"error in source routing header"},
                                          Text{"headers too long"},
                                          Text{"error in P-route"}};
constexpr std::array time_codes_v6{Text{"hop limit exceeded in transit"},
                                   Text{"fragment reassembly time exceeded"}};
constexpr std::array parameter_codes_v6{Text{"erroneous header field"},
                                        Text{"unrecognized next header type"},
                                        Text{"unrecognized IPv6 option"},
                                        Text{"incomplete header chain in first fragment"},
                                        Text{"SR upper-layer header error"},
                                        Text{"unrecognized next header type at intermediate node"},
                                        Text{"extension header too big"},
                                        Text{"extension header chain too long"},
                                        Text{"too many extension headers"},
                                        Text{"too many options in extension header"},
                                        Text{"option too big"}};
constexpr std::array query_codes{Text{"IPv6 address"}, Text{"name"}, Text{"IPv4 address"}};
constexpr std::array response_codes{Text{"success"}, Text{"refused"}, Text{"unknown Qtype"}};

constexpr std::array types_v6{
    IcmpTypeNames{1, "destination unreachable", unreachable_codes_v6},
    IcmpTypeNames{2, "packet too big", {}},
    IcmpTypeNames{3, "time exceeded", time_codes_v6},
    IcmpTypeNames{4, "parameter problem", parameter_codes_v6},
    IcmpTypeNames{100, "private experimentation", {}},
    IcmpTypeNames{101, "private experimentation", {}},
    IcmpTypeNames{128, "echo request", {}},
    IcmpTypeNames{129, "echo reply", {}},
    IcmpTypeNames{130, "multicast listener query", {}},
    IcmpTypeNames{131, "multicast listener report", {}},
    IcmpTypeNames{132, "multicast listener done", {}},
    IcmpTypeNames{133, "router solicitation", {}},
    IcmpTypeNames{134, "router advertisement", {}},
    IcmpTypeNames{135, "neighbor solicitation", {}},
    IcmpTypeNames{136, "neighbor advertisement", {}},
    IcmpTypeNames{137, "redirect", {}},
    IcmpTypeNames{138, "router renumbering", {}},
    IcmpTypeNames{139, "node information query", query_codes},
    IcmpTypeNames{140, "node information response", response_codes},
    IcmpTypeNames{141, "inverse neighbor discovery solicitation", {}},
    IcmpTypeNames{142, "inverse neighbor discovery advertisement", {}},
    IcmpTypeNames{143, "multicast listener report v2", {}},
    IcmpTypeNames{144, "home agent address discovery request", {}},
    IcmpTypeNames{145, "home agent address discovery reply", {}},
    IcmpTypeNames{146, "mobile prefix solicitation", {}},
    IcmpTypeNames{147, "mobile prefix advertisement", {}},
    IcmpTypeNames{148, "certification path solicitation", {}},
    IcmpTypeNames{149, "certification path advertisement", {}},
    IcmpTypeNames{151, "multicast router advertisement", {}},
    IcmpTypeNames{152, "multicast router solicitation", {}},
    IcmpTypeNames{153, "multicast router termination", {}},
    IcmpTypeNames{154, "FMIPv6", {}},
    IcmpTypeNames{155, "RPL control", {}},
    IcmpTypeNames{156, "ILNPv6 locator update", {}},
    IcmpTypeNames{157, "duplicate address request", {}},
    IcmpTypeNames{158, "duplicate address confirmation", {}},
    IcmpTypeNames{159, "MPL control", {}},
    IcmpTypeNames{160, "extended echo request", {}},
    IcmpTypeNames{161, "extended echo reply", extended_echo_codes},
    IcmpTypeNames{200, "private experimentation", {}},
    IcmpTypeNames{201, "private experimentation", {}},
};

std::string type_name_in(std::span<const IcmpTypeNames> table, std::uint8_t type) {
  const auto found = std::ranges::find(table, type, &IcmpTypeNames::type);
  return found == table.end() ? std::string{} : std::string{found->name};
}

std::string code_name_in(std::span<const IcmpTypeNames> table, std::uint8_t type,
                         std::uint8_t code) {
  const auto found = std::ranges::find(table, type, &IcmpTypeNames::type);
  if (found == table.end() || code >= found->codes.size()) return {};
  return std::string{found->codes[code]};
}

}  // namespace

std::string icmp_type_name(std::uint8_t type) { return type_name_in(types, type); }
std::string icmp_code_name(std::uint8_t type, std::uint8_t code) {
  return code_name_in(types, type, code);
}
std::string icmpv6_type_name(std::uint8_t type) { return type_name_in(types_v6, type); }
std::string icmpv6_code_name(std::uint8_t type, std::uint8_t code) {
  return code_name_in(types_v6, type, code);
}

}  // namespace tapdeck

// tapdeck rewrite: the rules of a replay, from file to file.
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "tools/replay/rewriting/anonymizer.h"
#include "tools/tapdeck/command.h"
#include "tools/tapdeck/confinement/sandbox.h"
#include "tools/tapdeck/input.h"
#include "tools/tapdeck/options.h"
#include "tools/tapdeck/output.h"
#include "tools/tapdeck/packet_file.h"
#include "tools/tapdeck/rewrite_options.h"

namespace tapdeck {
namespace {

constexpr std::string_view help =
    "Writes the packets of captures to another one, with other addresses, ports, tags.\n"
    "Checksums stay as right or wrong as they were.\n\n"
    "First nat and port-forward translate conversations, on the addresses as captured:\n"
    "what the capture shows of one side of a router becomes what the other side would\n"
    "show. Then the maps work on every header: around a tunnel, inside it, in the\n"
    "packet that an ICMP error quotes, and on the addresses that ARP, ICMP, IGMP, options,\n"
    "extension headers, SCTP and Multipath TCP name.\n"
    "Last come ttl, fix-checksums, and VLAN tags: pop, set, push.\n\n"
    "What is anonymised is cut where a header can't be read, or isn't known, and left out\n"
    "if that is the first one; interfaces lose their names, descriptions and filters. MAC\n"
    "addresses stay, and so do those that payloads name.\n\n"
    "The last word is the file to write: pcap if it ends in .pcap, else pcapng, - for\n"
    "standard output. IN is a capture as for the other commands, several are merged.";

void say_key(const Rewriter& rewriter, bool chosen, bool quiet) {
  if (!rewriter.rules().anonymize || chosen || quiet) return;
  complain(fmt::format("addresses are anonymised by the random key {}",
                       key_text(*rewriter.rules().key)));
}

PacketLengths lengths_of(const Rewriter& rewriter) {
  return rewriter.may_lengthen() ? PacketLengths::maybe_longer : PacketLengths::captured;
}

void rewrite_packets(Rewriter& rewriter, std::span<const Packet> packets, CaptureWriter& writer) {
  for (std::size_t i = 0; i < packets.size(); ++i) {
    const auto rewritten = rewriter.rewrite(packets[i], packets.subspan(i + 1));
    if (rewritten) writer.write(*rewritten);
  }
}

void write_rewritten(Input& input, Rewriter& rewriter, const std::string& path,
                     FileOpener& opener) {
  write_packets(input, path, opener, lengths_of(rewriter), rewriter.interface_texts(),
                [&](std::span<const Packet> packets, CaptureWriter& writer) {
                  rewrite_packets(rewriter, packets, writer);
                });
}

}  // namespace

ExitCode run_rewrite(const Arguments& arguments) {
  CommandOptions options("rewrite", "IN... OUT [FILTER] [options]", help);
  add_rewrite_options(options);
  options.add_input();
  if (!options.parse(arguments)) return ExitCode::fine;
  const std::string target = options.take_target();
  if (target.empty()) {
    throw Failure(ExitCode::usage,
                  "which file to write? It follows the captures that are read\n"
                  "Try 'tapdeck rewrite --help'.");
  }
  if (target == "-" && options.has("show-table")) {
    throw Failure(ExitCode::usage, "--show-table and the capture both go to standard output");
  }
  RewriteRules rules = rewrite_rules(options);
  const bool key_chosen = rules.key.has_value();
  Rewriter rewriter(std::move(rules));
  Sandbox sandbox(options);
  Input input(options.input(), options.quiet(), sandbox);
  sandbox.will_write(target);
  sandbox.enter();
  input.open();
  if (!input.readable()) return input.finish();
  write_rewritten(input, rewriter, target, sandbox);
  const ExitCode code = input.finish();
  say_key(rewriter, key_chosen, options.quiet());
  report_rewriting(options, rewriter);
  const RewriteCounts& counts = rewriter.counts();
  if (counts.packets != counts.all_dropped()) return code;
  complain("no packet was written");
  return hold_packets(input.source().captures()) ? weightier(code, ExitCode::unwritable_output)
                                                 : code;
}

}  // namespace tapdeck

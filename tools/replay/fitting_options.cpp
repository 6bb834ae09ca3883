#include "tools/replay/fitting_options.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "analyzer/report/quantity.h"
#include "tools/tapdeck/wording.h"

namespace tapdeck {
namespace {

template <class Value>
struct Choice {
  std::string_view name;
  Value value;
};

constexpr std::array<Choice<Oversize>, 4> oversize_choices{{{"segment", Oversize::segment},
                                                            {"fragment", Oversize::fragment},
                                                            {"skip", Oversize::skip},
                                                            {"fail", Oversize::fail}}};
constexpr std::array<Choice<Truncated>, 2> truncated_choices{
    {{"skip", Truncated::skip}, {"pad", Truncated::pad}}};

/// The value that the option names; the first one without it.
template <class Choices>
auto chosen(const CommandOptions& options, const char* option, const Choices& choices) {
  const std::string name = options.value(option, choices.front().name);
  std::vector<std::string> names;
  for (const auto& choice : choices) names.emplace_back(choice.name);
  require_one_of(option, name, names);
  return std::ranges::find_if(choices, [&](const auto& choice) { return choice.name == name; })
      ->value;
}

MacAddress parse_ethernet(const std::string& text) {
  if (const auto address = parse_mac_address(text)) return *address;
  throw Failure(ExitCode::usage,
                fmt::format("--ethernet: '{}' is no MAC address as in 02:00:00:00:00:01,\nalone or "
                            "two of them with a comma between",
                            shown(text)));
}

std::uint32_t parse_mtu(const CommandOptions& options) {
  // Every IPv4 link carries 68 octets (RFC 791 §3.2); no capture holds longer packets than these.
  constexpr CountRange range{.least = 68, .most = 262'144};
  return static_cast<std::uint32_t>(options.count("mtu", 0, range));
}

std::string frames_over_mtu(std::uint64_t frames, const FittingOptions& options) {
  return fmt::format("{} over MTU {} {}", count_of(frames, "frame"), options.mtu,
                     frames == 1 ? "was" : "were");
}

struct UnfitWords {
  Unfit why;
  std::string_view singular, plural, words;
};

constexpr std::array unfit_words{
    UnfitWords{Unfit::truncated, "frame that the capture cut", "frames that the capture cut",
               "(--truncated pad sends them with zeros)"},
    UnfitWords{Unfit::too_short, "frame shorter than a link header",
               "frames shorter than a link header", ""},
    UnfitWords{Unfit::no_form, "frame that the interface's link has no form for",
               "frames that the interface's link has no form for", ""},
    UnfitWords{Unfit::prohibited, "frame over the MTU that must not be fragmented",
               "frames over the MTU that must not be fragmented",
               "(--oversize fragment does it all the same)"},
    UnfitWords{Unfit::unsegmented, "other frame over the MTU", "other frames over the MTU", ""},
};

}  // namespace

void add_fitting_options(CommandOptions& options) {
  options.add("oversize", "HOW",
              "frames over the MTU: segment (the default: TCP by its rules, others into fragments "
              "where that is allowed), fragment (all, allowed or not), skip, fail");
  options.add("truncated", "HOW",
              "frames that the capture cut: skip (the default), pad with zeros to their length");
  options.add("mtu", "N", "as if the interface carried packets of N octets at most");
  options.add("ethernet", "[SRC,]DST",
              "MAC addresses for captures of links without them: the sender's (where the capture "
              "has none, or to replace it) and the next host's");
}

FittingOptions fitting_options(const CommandOptions& options) {
  FittingOptions fitting;
  fitting.mtu = parse_mtu(options);
  fitting.oversize = chosen(options, "oversize", oversize_choices);
  fitting.truncated = chosen(options, "truncated", truncated_choices);
  if (!options.has("ethernet")) return fitting;
  const std::string addresses = options.value("ethernet");
  const std::size_t comma = addresses.find(',');
  if (comma == std::string::npos) {
    fitting.destination = parse_ethernet(addresses);
  } else {
    fitting.source = parse_ethernet(addresses.substr(0, comma));
    fitting.destination = parse_ethernet(addresses.substr(comma + 1));
  }
  return fitting;
}

std::vector<std::string> fitting_sentences(const FittingCounts& counts,
                                           const FittingOptions& options) {
  std::vector<std::string> sentences;
  const std::string longest =
      fmt::format(", the longest had {}", count_of(counts.largest, "octet"));
  const auto note_cut = [&](std::uint64_t frames, std::uint64_t pieces, std::string_view how) {
    if (frames == 0) return;
    sentences.push_back(fmt::format("{} {} into {}{}", frames_over_mtu(frames, options), how,
                                    count_text(pieces), longest));
  };
  note_cut(counts.segmented, counts.segments, "segmented");
  note_cut(counts.fragmented, counts.fragments, "fragmented");
  if (counts.converted != 0) {
    sentences.push_back(fmt::format("{} of other links got the link header of the interface",
                                    count_of(counts.converted, "frame")));
  }
  if (counts.padded != 0) {
    sentences.push_back(fmt::format("{} that the capture cut went with zeros in place of the rest",
                                    count_of(counts.padded, "frame")));
  }
  if (counts.sizes_forgotten != 0) {
    sentences.push_back(
        fmt::format("{} not kept, so they may have been cut to the MTU alone",
                    count_of(counts.sizes_forgotten, "connection's segment size was",
                             "connections' segment sizes were")));
  }
  for (const UnfitWords& each : unfit_words) {
    const std::uint64_t skipped = counts.skipped_for(each.why);
    if (skipped == 0) continue;
    sentences.push_back(
        fmt::format("{} {} skipped{}{}", count_of(skipped, each.singular, each.plural),
                    skipped == 1 ? "was" : "were", each.words.empty() ? "" : " ", each.words));
  }
  return sentences;
}

}  // namespace tapdeck

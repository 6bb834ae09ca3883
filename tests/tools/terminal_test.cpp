#include "tools/tapdeck/terminal.h"

#include <gtest/gtest.h>

#include "tools/tapdeck/filter_hint.h"
#include "tools/tapdeck/input.h"
#include "tools/tapdeck/progress.h"

namespace tapdeck {
namespace {

using namespace std::chrono_literals;

TEST(NamesUtf8, KnowsTheSpellings) {
  for (const char* name : {"en_GB.UTF-8", "C.utf8", "de_DE.utf8@euro"}) {
    EXPECT_TRUE(names_utf8(name)) << name;
  }
  for (const char* name : {"", "C", "POSIX", "de_DE@euro", "ru_RU.KOI8-R", "utf8"}) {
    EXPECT_FALSE(names_utf8(name)) << name;
  }
}

TEST(StyleFor, ColoursATerminalOnly) {
  const Terminal terminal{
      .is_terminal = true, .width = 100, .utf8 = true, .colour_unwanted = false};
  EXPECT_TRUE(style_for(terminal, ColorMode::automatic, false).colour);
  EXPECT_FALSE(style_for(terminal, ColorMode::automatic, true).colour);
  EXPECT_FALSE(style_for(terminal, ColorMode::never, false).colour);
  EXPECT_FALSE(style_for({}, ColorMode::automatic, false).colour);
  EXPECT_TRUE(style_for({}, ColorMode::always, false).colour);
}

TEST(StyleFor, HonoursNoColorUnlessForced) {
  const Terminal unwanted{.is_terminal = true, .width = 80, .utf8 = true, .colour_unwanted = true};
  EXPECT_FALSE(style_for(unwanted, ColorMode::automatic, false).colour);
  EXPECT_TRUE(style_for(unwanted, ColorMode::always, false).colour);
}

TEST(StyleFor, IsEightyColumnsWideWhereNobodyKnows) {
  EXPECT_EQ(style_for({}, ColorMode::automatic, false).width, 80U);
}

TEST(ProgressText, SaysHowFarHowFastAndHowLong) {
  EXPECT_EQ(progress_text({.octets_read = 100'000'000, .octets_total = 400'000'000}, 1'234'567, 2s),
            "100 MB of 400 MB  25%  50.0 MB/s  1,234,567 packets  6 s left");
}

TEST(ProgressText, LeavesOutWhatAPipeDoesntTell) {
  EXPECT_EQ(progress_text({.octets_read = 1'000'000, .octets_total = 0}, 1, 1s),
            "1.00 MB  1.00 MB/s  1 packets");
}

TEST(Weightier, FollowsTheDocumentedOrder) {
  using enum ExitCode;
  EXPECT_EQ(weightier(damaged_input, unreadable_input), unreadable_input);
  EXPECT_EQ(weightier(no_permission, unreadable_input), no_permission);
  EXPECT_EQ(weightier(findings, packets_dropped), packets_dropped);
  EXPECT_EQ(weightier(fine, findings), findings);
  EXPECT_EQ(weightier(unwritable_output, no_permission), unwritable_output);
}

TEST(ExitCodeOf, TellsDamagedFromUnreadable) {
  CaptureInfo info;
  const CaptureFault cut{.kind = CaptureFaultKind::cut_short};
  EXPECT_EQ(exit_code_of(info, cut), ExitCode::unreadable_input);
  info.format = FileFormat::pcap;
  EXPECT_EQ(exit_code_of(info, cut), ExitCode::damaged_input);
  EXPECT_EQ(exit_code_of(info, {.kind = CaptureFaultKind::empty}), ExitCode::unreadable_input);
}

TEST(HintText, IsEmptyWhereTagsAndTunnelsExplainNothing) { EXPECT_EQ(hint_text({}), ""); }

TEST(HintText, OffersAFilterThatMatches) {
  EXPECT_EQ(hint_text({.packets = 1234,
                       .tagged = 1200,
                       .tunnelled = 0,
                       .tunnel = {},
                       .better_filter = "vlan and (tcp)",
                       .better_count = 1100}),
            "the filter matched nothing; 1,200 of 1,234 packets carry a VLAN tag: 'vlan and (tcp)' "
            "matches 1,100");
}

}  // namespace
}  // namespace tapdeck

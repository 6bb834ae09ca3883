#include "analyzer/report/verdict_words.h"

#include <gtest/gtest.h>

namespace tapdeck {
namespace {

using Lines = std::vector<std::string>;

TEST(VerdictWords, SayWhyThisCauseAndNotTheOther) {
  const Verdict verdict{.placement = Placement::fills_gap,
                        .origin = Origin::retransmission,
                        .trigger = Trigger::fast,
                        .origin_reason = OriginReason::later_ip_id,
                        .delivery_reason = DeliveryReason::first_copy_missing,
                        .confidence = Confidence::high,
                        .lost_upstream = true};
  EXPECT_EQ(explain(verdict, Detail::full),
            (Lines{"not overtaken: its IP ID was given later, one overtaken has an earlier one "
                   "(high confidence)",
                   "needed: the earlier copy never came past"}));
  EXPECT_EQ(explain(verdict, Detail::brief).front(),
            "not overtaken: its IP ID was given later (high confidence)");
}

TEST(VerdictWords, WeighARepeatAgainstACopy) {
  const Verdict copy{.origin = Origin::duplicate,
                     .origin_reason = OriginReason::same_ip_id,
                     .confidence = Confidence::medium};
  EXPECT_EQ(explain(copy, Detail::full),
            (Lines{"not sent again: it carries the IP ID of the earlier transmission, a packet "
                   "sent again gets a new one (medium confidence)"}));
  const Verdict repeat{.origin = Origin::retransmission,
                       .trigger = Trigger::timeout,
                       .origin_reason = OriginReason::sent_at_this_side};
  EXPECT_EQ(explain(repeat, Detail::full), (Lines{"not a copy: this was captured at the sender"}));
}

TEST(VerdictWords, ExplainNothingWhereNothingIsToBeSaid) {
  EXPECT_TRUE(explain(Verdict{}, Detail::full).empty());
  EXPECT_TRUE(verdict_reason(Verdict{.placement = Placement::in_order}).empty());
}

}  // namespace
}  // namespace tapdeck

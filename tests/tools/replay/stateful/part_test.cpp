#include "tools/replay/stateful/part.h"

#include <gtest/gtest.h>

#include "tests/support/capture_builder.h"
#include "tests/tools/replay/stateful/scripted.h"

namespace tapdeck::test {
namespace {

constexpr std::int64_t millisecond = 1'000'000;
constexpr std::int64_t second = 1'000'000'000;
using Kind = Part::Todo::Kind;

/// A part with a peer and a clock that the test moves.
class Stage {
 public:
  explicit Stage(Script script, PartOptions options = {}, Side ours = Side::client)
      : x_script(std::move(script)), x_part(x_script, ours, options, 0) {}

  /// Does what is to be done until it waits or ends; what it sent.
  std::string act() {
    std::string sent;
    while (true) {
      todo = x_part.next(now_ns);
      if (todo.kind == Kind::send) {
        for (const std::byte octet : todo.octets) sent += static_cast<char>(octet);
        x_part.sent(todo.octets.size(), now_ns);
      } else if (todo.kind == Kind::finish) {
        sent += "|";
        x_part.finished(now_ns);
      } else if (todo.kind == Kind::reset) {
        x_part.was_reset();
        return sent + "!";
      } else {
        return sent;
      }
    }
  }
  std::string hear(const std::string& text) {
    x_part.received(octets_of(text), now_ns);
    return act();
  }
  std::string hear_end() {
    x_part.peer_finished(now_ns);
    return act();
  }
  std::string hear_reset() {
    x_part.peer_reset();
    return act();
  }
  std::string wait(std::int64_t ns) {
    now_ns += ns;
    return act();
  }
  [[nodiscard]] const PlayResult& result() const { return x_part.result(); }
  [[nodiscard]] bool is_over() const {
    return todo.kind == Kind::close || todo.kind == Kind::reset;
  }

  std::int64_t now_ns = 0;
  Part::Todo todo;

 private:
  Script x_script;
  Part x_part;
};

Script questions() {
  return Dialogue()
      .says(Side::client, "one?")
      .says(Side::server, "first answer")
      .says(Side::client, "two?")
      .says(Side::server, "second answer")
      .finishes(Side::client)
      .finishes(Side::server)
      .script();
}

TEST(Part, AsksWhenItHasHeardAsMuchAsBefore) {
  Stage stage(questions());
  EXPECT_EQ(stage.act(), "one?");
  EXPECT_EQ(stage.hear("first ans"), "");
  EXPECT_EQ(stage.hear("wer"), "two?");
  EXPECT_EQ(stage.hear("second answer"), "|");
  EXPECT_FALSE(stage.is_over());
  stage.hear_end();
  EXPECT_TRUE(stage.is_over());
  EXPECT_EQ(sentence(stage.result()), "ok");
  EXPECT_EQ(stage.result().sent, 8U);
  EXPECT_EQ(stage.result().received, 25U);
  EXPECT_EQ(stage.result().steps_done, 3U);
}

TEST(Part, CountsWhatDiffersAndIsOkAllTheSame) {
  for (const bool strict : {false, true}) {
    Stage stage(questions(), {.strict = strict});
    stage.act();
    EXPECT_EQ(stage.hear("first ANSwer"), "two?");
    stage.hear("second answer");
    stage.hear_end();
    EXPECT_EQ(stage.result().outcome, strict ? PlayOutcome::differs : PlayOutcome::ok);
    EXPECT_EQ(stage.result().differences.octets, 3U);
    EXPECT_EQ(stage.result().differences.first, 6U);
  }
}

TEST(Part, LetsALongerAnswerNotShiftTheNext) {
  Stage stage(questions());
  stage.act();
  EXPECT_EQ(stage.hear("first answer, and more"), "two?");
  EXPECT_EQ(stage.hear("second"), "");
  EXPECT_EQ(stage.hear(" answer"), "|");
  stage.hear_end();
  EXPECT_EQ(sentence(stage.result()), "ok; 10 bytes more, the first at 12");
}

TEST(Part, TakesAPeerThatFallsSilentToBeThrough) {
  Stage stage(questions());
  stage.act();
  EXPECT_EQ(stage.hear("first"), "");
  EXPECT_EQ(stage.todo.until_ns, second);
  EXPECT_EQ(stage.wait(second), "two?");
  EXPECT_EQ(stage.hear("second answer"), "|");
  stage.hear_end();
  EXPECT_EQ(sentence(stage.result()), "ok; 7 bytes missing, the first at 5");
}

TEST(Part, WaitsAsMuchLongerAsThePeerPausedWhenCaptured) {
  Script script = questions();
  script.sides[index_of(Side::client)].steps[1].pause_ns = 3 * second;
  Stage stage(std::move(script));
  stage.act();
  stage.hear("first");
  EXPECT_EQ(stage.wait(3 * second), "");
  EXPECT_EQ(stage.wait(second), "two?");
}

TEST(Part, GivesUpAPeerThatSaysNothing) {
  Stage stage(questions());
  stage.act();
  stage.wait(5 * second - 1);
  EXPECT_FALSE(stage.is_over());
  stage.wait(1);
  EXPECT_TRUE(stage.is_over());
  EXPECT_EQ(sentence(stage.result()), "timed out: in step 2 of 3, 12 bytes short of what it needs");
}

TEST(Part, GivesUpAPeerThatDoesNotClose) {
  Stage stage(questions());
  stage.act();
  stage.hear("first answer");
  stage.hear("second answer");
  stage.wait(5 * second);
  EXPECT_EQ(sentence(stage.result()), "timed out: waiting for the peer's end");
}

TEST(Part, GivesUpAPeerThatTakesNothing) {
  const Script script = questions();
  Part part(script, Side::client, {}, 0);
  EXPECT_EQ(part.next(0).kind, Kind::send);
  EXPECT_EQ(part.next(5 * second).kind, Kind::close);
  EXPECT_EQ(part.result().outcome, PlayOutcome::timed_out);
}

TEST(Part, GoesOnWhereThePeerFinishedEarly) {
  Stage stage(questions());
  stage.act();
  stage.hear("first");
  EXPECT_EQ(stage.hear_end(), "two?|");
  EXPECT_TRUE(stage.is_over());
  EXPECT_EQ(sentence(stage.result()), "ok; 20 bytes missing, the first at 5");
}

TEST(Part, SaysWhereItWasReset) {
  Stage stage(questions());
  stage.act();
  stage.hear("first");
  stage.hear_reset();
  EXPECT_EQ(sentence(stage.result()),
            "reset: at byte 5, in step 2 of 3, 7 bytes short of what it needs");
}

TEST(Part, ThinksAsLongAsTheCapturedSideDid) {
  const Script script =
      Dialogue().says(Side::server, "hello", 0).says(Side::client, "hi", 40 * millisecond).script();
  for (const double factor : {0.0, 0.5, 1.0}) {
    Stage stage(script, {.think_factor = factor});
    stage.act();
    stage.now_ns = second;
    const auto think_ns = static_cast<std::int64_t>(40 * millisecond * factor);
    EXPECT_EQ(stage.hear("hello"), factor == 0 ? "hi" : "");
    if (factor == 0) continue;
    EXPECT_EQ(stage.todo.until_ns, second + think_ns);
    EXPECT_EQ(stage.wait(think_ns - 1), "");
    EXPECT_EQ(stage.wait(1), "hi");
  }
}

TEST(Part, ClosesFirstWhereThePeerDoesNot) {
  Stage stage(
      Dialogue().says(Side::client, "ask").finishes(Side::server).finishes(Side::client).script());
  EXPECT_EQ(stage.act(), "ask");
  EXPECT_EQ(stage.wait(second), "|");
  stage.hear_end();
  EXPECT_EQ(sentence(stage.result()), "ok");
}

TEST(Part, ResetsAsTheCapturedSideDid) {
  Stage stage(Dialogue()
                  .says(Side::client, "ask")
                  .says(Side::server, "answer")
                  .resets(Side::client)
                  .script());
  stage.act();
  EXPECT_EQ(stage.hear("answer"), "!");
  EXPECT_EQ(sentence(stage.result()), "ok");
}

TEST(Part, ExpectsTheResetThatWasCaptured) {
  const Script script =
      Dialogue().says(Side::client, "ask").says(Side::server, "no").resets(Side::server).script();
  Stage reset(script);
  reset.act();
  reset.hear("no");
  EXPECT_FALSE(reset.is_over());
  reset.hear_reset();
  EXPECT_EQ(sentence(reset.result()), "ok");
  Stage closed(script);
  closed.act();
  closed.hear("no");
  closed.hear_end();
  EXPECT_EQ(sentence(closed.result()), "closed otherwise: by a FIN where the capture has a reset");
}

TEST(Part, IsThroughWhereTheCaptureEndedBeforeTheConnection) {
  Stage stage(Dialogue().says(Side::client, "ask").says(Side::server, "answer").script());
  stage.act();
  stage.hear("answer");
  EXPECT_TRUE(stage.is_over());
  EXPECT_EQ(sentence(stage.result()), "ok");
}

TEST(Part, GoesOnWithAPeerThatNeedsNoQuestion) {
  Stage stage(questions());
  stage.act();
  EXPECT_EQ(stage.hear("first answersecond"), "two?");
  EXPECT_EQ(stage.hear(" answer"), "|");
  stage.hear_end();
  EXPECT_EQ(sentence(stage.result()), "ok");
}

TEST(Part, PlaysTheServerLikewise) {
  Stage stage(questions(), {}, Side::server);
  EXPECT_EQ(stage.act(), "");
  EXPECT_EQ(stage.hear("one?"), "first answer");
  EXPECT_EQ(stage.hear("two?"), "second answer");
  EXPECT_EQ(stage.hear_end(), "|");
  EXPECT_EQ(sentence(stage.result()), "ok");
}

}  // namespace
}  // namespace tapdeck::test

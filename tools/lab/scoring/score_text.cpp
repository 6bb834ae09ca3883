#include "tools/lab/scoring/score_text.h"

#include <algorithm>
#include <functional>
#include <optional>

#include <fmt/format.h>

namespace tapdeck {
namespace {

constexpr std::array host_points{CapturePoint::client, CapturePoint::server};

const CaptureScore& at(const RunScore& run, CapturePoint point) {
  return run.captures[static_cast<std::size_t>(point)];
}

/// The mean of what applies; empty if nothing does.
class Mean {
 public:
  void add(double value) {
    x_sum += value;
    ++x_count;
  }
  [[nodiscard]] std::string text() const {
    if (x_count == 0) return "     -";
    return fmt::format("{:6.2f}", 100 * x_sum / x_count);
  }
  [[nodiscard]] int count() const { return x_count; }

 private:
  double x_sum = 0;
  int x_count = 0;
};

void add_share(Mean& mean, std::uint64_t part, std::uint64_t whole) {
  if (whole > 0) mean.add(static_cast<double>(part) / static_cast<double>(whole));
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  if (whole == 0) return "     -";
  return fmt::format("{:6.2f}", 100 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string class_table(const std::vector<RunScore>& runs) {
  std::string text =
      "class             precision  recall      F1   mean F1   (percent; pooled over the captures "
      "at both hosts, and the mean over captures)\n";
  for (const Question question : questions) {
    Agreement pooled;
    Mean mean;
    for (const RunScore& run : runs) {
      for (const CapturePoint point : host_points) {
        const Agreement& one =
            at(run, point).classes.agreements[static_cast<std::size_t>(question)];
        pooled += one;
        if (one.applies()) mean.add(one.f1());
      }
    }
    text += fmt::format("{:<18}   {}  {}  {:6.2f}    {}   ({} true)\n", to_string(question),
                        percent(pooled.both, pooled.both + pooled.only_said),
                        percent(pooled.both, pooled.both + pooled.only_true), 100 * pooled.f1(),
                        mean.text(), pooled.both + pooled.only_true);
  }
  return text;
}

std::string cause_table(const std::vector<RunScore>& runs) {
  std::string text = "cause right of segments repeated, overtaken or copied (percent)\n";
  text += fmt::format("{:<34} {:>7} {:>6}   {:>7} {:>6}   {:>7} {:>6}\n", "recording", "client",
                      "of", "server", "of", "missing", "of");
  for (const RunScore& run : runs) {
    text += fmt::format("{:<34}", run.name);
    for (const CapturePoint point : capture_points) {
      const ClassScore& classes = at(run, point).classes;
      text += fmt::format("  {} {:>6}  ", percent(classes.causes_right, classes.causes),
                          classes.causes);
    }
    text += '\n';
  }
  return text;
}

std::string mean_line(const std::string& name, const std::vector<RunScore>& runs,
                      const std::function<bool(const RunScore&)>& belongs) {
  Mean mean;
  std::uint64_t causes = 0;
  std::uint64_t right = 0;
  for (const RunScore& run : runs) {
    if (!belongs(run)) continue;
    for (const CapturePoint point : host_points) {
      const ClassScore& classes = at(run, point).classes;
      add_share(mean, classes.causes_right, classes.causes);
      causes += at(run, point).classes.causes;
      right += at(run, point).classes.causes_right;
    }
  }
  return fmt::format("{:<34}  {}   over {} captures; pooled {} of {} segments\n", name, mean.text(),
                     mean.count(), percent(right, causes), causes);
}

std::string means(const std::vector<RunScore>& runs) {
  std::string text = mean_line("mean", runs, [](const RunScore&) { return true; });
  for (const Group group : groups) {
    text += mean_line("  " + std::string(to_string(group)), runs,
                      [&](const RunScore& run) { return run.group == group; });
  }
  Mean of_missing;
  Mean without_hidden;
  std::uint64_t hidden = 0;
  std::uint64_t losses = 0;
  std::uint64_t losses_right = 0;
  MissedScore missed;
  StateScore near;
  StateScore far;
  for (const RunScore& run : runs) {
    near += run.states_near;
    far += run.states_far;
    const ClassScore& there = at(run, CapturePoint::missing).classes;
    add_share(of_missing, there.causes_right, there.causes);
    missed += run.missed;
    for (const CapturePoint point : host_points) {
      const ClassScore& classes = at(run, point).classes;
      losses += classes.losses;
      losses_right += classes.losses_right;
      hidden += classes.hidden;
      add_share(without_hidden, classes.causes_right - classes.hidden_right,
                classes.causes - classes.hidden);
    }
  }
  text += fmt::format(
      "{:<34}  {}   over {} captures, without {} SYNs whose first was lost before\n",
      "  mean of what can be seen", without_hidden.text(), without_hidden.count(), hidden);
  text += fmt::format("{:<34}  {}   over {} captures that miss frames\n", "  mean there",
                      of_missing.text(), of_missing.count());
  text += fmt::format("{:<34}  {}   of {} lost segments (lost_upstream, lost_downstream)\n",
                      "place of loss right", percent(losses_right, losses), losses);
  text += fmt::format("{:<34}  {}   of {} segments that only the capture missed; {} as loss\n",
                      "not_captured", percent(missed.told, missed.segments), missed.segments,
                      missed.as_loss);
  text +=
      fmt::format("{:<34}  {}   of {} moments, by the capture at the host; {} of {} by the other\n",
                  "states right", percent(near.equal, near.moments), near.moments,
                  percent(far.equal, far.moments), far.moments);
  return text;
}

std::string trigger_line(const std::string& name, const TriggerScore& score) {
  std::string line = fmt::format("{:<34}", name);
  for (std::size_t i = 0; i < triggers.size(); ++i) {
    line += fmt::format(" {:>8}/{:<8}", score.said[i], score.kernel[i]);
  }
  return line + fmt::format(" {:6.2f}  {} of {:<5}  {} of {}\n", 100 * score.disagreement(),
                            percent(score.unknown, score.retransmissions), score.retransmissions,
                            percent(score.certain_told, score.certain), score.certain);
}

std::string trigger_table(const std::vector<RunScore>& runs) {
  std::string text = "triggers at the sender, said/counted by its kernel\n";
  text += fmt::format("{:<34}", "recording, sender");
  for (const KernelTrigger trigger : triggers) text += fmt::format(" {:>17}", to_string(trigger));
  text += "  off %  unknown %       each one right %\n";
  TriggerScore sum;
  for (const RunScore& run : runs) {
    for (const Way way : {Way::up, Way::down}) {
      const TriggerScore& score = run.triggers[static_cast<std::size_t>(way)];
      sum += score;
      if (score.retransmissions == 0) continue;
      text += trigger_line(fmt::format("{} {}", run.name, to_string(sender_of(way))), score);
    }
  }
  return text + trigger_line("all", sum);
}

std::string failures(const std::vector<RunScore>& runs) {
  std::string text;
  for (const RunScore& run : runs) {
    for (const CapturePoint point : capture_points) {
      const std::string& failure = at(run, point).failure;
      if (!failure.empty()) {
        text += fmt::format("FAILED {} {}: {}\n", run.name, to_string(point), failure);
      }
    }
  }
  return text;
}

}  // namespace

std::string score_text(const std::string& tool, const std::vector<RunScore>& runs) {
  return fmt::format("== {}: {} recordings\n{}{}\n{}\n{}\n{}", tool, runs.size(), failures(runs),
                     cause_table(runs), trigger_table(runs), class_table(runs), means(runs));
}

std::string wrong_text(const std::vector<RunScore>& runs) {
  std::string text;
  for (const RunScore& run : runs) {
    for (const CapturePoint point : capture_points) {
      const CaptureScore& capture = at(run, point);
      for (const ClassifiedFrame& frame : capture.classes.wrong) {
        text += fmt::format(
            "{}\t{}\t{}\t{}\t{}\t{}-{}\t{}{}\t{}\n", run.name, to_string(point), frame.frame,
            to_string(frame.way), frame.connection, frame.range.begin, frame.range.end,
            frame.frame_class == FrameClass::plain ? "plain" : to_string(frame.frame_class),
            frame.spurious ? ",spurious" : "",
            capture.said ? capture.said->words_of(frame.frame) : "(failed)");
      }
    }
    for (const std::string& line : run.states_near.wrong) {
      text += fmt::format("{}\tstate\t{}\n", run.name, line);
    }
    for (const std::string& line : run.states_far.wrong) {
      text += fmt::format("{}\tfar state\t{}\n", run.name, line);
    }
    for (const std::uint64_t frame : run.missed.untold_at) {
      const auto& said = at(run, CapturePoint::missing).said;
      text += fmt::format("{}\tmissing\t{}\t\t\t\tnot_captured\t{}\n", run.name, frame,
                          said ? said->words_of(frame) : "(failed)");
    }
  }
  return text;
}

}  // namespace tapdeck

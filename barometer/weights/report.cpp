#include "barometer/weights/report.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/result.h"

namespace barometer {
namespace {

// Code points: a level may be written in any script.
size_t width_of(const std::string& text) {
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string padded(const std::string& text, size_t width) {
  return text + std::string(width - std::min(width, width_of(text)), ' ');
}

std::string number(double value) { return fmt::format("{:>14.2f}", value); }

std::string lines_text(const std::vector<MarginLine>& lines) {
  if (lines.empty()) return {};
  const auto name = [](const MarginLine& line) {
    return line.level.empty() ? line.variable : line.variable + " = " + line.level;
  };
  size_t width = 8;
  for (const MarginLine& line : lines) width = std::max(width, width_of(name(line)));
  std::string text =
      fmt::format("  {}{:>14}{:>14}{:>14}\n", padded("", width), "population", "before", "after");
  for (const MarginLine& line : lines) {
    text += "  " + padded(name(line), width) + number(line.population) + number(line.before) +
            number(line.after) + "\n";
  }
  return text;
}

std::string step_text(const WeightStep& step) {
  std::string text = step.description;
  if (step.iterations > 0) {
    text += fmt::format(": {} {} {}", step.converged ? "in" : "not met in", step.iterations,
                        step.iterations == 1 ? "round" : "rounds");
  }
  text += "\n";
  if (!step.trouble.empty()) text += "  note: " + step.trouble + "\n";
  return text + lines_text(step.lines) + "\n";
}

}  // namespace

WeightSummary summary_of_weights(std::span<const double> weights) {
  WeightSummary summary;
  double squares = 0;
  for (const double w : weights) {
    if (w == 0) continue;
    summary.smallest = summary.cases == 0 ? w : std::min(summary.smallest, w);
    summary.largest = summary.cases == 0 ? w : std::max(summary.largest, w);
    ++summary.cases;
    summary.sum += w;
    squares += w * w;
  }
  if (squares > 0 && summary.sum != 0) {
    summary.effective_base = summary.sum * summary.sum / squares;
    summary.design_effect = static_cast<double>(summary.cases) / summary.effective_base;
  }
  return summary;
}

WeightReport weight_report(const Sample& before, const Sample& after,
                           std::vector<WeightStep> steps) {
  CHECK(before.case_count() == after.case_count(), "the same cases before and after weighting");
  WeightReport report{.steps = std::move(steps),
                      .before = summary_of_weights(before.weights()),
                      .after = summary_of_weights(after.weights())};
  bool first = true;
  for (size_t i = 0; i < before.case_count(); ++i) {
    if (before.weights()[i] == 0) continue;
    const double ratio = after.weights()[i] / before.weights()[i];
    report.smallest_ratio = first ? ratio : std::min(report.smallest_ratio, ratio);
    report.largest_ratio = first ? ratio : std::max(report.largest_ratio, ratio);
    first = false;
  }
  return report;
}

std::string report_text(const WeightReport& report) {
  std::string text;
  for (const WeightStep& step : report.steps) text += step_text(step);
  const auto line = [](const std::string& name, const std::string& before,
                       const std::string& after) {
    return fmt::format("  {}{:>14}{:>14}\n", padded(name, 36), before, after);
  };
  const auto numbers = [&](const std::string& name, double before, double after, int places) {
    return line(name, fmt::format("{:.{}f}", before, places),
                fmt::format("{:.{}f}", after, places));
  };
  const WeightSummary& a = report.before;
  const WeightSummary& b = report.after;
  text += line("weights", "before", "after");
  text += line("cases with a weight", std::to_string(a.cases), std::to_string(b.cases));
  text += numbers("sum", a.sum, b.sum, 2);
  text += numbers("smallest", a.smallest, b.smallest, 4);
  text += numbers("largest", a.largest, b.largest, 4);
  text += numbers("design effect of weighting, 1 + cv²", a.design_effect, b.design_effect, 4);
  text += numbers("effective base", a.effective_base, b.effective_base, 1);
  text += fmt::format("  new weight / old weight: {:.4f} to {:.4f}\n", report.smallest_ratio,
                      report.largest_ratio);
  return text;
}

}  // namespace barometer

// Conflicting figures in words a reader can check with a pencil.
#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/reconstruct/wave_figures_internal.h"

namespace barometer {
namespace {

using Kind = PublishedRow::Kind;

std::string value_text(const PublishedRow& row) {
  const std::string sign = row.earlier && row.value.digits > 0 ? "+" : "";
  const std::string unit = row.kind == Kind::kShare ? (row.earlier ? " points" : " %") : "";
  return sign + row.value.text() + unit;
}

std::string figure_text(const PublishedRow& row, const PublishedFigure& figure) {
  const std::string what = row.earlier                ? "the change "
                           : row.kind == Kind::kMean  ? "the mean "
                           : row.kind == Kind::kCount ? "the count "
                                                      : "";
  return fmt::format("{}{} ({}{}{})", what, value_text(row), figure.id,
                     figure.source.empty() ? "" : ", ", figure.source);
}

// The run of fitting bases nearest below the one that does not fit, as far as `from`.
std::vector<int64_t> nearest_bases(const PublishedRow& row, int64_t base, Rounding rounding) {
  std::vector<int64_t> run;
  for (int64_t n = base - 1; n >= 1; --n) {
    const bool fits = !possible_counts(row.value, n, rounding).empty();
    if (fits) run.push_back(n);
    if (!fits && !run.empty()) break;
  }
  std::reverse(run.begin(), run.end());
  return run;
}

std::string nearest_means_text(const PublishedRow& row, int64_t base) {
  const Ratio exact = row.value.ratio();
  const int64_t below = static_cast<int64_t>(static_cast<double>(base) * exact.value());
  const int places = std::min(row.value.places + 2, 6);
  const auto mean = [&](int64_t sum) {
    return fmt::format("a sum of {} gives {}", sum, round(Ratio{sum, base}, places).text());
  };
  return mean(below) + ", " + mean(below + 1);
}

// One figure that cannot be true by itself: why, and at which bases it could be.
std::string alone_text(const ItemProblem& problem, const PublishedRow& row) {
  if (row.base && *row.base > problem.respondents) {
    return fmt::format("cannot have a base of {}: {} answered", *row.base, problem.respondents);
  }
  if (!row.base) return fmt::format("cannot be had on any base up to {}", problem.respondents);
  std::string out = fmt::format("cannot be had on a base of {}", *row.base);
  if (row.earlier) return out;
  if (row.kind == Kind::kShare && possible_counts(row.value, *row.base, problem.rounding).empty()) {
    out += ": " + nearest_shares_text(row.value, *row.base);
    const auto bases = nearest_bases(row, *row.base, problem.rounding);
    if (!bases.empty()) out += fmt::format("; bases {} would fit", runs_text(bases));
  } else if (row.kind == Kind::kMean &&
             possible_sums(row.value, *row.base, 1, problem.rounding).empty()) {
    out += ": " + nearest_means_text(row, *row.base);
  } else if (row.kind == Kind::kMean) {
    out += fmt::format(": the scale runs from {} to {}", problem.scores.front(),
                       problem.scores.back());
  }
  return out;
}

// What a row asks for at its base: "needs 54 to 55 of 116".
std::string need_text(const ItemProblem& problem, const PublishedRow& row) {
  if (row.earlier) {
    return fmt::format("was {} before", row.earlier->printed.text());
  }
  if (!row.base) return "at a base still to be found";
  const WholeRange range =
      row.kind == Kind::kShare  ? possible_counts(row.value, *row.base, problem.rounding)
      : row.kind == Kind::kMean ? possible_sums(row.value, *row.base, 1, problem.rounding)
                                : WholeRange{row.value.digits, row.value.digits};
  const std::string counts = range.low == range.high
                                 ? fmt::format("{}", range.low)
                                 : fmt::format("{} to {}", range.low, range.high);
  return row.kind == Kind::kMean
             ? fmt::format("needs scores that sum to {} over {}", counts, *row.base)
             : fmt::format("needs {} of {}", counts, *row.base);
}

// Parts of one whole that exceed it: the commonest conflict has its own sentence.
std::string parts_text(const ItemProblem& problem, const std::vector<size_t>& rows) {
  std::vector<bool> taken(problem.option_count, false);
  int64_t least = 0;
  for (const size_t index : rows) {
    const PublishedRow& row = problem.rows[index];
    if (row.kind == Kind::kMean || row.earlier || !row.base || !problem.single_coded ||
        *row.base != problem.rows[rows[0]].base) {
      return "";
    }
    for (const size_t option : row.sum.options) {
      if (taken[option]) return "";
      taken[option] = true;
    }
    least += row.kind == Kind::kShare ? possible_counts(row.value, *row.base, problem.rounding).low
                                      : row.value.digits;
  }
  const int64_t base = problem.rows[rows[0]].base.value_or(0);
  if (least <= base) return "";
  return fmt::format("; no one can be in two of them, and together they need at least {} of {}",
                     least, base);
}

}  // namespace

FigureConflict conflict_of(const ItemFigures& item, const std::vector<size_t>& rows) {
  const ItemProblem& problem = item.problem;
  FigureConflict conflict;
  conflict.item = item.variable->id;
  for (const size_t row : rows) conflict.figures.push_back(item.figures[row]->id);
  if (rows.size() == 1) {
    const PublishedRow& row = problem.rows[rows[0]];
    conflict.message =
        fmt::format("{}: {} {}\n  {}", item.variable->id, figure_text(row, *item.figures[rows[0]]),
                    alone_text(problem, row), named_row(*item.figures[rows[0]]));
    return conflict;
  }
  conflict.message =
      fmt::format("{}: these {} figures cannot all be true, though any {} of them can{}",
                  item.variable->id, rows.size(), rows.size() - 1, parts_text(problem, rows));
  for (const size_t index : rows) {
    const PublishedRow& row = problem.rows[index];
    const PublishedFigure& figure = *item.figures[index];
    conflict.message +=
        fmt::format("\n  {}: {} of '{}' {}", named_row(figure), value_text(row),
                    item.answers[item.asked_of_row[index]], need_text(problem, row));
  }
  return conflict;
}

}  // namespace barometer

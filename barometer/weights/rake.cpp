#include "barometer/weights/rake.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/weights/cells_internal.h"

namespace barometer {
namespace {

constexpr int kSweeps = 10;            // R's svyrecvar
constexpr double kSumSlack = 1e-6;     // between the sums of margins, relative
constexpr double kMarginSlack = 1e-6;  // of a margin that is met, relative to the population

// The residual of x / w on the margins. Within a cell of the crossed margins everything that is
// subtracted is alike, so that the sweeps run over cells.
class Raked final : public Adjustment {
 public:
  // weights: after. at_margin: cells × margins, weight after that margin's last turn over the last.
  Raked(JointCells cells, const Sample& before, std::vector<double> weights, Matrix at_margin,
        std::string description)
      : cells_(std::move(cells)),
        weights_(std::move(weights)),
        cases_(weights_.size()),
        at_margin_(std::move(at_margin)),
        counts_(Vector::Zero(static_cast<Eigen::Index>(cells_.count))),
        description_(std::move(description)) {
    for (size_t i = 0; i < cases_.size(); ++i) {
      cases_[i] = static_cast<double>(before.live_at(i));
      if (cells_.cell_of_case[i] >= 0) counts_[cells_.cell_of_case[i]] += cases_[i];
    }
  }

  void apply(Matrix& x) const override {
    Vector sums(counts_.size());
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      sums.setZero();
      for (Eigen::Index i = 0; i < x.rows(); ++i) {
        const int32_t cell = cell_at(i);
        if (cell >= 0) sums[cell] += cases_[static_cast<size_t>(i)] * x(i, j) / weight_at(i);
      }
      const Vector fitted = fit(sums);
      for (Eigen::Index i = 0; i < x.rows(); ++i) {
        if (const int32_t cell = cell_at(i); cell >= 0) x(i, j) -= weight_at(i) * fitted[cell];
      }
    }
  }
  [[nodiscard]] std::string description() const override { return description_; }

 private:
  [[nodiscard]] int32_t cell_at(Eigen::Index i) const {
    return cells_.cell_of_case[static_cast<size_t>(i)];
  }
  [[nodiscard]] double weight_at(Eigen::Index i) const { return weights_[static_cast<size_t>(i)]; }

  // What the sweeps subtract from each x / w of a cell; sums: of x / w by cell.
  [[nodiscard]] Vector fit(Vector sums) const {
    Vector fitted = Vector::Zero(sums.size());
    for (int sweep = 0; sweep < kSweeps; ++sweep) {
      for (size_t k = 0; k < cells_.row_of_cell.size(); ++k) {
        const std::vector<int32_t>& row = cells_.row_of_cell[k];
        const auto at = at_margin_.col(static_cast<Eigen::Index>(k));
        const auto rows = static_cast<Eigen::Index>(*std::ranges::max_element(row)) + 1;
        Vector totals = Vector::Zero(rows);
        Vector counts = Vector::Zero(rows);
        for (Eigen::Index c = 0; c < sums.size(); ++c) {
          totals[row[static_cast<size_t>(c)]] += sums[c] / at[c];
          counts[row[static_cast<size_t>(c)]] += counts_[c];
        }
        for (Eigen::Index c = 0; c < sums.size(); ++c) {
          const Eigen::Index r = row[static_cast<size_t>(c)];
          const double part = at[c] * totals[r] / counts[r];
          fitted[c] += part;
          sums[c] -= counts_[c] * part;
        }
      }
    }
    return fitted;
  }

  JointCells cells_;
  std::vector<double> weights_;
  std::vector<double> cases_;  // that each row stands for
  Matrix at_margin_;
  Vector counts_;  // cases by cell
  std::string description_;
};

// Sums of weights by cell (columns: the full sample, its replicates) on their way to the margins.
class Raking {
 public:
  Raking(const std::vector<MatchedMargin>& margins, const JointCells& cells, Matrix start,
         const RakeOptions& options)
      : margins_(margins),
        cells_(cells),
        options_(options),
        start_(std::move(start)),
        now_(start_),
        at_margin_(now_.rows(), static_cast<Eigen::Index>(margins.size())) {}

  // kInvalid: a margin's row without weight (of a replicate).
  Status run() {
    const double sum = start_.col(0).sum();
    const double epsilon = options_.epsilon < 1 ? options_.epsilon * sum : options_.epsilon;
    while (rounds_ < options_.max_rounds && !converged_) {
      const Vector before = now_.col(0);
      for (size_t k = 0; k < margins_.size(); ++k) TRY_DONE(meet(k));
      if (bounded()) cut();
      ++rounds_;
      moved_ = (now_.col(0) - before).cwiseAbs().maxCoeff();
      converged_ = moved_ < epsilon && (!bounded() || meets_margins());
    }
    return {};
  }

  [[nodiscard]] bool converged() const { return converged_; }
  [[nodiscard]] size_t rounds() const { return rounds_; }
  [[nodiscard]] double moved() const { return moved_; }
  [[nodiscard]] bool meets_margins() const {
    return worst().second <= kMarginSlack * sum_of_population();
  }
  [[nodiscard]] Matrix factors() const {
    return (start_.array() == 0)
        .select(Matrix::Ones(now_.rows(), now_.cols()), now_.cwiseQuotient(start_));
  }
  // Weight after each margin's last turn, over the final weight.
  [[nodiscard]] Matrix at_margin() const {
    return at_margin_.array().colwise() / now_.col(0).array();
  }
  [[nodiscard]] std::vector<MarginLine> lines() const {
    std::vector<MarginLine> lines;
    for (size_t k = 0; k < margins_.size(); ++k) {
      const Vector before = sums_of_rows(k, start_.col(0));
      const Vector after = sums_of_rows(k, now_.col(0));
      for (size_t r = 0; r < margins_[k].totals.size(); ++r) {
        const auto row = static_cast<Eigen::Index>(r);
        lines.push_back({.variable = margins_[k].name,
                         .level = margins_[k].labels[r],
                         .population = margins_[k].totals[r],
                         .before = before[row],
                         .after = after[row]});
      }
    }
    return lines;
  }
  // The line furthest from its population, and how far.
  [[nodiscard]] std::pair<MarginLine, double> worst() const {
    const std::vector<MarginLine> all = lines();
    const auto far = [](const MarginLine& line) { return std::abs(line.after - line.population); };
    const MarginLine& line = *std::ranges::max_element(all, {}, far);
    return {line, far(line)};
  }
  // The replicate with a row furthest from its population, and how far as a part of all.
  [[nodiscard]] std::pair<Eigen::Index, double> worst_replicate() const {
    std::pair<Eigen::Index, double> worst{0, 0};
    for (Eigen::Index j = 1; j < now_.cols(); ++j) {
      for (size_t k = 0; k < margins_.size(); ++k) {
        const Vector sums = sums_of_rows(k, now_.col(j));
        for (Eigen::Index r = 0; r < sums.size(); ++r) {
          const double off = std::abs(sums[r] - margins_[k].totals[static_cast<size_t>(r)]);
          if (off / sum_of_population() > worst.second) worst = {j, off / sum_of_population()};
        }
      }
    }
    return worst;
  }

 private:
  [[nodiscard]] bool bounded() const { return options_.lower > 0 || std::isfinite(options_.upper); }
  [[nodiscard]] double sum_of_population() const {
    return std::accumulate(margins_[0].totals.begin(), margins_[0].totals.end(), 0.0);
  }
  template <class Column>
  [[nodiscard]] Vector sums_of_rows(size_t k, const Column& column) const {
    Vector sums = Vector::Zero(static_cast<Eigen::Index>(margins_[k].totals.size()));
    for (Eigen::Index c = 0; c < column.size(); ++c) {
      sums[cells_.row_of_cell[k][static_cast<size_t>(c)]] += column[c];
    }
    return sums;
  }

  Status meet(size_t k) {
    for (Eigen::Index j = 0; j < now_.cols(); ++j) {
      Vector ratios = sums_of_rows(k, now_.col(j));
      for (Eigen::Index r = 0; r < ratios.size(); ++r) {
        const auto row = static_cast<size_t>(r);
        if (ratios[r] == 0) {
          return fail(ErrorCode::kInvalid,
                      fmt::format("{} no weight in '{}' of '{}': join it with another category",
                                  j == 0 ? "the sample has" : fmt::format("replicate {} has", j),
                                  margins_[k].labels[row], margins_[k].name));
        }
        ratios[r] = margins_[k].totals[row] / ratios[r];
      }
      for (Eigen::Index c = 0; c < now_.rows(); ++c) {
        now_(c, j) *= ratios[cells_.row_of_cell[k][static_cast<size_t>(c)]];
      }
    }
    at_margin_.col(static_cast<Eigen::Index>(k)) = now_.col(0);
    return {};
  }

  void cut() {
    for (Eigen::Index j = 0; j < now_.cols(); ++j) {
      const double mean = sum_of_population() / start_.col(j).sum();
      for (Eigen::Index c = 0; c < now_.rows(); ++c) {
        const double least = options_.lower * mean * start_(c, j);
        if (start_(c, j) == 0) continue;
        now_(c, j) = std::clamp(now_(c, j), least, options_.upper * mean * start_(c, j));
      }
    }
  }

  const std::vector<MatchedMargin>& margins_;
  const JointCells& cells_;
  const RakeOptions& options_;
  Matrix start_, now_;
  Matrix at_margin_;
  size_t rounds_ = 0;
  double moved_ = 0;  // of a cell in the last round
  bool converged_ = false;
};

Status check_options(const RakeOptions& options, size_t margins) {
  if (margins == 0) return fail(ErrorCode::kInvalid, "raking needs at least one margin");
  if (!(options.epsilon > 0)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("raking stops at an epsilon above 0, not at {}", options.epsilon));
  }
  if (options.max_rounds == 0) return fail(ErrorCode::kInvalid, "raking needs at least one round");
  if (!(options.lower >= 0 && options.lower < 1 && options.upper > 1)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the bounds {} and {} of raking must lie on both sides of 1, the lower "
                            "at least 0",
                            options.lower, options.upper));
  }
  return {};
}

Status check_sums(const std::vector<MatchedMargin>& margins) {
  const auto sum = [](const MatchedMargin& margin) {
    return std::accumulate(margin.totals.begin(), margin.totals.end(), 0.0);
  };
  const double first = sum(margins.front());
  for (const MatchedMargin& margin : margins) {
    if (std::abs(sum(margin) - first) <= kSumSlack * first) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("the margin '{}' sums to {:.10g}, the margin '{}' to {:.10g}: both "
                            "must describe the same population (give shares if only those are "
                            "known)",
                            margins.front().name, first, margin.name, sum(margin)));
  }
  return {};
}

std::string describe(const std::vector<MatchedMargin>& margins, const RakeOptions& options) {
  std::vector<std::string> names;
  for (const MatchedMargin& margin : margins) names.push_back(margin.name);
  std::string text = fmt::format("raked to {} {} ({})", names.size(),
                                 names.size() == 1 ? "margin" : "margins", join(names, "; "));
  if (options.lower > 0 || std::isfinite(options.upper)) {
    text += fmt::format(", ratios within {:.10g} and {:.10g} of their mean", options.lower,
                        options.upper);
  }
  return text;
}

void tell_trouble(const Raking& raking, WeightStep& step) {
  if (!raking.converged() && raking.meets_margins()) {
    add_trouble(step, fmt::format("Raking did not settle in {} rounds: the margins are met, but a "
                                  "cell's sum of weights still moved by {:.4g} in the last.",
                                  raking.rounds(), raking.moved()));
  } else if (!raking.converged()) {
    const auto [line, far] = raking.worst();
    add_trouble(
        step,
        fmt::format("Raking did not settle in {} rounds: '{}' of '{}' is {:.10g} in the "
                    "population and {:.10g} after, {:.4g} off.",
                    raking.rounds(), line.level, line.variable, line.population, line.after, far));
  } else if (const auto [replicate, off] = raking.worst_replicate(); off > 1e-3) {
    add_trouble(step, fmt::format("Replicate {} misses a margin by {:.2g} % of the population.",
                                  replicate, 100 * off));
  }
}

}  // namespace

Result<Weighted> rake(const Sample& sample, const Dataset& data, std::span<const Margin> margins,
                      const RakeOptions& options) {
  TRY_DONE(check_lengths(sample, data));
  TRY_DONE(check_options(options, margins.size()));
  TRY_DONE(check_not_negative(sample.weights(), "raking"));
  std::vector<MatchedMargin> matched;
  for (const Margin& margin : margins) {
    matched.push_back(
        TRY(match_margin(margin, data, sample.weights(), {.population = options.population})));
  }
  TRY_DONE(check_sums(matched));
  const JointCells cells = joint_cells(matched);
  Raking raking(matched, cells, sums_by_cell(sample, cells.cell_of_case, cells.count), options);
  TRY_DONE(raking.run());
  WeightStep step{.kind = "raking",
                  .description = describe(matched, options),
                  .converged = raking.converged(),
                  .iterations = raking.rounds(),
                  .lines = raking.lines()};
  tell_trouble(raking, step);
  const Matrix factors = raking.factors();
  std::vector<double> after(sample.weights().begin(), sample.weights().end());
  for (size_t i = 0; i < after.size(); ++i) {
    if (cells.cell_of_case[i] >= 0) after[i] *= factors(cells.cell_of_case[i], 0);
  }
  auto adjustment = std::make_shared<Raked>(cells, sample, std::move(after), raking.at_margin(),
                                            step.description);
  Sample weighted =
      scaled_by_cell(sample, cells.cell_of_case, factors, std::move(adjustment), step.description);
  return Weighted{std::move(weighted), std::move(step)};
}

}  // namespace barometer

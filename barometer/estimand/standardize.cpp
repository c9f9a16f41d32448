#include "barometer/estimand/standardize.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/estimand/columns_internal.h"
#include "barometer/estimand/domains.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr size_t kNoCell = SIZE_MAX;
constexpr size_t kMaxCells = 10'000;

// A classification of the cases: its cells and each case's.
struct Cells {
  std::vector<std::string> labels;
  std::vector<size_t> of_case;  // kNoCell where a variable is missing
};

Status check_cells(size_t count) {
  if (count <= kMaxCells) return {};
  return fail(ErrorCode::kLimit,
              fmt::format("the variables of the standardisation make {} cells, more than {}", count,
                          kMaxCells));
}

Result<Cells> cells_of(const Dataset& data, std::span<const std::string> names) {
  Cells cells{.labels = {""}, .of_case = std::vector<size_t>(data.case_count(), 0)};
  bool first = true;
  for (const std::string& name : names) {
    const Levels levels = TRY(levels_written(data, name));
    const size_t step = cells.labels.size();
    TRY_DONE(check_cells(step * levels.labels.size()));
    std::vector<std::string> labels;
    for (const std::string& level : levels.labels) {
      for (const std::string& label : cells.labels) {
        labels.push_back(first ? level : fmt::format("{}.{}", label, level));
      }
    }
    cells.labels = std::move(labels);
    for (size_t i = 0; i < cells.of_case.size(); ++i) {
      size_t& cell = cells.of_case[i];
      const int32_t code = levels.codes[i];
      cell = cell == kNoCell || code < 0 ? kNoCell : cell + step * static_cast<size_t>(code);
    }
    first = false;
  }
  return cells;
}

Status check_counts(const StandardPopulation& population) {
  double sum = 0;
  for (const double count : population.counts) {
    if (!(count >= 0) || std::isinf(count)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("the standard population has a count of {}", count));
    }
    sum += count;
  }
  if (sum > 0) return {};
  return fail(ErrorCode::kInvalid, "the standard population has no one in it");
}

// The share of each cell.
Result<std::vector<double>> shares_of(const StandardPopulation& population, const Cells& cells) {
  TRY_DONE(check_counts(population));
  const size_t wanted = population.cells.empty() ? cells.labels.size() : population.cells.size();
  if (population.counts.size() != wanted) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("the standard population has {} counts for {} cells ({})",
                    population.counts.size(), wanted, printable(join(cells.labels, ", "), 200)));
  }
  const double sum = std::accumulate(population.counts.begin(), population.counts.end(), 0.0);
  std::vector<double> shares(cells.labels.size(), 0.0);
  for (size_t k = 0; k < population.counts.size(); ++k) {
    size_t place = k;
    if (!population.cells.empty()) {
      // A cell of the population that the sample lacks is no mistake; its share is lost.
      const auto found = std::ranges::find(cells.labels, population.cells[k]);
      if (found == cells.labels.end()) continue;
      place = static_cast<size_t>(found - cells.labels.begin());
    }
    shares[place] += population.counts[k] / sum;
  }
  return shares;
}

// Cells g×h as one number, and what each is to weigh.
struct Plan {
  std::vector<size_t> cell;     // one a case; kNoCell where the weight is 0
  std::vector<double> targets;  // one a cell
  std::vector<std::string> labels;
};

Result<Plan> plan_of(const std::vector<double>& weights, const Cells& by, const Cells& over,
                     const std::vector<double>& shares) {
  const size_t groups = over.labels.size();
  TRY_DONE(check_cells(by.labels.size() * groups));
  std::vector<double> group_sums(groups, 0.0);
  Plan plan{.cell = std::vector<size_t>(weights.size(), kNoCell), .targets = {}, .labels = {}};
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    if (by.of_case[i] == kNoCell || over.of_case[i] == kNoCell) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("row {} misses a variable of the standardisation; exclude what is "
                              "missing first",
                              i + 1));
    }
    if (!(shares[by.of_case[i]] > 0)) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("the standard population has no '{}', the cell of row {}",
                              printable(by.labels[by.of_case[i]]), i + 1));
    }
    plan.cell[i] = by.of_case[i] * groups + over.of_case[i];
    group_sums[over.of_case[i]] += weights[i];
  }
  for (size_t g = 0; g < by.labels.size(); ++g) {
    for (size_t h = 0; h < groups; ++h) {
      plan.targets.push_back(shares[g] * group_sums[h]);
      plan.labels.push_back(groups == 1 ? by.labels[g]
                                        : fmt::format("{} of {}", by.labels[g], over.labels[h]));
    }
  }
  return plan;
}

std::vector<double> sums_by_cell(const Plan& plan, std::span<const double> weights) {
  std::vector<double> sums(plan.targets.size(), 0.0);
  for (size_t i = 0; i < weights.size(); ++i) {
    if (plan.cell[i] != kNoCell) sums[plan.cell[i]] += weights[i];
  }
  return sums;
}

// Takes from each case its cell's mean influence, weighted as before.
class CellAdjustment final : public Adjustment {
 public:
  CellAdjustment(const Plan& plan, std::vector<double> before, std::vector<double> after,
                 std::string description)
      : cell_(plan.cell),
        before_(std::move(before)),
        after_(std::move(after)),
        sums_(sums_by_cell(plan, before_)),
        description_(std::move(description)) {}

  void apply(Matrix& x) const override {
    Matrix means = Matrix::Zero(static_cast<Index>(sums_.size()), x.cols());
    for (Index i = 0; i < x.rows(); ++i) {
      const auto row = static_cast<size_t>(i);
      if (cell_[row] == kNoCell) continue;
      const double share = before_[row] / (after_[row] * sums_[cell_[row]]);
      means.row(static_cast<Index>(cell_[row])) += x.row(i) * share;
    }
    for (Index i = 0; i < x.rows(); ++i) {
      const auto row = static_cast<size_t>(i);
      if (cell_[row] == kNoCell) continue;
      x.row(i) -= means.row(static_cast<Index>(cell_[row])) * after_[row];
    }
  }
  [[nodiscard]] std::string description() const override { return description_; }

 private:
  std::vector<size_t> cell_;
  std::vector<double> before_, after_, sums_;
  std::string description_;
};

void reweigh(const Plan& plan, const std::vector<double>& sums, std::span<double> weights) {
  for (size_t i = 0; i < weights.size(); ++i) {
    weights[i] =
        plan.cell[i] == kNoCell ? 0 : weights[i] * plan.targets[plan.cell[i]] / sums[plan.cell[i]];
  }
}

Result<Matrix> reweighed_replicates(const Plan& plan, Matrix weights) {
  std::vector<uint8_t> used(plan.targets.size(), 0);
  for (const size_t cell : plan.cell) {
    if (cell != kNoCell) used[cell] = 1;
  }
  for (Index r = 0; r < weights.cols(); ++r) {
    const std::span<double> column(weights.col(r).data(), static_cast<size_t>(weights.rows()));
    const std::vector<double> sums = sums_by_cell(plan, column);
    for (size_t cell = 0; cell < sums.size(); ++cell) {
      if (used[cell] == 0 || sums[cell] > 0) continue;
      return fail(ErrorCode::kInvalid, fmt::format("replicate {} has no weight in '{}'", r + 1,
                                                   printable(plan.labels[cell])));
    }
    reweigh(plan, sums, column);
  }
  return weights;
}

// Whether each case has a value of the variable.
Result<std::vector<uint8_t>> known_cases(const Dataset& data, const std::string& name) {
  std::vector<uint8_t> known(data.case_count(), 0);
  const auto index = data.codebook().index_of_written(name);
  const bool multi = index && data.codebook().variables()[*index].kind == VariableKind::kMulti;
  const Levels levels = multi ? Levels{} : TRY(levels_of(data, name, SIZE_MAX));
  for (size_t i = 0; i < known.size(); ++i) {
    known[i] = multi ? missing_at(data.column(*index), i) == Missing::kNone : levels.codes[i] >= 0;
  }
  return known;
}

// The sample's weights, 0 for the cases that miss one of the variables.
Result<std::vector<double>> weights_without_missing(const Sample& sample, const Dataset& data,
                                                    std::span<const std::string> names) {
  std::vector<double> weights(sample.weights().begin(), sample.weights().end());
  for (const std::string& name : names) {
    const std::vector<uint8_t> known = TRY(known_cases(data, name));
    for (size_t i = 0; i < weights.size(); ++i) {
      if (known[i] == 0) weights[i] = 0;
    }
  }
  return weights;
}

}  // namespace

Result<Sample> standardise(const Sample& sample, const Dataset& data,
                           const Standardization& standardization) {
  CHECK(data.case_count() == sample.case_count(), "the data are those of the sample");
  if (standardization.by.empty()) {
    return fail(ErrorCode::kInvalid, "there is no variable to standardise by");
  }
  std::vector<double> before =
      TRY(weights_without_missing(sample, data, standardization.excluding_missing));
  const Cells by = TRY(cells_of(data, standardization.by));
  const Cells over = TRY(cells_of(data, standardization.over));
  const auto shares = TRY(shares_of(standardization.population, by));
  const Plan plan = TRY(plan_of(before, by, over, shares));
  std::vector<double> after = before;
  reweigh(plan, sums_by_cell(plan, before), after);
  std::string description = fmt::format("standardised by {}", join(standardization.by, " and "));
  if (!standardization.over.empty()) {
    description += fmt::format(" over {}", join(standardization.over, " and "));
  }
  if (sample.replicates() != nullptr) {
    return sample.reweighted(std::move(after),
                             TRY(reweighed_replicates(plan, sample.replicates()->weights)),
                             description);
  }
  auto adjustment =
      std::make_shared<CellAdjustment>(plan, std::move(before), after, std::move(description));
  return sample.adjusted(std::move(after), std::move(adjustment));
}

}  // namespace barometer

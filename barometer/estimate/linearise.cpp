#include <algorithm>
#include <cmath>
#include <utility>

#include "barometer/estimate/linearise_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

constexpr const char* kNoOneInBase = "no one is in the base";
constexpr const char* kNoWeightInBase = "the weights in the base sum to 0";
// Variances are the diagonal of covariances of so many statistics at a time.
constexpr size_t kAtATime = 16;

// Counts and weights of the base.
Estimate of_base(std::span<const CodedSum> sums, const CodedStatistic& statistic, bool total) {
  Estimate estimate;
  estimate.statistic = total                                           ? Statistic::kTotal
                       : statistic.role == CodedStatistic::Role::kMean ? Statistic::kMean
                                                                       : Statistic::kProportion;
  double squares = 0;
  for (const CodedSum& cell : sums.first(statistic.form.base_cells)) {
    estimate.n += cell.n;
    estimate.weighted_base += cell.w;
    squares += cell.w2;
  }
  if (squares > 0)
    estimate.effective_base = estimate.weighted_base * estimate.weighted_base / squares;
  if (!statistic.reason.empty()) {
    estimate.reason = statistic.reason;
  } else if (estimate.n == 0) {
    estimate.reason = kNoOneInBase;
  } else if (estimate.weighted_base == 0) {
    estimate.reason = kNoWeightInBase;
  }
  return estimate;
}

// Influence of a case in each coded cell: on_weight + on_y v.
struct Influence {
  std::vector<double> on_weight, on_y;
};

// Sets the value.
Influence linearised(Estimate& estimate, const CodedTable& table, const CodedStatistic& statistic,
                     std::span<const CodedSum> sums, bool total) {
  Influence influence{std::vector<double>(table.cell_count), std::vector<double>(table.cell_count)};
  double sum = 0;
  double offset = 0;  // what the centre left out
  for (const auto& term : statistic.form.terms) {
    const double shift = term.on_y * table.centre;
    const double a = term.on_weight + (total ? shift : 0);
    influence.on_weight[term.cell] += a;
    influence.on_y[term.cell] += term.on_y;
    sum += a * sums[term.cell].w + term.on_y * sums[term.cell].wv;
    offset += total ? 0 : shift;
  }
  if (total) {
    estimate.value = sum;
    return influence;
  }
  const double mean = sum / estimate.weighted_base;
  estimate.value = mean + offset;
  for (size_t c = 0; c < statistic.form.base_cells; ++c) influence.on_weight[c] -= mean;
  for (double& a : influence.on_weight) a /= estimate.weighted_base;
  for (double& b : influence.on_y) b /= estimate.weighted_base;
  return influence;
}

// Weight times influence of each row of the table.
Vector weighted(const Influence& influence, const CodedTable& table, const CellSums& sums) {
  Vector x = Vector::Zero(static_cast<Index>(sums.cell_count));
  for (size_t i = 0; i < sums.cell_count; ++i) {
    const uint16_t cell = table.cells[i];
    if (cell == kNoCell) continue;
    const double v = table.y.empty() ? 0 : table.y[i] - table.centre;
    x(static_cast<Index>(i)) = sums.w[i] * (influence.on_weight[cell] + influence.on_y[cell] * v);
  }
  return x;
}

// One byte a row of the table: 1 in its first `base` cells.
std::vector<uint8_t> rows_in(const CodedTable& table, size_t base) {
  std::vector<uint8_t> in;
  in.reserve(table.cells.size());
  for (const uint16_t cell : table.cells) in.push_back(cell < base ? 1 : 0);
  return in;
}

// Standard errors of what has a value; none where LonelyPsu::kAverage finds nothing to average.
void add_errors(const SamplingVariance& sampling, const std::vector<Vector>& x, Domain domain,
                std::span<Estimate* const> with_value) {
  for (size_t first = 0; first < x.size(); first += kAtATime) {
    const size_t count = std::min(kAtATime, x.size() - first);
    Matrix some(x[first].size(), static_cast<Index>(count));
    for (size_t j = 0; j < count; ++j) some.col(static_cast<Index>(j)) = x[first + j];
    const auto covariance = sampling.covariance(some, domain);
    if (!covariance) return;
    for (size_t j = 0; j < count; ++j) {
      const auto at = static_cast<Index>(j);
      with_value[first + j]->se = std::sqrt(std::max(0.0, (*covariance)(at, at)));
    }
  }
}

}  // namespace

std::vector<CodedSum> coded_sums(const CodedTable& table, const CellSums& sums) {
  std::vector<CodedSum> totals(table.cell_count);
  for (size_t i = 0; i < sums.cell_count; ++i) {
    if (table.cells[i] == kNoCell) continue;
    CodedSum& total = totals[table.cells[i]];
    total.n += sums.n[i];
    total.w += sums.w[i];
    total.w2 += sums.w2[i];
    if (table.y.empty()) continue;
    const double v = table.y[i] - table.centre;
    total.wv += sums.w[i] * v;
    total.nv += static_cast<double>(sums.n[i]) * v;
  }
  return totals;
}

std::vector<Estimate> estimated(const SamplingVariance& sampling, const CellSums& sums,
                                std::span<const CodedTable> tables, bool total) {
  std::vector<Estimate> estimates;
  std::vector<Vector> x;
  std::vector<size_t> with_value;
  std::vector<std::pair<std::vector<uint8_t>, double>> df;  // by base
  for (const CodedTable& table : tables) {
    const std::vector<CodedSum> totals = coded_sums(table, sums);
    for (const CodedStatistic& statistic : table.statistics) {
      estimates.push_back(of_base(totals, statistic, total));
      Estimate& estimate = estimates.back();
      if (!estimate.reason.empty()) continue;
      x.push_back(weighted(linearised(estimate, table, statistic, totals, total), table, sums));
      with_value.push_back(estimates.size() - 1);
      std::vector<uint8_t> base = rows_in(table, statistic.form.base_cells);
      auto known = std::ranges::find(df, base, &std::pair<std::vector<uint8_t>, double>::first);
      if (known == df.end()) {
        const double found = sampling.df(sums.w, base);
        known = df.emplace(known, std::move(base), found);
      }
      estimate.df = known->second;
    }
  }
  if (x.empty()) return estimates;
  std::vector<Estimate*> places;
  for (const size_t i : with_value) places.push_back(&estimates[i]);
  const std::vector<uint8_t> domain = rows_in(tables[0], kNoCell);
  add_errors(sampling, x, domain, places);
  return estimates;
}

}  // namespace barometer

#include <cmath>

#include "barometer/estimate/hypergeometric.h"
#include "barometer/estimate/interval.h"
#include "barometer/table/reconstructed_internal.h"

namespace barometer {
namespace {

void make_unavailable(Cell& cell) {
  Estimate bare;
  bare.statistic = cell.estimate.statistic;
  bare.unit = cell.estimate.unit;
  bare.reason = "the published figures do not fix it";
  cell.estimate = std::move(bare);
  cell.count_range.reset();
  cell.printed = printed_symbol(Marker::kNotAvailable);
}

void forget_spread(Estimate& estimate, std::string why) {
  estimate.se.reset();
  estimate.df.reset();
  estimate.interval.reset();
  estimate.no_interval = std::move(why);
}

// The interval that `count` of the estimate's base has, by the estimate's own method. The variance
// of a simple random sample is c p (1 - p) with one c for every count.
std::optional<Interval> interval_of_count(const Estimate& estimate,
                                          std::optional<size_t> population, int64_t count) {
  const auto n = static_cast<double>(estimate.n);
  const Interval& method = *estimate.interval;
  if (method.method == IntervalMethod::kHypergeometric && population) {
    const auto size = static_cast<int64_t>(*population);
    const auto range =
        hypergeometric_interval(size, static_cast<int64_t>(estimate.n), count, method.level);
    if (!range) return std::nullopt;
    const auto whole = static_cast<double>(size);
    return Interval{static_cast<double>(range->lower) / whole,
                    static_cast<double>(range->upper) / whole, method.level, method.method};
  }
  const double known = static_cast<double>(estimate.numerator) / n;
  const double factor = *estimate.se * *estimate.se / (known * (1 - known));
  const double p = static_cast<double>(count) / n;
  return logit_interval(p, std::sqrt(factor * p * (1 - p)), *estimate.df, method.level);
}

// Several counts print alike: no count, no standard error, and the widest interval.
void widen(const WholeRange& range, std::optional<size_t> population, Estimate& estimate) {
  std::optional<Interval> low;
  std::optional<Interval> high;
  if (estimate.interval && estimate.se && estimate.df) {
    low = interval_of_count(estimate, population, range.low);
    high = interval_of_count(estimate, population, range.high);
  }
  const std::string why = "several counts fit the published figures";
  forget_spread(estimate, estimate.no_interval.empty() ? why : estimate.no_interval);
  if (low && high) {
    estimate.interval = Interval{low->lower, high->upper, low->level, low->method};
    estimate.no_interval.clear();
  }
  estimate.exact.reset();
  estimate.numerator = 0;
}

}  // namespace

void keep_what_is_fixed(const Reconstruction& known, const Wave& wave,
                        std::optional<size_t> population, Cell& cell) {
  if (!cell.estimate.value) return;
  const FoundAnswer* found = known.find(cell.item, cell.answer);
  if (found == nullptr || !found->printed_fixed) {
    make_unavailable(cell);
    return;
  }
  Estimate& estimate = cell.estimate;
  cell.missing_withheld = true;  // how the rest answered is the solution's, not the survey's
  if (known.is_base_fixed(cell.item))
    cell.count_range = std::pair(found->range.low, found->range.high);
  estimate.organisations = 0;
  if (cell.kind == CellKind::kMean) {
    forget_spread(estimate, "the published figures fix the mean, not its spread");
  } else if (wave.design.kind != "simple" || !wave.design.stratum.empty()) {
    forget_spread(estimate, "who answered together with whom is not known");
  }
  if (!known.n_printed) forget_spread(estimate, "the base was not published");
  if (found->range.low == found->range.high && known.n_printed) return;
  widen(found->range, population, estimate);
  // The value is the printed one: no single count stands behind it.
  const double scale = cell.kind == CellKind::kMean ? 1 : 100;
  if (const auto printed = parse_decimal(cell.printed.text))
    estimate.value = printed->value() / scale;
}

}  // namespace barometer

#include <cmath>
#include <map>

#include <fmt/format.h>

#include "barometer/estimate/finish_internal.h"
#include "barometer/estimate/hypergeometric.h"
#include "barometer/estimate/interval.h"
#include "barometer/estimate/variance.h"

namespace barometer {
namespace {

constexpr const char* kNoOneInBase = "no one is in the base";
constexpr const char* kNoWeightInBase = "the weights in the base sum to 0";
constexpr const char* kNothingToAverage =
    "every stratum of a stage has one sampled unit, so there is no variance to average";

double df_of_base(const Design& design, const TableSums& sums, size_t base_cells) {
  std::vector<size_t> live(sums.row_count, 0);
  for (size_t row = 0; row < sums.row_count; ++row) {
    for (size_t c = 0; c < base_cells; ++c) live[row] += sums.live[sums.at(row, c)];
  }
  return design.df(live);
}

// Counts and weights of the base.
Estimate of_base(const Design& design, const TableSums& totals, const CodedStatistic& statistic,
                 bool total) {
  Estimate estimate;
  estimate.statistic = total                                           ? Statistic::kTotal
                       : statistic.role == CodedStatistic::Role::kMean ? Statistic::kMean
                                                                       : Statistic::kProportion;
  estimate.weighted = !design.unweighted();
  double squares = 0;
  for (size_t c = 0; c < statistic.form.base_cells; ++c) {
    estimate.n += totals.n[c];
    estimate.weighted_base += totals.w[c];
    squares += totals.w2[c];
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

// The part of the table's centre that a form left out.
LinearForm with_centre(LinearForm form, double centre) {
  for (auto& term : form.terms) term.on_weight += term.on_y * centre;
  return form;
}

Interval hypergeometric(const Estimate& estimate, size_t population, double level) {
  const auto size = static_cast<double>(population);
  const auto counts =
      hypergeometric_interval(static_cast<int64_t>(population), static_cast<int64_t>(estimate.n),
                              static_cast<int64_t>(estimate.numerator), level);
  CHECK(counts.has_value(), "counts fit the population");
  return {static_cast<double>(counts->lower) / size, static_cast<double>(counts->upper) / size,
          level, IntervalMethod::kHypergeometric};
}

// Sets the interval, or why there is none.
void add_interval(Estimate& estimate, const EstimatorOptions& options, IntervalMethod method,
                  const Population& population) {
  if (method == IntervalMethod::kHypergeometric) {
    estimate.interval = hypergeometric(estimate, *population.units, options.level);
    return;
  }
  const bool proportion = estimate.statistic == Statistic::kProportion;
  if (!estimate.se) {
    estimate.no_interval = kNothingToAverage;
  } else if (!(*estimate.df > 0)) {
    estimate.no_interval = "the base has no degrees of freedom";
  } else if (proportion && (*estimate.value <= 0 || *estimate.value >= 1)) {
    estimate.no_interval =
        fmt::format("{} in the base has this answer, so its sampling error cannot be estimated",
                    *estimate.value <= 0 ? "no one" : "everyone");
  } else if (method == IntervalMethod::kLogit) {
    estimate.interval = logit_interval(*estimate.value, *estimate.se, *estimate.df, options.level);
  } else {
    estimate.interval = t_interval(*estimate.value, *estimate.se, *estimate.df, options.level);
  }
}

IntervalMethod method_for(const Estimate& estimate, const EstimatorOptions& options,
                          const Population& population) {
  if (estimate.statistic != Statistic::kProportion) return IntervalMethod::kT;
  if (options.proportion_interval != IntervalMethod::kHypergeometric) {
    return options.proportion_interval;
  }
  const bool fits = population.units && population.counts && *population.units >= estimate.n;
  return fits ? IntervalMethod::kHypergeometric : IntervalMethod::kLogit;
}

std::string df_text(double df) { return std::isinf(df) ? "infinite" : fmt::format("{:g}", df); }

}  // namespace

std::vector<Estimate> estimated(const Design& design, const TableSums& sums,
                                std::span<const CodedStatistic> statistics, bool total) {
  const TableSums totals = sums.over_rows();
  std::vector<Estimate> estimates;
  std::vector<LinearForm> influences;
  std::vector<size_t> with_value;
  std::map<size_t, double> df;  // by base
  for (const CodedStatistic& statistic : statistics) {
    estimates.push_back(of_base(design, totals, statistic, total));
    Estimate& estimate = estimates.back();
    if (!estimate.reason.empty()) continue;
    double offset = 0;
    Linearised linearised;
    if (total) {
      linearised = total_type(with_centre(statistic.form, sums.centre), totals);
    } else {
      linearised = mean_type(statistic.form, totals).value();
      for (const auto& term : statistic.form.terms) offset += term.on_y * sums.centre;
    }
    const size_t base = statistic.form.base_cells;
    if (!df.contains(base)) df[base] = df_of_base(design, sums, base);
    estimate.value = linearised.value + offset;
    estimate.df = df[base];
    influences.push_back(std::move(linearised.influence));
    with_value.push_back(estimates.size() - 1);
  }
  const auto found = variances(design, sums, influences);
  for (size_t i = 0; found && i < with_value.size(); ++i) {
    estimates[with_value[i]].se = std::sqrt((*found)[i]);
  }
  return estimates;
}

bool is_simple_random_sample(const Design& design) {
  return design.unweighted() && design.elements() && design.stages().size() == 1 &&
         design.stages()[0].strata.size() == 1;
}

void finish(Estimate& estimate, const EstimatorOptions& options, const Population& population,
            const std::string& description, const std::string& df_rule) {
  estimate.method =
      fmt::format("{}; {}", description, estimate.weighted ? "weighted" : "not weighted");
  if (!estimate.value) {
    estimate.no_interval = estimate.reason;
    return;
  }
  std::string rule = " = " + df_rule;
  if (options.df) {
    estimate.df = options.df;
    rule = " as given";
  }
  const IntervalMethod method = method_for(estimate, options, population);
  add_interval(estimate, options, method, population);
  estimate.method += fmt::format("; linearised variance; df {}{}; {}", df_text(*estimate.df), rule,
                                 name_of(estimate.interval ? method : IntervalMethod::kNone));
  if (estimate.statistic == Statistic::kProportion && method != options.proportion_interval) {
    estimate.method += " (the exact one needs unweighted counts of a whole, known population)";
  }
}

}  // namespace barometer

#include <cmath>

#include <fmt/format.h>

#include "barometer/estimate/finish_internal.h"
#include "barometer/estimate/hypergeometric.h"
#include "barometer/estimate/interval.h"

namespace barometer {
namespace {

constexpr const char* kNothingToAverage =
    "every stratum of a stage has one sampled unit, so there is no variance to average";

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

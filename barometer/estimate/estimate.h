// An estimate: a value with everything a reader may ask of it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "barometer/base/decimal.h"

namespace barometer {

// What one answer stands for: three estimands, never mixed.
enum class Unit { kRespondent, kOrganisation, kOrganisationBySize };
std::string_view name_of(
    Unit unit);  // "respondents", "organisations", "organisations by population"

enum class Statistic { kProportion, kMean, kTotal };

enum class IntervalMethod {
  kNone,
  kLogit,           // Rust & Rao logit with design df; proportions
  kHypergeometric,  // exact, finite population of N units, n drawn without replacement
  kT,               // value ± t(df) SE
};
std::string_view name_of(IntervalMethod method);

struct Interval {
  double lower = 0;
  double upper = 0;
  double level = 0.95;
  IntervalMethod method = IntervalMethod::kNone;
};

// `reason` is set when there is no value, and says why; value, se and interval are then absent.
// A value without SE or interval carries the reason in `no_interval`.
struct Estimate {
  Statistic statistic = Statistic::kProportion;
  Unit unit = Unit::kRespondent;
  std::optional<double> value;  // a proportion is 0 … 1
  std::optional<Ratio> exact;   // the same, exactly, when every weight is 1
  std::optional<double> se;
  std::optional<double> df;
  std::optional<Interval> interval;
  std::string no_interval;
  std::string reason;

  size_t n = 0;               // unweighted base: cases in the base of this estimate
  double weighted_base = 0;   // sum of weights over the base
  double effective_base = 0;  // Kish: (Σw)² / Σw²
  size_t organisations = 0;   // distinct organisations in the base
  size_t numerator = 0;       // unweighted count with the property (proportions)
  size_t not_asked = 0, no_answer = 0, refused = 0, dont_know = 0;
  bool dont_know_in_base = true;
  bool weighted = false;
  std::string method;  // one line: design, variance estimator, df rule, interval
};

}  // namespace barometer

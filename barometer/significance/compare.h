// Tests between two columns of a banner, by each convention, and the letters they give.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/hypothesis/multiple_comparison.h"
#include "barometer/significance/convention.h"

namespace barometer {

// What a convention may look at of one row in one column. A share is a mean of 0 and 1.
struct ColumnFigure {
  double value = 0;           // share 0 … 1, or a mean
  bool share = true;
  double n = 0;               // unweighted base
  double weighted_base = 0;   // Σw
  double effective_base = 0;  // (Σw)² / Σw²
  double variance = 0;        // means: Σw(y - ȳ)² / (Σw - 1) as the convention has it, see compare.cpp
  double se = 0;              // design-based
  double df = 0;              // of the design
};

// Cases in both columns (multiple response, a column and its total).
struct Overlap {
  double n = 0, weighted_base = 0;
  double effective_base = 0;  // (Σw)² / Σw² of those in both
  double both_squares = 0;    // Σw² of those in both
  double covariance = 0;      // design-based, of the two values
  double correlation_moment = 0;  // means: weighted covariance of y in both; shares: see compare.cpp
};

struct Comparison {
  double difference = 0, se = 0, statistic = 0, df = 0, p = 1;
  std::string reason{};  // why there is no test: a share of 0 or 1, a base under the least, …
};

Comparison compare(Convention convention, const ColumnFigure& a, const ColumnFigure& b,
                   const Overlap& overlap);

}  // namespace barometer

// Quantiles of many values without sorting them all.
//
// Values fall into buckets by their leading bits, whose weights are summed in one pass; a quantile
// needs the order within one bucket only. For rules that look at the steps of the cumulative weight
// alone (math, school, hf1, hf2); equal to WeightedValues.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "barometer/estimand/quantile.h"

namespace barometer {

class WeightedSteps {
 public:
  static bool serves(QuantileRule rule);
  // Values of the cases of the domain with a weight other than 0; y and weights must live as long.
  WeightedSteps(std::span<const double> y, std::span<const double> weights, Domain domain,
                bool smallest_is_many = false);

  [[nodiscard]] bool empty() const { return !(total_ > 0); }
  [[nodiscard]] double largest() const { return largest_; }
  // p in 0 … 1; not empty.
  [[nodiscard]] double quantile(double p, QuantileRule rule);

 private:
  struct Members {
    std::vector<double> values, cumulated;  // by value; cumulated over all values before too
  };
  [[nodiscard]] size_t bucket_of(double value) const;
  const Members& members(size_t bucket);
  double largest_before(size_t bucket);
  double second_of_all(size_t bucket);

  bool smallest_is_many_;
  std::span<const double> y_, weights_;
  std::vector<uint16_t> bucket_;    // of each case; kOutside: not in the base
  std::vector<long double> begin_;  // weight before each bucket, and the total
  std::map<size_t, Members> members_;
  uint64_t smallest_key_ = 0;
  int shift_ = 0;
  double total_ = 0, largest_ = 0;
};

}  // namespace barometer

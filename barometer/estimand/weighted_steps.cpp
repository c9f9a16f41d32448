#include "barometer/estimand/weighted_steps_internal.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace barometer {
namespace {

constexpr uint16_t kOutside = 0xFFFF;
constexpr size_t kBuckets = kOutside;

// Whole numbers in the order of the doubles.
uint64_t key_of(double value) {
  const auto bits = std::bit_cast<uint64_t>(value + 0.0);  // -0 is 0
  constexpr uint64_t kSign = uint64_t{1} << 63;
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

}  // namespace

bool WeightedSteps::serves(QuantileRule rule) {
  return rule == QuantileRule::kMath || rule == QuantileRule::kSchool ||
         rule == QuantileRule::kHf1 || rule == QuantileRule::kHf2;
}

WeightedSteps::WeightedSteps(std::span<const double> y, std::span<const double> weights,
                             Domain domain, bool smallest_is_many)
    : smallest_is_many_(smallest_is_many),
      y_(y),
      weights_(weights),
      bucket_(y.size(), kOutside),
      begin_(kBuckets + 1, 0) {
  const auto counts = [&](size_t i) {
    return weights[i] != 0 && in_domain(domain, static_cast<Eigen::Index>(i));
  };
  double smallest = HUGE_VAL;
  largest_ = -HUGE_VAL;
  for (size_t i = 0; i < y.size(); ++i) {
    if (!counts(i)) continue;
    smallest = std::min(smallest, y[i]);
    largest_ = std::max(largest_, y[i]);
  }
  if (smallest > largest_) return;
  smallest_key_ = key_of(smallest);
  while (((key_of(largest_) - smallest_key_) >> shift_) >= kBuckets) ++shift_;
  std::vector<long double> sums(kBuckets, 0);
  for (size_t i = 0; i < y.size(); ++i) {
    if (!counts(i)) continue;
    const size_t bucket = bucket_of(y[i]);
    bucket_[i] = static_cast<uint16_t>(bucket);
    sums[bucket] += static_cast<long double>(weights[i]);
  }
  std::partial_sum(sums.begin(), sums.end(), begin_.begin() + 1);
  total_ = static_cast<double>(begin_.back());
}

size_t WeightedSteps::bucket_of(double value) const {
  return static_cast<size_t>((key_of(value) - smallest_key_) >> shift_);
}

const WeightedSteps::Members& WeightedSteps::members(size_t bucket) {
  const auto known = members_.find(bucket);
  if (known != members_.end()) return known->second;
  std::vector<size_t> cases;
  for (size_t i = 0; i < bucket_.size(); ++i) {
    if (bucket_[i] == bucket) cases.push_back(i);
  }
  std::ranges::stable_sort(cases, {}, [&](size_t i) { return y_[i]; });
  Members& made = members_[bucket];
  long double sum = begin_[bucket];
  for (const size_t i : cases) {
    sum += static_cast<long double>(weights_[i]);
    made.values.push_back(y_[i]);
    made.cumulated.push_back(static_cast<double>(sum));
  }
  return made;
}

// As WeightedValues: `low` is the last value whose cumulated weight is at most p of the total, `up`
// the next one; `low` counts where its share is p itself.
double WeightedSteps::quantile(double p, QuantileRule rule) {
  CHECK(!empty() && serves(rule), "there are values, and the rule looks at steps alone");
  const double wanted = p * total_;
  const auto above = std::upper_bound(
      begin_.begin() + 1, begin_.end(), wanted,
      [](double limit, long double sum) { return limit < static_cast<double>(sum); });
  if (above == begin_.end()) return largest_;
  const auto bucket = static_cast<size_t>(above - begin_.begin()) - 1;
  const Members& here = members(bucket);
  const auto place = static_cast<size_t>(std::ranges::upper_bound(here.cumulated, wanted) -
                                         here.cumulated.begin());
  if (place == here.values.size()) return here.values.back();
  if (place == 0 && !(begin_[bucket] > 0)) return second_of_all(bucket);
  const double up = here.values[place];
  const double below = place > 0 ? here.cumulated[place - 1] : static_cast<double>(begin_[bucket]);
  if (p - below / total_ != 0) return up;
  const double low = place > 0 ? here.values[place - 1] : largest_before(bucket);
  const bool middle = rule == QuantileRule::kSchool || rule == QuantileRule::kHf2;
  return middle ? (low + up) / 2 : low;
}

// Below the first step R takes the second value; `bucket` is the first with a case.
double WeightedSteps::second_of_all(size_t bucket) {
  const Members& first = members(bucket);
  if (smallest_is_many_) return first.values[0];
  if (first.values.size() > 1) return first.values[1];
  while (bucket + 1 < kBuckets && !(begin_[bucket + 2] > begin_[bucket + 1])) ++bucket;
  return bucket + 1 < kBuckets ? members(bucket + 1).values.front() : first.values[0];
}

// Of the buckets before one that is not the first.
double WeightedSteps::largest_before(size_t bucket) {
  while (bucket > 0 && !(begin_[bucket] > begin_[bucket - 1])) --bucket;
  CHECK(bucket > 0, "there is weight before");
  return members(bucket - 1).values.back();
}

}  // namespace barometer

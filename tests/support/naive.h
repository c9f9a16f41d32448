// Design-based variance the slow, obvious way: the nested textbook formula over lists of cases,
// straight from the specification, with nothing of barometer/design or barometer/engine in it.
// (Särndal, Swensson & Wretman 1992, result 4.3.1.) Only for comparison in tests.
#pragma once

#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <vector>

#include "barometer/design/design.h"

namespace barometer::testing {

// x: each case's influence value; in_domain: whether it is in the base. The specification has
// nested ids (nest = true) and population sizes, not fractions.
class NaiveVariance {
 public:
  NaiveVariance(const DesignSpec& spec, std::vector<double> x, std::vector<bool> in_domain)
      : spec_(spec), x_(std::move(x)), in_domain_(std::move(in_domain)) {}

  // nullopt when the average of lonely strata is asked for, and there is no other stratum.
  std::optional<double> variance() {
    std::vector<size_t> all(spec_.case_count);
    std::iota(all.begin(), all.end(), size_t{0});
    const double v = of(all, 0);
    if (undefined_) return std::nullopt;
    return v;
  }

 private:
  using Rows = std::vector<size_t>;
  using Units = std::map<int64_t, Rows>;

  double of(const Rows& rows, size_t stage) {
    std::map<int32_t, Units> strata;
    for (const size_t i : rows) {
      const int32_t stratum = stage < spec_.strata.size() ? spec_.strata[stage][i] : 0;
      const auto unit = spec_.ids.empty() ? static_cast<int64_t>(i) : spec_.ids[stage][i];
      strata[stratum][unit].push_back(i);
    }
    double centre = 0;  // of all units of stage 1
    if (stage == 0) {
      double units = 0;
      for (const auto& [code, members] : strata) units += static_cast<double>(members.size());
      for (const size_t i : rows) centre += in_domain_[i] ? x_[i] / units : 0;
    }
    double sum = 0, below = 0, seen = 0, estimated = 0;
    for (const auto& [code, units] : strata) {
      if (!any_in_domain(units)) continue;
      ++seen;
      const double population = population_of(units.begin()->second.front(), stage);
      if (const auto v = one_stratum(units, population, centre)) {
        sum += *v;
        ++estimated;
      }
      if (std::isinf(population) || stage + 1 >= spec_.ids.size()) continue;
      const double factor = static_cast<double>(units.size()) / population;
      for (const auto& [id, members] : units) below += factor * of(members, stage + 1);
    }
    if (seen == 0) return 0;
    if (estimated == 0) {
      undefined_ = true;
      return 0;
    }
    return sum * seen / estimated + below;
  }

  std::optional<double> one_stratum(const Units& units, double population, double centre) const {
    const auto n = static_cast<double>(units.size());
    const double unsampled = std::isinf(population) ? 1 : (population - n) / population;
    if (unsampled == 0) return 0;
    std::vector<double> totals;
    for (const auto& [id, members] : units) {
      double total = 0;
      for (const size_t i : members) total += in_domain_[i] ? x_[i] : 0;
      totals.push_back(total);
    }
    if (units.size() == 1) {
      if (spec_.lonely_psu == LonelyPsu::kAverage) return std::nullopt;
      const double distance = totals[0] - centre;
      return spec_.lonely_psu == LonelyPsu::kAdjust ? unsampled * distance * distance : 0;
    }
    const double mean = std::accumulate(totals.begin(), totals.end(), 0.0) / n;
    double squares = 0;
    for (const double total : totals) squares += (total - mean) * (total - mean);
    return unsampled * n / (n - 1) * squares;
  }

  [[nodiscard]] bool any_in_domain(const Units& units) const {
    for (const auto& [id, members] : units) {
      for (const size_t i : members) {
        if (in_domain_[i]) return true;
      }
    }
    return false;
  }

  [[nodiscard]] double population_of(size_t row, size_t stage) const {
    return stage < spec_.fpc.size() ? spec_.fpc[stage][row]
                                    : std::numeric_limits<double>::infinity();
  }

  const DesignSpec& spec_;
  std::vector<double> x_;
  std::vector<bool> in_domain_;
  bool undefined_ = false;
};

}  // namespace barometer::testing

#include "barometer/protection/primary.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {
namespace {

std::vector<double> largest_first(std::span<const double> contributions) {
  std::vector<double> sorted(contributions.begin(), contributions.end());
  std::ranges::sort(sorted, std::greater<>());
  CHECK(sorted.empty() || sorted.back() >= 0, "contributions are not below 0");
  return sorted;
}

}  // namespace

bool is_small(int64_t count, int64_t under) { return count > 0 && count < under; }

CountRisk count_risk(int64_t count, int64_t base, const CountRule& rule) {
  if (is_small(base, rule.least_base)) return CountRisk::kSmallBase;
  if (is_small(count, rule.least_count)) return CountRisk::kSmallCount;
  if (rule.rest_counts && is_small(base - count, rule.least_count)) return CountRisk::kSmallRest;
  return CountRisk::kNone;
}

bool discloses_group(int64_t count, int64_t base, int64_t most_named) {
  return base > 0 && base <= most_named && (count == 0 || count == base);
}

bool is_dominated(std::span<const double> contributions, size_t n, double k) {
  const std::vector<double> sorted = largest_first(contributions);
  const auto first = sorted.begin() + static_cast<std::ptrdiff_t>(std::min(n, sorted.size()));
  const double top = std::accumulate(sorted.begin(), first, 0.0);
  const double all = std::accumulate(first, sorted.end(), top);
  return top > k / 100 * all;
}

double protection_of_estimable(std::span<const double> contributions, double p, double q) {
  CHECK(p >= 0 && q > 0, "percentages of the prior-posterior rule");
  const std::vector<double> sorted = largest_first(contributions);
  if (sorted.empty()) return 0;
  const auto rest_from =
      sorted.begin() + static_cast<std::ptrdiff_t>(std::min<size_t>(2, sorted.size()));
  const double rest = std::accumulate(rest_from, sorted.end(), 0.0);
  return std::max(0.0, p / q * sorted.front() - rest);
}

bool is_estimable(std::span<const double> contributions, double p, double q) {
  return protection_of_estimable(contributions, p, q) > 0;
}

}  // namespace barometer

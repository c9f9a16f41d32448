#include "barometer/hypothesis/multiple_comparison.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr std::array<std::pair<PAdjustment, std::string_view>, 4> kNames{{
    {PAdjustment::kNone, "none"},
    {PAdjustment::kBonferroni, "bonferroni"},
    {PAdjustment::kHolm, "holm"},
    {PAdjustment::kBenjaminiHochberg, "BH"},
}};

}  // namespace

std::string_view name_of(PAdjustment adjustment) {
  return std::ranges::find(kNames, adjustment, &decltype(kNames)::value_type::first)->second;
}

Result<PAdjustment> parse_p_adjustment(std::string_view word) {
  for (const auto& [adjustment, name] : kNames) {
    if (name == word) return adjustment;
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' is no adjustment of p-values; known: none, bonferroni, holm, BH",
                          printable(word)));
}

Result<std::vector<double>> adjust_p(std::span<const double> p, PAdjustment adjustment) {
  for (size_t i = 0; i < p.size(); ++i) {
    if (p[i] >= 0 && p[i] <= 1) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("p-value {}, {}, is not between 0 and 1", i + 1, p[i]));
  }
  std::vector<size_t> order(p.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, {}, [&](size_t i) { return p[i]; });
  const auto n = static_cast<double>(p.size());
  std::vector<double> adjusted(p.begin(), p.end());
  switch (adjustment) {
    case PAdjustment::kNone:
      break;
    case PAdjustment::kBonferroni:
      for (double& value : adjusted) value = std::min(1.0, n * value);
      break;
    case PAdjustment::kHolm:
      for (size_t j = 0; j < order.size(); ++j) {
        const double below = j == 0 ? 0 : adjusted[order[j - 1]];
        const double own = (n - static_cast<double>(j)) * p[order[j]];
        adjusted[order[j]] = std::min(1.0, std::max(below, own));
      }
      break;
    case PAdjustment::kBenjaminiHochberg:
      for (size_t j = order.size(); j-- > 0;) {
        const double above = j + 1 == order.size() ? 1 : adjusted[order[j + 1]];
        const double own = n / static_cast<double>(j + 1) * p[order[j]];
        adjusted[order[j]] = std::min(above, own);
      }
      break;
  }
  return adjusted;
}

}  // namespace barometer

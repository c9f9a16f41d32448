#include "barometer/protection/recoding.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "barometer/protection/primary.h"

namespace barometer {
namespace {

Status check(const std::vector<OrderedCategory>& categories) {
  for (size_t c = 0; c < categories.size(); ++c) {
    const OrderedCategory& category = categories[c];
    if (category.counts.size() != categories.front().counts.size()) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("category {} has {} columns, the first has {}", c + 1,
                              category.counts.size(), categories.front().counts.size()));
    }
    for (const int64_t count : category.counts) {
      if (count < 0 || count > category.base) {
        return fail(ErrorCode::kInvalid, fmt::format("category {}: a count of {} on a base of {}",
                                                     c + 1, count, category.base));
      }
    }
  }
  return {};
}

bool safe(const OrderedCategory& category, const RecodingRule& rule) {
  const CountRule counts{rule.least_base, rule.least_count, rule.rest_counts};
  if (is_small(category.base, rule.least_base)) return false;
  return std::ranges::all_of(category.counts, [&](int64_t count) {
    return count_risk(count, category.base, counts) == CountRisk::kNone;
  });
}

void merge(OrderedCategory& into, const OrderedCategory& from) {
  into.base += from.base;
  for (size_t j = 0; j < into.counts.size(); ++j) into.counts[j] += from.counts[j];
}

double n_log_n(int64_t n) {
  const auto x = static_cast<double>(n);
  return n > 0 ? x * std::log(x) : 0;
}

struct Best {  // of the categories before some place
  bool possible = false;
  size_t merged = 0;  // new categories
  double loss = 0;    // N times the entropy lost
  size_t start = 0;   // of the last new one
};

bool better(const Best& a, const Best& b) {
  if (!b.possible || a.merged != b.merged) return !b.possible || a.merged > b.merged;
  return a.loss < b.loss - 1e-9 * std::max(1.0, std::abs(b.loss));
}

// The best last category of the first `end`.
Best best_of(const std::vector<OrderedCategory>& categories, size_t end,
             const std::vector<Best>& before, const RecodingRule& rule) {
  Best best;
  OrderedCategory merged{0, std::vector<int64_t>(categories.front().counts.size(), 0)};
  double parts = 0;
  for (size_t start = end; start-- > 0;) {
    merge(merged, categories[start]);
    parts += n_log_n(categories[start].base);
    if (!before[start].possible || !safe(merged, rule)) continue;
    const Best now{true, before[start].merged + 1,
                   before[start].loss + n_log_n(merged.base) - parts, start};
    if (!best.possible || !better(best, now)) best = now;
  }
  return best;
}

}  // namespace

Result<Recoding> merged_adjacent(const std::vector<OrderedCategory>& categories,
                                 const RecodingRule& rule) {
  TRY_DONE(check(categories));
  std::vector<Best> best{{true, 0, 0, 0}};
  for (size_t end = 1; end <= categories.size(); ++end) {
    best.push_back(best_of(categories, end, best, rule));
  }
  if (!best.back().possible) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("even all {} categories in one leave a count too small", categories.size()));
  }
  Recoding out;
  int64_t people = 0;
  for (const OrderedCategory& category : categories) people += category.base;
  out.categories_lost = categories.size() - best.back().merged;
  out.entropy_lost = people > 0 ? best.back().loss / static_cast<double>(people) : 0;
  for (size_t end = categories.size(); end > 0; end = best[end].start) {
    out.starts.push_back(best[end].start);
  }
  std::ranges::reverse(out.starts);
  return out;
}

}  // namespace barometer

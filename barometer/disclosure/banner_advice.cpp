#include "barometer/disclosure/banner_advice.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/merge.h"
#include "barometer/disclosure/suppress_book.h"

namespace barometer {
namespace {

constexpr int64_t kStepsEach = kStepsPerSecond / 4;  // for a banner that is only counted
constexpr size_t kMostTold = 4;

struct Candidate {
  std::string words;
  HiddenCells cost;
};

// None when its columns cannot be put together.
Result<std::optional<HiddenCells>> cost_of(const Book& before, size_t group, size_t depth,
                                           const ReleaseRules& rules, const Progress& progress) {
  auto alone = with_one_banner(before, group, depth);
  if (!alone) return std::optional<HiddenCells>();
  TRY_DONE(suppress_book(*alone, rules, progress, {.steps = kStepsEach}));
  return std::optional(hidden_cells(*alone));
}

double share(const HiddenCells& cells) {
  return cells.cells == 0 ? 0
                          : static_cast<double>(cells.hidden) / static_cast<double>(cells.cells);
}

}  // namespace

HiddenCells hidden_cells(const Book& book) {
  HiddenCells out;
  for (const BookTable& table : book.tables) {
    for (size_t r = 0; r < table.rows.size(); ++r) {
      if (table.rows[r].hidden) continue;
      for (size_t c = 0; c < table.columns.size(); ++c) {
        const BookCell& cell = table.at(r, c);
        if (!cell.suppressed && !cell.value) continue;
        ++out.cells;
        if (cell.suppressed) ++out.hidden;
      }
    }
  }
  return out;
}

Result<std::string> suppression_summary(const Book& before, const Book& hidden,
                                        const ReleaseRules& rules, const Progress& progress) {
  const HiddenCells now = hidden_cells(hidden);
  if (now.hidden == 0) return std::string();
  std::string out = fmt::format("{} of {} cells are suppressed.", now.hidden, now.cells);
  if (!now.is_most()) return out;
  std::vector<Candidate> candidates;
  const auto& banner = before.plan.banner;
  for (size_t group = 0; group < banner.size(); ++group) {
    for (size_t depth = 1; depth <= banner[group].variables.size(); ++depth) {
      if (banner.size() == 1 && depth == banner[group].variables.size()) continue;  // as it is
      const auto cost = TRY(cost_of(before, group, depth, rules, progress));
      const auto& variables = banner[group].variables;
      const auto end = variables.begin() + static_cast<std::ptrdiff_t>(depth);
      const std::string words = join({variables.begin(), end}, " > ");
      const bool known = std::ranges::count(candidates, words, &Candidate::words) > 0;
      if (cost && !known) candidates.push_back({words, *cost});
    }
  }
  std::erase_if(candidates, [](const Candidate& one) { return one.cost.is_most(); });
  std::ranges::stable_sort(candidates, {}, [](const Candidate& one) { return share(one.cost); });
  if (candidates.size() > kMostTold) candidates.resize(kMostTold);
  out += " The banner is too fine for these cases.";
  if (candidates.empty()) return out + " Fewer columns, or merged ones, would show more.";
  std::vector<std::string> told;
  for (const Candidate& one : candidates) {
    told.push_back(
        fmt::format("'{}' {} of {}", printable(one.words), one.cost.hidden, one.cost.cells));
  }
  return out + fmt::format(" Alone would lose: {}.", join(told, ", "));
}

}  // namespace barometer

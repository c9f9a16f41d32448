#include "barometer/disclosure/suppress.h"

#include <algorithm>
#include <tuple>

#include "barometer/book/hide.h"
#include "barometer/disclosure/attack.h"
#include "barometer/disclosure/cheapest_internal.h"
#include "barometer/protection/primary.h"

namespace barometer {
namespace {

using Cells = std::vector<Cell>;

bool is_hidden(const Cell& cell) { return cell.printed.marker == Marker::kSuppressed; }
// Hidden cells hold no value; a base too small to print may be marked before it is hidden.
bool is_visible(const Cell& cell) { return cell.estimate.value.has_value(); }

void hide(Cell& cell) { hide_cell(cell); }

void hide_all(Cells& cells) {
  for (Cell& cell : cells) {
    if (is_visible(cell)) hide(cell);
  }
}

bool any_hidden(const Cells& cells) { return std::ranges::any_of(cells, is_hidden); }

size_t hidden_count(const Cells& cells) {
  return static_cast<size_t>(std::ranges::count_if(cells, is_hidden));
}

// Suppression of one item's cells, of one unit of analysis.
class ItemSuppressor {
 public:
  ItemSuppressor(const Item& item, const PrintRules& rules) : item_(item), rules_(rules) {}

  // Cells at these places are hidden before the rules are applied.
  void apply(const std::vector<size_t>& first, Cells& cells) const {
    const std::optional<CountedQuestion> question = counted_question(item_, cells);
    for (const size_t i : first) hide(cells.at(i));
    const size_t followed = hidden_count(cells);
    for (Cell& cell : cells) {
      if (needs_hiding(cell)) hide(cell);
    }
    if (rules_.suppress_count_under <= 1) return;
    if (item_.kind() == VariableKind::kMulti) {
      hide_differences(cells);
    } else if (question) {
      withstand(*question, cells);
    } else if (hidden_count(cells) > followed) {
      hide_all(cells);
    }
    hide_means_with_options(cells);
  }

 private:
  [[nodiscard]] bool is_small_here(size_t count) const {
    return is_small(static_cast<int64_t>(count), rules_.suppress_count_under);
  }

  // The other side of a percentage is a count as well: 90 of 92 names the two.
  [[nodiscard]] bool needs_hiding(const Cell& cell) const {
    if (!is_visible(cell)) return false;
    const Estimate& estimate = cell.estimate;
    if (static_cast<long long>(estimate.n) < rules_.suppress_base_under) return true;
    if (cell.kind == CellKind::kMean) return false;
    return is_small_here(estimate.numerator) || is_small_here(estimate.n - estimate.numerator);
  }

  // Those with the NET but without one of its options, or with both of two, are a count as well.
  [[nodiscard]] bool has_small_difference(const Cell& net, const Cells& cells) const {
    const auto found = std::ranges::find(item_.nets, net.answer, &Net::id);
    if (found == item_.nets.end()) return true;
    size_t sum = 0;
    for (const Cell& cell : cells) {
      if (cell.kind == CellKind::kMean || !is_visible(cell) || !is_within(cell, *found)) continue;
      if (is_small_here(net.estimate.numerator - cell.estimate.numerator)) return true;
      if (cell.kind == CellKind::kOption) sum += cell.estimate.numerator;
    }
    return sum > net.estimate.numerator && is_small_here(sum - net.estimate.numerator);
  }

  [[nodiscard]] bool is_within(const Cell& cell, const Net& net) const {
    const auto inside = [&](int code) { return std::ranges::count(net.codes, code) > 0; };
    if (cell.kind == CellKind::kNet) {
      const auto other = std::ranges::find(item_.nets, cell.answer, &Net::id);
      return other != item_.nets.end() && std::ranges::all_of(other->codes, inside);
    }
    return std::ranges::any_of(net.codes,
                               [&](int code) { return std::to_string(code) == cell.answer; });
  }

  // Options of a multiple-response item do not sum to anything, but NETs compare with them.
  void hide_differences(Cells& cells) const {
    const bool any = any_hidden(cells);
    std::vector<size_t> nets;
    for (size_t i = 0; i < cells.size(); ++i) {
      if (cells[i].kind != CellKind::kNet || !is_visible(cells[i])) continue;
      if (any || has_small_difference(cells[i], cells)) nets.push_back(i);
    }
    for (const size_t i : nets) hide(cells[i]);
  }

  // Hides further cells at the least loss; then, should the attack still find something small,
  // more of them until it does not or nothing is left to attack.
  void withstand(const CountedQuestion& question, Cells& cells) const {
    const int64_t k = rules_.suppress_count_under;
    for (const size_t i : cheapest_to_hide(question, shown_sums(question, cells), k)) {
      hide(cells[question.sums[i].cell]);
    }
    while (true) {
      const std::vector<bool> shown = shown_sums(question, cells);
      if (std::ranges::count(shown, true) == 0) {
        if (any_hidden(cells)) hide_all(cells);
        return;
      }
      const AttackResult now = attack(question, shown, k);
      if (now.safe) return;
      hide(cells[question.sums[next_to_hide(question, shown, now)].cell]);
    }
  }

  static std::vector<bool> shown_sums(const CountedQuestion& question, const Cells& cells) {
    std::vector<bool> shown;
    for (const auto& sum : question.sums) shown.push_back(is_visible(cells[sum.cell]));
    return shown;
  }

  // The cheapest visible sum that leaves the attacker less sure, or else the cheapest: options
  // before NETs, small counts before large, zeros last.
  [[nodiscard]] size_t next_to_hide(const CountedQuestion& question, const std::vector<bool>& shown,
                                    const AttackResult& now) const {
    std::vector<size_t> order;
    for (size_t i = 0; i < shown.size(); ++i) {
      if (shown[i]) order.push_back(i);
    }
    std::ranges::stable_sort(order, {}, [&](size_t i) {
      const auto& sum = question.sums[i];
      return std::tuple(sum.parts.size() != 1, sum.count == 0, sum.count);
    });
    for (const size_t i : order) {
      std::vector<bool> without = shown;
      without[i] = false;
      const AttackResult then = attack(question, without, rules_.suppress_count_under);
      if (then.safe || then.room > now.room) return i;
    }
    return order.front();
  }

  // Scores times counts would be one more equation, and its base may leave out don't know.
  static void hide_means_with_options(Cells& cells) {
    const bool any = std::ranges::any_of(
        cells, [](const Cell& cell) { return cell.kind != CellKind::kMean && is_hidden(cell); });
    for (Cell& cell : cells) {
      if (any && cell.kind == CellKind::kMean && is_visible(cell)) hide(cell);
    }
  }

  const Item& item_;
  const PrintRules& rules_;
};

struct LeftOut {
  bool small = false;       // one of the kinds of missing is a small count
  bool gives_base = false;  // and the base subtracts to it
};

// Why people are not in the base, which every estimate of an item carries.
LeftOut left_out(const ItemTable& table, const PrintRules& rules) {
  LeftOut out;
  const auto is_few = [&](size_t count) {
    return is_small(static_cast<int64_t>(count), rules.suppress_count_under);
  };
  for (const Cell& cell : table.respondents) {
    const Estimate& estimate = cell.estimate;
    const bool outside =
        is_few(estimate.not_asked) || (!table.item.dont_know_in_base && is_few(estimate.dont_know));
    out.gives_base = out.gives_base || outside;
    out.small = out.small || outside || is_few(estimate.no_answer) || is_few(estimate.refused) ||
                is_few(estimate.dont_know);
  }
  return out;
}

void suppress_item(ItemTable& table, const PrintRules& rules) {
  const ItemSuppressor suppressor(table.item, rules);
  const LeftOut missing = left_out(table, rules);
  Cells* const units[] = {&table.respondents, &table.organisations, &table.organisations_by_size};
  if (missing.gives_base) {
    for (Cells* cells : units) hide_all(*cells);
  }
  std::vector<size_t> first;
  for (Cells* cells : units) {
    // One unit's numbers can give another's away: what is hidden for respondents is hidden for all.
    std::erase_if(first, [&](size_t i) { return i >= cells->size(); });
    suppressor.apply(first, *cells);
    for (size_t i = 0; cells == units[0] && i < cells->size(); ++i) {
      if (is_hidden((*cells)[i])) first.push_back(i);
    }
  }
  const bool counts = rules.suppress_count_under > 1;
  for (Cells* cells : units) {
    if (counts && (missing.small || any_hidden(table.respondents))) withhold_missing(*cells);
  }
}

}  // namespace

void hide_cell(Cell& cell) {
  Estimate bare;
  bare.statistic = cell.estimate.statistic;
  bare.unit = cell.estimate.unit;
  bare.reason = kTooFewPeople;
  cell.estimate = std::move(bare);
  cell.count_range.reset();
  cell.printed = printed_symbol(Marker::kSuppressed);
}

void withhold_missing(std::vector<Cell>& cells) {
  for (Cell& cell : cells) {
    cell.missing_withheld = true;
    Estimate& estimate = cell.estimate;
    estimate.not_asked = estimate.no_answer = estimate.refused = estimate.dont_know = 0;
    if (estimate.reason.starts_with("no answers: ")) estimate.reason = "no answers";
  }
}

void drop_changes_of_hidden(ItemTable& table) {
  std::erase_if(table.changes, [&](const Change& change) {
    const Cell* cell = table.find(Unit::kRespondent, change.answer);
    return cell != nullptr && is_hidden(*cell);
  });
}

size_t suppress_small_cells(WaveTables& tables, const PrintRules& rules) {
  size_t hidden = 0;
  for (ItemTable& table : tables.items) {
    suppress_item(table, rules);
    const size_t here = hidden_count(table.respondents) + hidden_count(table.organisations) +
                        hidden_count(table.organisations_by_size);
    if (here > 0) {
      table.notes.emplace_back(kSuppressionNote);
    }
    drop_changes_of_hidden(table);
    hidden += here;
  }
  return hidden;
}

}  // namespace barometer

#include "barometer/disclosure/suppress.h"

#include <algorithm>

namespace barometer {
namespace {

// Cells that sum to something a reader knows: with one of them hidden, it can be worked back.
struct Equation {
  std::vector<size_t> cells;
};

bool is_hidden(const Cell& cell) { return cell.printed.marker == Marker::kSuppressed; }

void hide(Cell& cell) {
  Estimate bare;
  bare.statistic = cell.estimate.statistic;
  bare.unit = cell.estimate.unit;
  bare.reason = "suppressed: too few people stand behind it";
  cell.estimate = std::move(bare);
  cell.count_range.reset();
  cell.printed = printed_symbol(Marker::kSuppressed);
}

bool needs_hiding(const Cell& cell, const PrintRules& rules) {
  if (!cell.estimate.value) return false;
  if (static_cast<long long>(cell.estimate.n) < rules.suppress_base_under) return true;
  if (cell.kind == CellKind::kMean || rules.suppress_count_under <= 0) return false;
  const auto small = [&](size_t count) {
    return count > 0 && static_cast<long long>(count) < rules.suppress_count_under;
  };
  // The other side of a percentage is a count as well: 90 of 92 names the two.
  return small(cell.estimate.numerator);
}

std::optional<size_t> index_of_option(const std::vector<Cell>& cells, int code) {
  for (size_t i = 0; i < cells.size(); ++i) {
    if (cells[i].kind == CellKind::kOption && cells[i].answer == std::to_string(code)) return i;
  }
  return std::nullopt;
}

std::vector<Equation> equations_of(const Item& item, const std::vector<Cell>& cells) {
  std::vector<Equation> equations;
  const bool single = item.kind() == VariableKind::kSingle || item.kind() == VariableKind::kScale;
  Equation whole;
  for (size_t i = 0; i < cells.size(); ++i) {
    if (single && cells[i].kind == CellKind::kOption) whole.cells.push_back(i);
    if (cells[i].kind != CellKind::kNet) continue;
    const auto net = std::ranges::find(item.nets, cells[i].answer, &Net::id);
    if (net == item.nets.end() || !single) continue;
    Equation sum{{i}};
    for (const int code : net->codes) {
      if (const auto option = index_of_option(cells, code)) sum.cells.push_back(*option);
    }
    equations.push_back(std::move(sum));
    // And the rest of the base is the NET's complement.
    Equation rest{{i}};
    for (const Category& option : item.options) {
      if (std::ranges::find(net->codes, option.code) != net->codes.end()) continue;
      if (const auto at = index_of_option(cells, option.code)) rest.cells.push_back(*at);
    }
    equations.push_back(std::move(rest));
  }
  if (!whole.cells.empty()) equations.push_back(std::move(whole));
  return equations;
}

// The visible cell of the equation that costs least to hide: the smallest count above zero, or the
// smallest of all.
std::optional<size_t> cheapest_visible(const Equation& equation, const std::vector<Cell>& cells) {
  std::optional<size_t> best;
  const auto cost = [&](size_t i) {
    const size_t count = cells[i].estimate.numerator;
    return std::pair(cells[i].kind == CellKind::kNet, count == 0 ? SIZE_MAX : count);
  };
  for (const size_t i : equation.cells) {
    if (is_hidden(cells[i]) || !cells[i].estimate.value) continue;
    if (!best || cost(i) < cost(*best)) best = i;
  }
  return best;
}

bool close_once(const std::vector<Equation>& equations, std::vector<Cell>& cells) {
  for (const Equation& equation : equations) {
    const auto hidden =
        std::ranges::count_if(equation.cells, [&](size_t i) { return is_hidden(cells[i]); });
    if (hidden != 1) continue;
    if (const auto next = cheapest_visible(equation, cells)) {
      hide(cells[*next]);
      return true;
    }
  }
  return false;
}

void hide_means_with_options(std::vector<Cell>& cells) {
  const bool any = std::ranges::any_of(
      cells, [](const Cell& cell) { return cell.kind == CellKind::kOption && is_hidden(cell); });
  for (Cell& cell : cells) {
    if (any && cell.kind == CellKind::kMean && !is_hidden(cell)) hide(cell);
  }
}

size_t suppress_cells(const Item& item, std::vector<Cell>& cells, const PrintRules& rules) {
  for (Cell& cell : cells) {
    if (needs_hiding(cell, rules)) hide(cell);
  }
  const std::vector<Equation> equations = equations_of(item, cells);
  while (close_once(equations, cells)) {
  }
  hide_means_with_options(cells);
  return static_cast<size_t>(std::ranges::count_if(cells, is_hidden));
}

// A change is a second look at a cell; it goes when the cell goes.
void drop_changes_of_hidden(ItemTable& table) {
  std::erase_if(table.changes, [&](const Change& change) {
    const Cell* cell = table.find(Unit::kRespondent, change.answer);
    return cell != nullptr && is_hidden(*cell);
  });
}

}  // namespace

size_t suppress_small_cells(WaveTables& tables, const PrintRules& rules) {
  size_t hidden = 0;
  for (ItemTable& table : tables.items) {
    size_t here = suppress_cells(table.item, table.respondents, rules);
    // One unit's numbers can give another's away: what is hidden for respondents is hidden for all.
    for (std::vector<Cell>* cells : {&table.organisations, &table.organisations_by_size}) {
      for (size_t i = 0; i < cells->size() && i < table.respondents.size(); ++i) {
        if (is_hidden(table.respondents[i])) hide((*cells)[i]);
      }
      here += suppress_cells(table.item, *cells, rules);
    }
    if (here > 0) {
      table.notes.push_back("Some answers are suppressed ([c]) to protect the people behind them.");
    }
    drop_changes_of_hidden(table);
    hidden += here;
  }
  return hidden;
}

}  // namespace barometer

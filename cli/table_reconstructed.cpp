// Waves that are reconstructions, in a book of tables: what published figures fix, as the bundle
// has it (table/table.h), and nothing of what the solution made up to have whole answers.
#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/hide.h"
#include "cli/table.h"

namespace barometer::cli {
namespace {

constexpr const char* kNotFixed = "the published figures do not fix it";

// The place of `wave` among the variables of the column's group; none: it speaks of no wave.
std::optional<size_t> place_of_wave(const BookPlan& plan, const BookTable& table,
                                    const BookColumn& column) {
  const bool of_group = column.kind == ColumnKind::kCategory || column.kind == ColumnKind::kRest;
  if (table.grid || !of_group) return std::nullopt;
  const auto& variables = plan.banner.at(column.group).variables;
  const auto at = std::ranges::find(variables, kWaveColumn);
  if (at == variables.end()) return std::nullopt;
  return static_cast<size_t>(at - variables.begin());
}

const PublishedWave* named(const PublishedWaves& known, const std::string& name) {
  const auto found = std::ranges::find(known.waves, name, &PublishedWave::name);
  return found == known.waves.end() ? nullptr : &*found;
}

// Some of its people are of a reconstruction.
bool is_made_up(const PublishedWaves& known, const BookPlan& plan, const BookTable& table,
                const BookColumn& column) {
  const auto place = place_of_wave(plan, table, column);
  if (!place || column.kind == ColumnKind::kRest) return true;
  return named(known, column.labels.at(*place)) != nullptr;
}

// The wave of which the column shows everyone, of whom figures were published; nullptr: of none.
const PublishedWave* wave_of(const PublishedWaves& known, const BookPlan& plan,
                             const BookTable& table, const BookColumn& column) {
  if (!plan.filter.empty() || !table.filter.empty()) return nullptr;
  if (table.grid || column.kind == ColumnKind::kTotal) {
    return known.all == 1 ? &known.waves.front() : nullptr;
  }
  const auto place = place_of_wave(plan, table, column);
  const bool alone = place && column.kind == ColumnKind::kCategory && column.labels.size() == 1;
  return alone ? named(known, column.labels.front()) : nullptr;
}

void blank_column(BookTable& table, size_t column) {
  for (size_t row = 0; row < table.rows.size(); ++row) {
    hide_cell(table, row, column);  // with whatever points at it
    BookCell& cell = table.at(row, column);
    cell = BookCell();
    cell.not_available = true;
    cell.reason = kNotFixed;
  }
  BookColumn& of = table.columns[column];
  of.n = of.weighted_base = of.effective_base = 0;
  of.withheld = true;
}

Status check_words(const PublishedWaves& known, const BookPlan& plan) {
  if (known.all != known.waves.size()) return {};
  std::string what;
  if (!plan.filter.empty()) what = "--filter";
  for (const RowsPlan& rows : plan.rows) {
    if (!rows.filter.empty()) what = "a filter";
  }
  for (const BannerGroup& group : plan.banner) {
    const bool waves = group.variables == std::vector<std::string>{kWaveColumn};
    const bool with_wave = std::ranges::count(group.variables, kWaveColumn) > 0;
    if (!waves)
      what = fmt::format(
          "'{}'",
          printable(group.variables[with_wave && group.variables.front() == kWaveColumn ? 1 : 0]));
  }
  if (what.empty()) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("the answers of {} are reconstructed from published figures, which do "
                          "not say who gave them together: a table by {} would be made up",
                          known.waves.front().name, what));
}

// ---- what is known ------------------------------------------------------------------------------

struct Asked {
  RowKind kind = RowKind::kCategory;
  std::string variable, answer;
  std::vector<int> codes;
};

Asked asked_at(const BookTable& table, size_t row, size_t column) {
  const BookRow& of = table.rows[row];
  if (!table.grid) return {of.kind, of.variable, of.answer, of.codes};
  const BookColumn& said = table.columns[column];
  return {said.figure, of.variable, said.answer, said.codes};
}

const ItemTable* item_of(const PublishedWave& wave, const std::string& variable) {
  const auto own = wave.own_ids.find(variable);
  return wave.tables.find(own == wave.own_ids.end() ? variable : own->second);
}

const Cell* cell_of(const ItemTable& item, const Asked& asked, const BookPlan& plan) {
  const auto is_mine = [&](const RowsPlan& rows) {
    return std::ranges::count(rows.variables, asked.variable) > 0;
  };
  const auto rows = std::ranges::find_if(plan.rows, is_mine);
  const bool plain = rows == plan.rows.end() || (rows->scores.empty() && !rows->responses);
  if (!plain || plan.percent != PercentBase::kColumn) return nullptr;
  if (asked.kind == RowKind::kCategory) return item.find(Unit::kRespondent, asked.answer);
  if (asked.kind == RowKind::kMean) return item.find(Unit::kRespondent, "mean");
  if (asked.kind != RowKind::kNet) return nullptr;
  for (const Net& net : item.item.nets) {
    if (std::ranges::is_permutation(net.codes, asked.codes)) {
      return item.find(Unit::kRespondent, net.id);
    }
  }
  return nullptr;
}

// Where several counts print alike there is none, and nothing that is printed of one.
bool needs_count(const PublishedWaves& known, const BookPlan& plan, const Cell& cell) {
  const PrintRules& rules = plan.print;
  if (cell.printed.marker == Marker::kCount) return true;
  if (cell.kind == CellKind::kMean) return rules.mean_places > known.printed.mean_places;
  return rules.percent_places > known.printed.percent_places ||
         std::cmp_less(cell.estimate.n, rules.percent_base_under);
}

void fill_cell(const PublishedWaves& known, const ItemTable& item, const Cell& from,
               const BookPlan& plan, BookCell& cell) {
  const Estimate& estimate = from.estimate;
  const bool fixed =
      item.base_known && from.count_range && from.count_range->first == from.count_range->second;
  if (from.printed.marker == Marker::kSuppressed) {
    cell = BookCell();
    cell.suppressed = true;
    cell.reason = kTooFewPeople;
    return;
  }
  if (!estimate.value || (!fixed && needs_count(known, plan, from))) return;
  cell = BookCell();
  cell.value = estimate.value;
  cell.n = cell.weighted_base = cell.effective_base = static_cast<double>(estimate.n);
  if (fixed && from.kind != CellKind::kMean) {
    cell.count = cell.weighted_count = static_cast<double>(estimate.numerator);
  } else {
    cell.reason = "several counts fit the published figures";
  }
  cell.se = estimate.se;
  cell.df = estimate.df;
  cell.no_interval = estimate.no_interval;
  if (!estimate.interval) return;
  cell.lower = estimate.interval->lower;
  cell.upper = estimate.interval->upper;
}

void fill_base(const ItemTable& item, BookColumn& column) {
  const auto known = std::ranges::find_if(item.respondents, [](const Cell& cell) {
    return cell.estimate.value.has_value() && cell.kind != CellKind::kMean;
  });
  const auto any = std::ranges::find_if(
      item.respondents, [](const Cell& cell) { return cell.estimate.value.has_value(); });
  if (!item.base_known || any == item.respondents.end()) return;
  const size_t n = (known == item.respondents.end() ? any : known)->estimate.n;
  column.n = column.weighted_base = column.effective_base = static_cast<double>(n);
  column.withheld = false;
}

void fill_table(const PublishedWaves& known, const BookPlan& plan, BookTable& table) {
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const PublishedWave* wave = wave_of(known, plan, table, table.columns[c]);
    if (wave == nullptr) continue;
    for (size_t r = 0; r < table.rows.size(); ++r) {
      const Asked asked = asked_at(table, r, c);
      const ItemTable* item = item_of(*wave, asked.variable);
      if (item == nullptr || (table.grid && !item->base_known)) continue;
      const Cell* cell = cell_of(*item, asked, plan);
      if (cell != nullptr) fill_cell(known, *item, *cell, plan, table.at(r, c));
    }
    const ItemTable* item = table.grid ? nullptr : item_of(*wave, table.variable.id);
    if (item == nullptr) continue;
    fill_base(*item, table.columns[c]);
    if (item->base_chosen && !table.columns[c].withheld) {
      table.notes.push_back(fmt::format(
          "The base in {} is the largest on which every printed figure is possible.", wave->name));
    }
  }
}

}  // namespace

Status blank_reconstructed(const PublishedWaves& known, Book& book) {
  TRY_DONE(check_words(known, book.plan));
  for (BookTable& table : book.tables) {
    bool any = false;
    for (size_t c = 0; c < table.columns.size(); ++c) {
      if (!is_made_up(known, book.plan, table, table.columns[c])) continue;
      blank_column(table, c);
      any = true;
    }
    if (!any) continue;
    for (BookRow& row : table.rows) row.rank.reset();
    for (GroupTest& test : table.group_tests) {
      test = {.group = test.group, .name = test.name, .reason = kNotFixed};
    }
    table.covariances.clear();
    table.not_asked = table.no_answer = table.refused = table.dont_know = 0;
    table.missing_withheld = true;
  }
  return {};
}

void fill_published(const PublishedWaves& known, Book& book) {
  for (BookTable& table : book.tables) fill_table(known, book.plan, table);
}

}  // namespace barometer::cli

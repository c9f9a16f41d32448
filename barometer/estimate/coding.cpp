#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/estimate/coding_internal.h"

namespace barometer {
namespace {

using Role = CodedStatistic::Role;

constexpr const char* kDontKnowOut = "don't know answers are not in the base of this item";

// Cells of a single or scale variable, by code. Numbers of a scale come first, so that the base of
// its mean is a run of cells.
class CellPlan {
 public:
  explicit CellPlan(const Variable& variable) {
    if (variable.kind == VariableKind::kScale) {
      CHECK(variable.scale_low && variable.scale_high, "a scale has ends");
      for (int code = *variable.scale_low; code <= *variable.scale_high; ++code) {
        const Category* category = variable.category(code);
        if (category != nullptr && category->dont_know) continue;
        numbers_.push_back(code);
        add(code);
      }
    }
    number_cells_ = count_;
    for (const bool dont_know : {false, true}) {
      if (dont_know && !variable.dont_know_in_base) break;
      for (const Category& category : variable.categories) {
        if (category.dont_know == dont_know && cell(category.code) == kNoCell) add(category.code);
      }
    }
    if (variable.dont_know_in_base) missing_cell_ = static_cast<uint16_t>(count_++);
  }

  [[nodiscard]] uint16_t cell(int code) const {
    const auto at = static_cast<size_t>(code);
    return at < cell_of_.size() ? cell_of_[at] : kNoCell;
  }
  [[nodiscard]] uint16_t dont_know_cell() const { return missing_cell_; }  // the missing kind
  [[nodiscard]] size_t count() const { return count_; }
  [[nodiscard]] size_t number_cells() const { return number_cells_; }
  [[nodiscard]] const std::vector<int>& numbers() const& { return numbers_; }

 private:
  void add(int code) {
    const auto at = static_cast<size_t>(code);
    if (at >= cell_of_.size()) cell_of_.resize(at + 1, kNoCell);
    cell_of_[at] = static_cast<uint16_t>(count_++);
  }

  std::vector<uint16_t> cell_of_;
  std::vector<int> numbers_;
  size_t count_ = 0;
  size_t number_cells_ = 0;
  uint16_t missing_cell_ = kNoCell;
};

template <class T>
std::vector<uint16_t> cells_of(const std::vector<T>& codes, const CellPlan& plan) {
  std::vector<uint16_t> table(size_t{std::numeric_limits<T>::max()} + 1);
  for (size_t code = 0; code < table.size(); ++code) {
    const Missing kind = missing_of(static_cast<T>(code));
    table[code] = kind == Missing::kNone       ? plan.cell(static_cast<int>(code))
                  : kind == Missing::kDontKnow ? plan.dont_know_cell()
                                               : kNoCell;
  }
  std::vector<uint16_t> cells(codes.size());
  std::transform(codes.begin(), codes.end(), cells.begin(), [&](T code) { return table[code]; });
  return cells;
}

CodedStatistic share_of(Role role, size_t index, const CellPlan& plan,
                        const std::vector<int>& codes) {
  CodedStatistic statistic{role, index, {{}, plan.count()}, {}};
  for (const int code : codes) {
    const uint16_t cell = plan.cell(code);
    if (cell == kNoCell) continue;
    const auto same = [cell](const LinearForm::Term& term) { return term.cell == cell; };
    if (std::ranges::any_of(statistic.form.terms, same)) continue;
    statistic.form.terms.push_back({cell, 1, 0});
  }
  return statistic;
}

CodedTable coded_single(const Variable& variable, const Column& column) {
  const CellPlan plan(variable);
  CodedTable table;
  table.cells = std::holds_alternative<NarrowCodes>(column)
                    ? cells_of(std::get<NarrowCodes>(column), plan)
                    : cells_of(std::get<WideCodes>(column), plan);
  table.cell_count = plan.count();
  for (size_t i = 0; i < variable.categories.size(); ++i) {
    const Category& category = variable.categories[i];
    table.statistics.push_back(share_of(Role::kOption, i, plan, {category.code}));
    if (plan.cell(category.code) == kNoCell) table.statistics.back().reason = kDontKnowOut;
  }
  for (size_t i = 0; i < variable.nets.size(); ++i) {
    table.statistics.push_back(share_of(Role::kNet, i, plan, variable.nets[i].codes));
  }
  if (variable.kind == VariableKind::kScale) {
    CodedStatistic mean{Role::kMean, 0, {{}, plan.number_cells()}, {}};
    for (const int number : plan.numbers()) {
      mean.form.terms.push_back({plan.cell(number), static_cast<double>(number), 0});
    }
    table.statistics.push_back(std::move(mean));
  }
  return table;
}

// Bits of the options with these codes.
uint64_t bits_of(const Variable& variable, const std::vector<int>& codes) {
  uint64_t bits = 0;
  for (size_t i = 0; i < variable.categories.size(); ++i) {
    if (std::ranges::count(codes, variable.categories[i].code) > 0) bits |= uint64_t{1} << i;
  }
  return bits;
}

uint64_t dont_know_bits(const Variable& variable) {
  uint64_t bits = 0;
  for (size_t i = 0; i < variable.categories.size(); ++i) {
    if (variable.categories[i].dont_know) bits |= uint64_t{1} << i;
  }
  return bits;
}

std::vector<CodedTable> coded_multi(const Variable& variable, const OptionSets& sets) {
  const uint64_t out = variable.dont_know_in_base ? 0 : dont_know_bits(variable);
  const auto add = [&](Role role, size_t index, uint64_t wanted, std::vector<CodedTable>& tables) {
    CodedTable table;
    table.cell_count = 2;
    table.cells.resize(sets.bits.size());
    for (size_t i = 0; i < sets.bits.size(); ++i) {
      const bool unknown = sets.missing[i] == Missing::kDontKnow && variable.dont_know_in_base;
      const bool in_base =
          (sets.missing[i] == Missing::kNone && (sets.bits[i] & out) == 0) || unknown;
      table.cells[i] = !in_base ? kNoCell : (sets.bits[i] & wanted) != 0 && !unknown ? 1 : 0;
    }
    table.statistics.push_back({role, index, {{{1, 1, 0}}, 2}, {}});
    if (wanted != 0 && (wanted & ~out) == 0) table.statistics[0].reason = kDontKnowOut;
    tables.push_back(std::move(table));
  };
  std::vector<CodedTable> tables;
  for (size_t i = 0; i < variable.categories.size(); ++i) {
    add(Role::kOption, i, uint64_t{1} << i, tables);
  }
  for (size_t i = 0; i < variable.nets.size(); ++i) {
    add(Role::kNet, i, bits_of(variable, variable.nets[i].codes), tables);
  }
  return tables;
}

// The centre is the mean so that second moments keep their digits, and whole when every value is,
// so that sums stay exact.
CodedTable coded_number(const Numbers& numbers, const RowCounts& counts) {
  CodedTable table;
  table.cell_count = 1;
  table.y = numbers.values;
  table.cells.resize(numbers.values.size(), kNoCell);
  double sum = 0;
  double weight = 0;
  for (size_t i = 0; i < numbers.values.size(); ++i) {
    if (numbers.missing[i] != Missing::kNone) continue;
    table.cells[i] = 0;
    if (counts.n[i] == 0 && counts.w[i] == 0) continue;
    table.whole_numbers = table.whole_numbers && std::trunc(numbers.values[i]) == numbers.values[i];
    sum += counts.w[i] * numbers.values[i];
    weight += counts.w[i];
  }
  if (weight > 0) table.centre = sum / weight;
  if (table.whole_numbers) table.centre = std::round(table.centre);
  table.statistics.push_back({Role::kMean, 0, {{{0, 0, 1}}, 1}, {}});
  return table;
}

}  // namespace

Status check_estimable(const Variable& variable) {
  if (variable.kind != VariableKind::kText) return {};
  return fail(ErrorCode::kUnsupported,
              fmt::format("'{}' is open text, which has no estimates", variable.id));
}

Result<std::vector<CodedTable>> coded(const Variable& variable, const Column& column,
                                      const RowCounts& counts) {
  TRY_DONE(check_estimable(variable));
  std::vector<CodedTable> tables;
  switch (variable.kind) {
    case VariableKind::kSingle:
    case VariableKind::kScale:
      tables.push_back(coded_single(variable, column));
      break;
    case VariableKind::kMulti:
      tables = coded_multi(variable, std::get<OptionSets>(column));
      break;
    case VariableKind::kNumber:
      tables.push_back(coded_number(std::get<Numbers>(column), counts));
      break;
    case VariableKind::kText:
      break;
  }
  return tables;
}

MissingCounts count_missing(const Variable& variable, const Column& column,
                            std::span<const uint64_t> n) {
  MissingCounts counts;
  const bool has_dont_know =
      std::ranges::any_of(variable.categories, [](const Category& c) { return c.dont_know; });
  const uint64_t dont_know =
      std::holds_alternative<OptionSets>(column) ? dont_know_bits(variable) : 0;
  const auto is_dont_know = [&](size_t row) {
    if (const auto* sets = std::get_if<OptionSets>(&column)) {
      return (sets->bits[row] & dont_know) != 0;
    }
    const Category* category = variable.category(code_at(column, row));
    return category != nullptr && category->dont_know;
  };
  for (size_t row = 0; row < length_of(column); ++row) {
    switch (missing_at(column, row)) {
      case Missing::kNone:
        if (has_dont_know && is_dont_know(row)) counts.dont_know += n[row];
        break;
      case Missing::kNotAsked:
        counts.not_asked += n[row];
        break;
      case Missing::kSystem:
        counts.no_answer += n[row];
        break;
      case Missing::kRefused:
        counts.refused += n[row];
        break;
      case Missing::kDontKnow:
        counts.dont_know += n[row];
        break;
    }
  }
  return counts;
}

}  // namespace barometer

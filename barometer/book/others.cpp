// What of a table goes through other estimators: medians and tests of association.
#include <algorithm>
#include <limits>

#include "barometer/book/part_internal.h"
#include "barometer/book/rows_internal.h"
#include "barometer/estimand/quantile.h"
#include "barometer/hypothesis/table_test.h"

namespace barometer {
namespace {

std::optional<double> number_at(const RowVariable& variable, const RowsPlan& plan, size_t cell) {
  if (variable.given.missing[cell] != Missing::kNone) return std::nullopt;
  if (const auto* numbers = std::get_if<Numbers>(&variable.column)) return numbers->values[cell];
  return score_of(variable.variable, plan, variable.given.codes[cell].front());
}

void set_median(const QuantileEstimate& median, BookCell& cell) {
  cell.value = median.value;
  if (!median.value) cell.reason = median.reason;
  cell.se = median.se;
  cell.df = median.df;
  cell.lower = median.lower;
  cell.upper = median.upper;
  if (median.value && (!median.lower || !median.upper)) cell.no_interval = median.reason;
}

}  // namespace

Status add_medians(const PartSample& part, const CellSums& sums, const RowVariable& variable,
                   const RowsPlan& plan, const Places& places, const BookOptions& options,
                   double level, std::span<BookCell> cells) {
  std::vector<double> y(sums.cell_count, 0.0);
  std::vector<uint8_t> known(sums.cell_count, 0);
  for (size_t cell = 0; cell < known.size(); ++cell) {
    const auto value = number_at(variable, plan, cell);
    if (!value) continue;
    y[cell] = *value;
    known[cell] = 1;
  }
  y = part.each(y);
  const QuantileOptions asked{.level = level, .df = options.df};
  const std::vector<double> half{0.5};
  for (size_t g = 0; g < cells.size(); ++g) {
    std::vector<uint8_t> domain(known.size(), 0);
    double w2 = 0;
    for (size_t cell = 0; cell < domain.size(); ++cell) {
      if (known[cell] == 0 || std::ranges::count(places.of(cell), g) == 0) continue;
      domain[cell] = 1;
      cells[g].n += static_cast<double>(sums.n[cell]);
      cells[g].weighted_base += sums.w[cell];
      w2 += sums.w2[cell];
    }
    cells[g].count = cells[g].n;
    cells[g].weighted_count = cells[g].weighted_base;
    if (!(cells[g].weighted_base > 0)) {
      cells[g].reason =
          cells[g].n == 0 ? "no one is in the base" : "the weights in the base sum to 0";
      continue;
    }
    cells[g].effective_base = cells[g].weighted_base * cells[g].weighted_base / w2;
    set_median(TRY(quantiles(part.sample(), y, part.each(domain), half, asked)).front(), cells[g]);
  }
  return {};
}

namespace {

constexpr const char* kCombined = "nested_columns";

bool has_levels(const Variable& variable) {
  return variable.kind == VariableKind::kSingle || variable.kind == VariableKind::kScale;
}

// The combinations of several variables as one; missing where one of them is.
Result<Dataset> with_combined(const Dataset& data, const std::vector<std::string>& group) {
  std::vector<int> codes(data.case_count(), 0);
  size_t count = 1;
  for (const std::string& id : group) {
    const size_t index = *data.codebook().index_of(id);
    const Variable& variable = data.codebook().variables()[index];
    const std::vector<TableAnswer> answers = answers_of(variable);
    count *= answers.size();
    for (size_t row = 0; row < codes.size(); ++row) {
      const int code = code_at(data.column(index), row);
      const auto found = std::ranges::find(answers, code, &TableAnswer::code);
      const bool missing =
          codes[row] < 0 || found == answers.end() || outside_base(variable, *found);
      codes[row] = missing ? file_code(Missing::kSystem)
                           : codes[row] * static_cast<int>(answers.size()) +
                                 static_cast<int>(found - answers.begin());
    }
  }
  Variable combined{.id = kCombined};
  for (size_t i = 0; i < count; ++i) {
    combined.categories.push_back({static_cast<int>(i), std::to_string(i)});
  }
  return data.with(combined, make_codes(codes));
}

Result<TableTest> associated(const PartSample& part, const Cells& cells, const std::string& rows,
                             const std::vector<std::string>& group) {
  if (cells.sums.cell_count == 0) return fail(ErrorCode::kInvalid, "no one is in the base");
  Dataset data = TRY(part.data(cells.data));
  if (group.size() > 1) data = TRY(with_combined(data, group));
  const std::string column = group.size() > 1 ? kCombined : group.front();
  const std::vector<uint8_t> inside = part.each(std::vector<uint8_t>(cells.sums.cell_count, 1));
  return table_test(part.sample(), data, rows, column, inside);
}

}  // namespace

GroupTest rao_scott(const PartSample& part, const Cells& cells, const Variable& rows,
                    const std::vector<std::string>& group) {
  GroupTest test;
  test.name = "Rao-Scott F";
  const Codebook& codebook = cells.data.codebook();
  bool levels = has_levels(rows);
  for (const std::string& id : group) levels = levels && has_levels(*codebook.find(id));
  if (!levels) {
    test.reason = "a test of association needs one answer a case to each question";
    return test;
  }
  const auto same = [&](const std::string& id) { return codebook.find(id)->id == rows.id; };
  if (std::ranges::any_of(group, same)) {
    test.reason = "the rows and the columns are one question";
    return test;
  }
  const auto found = associated(part, cells, rows.id, group);
  if (!found) {
    test.reason = found.error().message;
    return test;
  }
  test.statistic = found->result.statistic;
  test.df = found->result.df.front();
  test.df_denominator = found->result.df.back();
  test.p = found->result.p;
  return test;
}

}  // namespace barometer

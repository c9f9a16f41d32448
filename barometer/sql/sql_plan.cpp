// What is asked: from a CellQuery to statements.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/engine/moments.h"
#include "barometer/sql/sql_answer_internal.h"

namespace barometer {

Status SqlAnswer::plan(const Progress& progress) {
  if (!query_.mask.empty()) {
    return fail(ErrorCode::kUnsupported, "a database has no order of cases for a mask");
  }
  if (query_.of_cases) {
    return fail(ErrorCode::kUnsupported, "a database does not tell the cell of each case");
  }
  if (query_.replicates && design_.replicates.empty()) {
    return fail(ErrorCode::kUnsupported, "there are no replicate weights to sum");
  }
  if (query_.replicates && !query_.numbers.empty()) {
    return fail(ErrorCode::kUnsupported, fmt::format("sums of replicate weights need '{}' as a key",
                                                     query_.numbers.front()));
  }
  TRY_DONE(plan_keys(progress));
  TRY_DONE(plan_numbers(progress));
  TRY_DONE(plan_where(progress));
  write_statement();
  if (query_.replicates) write_replicate_statement();
  return {};
}

Status SqlAnswer::plan_keys(const Progress& progress) {
  for (const std::string& id : query_.keys) {
    Key key{.column = TRY(table_.written(id))};
    key.variable = TRY(table_.variable(key.column, progress));
    if (key.variable->kind == VariableKind::kText) {
      return fail(ErrorCode::kUnsupported,
                  fmt::format("'{}' is open text, whose values are no cells", id));
    }
    for (const Category& category : key.variable->categories) {
      key.codes.emplace(category.label, category.code);
    }
    keys_.push_back(std::move(key));
  }
  return {};
}

Status SqlAnswer::plan_numbers(const Progress& progress) {
  std::vector<size_t> columns;
  for (const std::string& id : query_.numbers) {
    columns.push_back(TRY(table_.written(id)));
    if (table_.columns()[columns.back()].type != FileType::kNumber) {
      return fail(ErrorCode::kInvalid, fmt::format("'{}' is not a number", id));
    }
  }
  const std::vector<NumberFacts> facts = TRY(table_.number_centres(columns, progress));
  for (size_t i = 0; i < columns.size(); ++i) {
    const double centre = facts[i].centre;
    const double far = std::max(std::abs(facts[i].low - centre), std::abs(facts[i].high - centre));
    const double product = design_.weight_high * far;
    if (!std::isfinite(product * product * static_cast<double>(design_.case_count))) {
      const bool low = std::abs(facts[i].low) > std::abs(facts[i].high);
      return fail(ErrorCode::kInvalid,
                  fmt::format("column '{}' holds {}, which is too large to be squared and added{}",
                              printable(table_.columns()[columns[i]].name),
                              low ? facts[i].low : facts[i].high,
                              design_.weighted ? " with its weight" : ""));
    }
    numbers_.push_back({columns[i], centre, far});
  }
  return {};
}

Status SqlAnswer::plan_where(const Progress& progress) {
  if (!query_.where) return {};
  // Only what the condition names needs its categories.
  std::vector<Variable> variables = table_.codebook().variables();
  for (const std::string& name : query_.where->variables()) {
    const auto index = table_.codebook().index_of_written(name);
    if (index) variables[*index] = *TRY(table_.variable(*index, progress));
  }
  Codebook codebook;
  for (const Variable& variable : variables) TRY_DONE(codebook.add(variable));
  inside_ = TRY(sql_truth(table_.dialect(), TRY(query_.where->bind(codebook)), variables,
                          table_.columns(), kTrue));
  return {};
}

// Where a part of a table may go unread without a word, the cases outside are counted too.
bool SqlAnswer::flags_outside() const {
  if (inside_.empty()) return false;
  return query_.outside || table_.dialect().server == SqlServer::kClickhouse;
}

std::vector<std::string> SqlAnswer::cell_groups(std::vector<SqlType>& types) const {
  const Dialect& dialect = table_.dialect();
  std::vector<std::string> groups;
  for (const Key& key : keys_) {
    groups.push_back(table_.value(key.column));
    types.push_back(table_.columns()[key.column].type == FileType::kText ? SqlType::kText
                                                                         : SqlType::kNumber);
  }
  for (const NumberPlan& number : numbers_) {
    groups.push_back(
        fmt::format(fmt::runtime(dialect.whole),
                    sql_if(dialect, table_.value(number.column) + " IS NULL", "1", "0")));
    types.push_back(SqlType::kWhole);
  }
  return groups;
}

void SqlAnswer::restrict_to_where(AggregateText& text, std::vector<SqlType>& types,
                                  size_t groups) const {
  if (inside_.empty()) return;
  const Dialect& dialect = table_.dialect();
  if (!flags_outside()) {
    text.where = inside_;
    return;
  }
  if (!query_.outside) {
    for (std::string& group : text.groups) group = sql_if(dialect, inside_, group, "NULL");
  }
  text.groups.push_back(
      fmt::format(fmt::runtime(dialect.whole), sql_if(dialect, inside_, "0", "1")));
  types.insert(types.begin() + static_cast<std::ptrdiff_t>(groups), SqlType::kWhole);
}

void SqlAnswer::add_measure(AggregateText& text, const std::string& expression, double largest) {
  const auto add = [&](auto sums) {
    for (std::string& sum : sums) {
      text.sums.push_back(std::move(sum));
      statement_.types.push_back(SqlType::kWhole);
    }
  };
  const int shift = limb_shift(largest, design_.case_count);
  const bool fine = is_fine(shifts_.size());
  shifts_.push_back(fine ? fine_shift(shift) : shift);
  if (fine) {
    add(sql_fine_limb_sums(table_.dialect(), expression, shift));
  } else {
    add(sql_limb_sums(table_.dialect(), expression, shift));
  }
}

// Σ weight v_j, then Σ weight v_j v_k; `weight` is empty where each case counts as one.
void SqlAnswer::add_moments(AggregateText& text, const std::string& weight, double largest_weight) {
  const Dialect& dialect = table_.dialect();
  std::vector<std::string> v;
  for (const NumberPlan& number : numbers_) {
    v.push_back(fmt::format("coalesce({} - {}, {})", table_.value(number.column),
                            sql_number(dialect, number.centre), sql_number(dialect, 0)));
  }
  const std::string times = weight.empty() ? "" : weight + " * ";
  for (size_t j = 0; j < v.size(); ++j) {
    add_measure(text, fmt::format("({}{})", times, v[j]), largest_weight * numbers_[j].largest);
  }
  for (size_t j = 0; j < v.size(); ++j) {
    for (size_t k = 0; k <= j; ++k) {
      add_measure(text, fmt::format("({}{} * {})", times, v[j], v[k]),
                  largest_weight * numbers_[j].largest * numbers_[k].largest);
    }
  }
}

void SqlAnswer::write_statement() {
  const Dialect& dialect = table_.dialect();
  AggregateText text{.from = table_.from(), .alias = table_.alias()};
  if (by_place()) {
    for (const size_t column : design_.columns) {
      text.groups.push_back(table_.value(column));
      const bool is_text = table_.columns()[column].type == FileType::kText;
      statement_.types.push_back(is_text ? SqlType::kText : SqlType::kNumber);
    }
  }
  place_columns_ = text.groups.size();
  for (std::string& group : cell_groups(statement_.types)) text.groups.push_back(std::move(group));
  restrict_to_where(text, statement_.types, text.groups.size());
  text.sums.push_back(fmt::format(fmt::runtime(dialect.whole), "count(*)"));
  statement_.types.push_back(SqlType::kWhole);
  if (!design_.weighted) {
    add_moments(text, "", 1);
  } else {
    const std::string w = table_.value(design_.weight_column);
    const double largest = design_.weight_high;
    has_live_ = !(design_.weight_low > 0);
    if (has_live_) {
      text.sums.push_back(
          sql_whole_sum(dialect, sql_if(dialect, w + " > " + sql_number(dialect, 0), "1", "0")));
      statement_.types.push_back(SqlType::kWhole);
    }
    const std::string w2 = fmt::format("({0} * {0})", w);
    add_measure(text, w, largest);
    add_measure(text, w2, largest * largest);
    add_moments(text, w, largest);
    if (design_.design.elements()) add_moments(text, w2, largest * largest);
  }
  statement_.text = sql_aggregate(text);
}

void SqlAnswer::write_replicate_statement() {
  AggregateText text{.from = table_.from(), .alias = table_.alias()};
  text.groups = cell_groups(replicate_statement_.types);
  restrict_to_where(text, replicate_statement_.types, text.groups.size());
  replicate_shift_ = limb_shift(design_.replicate_largest, design_.case_count);
  for (const size_t column : design_.replicates) {
    for (std::string& sum :
         sql_limb_sums(table_.dialect(), table_.value(column), replicate_shift_)) {
      text.sums.push_back(std::move(sum));
      replicate_statement_.types.push_back(SqlType::kWhole);
    }
  }
  text.sums.push_back(fmt::format(fmt::runtime(table_.dialect().whole), "count(*)"));
  replicate_statement_.types.push_back(SqlType::kWhole);
  replicate_statement_.text = sql_aggregate(text);
}

}  // namespace barometer

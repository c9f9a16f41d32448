#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/model/covariates_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

// Rows of a column, in the order given.
Column gathered(const Column& column, const std::vector<size_t>& rows) {
  return std::visit(
      [&](const auto& from) -> Column {
        using Values = std::decay_t<decltype(from)>;
        Values made;
        for (const size_t row : rows) {
          if constexpr (std::is_same_v<Values, NarrowCodes> || std::is_same_v<Values, WideCodes>) {
            made.push_back(from[row]);
          } else if constexpr (std::is_same_v<Values, OptionSets>) {
            made.bits.push_back(from.bits[row]);
            made.missing.push_back(from.missing[row]);
          } else {
            made.values.push_back(from.values[row]);
            made.missing.push_back(from.missing[row]);
          }
        }
        return made;
      },
      column);
}

std::string shown(const CovariateValue& value) {
  if (const double* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
  return printable(std::get<std::string>(value));
}

tl::unexpected<Error> no_value(const Variable& variable, const CovariateValue& value) {
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' cannot be {}", printable(variable.id), shown(value)));
}

Result<int> code_of(const Variable& variable, const CovariateValue& value) {
  if (const double* number = std::get_if<double>(&value)) {
    if (variable.kind == VariableKind::kScale && *number == std::floor(*number) &&
        std::abs(*number) <= kMaxCode && variable.has_code(static_cast<int>(*number))) {
      return static_cast<int>(*number);
    }
    return no_value(variable, value);
  }
  const Category* category = variable.category_labelled(std::get<std::string>(value));
  if (category == nullptr) return no_value(variable, value);
  return category->code;
}

Status set_value(Column& column, size_t row, const Variable& variable,
                 const CovariateValue& value) {
  if (auto* numbers = std::get_if<Numbers>(&column)) {
    const double* number = std::get_if<double>(&value);
    if (number == nullptr || !std::isfinite(*number)) return no_value(variable, value);
    numbers->values[row] = *number;
    numbers->missing[row] = Missing::kNone;
  } else if (auto* texts = std::get_if<Texts>(&column)) {
    const auto* text = std::get_if<std::string>(&value);
    if (text == nullptr) return no_value(variable, value);
    texts->values[row] = *text;
    texts->missing[row] = Missing::kNone;
  } else if (auto* narrow = std::get_if<NarrowCodes>(&column)) {
    (*narrow)[row] = static_cast<uint8_t>(TRY(code_of(variable, value)));
  } else if (auto* wide = std::get_if<WideCodes>(&column)) {
    (*wide)[row] = static_cast<uint16_t>(TRY(code_of(variable, value)));
  } else {
    return no_value(variable, value);
  }
  return {};
}

// A formula's text from its ~ on, which may not be one inside quotes or backticks.
std::string_view after_response(std::string_view text) {
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (quote != 0) {
      if (text[i] == quote) quote = 0;
    } else if (text[i] == '`' || text[i] == '"' || text[i] == '\'') {
      quote = text[i];
    } else if (text[i] == '~') {
      return text.substr(i);
    }
  }
  return text;
}

}  // namespace

Result<CovariateRows> CovariateRows::make(const GlmFit& fit, const Dataset& data) {
  CHECK(data.case_count() == fit.cases.size(), "the data are those of the model");
  CovariateRows rows(TRY(Formula::parse(after_response(fit.formula.text()))));
  rows.labels_ = fit.labels;
  rows.names_ = rows.right_side_.variables();
  std::vector<size_t> cases;
  for (size_t i = 0; i < fit.cases.size(); ++i) {
    if (fit.cases[i] != 0) cases.push_back(i);
  }
  rows.case_count_ = cases.size();
  for (const std::string& name : rows.names_) {
    const auto index = data.codebook().index_of_written(name);
    CHECK(index.has_value(), "the model was fitted to these variables");
    rows.variables_.push_back(data.codebook().variables()[*index]);
    rows.columns_.push_back(gathered(data.column(*index), cases));
  }
  return rows;
}

Result<size_t> CovariateRows::index_of(const std::string& variable) const {
  for (size_t i = 0; i < names_.size(); ++i) {
    if (names_[i] == variable || variables_[i].id == variable) return i;
  }
  return fail(ErrorCode::kNotFound, fmt::format("'{}' is not in the model; its variables are {}",
                                                printable(variable), join(names_, ", ")));
}

bool CovariateRows::is_number(const std::string& variable) const {
  const auto index = index_of(variable);
  return index && (variables_[*index].kind == VariableKind::kNumber ||
                   variables_[*index].kind == VariableKind::kScale);
}

Result<std::vector<std::string>> CovariateRows::categories(const std::string& variable) const {
  const size_t index = TRY(index_of(variable));
  Codebook codebook;
  TRY_DONE(codebook.add(variables_[index]));
  const Dataset data = TRY(Dataset::make(std::move(codebook), {columns_[index]}));
  return TRY(levels_of(data, variables_[index].id)).labels;
}

Result<Vector> CovariateRows::numbers(const std::string& variable) const {
  const size_t index = TRY(index_of(variable));
  Codebook codebook;
  TRY_DONE(codebook.add(variables_[index]));
  const Dataset data = TRY(Dataset::make(std::move(codebook), {columns_[index]}));
  const std::vector<double> values = TRY(numbers_of_variable(data, variables_[index].id));
  return Vector(Eigen::Map<const Vector>(values.data(), static_cast<Index>(values.size())));
}

Result<CovariateRows> CovariateRows::with_number(size_t index) const {
  CovariateRows rows = *this;
  if (variables_[index].kind != VariableKind::kScale) return rows;
  const Vector values = TRY(numbers(names_[index]));
  Numbers numbers;
  for (const double value : values) {
    numbers.values.push_back(std::isfinite(value) ? value : 0);
    numbers.missing.push_back(std::isfinite(value) ? Missing::kNone : Missing::kSystem);
  }
  Variable variable;
  variable.id = variables_[index].id;
  variable.label = variables_[index].label;
  variable.kind = VariableKind::kNumber;
  rows.variables_[index] = std::move(variable);
  rows.columns_[index] = std::move(numbers);
  return rows;
}

Result<Matrix> CovariateRows::changed(const std::vector<size_t>& sources,
                                      const Changes& changes) const {
  std::vector<size_t> rows(case_count_);
  std::iota(rows.begin(), rows.end(), size_t{0});
  rows.insert(rows.end(), sources.begin(), sources.end());
  Codebook codebook;
  std::vector<Column> columns;
  for (size_t v = 0; v < variables_.size(); ++v) {
    TRY_DONE(codebook.add(variables_[v]));
    columns.push_back(gathered(columns_[v], rows));
    const auto change = changes.find(v);
    if (change == changes.end()) continue;
    for (size_t i = 0; i < sources.size(); ++i) {
      TRY_DONE(set_value(columns.back(), case_count_ + i, variables_[v], change->second(i)));
    }
  }
  if (variables_.empty()) return Matrix(Matrix::Ones(static_cast<Index>(sources.size()), 1));
  const Dataset data = TRY(Dataset::make(std::move(codebook), std::move(columns)));
  const ModelMatrix matrix = TRY(right_side_.matrix(data, {}));
  for (size_t i = case_count_; i < rows.size(); ++i) {
    if (matrix.complete[i] != 0) continue;
    return fail(ErrorCode::kInvalid, "a column of the model has no value at these covariates");
  }
  if (matrix.columns != labels_) {
    return fail(ErrorCode::kInvalid,
                fmt::format("no case of the model has one of these values; the columns would be "
                            "{} instead of {}",
                            join(matrix.columns, ", "), join(labels_, ", ")));
  }
  return Matrix(matrix.x.bottomRows(static_cast<Index>(sources.size())));
}

Result<Matrix> CovariateRows::as_they_are() const {
  std::vector<size_t> all(case_count_);
  std::iota(all.begin(), all.end(), size_t{0});
  return changed(all, {});
}

Result<Matrix> CovariateRows::all_at(const std::string& variable,
                                     const CovariateValue& value) const {
  std::vector<size_t> all(case_count_);
  std::iota(all.begin(), all.end(), size_t{0});
  return changed(all, {{TRY(index_of(variable)), [&](size_t) { return value; }}});
}

Result<Matrix> CovariateRows::each_at(const std::string& variable, const Vector& values) const {
  std::vector<size_t> all(case_count_);
  std::iota(all.begin(), all.end(), size_t{0});
  const size_t index = TRY(index_of(variable));
  const CovariateRows rows = TRY(with_number(index));
  return rows.changed(
      all, {{index, [&](size_t i) -> CovariateValue { return values(static_cast<Index>(i)); }}});
}

Result<Matrix> CovariateRows::at(const std::vector<CovariatePoint>& points) const {
  std::vector<std::vector<CovariateValue>> values(names_.size());
  for (const CovariatePoint& point : points) {
    std::vector<const CovariateValue*> here(names_.size(), nullptr);
    for (const auto& [variable, value] : point) here[TRY(index_of(variable))] = &value;
    for (size_t v = 0; v < names_.size(); ++v) {
      if (here[v] == nullptr) {
        return fail(ErrorCode::kInvalid, fmt::format("a point to predict at has no value of '{}'",
                                                     printable(names_[v])));
      }
      values[v].push_back(*here[v]);
    }
  }
  Changes changes;
  for (size_t v = 0; v < names_.size(); ++v) {
    changes[v] = [&, v](size_t i) { return values[v][i]; };
  }
  return changed(std::vector<size_t>(points.size(), 0), changes);
}

}  // namespace barometer

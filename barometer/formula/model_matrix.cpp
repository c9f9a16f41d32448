#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/formula/formula_internal.h"

namespace barometer {
namespace {

constexpr size_t kMaxColumns = 5'000;
constexpr size_t kMaxCells = size_t{1} << 29;

using Values = std::vector<FormulaValue>;

bool missing_in(const FormulaValue& value, size_t row) {
  return value.categorical ? value.levels.codes[row] < 0 : std::isnan(value.numbers[row]);
}

// Truths are the categories FALSE and TRUE.
void make_truth_categorical(FormulaValue& value) {
  if (!value.truth) return;
  value.levels.labels = {"FALSE", "TRUE"};
  for (const double truth : value.numbers) {
    value.levels.codes.push_back(std::isnan(truth) ? -1 : static_cast<int32_t>(truth));
  }
  value.numbers.clear();
  value.categorical = true;
}

// Leaves out the levels that occur in no complete case. Truths keep both, as in R.
void keep_occurring(FormulaValue& value, const std::vector<uint8_t>& complete) {
  if (!value.categorical || value.truth) return;
  std::vector<int32_t> place(value.levels.labels.size(), -1);
  for (size_t row = 0; row < complete.size(); ++row) {
    if (complete[row] != 0) place[static_cast<size_t>(value.levels.codes[row])] = 0;
  }
  std::vector<std::string> labels;
  for (size_t level = 0; level < place.size(); ++level) {
    if (place[level] < 0) continue;
    place[level] = static_cast<int32_t>(labels.size());
    labels.push_back(std::move(value.levels.labels[level]));
  }
  value.levels.labels = std::move(labels);
  for (int32_t& code : value.levels.codes) {
    if (code >= 0) code = place[static_cast<size_t>(code)];
  }
}

// A variable as it stands in one term: a quantity, or an indicator of each category from `first`.
struct CodedVariable {
  const FormulaValue* value;
  const std::string* name;
  size_t first = 0;

  [[nodiscard]] size_t width() const {
    return value->categorical ? value->levels.labels.size() - first : 1;
  }
  [[nodiscard]] std::string column_name(size_t i) const {
    return value->categorical ? *name + value->levels.labels[first + i] : *name;
  }
  [[nodiscard]] double at(size_t row, size_t i) const {
    if (!value->categorical) return value->numbers[row];
    return static_cast<size_t>(value->levels.codes[row]) == first + i ? 1 : 0;
  }
};

// All categories, when no term before holds the rest of this one (an empty rest is held by the
// intercept, or by the rule for models without one).
bool needs_all(const FormulaParts& parts, size_t term, size_t variable) {
  FormulaTerm rest = parts.terms[term];
  rest.reset(variable);
  if (rest.none()) return false;
  for (size_t before = 0; before < term; ++before) {
    if ((rest & ~parts.terms[before]).none()) return false;
  }
  return true;
}

class Columns {
 public:
  Columns(const FormulaParts& parts, const Values& values, std::vector<uint8_t> complete,
          std::string_view text)
      : parts_(parts), values_(values), text_(text) {
    made_.complete = std::move(complete);
    made_.terms = parts.labels;
  }

  Result<ModelMatrix> make() {
    std::vector<std::vector<CodedVariable>> coded;
    for (size_t term = 0; term < parts_.terms.size(); ++term) {
      coded.push_back(coded_variables(term));
    }
    if (!parts_.intercept) free_first_category(coded);
    size_t count = parts_.intercept ? 1 : 0;
    for (const auto& variables : coded) count += TRY(width_of(variables));
    TRY_DONE(check_size(count));
    const size_t rows = made_.complete.size();
    made_.x = Matrix::Zero(static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(count));
    if (parts_.intercept) {
      add_column("(Intercept)", std::numeric_limits<size_t>::max(), [](size_t) { return 1.0; });
    }
    for (size_t term = 0; term < coded.size(); ++term) add_term(term, coded[term]);
    return std::move(made_);
  }

 private:
  [[nodiscard]] std::vector<CodedVariable> coded_variables(size_t term) const {
    std::vector<CodedVariable> coded;
    for (size_t i = 0; i < values_.size(); ++i) {
      if (!parts_.terms[term][i]) continue;
      const bool contrasts = values_[i].categorical && !needs_all(parts_, term, i);
      coded.push_back({&values_[i], &parts_.names[i], contrasts ? size_t{1} : size_t{0}});
    }
    return coded;
  }

  static void free_first_category(std::vector<std::vector<CodedVariable>>& coded) {
    for (auto& variables : coded) {
      for (CodedVariable& variable : variables) {
        if (!variable.value->categorical) continue;
        variable.first = 0;
        return;
      }
    }
  }

  [[nodiscard]] Result<size_t> width_of(const std::vector<CodedVariable>& variables) const {
    size_t width = 1;
    for (const CodedVariable& variable : variables) {
      if (variable.value->categorical && variable.value->levels.labels.size() < 2) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("'{}' in '{}' has {} among the cases; two are needed",
                                printable(*variable.name), printable(text_),
                                variable.value->levels.labels.empty()
                                    ? "no category"
                                    : "one category, '" +
                                          printable(variable.value->levels.labels[0]) + "',"));
      }
      width *= variable.width();
      TRY_DONE(check_size(width));
    }
    return width;
  }

  [[nodiscard]] Status check_size(size_t columns) const {
    if (columns > kMaxColumns) {
      return fail(ErrorCode::kLimit, fmt::format("'{}' makes {} columns, more than {}",
                                                 printable(text_), columns, kMaxColumns));
    }
    if (columns * made_.complete.size() > kMaxCells) {
      return fail(ErrorCode::kLimit,
                  fmt::format("'{}' makes {} columns of {} cases, more than {} numbers",
                              printable(text_), columns, made_.complete.size(), kMaxCells));
    }
    return {};
  }

  template <class Cell>
  void add_column(std::string name, size_t term, Cell cell) {
    const auto j = static_cast<Eigen::Index>(made_.columns.size());
    made_.columns.push_back(std::move(name));
    made_.term_of_column.push_back(term);
    for (size_t row = 0; row < made_.complete.size(); ++row) {
      if (made_.complete[row] != 0) made_.x(static_cast<Eigen::Index>(row), j) = cell(row);
    }
  }

  // The first variable's categories change fastest.
  void add_term(size_t term, const std::vector<CodedVariable>& variables) {
    std::vector<size_t> place(variables.size());
    while (true) {
      std::vector<std::string> names;
      for (size_t i = 0; i < variables.size(); ++i) {
        names.push_back(variables[i].column_name(place[i]));
      }
      add_column(join(names, ":"), term, [&](size_t row) {
        double product = 1;
        for (size_t i = 0; i < variables.size(); ++i) product *= variables[i].at(row, place[i]);
        return product;
      });
      size_t i = 0;
      while (i < place.size() && ++place[i] == variables[i].width()) place[i++] = 0;
      if (i == place.size()) return;
    }
  }

  const FormulaParts& parts_;
  const Values& values_;
  std::string_view text_;
  ModelMatrix made_;
};

}  // namespace

Result<ModelMatrix> Formula::matrix(const Dataset& data, std::span<const uint8_t> mask) const {
  CHECK(mask.empty() || mask.size() == data.case_count(), "a mask has one byte a case");
  Values values;
  for (const FormulaNode& variable : parts_->variables) {
    values.push_back(TRY(value_of(variable, data, text_)));
    make_truth_categorical(values.back());
  }
  std::vector<uint8_t> complete(data.case_count(), 1);
  if (!mask.empty()) complete.assign(mask.begin(), mask.end());
  const auto leave_out_missing = [&](const FormulaValue& value) {
    for (size_t row = 0; row < complete.size(); ++row) {
      if (missing_in(value, row)) complete[row] = 0;
    }
  };
  for (const FormulaValue& value : values) leave_out_missing(value);
  if (parts_->response) leave_out_missing(TRY(value_of(*parts_->response, data, text_)));
  for (FormulaValue& value : values) keep_occurring(value, complete);
  return Columns(*parts_, values, std::move(complete), text_).make();
}

}  // namespace barometer

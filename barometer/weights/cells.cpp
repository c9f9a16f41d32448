#include <algorithm>
#include <charconv>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/formula/formula.h"
#include "barometer/weights/adjustments_internal.h"
#include "barometer/weights/cells_internal.h"

namespace barometer {
namespace {

std::optional<double> plain_number(const std::string& text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, value);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return value;
}

// Finds a category as a margin writes it: by label, by code, as a number.
class LevelFinder {
 public:
  LevelFinder(const Variable& variable, const Levels& levels)
      : variable_(variable), levels_(levels) {}

  // -1: no case has it.
  [[nodiscard]] int32_t find(const std::string& written) const {
    if (const int32_t place = place_of(written); place >= 0) return place;
    if (variable_.category_labelled(written) != nullptr) return -1;
    const std::optional<double> number = plain_number(written);
    if (!number) return -1;
    for (const Category& category : variable_.categories) {
      if (category.code == *number) return place_of(category.label);
    }
    if (variable_.kind != VariableKind::kNumber && variable_.kind != VariableKind::kScale) {
      return -1;
    }
    for (size_t k = 0; k < levels_.labels.size(); ++k) {
      if (plain_number(levels_.labels[k]) == number) return static_cast<int32_t>(k);
    }
    return -1;
  }

 private:
  [[nodiscard]] int32_t place_of(const std::string& label) const {
    const auto found = std::ranges::find(levels_.labels, label);
    return found == levels_.labels.end() ? -1
                                         : static_cast<int32_t>(found - levels_.labels.begin());
  }

  const Variable& variable_;
  const Levels& levels_;
};

struct MarginVariables {
  std::vector<std::string> ids;
  std::vector<Levels> levels;
  bool text = false;  // one is open text, whose words are not to be told
};

Status check_missing(const std::string& id, const Levels& levels, std::span<const double> weights) {
  size_t missing = 0;
  size_t first = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0 || levels.codes[i] >= 0) continue;
    if (missing++ == 0) first = i + 1;
  }
  if (missing == 0) return {};
  return fail(
      ErrorCode::kInvalid,
      fmt::format("{} no value of '{}', which the weights are to be adjusted by (the first "
                  "is row {}): fill it in, or make the missing a category of its own",
                  missing == 1 ? "1 case has" : fmt::format("{} cases have", missing), id, first));
}

Result<MarginVariables> read_variables(const Margin& margin, const Dataset& data,
                                       std::span<const double> weights) {
  MarginVariables variables;
  for (const std::string& written : margin.variables) {
    const std::string id = TRY(written_variable(data, written));
    Levels levels = TRY(levels_of(data, id, 100'000));
    TRY_DONE(check_missing(id, levels, weights));
    variables.text |= data.codebook().find(id)->kind == VariableKind::kText;
    variables.ids.push_back(id);
    variables.levels.push_back(std::move(levels));
  }
  return variables;
}

// Cells of several variables as one number.
int64_t key_of(const std::vector<int32_t>& codes, const MarginVariables& variables) {
  int64_t key = 0;
  for (size_t k = 0; k < codes.size(); ++k) {
    if (codes[k] < 0) return -1;
    key = key * static_cast<int64_t>(variables.levels[k].labels.size()) + codes[k];
  }
  return key;
}

// "row 3, is sex = man", or the row alone.
std::string cell_text(const MarginVariables& variables, size_t row) {
  if (variables.text) return fmt::format("is row {}", row + 1);
  std::string text = fmt::format("row {}, is ", row + 1);
  for (size_t k = 0; k < variables.ids.size(); ++k) {
    text += fmt::format(
        "{}{} = {}", k == 0 ? "" : ", ", variables.ids[k],
        printable(variables.levels[k].labels[static_cast<size_t>(variables.levels[k].codes[row])]));
  }
  return text;
}

// Row of the margin for each key; rows whose categories no case has are in none.
std::unordered_map<int64_t, int32_t> rows_by_key(const Margin& margin,
                                                 const MarginVariables& variables,
                                                 const Dataset& data) {
  std::unordered_map<int64_t, int32_t> rows;
  for (size_t r = 0; r < margin.levels.size(); ++r) {
    std::vector<int32_t> codes;
    for (size_t k = 0; k < variables.ids.size(); ++k) {
      const Variable& variable = *data.codebook().find(variables.ids[k]);
      codes.push_back(LevelFinder(variable, variables.levels[k]).find(margin.levels[r][k]));
    }
    if (const int64_t key = key_of(codes, variables); key >= 0) {
      rows.emplace(key, static_cast<int32_t>(r));
    }
  }
  return rows;
}

// The row of each case with a weight. kInvalid: a case whose cell the margin does not have.
Result<std::vector<int32_t>> place_cases(const MarginVariables& variables,
                                         const std::unordered_map<int64_t, int32_t>& rows,
                                         std::span<const double> weights, const Margin& margin) {
  std::vector<int32_t> row_of_case(weights.size(), -1);
  std::vector<int32_t> codes(variables.ids.size());
  size_t absent = 0;
  size_t first = 0;
  int64_t last_key = -1;
  int32_t last_row = -1;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    for (size_t k = 0; k < codes.size(); ++k) codes[k] = variables.levels[k].codes[i];
    const int64_t key = key_of(codes, variables);
    if (key != last_key) {
      const auto found = rows.find(key);
      last_key = key;
      last_row = found == rows.end() ? -1 : found->second;
    }
    row_of_case[i] = last_row;
    if (last_row < 0 && absent++ == 0) first = i;
  }
  if (absent == 0) return row_of_case;
  return fail(ErrorCode::kInvalid,
              fmt::format("{} in a category that the margin '{}' does not have; the first{} {}",
                          absent == 1 ? "1 case is" : fmt::format("{} cases are", absent),
                          name_of(margin), variables.text ? "" : ",", cell_text(variables, first)));
}

Status no_cases(const Margin& margin, size_t row, const MarginVariables& variables) {
  std::string hint;
  if (variables.ids.size() == 1 && !variables.text &&
      std::ranges::find(variables.levels[0].labels, margin.levels[row][0]) ==
          variables.levels[0].labels.end()) {
    hint = suggestion(margin.levels[row][0], variables.levels[0].labels);
  }
  return fail(
      ErrorCode::kInvalid,
      fmt::format("no case with a weight is in '{}' of the margin '{}', whose population is {:.10g}"
                  "{}{}; join it with another category, or leave out such categories (partial)",
                  printable(label_of_row(margin, row)), name_of(margin), margin.totals[row],
                  hint.empty() ? "" : "; ", hint));
}

// Keeps the rows that cases are in.
Status keep_rows(const Margin& margin, const MarginVariables& variables, double scale, bool partial,
                 MatchedMargin& matched) {
  std::vector<size_t> cases(margin.levels.size());
  for (const int32_t row : matched.row_of_case) {
    if (row >= 0) ++cases[static_cast<size_t>(row)];
  }
  std::vector<int32_t> place(margin.levels.size(), -1);
  for (size_t r = 0; r < margin.levels.size(); ++r) {
    if (cases[r] > 0 && margin.totals[r] == 0) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("the margin '{}' says that the population of '{}' is 0, but {} in it",
                              name_of(margin), printable(label_of_row(margin, r)),
                              cases[r] == 1 ? "1 case is" : fmt::format("{} cases are", cases[r])));
    }
    if (cases[r] == 0) {
      if (margin.totals[r] > 0 && !partial) return no_cases(margin, r, variables);
      if (margin.totals[r] > 0) matched.left_out.push_back(label_of_row(margin, r));
      continue;
    }
    place[r] = static_cast<int32_t>(matched.labels.size());
    matched.labels.push_back(label_of_row(margin, r));
    matched.totals.push_back(margin.totals[r] * scale);
  }
  for (int32_t& row : matched.row_of_case) {
    if (row >= 0) row = place[static_cast<size_t>(row)];
  }
  return {};
}

double sum_of_weights(std::span<const double> weights) {
  double sum = 0;
  for (const double w : weights) sum += w;
  return sum;
}

}  // namespace

std::string cases_text(size_t count) {
  return count == 1 ? "1 case" : fmt::format("{} cases", count);
}

void add_trouble(WeightStep& step, const std::string& sentence) {
  if (!step.trouble.empty()) step.trouble += " ";
  step.trouble += sentence;
}

Status check_lengths(const Sample& sample, const Dataset& data) {
  if (sample.case_count() == data.case_count()) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("the sample has {}, the data {}", cases_text(sample.case_count()),
                          cases_text(data.case_count())));
}

Status check_not_negative(std::span<const double> weights, const std::string& what) {
  const auto found = std::ranges::find_if(weights, [](double w) { return !(w >= 0); });
  if (found == weights.end()) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("row {} has the weight {:.6g}: {} starts from weights of at least 0",
                          found - weights.begin() + 1, *found, what));
}

Result<std::string> written_variable(const Dataset& data, const std::string& name) {
  if (const auto index = data.codebook().index_of_written(name)) {
    return data.codebook().variables()[*index].id;
  }
  const std::vector<std::string> ids = data.codebook().ids();
  const std::string hint = suggestion(name, ids);
  return fail(ErrorCode::kNotFound, fmt::format("there is no variable '{}' in the data{}{}",
                                                printable(name), hint.empty() ? "" : ": ", hint));
}

Result<MatchedMargin> match_margin(const Margin& margin, const Dataset& data,
                                   std::span<const double> weights, const MatchOptions& options) {
  TRY_DONE(check_margin(margin));
  const MarginVariables variables = TRY(read_variables(margin, data, weights));
  MatchedMargin matched;
  matched.name = join(variables.ids, " × ");
  matched.row_of_case =
      TRY(place_cases(variables, rows_by_key(margin, variables, data), weights, margin));
  const double whole = options.population > 0 ? options.population : sum_of_weights(weights);
  const double scale = margin.shares ? whole / sum_of(margin) : 1;
  TRY_DONE(keep_rows(margin, variables, scale, options.partial, matched));
  return matched;
}

JointCells joint_cells(std::span<const MatchedMargin> margins) {
  JointCells cells;
  if (margins.empty()) return cells;
  const size_t n = margins.front().row_of_case.size();
  cells.cell_of_case.assign(n, -1);
  for (size_t i = 0; i < n; ++i) cells.cell_of_case[i] = margins[0].row_of_case[i] < 0 ? -1 : 0;
  cells.count = 1;
  cells.row_of_cell.assign(margins.size(), {});
  for (size_t k = 0; k < margins.size(); ++k) {
    std::unordered_map<int64_t, int32_t> place;
    std::vector<int32_t> old_cell;
    std::vector<int32_t> row;
    const auto rows = static_cast<int64_t>(margins[k].totals.size());
    for (size_t i = 0; i < n; ++i) {
      if (cells.cell_of_case[i] < 0) continue;
      const int64_t key = cells.cell_of_case[i] * rows + margins[k].row_of_case[i];
      const auto [found, added] = place.emplace(key, static_cast<int32_t>(row.size()));
      if (added) {
        old_cell.push_back(cells.cell_of_case[i]);
        row.push_back(margins[k].row_of_case[i]);
      }
      cells.cell_of_case[i] = found->second;
    }
    for (size_t j = 0; j < k; ++j) {
      std::vector<int32_t> split(row.size());
      for (size_t c = 0; c < row.size(); ++c) {
        split[c] = cells.row_of_cell[j][static_cast<size_t>(old_cell[c])];
      }
      cells.row_of_cell[j] = std::move(split);
    }
    cells.row_of_cell[k] = std::move(row);
    cells.count = cells.row_of_cell[k].size();
  }
  return cells;
}

Matrix sums_by_cell(const Sample& sample, std::span<const int32_t> cell_of_case, size_t count) {
  const Replicates* replicates = sample.replicates();
  const Eigen::Index columns = 1 + (replicates != nullptr ? replicates->weights.cols() : 0);
  Matrix sums = Matrix::Zero(static_cast<Eigen::Index>(count), columns);
  const std::span<const double> weights = sample.weights();
  for (Eigen::Index j = 0; j < columns; ++j) {
    for (size_t i = 0; i < weights.size(); ++i) {
      if (cell_of_case[i] < 0) continue;
      sums(cell_of_case[i], j) +=
          j == 0 ? weights[i] : replicates->weights(static_cast<Eigen::Index>(i), j - 1);
    }
  }
  return sums;
}

Sample scaled_by_cell(const Sample& sample, std::span<const int32_t> cell_of_case,
                      const Matrix& factors, std::shared_ptr<const Adjustment> adjustment,
                      const std::string& description) {
  std::vector<double> weights(sample.weights().begin(), sample.weights().end());
  for (size_t i = 0; i < weights.size(); ++i) {
    if (cell_of_case[i] >= 0) weights[i] *= factors(cell_of_case[i], 0);
  }
  if (sample.replicates() == nullptr) {
    return sample.adjusted(std::move(weights), before_response(sample, std::move(adjustment)));
  }
  Matrix replicates = sample.replicates()->weights;
  for (Eigen::Index j = 0; j < replicates.cols(); ++j) {
    for (Eigen::Index i = 0; i < replicates.rows(); ++i) {
      const int32_t cell = cell_of_case[static_cast<size_t>(i)];
      if (cell >= 0) replicates(i, j) *= factors(cell, j + 1);
    }
  }
  return sample.reweighted(std::move(weights), std::move(replicates), description);
}

}  // namespace barometer

// Surveys and plans for tests of books, and every cell of a table the long way: case by case, by
// the ratio of two totals in a domain of a sample of cases.
#pragma once

#include <cmath>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "barometer/base/student_t.h"
#include "barometer/book/book.h"
#include "barometer/estimand/quantile.h"
#include "barometer/estimand/spread.h"
#include "barometer/sample/functional.h"

namespace barometer {

// |found - expected| within 1e-11 of the value, or of what it is a sum of.
inline ::testing::AssertionResult close_to(double found, double expected, double size) {
  if (std::abs(found - expected) <= 1e-11 * (std::abs(expected) + size)) {
    return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure() << found << " in the book, " << expected << " by cases";
}

// A row in a column as a ratio: Σ w y / Σ w z over the domain.
struct LongRatio {
  Vector y, z;
  std::vector<uint8_t> domain;

  [[nodiscard]] FunctionalPtr functional() const { return ratio_of(y, z, domain); }
};

class TheLongWay {
 public:
  TheLongWay(const Dataset& data, const Sample& sample, const BookPlan& plan,
             const BookTable& table, const RowsPlan& rows)
      : data_(data), sample_(sample), plan_(plan), table_(table), rows_(rows) {
    inside_.assign(data.case_count(), 1);
    if (!table.filter.empty()) {
      inside_ = Expression::parse(table.filter).value().evaluate(data).value();
    }
  }

  void check() const {
    for (size_t g = 0; g < table_.columns.size(); ++g) check_bases(g);
    for (size_t r = 0; r < table_.rows.size(); ++r) {
      for (size_t g = 0; g < table_.columns.size(); ++g) {
        SCOPED_TRACE(table_.id + ": row " + table_.rows[r].label + ", column " + std::to_string(g));
        check_cell(r, g);
      }
    }
    for (const ColumnCovariances& group : table_.covariances) {
      for (size_t r = 0; r < group.of_rows.size(); ++r) check_covariances(r, group);
    }
    for (const PairTest& test : table_.tests) check_test(test);
  }

  [[nodiscard]] bool has(const std::string& id, size_t i, int code) const {
    const Column& column = **data_.find(id);
    if (missing_at(column, i) != Missing::kNone) return false;
    const auto* sets = std::get_if<OptionSets>(&column);
    if (sets == nullptr) return code_at(column, i) == code;
    const Variable& variable = *data_.codebook().find(id);
    for (size_t k = 0; k < variable.categories.size(); ++k) {
      if (variable.categories[k].code == code) return ((sets->bits[i] >> k) & 1U) != 0;
    }
    return false;
  }

 private:
  [[nodiscard]] bool in_column(const BookColumn& column, size_t i) const {
    if (column.kind == ColumnKind::kTotal) return true;
    const std::vector<std::string>& variables = plan_.banner[column.group].variables;
    for (const std::string& variable : variables) {
      if (missing_at(**data_.find(variable), i) != Missing::kNone) return false;
    }
    const auto has_all = [&](const std::vector<int>& codes) {
      bool in = true;
      for (size_t k = 0; k < variables.size(); ++k) in = in && has(variables[k], i, codes[k]);
      return in;
    };
    bool in = has_all(column.codes);
    for (const std::vector<int>& codes : column.merged) in = in || has_all(codes);
    return in == (column.kind == ColumnKind::kCategory);
  }
  [[nodiscard]] bool in_base(size_t i) const {
    const Variable& variable = table_.variable;
    const Missing missing = missing_at(**data_.find(variable.id), i);
    const bool number = variable.kind == VariableKind::kNumber;
    if (missing == Missing::kDontKnow && !number) return variable.dont_know_in_base;
    if (missing != Missing::kNone) return false;
    for (const Category& category : variable.categories) {
      if (category.dont_know && !variable.dont_know_in_base && has(variable.id, i, category.code)) {
        return false;
      }
    }
    return true;
  }
  [[nodiscard]] bool is_share(const BookRow& row) const {
    return row.kind == RowKind::kCategory || row.kind == RowKind::kNet ||
           row.kind == RowKind::kTopBoxes || row.kind == RowKind::kBottomBoxes;
  }
  // The value of a case in a mean; NaN outside its base.
  [[nodiscard]] double score(const BookRow& row, size_t i) const {
    const Column& column = **data_.find(table_.variable.id);
    if (missing_at(column, i) != Missing::kNone) return NAN;
    if (const auto* numbers = std::get_if<Numbers>(&column)) return numbers->values[i];
    const int code = code_at(column, i);
    if (row.kind == RowKind::kNps) return code >= 9 ? 100 : code <= 6 ? -100 : 0;
    if (rows_.scores.empty()) return code;
    for (const auto& [scored, value] : rows_.scores) {
      if (scored == code) return value;
    }
    return NAN;
  }

  [[nodiscard]] LongRatio ratio(size_t r, const BookColumn& column, PercentBase percent) const {
    const BookRow& row = table_.rows[r];
    const auto cases = static_cast<Eigen::Index>(inside_.size());
    LongRatio made{Vector::Zero(cases), Vector::Zero(cases), inside_};
    const PercentBase of = is_share(row) ? percent : PercentBase::kColumn;
    for (size_t i = 0; i < inside_.size(); ++i) {
      const bool column_has = in_column(column, i);
      double z = 0, b = 0;
      if (is_share(row)) {
        made.domain[i] = inside_[i] != 0 && in_base(i) ? 1 : 0;
        for (const int code : row.codes) z += has(table_.variable.id, i, code) ? 1 : 0;
        if (!rows_.responses) z = std::min(z, 1.0);
        b = rows_.responses ? 0 : 1;
        for (const Category& category : table_.variable.categories) {
          b += rows_.responses && has(table_.variable.id, i, category.code) ? 1 : 0;
        }
      } else {
        made.domain[i] = inside_[i] != 0 && !std::isnan(score(row, i)) ? 1 : 0;
        z = made.domain[i] != 0 ? score(row, i) : 0;
        b = 1;
      }
      if (of == PercentBase::kColumn && !column_has) made.domain[i] = 0;
      made.y(static_cast<Eigen::Index>(i)) = column_has ? z : 0;
      made.z(static_cast<Eigen::Index>(i)) = of == PercentBase::kRow ? z : b;
      if (made.domain[i] == 0) made.y(static_cast<Eigen::Index>(i)) = 0;
    }
    return made;
  }

  void check_bases(size_t g) const {
    const BookColumn& column = table_.columns[g];
    double n = 0, w = 0, w2 = 0;
    for (size_t i = 0; i < inside_.size(); ++i) {
      if (inside_[i] == 0 || !in_base(i) || !in_column(column, i)) continue;
      n += 1;
      w += sample_.weights()[i];
      w2 += sample_.weights()[i] * sample_.weights()[i];
    }
    EXPECT_EQ(column.n, n);
    EXPECT_TRUE(close_to(column.weighted_base, w, 0));
    EXPECT_TRUE(close_to(column.effective_base, w > 0 ? w * w / w2 : 0, 0));
  }

  void check_cell(size_t r, size_t g) const {
    const BookCell& cell = table_.at(r, g);
    const BookRow& row = table_.rows[r];
    const LongRatio by_cases = ratio(r, table_.columns[g], plan_.percent);
    double base = 0, count = 0;
    for (size_t i = 0; i < inside_.size(); ++i) {
      const auto at = static_cast<Eigen::Index>(i);
      if (by_cases.domain[i] == 0) continue;
      base += sample_.weights()[i] * by_cases.z(at);
      if (is_share(row)) count += by_cases.y(at) != 0 ? 1 : 0;
    }
    if (is_share(row)) {
      EXPECT_EQ(cell.count, count);
      EXPECT_TRUE(close_to(cell.weighted_base, base, 0));
    }
    ASSERT_EQ(cell.reason.empty(), cell.value.has_value());
    if (row.kind == RowKind::kMedian) return check_median(by_cases, cell);
    if (row.kind == RowKind::kStandardDeviation) return check_deviation(by_cases, cell);
    ASSERT_EQ(cell.value.has_value(), base > 0) << cell.reason;
    if (!cell.value) return;
    const auto expected = estimate(sample_, *by_cases.functional(), {});
    ASSERT_EQ(cell.se.has_value(), expected.has_value());
    if (!expected) return;
    // Where nothing varies, what is left is the rounding of values.
    const double value = expected->value(0);
    const double size = scale_of(by_cases, value, base) + 1e-20 * (1 + value * value);
    EXPECT_TRUE(close_to(*cell.value, expected->value(0), 1e-3));
    EXPECT_TRUE(close_to(*cell.se * *cell.se, expected->covariance(0, 0), size));
    EXPECT_EQ(*cell.df, sample_.df(by_cases.domain));
  }

  [[nodiscard]] static Smooth square_root() {
    return {1, [](const Vector& v) -> Result<Vector> { return Vector(v.cwiseSqrt()); },
            [](const Vector& v) { return Matrix(0.5 * v.cwiseSqrt().cwiseInverse()); }};
  }

  // What a variance is a sum of: the squares of weight times influence.
  [[nodiscard]] double scale_of(const LongRatio& ratio, double value, double base) const {
    double squares = 0;
    for (size_t i = 0; i < inside_.size(); ++i) {
      const auto at = static_cast<Eigen::Index>(i);
      if (ratio.domain[i] == 0) continue;
      const double x = sample_.weights()[i] * (ratio.y(at) - value * ratio.z(at)) / base;
      squares += x * x;
    }
    return squares;
  }

  void check_deviation(const LongRatio& by_cases, const BookCell& cell) const {
    const size_t n = spread_cases(sample_, by_cases.domain);
    ASSERT_EQ(cell.value.has_value(), n > 1) << cell.reason;
    if (!cell.value) return;
    const FunctionalPtr variance = variances_of(by_cases.y, by_cases.domain, n);
    const auto expected = estimate(sample_, *variance, {});
    if (!expected) return;
    EXPECT_TRUE(close_to(*cell.value * *cell.value, expected->value(0), 1));
    if (!cell.se || *cell.value < 1e-3) return;
    const auto root = estimate(sample_, *derived(variance, square_root()), {});
    if (!root) return;
    EXPECT_NEAR(*cell.se, root->se(0), 1e-8 * (1 + root->se(0)));
  }

  void check_median(const LongRatio& by_cases, const BookCell& cell) const {
    if (!cell.value) return;
    const std::vector<double> half{0.5};
    const std::vector<double> y(by_cases.y.begin(), by_cases.y.end());
    const auto expected = quantiles(sample_, y, by_cases.domain, half, {});
    ASSERT_TRUE(expected.has_value());
    EXPECT_EQ(cell.value, expected->front().value);
    EXPECT_EQ(cell.lower.has_value(), expected->front().lower.has_value());
    EXPECT_TRUE(close_to(cell.se.value_or(0), expected->front().se.value_or(0), 1));
  }

  [[nodiscard]] bool all_known(size_t r, const std::vector<size_t>& columns) const {
    for (const size_t g : columns) {
      if (!table_.at(r, g).value || !table_.at(r, g).se) return false;
    }
    return table_.rows[r].kind != RowKind::kMedian &&
           table_.rows[r].kind != RowKind::kStandardDeviation;
  }

  void check_covariances(size_t r, const ColumnCovariances& group) const {
    if (!all_known(r, group.columns)) return;
    std::vector<FunctionalPtr> parts;
    for (const size_t g : group.columns) {
      parts.push_back(ratio(r, table_.columns[g], plan_.percent).functional());
    }
    const auto expected = estimate(sample_, *stacked(parts), {});
    const Matrix& found = group.of_rows[r];
    ASSERT_EQ(found.size() > 0, expected.has_value());
    if (!expected) return;
    for (Eigen::Index g = 0; g < found.cols(); ++g) {
      for (Eigen::Index h = 0; h < found.rows(); ++h) {
        EXPECT_TRUE(
            close_to(found(g, h), expected->covariance(g, h), found(g, g) + found(h, h) + 0.01));
      }
    }
  }

  // The other column of a test, which the table need not show.
  [[nodiscard]] BookColumn other_of(const PairTest& test) const {
    if (test.with == ColumnKind::kTotal) return {.kind = ColumnKind::kTotal};
    BookColumn other = table_.columns[test.with == ColumnKind::kRest ? test.a : test.b];
    other.kind = test.with;
    return other;
  }

  void check_test(const PairTest& test) const {
    const LongRatio a = ratio(test.row, table_.columns[test.a], PercentBase::kColumn);
    const LongRatio b = ratio(test.row, other_of(test), PercentBase::kColumn);
    const auto expected = estimate(sample_, *stacked({a.functional(), b.functional()}), {});
    ASSERT_TRUE(expected.has_value());
    const Matrix& v = expected->covariance;
    const double difference = expected->value(0) - expected->value(1);
    const double variance = v(0, 0) + v(1, 1) - 2 * v(0, 1);
    EXPECT_TRUE(close_to(test.difference, difference, 1e-3 + std::abs(expected->value(0))));
    if (plan_.significance.convention != Convention::kDesign) return;
    EXPECT_NEAR(test.se * test.se, variance, 1e-10 * (v(0, 0) + v(1, 1)) + 1e-18);
    EXPECT_TRUE(close_to(test.statistic, test.difference / test.se, 0));
    EXPECT_NEAR(test.p, t_two_sided(test.statistic, test.df), 1e-14);
  }

  const Dataset& data_;
  const Sample& sample_;
  const BookPlan& plan_;
  const BookTable& table_;
  const RowsPlan& rows_;
  std::vector<uint8_t> inside_;
};

}  // namespace barometer

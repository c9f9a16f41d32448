// The model's columns for its cases, or for one of them, with other values of some covariates.
//
// The formula is read again over the model's cases followed by the changed ones, so that a
// category's column is the same for both.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "barometer/model/margins.h"

namespace barometer {

class CovariateRows {
 public:
  static Result<CovariateRows> make(const GlmFit& fit, const Dataset& data);

  [[nodiscard]] const std::vector<std::string>& variables() const& { return names_; }
  [[nodiscard]] bool is_number(const std::string& variable) const;
  // Labels of the categories that the model's cases have, in order.
  [[nodiscard]] Result<std::vector<std::string>> categories(const std::string& variable) const;
  // Of a number, one a case.
  [[nodiscard]] Result<Vector> numbers(const std::string& variable) const;

  // The model's cases as they are; all with one value; each with its own.
  [[nodiscard]] Result<Matrix> as_they_are() const;
  [[nodiscard]] Result<Matrix> all_at(const std::string& variable,
                                      const CovariateValue& value) const;
  [[nodiscard]] Result<Matrix> each_at(const std::string& variable, const Vector& values) const;
  // One row a point.
  [[nodiscard]] Result<Matrix> at(const std::vector<CovariatePoint>& points) const;

 private:
  // The value of a variable in changed row i; the key is an index into names_.
  using Changes = std::map<size_t, std::function<CovariateValue(size_t)>>;

  explicit CovariateRows(Formula formula) : right_side_(std::move(formula)) {}
  [[nodiscard]] Result<size_t> index_of(const std::string& variable) const;
  [[nodiscard]] Result<Matrix> changed(const std::vector<size_t>& sources,
                                       const Changes& changes) const;
  // The same rows with a scale as a number, which may lie between its points.
  [[nodiscard]] Result<CovariateRows> with_number(size_t index) const;

  Formula right_side_;
  std::vector<std::string> labels_;  // of the model's coefficients
  std::vector<std::string> names_;   // as the formula writes them
  std::vector<Variable> variables_;  // of them
  std::vector<Column> columns_;      // of them, the model's cases only
  size_t case_count_ = 0;
};

}  // namespace barometer

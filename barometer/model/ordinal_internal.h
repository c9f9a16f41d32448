// Newton's method for the likelihood of an ordered response.
//
// Inside, columns are centred and orthonormal: X - 1mᵀ = B R, η' = Bγ, ζ' = ζ - mᵀβ. The values
// (β, ζ) are the linear map to_outer() of (γ, ζ'), and so are their influences.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "barometer/model/glm_internal.h"
#include "barometer/model/ordinal.h"

namespace barometer {

struct OrdinalData {
  OrdinalOptions options;
  std::vector<std::string> columns;  // without the intercept
  std::vector<std::string> levels;
  std::vector<size_t> rows;  // cases in the model
  size_t n = 0;              // of them; more than rows where these are cells
  std::vector<int> y;        // of them: index into levels
  Vector weights;            // of them
  ColumnBasis basis;         // of the centred columns
  Vector centre;
  Vector spread;
  std::vector<uint8_t> domain;

  [[nodiscard]] Eigen::Index slopes() const { return static_cast<Eigen::Index>(columns.size()); }
  [[nodiscard]] Eigen::Index cuts() const { return static_cast<Eigen::Index>(levels.size()) - 1; }
  [[nodiscard]] std::vector<std::string> labels() const;
  [[nodiscard]] Matrix to_outer() const;
  [[nodiscard]] Vector inner(const Vector& outer) const;
};

// The columns of the matrix but its intercept. kInvalid: as column_basis.
Status set_columns(OrdinalData& data, const ModelMatrix& matrix);

struct OrdinalSolution {
  Vector values;  // β, then ζ
  int iterations = 0;
};
Result<OrdinalSolution> solve_ordinal(const OrdinalData& data, const Vector& weights,
                                      const Vector& start);
// At inner values.
double ordinal_log_likelihood(const OrdinalData& data, const Vector& weights, const Vector& inner);
Matrix ordinal_information(const OrdinalData& data, const Vector& weights, const Vector& inner);
Vector ordinal_probabilities(const OrdinalData& data, const Vector& inner, Eigen::Index at);

class OrdinalFunctional final : public Functional {
 public:
  OrdinalFunctional(std::shared_ptr<const OrdinalData> data, Vector start)
      : data_(std::move(data)), start_(std::move(start)) {}

  [[nodiscard]] size_t size() const override {
    return static_cast<size_t>(data_->slopes() + data_->cuts());
  }
  [[nodiscard]] Domain domain() const& override { return data_->domain; }
  [[nodiscard]] Result<Vector> value(std::span<const double> weights) const override;
  [[nodiscard]] Result<Matrix> influence(std::span<const double> weights,
                                         const Vector& value) const override;

 private:
  std::shared_ptr<const OrdinalData> data_;
  Vector start_;
};

}  // namespace barometer

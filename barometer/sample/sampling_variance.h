// The variance of estimated totals under a way of drawing the cases.
//
// Rows of every matrix are cases, in case order. x is weight times influence: the estimate changes
// by about Σ_i x_i (…) as the sample varies, and Var(Σ_i x_ij) is what is asked for. Cases outside
// the domain have x = 0; they stay in the sample sizes. A domain is empty (all cases) or one byte a
// case, 1 inside.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "barometer/base/matrix.h"
#include "barometer/base/result.h"
#include "barometer/design/cell_sums.h"
#include "barometer/design/design.h"

namespace barometer {

using Domain = std::span<const uint8_t>;

inline bool in_domain(Domain domain, Eigen::Index row) {
  return domain.empty() || domain[static_cast<size_t>(row)] != 0;
}

class SamplingVariance {
 public:
  SamplingVariance() = default;
  SamplingVariance(const SamplingVariance&) = delete;
  SamplingVariance& operator=(const SamplingVariance&) = delete;
  virtual ~SamplingVariance() = default;

  [[nodiscard]] virtual size_t case_count() const = 0;
  // Symmetric, one row and column for each column of x. kInvalid: no variance can be made, with
  // the reason (LonelyPsu::kAverage finds nothing to average).
  [[nodiscard]] virtual Result<Matrix> covariance(const Matrix& x, Domain domain) const = 0;
  // PSUs - strata among the cases of the domain with a weight above 0 (R survey's degf).
  [[nodiscard]] virtual double df(std::span<const double> weights, Domain domain) const = 0;
  // "stratified cluster design, with finite population correction"
  [[nodiscard]] virtual std::string description() const = 0;
  // The design whose recursion this is, or nullptr.
  [[nodiscard]] virtual const Design* nested_design() const { return nullptr; }
};

// Strata, stages and finite populations (design/nested.h).
std::shared_ptr<const SamplingVariance> nested_sampling(Design design);

// The same from sums by row and cell: the rows of x are cells, each with the sum of weight times
// influence over its cases. Those have one influence, and weights that were scaled by one factor a
// cell since the sums were made; so a row of the design has the share row_w / w of x.
std::shared_ptr<const SamplingVariance> cell_sampling(std::shared_ptr<const Design> design,
                                                      std::shared_ptr<const CellSums> sums);

}  // namespace barometer

#include "barometer/estimate/variance.h"

#include <algorithm>

#include "barometer/design/nested.h"

namespace barometer {
namespace {

// Second moments of single cases' influence, by stratum of the last stage.
class ElementMoments {
 public:
  ElementMoments(const TableSums& sums, std::span<const LinearForm> forms)
      : sums_(sums), a_(forms.size() * sums.cell_count), b_(a_.size()) {
    for (size_t j = 0; j < forms.size(); ++j) {
      const size_t begin = j * sums.cell_count;
      for (size_t c = 0; c < forms[j].base_cells; ++c) a_[begin + c] = forms[j].on_base;
      for (const auto& term : forms[j].terms) {
        a_[begin + term.cell] += term.on_weight;
        b_[begin + term.cell] += term.on_y;
      }
    }
  }

  // Σ x_j x_k over the cases of the row.
  [[nodiscard]] double product(size_t row, size_t j, size_t k) const {
    const size_t cells = sums_.cell_count;
    double sum = 0;
    for (size_t c = 0; c < cells; ++c) {
      const size_t at = sums_.at(row, c);
      const double aj = a_[j * cells + c];
      const double ak = a_[k * cells + c];
      sum += aj * ak * sums_.w2[at];
      if (!sums_.has_y) continue;
      const double bj = b_[j * cells + c];
      const double bk = b_[k * cells + c];
      sum += (aj * bk + bj * ak) * sums_.w2v[at] + bj * bk * sums_.w2v2[at];
    }
    return sum;
  }

 private:
  const TableSums& sums_;
  std::vector<double> a_, b_;  // [form * cells + cell]
};

RowTotals row_totals(const TableSums& sums, std::span<const LinearForm> forms) {
  RowTotals totals{forms.size(), std::vector<double>(sums.row_count * forms.size()),
                   std::vector<size_t>(sums.row_count)};
  for (size_t row = 0; row < sums.row_count; ++row) {
    for (size_t c = 0; c < sums.cell_count; ++c) totals.active[row] += sums.n[sums.at(row, c)];
    if (totals.active[row] == 0) continue;
    for (size_t j = 0; j < forms.size(); ++j) {
      totals.x[row * totals.p + j] = sum_of(forms[j], sums, row);
    }
  }
  return totals;
}

std::optional<std::vector<double>> run(const Design& design, const TableSums& sums,
                                       std::span<const LinearForm> influences, Shape shape) {
  CHECK(sums.row_count == design.row_count(), "sums are those of the design");
  const RowTotals totals = row_totals(sums, influences);
  const ElementMoments moments(sums, influences);
  const auto centred = [&](size_t row, std::span<const double> centre, double scale,
                           SymmetricSum& sum) {
    const double* x = totals.of(row);
    const auto n = static_cast<double>(design.cases_in_row(row));
    sum.add(scale, [&](size_t j, size_t k) {
      const double product = moments.product(row, j, k) - centre[j] * x[k] - x[j] * centre[k] +
                             n * centre[j] * centre[k];
      return j == k ? std::max(0.0, product) : product;
    });
  };
  return nested_variance(design, totals, centred, shape);
}

}  // namespace

std::optional<std::vector<double>> variances(const Design& design, const TableSums& sums,
                                             std::span<const LinearForm> influences) {
  return run(design, sums, influences, Shape::kDiagonal);
}

std::optional<std::vector<double>> covariances(const Design& design, const TableSums& sums,
                                               std::span<const LinearForm> influences) {
  return run(design, sums, influences, Shape::kFull);
}

}  // namespace barometer

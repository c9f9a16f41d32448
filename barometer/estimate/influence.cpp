#include "barometer/estimate/influence.h"

namespace barometer {

double base_weight(const LinearForm& form, const TableSums& sums, size_t row) {
  double weight = 0;
  for (size_t c = 0; c < form.base_cells; ++c) weight += sums.w[sums.at(row, c)];
  return weight;
}

double sum_of(const LinearForm& form, const TableSums& sums, size_t row) {
  double sum = form.on_base == 0 ? 0 : form.on_base * base_weight(form, sums, row);
  for (const auto& term : form.terms) {
    const size_t at = sums.at(row, term.cell);
    sum += term.on_weight * sums.w[at];
    if (term.on_y != 0) sum += term.on_y * sums.wv[at];
  }
  return sum;
}

std::optional<Linearised> mean_type(const LinearForm& form, const TableSums& totals) {
  const double weight = base_weight(form, totals);
  if (weight == 0) return std::nullopt;
  Linearised mean{sum_of(form, totals) / weight, form};
  for (auto& term : mean.influence.terms) {
    term.on_weight /= weight;
    term.on_y /= weight;
  }
  mean.influence.on_base = (form.on_base - mean.value) / weight;
  return mean;
}

Linearised total_type(const LinearForm& form, const TableSums& totals) {
  return {sum_of(form, totals), form};
}

}  // namespace barometer

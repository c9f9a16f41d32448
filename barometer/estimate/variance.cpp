#include "barometer/estimate/variance.h"

#include <algorithm>

namespace barometer {
namespace {

enum class Shape { kDiagonal, kFull };

// A symmetric p × p matrix being summed, or its diagonal alone.
class Matrix {
 public:
  Matrix(size_t p, Shape shape)
      : p_(p), shape_(shape), values_(shape == Shape::kFull ? p * p : p) {}

  // f(j, k) is added at each kept entry (both triangles of a full matrix).
  template <class F>
  void add(double scale, F f) {
    if (shape_ == Shape::kDiagonal) {
      for (size_t j = 0; j < p_; ++j) values_[j] += scale * f(j, j);
      return;
    }
    for (size_t j = 0; j < p_; ++j) {
      for (size_t k = 0; k <= j; ++k) {
        const double value = scale * f(j, k);
        values_[j * p_ + k] += value;
        if (k != j) values_[k * p_ + j] += value;
      }
    }
  }
  void add(double scale, const Matrix& other) {
    for (size_t i = 0; i < values_.size(); ++i) values_[i] += scale * other.values_[i];
  }
  void clear() { std::fill(values_.begin(), values_.end(), 0.0); }
  std::vector<double> take() && { return std::move(values_); }

 private:
  size_t p_;
  Shape shape_;
  std::vector<double> values_;
};

// Influence totals of the units of one stage (of its strata, for single cases).
struct Totals {
  size_t p = 0;
  std::vector<double> x;        // [unit * p + j]
  std::vector<uint8_t> active;  // has a case in the domain

  [[nodiscard]] const double* of(size_t unit) const { return x.data() + unit * p; }
};

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

Totals row_totals(const TableSums& sums, std::span<const LinearForm> forms) {
  Totals totals{forms.size(), std::vector<double>(sums.row_count * forms.size()),
                std::vector<uint8_t>(sums.row_count)};
  for (size_t row = 0; row < sums.row_count; ++row) {
    const auto begin = sums.n.begin() + static_cast<std::ptrdiff_t>(sums.at(row, 0));
    const auto end = begin + static_cast<std::ptrdiff_t>(sums.cell_count);
    if (std::all_of(begin, end, [](size_t n) { return n == 0; })) continue;
    totals.active[row] = 1;
    for (size_t j = 0; j < forms.size(); ++j) {
      totals.x[row * totals.p + j] = sum_of(forms[j], sums, row);
    }
  }
  return totals;
}

class Recursion {
 public:
  Recursion(const Design& design, const TableSums& sums, std::span<const LinearForm> forms,
            Shape shape)
      : design_(design), p_(forms.size()), shape_(shape), elements_(sums, forms) {}

  [[nodiscard]] std::optional<std::vector<double>> run(Totals totals) const {
    Matrix variance(p_, shape_);
    for (size_t k = design_.stages().size(); k-- > 0;) {
      const bool single = design_.elements() && k + 1 == design_.stages().size();
      if (!add_stage(k, totals, single, variance)) return std::nullopt;
      if (k > 0) totals = rolled_up(k, totals, single);
    }
    return std::move(variance).take();
  }

 private:
  // Totals of the units of stage k - 1.
  [[nodiscard]] Totals rolled_up(size_t k, const Totals& totals, bool single) const {
    const Stage& stage = design_.stages()[k];
    const size_t units = design_.stages()[k - 1].unit_count;
    Totals above{p_, std::vector<double>(units * p_), std::vector<uint8_t>(units)};
    for (size_t g = 0; g < units; ++g) {
      for (size_t s = stage.group_begin[g]; s < stage.group_begin[g + 1]; ++s) {
        const auto [first, last] = range(stage.strata[s], s, single);
        for (size_t u = first; u < last; ++u) {
          above.active[g] |= totals.active[u];
          for (size_t j = 0; j < p_; ++j) above.x[g * p_ + j] += totals.of(u)[j];
        }
      }
    }
    return above;
  }

  // The entries of Totals that make up a stratum: its units or, for single cases, itself.
  static std::pair<size_t, size_t> range(const Stratum& stratum, size_t index, bool single) {
    return single ? std::pair{index, index + 1} : std::pair{stratum.first, stratum.last};
  }

  // False when there is nothing to average.
  bool add_stage(size_t k, const Totals& totals, bool single, Matrix& variance) const {
    const Stage& stage = design_.stages()[k];
    const std::vector<double> mean = k == 0 ? mean_of_units(stage, totals) : std::vector(p_, 0.0);
    Matrix group(p_, shape_);
    for (size_t g = 0; g + 1 < stage.group_begin.size(); ++g) {
      if (stage.group_factor[g] == 0) continue;
      group.clear();
      double visited = 0;
      double estimated = 0;
      for (size_t s = stage.group_begin[g]; s < stage.group_begin[g + 1]; ++s) {
        const Stratum& stratum = stage.strata[s];
        const auto [first, last] = range(stratum, s, single);
        if (std::none_of(totals.active.begin() + static_cast<std::ptrdiff_t>(first),
                         totals.active.begin() + static_cast<std::ptrdiff_t>(last),
                         [](uint8_t active) { return active != 0; })) {
          continue;
        }
        ++visited;
        if (add_stratum(stratum, s, totals, single, mean, group)) ++estimated;
      }
      if (visited == 0) continue;
      if (estimated == 0) return false;
      variance.add(stage.group_factor[g] * visited / estimated, group);
    }
    return true;
  }

  [[nodiscard]] std::vector<double> mean_of_units(const Stage& stage, const Totals& totals) const {
    std::vector<double> mean(p_, 0.0);
    for (size_t i = 0; i < totals.x.size(); ++i) mean[i % p_] += totals.x[i];
    for (double& m : mean) m /= static_cast<double>(std::max<size_t>(1, stage.unit_count));
    return mean;
  }

  // False for a lonely stratum that takes the average of the others.
  bool add_stratum(const Stratum& stratum, size_t index, const Totals& totals, bool single,
                   const std::vector<double>& mean, Matrix& sum) const {
    const double share = stratum.unsampled_share();
    if (share == 0) return true;
    const double n = stratum.sampled();
    std::vector<double> centre = mean;
    double scale = share;
    if (n > 1) {
      centre = centre_of(stratum, index, totals, single);
      scale = share * n / (n - 1);
    } else if (design_.lonely_psu() != LonelyPsu::kAdjust) {
      CHECK(design_.lonely_psu() != LonelyPsu::kFail, "a design with kFail has no lonely unit");
      return design_.lonely_psu() != LonelyPsu::kAverage;
    }
    if (single) {
      const double* total = totals.of(index);
      sum.add(scale, [&](size_t j, size_t k) {
        const double product = elements_.product(index, j, k) - centre[j] * total[k] -
                               total[j] * centre[k] + n * centre[j] * centre[k];
        return j == k ? std::max(0.0, product) : product;
      });
      return true;
    }
    for (size_t u = stratum.first; u < stratum.last; ++u) {
      const double* x = totals.of(u);
      sum.add(scale, [&](size_t j, size_t k) { return (x[j] - centre[j]) * (x[k] - centre[k]); });
    }
    return true;
  }

  [[nodiscard]] std::vector<double> centre_of(const Stratum& stratum, size_t index,
                                              const Totals& totals, bool single) const {
    std::vector<double> centre(p_, 0.0);
    const auto [first, last] = range(stratum, index, single);
    for (size_t u = first; u < last; ++u) {
      for (size_t j = 0; j < p_; ++j) centre[j] += totals.of(u)[j];
    }
    for (double& c : centre) c /= stratum.sampled();
    return centre;
  }

  const Design& design_;
  size_t p_;
  Shape shape_;
  ElementMoments elements_;
};

std::optional<std::vector<double>> run(const Design& design, const TableSums& sums,
                                       std::span<const LinearForm> influences, Shape shape) {
  CHECK(sums.row_count == design.row_count(), "sums are those of the design");
  return Recursion(design, sums, influences, shape).run(row_totals(sums, influences));
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

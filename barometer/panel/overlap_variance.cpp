// Overlapping waves in finite populations: each wave's own variance, and between two waves the
// products of the units in both (the formula is in waves.h).
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/panel/linked_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

class OverlapSampling final : public SamplingVariance {
 public:
  explicit OverlapSampling(OverlapInFinitePopulations parts) : parts_(std::move(parts)) {
    const size_t waves = parts_.own.size();
    seen_.assign(waves, std::vector<uint8_t>(parts_.stratum.size(), 0));
    for (size_t w = 0; w < waves; ++w) {
      for (size_t row = parts_.begins[w]; row < parts_.begins[w + 1]; ++row) {
        seen_[w][static_cast<size_t>(parts_.unit[row])] = 1;
      }
      sizes_.push_back(strata_counts(seen_[w], seen_[w]));
    }
  }

  [[nodiscard]] size_t case_count() const override { return parts_.begins.back(); }
  [[nodiscard]] double df(std::span<const double> weights, Domain domain) const override {
    return parts_.stacked->df(weights, domain);
  }
  [[nodiscard]] std::string description() const override {
    return fmt::format("{} overlapping waves, each with its own finite population correction: {}",
                       parts_.own.size(), parts_.own[0]->description());
  }

  [[nodiscard]] Result<Matrix> covariance(const Matrix& x, Domain domain) const override {
    Matrix sum = Matrix::Zero(x.cols(), x.cols());
    std::vector<Matrix> centred;
    for (size_t w = 0; w < parts_.own.size(); ++w) {
      const size_t begin = parts_.begins[w];
      const size_t size = parts_.begins[w + 1] - begin;
      const Matrix rows = x.middleRows(static_cast<Index>(begin), static_cast<Index>(size));
      sum += TRY(
          parts_.own[w]->covariance(rows, domain.empty() ? domain : domain.subspan(begin, size)));
      centred.push_back(centred_units(rows, w));
    }
    for (size_t a = 0; a < centred.size(); ++a) {
      for (size_t b = 0; b < a; ++b) {
        const Matrix cross = centred[a].transpose() * factors(a, b).asDiagonal() * centred[b];
        sum += cross + cross.transpose();
      }
    }
    return sum;
  }

 private:
  [[nodiscard]] std::vector<double> strata_counts(const std::vector<uint8_t>& a,
                                                  const std::vector<uint8_t>& b) const {
    std::vector<double> counts(parts_.population.size(), 0);
    for (size_t unit = 0; unit < a.size(); ++unit) {
      if (a[unit] != 0 && b[unit] != 0) ++counts[static_cast<size_t>(parts_.stratum[unit])];
    }
    return counts;
  }

  // Unit totals of wave w less the mean of their stratum, times √(n/(n-1)); 0 for units it missed
  // and in strata of one unit.
  [[nodiscard]] Matrix centred_units(const Matrix& rows, size_t w) const {
    Matrix totals = Matrix::Zero(static_cast<Index>(parts_.stratum.size()), rows.cols());
    for (Index row = 0; row < rows.rows(); ++row) {
      const size_t at = parts_.begins[w] + static_cast<size_t>(row);
      totals.row(static_cast<Index>(parts_.unit[at])) += rows.row(row);
    }
    Matrix means = Matrix::Zero(static_cast<Index>(parts_.population.size()), rows.cols());
    for (Index unit = 0; unit < totals.rows(); ++unit) {
      means.row(stratum_of(unit)) += totals.row(unit);
    }
    for (Index unit = 0; unit < totals.rows(); ++unit) {
      const double n = sizes_[w][static_cast<size_t>(stratum_of(unit))];
      if (seen_[w][static_cast<size_t>(unit)] == 0 || n < 2) {
        totals.row(unit).setZero();
        continue;
      }
      totals.row(unit) -= means.row(stratum_of(unit)) / n;
      totals.row(unit) *= std::sqrt(n / (n - 1));
    }
    return totals;
  }

  [[nodiscard]] Index stratum_of(Index unit) const {
    return static_cast<Index>(parts_.stratum[static_cast<size_t>(unit)]);
  }

  // f_ab of each unit's stratum; the centred totals are 0 where a unit missed a wave.
  [[nodiscard]] Vector factors(size_t a, size_t b) const {
    const std::vector<double> both = strata_counts(seen_[a], seen_[b]);
    Vector factor = Vector::Zero(static_cast<Index>(parts_.stratum.size()));
    for (Index unit = 0; unit < factor.size(); ++unit) {
      const auto h = static_cast<size_t>(stratum_of(unit));
      const double population = parts_.population[h];
      const double na = sizes_[a][h];
      const double nb = sizes_[b][h];
      if (both[h] == 0) continue;
      const double least = -std::sqrt((1 - na / population) * (1 - nb / population));
      factor(unit) = std::max(1 - na * nb / (both[h] * population), least);
    }
    return factor;
  }

  OverlapInFinitePopulations parts_;
  std::vector<std::vector<uint8_t>> seen_;  // [wave][unit]
  std::vector<std::vector<double>> sizes_;  // [wave][stratum]: units in the wave
};

}  // namespace

std::shared_ptr<const SamplingVariance> overlap_sampling(OverlapInFinitePopulations parts) {
  return std::make_shared<OverlapSampling>(std::move(parts));
}

}  // namespace barometer

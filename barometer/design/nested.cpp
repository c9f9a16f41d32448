#include "barometer/design/nested.h"

#include <algorithm>

namespace barometer {
namespace {

class Recursion {
 public:
  Recursion(const Design& design, size_t p, const CentredProducts& products, Shape shape)
      : design_(design), p_(p), shape_(shape), products_(products) {}

  [[nodiscard]] std::optional<std::vector<double>> run(RowTotals totals) const {
    SymmetricSum variance(p_, shape_);
    for (size_t k = design_.stages().size(); k-- > 0;) {
      const bool single = design_.elements() && k + 1 == design_.stages().size();
      if (!add_stage(k, totals, single, variance)) return std::nullopt;
      if (k > 0) totals = rolled_up(k, totals, single);
    }
    return std::move(variance).take();
  }

 private:
  // Totals of the units of stage k - 1.
  [[nodiscard]] RowTotals rolled_up(size_t k, const RowTotals& totals, bool single) const {
    const Stage& stage = design_.stages()[k];
    const size_t units = design_.stages()[k - 1].unit_count;
    RowTotals above{p_, std::vector<double>(units * p_), std::vector<size_t>(units)};
    for (size_t g = 0; g < units; ++g) {
      for (size_t s = stage.group_begin[g]; s < stage.group_begin[g + 1]; ++s) {
        const auto [first, last] = range(stage.strata[s], s, single);
        for (size_t u = first; u < last; ++u) {
          above.active[g] += totals.active[u];
          for (size_t j = 0; j < p_; ++j) above.x[g * p_ + j] += totals.of(u)[j];
        }
      }
    }
    return above;
  }

  // The entries of RowTotals that make up a stratum: its units or, for single cases, itself.
  static std::pair<size_t, size_t> range(const Stratum& stratum, size_t index, bool single) {
    return single ? std::pair{index, index + 1} : std::pair{stratum.first, stratum.last};
  }

  // Units of the stratum with a case in the domain.
  static size_t active_units(const Stratum& stratum, size_t index, const RowTotals& totals,
                             bool single) {
    if (single) return totals.active[index];
    return static_cast<size_t>(
        std::count_if(totals.active.begin() + static_cast<std::ptrdiff_t>(stratum.first),
                      totals.active.begin() + static_cast<std::ptrdiff_t>(stratum.last),
                      [](size_t cases) { return cases != 0; }));
  }

  // False when there is nothing to average.
  bool add_stage(size_t k, const RowTotals& totals, bool single, SymmetricSum& variance) const {
    const Stage& stage = design_.stages()[k];
    const std::vector<double> mean = k == 0 ? mean_of_units(stage, totals) : std::vector(p_, 0.0);
    SymmetricSum group(p_, shape_);
    for (size_t g = 0; g + 1 < stage.group_begin.size(); ++g) {
      if (stage.group_factor[g] == 0) continue;
      group.clear();
      double visited = 0;
      double estimated = 0;
      for (size_t s = stage.group_begin[g]; s < stage.group_begin[g + 1]; ++s) {
        const size_t active = active_units(stage.strata[s], s, totals, single);
        if (active == 0) continue;
        ++visited;
        const bool alone = active == 1 && design_.domain_lonely();
        if (add_stratum(stage.strata[s], s, totals, single, alone, mean, group)) ++estimated;
      }
      if (visited == 0) continue;
      if (estimated == 0) return false;
      variance.add(stage.group_factor[g] * visited / estimated, group);
    }
    return true;
  }

  [[nodiscard]] std::vector<double> mean_of_units(const Stage& stage,
                                                  const RowTotals& totals) const {
    std::vector<double> mean(p_, 0.0);
    for (size_t i = 0; i < totals.x.size(); ++i) mean[i % p_] += totals.x[i];
    for (double& m : mean) m /= static_cast<double>(std::max<size_t>(1, stage.unit_count));
    return mean;
  }

  // False for a lonely stratum that takes the average of the others. `alone`: one unit of it is in
  // the domain, and the design asks that such a unit counts as lonely.
  bool add_stratum(const Stratum& stratum, size_t index, const RowTotals& totals, bool single,
                   bool alone, const std::vector<double>& mean, SymmetricSum& sum) const {
    const double share = stratum.unsampled_share();
    if (share == 0) return true;
    const LonelyPsu rule = design_.lonely_psu();
    const double n = stratum.sampled();
    const bool lonely = n == 1;
    CHECK(!lonely || rule != LonelyPsu::kFail, "a design with kFail has no lonely unit");
    if ((lonely || alone) && rule == LonelyPsu::kAverage) return false;
    if (lonely && rule != LonelyPsu::kAdjust) return true;
    const bool from_mean = lonely || (alone && rule == LonelyPsu::kAdjust);
    const std::vector<double> centre = from_mean ? mean : centre_of(stratum, index, totals, single);
    const double scale = lonely ? share : share * n / (n - 1);
    if (single) {
      products_(index, centre, scale, sum);
      return true;
    }
    const auto p = static_cast<Eigen::Index>(p_);
    const auto units = static_cast<Eigen::Index>(stratum.last - stratum.first);
    const Eigen::Map<const Matrix> x(totals.of(stratum.first), p, units);
    sum.add_squares(scale, x.colwise() - Eigen::Map<const Vector>(centre.data(), p));
    return true;
  }

  [[nodiscard]] std::vector<double> centre_of(const Stratum& stratum, size_t index,
                                              const RowTotals& totals, bool single) const {
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
  const CentredProducts& products_;
};

}  // namespace

std::optional<std::vector<double>> nested_variance(const Design& design, RowTotals totals,
                                                   const CentredProducts& products, Shape shape) {
  CHECK(totals.active.size() == design.row_count(), "totals are those of the design's rows");
  return Recursion(design, totals.p, products, shape).run(std::move(totals));
}

}  // namespace barometer

#include <cmath>

#include <fmt/format.h>

#include "barometer/sample/random_draws_internal.h"
#include "barometer/sample/replicate_factors_internal.h"

namespace barometer {
namespace {

using Index = Eigen::Index;

Status check_count(const ReplicateRequest& request) {
  if (request.count >= 2) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("{} of {} replicates shows no variance; ask for at least 2",
                          request.count, name_of(request.type)));
}

// Times each of n units is drawn: n with replacement, or from a population of N in which each
// unit stands ⌊N/n⌋ times, and as many as are left over, at random, once more.
std::vector<double> times_drawn(size_t n, double population, RandomDraws& random) {
  std::vector<double> times(n, 0.0);
  if (std::isinf(population)) {
    for (size_t draw = 0; draw < n; ++draw) ++times[random.below(n)];
    return times;
  }
  const std::vector<size_t> order = random.choose(n, n);
  const auto copies = static_cast<size_t>(std::max(std::round(population), static_cast<double>(n)));
  for (const size_t copy : random.choose(n, copies)) ++times[order[copy % n]];
  return times;
}

// The mean in which strata of few units count most.
double harmonic_mean_size(const StageUnits& units) {
  double inverse = 0;
  for (const UnitStratum& stratum : units.strata) {
    inverse += 1 / static_cast<double>(stratum.units.size());
  }
  return static_cast<double>(units.strata.size()) / inverse;
}

void draw_whole(const UnitStratum& stratum, Index r, RandomDraws& random, Matrix& factors) {
  const std::vector<double> times = times_drawn(stratum.units.size(), stratum.population, random);
  for (size_t i = 0; i < times.size(); ++i) factors(stratum.units[i], r) = times[i];
}

void draw_one_less(const UnitStratum& stratum, Index r, RandomDraws& random, Matrix& factors) {
  const size_t n = stratum.units.size();
  if (n == 1) return;
  const double one_draw = static_cast<double>(n) / static_cast<double>(n - 1);
  for (const uint32_t unit : stratum.units) factors(unit, r) = 0;
  for (size_t draw = 0; draw + 1 < n; ++draw) {
    factors(stratum.units[random.below(n)], r) += one_draw;
  }
}

// Preston's recursion. A replicate's factor is 1 + Σ_stages path · (λ (n/m δ - 1)), where δ = 1 for
// the m = ⌊n/2⌋ units kept of n, λ² = (Π f above) m (1-f)/(n-m), and path = Π √(n/m) δ of the
// stages above. A stratum in which nothing varies keeps every unit.
class Rescaling {
 public:
  Rescaling(const Design& design, RandomDraws& random) : design_(design), random_(random) {
    for (size_t k = 0; k < design.stages().size(); ++k) units_.push_back(units_of_stage(design, k));
  }

  [[nodiscard]] const std::vector<StageUnits>& units() const { return units_; }

  void draw(Index r, Matrix& factors) const { draw_group(0, 0, 1, 0, r, factors); }

 private:
  // Group g of stage k, whose path so far is `path` and whose sum of terms is `sum`.
  void draw_group(size_t k, size_t g, double path, double sum, Index r, Matrix& factors) const {
    const Stage& stage = design_.stages()[k];
    for (size_t s = stage.group_begin[g]; s < stage.group_begin[g + 1]; ++s) {
      draw_stratum(k, s, stage.group_factor[g], path, sum, r, factors);
    }
  }

  void draw_stratum(size_t k, size_t s, double sampled_above, double path, double sum, Index r,
                    Matrix& factors) const {
    const UnitStratum& stratum = units_[k].strata[s];
    const size_t n = stratum.units.size();
    const bool varies = n > 1 && stratum.unsampled > 0;
    const size_t m = varies ? n / 2 : n;
    std::vector<uint8_t> kept(n, varies ? 0 : 1);
    // Nothing is drawn below a unit that was not kept.
    if (varies && path > 0) {
      for (const size_t i : random_.choose(m, n)) kept[i] = 1;
    }
    const double share = static_cast<double>(n) / static_cast<double>(m);
    const double lambda = varies ? std::sqrt(sampled_above * static_cast<double>(m) *
                                             stratum.unsampled / static_cast<double>(n - m))
                                 : 0;
    for (size_t i = 0; i < n; ++i) {
      const double term = path * lambda * (kept[i] != 0 ? share - 1 : -1.0);
      const uint32_t unit = stratum.units[i];
      if (k + 1 == design_.stages().size()) {
        factors(unit, r) = 1 + sum + term;
      } else {
        draw_group(k + 1, unit, kept[i] != 0 ? path * std::sqrt(share) : 0, sum + term, r, factors);
      }
    }
  }

  const Design& design_;
  RandomDraws& random_;
  std::vector<StageUnits> units_;
};

}  // namespace

Result<ReplicateFactors> bootstrap_factors(const Design& design, const ReplicateRequest& request) {
  TRY_DONE(check_count(request));
  const StageUnits units = units_of_stage(design, 0);
  TRY_DONE(check_lonely(units, request, design));
  const bool whole = request.type == ReplicateType::kBootstrap;
  const double mean_size = harmonic_mean_size(units);
  if (mean_size == 1) {
    return fail(ErrorCode::kInvalid, "bootstrap: every stratum has one PSU, so nothing varies");
  }
  ReplicateFactors made = TRY(factors_of_one(units, request.count));
  RandomDraws random(request.seed);
  for (Index r = 0; r < made.factors.cols(); ++r) {
    for (const UnitStratum& stratum : units.strata) {
      (whole ? draw_whole : draw_one_less)(stratum, r, random, made.factors);
    }
  }
  made.scale = (whole ? mean_size / (mean_size - 1) : 1) / static_cast<double>(request.count - 1);
  return made;
}

Result<ReplicateFactors> rescaled_factors(const Design& design, const ReplicateRequest& request) {
  TRY_DONE(check_count(request));
  RandomDraws random(request.seed);
  const Rescaling rescaling(design, random);
  for (const StageUnits& units : rescaling.units()) {
    TRY_DONE(check_lonely(units, request, design));
  }
  ReplicateFactors made = TRY(factors_of_one(rescaling.units().back(), request.count));
  for (Index r = 0; r < made.factors.cols(); ++r) rescaling.draw(r, made.factors);
  made.rscales.assign(request.count, 1 / static_cast<double>(request.count - 1));
  return made;
}

}  // namespace barometer

#include <algorithm>

#include <fmt/format.h>

#include "barometer/sample/replicate_factors_internal.h"

namespace barometer {
namespace {

// A replicate leaves out one unit of a stratum, or under LonelyPsu::kAdjust a lonely stratum.
struct LeftOut {
  size_t stratum;
  uint32_t unit;
  bool whole_stratum;
};

Result<std::vector<LeftOut>> jackknife_plan(const StageUnits& units,
                                            const ReplicateRequest& request, LonelyPsu rule) {
  std::vector<LeftOut> plan;
  for (size_t s = 0; s < units.strata.size(); ++s) {
    const UnitStratum& stratum = units.strata[s];
    if (stratum.unsampled == 0) continue;
    if (stratum.units.size() > 1) {
      for (const uint32_t unit : stratum.units) plan.push_back({s, unit, false});
    } else if (rule == LonelyPsu::kAdjust && units.strata.size() > 1) {
      plan.push_back({s, stratum.units.front(), true});
    }
  }
  if (plan.empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} replicates: every stratum was sampled in full or has one PSU, so "
                            "nothing varies",
                            name_of(request.type)));
  }
  return plan;
}

void leave_out(const LeftOut& out, const StageUnits& units, Eigen::Index r,
               ReplicateFactors& made) {
  const UnitStratum& stratum = units.strata[out.stratum];
  const auto n =
      static_cast<double>(out.whole_stratum ? units.strata.size() : stratum.units.size());
  if (out.whole_stratum) {
    made.factors.col(r).setConstant(n / (n - 1));
  } else {
    for (const uint32_t unit : stratum.units) made.factors(unit, r) = n / (n - 1);
  }
  made.factors(out.unit, r) = 0;
  // A lonely stratum counts without its population size, as in R.
  const double unsampled = out.whole_stratum ? 1 : stratum.unsampled;
  made.rscales[static_cast<size_t>(r)] = unsampled * (n - 1) / n;
}

}  // namespace

Result<ReplicateFactors> jackknife_factors(const Design& design, const ReplicateRequest& request) {
  StageUnits units = units_of_stage(design, 0);
  if (request.type == ReplicateType::kJk1 && units.strata.size() > 1) {
    return fail(ErrorCode::kInvalid,
                fmt::format("JK1 is for designs without strata, and this one has {}; use JKn",
                            units.strata.size()));
  }
  const LonelyPsu rule = request.lonely.value_or(design.lonely_psu());
  const bool spread = rule == LonelyPsu::kAverage || rule == LonelyPsu::kAdjust;
  if (!spread) TRY_DONE(check_lonely(units, request, design));
  const std::vector<LeftOut> plan = TRY(jackknife_plan(units, request, rule));

  ReplicateFactors made = TRY(factors_of_one(units, plan.size()));
  for (size_t r = 0; r < plan.size(); ++r) {
    leave_out(plan[r], units, static_cast<Eigen::Index>(r), made);
  }
  if (request.type == ReplicateType::kJk1) {
    made.scale = made.rscales.front();
    std::ranges::fill(made.rscales, 1.0);
  } else if (rule == LonelyPsu::kAverage) {
    made.scale = static_cast<double>(units.unit_count) / static_cast<double>(plan.size());
  }
  return made;
}

}  // namespace barometer

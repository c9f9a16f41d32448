#include "barometer/sample/make_replicates.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>

#include "barometer/sample/replicate_units_internal.h"

namespace barometer {
namespace {

constexpr size_t kMostEntries = size_t{1} << 28;

Status check_size(size_t rows, size_t replicates, const char* what) {
  if (rows == 0 || replicates <= kMostEntries / rows) return {};
  return fail(ErrorCode::kLimit, fmt::format("{} replicates of {} {} are more than {} numbers",
                                             replicates, rows, what, kMostEntries));
}

// Where each unit of a stage begins in the design order.
std::vector<size_t> unit_begins(const Design& design, size_t stage) {
  const std::vector<Stage>& stages = design.stages();
  std::vector<size_t> begins(stages.back().unit_count);
  if (design.elements()) {
    std::iota(begins.begin(), begins.end(), size_t{0});
  } else {
    std::copy_n(design.row_begin().begin(), begins.size(), begins.begin());
  }
  for (size_t k = stages.size() - 1; k > stage; --k) {
    std::vector<size_t> above(stages[k - 1].unit_count);
    for (size_t u = 0; u < above.size(); ++u) {
      above[u] = begins[stages[k].strata[stages[k].group_begin[u]].first];
    }
    begins = std::move(above);
  }
  return begins;
}

Status check_request(const ReplicateRequest& request) {
  const bool fay = request.type == ReplicateType::kFay;
  if (!(request.fay_rho >= 0 && request.fay_rho < 1)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("Fay's rho is {}; it lies from 0 to below 1", request.fay_rho));
  }
  if (!fay && request.fay_rho != 0) {
    return fail(ErrorCode::kInvalid, fmt::format("{} replicates have no rho ({} was given)",
                                                 name_of(request.type), request.fay_rho));
  }
  return {};
}

}  // namespace

StageUnits units_of_stage(const Design& design, size_t stage) {
  const Stage& of = design.stages()[stage];
  const std::vector<size_t> begins = unit_begins(design, stage);
  StageUnits units{std::vector<uint32_t>(design.case_count()), {}, of.unit_count};
  std::vector<uint32_t> first_case(of.unit_count, std::numeric_limits<uint32_t>::max());
  for (size_t u = 0; u < of.unit_count; ++u) {
    const size_t end = u + 1 < begins.size() ? begins[u + 1] : design.case_count();
    for (size_t place = begins[u]; place < end; ++place) {
      const uint32_t i = design.order()[place];
      units.unit_of_case[i] = static_cast<uint32_t>(u);
      first_case[u] = std::min(first_case[u], i);
    }
  }
  for (const Stratum& stratum : of.strata) {
    UnitStratum& kept = units.strata.emplace_back();
    kept.population = stratum.population;
    kept.unsampled = stratum.unsampled_share();
    kept.units.resize(stratum.last - stratum.first);
    std::iota(kept.units.begin(), kept.units.end(), static_cast<uint32_t>(stratum.first));
    std::ranges::sort(kept.units, {}, [&](uint32_t u) { return first_case[u]; });
  }
  return units;
}

Status check_lonely(const StageUnits& units, const ReplicateRequest& request,
                    const Design& design) {
  const LonelyPsu rule = request.lonely.value_or(design.lonely_psu());
  if (rule == LonelyPsu::kRemove || rule == LonelyPsu::kCertainty) return {};
  for (size_t s = 0; s < units.strata.size(); ++s) {
    const UnitStratum& stratum = units.strata[s];
    if (stratum.units.size() > 1 || stratum.unsampled == 0) continue;
    const auto unit = std::ranges::find(units.unit_of_case, stratum.units.front());
    const auto row = unit - units.unit_of_case.begin() + 1;
    if (rule == LonelyPsu::kFail) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("the stratum of row {} has only one PSU, so it shows no variance; "
                              "choose how lonely units count: remove or certainty",
                              row));
    }
    return fail(ErrorCode::kUnsupported,
                fmt::format("the stratum of row {} has only one PSU, and {} replicates cannot "
                            "count it by the rule '{}'; remove and certainty are possible",
                            row, name_of(request.type), name_of(rule)));
  }
  return {};
}

Result<ReplicateFactors> factors_of_one(StageUnits units, size_t replicates) {
  TRY_DONE(check_size(units.unit_count, replicates, "units"));
  ReplicateFactors made;
  made.factors = Matrix::Ones(static_cast<Eigen::Index>(units.unit_count),
                              static_cast<Eigen::Index>(replicates));
  made.unit_of_case = std::move(units.unit_of_case);
  made.rscales.assign(replicates, 1.0);
  return made;
}

Result<ReplicateFactors> replicate_factors(const Design& design, const ReplicateRequest& request) {
  TRY_DONE(check_request(request));
  if (design.case_count() == 0) return fail(ErrorCode::kInvalid, "the design has no cases");
  switch (request.type) {
    case ReplicateType::kJk1:
    case ReplicateType::kJkn:
      return jackknife_factors(design, request);
    case ReplicateType::kBrr:
    case ReplicateType::kFay:
      return half_sample_factors(design, request);
    case ReplicateType::kBootstrap:
    case ReplicateType::kSubbootstrap:
      return bootstrap_factors(design, request);
    case ReplicateType::kMrbBootstrap:
      return rescaled_factors(design, request);
    case ReplicateType::kSdr:
      return difference_factors(design, request);
    case ReplicateType::kOther:
      break;
  }
  return fail(ErrorCode::kUnsupported,
              "replicate weights of the type 'other' cannot be made from a design");
}

Result<Replicates> make_replicates(const Design& design, std::span<const double> weights,
                                   const ReplicateRequest& request) {
  CHECK(weights.size() == design.case_count(), "one weight a case");
  ReplicateFactors made = TRY(replicate_factors(design, request));
  TRY_DONE(check_size(weights.size(), made.rscales.size(), "cases"));
  Replicates replicates;
  replicates.type = request.type;
  replicates.scale = made.scale;
  replicates.rscales = std::move(made.rscales);
  replicates.mse = request.mse;
  replicates.fay_rho = request.fay_rho;
  replicates.weights.resize(static_cast<Eigen::Index>(weights.size()), made.factors.cols());
  for (Eigen::Index r = 0; r < made.factors.cols(); ++r) {
    for (size_t i = 0; i < weights.size(); ++i) {
      replicates.weights(static_cast<Eigen::Index>(i), r) =
          weights[i] * made.factors(made.unit_of_case[i], r);
    }
  }
  return replicates;
}

}  // namespace barometer

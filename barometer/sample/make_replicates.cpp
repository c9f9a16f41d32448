#include "barometer/sample/make_replicates.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/sample/replicate_factors_internal.h"

namespace barometer {
namespace {

constexpr size_t kMostEntries = size_t{1} << 28;

Status check_size(size_t rows, size_t replicates, const char* what) {
  if (rows == 0 || replicates <= kMostEntries / rows) return {};
  return fail(ErrorCode::kLimit, fmt::format("{} replicates of {} {} are more than {} numbers",
                                             replicates, rows, what, kMostEntries));
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

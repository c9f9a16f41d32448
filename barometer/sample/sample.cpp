#include "barometer/sample/sample.h"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <Eigen/QR>

namespace barometer {
namespace {

// R survey's tolerance of a rank of replicate weights.
constexpr double kRankTolerance = 1e-5;

Status check(const Replicates& replicates, size_t case_count) {
  if (replicates.count() == 0) return fail(ErrorCode::kInvalid, "there are no replicate weights");
  if (static_cast<size_t>(replicates.weights.rows()) != case_count) {
    return fail(ErrorCode::kInvalid, fmt::format("replicate weights of {} rows for {} cases",
                                                 replicates.weights.rows(), case_count));
  }
  if (replicates.rscales.size() != replicates.count()) {
    return fail(ErrorCode::kInvalid, fmt::format("{} rscales for {} replicates",
                                                 replicates.rscales.size(), replicates.count()));
  }
  const auto bad = std::ranges::find_if(
      replicates.rscales, [](double scale) { return !(scale >= 0) || std::isinf(scale); });
  if (bad != replicates.rscales.end()) {
    return fail(ErrorCode::kInvalid, fmt::format("the rscale {} of replicate {} is not at least 0",
                                                 *bad, bad - replicates.rscales.begin() + 1));
  }
  if (!(replicates.scale >= 0) || std::isinf(replicates.scale)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the scale {} is not at least 0", replicates.scale));
  }
  for (Eigen::Index r = 0; r < replicates.weights.cols(); ++r) {
    for (Eigen::Index i = 0; i < replicates.weights.rows(); ++i) {
      if (std::isfinite(replicates.weights(i, r))) continue;
      return fail(ErrorCode::kInvalid,
                  fmt::format("row {} has no weight in replicate {}", i + 1, r + 1));
    }
  }
  return {};
}

// The distinct rows of the domain, so that a rank is found among units, not cases.
Matrix distinct_rows(const Matrix& weights, Domain domain) {
  std::map<std::vector<double>, size_t> seen;
  for (Eigen::Index i = 0; i < weights.rows(); ++i) {
    if (!in_domain(domain, i)) continue;
    const Eigen::RowVectorXd row = weights.row(i);
    seen.emplace(std::vector<double>(row.begin(), row.end()), seen.size());
  }
  Matrix rows(static_cast<Eigen::Index>(seen.size()), weights.cols());
  Eigen::Index at = 0;
  for (const auto& [row, first] : seen) {
    rows.row(at++) = Eigen::Map<const Eigen::RowVectorXd>(row.data(), weights.cols());
  }
  return rows;
}

double rank_of(const Matrix& weights, Domain domain) {
  const Matrix rows = distinct_rows(weights, domain);
  if (rows.rows() == 0) return 0;
  Eigen::ColPivHouseholderQR<Matrix> qr(rows);
  qr.setThreshold(kRankTolerance);
  return static_cast<double>(qr.rank());
}

}  // namespace

Sample Sample::linearised(std::shared_ptr<const SamplingVariance> variance,
                          std::vector<double> weights) {
  CHECK(variance != nullptr && variance->case_count() == weights.size(), "one weight a case");
  Sample sample;
  sample.weights_ = std::make_shared<const std::vector<double>>(std::move(weights));
  sample.variance_ = std::move(variance);
  return sample;
}

Sample Sample::of(Design design) {
  std::vector<double> weights(design.weights().begin(), design.weights().end());
  return linearised(nested_sampling(std::move(design)), std::move(weights));
}

Result<Sample> Sample::replicated(std::vector<double> weights, Replicates replicates) {
  TRY_DONE(check(replicates, weights.size()));
  Sample sample;
  sample.weights_ = std::make_shared<const std::vector<double>>(std::move(weights));
  sample.replicates_ = std::make_shared<const Replicates>(std::move(replicates));
  return sample;
}

Sample Sample::adjusted(std::vector<double> weights,
                        std::shared_ptr<const Adjustment> adjustment) const {
  CHECK(variance_ != nullptr, "replicated samples are reweighted");
  CHECK(weights.size() == case_count(), "one weight a case");
  Sample sample = *this;
  sample.weights_ = std::make_shared<const std::vector<double>>(std::move(weights));
  sample.adjustments_.push_back(std::move(adjustment));
  return sample;
}

Sample Sample::reweighted(std::vector<double> weights, Matrix replicate_weights,
                          const std::string& description) const {
  CHECK(replicates_ != nullptr, "linearised samples are adjusted");
  CHECK(weights.size() == case_count() && replicate_weights.rows() == replicates_->weights.rows() &&
            replicate_weights.cols() == replicates_->weights.cols(),
        "the new weights are of the same cases and replicates");
  Sample sample = *this;
  Replicates replicates = *replicates_;
  replicates.weights = std::move(replicate_weights);
  sample.weights_ = std::make_shared<const std::vector<double>>(std::move(weights));
  sample.replicates_ = std::make_shared<const Replicates>(std::move(replicates));
  sample.steps_ += "; " + description;
  return sample;
}

double Sample::df(Domain domain) const {
  if (variance_) return variance_->df(weights(), domain);
  return rank_of(replicates_->weights, domain) - 1;
}

std::string Sample::description() const {
  if (replicates_) {
    return fmt::format("{} {} replicates{}{}", replicates_->count(), name_of(replicates_->type),
                       replicates_->mse ? ", about the full-sample estimate" : "", steps_);
  }
  std::string text = variance_->description();
  for (const auto& adjustment : adjustments_) text += "; " + adjustment->description();
  return text;
}

std::string Sample::df_rule() const {
  return replicates_ ? "rank of the replicate weights - 1" : "PSUs - strata";
}

}  // namespace barometer

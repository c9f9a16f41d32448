#include "barometer/sample/sample.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <mutex>
#include <unordered_map>

#include <fmt/format.h>
#include <Eigen/QR>

namespace barometer {
namespace {

using Eigen::Index;

// R survey's tolerance of a rank of replicate weights.
constexpr double kRankTolerance = 1e-5;
// From so many rows a column on, they are first made a triangle.
constexpr Index kRowsPerColumn = 4;

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
  for (Index r = 0; r < replicates.weights.cols(); ++r) {
    for (Index i = 0; i < replicates.weights.rows(); ++i) {
      if (std::isfinite(replicates.weights(i, r))) continue;
      return fail(ErrorCode::kInvalid,
                  fmt::format("row {} has no weight in replicate {}", i + 1, r + 1));
    }
  }
  return {};
}

// A number of each row that is the same for equal rows.
std::vector<uint64_t> row_hashes(const Matrix& weights) {
  std::vector<uint64_t> hashes(static_cast<size_t>(weights.rows()), 0);
  for (Index r = 0; r < weights.cols(); ++r) {
    for (Index i = 0; i < weights.rows(); ++i) {
      uint64_t& hash = hashes[static_cast<size_t>(i)];
      hash ^= std::bit_cast<uint64_t>(weights(i, r) + 0.0);  // -0 is 0
      hash *= 0x9E3779B97F4A7C15U;
      hash ^= hash >> 29;
    }
  }
  return hashes;
}

// The distinct rows of the domain, so that a rank is found among units, not cases.
std::vector<Index> distinct_rows(const Matrix& weights, Domain domain) {
  const std::vector<uint64_t> hashes = row_hashes(weights);
  std::unordered_multimap<uint64_t, Index> seen;
  std::vector<Index> rows;
  for (Index i = 0; i < weights.rows(); ++i) {
    if (!in_domain(domain, i)) continue;
    const uint64_t hash = hashes[static_cast<size_t>(i)];
    const auto [first, last] = seen.equal_range(hash);
    if (std::any_of(first, last, [&](const auto& other) {
          return weights.row(other.second) == weights.row(i);
        })) {
      continue;
    }
    seen.emplace(hash, i);
    rows.push_back(i);
  }
  return rows;
}

// A square matrix with the singular values, and the norms of any part of its columns, of the rows:
// the R of their QR decomposition, block by block.
Matrix triangle_of(const Matrix& weights, std::span<const Index> rows) {
  const Index columns = weights.cols();
  const auto step = static_cast<size_t>(kRowsPerColumn * columns);
  Matrix triangle = Matrix::Zero(columns, columns);
  for (size_t at = 0; at < rows.size(); at += step) {
    const std::span<const Index> some = rows.subspan(at, std::min(step, rows.size() - at));
    Matrix block(columns + static_cast<Index>(some.size()), columns);
    block.topRows(columns) = triangle;
    for (size_t i = 0; i < some.size(); ++i) {
      block.row(columns + static_cast<Index>(i)) = weights.row(some[i]);
    }
    const Eigen::HouseholderQR<Eigen::Ref<Matrix>> qr(block);
    triangle = qr.matrixQR().topRows(columns).triangularView<Eigen::Upper>();
  }
  return triangle;
}

double rank_of(const Matrix& weights, Domain domain) {
  const std::vector<Index> rows = distinct_rows(weights, domain);
  if (rows.empty()) return 0;
  const bool tall = static_cast<Index>(rows.size()) > kRowsPerColumn * weights.cols();
  Eigen::ColPivHouseholderQR<Matrix> qr(tall ? triangle_of(weights, rows)
                                             : Matrix(weights(rows, Eigen::all)));
  qr.setThreshold(kRankTolerance);
  return static_cast<double>(qr.rank());
}

}  // namespace

struct WholeRank {
  std::once_flag once;
  double rank = 0;
};

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

Sample Sample::of_cells(std::shared_ptr<const Design> design,
                        std::shared_ptr<const CellSums> sums) {
  Sample sample = linearised(cell_sampling(std::move(design), sums), sums->w);
  sample.cells_ = std::move(sums);
  return sample;
}

Sample Sample::counted(std::shared_ptr<const CellSums> sums) const {
  CHECK(replicates_ != nullptr && sums->cell_count == case_count(), "one count a cell");
  Sample sample = *this;
  sample.cells_ = std::move(sums);
  return sample;
}

size_t Sample::live_at(size_t i) const {
  if ((*weights_)[i] == 0) return 0;
  return cells_ ? cells_->live[i] : 1;
}

size_t Sample::cases(Domain domain) const {
  size_t count = 0;
  for (size_t i = 0; i < case_count(); ++i) {
    if (in_domain(domain, static_cast<Index>(i))) count += cases_at(i);
  }
  return count;
}

size_t Sample::live_cases(Domain domain) const {
  size_t count = 0;
  for (size_t i = 0; i < case_count(); ++i) {
    if (in_domain(domain, static_cast<Index>(i))) count += live_at(i);
  }
  return count;
}

double Sample::squares(Domain domain) const {
  double sum = 0;
  for (size_t i = 0; i < case_count(); ++i) {
    if (!in_domain(domain, static_cast<Index>(i))) continue;
    const double w = (*weights_)[i];
    if (cells_ && cells_->w[i] > 0) {
      const double factor = w / cells_->w[i];
      sum += factor * factor * cells_->w2[i];
    } else {
      sum += w * w;
    }
  }
  return sum;
}

Result<Sample> Sample::replicated(std::vector<double> weights, Replicates replicates) {
  TRY_DONE(check(replicates, weights.size()));
  Sample sample;
  sample.weights_ = std::make_shared<const std::vector<double>>(std::move(weights));
  sample.replicates_ = std::make_shared<const Replicates>(std::move(replicates));
  sample.whole_rank_ = std::make_shared<WholeRank>();
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
  sample.whole_rank_ = std::make_shared<WholeRank>();
  sample.steps_ += "; " + description;
  return sample;
}

double Sample::df(Domain domain) const {
  if (variance_) return variance_->df(weights(), domain);
  if (cells_) return static_cast<double>(replicates_->count()) - 1;
  if (std::ranges::count(domain, 0) > 0) return rank_of(replicates_->weights, domain) - 1;
  std::call_once(whole_rank_->once,
                 [&] { whole_rank_->rank = rank_of(replicates_->weights, Domain()); });
  return whole_rank_->rank - 1;
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
  if (!replicates_) return "PSUs - strata";
  return cells_ ? "replicates - 1" : "rank of the replicate weights - 1";
}

}  // namespace barometer

// A sample to estimate from: its final weights and what the variance of an estimate is made of.
//
// Linearised: a way of drawing (SamplingVariance) and the adjustments that were made to its weights
// since, in order. An adjustment (post-stratification, raking, calibration) lowers the variance by
// taking from the influence what its auxiliary variables explain (Deville & Särndal, JASA 1992).
// Replicated: replicate weights, each adjusted as the full weights were.
//
// A sample may hold cells in place of cases (design/cell_sums.h): every "case" of its matrices and
// domains is then a cell, which stands for `n` cases, and its weight is the sum of theirs.
//
// Immutable; copies share their parts.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "barometer/sample/replicates.h"
#include "barometer/sample/sampling_variance.h"

namespace barometer {

class Adjustment {
 public:
  Adjustment() = default;
  Adjustment(const Adjustment&) = delete;
  Adjustment& operator=(const Adjustment&) = delete;
  virtual ~Adjustment() = default;
  // x (cases × p, weight times influence) becomes the part that the adjustment leaves.
  virtual void apply(Matrix& x) const = 0;
  [[nodiscard]] virtual std::string description() const = 0;  // "raked to 2 margins"
};

struct WholeRank;  // of all replicate weights; found when first asked for, by whichever thread

class Sample {
 public:
  // CHECKs that the lengths agree; weights are finite and ≥ 0.
  static Sample linearised(std::shared_ptr<const SamplingVariance> variance,
                           std::vector<double> weights);
  static Sample of(Design design);  // nested_sampling with the design's own weights
  // By row (CellSums::by_row).
  static Sample of_cells(std::shared_ptr<const Design> design,
                         std::shared_ptr<const CellSums> sums);
  // kInvalid: a matrix of another number of rows, rscales of another length, no replicates, a
  // replicate weight that is not finite, a negative scale.
  static Result<Sample> replicated(std::vector<double> weights, Replicates replicates);

  // The same cases with other weights, after one more adjustment (linearised samples).
  [[nodiscard]] Sample adjusted(std::vector<double> weights,
                                std::shared_ptr<const Adjustment> adjustment) const;
  // The same with other replicate weights (replicated samples).
  [[nodiscard]] Sample reweighted(std::vector<double> weights, Matrix replicate_weights,
                                  const std::string& description) const;
  // The same replicated sample, whose cases are cells with these counts and squares.
  [[nodiscard]] Sample counted(std::shared_ptr<const CellSums> sums) const;

  [[nodiscard]] size_t case_count() const { return weights_->size(); }
  [[nodiscard]] std::span<const double> weights() const& { return *weights_; }
  [[nodiscard]] const Replicates* replicates() const { return replicates_.get(); }
  [[nodiscard]] const SamplingVariance* sampling() const { return variance_.get(); }
  [[nodiscard]] const std::vector<std::shared_ptr<const Adjustment>>& adjustments() const& {
    return adjustments_;
  }

  // Of a sample of cells, else nullptr.
  [[nodiscard]] const CellSums* cells() const { return cells_.get(); }
  // True cases of a "case": 1, or those of the cell; and those of them with a weight above 0.
  [[nodiscard]] size_t cases_at(size_t i) const { return cells_ ? cells_->n[i] : 1; }
  [[nodiscard]] size_t live_at(size_t i) const;
  // Over the domain: cases, those with a weight above 0, Σw².
  [[nodiscard]] size_t cases(Domain domain) const;
  [[nodiscard]] size_t live_cases(Domain domain) const;
  [[nodiscard]] double squares(Domain domain) const;

  // Linearised: PSUs - strata with live cases of the domain. Replicated: the rank of the replicate
  // weights of the domain's cases, less 1; of cells, whose cases are not known, R - 1.
  [[nodiscard]] double df(Domain domain) const;
  // One line: "stratified design, with finite population correction; raked to 2 margins".
  [[nodiscard]] std::string description() const;
  [[nodiscard]] std::string df_rule() const;  // "PSUs - strata", "rank of the replicates - 1"

 private:
  Sample() = default;
  std::shared_ptr<const std::vector<double>> weights_;
  std::shared_ptr<const SamplingVariance> variance_;
  std::vector<std::shared_ptr<const Adjustment>> adjustments_;
  std::shared_ptr<const Replicates> replicates_;
  std::string steps_;
  std::shared_ptr<WholeRank> whole_rank_;
  std::shared_ptr<const CellSums> cells_;
};

// The sample with its cases gathered: cell[i] < count is the cell of case i, and every cell has a
// row. nullopt where sums do not do: replicates, adjusted weights, draws that are not nested.
std::optional<Sample> gathered(const Sample& sample, std::span<const uint32_t> cell, size_t count);

}  // namespace barometer

// Sums of replicate weights by cell from replicates that were made of the design's units: the
// factors times the sums by row, so that no case is read again.
#pragma once

#include <cstdint>
#include <vector>

#include <Eigen/SparseCore>

#include "barometer/base/matrix.h"
#include "barometer/base/result.h"
#include "barometer/design/cell_sums.h"
#include "barometer/design/design.h"
#include "barometer/sample/make_replicates.h"

namespace barometer {

class RowReplicates {
 public:
  // kUnsupported: cases of one row of the design with different factors (cases drawn singly).
  static Result<RowReplicates> make(const Design& design, const ReplicateFactors& factors);

  [[nodiscard]] size_t count() const { return static_cast<size_t>(changes_.cols()); }
  // Cells × replicates, of sums by row. kLimit past 2^26 entries.
  [[nodiscard]] Result<Matrix> sums(const CellSums& sums) const;

 private:
  RowReplicates() = default;
  // Units × replicates, factor less 1: mostly 0 for jackknives.
  Eigen::SparseMatrix<double, Eigen::RowMajor> changes_;
  std::vector<uint32_t> unit_of_row_;
};

}  // namespace barometer

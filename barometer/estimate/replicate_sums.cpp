#include "barometer/estimate/replicate_sums.h"

#include <algorithm>

#include <fmt/format.h>

namespace barometer {
namespace {

using Eigen::Index;

constexpr size_t kMostEntries = size_t{1} << 26;

}  // namespace

Result<RowReplicates> RowReplicates::make(const Design& design, const ReplicateFactors& factors) {
  RowReplicates made;
  for (size_t row = 0; row < design.row_count(); ++row) {
    const size_t first = design.row_begin()[row];
    const auto places = design.order().subspan(first, design.row_begin()[row + 1] - first);
    const uint32_t unit = factors.unit_of_case[places.front()];
    const bool alike = std::ranges::all_of(
        places, [&](uint32_t place) { return factors.unit_of_case[place] == unit; });
    // A counted row of single cases is one place, whatever their factors.
    if (!alike || (design.elements() && design.cases_in_row(row) > places.size())) {
      return fail(ErrorCode::kUnsupported,
                  fmt::format("case {} was drawn singly, with {} others of its stratum; replicates "
                              "of single cases need weights by case",
                              places.front() + 1, design.cases_in_row(row) - 1));
    }
    made.unit_of_row_.push_back(unit);
  }
  made.changes_ = (factors.factors.array() - 1).matrix().sparseView();
  return made;
}

Result<Matrix> RowReplicates::sums(const CellSums& sums) const {
  CHECK(sums.by_row() && sums.row_count == unit_of_row_.size(), "sums by the rows of the design");
  if (sums.cell_count > 0 && count() > kMostEntries / sums.cell_count) {
    return fail(ErrorCode::kLimit, fmt::format("{} replicates of {} cells are more than {} numbers",
                                               count(), sums.cell_count, kMostEntries));
  }
  Matrix by_unit = Matrix::Zero(static_cast<Index>(sums.cell_count), changes_.rows());
  for (size_t row = 0; row < sums.row_count; ++row) {
    auto unit = by_unit.col(unit_of_row_[row]);
    for (size_t at = sums.row_begin[row]; at < sums.row_begin[row + 1]; ++at) {
      unit(sums.cell_of(row, at)) += sums.row_w[at];
    }
  }
  const Eigen::Map<const Vector> full(sums.w.data(), static_cast<Index>(sums.cell_count));
  Matrix replicates = full.replicate(1, changes_.cols());
  for (Index unit = 0; unit < changes_.rows(); ++unit) {
    for (decltype(changes_)::InnerIterator it(changes_, unit); it; ++it) {
      replicates.col(it.col()) += it.value() * by_unit.col(unit);
    }
  }
  return replicates;
}

}  // namespace barometer

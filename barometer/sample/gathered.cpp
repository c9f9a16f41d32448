#include "barometer/sample/sample.h"

namespace barometer {
namespace {

CellSums empty_sums(size_t rows, size_t count, bool elements) {
  CellSums sums;
  sums.cell_count = count;
  sums.row_count = rows;
  sums.n.assign(count, 0);
  sums.live.assign(count, 0);
  sums.w.assign(count, 0);
  sums.w2.assign(count, 0);
  sums.row_begin.resize(rows + 1);
  for (size_t row = 0; row <= rows; ++row) sums.row_begin[row] = row * count;
  sums.row_n.assign(rows * count, 0);
  sums.row_w.assign(rows * count, 0);
  if (elements) {
    sums.row_live.assign(rows * count, 0);
    sums.row_w2.assign(rows * count, 0);
  }
  return sums;
}

}  // namespace

std::optional<Sample> gathered(const Sample& sample, std::span<const uint32_t> cell, size_t count) {
  CHECK(cell.size() == sample.case_count(), "one cell a case");
  if (sample.sampling() == nullptr || !sample.adjustments().empty()) return std::nullopt;
  const Design* design = sample.sampling()->nested_design();
  if (design == nullptr) return std::nullopt;
  CellSums sums = empty_sums(design->row_count(), count, design->elements());
  const std::span<const double> weights = sample.weights();
  for (size_t row = 0; row < sums.row_count; ++row) {
    for (size_t at = design->row_begin()[row]; at < design->row_begin()[row + 1]; ++at) {
      const uint32_t i = design->order()[at];
      const size_t entry = row * count + cell[i];
      const double w = weights[i];
      sums.row_n[entry] += 1;
      sums.row_w[entry] += w;
      sums.live[cell[i]] += w > 0 ? 1 : 0;
      sums.w2[cell[i]] += w * w;
      if (!design->elements()) continue;
      sums.row_live[entry] += w > 0 ? 1 : 0;
      sums.row_w2[entry] += w * w;
    }
    for (size_t c = 0; c < count; ++c) {
      sums.n[c] += sums.row_n[row * count + c];
      sums.w[c] += sums.row_w[row * count + c];
    }
  }
  // The design belongs to the sample, which the copy keeps alive.
  const std::shared_ptr<const Design> shared(std::make_shared<const Sample>(sample), design);
  return Sample::of_cells(shared, std::make_shared<const CellSums>(std::move(sums)));
}

}  // namespace barometer

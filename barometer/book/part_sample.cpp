#include "barometer/book/part_sample_internal.h"

namespace barometer {
namespace {

template <class T>
std::shared_ptr<const T> borrowed(const T& thing) {
  return std::shared_ptr<const T>(std::shared_ptr<void>(), &thing);
}

}  // namespace

PartSample::PartSample(const Design& design, const CellSums& sums)
    : sample_(Sample::of_cells(borrowed(design), borrowed(sums))) {}

PartSample::PartSample(const Sample& sample, const Cells& cells)
    : sample_(sample), cell_of_case_(cells.cell_of_case) {
  CHECK(sample.case_count() == cells.cell_of_case.size(), "the cases of the sample are the data's");
}

Matrix PartSample::each(const Matrix& by_cell) const {
  if (!of_cases()) return by_cell;
  Matrix values = Matrix::Zero(static_cast<Eigen::Index>(cell_of_case_.size()), by_cell.cols());
  for (size_t i = 0; i < cell_of_case_.size(); ++i) {
    if (cell_of_case_[i] == kInNoCell) continue;
    values.row(static_cast<Eigen::Index>(i)) = by_cell.row(cell_of_case_[i]);
  }
  return values;
}

Result<Dataset> PartSample::data(const Dataset& cells) const {
  if (!of_cases()) return cells;
  std::vector<uint32_t> rows;
  for (const uint32_t cell : cell_of_case_) rows.push_back(cell == kInNoCell ? 0 : cell);
  std::vector<Column> columns;
  for (size_t v = 0; v < cells.codebook().variables().size(); ++v) {
    columns.push_back(picked(cells.column(v), rows));
  }
  return Dataset::make(cells.codebook(), std::move(columns));
}

}  // namespace barometer

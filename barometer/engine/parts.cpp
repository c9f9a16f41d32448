#include "barometer/engine/parts_internal.h"

namespace barometer {

std::vector<PartRange> cut_parts(const Design& design, size_t part_cases) {
  CHECK(part_cases > 0, "a part holds cases");
  std::vector<PartRange> parts;
  const auto begins = design.row_begin();
  size_t row = 0;
  for (size_t first = 0; first < design.case_count();) {
    size_t last = std::min(first + part_cases, design.case_count());
    size_t end_row = row;
    while (begins[end_row + 1] < last) ++end_row;
    const size_t length = begins[end_row + 1] - begins[end_row];
    if (length <= part_cases) last = begins[end_row + 1];
    parts.push_back({first, last, row, begins[row] < first});
    row = begins[end_row + 1] == last ? end_row + 1 : end_row;
    first = last;
  }
  return parts;
}

}  // namespace barometer

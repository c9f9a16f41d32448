#include "barometer/protection/cross_table.h"

#include <algorithm>
#include <numeric>

#include "barometer/base/result.h"

namespace barometer {

TableDimension dimension_of(size_t size, const std::vector<std::vector<size_t>>& nets) {
  TableDimension dimension{size, {}};
  for (size_t i = 0; i < size; ++i) dimension.printed.push_back({i});
  dimension.printed.insert(dimension.printed.end(), nets.begin(), nets.end());
  std::vector<size_t> all(size);
  std::iota(all.begin(), all.end(), size_t{0});
  dimension.printed.push_back(all);
  return dimension;
}

std::vector<LinearSum> cells_of(const std::vector<TableDimension>& dimensions) {
  std::vector<std::vector<size_t>> cells{{0}};
  for (const TableDimension& dimension : dimensions) {
    std::vector<std::vector<size_t>> next;
    for (const std::vector<size_t>& cell : cells) {
      for (const std::vector<size_t>& group : dimension.printed) {
        std::vector<size_t>& atoms = next.emplace_back();
        for (const size_t atom : cell) {
          for (const size_t category : group) atoms.push_back(atom * dimension.size + category);
        }
      }
    }
    cells = std::move(next);
  }
  std::vector<LinearSum> sums;
  for (std::vector<size_t>& cell : cells) {
    std::ranges::sort(cell);
    LinearSum& sum = sums.emplace_back();
    for (const size_t atom : cell) sum.terms.emplace_back(atom, 1);
  }
  return sums;
}

SuppressionProblem table_problem(const std::vector<TableDimension>& dimensions,
                                 const std::vector<int64_t>& counts) {
  SuppressionProblem problem;
  problem.known.atoms = 1;
  for (const TableDimension& dimension : dimensions) problem.known.atoms *= dimension.size;
  CHECK(counts.size() == problem.known.atoms, "a table needs a count for each combination");
  for (LinearSum& sum : cells_of(dimensions)) {
    SuppressibleCell& cell = problem.cells.emplace_back();
    for (const auto& [atom, coefficient] : sum.terms) cell.value += coefficient * counts[atom];
    cell.sum = std::move(sum);
  }
  return problem;
}

}  // namespace barometer

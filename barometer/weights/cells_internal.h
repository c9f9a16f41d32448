// Cases by the cells of margins: weighting works on sums of weights by cell, never case by case.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "barometer/data/dataset.h"
#include "barometer/sample/sample.h"
#include "barometer/weights/margins.h"
#include "barometer/weights/report.h"

namespace barometer {

// A margin met with the data. Cases without weight are in no row (-1).
struct MatchedMargin {
  std::string name{};
  std::vector<std::string> labels{};    // of the rows that are in the data
  std::vector<double> totals{};         // of the same rows; shares are scaled
  std::vector<int32_t> row_of_case{};   // -1: weight 0
  std::vector<std::string> left_out{};  // rows of the margin that no case is in (with `partial`)
};
struct MatchOptions {
  bool partial = false;   // rows without cases are left out; else they are an error
  double population = 0;  // what shares are scaled to; 0: the sum of the weights
};
// kInvalid or kNotFound, one sentence that names variable, category and how many cases: a
// variable without value for some cases with weight; a category that is on one side only; a
// population of 0 where there are cases.
Result<MatchedMargin> match_margin(const Margin& margin, const Dataset& data,
                                   std::span<const double> weights, const MatchOptions& options);

// The cells that occur when margins are crossed.
struct JointCells {
  size_t count = 0;
  std::vector<int32_t> cell_of_case;              // -1: weight 0
  std::vector<std::vector<int32_t>> row_of_cell;  // for each margin, the row of each cell
};
JointCells joint_cells(std::span<const MatchedMargin> margins);

// Sums of the weights by cell: column 0 the full sample, then its replicates.
Matrix sums_by_cell(const Sample& sample, std::span<const int32_t> cell_of_case, size_t count);
// The sample with every weight (and replicate weight) times the factor of its cell, in the columns
// of sums_by_cell.
Sample scaled_by_cell(const Sample& sample, std::span<const int32_t> cell_of_case,
                      const Matrix& factors, std::shared_ptr<const Adjustment> adjustment,
                      const std::string& description);

// kInvalid where data and sample differ in length.
Status check_lengths(const Sample& sample, const Dataset& data);
// kInvalid: a weight below 0. what: "raking".
Status check_not_negative(std::span<const double> weights, const std::string& what);
// The id of a variable as people write it. kNotFound with the nearest.
Result<std::string> written_variable(const Dataset& data, const std::string& name);
// "1 case", "12 cases".
std::string cases_text(size_t count);
// One adds to `trouble` as a sentence after the others.
void add_trouble(WeightStep& step, const std::string& sentence);

}  // namespace barometer

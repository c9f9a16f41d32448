// A variable as tables for the engine: which cell each case stands in, which statistics to take.
//
// The base rule is applied here. Not asked, no answer and refused are out of every base. A don't
// know (the missing kind, or a category so marked) is in the base of proportions when the variable
// says so, and never in the base of a mean. A multi variable has one table of two cells for each
// option and NET.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "barometer/data/dataset.h"
#include "barometer/estimate/influence.h"

namespace barometer {

struct CodedStatistic {
  enum class Role { kOption, kNet, kMean };
  Role role = Role::kOption;
  size_t index = 0;    // of the category or NET
  LinearForm form;     // what is averaged over the base
  std::string reason;  // why it is not estimated; empty when it is
};

struct CodedTable {
  std::vector<uint16_t> cells;
  size_t cell_count = 0;
  std::span<const double> y;
  double centre = 0;
  bool whole_numbers = true;  // what is averaged are whole numbers (0 and 1, codes, or such y)
  std::vector<CodedStatistic> statistics;
};

struct MissingCounts {
  size_t not_asked = 0, no_answer = 0, refused = 0, dont_know = 0;
};

// kUnsupported for open text. The tables look into `column`, which must live as long.
// The mask (empty: all) chooses the centre and whether numbers are whole, not the cells.
Result<std::vector<CodedTable>> coded(const Variable& variable, const Column& column,
                                      std::span<const uint8_t> mask);
// Over the cases of the mask (empty: all). A category marked as don't know counts as dont_know.
MissingCounts count_missing(const Variable& variable, const Column& column,
                            std::span<const uint8_t> mask);

}  // namespace barometer

// A variable as coded tables: which coded cell each row of a column stands in, which statistics to
// take. A row is a cell of an engine's answer, or a case.
//
// The base rule is applied here. Not asked, no answer and refused are out of every base. A don't
// know (the missing kind, or a category so marked) is in the base of proportions when the variable
// says so, and never in the base of a mean. A multi variable has one table of two cells for each
// option and NET.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "barometer/data/dataset.h"

namespace barometer {

inline constexpr uint16_t kNoCell = 0xFFFF;

// What a row of weight w in coded cell c with number y adds: w (a_c + b_c y). Its base is the rows
// of coded cells [0, base_cells). With L the sum over rows and W the weight of the base, a total is
// L and a mean is L / W; a proportion is the mean of 0 and 1.
struct LinearForm {
  struct Term {
    uint16_t cell = 0;
    double on_weight = 0;  // a_c
    double on_y = 0;       // b_c
  };
  std::vector<Term> terms;
  size_t base_cells = 0;
};

struct CodedStatistic {
  enum class Role { kOption, kNet, kMean };
  Role role = Role::kOption;
  size_t index = 0;    // of the category or NET
  LinearForm form;     // what is averaged over the base
  std::string reason;  // why it is not estimated; empty when it is
};

struct CodedTable {
  std::vector<uint16_t> cells;  // one a row, or kNoCell
  size_t cell_count = 0;
  std::span<const double> y;  // one a row, or empty
  double centre = 0;          // near the mean of y; whole where all y are
  bool whole_numbers = true;  // what is averaged are whole numbers (0 and 1, codes, or such y)
  std::vector<CodedStatistic> statistics;
};

struct MissingCounts {
  size_t not_asked = 0, no_answer = 0, refused = 0, dont_know = 0;
};

// One a row of the column: cases that it stands for, and their weight. Of single cases both are 1
// in the mask and 0 out of it.
struct RowCounts {
  std::span<const uint64_t> n;
  std::span<const double> w;
};

// kUnsupported for open text.
Status check_estimable(const Variable& variable);
// The same error. The tables look into `column`, which must live as long. The counts
// choose the centre and whether numbers are whole, not the cells.
Result<std::vector<CodedTable>> coded(const Variable& variable, const Column& column,
                                      const RowCounts& counts);
// A category marked as don't know counts as dont_know.
MissingCounts count_missing(const Variable& variable, const Column& column,
                            std::span<const uint64_t> n);

}  // namespace barometer

// The columns of a variable that means and totals are made of.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "barometer/base/matrix.h"
#include "barometer/base/result.h"
#include "barometer/data/dataset.h"

namespace barometer {

struct MeasureColumns {
  std::vector<std::string> labels;  // one a column
  Matrix y;                         // cases × columns; rows that are not complete are 0
  std::vector<uint8_t> complete;    // one a case: 1 where nothing is missing
};

// What is written, and what it gives:
//   api00            a number, or a scale by its codes   one column, "api00"
//   stype            categories                          0/1 a level, "stype=E"; a category that
//                                                        no one has keeps its column, of zeros
//   barriers         a multi variable                    0/1 an option, "barriers=Staffing"
//   factor(x)        the values of any variable          0/1 a value that occurs, "factor(x)=3"
//   stype:sch.wide   joint levels                        0/1 a combination, the first variable
//                                                        fastest, "stype:sch.wide=E.No"
//   I(a / b)         an expression (formula.h), also     one column, its text; a comparison
//                    log(a) and "ell == 0"               is 0/1
// Open text holds the words of respondents, which are no labels: it has levels only as factor(x).
// Names as Codebook::index_of_written; a don't know outside the base of its item is missing.
// kNotFound, kInvalid: as levels_of and NumberExpression; a variable of no level; open text outside
// factor(). kLimit: over 5,000 columns or 2^29 cells.
Result<MeasureColumns> measure_columns(const Dataset& data, const std::string& written);
// Several, side by side; complete where all are.
Result<MeasureColumns> measure_columns(const Dataset& data, std::span<const std::string> written);

}  // namespace barometer

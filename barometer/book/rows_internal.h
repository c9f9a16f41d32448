// The rows of a table: categories under their NETs, sorted and ranked, then statistics.
#pragma once

#include <functional>
#include <vector>

#include "barometer/book/book.h"

namespace barometer {

// Weight of those in the total who gave one of these codes; what rows are sorted by.
using WeightOfCodes = std::function<double(const std::vector<int>& codes)>;

// A NET stands over its categories: one of the plan with `within` under that NET, others under the
// smallest NET that holds all their codes and more. A NET that shares codes with an earlier one
// without being inside it (or the other way round) has nothing under it, and follows the
// categories. Answers outside the base have no row.
//
// kInvalid: boxes, NPS or a mean of what is no scale and has no scores; kNotFound: `within`
// names no NET.
Result<std::vector<BookRow>> rows_of(const Variable& variable, const RowsPlan& plan,
                                     const WeightOfCodes& weight);

// What a code counts in a mean: its score, of a plan without scores the code itself; none of a
// don't know or an answer off the scale.
std::optional<double> score_of(const Variable& variable, const RowsPlan& plan, int code);

}  // namespace barometer

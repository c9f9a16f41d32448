// Population margins, as people write them: how many of the population are in each category of one
// variable, or in each cell of several.
//
//   stype,sch_wide,population        or, several margins in one file, variable,category,population
//   E,Yes,3900                                                          stype,E,4421
//   E,No,521                                                            sch_wide,Yes,5122
//
// The last column is headed population, count, total or freq (numbers of people or organisations),
// or share or percent (they sum to 1 or to 100, and are scaled where they are used). A category is
// named by its label; a code serves where no label is the same.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {

struct Margin {
  std::vector<std::string> variables{};
  std::vector<std::vector<std::string>> levels{};  // one tuple a row, in the order of `variables`
  std::vector<double> totals{};                    // one a row, each ≥ 0
  bool shares = false;                             // totals are parts of a whole
  std::string source{};                            // where it was read, for messages
};

// "stype" or "stype × sch_wide".
std::string name_of(const Margin& margin);
// "E" or "E, Yes".
std::string label_of_row(const Margin& margin, size_t row);
double sum_of(const Margin& margin);

// kInvalid, everything that is wrong at once, with file, line, column and value: a last column of
// another name; no rows; a number that is negative or none; an empty category; a category or cell
// twice; shares that sum to neither 1 nor 100 (within 0.5 %).
Result<Margin> read_margin(const std::filesystem::path& path);
// A file headed variable, category and one of the names above, as one margin for each variable, in
// order of appearance; any other file as one margin.
Result<std::vector<Margin>> read_margins(const std::filesystem::path& path);

// The same checks of a margin that came from elsewhere.
Status check_margin(const Margin& margin);

}  // namespace barometer

// Domains made by the crossing of variables, and anything estimated in each of them at once.
//
// Cells are named as R's svyby: the levels joined by ".", the first variable fastest: E.No, H.No,
// M.No, E.Yes, … Cells without a case are left out, and so are cases that miss a variable.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "barometer/data/dataset.h"
#include "barometer/sample/functional.h"

namespace barometer {

struct DomainCell {
  std::string label;               // "E", "E.Yes"; "" of no variable
  std::vector<std::string> parts;  // {"E", "Yes"}: the level of each variable
  std::vector<uint8_t> mask;       // one a case
  size_t n = 0;                    // cases inside
};

// Inside `where` (empty: all cases). With `weights`, cases of weight 0 do not count, as in R. No
// names: one cell of all. factor(x) is x, also where x is open text, which has no levels otherwise
// (columns.h). kInvalid, kNotFound: as levels_of; kLimit: over 10,000 cells; kInvalid:
// no case in any cell.
Result<std::vector<DomainCell>> domains_of(const Dataset& data, std::span<const std::string> by,
                                           Domain where, std::span<const double> weights = {});

// make(domain) in every cell, in one functional, whose covariance is that across the cells too. In
// R's order: the first entry of each cell, then the second of each, … (the cell fastest). All make
// the same number of entries. A cell without a value is named in the error.
FunctionalPtr over_domains(std::span<const DomainCell> cells,
                           const std::function<FunctionalPtr(std::vector<uint8_t>)>& make);
// "E:api00", "H:api00", …: the labels of that order, cells before entries.
std::vector<std::string> labels_over(std::span<const DomainCell> cells,
                                     std::span<const std::string> entries);

}  // namespace barometer

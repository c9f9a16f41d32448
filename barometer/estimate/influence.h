// Statistics as linear forms on the cells of a table, and their influence.
//
// A form says what a case of weight w in cell c with centred number v adds: w (a_c + b_c v). Its
// base is the first `base_cells` cells. With L the form's sum over cases and W the base weight,
//   total:      L                         influence of a case: its own addition to L
//   mean type:  m = L / W                 influence of a case: (addition to L - m w) / W
// (a proportion is the mean of 0 and 1, a domain mean is the mean over the domain's cells). These
// are Taylor linearisations: Särndal, Swensson & Wretman (1992), 5.5-5.7.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "barometer/engine/table_sums.h"

namespace barometer {

struct LinearForm {
  struct Term {
    uint16_t cell = 0;
    double on_weight = 0;  // a_c
    double on_y = 0;       // b_c
  };
  std::vector<Term> terms;
  double on_base = 0;     // added to a_c in every cell of the base
  size_t base_cells = 0;  // the base is cells [0, base_cells)
};

// L over one row of sums.
double sum_of(const LinearForm& form, const TableSums& sums, size_t row = 0);
double base_weight(const LinearForm& form, const TableSums& sums, size_t row = 0);

struct Linearised {
  double value = 0;
  LinearForm influence;
};
// L / W with its influence; the table's centre is not added to the value. nullopt when W is 0.
std::optional<Linearised> mean_type(const LinearForm& form, const TableSums& totals);
// L with its influence.
Linearised total_type(const LinearForm& form, const TableSums& totals);

}  // namespace barometer

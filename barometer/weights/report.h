// What weighting did: each step with its margins before and after, and the weights as a whole.
//
// The design effect of weighting is Kish's 1 + cv² = n Σw² / (Σw)², over the n cases with a weight
// other than 0; the effective base is (Σw)² / Σw² (Kish, "Survey Sampling", 1965, §11.7). Both say
// what unequal weights cost an estimate that has nothing to do with them; what the margins explain
// is gained back, and is in the standard errors.
#pragma once

#include <string>
#include <vector>

#include "barometer/sample/sample.h"

namespace barometer {

struct MarginLine {
  std::string variable{};  // "stype", "stype × sch_wide"; of a calibration the column, "stypeH"
  std::string level{};     // "E", "E, Yes"; of a calibration empty
  double population = 0;
  double before = 0, after = 0;  // sums of weights (times the auxiliary variable)
};

struct WeightStep {
  std::string kind{};  // "post-stratification", "raking", "calibration", "trimming", "response"
  std::string description{};  // "raked to 2 margins (stype; sch_wide)"
  bool converged = true;
  size_t iterations = 0;
  std::string trouble{};  // sentences for the person; empty when there is none
  std::vector<MarginLine> lines{};
};

// A sample with new weights, and what was done.
struct Weighted {
  Sample sample;
  WeightStep step;
};

struct WeightSummary {
  size_t cases = 0;  // with a weight other than 0
  double sum = 0;
  double smallest = 0, largest = 0;
  double design_effect = 1;
  double effective_base = 0;
};
WeightSummary summary_of_weights(std::span<const double> weights);

struct WeightReport {
  std::vector<WeightStep> steps{};
  WeightSummary before{}, after{};
  double smallest_ratio = 1, largest_ratio = 1;  // of new to old weights
};
WeightReport weight_report(const Sample& before, const Sample& after,
                           std::vector<WeightStep> steps);
// Plain text, a table for each step.
std::string report_text(const WeightReport& report);

}  // namespace barometer

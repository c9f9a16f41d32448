#include "barometer/formula/formula.h"
#include "barometer/weights/calibrate.h"
#include "barometer/weights/rake.h"
#include "bench/ours.h"

namespace barometer::bench {
namespace {

// What another program must find too: the sum of the squared weights (of cells, of their sums), and
// the weights of some cases.
Found weights_of(const Sample& sample) {
  const std::span<const double> weights = sample.weights();
  Found found;
  double squares = 0;
  for (const double w : weights) squares += w * w;
  found.value.push_back(squares);
  if (sample.cells() != nullptr) return found;
  for (size_t i = 0; i < 10; ++i) found.value.push_back(weights[i * (weights.size() / 10)]);
  return found;
}

// The margins are known beforehand.
using MarginQuestion = std::function<Question(const std::vector<Margin>& margins)>;

Question raked(const std::vector<Margin>& margins) {
  return [=](const Sample& sample, const Dataset& data) -> Result<Found> {
    return weights_of(TRY(rake(sample, data, margins)).sample);
  };
}

MarginQuestion calibrated(CalibrationDistance distance) {
  return [=](const std::vector<Margin>& margins) -> Question {
    return [=](const Sample& sample, const Dataset& data) -> Result<Found> {
      const Formula formula = TRY(Formula::parse("~ b1 + b2 + b3 + b4 + b5"));
      const auto totals = TRY(totals_of_margins(formula, data, margins));
      const CalibrateOptions options{.distance = distance, .epsilon = 1e-11};
      return weights_of(TRY(calibrate(sample, data, formula, totals, options)).sample);
    };
  };
}

Prepare by_cases(const MarginQuestion& question) {
  return [=](const Subject& subject) -> Result<Run> {
    return on_cases(question(population_margins(*subject.data)))(subject);
  };
}

Prepare by_cells(const MarginQuestion& question) {
  return [=](const Subject& subject) -> Result<Run> {
    const CellQuery query{.keys = {"b1", "b2", "b3", "b4", "b5"}};
    return on_cells(query, question(population_margins(*subject.data)))(subject);
  };
}

}  // namespace

std::vector<Operation> weighting_operations() {
  return {{.id = "rake_cells", .prepare = by_cells(raked)},
          {.id = "rake_cases", .prepare = by_cases(raked)},
          {.id = "calibrate_linear",
           .prepare = by_cases(calibrated(CalibrationDistance::kLinear)),
           .note = "by cases"},
          {.id = "calibrate_raking",
           .prepare = by_cases(calibrated(CalibrationDistance::kRaking)),
           .note = "by cases"},
          {.id = "calibrate_linear_cells",
           .prepare = by_cells(calibrated(CalibrationDistance::kLinear))},
          {.id = "calibrate_raking_cells",
           .prepare = by_cells(calibrated(CalibrationDistance::kRaking))}};
}

}  // namespace barometer::bench

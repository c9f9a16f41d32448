#include "barometer/formula/formula.h"
#include "barometer/weights/calibrate.h"
#include "barometer/weights/rake.h"
#include "bench/ours.h"

namespace barometer::bench {
namespace {

// The new weights of some cases, and their sum: what another program's raking must give too.
Found found_of(const Sample& sample) {
  const std::span<const double> weights = sample.weights();
  Found found;
  double squares = 0;
  for (const double w : weights) squares += w * w;
  found.value.push_back(squares);
  for (size_t i = 0; i < 10; ++i) found.value.push_back(weights[i * (weights.size() / 10)]);
  return found;
}

Result<Run> rake_cases(const Subject& subject) {
  const Sample sample = TRY(design_sample(subject));
  const std::vector<Margin> margins = population_margins(*subject.data);
  return Run([subject, sample, margins]() -> Result<Found> {
    return found_of(TRY(rake(sample, *subject.data, margins)).sample);
  });
}

std::function<Result<Run>(const Subject&)> calibration(CalibrationDistance distance) {
  return [distance](const Subject& subject) -> Result<Run> {
    const Sample sample = TRY(design_sample(subject));
    const Formula formula = TRY(Formula::parse("~ b1 + b2 + b3 + b4 + b5"));
    const auto totals =
        TRY(totals_of_margins(formula, *subject.data, population_margins(*subject.data)));
    return Run([=]() -> Result<Found> {
      return found_of(TRY(calibrate(sample, *subject.data, formula, totals,
                                    {.distance = distance, .epsilon = 1e-11}))
                          .sample);
    });
  };
}

}  // namespace

std::vector<Operation> weighting_operations() {
  return {{.id = "rake_cases", .prepare = rake_cases},
          {.id = "calibrate_linear", .prepare = calibration(CalibrationDistance::kLinear)},
          {.id = "calibrate_raking", .prepare = calibration(CalibrationDistance::kRaking)}};
}

}  // namespace barometer::bench

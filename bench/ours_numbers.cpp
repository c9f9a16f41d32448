#include <array>

#include "barometer/estimand/columns.h"
#include "barometer/estimand/domains.h"
#include "barometer/estimand/quantile.h"
#include "barometer/model/glm.h"
#include "barometer/sample/functional.h"
#include "bench/ours.h"

namespace barometer::bench {
namespace {

Found found_of(const Estimated& estimated) {
  Found found;
  for (Eigen::Index j = 0; j < estimated.value.size(); ++j) {
    found.value.push_back(estimated.value(j));
    found.se.push_back(estimated.se(j));
  }
  return found;
}

// Means of what is written, from the columns on: as R's svymean reads its formula.
std::function<Result<Run>(const Subject&)> means(std::vector<std::string> written) {
  return [written](const Subject& subject) -> Result<Run> {
    const Sample sample = TRY(design_sample(subject));
    return Run([subject, sample, written]() -> Result<Found> {
      const MeasureColumns columns = TRY(measure_columns(*subject.data, written));
      return found_of(TRY(estimate(sample, *mean_of(columns.y, {}), Progress())));
    });
  };
}

Result<Run> mean_by_group(const Subject& subject) {
  const Sample sample = TRY(design_sample(subject));
  return Run([subject, sample]() -> Result<Found> {
    const MeasureColumns columns = TRY(measure_columns(*subject.data, "income"));
    const std::vector<std::string> by = {"b1"};
    const auto cells = TRY(domains_of(*subject.data, by, {}));
    const FunctionalPtr means_by = over_domains(
        cells, [&](std::vector<uint8_t> mask) { return mean_of(columns.y, std::move(mask)); });
    return found_of(TRY(estimate(sample, *means_by, Progress())));
  });
}

Result<Run> three_quantiles(const Subject& subject) {
  const Sample sample = TRY(design_sample(subject));
  return Run([subject, sample]() -> Result<Found> {
    const std::vector<double> income = TRY(numbers_of_variable(*subject.data, "income"));
    const std::array<double, 3> probs = {0.25, 0.5, 0.75};
    Found found;
    for (const QuantileEstimate& one : TRY(quantiles(sample, income, {}, probs, {}))) {
      found.value.push_back(one.value.value_or(0));
      found.se.push_back(one.se.value_or(0));
    }
    return found;
  });
}

std::function<Result<Run>(const Subject&)> regression(const std::string& text, GlmFamily family) {
  return [text, family](const Subject& subject) -> Result<Run> {
    const Sample sample = TRY(design_sample(subject));
    const Formula formula = TRY(Formula::parse(text));
    return Run([subject, sample, formula, family]() -> Result<Found> {
      const GlmFit fit = TRY(fit_glm(sample, *subject.data, formula, {}, {.family = family}));
      return found_of(fit.coefficients);
    });
  };
}

}  // namespace

std::vector<Operation> number_operations() {
  return {{.id = "mean1", .prepare = means({"income"})},
          {.id = "mean8",
           .prepare = means({"income", "q14", "q15", "q16", "q17", "q18", "q19", "q20"})},
          {.id = "mean_by", .prepare = mean_by_group},
          {.id = "quantiles", .prepare = three_quantiles},
          {.id = "lm", .prepare = regression("income ~ b1 + b2 + b3 + b4", GlmFamily::kGaussian)},
          {.id = "logit",
           .prepare = regression("I(q1 == 1) ~ b1 + b2 + b3 + b4", GlmFamily::kBinomial)}};
}

}  // namespace barometer::bench

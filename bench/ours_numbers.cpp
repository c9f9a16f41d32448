#include <array>

#include "barometer/estimand/columns.h"
#include "barometer/estimand/domains.h"
#include "barometer/estimand/quantile.h"
#include "barometer/model/glm.h"
#include "bench/ours.h"

namespace barometer::bench {
namespace {

// Means of what is written, from the columns on: as R's svymean reads its formula.
Question means(std::vector<std::string> written) {
  return [=](const Sample& sample, const Dataset& data) -> Result<Found> {
    const MeasureColumns columns = TRY(measure_columns(data, written));
    return found_of(TRY(estimate(sample, *mean_of(columns.y, {}), Progress())));
  };
}

Result<Found> mean_by_group(const Sample& sample, const Dataset& data) {
  const MeasureColumns columns = TRY(measure_columns(data, "income"));
  const std::vector<std::string> by = {"b1"};
  const auto cells = TRY(domains_of(data, by, {}));
  const FunctionalPtr means_by = over_domains(
      cells, [&](std::vector<uint8_t> mask) { return mean_of(columns.y, std::move(mask)); });
  return found_of(TRY(estimate(sample, *means_by, Progress())));
}

// Means of variables, each from its own query, all in one request.
Prepare means_of_each(std::vector<std::string> variables) {
  return [=](const Subject& subject) -> Result<Run> {
    const auto engine = TRY(make_engine(subject));
    std::vector<CellQuery> queries(variables.size());
    for (size_t k = 0; k < variables.size(); ++k) {
      const bool number = engine->codebook().find(variables[k])->kind == VariableKind::kNumber;
      (number ? queries[k].numbers : queries[k].keys) = {variables[k]};
    }
    return Run([=]() -> Result<Found> {
      Found found;
      const auto design = std::shared_ptr<const Design>(engine, &engine->design());
      TRY_DONE(engine->answer(queries, Progress(), [&](size_t q, const Cells& cells) -> Status {
        const auto sums = std::make_shared<const CellSums>(cells.sums);
        const Found one = TRY(means({variables[q]})(Sample::of_cells(design, sums), cells.data));
        found.value.push_back(one.value[0]);
        found.se.push_back(one.se[0]);
        return {};
      }));
      return found;
    });
  };
}

Result<Found> three_quantiles(const Sample& sample, const Dataset& data) {
  const std::vector<double> income = TRY(numbers_of_variable(data, "income"));
  const std::array<double, 3> probs = {0.25, 0.5, 0.75};
  Found found;
  for (const QuantileEstimate& one : TRY(quantiles(sample, income, {}, probs, {}))) {
    found.value.push_back(one.value.value_or(0));
    found.se.push_back(one.se.value_or(0));
  }
  return found;
}

Question regression(const std::string& text, GlmFamily family) {
  return [=](const Sample& sample, const Dataset& data) -> Result<Found> {
    const Formula formula = TRY(Formula::parse(text));
    const GlmFit fit = TRY(fit_glm(sample, data, formula, {}, {.family = family}));
    return found_of(fit.coefficients);
  };
}

}  // namespace

std::vector<Operation> number_operations() {
  const std::vector<std::string> eight = {"income", "q14", "q15", "q16",
                                          "q17",    "q18", "q19", "q20"};
  const Question linear = regression("income ~ b1 + b2 + b3 + b4", GlmFamily::kGaussian);
  const Question logistic = regression("I(q1 == 1) ~ b1 + b2 + b3 + b4", GlmFamily::kBinomial);
  return {{.id = "mean1", .prepare = on_cells({.numbers = {"income"}}, means({"income"}))},
          {.id = "mean8", .prepare = means_of_each(eight), .note = "without their covariances"},
          {.id = "mean_by",
           .prepare = on_cells({.keys = {"b1"}, .numbers = {"income"}}, mean_by_group)},
          {.id = "quantiles", .prepare = on_cases(three_quantiles), .note = "by cases"},
          {.id = "lm",
           .prepare = on_cells({.keys = {"b1", "b2", "b3", "b4"}, .numbers = {"income"}}, linear)},
          {.id = "logit", .prepare = on_cells({.keys = {"q1", "b1", "b2", "b3", "b4"}}, logistic)},
          {.id = "mean1_cases", .prepare = on_cases(means({"income"}))},
          {.id = "mean_by_cases", .prepare = on_cases(mean_by_group)},
          {.id = "logit_cases", .prepare = on_cases(logistic)},
          {.id = "mean8_cases", .prepare = on_cases(means(eight))},
          {.id = "lm_cases", .prepare = on_cases(linear)},
          {.id = "quantiles_cells", .prepare = on_cells({.keys = {"income"}}, three_quantiles)}};
}

}  // namespace barometer::bench

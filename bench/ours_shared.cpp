#include <fmt/format.h>

#include "barometer/engine/memory_engine.h"
#include "barometer/sample/make_replicates.h"
#include "bench/ours.h"

namespace barometer::bench {
namespace {

Result<ReplicateFactors> bootstrap_factors(const Subject& subject, size_t count) {
  const Design design = TRY(make_design(*subject.data));
  return replicate_factors(design, {.type = ReplicateType::kBootstrap, .count = count});
}

Margin margin_of(const Dataset& data, size_t banner) {
  const size_t codes = kBannerCodes[banner];
  Margin margin{.variables = {banner_name(banner)}, .totals = std::vector<double>(codes)};
  const auto& code = std::get<NarrowCodes>(**data.find(banner_name(banner)));
  const std::vector<double>& weight = std::get<Numbers>(**data.find("w")).values;
  double sum = 0;
  for (size_t i = 0; i < code.size(); ++i) {
    margin.totals[code[i] - 1U] += weight[i];
    sum += weight[i];
  }
  double moved = 0;
  for (size_t k = 0; k < codes; ++k) {
    margin.levels.push_back({fmt::format("{}", k + 1)});
    margin.totals[k] *= 1 + 0.03 * static_cast<double>((k + banner) % 4);
    moved += margin.totals[k];
  }
  for (double& total : margin.totals) total *= sum / moved;
  return margin;
}

}  // namespace

Result<Sample> design_sample(const Subject& subject) {
  return Sample::of(TRY(make_design(*subject.data)));
}

// Of every PSU by its number: those of the design stand in the order of their first case.
Result<Matrix> replicate_factors_by_psu(const Subject& subject) {
  const ReplicateFactors made = TRY(bootstrap_factors(subject, kReplicates));
  const auto& psu = std::get<WideCodes>(**subject.data->find("psu"));
  Matrix by_psu(static_cast<Eigen::Index>(kPsus), made.factors.cols());
  for (size_t i = 0; i < psu.size(); ++i) {
    by_psu.row(psu[i] - 1) = made.factors.row(made.unit_of_case[i]);
  }
  return by_psu;
}

Result<Sample> replicated_sample(const Subject& subject, Weighting weighting) {
  const bool given = weighting.kind == Weighting::kReplicatesGiven;
  const ReplicateFactors made = TRY(bootstrap_factors(subject, weighting.count));
  const std::vector<double>& weight = std::get<Numbers>(**subject.data->find("w")).values;
  const size_t n = subject.data->case_count();
  Replicates replicates;
  replicates.type = ReplicateType::kBootstrap;
  replicates.scale = made.scale;
  replicates.rscales = made.rscales;
  replicates.weights.resize(static_cast<Eigen::Index>(n), made.factors.cols());
  for (size_t i = 0; i < n; ++i) {
    const SurveyRow row = given ? subject.generator.row(i) : SurveyRow{};
    for (size_t r = 0; r < weighting.count; ++r) {
      const double factor = made.factors(made.unit_of_case[i], static_cast<Eigen::Index>(r));
      replicates.weights(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(r)) =
          given ? subject.generator.given_replicate(i, row, r, factor) : factor * weight[i];
    }
  }
  return Sample::replicated(weight, std::move(replicates));
}

// m/((m - 1)(R - 1)), m PSUs in each stratum (barometer/sample/make_replicates.h).
double replicate_scale() {
  const double m = kPsusOfStratum;
  return m / (m - 1) / (kReplicates - 1.0);
}

std::vector<Margin> population_margins(const Dataset& data) {
  std::vector<Margin> margins;
  for (size_t banner = 0; banner < 5; ++banner) margins.push_back(margin_of(data, banner));
  return margins;
}

Found found_of(const Estimated& estimated) {
  Found found;
  for (Eigen::Index j = 0; j < estimated.value.size(); ++j) {
    found.value.push_back(estimated.value(j));
    found.se.push_back(estimated.se(j));
  }
  return found;
}

Prepare on_cases(Question question, Weighting weighting) {
  return [=](const Subject& subject) -> Result<Run> {
    const bool by_design = weighting.kind == Weighting::kDesign;
    const Sample sample =
        by_design ? TRY(design_sample(subject)) : TRY(replicated_sample(subject, weighting));
    return Run([=] { return question(sample, *subject.data); });
  };
}

namespace {

Result<Run> read_design(const Subject& subject) {
  return Run([subject]() -> Result<Found> {
    const Design made = TRY(make_design(*subject.data));
    return Found{.value = {static_cast<double>(made.row_count())}};
  });
}

// All columns, the design, an engine and one table, from nothing on.
Result<Run> all_columns(const Subject& subject) {
  return Run([subject]() -> Result<Found> {
    Subject own = subject;
    own.data = std::make_shared<const Dataset>(TRY(make_dataset(subject.generator)));
    const auto engine = TRY(make_engine(own));
    const Cells cells = TRY(engine->cells({.keys = {"q1", "b1"}}, Progress()));
    return Found{.value = cells.sums.w};
  });
}

}  // namespace

std::vector<Operation> data_operations() {
  return {{.id = "design", .prepare = read_design},
          {.id = "design_unsorted", .shuffled = true, .prepare = read_design},
          {.id = "memory", .own_data = true, .prepare = all_columns}};
}

}  // namespace barometer::bench

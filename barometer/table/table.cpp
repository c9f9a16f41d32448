#include "barometer/table/table.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/hash.h"
#include "barometer/base/text.h"
#include "barometer/table/reconstructed_internal.h"
#include "barometer/table/survey_design.h"

namespace barometer {
namespace {

// What is known of a wave while its tables are made.
struct Context {
  const Study& study;
  const Wave& wave;
  const Dataset& data;
  const Reconstruction* reconstruction;  // nullptr for collected responses
  std::optional<size_t> population;      // people, when the design gives their number
};

bool respondents_known(const Context& context) {
  return context.reconstruction == nullptr || context.reconstruction->n_printed;
}

IntervalMethod interval_for(const Wave& wave, const SurveyDesign& survey) {
  const bool exact = survey.population && survey.design.unweighted() &&
                     wave.design.kind == "simple" && wave.design.stratum.empty();
  return exact ? IntervalMethod::kHypergeometric : IntervalMethod::kLogit;
}

// ---- cells ----------------------------------------------------------------------------------

Cell make_cell(const Context& context, const Item& item, std::string answer, std::string label,
               CellKind kind, Estimate estimate) {
  Cell cell;
  cell.item = item.id;
  cell.answer = std::move(answer);
  cell.label = std::move(label);
  cell.kind = kind;
  cell.printed = print_estimate(estimate, context.study.print);
  cell.estimate = std::move(estimate);
  if (context.reconstruction != nullptr) {
    keep_what_is_fixed(*context.reconstruction, context.wave, context.population, cell);
  }
  return cell;
}

std::vector<Cell> cells_of(const Context& context, const Item& item, ItemEstimates estimates) {
  std::vector<Cell> cells;
  if (estimates.mean) {
    cells.push_back(
        make_cell(context, item, "mean", "Mean", CellKind::kMean, std::move(*estimates.mean)));
  }
  for (size_t i = 0; i < item.nets.size(); ++i) {
    cells.push_back(make_cell(context, item, item.nets[i].id, item.nets[i].label, CellKind::kNet,
                              std::move(estimates.nets.at(i))));
  }
  const Variable* variable = context.data.codebook().find(item.id);
  for (size_t i = 0; i < estimates.options.size(); ++i) {
    const Category& option = variable->categories.at(i);
    cells.push_back(make_cell(context, item, std::to_string(option.code), option.label,
                              CellKind::kOption, std::move(estimates.options[i])));
  }
  return cells;
}

std::optional<int> whole_to(const Dataset& data, const Item& item) {
  const auto index = data.codebook().index_of(item.id);
  const auto* numbers = index ? std::get_if<Numbers>(&data.column(*index)) : nullptr;
  if (numbers == nullptr) return std::nullopt;
  double most = 0;
  for (size_t i = 0; i < numbers->values.size(); ++i) {
    if (numbers->missing[i] != Missing::kNone) continue;
    const double value = numbers->values[i];
    if (value < 0 || value != std::floor(value)) return std::nullopt;
    most = std::max(most, value);
  }
  for (const int end : {1, 3, 5, 10}) {
    if (most <= end) return end;
  }
  return std::nullopt;
}

ItemTable empty_table(const Context& context, const Item& item) {
  ItemTable table;
  table.item = item;
  table.whole_to = whole_to(context.data, item);
  table.base_known = respondents_known(context);
  const Reconstruction* known = context.reconstruction;
  table.base_chosen = known != nullptr && table.base_known && known->item(item.id) != nullptr &&
                      !known->is_base_fixed(item.id);
  return table;
}

struct UnitCells {
  Unit unit;
  std::vector<Cell> ItemTable::* cells;
};

Status fill_unit(const Context& context, const Estimator& estimator, const UnitCells& target,
                 const Progress& progress, WaveTables& tables) {
  std::vector<std::string> ids;
  for (const ItemTable& table : tables.items) ids.push_back(table.item.id);
  auto estimates = TRY(estimator.items(ids, target.unit, {}, progress));
  for (size_t i = 0; i < tables.items.size(); ++i) {
    tables.items[i].*target.cells =
        cells_of(context, tables.items[i].item, std::move(estimates[i]));
  }
  return {};
}

Result<std::optional<Coverage>> wave_coverage(const Context& context) {
  if (context.reconstruction != nullptr && !context.reconstruction->organisations_printed) {
    return std::optional<Coverage>();
  }
  const auto answered = TRY(answered_organisations(context.data));
  if (answered.empty()) return std::optional<Coverage>();
  return std::optional(TRY(coverage(context.study.frame_of(context.wave), answered)));
}

Result<std::optional<Reconstruction>> known_reconstruction(const Wave& wave) {
  if (!wave.reconstruction) return std::optional<Reconstruction>();
  auto known = read_reconstruction(wave.folder / "reconstruction.json");
  if (!known) {
    return tl::unexpected(std::move(known).error().in(
        fmt::format("wave {}: run 'barometer reconstruct' first", wave.id)));
  }
  return std::optional(std::move(*known));
}

// Respondents, and where the answers name organisations these too, each in one engine request.
Status estimate_units(const Context& context, const std::shared_ptr<const Dataset>& data,
                      SurveyDesign survey, const Progress& progress, WaveTables& tables) {
  const bool by_organisation = survey.organisations.has_value() && !context.wave.reconstruction;
  const bool by_size = by_organisation && !survey.organisations->size.empty();
  EstimatorOptions options;
  options.level = context.study.print.level;
  options.proportion_interval = interval_for(context.wave, survey);
  options.population = survey.population;
  const Estimator estimator = TRY(
      Estimator::make(data, std::move(survey.design), std::move(survey.organisations), options));
  TRY_DONE(fill_unit(context, estimator, {Unit::kRespondent, &ItemTable::respondents}, progress,
                     tables));
  if (by_organisation) {
    TRY_DONE(fill_unit(context, estimator, {Unit::kOrganisation, &ItemTable::organisations},
                       progress, tables));
  }
  if (by_size) {
    TRY_DONE(fill_unit(context, estimator,
                       {Unit::kOrganisationBySize, &ItemTable::organisations_by_size}, progress,
                       tables));
  }
  return {};
}

}  // namespace

Result<WaveTables> make_wave_tables(const Study& study, const Wave& wave,
                                    const Progress& progress) {
  const auto reconstruction = TRY(known_reconstruction(wave));
  if (wave.responses.empty()) {
    return fail(ErrorCode::kNotFound, fmt::format("wave {} has no responses yet", wave.id));
  }
  Diagnostics problems;
  const auto data = std::make_shared<const Dataset>(TRY(read_responses(study, wave, problems)));
  TRY_DONE(problems.status());
  SurveyDesign survey = TRY(make_survey_design(study, wave, *data));
  const Context context{study, wave, *data, reconstruction ? &*reconstruction : nullptr,
                        survey.population};
  WaveTables tables;
  tables.wave = wave.id;
  tables.respondents = data->case_count();
  tables.respondents_known = respondents_known(context);
  tables.coverage = TRY(wave_coverage(context));
  tables.data_hash = sha256_hex(TRY(read_file(wave.responses)));
  tables.method = survey.design.description();
  tables.population = survey.population;
  for (const Item& item : wave.questionnaire.items) {
    if (item.kind() != VariableKind::kText) tables.items.push_back(empty_table(context, item));
  }
  TRY_DONE(estimate_units(context, data, std::move(survey), progress, tables));
  return tables;
}

}  // namespace barometer

#include "barometer/table/table.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/hash.h"
#include "barometer/base/text.h"
#include "barometer/table/survey_design.h"

namespace barometer {
namespace {

// What is known of a wave while its tables are made.
struct Context {
  const Study& study;
  const Wave& wave;
  const Dataset& data;
  const Reconstruction* reconstruction;  // nullptr for collected responses
};

bool respondents_known(const Context& context) {
  return context.reconstruction == nullptr || context.reconstruction->n_printed;
}

IntervalMethod interval_for(const Wave& wave, const SurveyDesign& survey) {
  const bool exact = survey.population && survey.design.unweighted() &&
                     wave.design.kind == "simple" && wave.design.stratum.empty();
  return exact ? IntervalMethod::kHypergeometric : IntervalMethod::kLogit;
}

// ---- what a reconstruction does not know ----------------------------------------------------

void make_unavailable(Cell& cell) {
  Estimate bare;
  bare.statistic = cell.estimate.statistic;
  bare.unit = cell.estimate.unit;
  bare.reason = "the published figures do not fix it";
  cell.estimate = std::move(bare);
  cell.count_range.reset();
  cell.printed = printed_symbol(Marker::kNotAvailable);
}

void forget_spread(Estimate& estimate, std::string why) {
  estimate.se.reset();
  estimate.df.reset();
  estimate.interval.reset();
  estimate.no_interval = std::move(why);
}

// Keeps of a reconstructed cell what the published figures fix, and nothing else.
void keep_what_is_fixed(const Context& context, Cell& cell) {
  const Reconstruction& known = *context.reconstruction;
  if (!cell.estimate.value) return;
  const FoundAnswer* found = known.find(cell.item, cell.answer);
  if (found == nullptr || !found->printed_fixed) {
    make_unavailable(cell);
    return;
  }
  Estimate& estimate = cell.estimate;
  if (known.is_base_fixed(cell.item)) {
    cell.count_range = std::pair<long long, long long>(found->range.low, found->range.high);
  }
  const bool plain = context.wave.design.kind == "simple" && context.wave.design.stratum.empty();
  if (cell.kind == CellKind::kMean) {
    forget_spread(estimate, "the published figures fix the mean, not its spread");
  } else if (!plain) {
    forget_spread(estimate, "who answered together with whom is not known");
  }
  if (!known.n_printed) forget_spread(estimate, "the base was not published");
  const bool one_value = found->range.low == found->range.high && known.n_printed;
  if (!one_value) {
    // Several counts print alike: the value is the printed one.
    const double scale = cell.kind == CellKind::kMean ? 1 : 100;
    if (const auto printed = parse_decimal(cell.printed.text))
      estimate.value = printed->value() / scale;
    estimate.exact.reset();
  }
  estimate.organisations = 0;
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
  if (context.reconstruction != nullptr) keep_what_is_fixed(context, cell);
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

ItemTable empty_table(const Context& context, const Item& item) {
  ItemTable table;
  table.item = item;
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
  const std::vector<uint8_t> everyone(context.data.case_count(), 1);
  auto estimates = TRY(estimator.items(ids, target.unit, everyone, progress));
  for (size_t i = 0; i < tables.items.size(); ++i) {
    tables.items[i].*target.cells =
        cells_of(context, tables.items[i].item, std::move(estimates[i]));
  }
  return {};
}

std::vector<std::vector<std::string>> organisations_answered(const Dataset& data) {
  std::vector<std::vector<std::string>> out;
  const auto index = data.codebook().index_of("organisation");
  if (!index) return out;
  const auto* texts = std::get_if<Texts>(&data.column(*index));
  if (texts == nullptr) return out;
  for (const std::string& ids : texts->values) {
    out.push_back(ids.empty() ? std::vector<std::string>() : split(ids, ';'));
  }
  return out;
}

Result<std::optional<Coverage>> wave_coverage(const Context& context) {
  if (context.reconstruction != nullptr && !context.reconstruction->organisations_printed) {
    return std::optional<Coverage>();
  }
  const auto answered = organisations_answered(context.data);
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
  const Context context{study, wave, *data, reconstruction ? &*reconstruction : nullptr};
  SurveyDesign survey = TRY(make_survey_design(study, wave, *data));
  WaveTables tables;
  tables.wave = wave.id;
  tables.respondents = data->case_count();
  tables.respondents_known = respondents_known(context);
  tables.coverage = TRY(wave_coverage(context));
  tables.data_hash = sha256_hex(TRY(read_file(wave.responses)));
  tables.method = survey.design.description();
  for (const Item& item : wave.questionnaire.items) {
    if (item.kind() != VariableKind::kText) tables.items.push_back(empty_table(context, item));
  }
  TRY_DONE(estimate_units(context, data, std::move(survey), progress, tables));
  return tables;
}

}  // namespace barometer

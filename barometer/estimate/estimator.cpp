#include "barometer/estimate/estimator.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "barometer/engine/memory_engine.h"
#include "barometer/estimate/coding_internal.h"
#include "barometer/estimate/finish_internal.h"
#include "barometer/estimate/linearise_internal.h"
#include "barometer/estimate/organisations_internal.h"

namespace barometer {
namespace {

using Role = CodedStatistic::Role;

// Whole numbers of more different values have no exact mean in large samples.
constexpr size_t kMostValues = size_t{1} << 16;

void put(ItemEstimates& item, const CodedStatistic& statistic, Estimate estimate) {
  switch (statistic.role) {
    case Role::kOption:
      item.options.push_back(std::move(estimate));
      break;
    case Role::kNet:
      item.nets.push_back(std::move(estimate));
      break;
    case Role::kMean:
      item.mean = std::move(estimate);
      break;
  }
}

void add_missing(Estimate& estimate, const MissingCounts& missing, const Variable& variable,
                 const CodedStatistic& statistic) {
  estimate.not_asked = missing.not_asked;
  estimate.no_answer = missing.no_answer;
  estimate.refused = missing.refused;
  estimate.dont_know = missing.dont_know;
  estimate.dont_know_in_base = variable.dont_know_in_base && statistic.role != Role::kMean;
  const size_t without_answer =
      estimate.not_asked + estimate.no_answer + estimate.refused + estimate.dont_know;
  if (estimate.n == 0 && statistic.reason.empty() && without_answer > 0) {
    estimate.reason =
        fmt::format("no answers: {} not asked, {} no answer, {} refused, {} don't know",
                    estimate.not_asked, estimate.no_answer, estimate.refused, estimate.dont_know);
  }
}

// Sets the unweighted count with the property, and the exact value where every weight is 1.
void add_counts(Estimate& estimate, const CodedTable& table, const CodedStatistic& statistic,
                std::span<const CodedSum> sums) {
  double sum = 0;
  for (const auto& term : statistic.form.terms) {
    const CodedSum& cell = sums[term.cell];
    if (statistic.role != Role::kMean) estimate.numerator += cell.n;
    sum += (term.on_weight + term.on_y * table.centre) * static_cast<double>(cell.n);
    sum += term.on_y * cell.nv;
  }
  if (!estimate.value || estimate.weighted || !table.whole_numbers || std::abs(sum) > 0x1p53)
    return;
  const int64_t denominator =
      estimate.statistic == Statistic::kTotal ? 1 : static_cast<int64_t>(estimate.n);
  estimate.exact = Ratio{static_cast<int64_t>(sum), denominator};
}

std::string describe_organisations(const OrganisationKey& key, const OrganisationSample& sample,
                                   bool by_size) {
  return fmt::format(
      "{} organisations{}, each with the mean answer of its respondents{}, as a simple random "
      "sample {} finite population correction",
      sample.count(),
      key.frame_organisations > 0 ? fmt::format(" of {}", key.frame_organisations) : "",
      by_size ? ", weighted by size" : "", key.frame_organisations > 0 ? "with" : "without");
}

Status check_options(const EstimatorOptions& options) {
  if (!(options.level > 0 && options.level < 1)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the level {} is not between 0 and 1", options.level));
  }
  if (options.df && !(*options.df > 0)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} degrees of freedom; more than 0 are needed", *options.df));
  }
  if (options.proportion_interval == IntervalMethod::kNone) {
    return fail(ErrorCode::kInvalid, "an interval method for proportions is needed");
  }
  return {};
}

void check_filter(const Engine& engine, const CaseFilter& filter) {
  CHECK(filter.mask.empty() || !filter.where, "a mask or an expression");
  CHECK(filter.mask.empty() || filter.mask.size() == engine.case_count(), "one mask byte a case");
}

CellQuery query_of(const Engine& engine, const std::string& id, const CaseFilter& filter,
                   uint64_t value_cells) {
  CellQuery query;
  query.where = filter.where;
  query.mask = filter.mask;
  const Variable* variable = engine.codebook().find(id);
  const bool number = variable != nullptr && variable->kind == VariableKind::kNumber;
  if (number && engine.case_count() > value_cells) {
    query.numbers = {id};
  } else {
    query.keys = {id};
  }
  return query;
}

// The sum of a number over the cases when all its values are whole and few are different.
Result<std::optional<int64_t>> whole_sum(const Engine& engine, const CellQuery& asked,
                                         const Progress& progress) {
  CellQuery query = asked;
  query.keys = std::move(query.numbers);
  query.numbers.clear();
  query.by_row = false;
  query.most_entries = kMostValues;
  const auto cells = engine.cells(query, progress);
  if (!cells && cells.error().code == ErrorCode::kLimit && !progress.stopped()) {
    return std::optional<int64_t>();
  }
  const Cells& values = TRY(cells);
  const auto& numbers = std::get<Numbers>(values.data.column(0));
  double sum = 0;
  for (size_t i = 0; i < numbers.values.size(); ++i) {
    if (numbers.missing[i] != Missing::kNone) continue;
    if (std::trunc(numbers.values[i]) != numbers.values[i]) return std::optional<int64_t>();
    sum += numbers.values[i] * static_cast<double>(values.sums.n[i]);
  }
  if (std::abs(sum) > 0x1p53) return std::optional<int64_t>();
  return std::optional(static_cast<int64_t>(sum));
}

// Of the cases of a filter, in memory: a count and a weight of 1 in it, of 0 out of it.
struct CaseCounts {
  std::vector<uint8_t> mask;  // empty: all
  std::vector<uint64_t> n;
  std::vector<double> w;

  [[nodiscard]] RowCounts rows() const& { return {n, w}; }
  [[nodiscard]] bool whole() const {
    return std::ranges::all_of(mask, [](uint8_t byte) { return byte != 0; });
  }
};

Result<CaseCounts> case_counts(const Dataset& data, const CaseFilter& filter) {
  CaseCounts counts;
  if (filter.where) {
    counts.mask = TRY(filter.where->evaluate(data));
  } else {
    counts.mask.assign(filter.mask.begin(), filter.mask.end());
  }
  for (size_t i = 0; i < data.case_count(); ++i) {
    const bool in = counts.mask.empty() || counts.mask[i] != 0;
    counts.n.push_back(in ? 1 : 0);
    counts.w.push_back(in ? 1 : 0);
  }
  return counts;
}

// Distinct organisations in the base of each statistic of a variable, in order.
std::vector<size_t> organisations_in_base(const Dataset& data, const std::string& id,
                                          const OrganisationSample& sample,
                                          const CaseCounts& counts) {
  std::vector<size_t> found;
  const auto tables = coded(*data.codebook().find(id), **data.find(id), counts.rows());
  for (const CodedTable& table : *tables) {
    for (const CodedStatistic& statistic : table.statistics) {
      found.push_back(
          count_organisations(sample, table.cells, statistic.form.base_cells, counts.mask));
    }
  }
  return found;
}

// The estimates of one variable from the answer to its query, but for what finish() adds.
struct Summed {
  Variable variable;
  MissingCounts missing;
  std::vector<CodedStatistic> statistics;
  std::vector<Estimate> estimates;  // one a statistic
  bool whole = false;               // the base is that of all cases
};

Result<Summed> summed(const std::shared_ptr<const Engine>& engine, Cells cells, bool total) {
  const Variable& variable = cells.data.codebook().variables().front();
  const Column& column = cells.data.column(0);
  const auto sums = std::make_shared<const CellSums>(std::move(cells.sums));
  const auto tables = TRY(coded(variable, column, {sums->n, sums->w}));
  const auto sampling =
      cell_sampling(std::shared_ptr<const Design>(engine, &engine->design()), sums);
  Summed found{variable, count_missing(variable, column, sums->n), {}, {}, false};
  found.estimates = estimated(*sampling, *sums, tables, total);
  found.whole = std::reduce(sums->n.begin(), sums->n.end()) == engine->case_count() &&
                found.missing.not_asked == 0;
  for (const CodedTable& table : tables) {
    const std::vector<CodedSum> totals = coded_sums(table, *sums);
    for (const CodedStatistic& statistic : table.statistics) {
      Estimate& estimate = found.estimates[found.statistics.size()];
      estimate.weighted = !engine->design().unweighted();
      add_missing(estimate, found.missing, variable, statistic);
      add_counts(estimate, table, statistic, totals);
      found.statistics.push_back(statistic);
    }
  }
  return found;
}

}  // namespace

Result<Estimator> Estimator::make(std::shared_ptr<const Engine> engine, EstimatorOptions options) {
  TRY_DONE(check_options(options));
  Estimator estimator;
  estimator.engine_ = std::move(engine);
  estimator.options_ = options;
  return estimator;
}

Result<Estimator> Estimator::make(std::shared_ptr<const Dataset> data, Design design,
                                  std::optional<OrganisationKey> organisations,
                                  EstimatorOptions options) {
  if (design.case_count() != data->case_count()) {
    return fail(ErrorCode::kInvalid, fmt::format("a design of {} cases for a data set of {}",
                                                 design.case_count(), data->case_count()));
  }
  TRY_DONE(check_options(options));
  if (organisations) TRY_DONE(check_organisations(*organisations, data->case_count()));
  Estimator estimator;
  estimator.engine_ = TRY(MemoryEngine::make(
      data, std::make_shared<const Design>(std::move(design)), {.threads = options.threads}));
  estimator.options_ = options;
  estimator.data_ = std::move(data);
  estimator.key_ = std::move(organisations);
  return estimator;
}

Result<std::vector<ItemEstimates>> Estimator::items(std::span<const std::string> ids, Unit unit,
                                                    const CaseFilter& filter,
                                                    const Progress& progress) const {
  check_filter(*engine_, filter);
  switch (unit) {
    case Unit::kRespondent:
      return respondents(ids, filter, false, progress);
    case Unit::kOrganisation:
      return organisations(ids, false, filter);
    case Unit::kOrganisationBySize:
      return organisations(ids, true, filter);
  }
  return std::vector<ItemEstimates>{};
}

Result<std::vector<ItemEstimates>> Estimator::totals(std::span<const std::string> ids,
                                                     const CaseFilter& filter,
                                                     const Progress& progress) const {
  check_filter(*engine_, filter);
  return respondents(ids, filter, true, progress);
}

Result<std::vector<ItemEstimates>> Estimator::respondents(std::span<const std::string> ids,
                                                          const CaseFilter& filter, bool total,
                                                          const Progress& progress) const {
  std::vector<CellQuery> queries;
  for (const std::string& id : ids) {
    const Variable* variable = engine_->codebook().find(id);
    if (variable != nullptr) TRY_DONE(check_estimable(*variable));
    queries.push_back(query_of(*engine_, id, filter, options_.value_cells));
  }
  std::vector<Summed> answers;
  TRY_DONE(engine_->answer(queries, progress, [&](size_t /*query*/, Cells cells) -> Status {
    answers.push_back(TRY(summed(engine_, std::move(cells), total)));
    return {};
  }));
  std::optional<CaseCounts> counts;
  if (key_) counts = TRY(case_counts(*data_, filter));
  const OrganisationSample sample = key_ ? sample_of(*key_) : OrganisationSample{};
  const bool simple = is_simple_random_sample(design());

  std::vector<ItemEstimates> estimates(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    Summed& answer = answers[i];
    if (design().unweighted() && !queries[i].numbers.empty() && answer.estimates[0].value) {
      const auto sum = TRY(whole_sum(*engine_, queries[i], progress));
      Estimate& mean = answer.estimates[0];
      if (sum) mean.exact = Ratio{*sum, total ? 1 : static_cast<int64_t>(mean.n)};
    }
    Population population;
    if (simple && answer.whole) population.units = options_.population;
    std::vector<size_t> organisations(answer.estimates.size(), 0);
    if (key_) organisations = organisations_in_base(*data_, ids[i], sample, *counts);
    for (size_t j = 0; j < answer.estimates.size(); ++j) {
      Estimate& estimate = answer.estimates[j];
      estimate.organisations = organisations[j];
      finish(estimate, options_, population, design().description(), "PSUs - strata");
      put(estimates[i], answer.statistics[j], std::move(estimate));
    }
  }
  return estimates;
}

Result<std::vector<ItemEstimates>> Estimator::organisations(std::span<const std::string> ids,
                                                            bool by_size,
                                                            const CaseFilter& filter) const {
  if (!data_) {
    return fail(ErrorCode::kUnsupported,
                "organisations are units of cases in memory only; load the data to estimate for "
                "them");
  }
  if (!key_) return fail(ErrorCode::kInvalid, "the data name no organisations to estimate for");
  if (by_size && key_->size.empty()) {
    return fail(ErrorCode::kInvalid, "the organisations have no sizes to weight them by");
  }
  const CaseCounts counts = TRY(case_counts(*data_, filter));
  const OrganisationSample sample = sample_of(*key_);
  const auto of_organisations =
      std::make_shared<const Design>(TRY(organisation_design(*key_, sample, by_size)));
  const std::string description = describe_organisations(*key_, sample, by_size);
  std::vector<ItemEstimates> estimates(ids.size());
  for (size_t i = 0; i < ids.size(); ++i) {
    const Column& column = *TRY(data_->find(ids[i]));
    const Variable& variable = *data_->codebook().find(ids[i]);
    const MissingCounts missing = count_missing(variable, column, counts.n);
    Population population;
    if (!by_size && counts.whole() && missing.not_asked == 0 && key_->frame_organisations > 0) {
      population.units = key_->frame_organisations;
    }
    for (const CodedTable& table : TRY(coded(variable, column, counts.rows()))) {
      for (const CodedStatistic& statistic : table.statistics) {
        auto [estimate, all_or_none] =
            organisation_mean(of_organisations, table, statistic, sample, counts.mask);
        estimate.unit = by_size ? Unit::kOrganisationBySize : Unit::kOrganisation;
        population.counts = all_or_none;
        add_missing(estimate, missing, variable, statistic);
        finish(estimate, options_, population, description, "organisations - 1");
        put(estimates[i], statistic, std::move(estimate));
      }
    }
  }
  return estimates;
}

}  // namespace barometer

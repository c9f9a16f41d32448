#include "barometer/estimate/estimator.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/engine/book_engine.h"
#include "barometer/estimate/coding_internal.h"
#include "barometer/estimate/finish_internal.h"
#include "barometer/estimate/organisations_internal.h"

namespace barometer {
namespace {

using Role = CodedStatistic::Role;

struct CodedItem {
  const Variable* variable = nullptr;
  std::vector<CodedTable> tables;
  MissingCounts missing;
};

Result<std::vector<CodedItem>> coded_items(const Dataset& data, std::span<const std::string> ids,
                                           std::span<const uint8_t> mask) {
  std::vector<CodedItem> items;
  for (const std::string& id : ids) {
    const Column* column = TRY(data.find(id));
    const Variable* variable = data.codebook().find(id);
    items.push_back(
        {variable, TRY(coded(*variable, *column, mask)), count_missing(*variable, *column, mask)});
  }
  return items;
}

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

void add_missing(Estimate& estimate, const CodedItem& item, const CodedStatistic& statistic) {
  estimate.not_asked = item.missing.not_asked;
  estimate.no_answer = item.missing.no_answer;
  estimate.refused = item.missing.refused;
  estimate.dont_know = item.missing.dont_know;
  estimate.dont_know_in_base = item.variable->dont_know_in_base && statistic.role != Role::kMean;
  const size_t without_answer =
      estimate.not_asked + estimate.no_answer + estimate.refused + estimate.dont_know;
  if (estimate.n == 0 && statistic.reason.empty() && without_answer > 0) {
    estimate.reason =
        fmt::format("no answers: {} not asked, {} no answer, {} refused, {} don't know",
                    estimate.not_asked, estimate.no_answer, estimate.refused, estimate.dont_know);
  }
}

// Unweighted count with the property, and the exact value where every weight is 1.
void add_counts(Estimate& estimate, const CodedTable& table, const CodedStatistic& statistic,
                const TableSums& totals) {
  double sum = 0;
  for (const auto& term : statistic.form.terms) {
    const auto n = static_cast<double>(totals.n[term.cell]);
    if (statistic.role != Role::kMean) estimate.numerator += totals.n[term.cell];
    sum += (term.on_weight + term.on_y * totals.centre) * n;
    if (term.on_y != 0) sum += term.on_y * totals.wv[term.cell];
  }
  if (!estimate.value || estimate.weighted || !table.whole_numbers || std::abs(sum) > 0x1p53)
    return;
  const int64_t denominator =
      estimate.statistic == Statistic::kTotal ? 1 : static_cast<int64_t>(estimate.n);
  estimate.exact = Ratio{static_cast<int64_t>(sum), denominator};
}

bool is_whole(std::span<const uint8_t> mask) {
  return std::ranges::all_of(mask, [](uint8_t byte) { return byte != 0; });
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

// The mean of the organisations' answers to one statistic.
Estimate estimate_of(const Design& design, const TableSums& sums, const CodedStatistic& statistic,
                     const OrganisationAnswers& answer) {
  CodedStatistic mean = statistic;
  mean.form = {{{0, 0, 1}}, 0, 1};
  Estimate estimate = estimated(design, sums, {&mean, 1}, false).front();
  estimate.organisations = estimate.n;
  if (statistic.role != Role::kMean) estimate.numerator = answer.numerator;
  if (estimate.value && !estimate.weighted) estimate.exact = answer.mean;
  return estimate;
}

}  // namespace

Result<Estimator> Estimator::make(std::shared_ptr<const Dataset> data, Design design,
                                  std::optional<OrganisationKey> organisations,
                                  EstimatorOptions options) {
  if (design.case_count() != data->case_count()) {
    return fail(ErrorCode::kInvalid, fmt::format("a design of {} cases for a data set of {}",
                                                 design.case_count(), data->case_count()));
  }
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
  if (organisations) TRY_DONE(check_organisations(*organisations, data->case_count()));
  Estimator estimator;
  estimator.data_ = std::move(data);
  estimator.engine_ = std::make_shared<const BookEngine>(
      std::make_shared<const Design>(std::move(design)), options.threads);
  estimator.key_ = std::move(organisations);
  estimator.options_ = options;
  return estimator;
}

Result<std::vector<ItemEstimates>> Estimator::items(std::span<const std::string> ids, Unit unit,
                                                    std::span<const uint8_t> mask,
                                                    const Progress& progress) const {
  CHECK(mask.empty() || mask.size() == data_->case_count(), "one mask byte a case");
  switch (unit) {
    case Unit::kRespondent:
      return respondents(ids, mask, false, progress);
    case Unit::kOrganisation:
      return organisations(ids, false, mask, progress);
    case Unit::kOrganisationBySize:
      return organisations(ids, true, mask, progress);
  }
  return std::vector<ItemEstimates>{};
}

Result<std::vector<ItemEstimates>> Estimator::totals(std::span<const std::string> ids,
                                                     std::span<const uint8_t> mask,
                                                     const Progress& progress) const {
  CHECK(mask.empty() || mask.size() == data_->case_count(), "one mask byte a case");
  return respondents(ids, mask, true, progress);
}

Result<std::vector<ItemEstimates>> Estimator::respondents(std::span<const std::string> ids,
                                                          std::span<const uint8_t> mask, bool total,
                                                          const Progress& progress) const {
  const std::vector<CodedItem> coded = TRY(coded_items(*data_, ids, mask));
  Book book;
  for (const CodedItem& item : coded) {
    for (const CodedTable& table : item.tables) {
      book.tables.push_back({table.cells, table.cell_count, table.y, table.centre});
    }
  }
  const std::vector<TableSums> answer = TRY(engine_->sum(book, mask, progress));
  const OrganisationSample sample = key_ ? sample_of(*key_) : OrganisationSample{};
  const bool simple = is_simple_random_sample(design()) && is_whole(mask);

  std::vector<ItemEstimates> estimates(coded.size());
  auto sums = answer.begin();
  for (size_t i = 0; i < coded.size(); ++i) {
    Population population;
    if (simple && coded[i].missing.not_asked == 0) population.units = options_.population;
    for (const CodedTable& table : coded[i].tables) {
      const TableSums totals = sums->over_rows();
      std::vector<Estimate> found = estimated(design(), *sums++, table.statistics, total);
      for (size_t j = 0; j < found.size(); ++j) {
        const CodedStatistic& statistic = table.statistics[j];
        add_missing(found[j], coded[i], statistic);
        add_counts(found[j], table, statistic, totals);
        found[j].organisations =
            count_organisations(sample, table.cells, statistic.form.base_cells, mask);
        finish(found[j], options_, population, design().description(), "PSUs - strata");
        put(estimates[i], statistic, std::move(found[j]));
      }
    }
  }
  return estimates;
}

Result<std::vector<ItemEstimates>> Estimator::organisations(std::span<const std::string> ids,
                                                            bool by_size,
                                                            std::span<const uint8_t> mask,
                                                            const Progress& progress) const {
  if (!key_) return fail(ErrorCode::kInvalid, "the data name no organisations to estimate for");
  if (by_size && key_->size.empty()) {
    return fail(ErrorCode::kInvalid, "the organisations have no sizes to weight them by");
  }
  const std::vector<CodedItem> coded = TRY(coded_items(*data_, ids, mask));
  const OrganisationSample sample = sample_of(*key_);
  const auto of_organisations =
      std::make_shared<const Design>(TRY(organisation_design(*key_, sample, by_size)));

  std::vector<OrganisationAnswers> answers;
  for (const CodedItem& item : coded) {
    for (const CodedTable& table : item.tables) {
      for (const CodedStatistic& statistic : table.statistics) {
        answers.push_back(answers_of(table, statistic, sample, mask));
      }
    }
  }
  Book book;
  for (const auto& answer : answers) {
    book.tables.push_back({answer.cells, 1, answer.y, answer.centre});
  }
  const BookEngine engine(of_organisations, options_.threads);
  const std::vector<TableSums> sums = TRY(engine.sum(book, {}, progress));

  const std::string description = describe_organisations(*key_, sample, by_size);
  std::vector<ItemEstimates> estimates(coded.size());
  size_t next = 0;
  for (size_t i = 0; i < coded.size(); ++i) {
    Population population;
    if (!by_size && is_whole(mask) && coded[i].missing.not_asked == 0 &&
        key_->frame_organisations > 0) {
      population.units = key_->frame_organisations;
    }
    for (const CodedTable& table : coded[i].tables) {
      for (const CodedStatistic& statistic : table.statistics) {
        const OrganisationAnswers& answer = answers[next];
        Estimate estimate = estimate_of(*of_organisations, sums[next++], statistic, answer);
        estimate.unit = by_size ? Unit::kOrganisationBySize : Unit::kOrganisation;
        population.counts = answer.all_or_none;
        add_missing(estimate, coded[i], statistic);
        finish(estimate, options_, population, description, "organisations - 1");
        put(estimates[i], statistic, std::move(estimate));
      }
    }
  }
  return estimates;
}

}  // namespace barometer

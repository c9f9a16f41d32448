#include <fmt/format.h>

#include "barometer/estimand/columns.h"
#include "barometer/estimand/domains.h"
#include "barometer/estimate/estimator.h"
#include "barometer/hypothesis/table_test.h"
#include "barometer/sample/functional.h"
#include "bench/ours.h"

namespace barometer::bench {
namespace {

// One byte a case, for each code of a banner variable.
std::vector<std::vector<uint8_t>> masks_of(const Dataset& data, const std::string& banner,
                                           size_t codes) {
  const auto& code = std::get<NarrowCodes>(**data.find(banner));
  std::vector<std::vector<uint8_t>> masks(codes, std::vector<uint8_t>(code.size()));
  for (size_t i = 0; i < code.size(); ++i) masks[code[i] - 1U][i] = 1;
  return masks;
}

// Column shares of questions by one banner variable, each option in order of the banner's codes.
Result<Found> tables_of(const Estimator& estimator, const Dataset& data,
                        std::span<const std::string> questions, size_t banner) {
  const auto masks = masks_of(data, banner_name(banner), kBannerCodes[banner]);
  std::vector<std::vector<ItemEstimates>> columns;
  for (const auto& mask : masks) {
    columns.push_back(TRY(estimator.items(questions, Unit::kRespondent, mask, Progress())));
  }
  Found found;
  for (size_t q = 0; q < questions.size(); ++q) {
    for (size_t option = 0; option < columns[0][q].options.size(); ++option) {
      for (const auto& column : columns) {
        found.value.push_back(column[q].options[option].value.value_or(0));
        found.se.push_back(column[q].options[option].se.value_or(0));
      }
    }
  }
  return found;
}

Result<Run> book(const Subject& subject, size_t question_count, size_t banner_count) {
  Design design = TRY(make_design(*subject.data));
  const auto estimator = std::make_shared<const Estimator>(TRY(Estimator::make(
      subject.data, std::move(design), std::nullopt, {.threads = subject.threads})));
  std::vector<std::string> questions;
  for (size_t q = 0; q < question_count; ++q) questions.push_back(question_name(q));
  return Run([=]() -> Result<Found> {
    Found first;
    for (size_t banner = 0; banner < banner_count; ++banner) {
      Found found = TRY(tables_of(*estimator, *subject.data, questions, banner));
      if (banner == 0) first = std::move(found);
    }
    return first;
  });
}

Result<Found> replicated_table(const Subject& subject, const Sample& sample) {
  const MeasureColumns columns = TRY(measure_columns(*subject.data, "q1"));
  const std::vector<std::string> by = {"b1"};
  const auto cells = TRY(domains_of(*subject.data, by, {}));
  const FunctionalPtr shares = over_domains(
      cells, [&](std::vector<uint8_t> mask) { return mean_of(columns.y, std::move(mask)); });
  const Estimated estimated = TRY(estimate(sample, *shares, Progress()));
  Found found;
  for (Eigen::Index j = 0; j < estimated.value.size(); ++j) {
    found.value.push_back(estimated.value(j));
    found.se.push_back(estimated.se(j));
  }
  return found;
}

std::function<Result<Run>(const Subject&)> table_by_replicates(bool given) {
  return [given](const Subject& subject) -> Result<Run> {
    const Sample sample = TRY(replicated_sample(subject, given));
    return Run([subject, sample] { return replicated_table(subject, sample); });
  };
}

Result<Run> tested(const Subject& subject, const Sample& sample) {
  return Run([subject, sample]() -> Result<Found> {
    const TestResult test = TRY(table_test(sample, *subject.data, "q1", "b1", {})).result;
    return Found{.value = {test.statistic, test.df[0], test.df[1]}};
  });
}

}  // namespace

std::vector<Operation> table_operations() {
  const auto one = [](const Subject& subject) { return book(subject, 1, 1); };
  return {
      {.id = "table", .prepare = one},
      {.id = "table_unsorted", .shuffled = true, .prepare = one},
      {.id = "book",
       .prepare = [](const Subject& subject) { return book(subject, kQuestions, kBanners); }},
      {.id = "replicates_made", .prepare = table_by_replicates(false)},
      {.id = "replicates_given", .prepare = table_by_replicates(true)},
      {.id = "rao_scott",
       .prepare = [](const Subject& s) -> Result<Run> { return tested(s, TRY(design_sample(s))); }},
      {.id = "rao_scott_replicates", .prepare = [](const Subject& s) -> Result<Run> {
         return tested(s, TRY(replicated_sample(s, false)));
       }}};
}

}  // namespace barometer::bench

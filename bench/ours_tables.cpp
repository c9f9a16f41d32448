#include <cmath>

#include <fmt/format.h>

#include "barometer/estimand/columns.h"
#include "barometer/estimand/domains.h"
#include "barometer/hypothesis/table_test.h"
#include "bench/ours.h"

namespace barometer::bench {
namespace {

// In a database, and of a scale, codes are numbers: their levels are asked for.
std::string levels_written(const Dataset& data, size_t question) {
  const std::string name = question_name(question);
  const Variable* variable = data.codebook().find(name);
  const bool single = variable != nullptr && variable->kind == VariableKind::kSingle;
  return single ? name : fmt::format("factor({})", name);
}

// Column shares of a question by a banner variable, in R's order: an option in all columns, then
// the next.
Result<Estimated> column_shares(const Sample& sample, const Dataset& data, size_t question,
                                size_t banner) {
  const MeasureColumns columns = TRY(measure_columns(data, levels_written(data, question)));
  const std::vector<std::string> by = {banner_name(banner)};
  const auto cells = TRY(domains_of(data, by, {}));
  const FunctionalPtr means = over_domains(
      cells, [&](std::vector<uint8_t> mask) { return mean_of(columns.y, std::move(mask)); });
  return estimate(sample, *means, Progress());
}

Result<Found> rao_scott(const Sample& sample, const Dataset& data) {
  const TestResult test = TRY(table_test(sample, data, "q1", "b1", {})).result;
  return Found{.value = {test.statistic, test.df[0], test.df[1]}};
}

// Pairs of columns whose shares of an option differ by more than two standard errors.
double letters(const Estimated& shares, size_t columns) {
  double count = 0;
  const Eigen::Index step = static_cast<Eigen::Index>(columns);
  for (Eigen::Index first = 0; first < shares.value.size(); first += step) {
    for (Eigen::Index i = first; i < first + step; ++i) {
      for (Eigen::Index j = first; j < i; ++j) {
        const double variance =
            shares.covariance(i, i) + shares.covariance(j, j) - 2 * shares.covariance(i, j);
        const double difference = shares.value(i) - shares.value(j);
        count += difference * difference > 4 * variance ? 1 : 0;
      }
    }
  }
  return count;
}

// (Σw)²/Σw² of each column, added.
Result<double> effective_bases(const Sample& sample, const Dataset& data, size_t banner) {
  const std::vector<std::string> by = {banner_name(banner)};
  double sum = 0;
  for (const DomainCell& column : TRY(domains_of(data, by, {}))) {
    double weight = 0;
    for (size_t i = 0; i < column.mask.size(); ++i) {
      weight += column.mask[i] != 0 ? sample.weights()[i] : 0;
    }
    sum += weight * weight / sample.squares(column.mask);
  }
  return sum;
}

// The cell sums of one table of a book become what is printed of it.
using Finish =
    std::function<Result<Found>(const Sample&, const Dataset&, size_t question, size_t banner)>;

Result<Found> with_se(const Sample& sample, const Dataset& data, size_t question, size_t banner) {
  return found_of(TRY(column_shares(sample, data, question, banner)));
}

Result<Found> in_full(const Sample& sample, const Dataset& data, size_t question, size_t banner) {
  const Estimated shares = TRY(column_shares(sample, data, question, banner));
  Found found = found_of(shares);
  const std::string row = question_name(question);
  found.value.push_back(
      TRY(table_test(sample, data, row, banner_name(banner), {})).result.statistic);
  found.value.push_back(letters(shares, kBannerCodes[banner]));
  found.value.push_back(TRY(effective_bases(sample, data, banner)));
  return found;
}

// The first `count` of the 200 tables of 20 questions by 10 banner variables.
Prepare book(size_t count, const Finish& finish) {
  return [=](const Subject& subject) -> Result<Run> {
    const auto engine = TRY(make_engine(subject));
    const std::shared_ptr<const Design> design(engine, &engine->design());
    std::vector<CellQuery> queries(count);
    for (size_t i = 0; i < count; ++i) {
      queries[i].keys = {question_name(i % kQuestions), banner_name(i / kQuestions)};
    }
    return Run([=]() -> Result<Found> {
      Found first;
      TRY_DONE(engine->answer(queries, Progress(), [&](size_t at, Cells cells) -> Status {
        const auto sums = std::make_shared<const CellSums>(std::move(cells.sums));
        const Sample sample = Sample::of_cells(design, sums);
        Found found = TRY(finish(sample, cells.data, at % kQuestions, at / kQuestions));
        if (at == 0) first = std::move(found);
        return {};
      }));
      return first;
    });
  };
}

// The sums alone: what is left of a book's time is finishing.
Prepare sums(size_t count) {
  return [=](const Subject& subject) -> Result<Run> {
    const auto engine = TRY(make_engine(subject));
    std::vector<CellQuery> queries(count);
    for (size_t i = 0; i < count; ++i) {
      queries[i].keys = {question_name(i % kQuestions), banner_name(i / kQuestions)};
    }
    return Run([=]() -> Result<Found> {
      double cells = 0;
      TRY_DONE(engine->answer(queries, Progress(), [&](size_t, Cells answer) -> Status {
        cells += static_cast<double>(answer.sums.cell_count);
        return {};
      }));
      return Found{.value = {cells}};
    });
  };
}

}  // namespace

Result<Found> first_table(const Sample& sample, const Dataset& data) {
  return found_of(TRY(column_shares(sample, data, 0, 0)));
}

std::vector<Operation> table_operations() {
  const CellQuery cells{.keys = {"q1", "b1"}};
  const size_t all = kQuestions * kBanners;
  std::vector<Operation> operations = {
      {.id = "table", .prepare = on_cells(cells, first_table)},
      {.id = "table_first", .fresh = true, .prepare = on_cells(cells, first_table)},
      {.id = "table_unsorted",
       .shuffled = true,
       .fresh = true,
       .prepare = on_cells(cells, first_table),
       .note = "the first request, which puts the columns in order"},
      {.id = "table_cases", .prepare = on_cases(first_table)},
      {.id = "book", .prepare = book(all, with_se)},
      {.id = "table_sums", .prepare = sums(1), .note = "without finishing"},
      {.id = "book_sums", .prepare = sums(all), .note = "without finishing"},
      {.id = "book_full", .prepare = book(all, in_full)},
      {.id = "replicates_made",
       .prepare = on_cells(cells, first_table, {Weighting::kReplicatesMade})},
      {.id = "replicates_given",
       .prepare = on_cells(cells, first_table, {Weighting::kReplicatesGiven})},
      {.id = "rao_scott", .prepare = on_cells(cells, rao_scott)},
      {.id = "rao_scott_replicates",
       .prepare = on_cells(cells, rao_scott, {Weighting::kReplicatesMade})},
      {.id = "replicates_cases",
       .fresh = true,
       .prepare = on_cases(first_table, {Weighting::kReplicatesGiven})}};
  for (const size_t count : {1U, 5U, 20U, 60U}) {
    operations.push_back({.id = fmt::format("tables_{}", count), .prepare = book(count, with_se)});
  }
  for (const size_t count : {20U, 40U, 160U}) {
    operations.push_back(
        {.id = fmt::format("replicates_{}", count),
         .prepare = on_cells(cells, first_table, {Weighting::kReplicatesGiven, count})});
  }
  return operations;
}

}  // namespace barometer::bench

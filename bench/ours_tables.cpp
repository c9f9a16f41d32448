#include <cmath>

#include <fmt/format.h>

#include "barometer/book/book.h"
#include "barometer/estimand/columns.h"
#include "barometer/estimand/domains.h"
#include "barometer/estimate/cross_table.h"
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

// Shares and errors without the total column, in R's order.
Found found_of(const CrossTableEstimates& table) {
  Found found;
  for (size_t i = 0; i < table.rows.categories.size(); ++i) {
    for (Eigen::Index j = 0; j + 1 < table.share.cols(); ++j) {
      found.value.push_back(table.share(static_cast<Eigen::Index>(i), j));
      found.se.push_back(table.se(static_cast<Eigen::Index>(i), j));
    }
  }
  return found;
}

// Pairs of columns whose shares of an option differ by more than two standard errors.
double letters(const CrossTableEstimates& table) {
  double count = 0;
  for (size_t row = 0; row < table.covariances.size(); ++row) {
    const Matrix& v = table.covariances[row];
    for (Eigen::Index i = 0; i + 1 < v.cols(); ++i) {
      for (Eigen::Index j = 0; j < i; ++j) {
        const auto at = static_cast<Eigen::Index>(row);
        const double difference = table.share(at, i) - table.share(at, j);
        const double variance = v(i, i) + v(j, j) - 2 * v(i, j);
        count += difference * difference > 4 * variance ? 1 : 0;
      }
    }
  }
  return count;
}

std::vector<CrossTable> tables_of_book(size_t count) {
  std::vector<CrossTable> tables;
  for (size_t i = 0; i < count; ++i) {
    tables.push_back({question_name(i % kQuestions), banner_name(i / kQuestions)});
  }
  return tables;
}

// The first `count` of the 200 tables of 20 questions by 10 banner variables; in full with letters,
// Rao-Scott tests and effective bases.
Prepare book(size_t count, bool in_full) {
  return [=](const Subject& subject) -> Result<Run> {
    const auto engine = TRY(make_engine(subject));
    const std::shared_ptr<const Design> design(engine, &engine->design());
    const std::vector<CrossTable> tables = tables_of_book(count);
    return Run([=]() -> Result<Found> {
      Found first;
      double more = 0;
      CrossTableOptions options{.covariances = in_full};
      if (in_full) {
        options.cells = [&](size_t at, const Cells& cells) -> Status {
          const auto sums = std::make_shared<const CellSums>(cells.sums);
          const Sample sample = Sample::of_cells(design, sums);
          more += TRY(table_test(sample, cells.data, tables[at].rows, tables[at].columns, {}))
                      .result.statistic;
          return {};
        };
      }
      TRY_DONE(cross_tables(*engine, tables, options, Progress(),
                            [&](size_t at, const CrossTableEstimates& table) -> Status {
                              if (in_full) more += letters(table) + table.effective_base.sum();
                              if (at == 0) first = found_of(table);
                              return {};
                            }));
      if (in_full) first.value.push_back(more);
      return first;
    });
  };
}

// The same tables as a banner book: 20 tables with 10 groups of columns each, and the total; in full
// with letters and Rao-Scott tests.
Prepare banner_book(size_t questions, size_t groups, bool in_full) {
  return [=](const Subject& subject) -> Result<Run> {
    const auto engine = TRY(make_engine(subject));
    BookPlan plan;
    for (size_t i = 0; i < questions; ++i) plan.rows.push_back({.variables = {question_name(i)}});
    for (size_t i = 0; i < groups; ++i) plan.banner.push_back({.variables = {banner_name(i)}});
    plan.significance.on = in_full;
    plan.rao_scott = in_full;
    return Run([=]() -> Result<Found> {
      double sum = 0;
      TRY_DONE(each_table({engine.get()}, plan, {}, Progress(), [&](BookTable table) -> Status {
        for (const BookCell& cell : table.cells) {
          sum += cell.se.value_or(0) + static_cast<double>(cell.above.size());
        }
        for (const GroupTest& test : table.group_tests) sum += test.statistic;
        return {};
      }));
      return Found{.value = {sum}};
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
      {.id = "table", .prepare = book(1, false)},
      {.id = "table_first", .fresh = true, .prepare = book(1, false)},
      {.id = "table_unsorted",
       .shuffled = true,
       .fresh = true,
       .prepare = book(1, false),
       .note = "the first request, which puts the columns in order"},
      {.id = "table_cases", .prepare = on_cases(first_table)},
      {.id = "book", .prepare = book(all, false)},
      {.id = "table_sums", .prepare = sums(1), .note = "without finishing"},
      {.id = "book_sums", .prepare = sums(all), .note = "without finishing"},
      {.id = "book_full", .prepare = book(all, true)},
      {.id = "banner_table", .prepare = banner_book(1, 1, false)},
      {.id = "banner_table_full", .prepare = banner_book(1, 1, true)},
      {.id = "banner_book", .prepare = banner_book(kQuestions, kBanners, false)},
      {.id = "banner_book_full", .prepare = banner_book(kQuestions, kBanners, true)},
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
    operations.push_back({.id = fmt::format("tables_{}", count), .prepare = book(count, false)});
  }
  for (const size_t count : {20U, 40U, 160U}) {
    operations.push_back(
        {.id = fmt::format("replicates_{}", count),
         .prepare = on_cells(cells, first_table, {Weighting::kReplicatesGiven, count})});
  }
  return operations;
}

}  // namespace barometer::bench

// Random tables, designs and queries, and the comparison of two engines' answers to them.
#pragma once

#include <cmath>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "barometer/base/text.h"
#include "barometer/io/io.h"
#include "barometer/sql/connection_internal.h"
#include "barometer/sql/sql_engine.h"
#include "tests/support/plain_engine.h"
#include "tests/support/temp_folder.h"

namespace barometer::testing {

// Columns: region, area (in region), person (in area), size_region, size_area, w, answer, other,
// rank, income, spend, r1, r2.
class RandomTable {
 public:
  explicit RandomTable(uint64_t seed, size_t cases = 400) : random_(seed) {
    csv_ = "region,area,person,size_region,size_area,w,answer,other,rank,income,spend,r1,r2\n";
    for (size_t i = 0; i < cases; ++i) csv_ += line(i);
  }
  [[nodiscard]] const std::string& csv() const { return csv_; }

 private:
  size_t below(size_t n) { return random_() % n; }
  std::string maybe(std::string text) { return below(9) == 0 ? "" : text; }
  std::string line(size_t i) {
    static const std::vector<std::string> kAnswers = {"yes", "no", "don't know", "\"a,b\"", "é"};
    static const std::vector<std::string> kRegions = {"North", "South", "O'Hara"};
    const size_t region = i % kRegions.size();
    const size_t area = region * 4 + below(4);
    std::uniform_real_distribution<double> real(-1, 1);
    return fmt::format("{},a{},{},{},{},{},{},{},{},{},{},{},{}\n", kRegions[region], area, i,
                       7 + region, 300 + area, below(8) == 0 ? 0.0 : std::exp(2 * real(random_)),
                       maybe(kAnswers[below(5)]), maybe(kAnswers[below(2)]),
                       maybe(std::to_string(below(4))),
                       maybe(fmt::format("{}", 2000 + real(random_))),
                       maybe(fmt::format("{}", 1e6 * real(random_))),
                       static_cast<double>(below(3)) * 0.7, std::exp(real(random_)));
  }

  std::mt19937_64 random_;
  std::string csv_;
};

struct DesignCase {
  const char* name;
  DesignColumns columns;
};
inline std::vector<DesignCase> design_cases() {
  using Names = std::vector<std::string>;
  const auto of = [](std::string weight, Names strata, Names ids, Names fpc) {
    DesignColumns columns{.weight = std::move(weight),
                          .strata = std::move(strata),
                          .ids = std::move(ids),
                          .fpc = std::move(fpc),
                          .nest = true,
                          .lonely_psu = LonelyPsu::kCertainty};
    columns.weights_from_fpc = columns.weight.empty() && !columns.fpc.empty();
    return columns;
  };
  std::vector<DesignCase> cases = {
      {"no design", of("", {}, {}, {})},
      {"weights alone", of("w", {}, {}, {})},
      {"strata of single cases", of("w", {"region"}, {}, {})},
      {"clusters", of("w", {}, {"area"}, {})},
      {"clusters in strata", of("w", {"region"}, {"area"}, {})},
      {"each case a cluster", of("w", {"region"}, {"person"}, {})},
      {"two stages", of("w", {"region"}, {"area", "person"}, {"size_region", "size_area"})},
      {"two stages, one population size", of("w", {"region"}, {"area", "person"}, {"size_region"})},
      {"two stages, the second not finite", of("w", {"region"}, {"area", "person"}, {})},
      {"weights from sizes", of("", {"region"}, {"area", "person"}, {"size_region", "size_area"})},
      {"weights from one size", of("", {"region"}, {"area"}, {"size_region"})},
      {"whole numbers as strata", of("w", {"size_region"}, {"size_area"}, {})},
  };
  for (DesignCase& one : cases) one.columns.replicates = {"r1", "r2"};
  return cases;
}

inline std::vector<int32_t> codes_of(const Dataset& data, const std::string& name) {
  const size_t index = data.codebook().index_of_written(name).value();
  std::vector<int32_t> codes;
  for (size_t row = 0; row < data.case_count(); ++row) {
    const auto* numbers = std::get_if<Numbers>(&data.column(index));
    codes.push_back(numbers != nullptr ? static_cast<int32_t>(numbers->values[row])
                                       : code_at(data.column(index), row));
  }
  return codes;
}
inline std::vector<double> numbers_of(const Dataset& data, const std::string& name) {
  return std::get<Numbers>(data.column(data.codebook().index_of_written(name).value())).values;
}

// The same design over the same data, in memory.
inline std::unique_ptr<PlainEngine> plain_engine(const Dataset& data,
                                                 const DesignColumns& columns) {
  DesignSpec spec;
  spec.case_count = data.case_count();
  for (const std::string& name : columns.ids) spec.ids.push_back(codes_of(data, name));
  for (const std::string& name : columns.strata) spec.strata.push_back(codes_of(data, name));
  for (const std::string& name : columns.fpc) spec.fpc.push_back(numbers_of(data, name));
  if (!columns.weight.empty()) spec.weights = numbers_of(data, columns.weight);
  spec.weights_from_fpc = columns.weights_from_fpc;
  spec.nest = columns.nest;
  spec.lonely_psu = columns.lonely_psu;
  auto design = Design::make(std::move(spec));
  EXPECT_TRUE(design) << design.error().message;
  auto replicates = std::make_shared<PlainEngine::CaseMatrix>(
      static_cast<Eigen::Index>(data.case_count()),
      static_cast<Eigen::Index>(columns.replicates.size()));
  for (size_t r = 0; r < columns.replicates.size(); ++r) {
    const std::vector<double> column = numbers_of(data, columns.replicates[r]);
    for (size_t i = 0; i < column.size(); ++i) {
      (*replicates)(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(r)) = column[i];
    }
  }
  return std::make_unique<PlainEngine>(std::make_shared<const Dataset>(data),
                                       std::make_shared<const Design>(std::move(*design)),
                                       replicates);
}

// "answer rank | income | rank > 2 | outside total replicates": keys, numbers, condition, flags.
inline CellQuery query_of(const std::string& text) {
  const std::vector<std::string> parts = split(text, '|');
  const auto words = [](const std::string& part) {
    std::vector<std::string> found;
    for (const std::string& word : split(part, ' ')) {
      if (!word.empty()) found.push_back(word);
    }
    return found;
  };
  CellQuery query;
  query.keys = words(parts.at(0));
  query.numbers = words(parts.at(1));
  if (!trimmed(parts.at(2)).empty()) query.where = Expression::parse(parts[2]).value();
  query.outside = parts.at(3).find("outside") != std::string::npos;
  query.by_row = parts[3].find("total") == std::string::npos;
  query.replicates = parts[3].find("replicates") != std::string::npos;
  return query;
}

inline std::vector<CellQuery> query_cases() {
  std::vector<CellQuery> queries;
  for (const char* text : {
           "|||",
           "answer|||",
           "answer rank other|||",
           "rank||answer = 'yes' or income > 2000|",
           "answer region||not rank = 2|outside",
           "||spend > 999999999|",  // no case
           "answer rank|||total",
           "|income||",
           "other|income spend||",
           "other|spend rank|answer is not missing|outside",
           "answer|spend||total",
           "answer|||replicates",
           "rank||other = 'no'|outside total replicates",
       }) {
    queries.push_back(query_of(text));
  }
  return queries;
}

// What a server answers to a statement that is not of the engine: the first column.
inline std::vector<std::string> told(const SqlSource& server, const std::string& statement,
                                     std::vector<SqlType> types = {}) {
  const auto connection = open_connection(server, {}, SqlAccess::kWrite);
  EXPECT_TRUE(connection) << connection.error().message;
  std::vector<std::string> found;
  const auto use = [&](SqlRow row) -> Status {
    found.emplace_back(row[0].text);
    return {};
  };
  const SqlOutcome outcome = (*connection)->run({statement, std::move(types)}, Progress(), use);
  EXPECT_TRUE(outcome.status) << outcome.status.error().message;
  return found;
}

inline void expect_near(const std::vector<double>& found, const std::vector<double>& wanted,
                        double scale, const std::string& what) {
  ASSERT_EQ(found.size(), wanted.size()) << what;
  for (size_t i = 0; i < wanted.size(); ++i) {
    EXPECT_NEAR(found[i], wanted[i], 1e-13 * std::max(scale, std::abs(wanted[i])))
        << what << " " << i;
  }
}

inline void expect_same_data(const Dataset& found, const Dataset& wanted) {
  ASSERT_EQ(found.codebook().ids(), wanted.codebook().ids());
  ASSERT_EQ(found.case_count(), wanted.case_count());
  for (size_t k = 0; k < wanted.codebook().variables().size(); ++k) {
    const Variable& variable = wanted.codebook().variables()[k];
    ASSERT_EQ(found.codebook().variables()[k].categories.size(), variable.categories.size());
    ASSERT_EQ(found.column(k).index(), wanted.column(k).index());
    for (size_t row = 0; row < wanted.case_count(); ++row) {
      ASSERT_EQ(missing_at(found.column(k), row), missing_at(wanted.column(k), row));
      if (missing_at(wanted.column(k), row) != Missing::kNone) continue;
      if (const auto* numbers = std::get_if<Numbers>(&wanted.column(k))) {
        const double here = std::get<Numbers>(found.column(k)).values[row];
        EXPECT_NEAR(here, numbers->values[row], 1e-8 * std::max(1.0, std::abs(here)));
      } else {
        EXPECT_EQ(code_at(found.column(k), row), code_at(wanted.column(k), row));
      }
    }
  }
}

// Sums of weight times numbers and their products, which representatives are made to keep.
inline std::vector<double> number_sums(const Cells& cells, size_t first) {
  std::vector<double> sums;
  const auto& variables = cells.data.codebook().variables();
  const auto value = [&](size_t k, size_t cell) {
    return std::get<Numbers>(cells.data.column(k)).values[cell];
  };
  for (size_t j = first; j < variables.size(); ++j) {
    for (size_t k = first; k <= j; ++k) {
      long double w = 0, wv = 0, wvv = 0, w2vv = 0;
      for (size_t cell = 0; cell < cells.sums.cell_count; ++cell) {
        w += cells.sums.w[cell];
        wv += cells.sums.w[cell] * value(j, cell);
        wvv += cells.sums.w[cell] * value(j, cell) * value(k, cell);
        w2vv += cells.sums.w2[cell] * value(j, cell) * value(k, cell);
      }
      for (const long double sum : {w, wv, wvv, w2vv}) sums.push_back(static_cast<double>(sum));
    }
  }
  return sums;
}

// Both order their cells alike. Representatives of a number have few points, whose places two
// roundings may move; their sums may not.
inline void expect_same_cells(const Cells& found, const Cells& wanted, size_t numbers) {
  ASSERT_EQ(found.sums.row_count, wanted.sums.row_count);
  if (numbers > 0) {
    const size_t keys = wanted.data.codebook().variables().size() - numbers;
    const std::vector<double> here = number_sums(found, keys), there = number_sums(wanted, keys);
    ASSERT_EQ(here.size(), there.size());
    for (size_t i = 0; i < there.size(); ++i) {
      EXPECT_NEAR(here[i], there[i], 1e-11 * std::max(1.0, std::abs(there[i]))) << i;
    }
    return;
  }
  EXPECT_EQ(found.sums.n, wanted.sums.n);
  EXPECT_EQ(found.sums.live, wanted.sums.live);
  EXPECT_EQ(found.inside, wanted.inside);
  expect_near(found.sums.w, wanted.sums.w, 0, "w");
  expect_near(found.sums.w2, wanted.sums.w2, 0, "w2");
  ASSERT_EQ(found.sums.row_begin, wanted.sums.row_begin);
  EXPECT_EQ(found.sums.cell, wanted.sums.cell);
  EXPECT_EQ(found.sums.row_n, wanted.sums.row_n);
  EXPECT_EQ(found.sums.row_live, wanted.sums.row_live);
  expect_near(found.sums.row_w, wanted.sums.row_w, 0, "row_w");
  expect_near(found.sums.row_w2, wanted.sums.row_w2, 0, "row_w2");
  ASSERT_EQ(found.replicates.rows(), wanted.replicates.rows());
  ASSERT_EQ(found.replicates.cols(), wanted.replicates.cols());
  if (wanted.replicates.size() > 0) {
    EXPECT_LT((found.replicates - wanted.replicates).cwiseAbs().maxCoeff(), 1e-10);
  }
  expect_same_data(found.data, wanted.data);
}

// Every design and query of a table against the engine that goes case by case.
inline void expect_same_answers(const SqlSource& source, const Dataset& data,
                                const SqlOptions& options = {}) {
  const Progress progress;
  for (const DesignCase& design : design_cases()) {
    SCOPED_TRACE(design.name);
    const auto engine = open_sql_engine(source, design.columns, options, progress);
    ASSERT_TRUE(engine) << engine.error().message;
    const auto plain = plain_engine(data, design.columns);
    EXPECT_EQ((*engine)->case_count(), data.case_count());
    EXPECT_EQ((*engine)->design().description(), plain->design().description());
    EXPECT_EQ((*engine)->design().elements(), plain->design().elements());
    ASSERT_EQ((*engine)->design().row_count(), plain->design().row_count());
    const std::vector<CellQuery> queries = query_cases();
    size_t next = 0;
    const Status answered = (*engine)->answer(queries, progress, [&](size_t q, Cells cells) {
      SCOPED_TRACE(q);
      EXPECT_EQ(q, next++);
      const auto wanted = plain->cells(queries[q], progress);
      EXPECT_TRUE(wanted) << wanted.error().message;
      if (wanted) expect_same_cells(cells, *wanted, queries[q].numbers.size());
      return Status();
    });
    EXPECT_TRUE(answered) << answered.error().message;
    EXPECT_EQ(next, queries.size());
  }
}

}  // namespace barometer::testing

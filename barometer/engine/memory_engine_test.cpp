#include "barometer/engine/memory_engine.h"

#include <numeric>

#include <gmock/gmock.h>

#include "tests/support/plain_engine.h"
#include "tests/support/random_survey.h"
#include "tests/support/same_cells.h"

namespace barometer {
namespace {

using testing::DesignKind;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::PlainEngine;
using testing::RandomSurvey;
using testing::RandomSurveys;

using CaseMatrix = MemoryEngineOptions::CaseMatrix;

std::shared_ptr<const MemoryEngine> engine_of(const RandomSurvey& survey,
                                              MemoryEngineOptions options = {}) {
  return MemoryEngine::make(survey.data, survey.design, std::move(options)).value();
}

std::vector<Cells> answers(const Engine& engine, std::span<const CellQuery> queries) {
  std::vector<Cells> found;
  const Status status = engine.answer(queries, Progress(), [&](size_t query, Cells cells) {
    EXPECT_EQ(query, found.size());
    found.push_back(std::move(cells));
    return Status();
  });
  EXPECT_TRUE(status) << (status ? "" : status.error().message);
  return found;
}

Expression parsed(const char* text) { return Expression::parse(text).value(); }

// Five cases of two clusters, given out of order: cluster 7 has cases 1 and 3.
RandomSurvey five() {
  Codebook codebook;
  EXPECT_TRUE(codebook.add({.id = "q", .categories = {{1, "yes"}, {2, "no"}}}));
  EXPECT_TRUE(codebook.add({.id = "x", .kind = VariableKind::kNumber}));
  std::vector<Column> columns{make_codes(std::vector<int>{1, 2, 2, 2, -1}),
                              Numbers{{10, 20, 30, 40, 50}, std::vector<Missing>(5)}};
  DesignSpec spec;
  spec.case_count = 5;
  spec.ids = {{8, 7, 8, 7, 8}};
  spec.weights = {1, 2, 3, 0, 5};
  return {std::make_shared<const Dataset>(
              Dataset::make(std::move(codebook), std::move(columns)).value()),
          std::make_shared<const Design>(Design::make(spec).value())};
}

TEST(MemoryEngine, SumsByUnitAndCell) {
  const auto engine = engine_of(five());
  const Cells cells = engine->cells({.keys = {"q"}}, Progress()).value();
  EXPECT_EQ(std::get<NarrowCodes>(cells.data.column(0)),
            (NarrowCodes{1, 2, missing_code<uint8_t>(Missing::kNotAsked)}));
  EXPECT_EQ(cells.data.codebook().variables()[0].categories.size(), 2U);
  const CellSums& sums = cells.sums;
  EXPECT_EQ(sums.row_count, 2U);
  EXPECT_THAT(sums.n, ElementsAre(1, 3, 1));
  EXPECT_THAT(sums.live, ElementsAre(1, 2, 1));
  EXPECT_THAT(sums.w, ElementsAre(1, 5, 5));
  EXPECT_THAT(sums.w2, ElementsAre(1, 13, 25));
  EXPECT_THAT(sums.row_begin, ElementsAre(0, 3, 6));
  EXPECT_THAT(sums.cell, IsEmpty());
  EXPECT_THAT(sums.row_n, ElementsAre(0, 2, 0, 1, 1, 1));
  EXPECT_THAT(sums.row_w, ElementsAre(0, 2, 0, 1, 3, 5));
  EXPECT_THAT(sums.row_w2, IsEmpty());
  EXPECT_THAT(cells.inside, IsEmpty());
  EXPECT_EQ(cells.replicates.size(), 0);
}

TEST(MemoryEngine, ConditionsAndMasksLeaveCasesOut) {
  const auto engine = engine_of(five());
  const std::vector<uint8_t> mask{0, 1, 1, 1, 0};
  for (const CellQuery& query : {CellQuery{.keys = {"q"}, .where = parsed("x between 20 and 40")},
                                 CellQuery{.keys = {"q"}, .mask = mask}}) {
    const Cells cells = engine->cells(query, Progress()).value();
    EXPECT_THAT(cells.sums.n, ElementsAre(0, 3, 0));
    EXPECT_THAT(cells.sums.row_w, ElementsAre(0, 2, 0, 0, 3, 0));
  }
}

TEST(MemoryEngine, CellsOutsideAreMarked) {
  const Cells cells =
      engine_of(five())
          ->cells({.keys = {"q"}, .where = parsed("x > 25"), .outside = true}, Progress())
          .value();
  EXPECT_THAT(cells.inside, ElementsAre(1, 1, 1, 0, 0, 0));
  EXPECT_THAT(cells.sums.n, ElementsAre(0, 2, 1, 1, 1, 0));
}

TEST(MemoryEngine, OfNumbersOnlyTheSumsAreKept) {
  const auto engine = engine_of(five());
  const Cells cells = engine->cells({.numbers = {"x"}}, Progress()).value();
  const auto& x = std::get<Numbers>(cells.data.column(0)).values;
  double wx = 0;
  double wxx = 0;
  for (size_t cell = 0; cell < cells.sums.cell_count; ++cell) {
    wx += cells.sums.w[cell] * x[cell];
    wxx += cells.sums.w[cell] * x[cell] * x[cell];
  }
  EXPECT_NEAR(wx, 10 + 40 + 90 + 250, 1e-10);
  EXPECT_NEAR(wxx, 100 + 800 + 2700 + 12500, 1e-9);
}

TEST(MemoryEngine, WithoutKeysThereIsOneCell) {
  const Cells cells = engine_of(five())->cells({}, Progress()).value();
  EXPECT_THAT(cells.sums.n, ElementsAre(5));
  EXPECT_THAT(cells.sums.row_w, ElementsAre(2, 9));
}

struct Refused {
  CellQuery query;
  ErrorCode code;
  std::string message;
};

TEST(MemoryEngine, SaysWhatItCannotAnswer) {
  RandomSurveys random(4);
  const auto engine = engine_of(random.survey(50, DesignKind::kClusters));
  const std::vector<Refused> refused{
      {{.keys = {"scael"}}, ErrorCode::kNotFound, "there is no variable 'scael'"},
      {{.numbers = {"sizes"}}, ErrorCode::kNotFound, "there is no variable 'sizes'"},
      {{.keys = {"words"}}, ErrorCode::kUnsupported, "'words' is open text"},
      {{.numbers = {"q"}}, ErrorCode::kInvalid, "'q' is not a number"},
      {{.keys = {"q"}, .where = parsed("nosuch = 1")}, ErrorCode::kInvalid, "nosuch"},
      {{.keys = {"q"}, .replicates = true}, ErrorCode::kUnsupported, "no replicate weights"},
      {{.keys = {"share", "size"}, .most_entries = 3}, ErrorCode::kLimit, "more than 3"},
      {{.keys = {"q", "q"}}, ErrorCode::kInvalid, "q"}};
  for (const Refused& row : refused) {
    const auto cells = engine->cells(row.query, Progress());
    ASSERT_FALSE(cells) << row.message;
    EXPECT_EQ(cells.error().code, row.code) << cells.error().message;
    EXPECT_THAT(cells.error().message, HasSubstr(row.message));
  }
}

// Told to stop while it works, by what listens to the progress.
TEST(MemoryEngine, StopsInsideAPass) {
  RandomSurveys random(5);
  const auto engine = engine_of(random.survey(400, DesignKind::kClusters), {1, nullptr, 8, 16});
  for (const CellQuery& query :
       {CellQuery{.keys = {"q"}}, CellQuery{.keys = {"share"}}, CellQuery{.numbers = {"size"}}}) {
    size_t reports = 0;
    Progress* told = nullptr;
    Progress progress([&](const std::string& what, size_t done, size_t total) {
      EXPECT_EQ(what, "summing cases");
      EXPECT_LE(done, total);
      if (++reports == 2) told->stop();
    });
    told = &progress;
    const auto cells = engine->cells(query, progress);
    ASSERT_FALSE(cells);
    EXPECT_EQ(cells.error().code, ErrorCode::kLimit);
    EXPECT_EQ(cells.error().message, "stopped while summing cases");
    EXPECT_EQ(reports, 2U);
  }
}

TEST(MemoryEngine, AnErrorOfTheUserEndsTheWork) {
  const std::vector<CellQuery> queries(3, CellQuery{.keys = {"q"}});
  const Status status = engine_of(five())->answer(queries, Progress(), [](size_t query, Cells) {
    EXPECT_LE(query, 1U);
    return query < 1 ? Status() : Status(fail(ErrorCode::kIo, "the disk is full"));
  });
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "the disk is full");
}

TEST(MemoryEngine, SortedDataAnswersTheSame) {
  RandomSurveys random(6);
  for (const DesignKind kind : {DesignKind::kStrata, DesignKind::kTwoStages}) {
    const RandomSurvey survey = random.survey(300, kind);
    const auto engine = MemoryEngine::make_sorted(Dataset(*survey.data), Design(*survey.design));
    ASSERT_TRUE(engine);
    for (size_t i = 0; i < 300; ++i) EXPECT_EQ((*engine)->design().order()[i], i);
    const CellQuery query{.keys = {"q", "scale", "size"}, .where = parsed("share > 40.5")};
    const Cells found = (*engine)->cells(query, Progress()).value();
    const Cells wanted = engine_of(survey)->cells(query, Progress()).value();
    EXPECT_EQ(found.sums.row_w, wanted.sums.row_w);
    EXPECT_EQ(found.sums.w2, wanted.sums.w2);
    EXPECT_EQ(found.sums.cell, wanted.sums.cell);
  }
}

TEST(MemoryEngine, RefusesADesignOfOtherCases) {
  RandomSurveys random(7);
  const RandomSurvey survey = random.survey(10, DesignKind::kElements);
  const RandomSurvey other = random.survey(11, DesignKind::kElements);
  EXPECT_EQ(MemoryEngine::make(survey.data, other.design).error().message,
            "a design of 11 cases for data of 10");
  const auto replicates =
      std::make_shared<const MemoryEngineOptions::CaseMatrix>(CaseMatrix::Ones(9, 4));
  EXPECT_EQ(MemoryEngine::make(survey.data, survey.design, {1, replicates}).error().message,
            "replicate weights of 9 cases for data of 10");
}

// Every kind of query, over keys of every kind.
std::vector<CellQuery> queries_about(RandomSurveys& random, std::span<const uint8_t> mask,
                                     bool replicates) {
  const std::vector<std::string> ids{"q", "scale", "wide", "barriers", "size", "share"};
  std::vector<CellQuery> queries;
  for (size_t i = 0; i < 8; ++i) {
    CellQuery query;
    for (const std::string& id : ids) {
      if (random.chance(0.3)) query.keys.push_back(id);
    }
    std::shuffle(query.keys.begin(), query.keys.end(), random.random());
    if (random.chance(0.3)) query.where = parsed("q <> 2 or share > 41");
    if (!query.where && random.chance(0.3)) query.mask = mask;
    query.outside = random.chance(0.3);
    query.by_row = random.chance(0.8);
    query.replicates = replicates && random.chance(0.5);
    queries.push_back(query);
  }
  for (const std::vector<std::string>& numbers :
       std::vector<std::vector<std::string>>{{"share"}, {"size", "share"}}) {
    for (const bool by_row : {true, false}) {
      queries.push_back({.keys = {"q"}, .numbers = numbers, .by_row = by_row});
      queries.push_back({.numbers = numbers, .outside = true, .mask = mask, .by_row = by_row});
    }
  }
  return queries;
}

std::shared_ptr<const CaseMatrix> random_replicates(RandomSurveys& random, size_t cases,
                                                    size_t count) {
  CaseMatrix weights(static_cast<Eigen::Index>(cases), static_cast<Eigen::Index>(count));
  for (double& w : weights.reshaped()) w = random.weight();
  return std::make_shared<const CaseMatrix>(std::move(weights));
}

void expect_same(const Cells& found, const Cells& wanted, const CellQuery& query,
                 const Design& design) {
  const double tolerance = query.numbers.empty() ? 1e-12 : 1e-9;
  EXPECT_TRUE(testing::same_cells(testing::cells_by_value(found, query, design),
                                  testing::cells_by_value(wanted, query, design), tolerance))
      << ::testing::PrintToString(query.keys) << ::testing::PrintToString(query.numbers);
}

void expect_equal_bits(const Cells& a, const Cells& b) {
  EXPECT_EQ(a.inside, b.inside);
  EXPECT_EQ(a.sums.n, b.sums.n);
  EXPECT_EQ(a.sums.live, b.sums.live);
  EXPECT_EQ(a.sums.w, b.sums.w);
  EXPECT_EQ(a.sums.w2, b.sums.w2);
  EXPECT_EQ(a.sums.row_begin, b.sums.row_begin);
  EXPECT_EQ(a.sums.cell, b.sums.cell);
  EXPECT_EQ(a.sums.row_n, b.sums.row_n);
  EXPECT_EQ(a.sums.row_w, b.sums.row_w);
  EXPECT_EQ(a.sums.row_live, b.sums.row_live);
  EXPECT_EQ(a.sums.row_w2, b.sums.row_w2);
  EXPECT_EQ(a.replicates, b.replicates);
  for (size_t k = 0; k < a.data.codebook().variables().size(); ++k) {
    for (size_t cell = 0; cell < a.sums.cell_count; ++cell) {
      EXPECT_EQ(testing::value_text(a.data.column(k), cell),
                testing::value_text(b.data.column(k), cell));
    }
  }
}

// The same survey with its cases in another order.
RandomSurvey shuffled(const RandomSurvey& survey, const DesignSpec& spec,
                      std::span<const uint32_t> order) {
  DesignSpec moved = spec;
  const auto move_lists = [&](auto& lists) {
    for (auto& list : lists) {
      auto from = list;
      for (size_t i = 0; i < order.size(); ++i) list[i] = from[order[i]];
    }
  };
  move_lists(moved.ids);
  move_lists(moved.strata);
  move_lists(moved.fpc);
  for (size_t i = 0; i < order.size(); ++i) moved.weights[i] = spec.weights[order[i]];
  return {std::make_shared<const Dataset>(Dataset(*survey.data).reordered(order)),
          std::make_shared<const Design>(Design::make(std::move(moved)).value())};
}

TEST(MemoryEngine, TheOrderOfCasesDoesNotMatter) {
  constexpr size_t kCases = 3000;
  RandomSurveys random(8);
  const RandomSurvey survey = random.survey(kCases, DesignKind::kElements);
  DesignSpec spec;
  spec.case_count = kCases;
  spec.ids.resize(1);
  spec.strata.resize(1);
  for (size_t i = 0; i < kCases; ++i) {
    spec.ids[0].push_back(static_cast<int32_t>(i % 60));
    spec.strata[0].push_back(static_cast<int32_t>(i % 60 / 20));
    spec.weights.push_back(random.weight());
  }
  const RandomSurvey asked{survey.data, std::make_shared<const Design>(Design::make(spec).value())};
  std::vector<uint32_t> order(kCases);
  std::iota(order.begin(), order.end(), 0U);
  std::shuffle(order.begin(), order.end(), random.random());
  const RandomSurvey moved = shuffled(asked, spec, order);
  std::vector<CellQuery> queries = queries_about(random, {}, false);
  std::erase_if(queries, [](const CellQuery& query) { return query.outside && !query.where; });
  queries.push_back({.keys = {"q", "scale"}, .where = parsed("not (q = 1 or scale >= 2)")});
  queries.push_back({.keys = {"q", "scale", "barriers"}, .by_row = false});
  const std::vector<Cells> wanted = answers(*engine_of(asked), queries);
  const std::vector<Cells> found = answers(*engine_of(moved), queries);
  for (size_t q = 0; q < queries.size(); ++q) {
    EXPECT_TRUE(testing::same_cells(testing::cells_by_value(found[q], queries[q], *moved.design),
                                    testing::cells_by_value(wanted[q], queries[q], *asked.design),
                                    queries[q].numbers.empty() ? 1e-12 : 1e-11))
        << q;
  }
}

class MemoryEngineRandom : public ::testing::TestWithParam<std::tuple<DesignKind, size_t>> {};

TEST_P(MemoryEngineRandom, AnswersAsThePlainEngine) {
  const auto [kind, cases] = GetParam();
  RandomSurveys random(cases + 17 * static_cast<size_t>(kind));
  const RandomSurvey survey = random.survey(cases, kind);
  const std::vector<uint8_t> mask = random.mask(cases);
  const auto replicates = random_replicates(random, cases, 1 + random.below(90));
  const std::vector<CellQuery> queries = queries_about(random, mask, true);
  const std::vector<Cells> wanted =
      answers(PlainEngine(survey.data, survey.design, replicates), queries);
  for (const size_t part : {5U, 64U, 100000U}) {
    for (const size_t tile : {1U, 7U, 2048U}) {
      std::vector<Cells> first;
      for (const size_t threads : {1U, 2U, 4U}) {
        const auto engine = engine_of(survey, {threads, replicates, tile, part});
        std::vector<Cells> found = answers(*engine, queries);
        ASSERT_EQ(found.size(), queries.size());
        for (size_t q = 0; q < queries.size(); ++q) {
          if (threads == 1) expect_same(found[q], wanted[q], queries[q], *survey.design);
          if (threads > 1) expect_equal_bits(found[q], first[q]);
        }
        if (threads == 1) first = std::move(found);
      }
    }
  }
}

std::string random_name(const ::testing::TestParamInfo<std::tuple<DesignKind, size_t>>& info) {
  static constexpr const char* kNames[] = {"Elements", "Strata", "Clusters", "TwoStages", "Units"};
  return std::string(kNames[static_cast<size_t>(std::get<0>(info.param))]) +
         std::to_string(std::get<1>(info.param));
}

INSTANTIATE_TEST_SUITE_P(
    Surveys, MemoryEngineRandom,
    ::testing::Combine(::testing::Values(DesignKind::kElements, DesignKind::kStrata,
                                         DesignKind::kClusters, DesignKind::kTwoStages,
                                         DesignKind::kUnits),
                       ::testing::Values(1U, 30U, 700U)),
    random_name);

}  // namespace
}  // namespace barometer

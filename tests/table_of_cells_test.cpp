// Tests of a two-way table from an engine's cells alone are those from the cases.
#include <gtest/gtest.h>

#include "barometer/engine/memory_engine.h"
#include "barometer/hypothesis/table_test.h"
#include "barometer/sample/sample.h"
#include "tests/support/near.h"
#include "tests/support/survey.h"

namespace barometer {
namespace {

using testing::near_rel;

void expect_same(const testing::Survey& survey, const std::string& row, const std::string& column) {
  const auto design = std::make_shared<const Design>(Design::make(survey.spec).value());
  const auto engine = MemoryEngine::make(survey.data, design).value();
  const Cells cells = engine->cells({.keys = {row, column}}, {}).value();
  const Sample of_cells = Sample::of_cells(design, std::make_shared<const CellSums>(cells.sums));
  for (const TableStatistic statistic :
       {TableStatistic::kF, TableStatistic::kChisq, TableStatistic::kWald, TableStatistic::kAdjWald,
        TableStatistic::kLincom, TableStatistic::kSaddlepoint}) {
    SCOPED_TRACE(row + " by " + column + ": " + std::string(name_of(statistic)));
    const auto slow = table_test(survey.sample(), *survey.data, row, column, {}, statistic);
    const auto fast = table_test(of_cells, cells.data, row, column, {}, statistic);
    ASSERT_TRUE(slow && fast) << (slow ? fast : slow).error().message;
    constexpr const char* kWhy = "the same sums in another order";
    EXPECT_TRUE(near_rel(fast->result.statistic, slow->result.statistic, 1e-9, kWhy));
    EXPECT_TRUE(near_rel(fast->result.p, slow->result.p, 1e-8, kWhy));
    EXPECT_EQ(fast->result.cases, slow->result.cases);
    ASSERT_EQ(fast->result.df.size(), slow->result.df.size());
    for (size_t i = 0; i < slow->result.df.size(); ++i) {
      EXPECT_TRUE(near_rel(fast->result.df[i], slow->result.df[i], 1e-9, kWhy));
    }
  }
}

TEST(TableOfCells, HasTheTestsOfTheCases) {
  for (const testing::Survey& survey :
       {testing::apistrat(), testing::apiclus1(), testing::apiclus2()}) {
    expect_same(survey, "stype", "awards");
    expect_same(survey, "comp_imp", "stype");
  }
}

}  // namespace
}  // namespace barometer

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/hypothesis/rank_test.h"
#include "barometer/hypothesis/surveys_test_internal.h"
#include "tests/support/near.h"

namespace barometer {
namespace {

using testing::Case;
using testing::cases;
using testing::near_rel;

constexpr const char* kSource = "R survey 4.1.1";

TEST(RankTest, OfR) {
  const auto surveys = cases();
  size_t seen = 0;
  for (const auto& row : testing::expected_of("others.csv")) {
    if (row.text("test") != "rank") continue;
    ++seen;
    SCOPED_TRACE(row.where());
    const Case& survey = surveys.at(row.text("design"));
    const auto test =
        rank_test(survey.sample, *survey.data, Formula::parse(row.text("formula")).value(),
                  survey.base(row.text("base")), parse_rank_score(row.text("option")).value());
    ASSERT_TRUE(test.has_value()) << test.error().message;
    EXPECT_TRUE(near_rel(test->statistic, row.number("value"), 1e-9, kSource));
    EXPECT_EQ(test->df[0], row.number("df1"));
    if (row.has("df2")) {
      EXPECT_EQ(test->df.at(1), row.number("df2"));
    }
    EXPECT_TRUE(near_rel(test->p, row.number("p"), 1e-9, kSource));
    if (row.has("estimate")) {
      EXPECT_TRUE(near_rel(test->estimate.value(), row.number("estimate"), 1e-9, kSource));
    }
  }
  EXPECT_EQ(seen, 100u);
}

}  // namespace
}  // namespace barometer

#include "barometer/printed/two_proportions.h"

#include <cmath>

#include <gtest/gtest.h>

#include "barometer/printed/test_figures_internal.h"

namespace barometer {
namespace {

TEST(TwoProportionZ, OfTheTextbook) {
  EXPECT_EQ(two_proportion_z(33, 76, 30, 103).text(), "1.979");
  EXPECT_EQ(two_proportion_z(20, 77, 20, 102).text(), "1.012");
  EXPECT_EQ(two_proportion_z(30, 103, 33, 76).text(), "-1.979");
  EXPECT_EQ(two_proportion_z(0, 10, 0, 10).text(), "0.000");
  EXPECT_EQ(two_proportion_z(10, 10, 12, 12).text(), "0.000");
  EXPECT_EQ(two_proportion_z(1'000'000, 1'000'000, 0, 1'000'000).text(), "1414.214");
}

// The other road: the formula as it is written in the book.
TEST(TwoProportionZ, AgreesWithTheFormula) {
  for (int64_t n = 1; n <= 40; n += 3) {
    for (int64_t m = 2; m <= 40; m += 5) {
      for (int64_t k = 0; k <= n; ++k) {
        for (int64_t j = 0; j <= m; ++j) {
          const double a = static_cast<double>(n);
          const double b = static_cast<double>(m);
          const double p = static_cast<double>(k + j) / (a + b);
          const double error = std::sqrt(p * (1 - p) * (1 / a + 1 / b));
          const double gap = static_cast<double>(k) / a - static_cast<double>(j) / b;
          const double z = error > 0 ? gap / error : 0;
          EXPECT_NEAR(two_proportion_z(k, n, j, m).value(), z, 0.0005 + 1e-9);
        }
      }
    }
  }
}

TEST(ChangeTest, ReadsAllCountsThatPrintAsTheLevels) {
  struct Row {
    const char* now;
    int64_t n;
    const char* before;
    int64_t earlier;
    const char* expected;
  };
  const Row rows[] = {
      {"43", 76, "29", 103, "possible | 33/76 against 30/103: z = 1.979, critical 1.96 | "},
      {"26", 77, "20", 102,
       "impossible | 20/77 against 20/102: z = 1.012, critical 1.96 | no verb of change"},
      {"96", 116, "50", 116, "possible | 111/116 against 58/116: z = 7.824, critical 1.96 | "},
      {"68", 94, "73", 100,
       "impossible | 64/94 against 73/100: z = -0.751, critical 1.96 | no verb of change"},
      {"54", 300, "46", 300,
       "no power | 161…163/300 against 137…139/300: z = 1.796…2.123, critical 1.96 | "},
      {"42", 94, "50", 94, "no base | a level is impossible at its base | "},
  };
  for (const Row& row : rows) {
    const ChangeTest test =
        change_test({decimal(row.now), row.n}, {decimal(row.before), row.earlier});
    EXPECT_EQ(line(test.verdict), row.expected);
  }
  EXPECT_EQ(change_test({decimal("50"), std::nullopt}, {decimal("50"), 94}).verdict.outcome,
            Possibility::kNoBase);
}

TEST(ChangeTest, ExtremesStandAtTheEndsOfTheCounts) {
  for (const char* now : {"3", "40", "50", "66", "97"}) {
    for (const char* before : {"2", "45", "52", "99"}) {
      const ChangeTest test = change_test({decimal(now), 310}, {decimal(before), 420});
      const WholeRange counts = possible_counts(decimal(now), 310);
      const WholeRange earlier = possible_counts(decimal(before), 420);
      Decimal low{99'999, 3};
      Decimal high{-99'999, 3};
      for (int64_t k = counts.low; k <= counts.high; ++k) {
        for (int64_t j = earlier.low; j <= earlier.high; ++j) {
          const Decimal z = two_proportion_z(k, 310, j, 420);
          if (z.digits < low.digits) low = z;
          if (z.digits > high.digits) high = z;
        }
      }
      EXPECT_EQ(test.z_low, low);
      EXPECT_EQ(test.z_high, high);
    }
  }
}

}  // namespace
}  // namespace barometer

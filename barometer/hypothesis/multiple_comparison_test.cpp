#include "barometer/hypothesis/multiple_comparison.h"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace barometer {
namespace {

using ::testing::DoubleNear;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pointwise;
using P = std::vector<double>;

// R 4.2.2, p.adjust.
TEST(AdjustP, IsThatOfR) {
  const P p{0.01, 0.04, 0.03, 0.02, 0.9, 0.02};
  const auto adjusted = [&](PAdjustment adjustment) { return adjust_p(p, adjustment).value(); };
  EXPECT_EQ(adjusted(PAdjustment::kNone), p);
  EXPECT_THAT(adjusted(PAdjustment::kBonferroni),
              Pointwise(DoubleNear(1e-15), P{0.06, 0.24, 0.18, 0.12, 1, 0.12}));
  EXPECT_THAT(adjusted(PAdjustment::kHolm),
              Pointwise(DoubleNear(1e-15), P{0.06, 0.1, 0.1, 0.1, 0.9, 0.1}));
  EXPECT_THAT(adjusted(PAdjustment::kBenjaminiHochberg),
              Pointwise(DoubleNear(1e-15), P{0.04, 0.048, 0.045, 0.04, 0.9, 0.04}));
}

// Benjamini & Hochberg 1995, section 3.2: fifteen p-values, of which Bonferroni at 0.05 rejects
// three, and the step-up procedure four.
TEST(AdjustP, ThePrintedExampleOfBenjaminiAndHochberg) {
  const P p{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
            0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
  const auto rejected = [&](PAdjustment adjustment) {
    return std::ranges::count_if(adjust_p(p, adjustment).value(),
                                 [](double q) { return q <= 0.05; });
  };
  EXPECT_EQ(rejected(PAdjustment::kBonferroni), 3);
  EXPECT_EQ(rejected(PAdjustment::kHolm), 3);
  EXPECT_EQ(rejected(PAdjustment::kBenjaminiHochberg), 4);
}

RC_GTEST_PROP(AdjustPProperty, OrderIsKeptAndTheMethodsAreNested, ()) {
  const auto parts = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 1001));
  P p;
  for (const int part : parts) p.push_back(part / 1000.0);
  const P none = adjust_p(p, PAdjustment::kNone).value();
  const P fdr = adjust_p(p, PAdjustment::kBenjaminiHochberg).value();
  const P holm = adjust_p(p, PAdjustment::kHolm).value();
  const P most = adjust_p(p, PAdjustment::kBonferroni).value();
  for (size_t i = 0; i < p.size(); ++i) {
    RC_ASSERT(none[i] <= fdr[i] + 1e-15 && fdr[i] <= holm[i] + 1e-15 && holm[i] <= most[i] + 1e-15);
    RC_ASSERT(most[i] <= 1);
    for (size_t j = 0; j < p.size(); ++j) {
      if (p[i] <= p[j]) RC_ASSERT(fdr[i] <= fdr[j] && holm[i] <= holm[j]);
    }
  }
}

TEST(AdjustP, WhatIsNoPValueIsNamed) {
  EXPECT_THAT(adjust_p(P{0.1, 1.2}, PAdjustment::kHolm).error().message,
              HasSubstr("p-value 2, 1.2,"));
  EXPECT_THAT(adjust_p(P{-0.1}, PAdjustment::kNone).error().message, HasSubstr("p-value 1, -0.1"));
  EXPECT_THAT(adjust_p(P{0.1, std::nan("")}, PAdjustment::kBonferroni).error().message,
              HasSubstr("p-value 2, nan"));
  EXPECT_THAT(parse_p_adjustment("bh").error().message, HasSubstr("'bh'"));
  EXPECT_EQ(parse_p_adjustment(name_of(PAdjustment::kHolm)).value(), PAdjustment::kHolm);
  EXPECT_THAT(adjust_p(P{}, PAdjustment::kBenjaminiHochberg).value(), IsEmpty());
}

}  // namespace
}  // namespace barometer

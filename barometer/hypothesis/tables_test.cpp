#include <cmath>
#include <numeric>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/base/student_t.h"
#include "barometer/hypothesis/surveys_test_internal.h"
#include "barometer/hypothesis/table_test.h"
#include "tests/support/near.h"

namespace barometer {
namespace {

using ::testing::AllOf;
using testing::Case;
using testing::cases;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::independent_cases;
using testing::labelled;
using testing::near_rel;

constexpr const char* kSource = "R survey 4.1.1";
constexpr TableStatistic kAll[] = {TableStatistic::kF,      TableStatistic::kChisq,
                                   TableStatistic::kWald,   TableStatistic::kAdjWald,
                                   TableStatistic::kLincom, TableStatistic::kSaddlepoint};

TEST(TableTest, IsThatOfR) {
  const auto surveys = cases();
  const auto rows = testing::expected_of("tables.csv");
  ASSERT_EQ(rows.size(), 360u);
  size_t with_empty_cells = 0;
  for (const auto& row : rows) {
    SCOPED_TRACE(row.where());
    const Case& survey = surveys.at(row.text("design"));
    const auto statistic = parse_table_statistic(row.text("statistic")).value();
    const auto test = table_test(survey.sample, *survey.data, row.text("row"), row.text("column"),
                                 survey.base(row.text("base")), statistic);
    ASSERT_TRUE(test.has_value()) << test.error().message;
    const TestResult& result = test->result;
    EXPECT_TRUE(near_rel(result.statistic, row.number("value"), 1e-9, kSource));
    ASSERT_EQ(result.df.size(), (row.has("df1") ? 1u : 0u) + (row.has("df2") ? 1u : 0u));
    for (size_t i = 0; i < result.df.size(); ++i) {
      EXPECT_TRUE(near_rel(result.df[i], row.number(i == 0 ? "df1" : "df2"), 1e-9, kSource));
    }
    const bool root = statistic == TableStatistic::kSaddlepoint;
    EXPECT_TRUE(near_rel(result.p, row.number("p"), root ? 1e-6 : 1e-9,
                         root ? "R's root finder stops early" : kSource));
    with_empty_cells += test->weighted.minCoeff() == 0 ? 1U : 0U;
  }
  EXPECT_GT(with_empty_cells, 20u);
}

// The example of R survey's own page on svychisq, as printed there.
TEST(TableTest, ThePrintedExample) {
  const Case clus1 = cases().at("clus1");
  const auto test = table_test(clus1.sample, *clus1.data, "sch_wide", "stype", {}).value();
  EXPECT_NEAR(test.result.statistic, 5.1934, 5e-5);
  EXPECT_NEAR(test.result.df[0], 1.4946, 5e-5);
  EXPECT_NEAR(test.result.df[1], 20.925, 5e-4);
  EXPECT_NEAR(test.result.p, 0.02175, 5e-6);
  EXPECT_EQ(test.result.statistic_name, "F");
  EXPECT_THAT(test.result.method, HasSubstr("second-order"));
  EXPECT_EQ(test.result.cases, 183u);
}

struct Counted {
  Dataset data;
  Sample sample;
};
Counted counted(const std::vector<std::vector<int>>& counts) {
  std::vector<std::string> row, column;
  for (size_t i = 0; i < counts.size(); ++i) {
    for (size_t j = 0; j < counts[i].size(); ++j) {
      for (int k = 0; k < counts[i][j]; ++k) {
        row.push_back("r" + std::to_string(i + 1));
        column.push_back("c" + std::to_string(j + 1));
      }
    }
  }
  const std::vector<double> weights(row.size(), 3);
  return {labelled({{"a", row}, {"b", column}}), independent_cases(weights)};
}

// A. Agresti, "An Introduction to Categorical Data Analysis" (2007), table 2.5: party by gender,
// X² = 30.07 on 2 df. Drawn with replacement and equally weighted, each λ is n / (n - 1).
TEST(TableTest, WithoutADesignItIsTheTextbookChiSquare) {
  const Counted party = counted({{762, 327, 468}, {484, 239, 477}});
  const double factor = 2757.0 / 2756;
  const auto chisq =
      table_test(party.sample, party.data, "a", "b", {}, TableStatistic::kChisq).value();
  EXPECT_NEAR(chisq.result.statistic, 30.07, 5e-3);
  EXPECT_EQ(chisq.result.statistic_name, "X-squared");
  ASSERT_EQ(chisq.deffs.size(), 2u);
  for (const double deff : chisq.deffs) EXPECT_TRUE(near_rel(deff, factor, 1e-10, "closed form"));
  EXPECT_TRUE(near_rel(chisq.result.p, std::exp(-chisq.result.statistic / factor / 2), 1e-9,
                       "the tail of a chi-square of 2 df"));
  EXPECT_NEAR(chisq.observed(0, 0), 762, 1e-9);
  EXPECT_NEAR(chisq.weighted(0, 0), 2286, 1e-9);
  EXPECT_NEAR(chisq.expected(0, 0), 703.7, 0.05);  // printed there, in parentheses
  const auto f = table_test(party.sample, party.data, "a", "b", {}).value();
  EXPECT_TRUE(
      near_rel(f.result.statistic, chisq.result.statistic / factor / 2, 1e-10, "closed form"));
  EXPECT_TRUE(near_rel(f.result.df[0], 2, 1e-10, "equal λ"));
  EXPECT_TRUE(near_rel(f.result.df[1], 2 * 2756, 1e-10, "n - 1 a λ"));
}

TEST(TableTest, FirstOrderIsPearsonOverTheMeanDesignEffect) {
  for (const auto& [name, survey] : cases()) {
    const auto test =
        table_test(survey.sample, *survey.data, "stype", "band", {}, TableStatistic::kChisq)
            .value();
    ASSERT_EQ(test.deffs.size(), 6u);
    EXPECT_TRUE(std::ranges::is_sorted(test.deffs, std::greater<>()));
    double x2 = 0;
    const auto n = static_cast<double>(survey.data->case_count());
    const Matrix shares = test.weighted / test.weighted.sum();
    for (Eigen::Index i = 0; i < 3; ++i) {
      for (Eigen::Index j = 0; j < 4; ++j) {
        const double e = shares.row(i).sum() * shares.col(j).sum();
        x2 += n * (shares(i, j) - e) * (shares(i, j) - e) / e;
      }
    }
    EXPECT_TRUE(near_rel(test.result.statistic, x2, 1e-11, "by hand")) << name;
    const double mean = std::accumulate(test.deffs.begin(), test.deffs.end(), 0.0) / 6;
    EXPECT_TRUE(near_rel(test.result.p, chi_square_tail(x2 / mean, 6), 1e-11, "by hand")) << name;
  }
}

// Of two by two, λ is the variance of the log odds ratio over that of as many single draws.
TEST(TableTest, DesignEffectOfTwoByTwoIsThatOfTheLogOddsRatio) {
  for (const auto& [name, survey] : cases()) {
    const auto test = table_test(survey.sample, *survey.data, "awards", "high", {}).value();
    ASSERT_EQ(test.deffs.size(), 1u);
    const Levels a = levels_of(*survey.data, "awards").value();
    const Levels b = levels_of(*survey.data, "high").value();
    Matrix y = Matrix::Zero(static_cast<Eigen::Index>(a.codes.size()), 4);
    for (size_t i = 0; i < a.codes.size(); ++i) {
      y(static_cast<Eigen::Index>(i), a.codes[i] + 2 * b.codes[i]) = 1;
    }
    const Estimated shares = estimate(survey.sample, *mean_of(y, {}), Progress()).value();
    const Vector slope = Vector{{1, -1, -1, 1}}.cwiseQuotient(shares.value);
    const double simple = shares.value.cwiseInverse().sum() / static_cast<double>(a.codes.size());
    const double deff = slope.dot(shares.covariance * slope) / simple;
    EXPECT_TRUE(near_rel(test.deffs[0], deff, 1e-10, "log odds ratio")) << name;
  }
}

// Of two by two, Wald's F is the squared t of (T11 T22 - T12 T21) / T.
TEST(TableTest, WaldOfTwoByTwoIsASquaredT) {
  for (const auto& [name, survey] : cases()) {
    const auto test =
        table_test(survey.sample, *survey.data, "awards", "high", {}, TableStatistic::kWald)
            .value();
    const Levels a = levels_of(*survey.data, "awards").value();
    const Levels b = levels_of(*survey.data, "high").value();
    Matrix y = Matrix::Zero(static_cast<Eigen::Index>(a.codes.size()), 4);
    for (size_t i = 0; i < a.codes.size(); ++i) {
      y(static_cast<Eigen::Index>(i), a.codes[i] + 2 * b.codes[i]) = 1;
    }
    const Estimated totals = estimate(survey.sample, *total_of(y, {}), Progress()).value();
    const Vector& t = totals.value;
    const double gap = (t(0) * t(3) - t(1) * t(2)) / t.sum();
    const Vector slope = (Vector{{t(3), -t(2), -t(1), t(0)}}.array() - gap) / t.sum();
    const double se = std::sqrt(slope.dot(totals.covariance * slope));
    EXPECT_TRUE(near_rel(test.result.statistic, gap / se * gap / se, 1e-10, "t²")) << name;
    EXPECT_TRUE(near_rel(test.result.p, t_two_sided(gap / se, test.result.df[1]), 1e-10, "t²"))
        << name;
  }
}

TEST(TableTest, OfOneDepartureEveryPearsonKindIsOneF) {
  for (const auto& named : cases()) {
    const std::string& name = named.first;
    const Case& survey = named.second;
    const auto p = [&](TableStatistic statistic) {
      return table_test(survey.sample, *survey.data, "awards", "high", {}, statistic)
          .value()
          .result.p;
    };
    const bool replicated = survey.sample.replicates() != nullptr;
    EXPECT_TRUE(near_rel(p(TableStatistic::kLincom),
                         replicated ? p(TableStatistic::kChisq) : p(TableStatistic::kF), 1e-10,
                         "one λ"))
        << name;
    EXPECT_TRUE(near_rel(p(TableStatistic::kAdjWald), p(TableStatistic::kWald), 1e-10, "one cell"))
        << name;
    EXPECT_TRUE(near_rel(p(TableStatistic::kLincom), p(TableStatistic::kSaddlepoint), 0.15,
                         "an approximation"))
        << name;
  }
}

TEST(TableTest, AdjustedWaldIsWaldOverItsFactor) {
  const Case strat = cases().at("strat");
  const auto plain =
      table_test(strat.sample, *strat.data, "comp_imp", "band", {}, TableStatistic::kWald).value();
  const auto adjusted =
      table_test(strat.sample, *strat.data, "comp_imp", "band", {}, TableStatistic::kAdjWald)
          .value();
  EXPECT_EQ(plain.result.df, (std::vector<double>{3, 197}));
  EXPECT_EQ(adjusted.result.df, (std::vector<double>{3, 195}));
  EXPECT_TRUE(near_rel(adjusted.result.statistic, plain.result.statistic * 195 / 197, 1e-12,
                       "Koch, Freeman & Freeman"));
  EXPECT_TRUE(plain.deffs.empty());
}

TEST(TableTest, NeitherSidesNorOrderNorUnitOfWeightMatter) {
  const Case clus1 = cases().at("clus1");
  const testing::Survey survey = testing::made(testing::apiclus1());
  DesignSpec spec = survey.spec;
  for (double& w : spec.weights) w *= 1e-4;
  const Sample light = Sample::of(Design::make(spec).value());
  const Dataset reversed =
      testing::cut(*clus1.data, "api00", "dnab", {550, 650, 750}, {"z", "y", "x", "w"});
  for (const TableStatistic statistic : kAll) {
    const auto p = [&](const Sample& sample, const Dataset& data, const char* a, const char* b) {
      return table_test(sample, data, a, b, {}, statistic).value().result.p;
    };
    const double usual = p(clus1.sample, *clus1.data, "stype", "band");
    EXPECT_TRUE(near_rel(p(clus1.sample, *clus1.data, "band", "stype"), usual, 1e-8, "turned"));
    EXPECT_TRUE(near_rel(p(light, *clus1.data, "stype", "band"), usual, 1e-8, "other unit"));
    EXPECT_TRUE(near_rel(p(clus1.sample, reversed, "stype", "dnab"), usual, 1e-8, "renamed"));
  }
}

TEST(TableTest, LevelsOutsideTheBaseAreLeftOut) {
  const Case strat = cases().at("strat");
  std::vector<uint8_t> mask;
  const Levels stype = levels_of(*strat.data, "stype").value();
  for (const int32_t code : stype.codes)
    mask.push_back(stype.labels[static_cast<size_t>(code)] != "H");
  const auto test = table_test(strat.sample, *strat.data, "stype", "awards", mask).value();
  EXPECT_THAT(test.row_levels, ElementsAre("E", "M"));
  EXPECT_THAT(test.column_levels, ElementsAre("No", "Yes"));
  EXPECT_EQ(test.result.cases, 150u);
  EXPECT_NEAR(test.observed.sum(), 150, 1e-9);
}

TEST(TableTest, MissingAnswersAreInTheBaseButNotInTheTable) {
  const Case strat = cases().at("strat");
  const auto test =
      table_test(strat.sample, *strat.data, "hope", "awards", {}, TableStatistic::kChisq).value();
  EXPECT_LT(test.result.cases, 200u);
  EXPECT_NEAR(test.observed.sum(), 200, 1e-9);  // as R: scaled to the rows of the design
}

struct Mistake {
  const char* situation;
  const char *row, *column;
  const char* base;  // of `expression`: which cases
  TableStatistic statistic;
  const char* message;
};

TEST(TableTest, WhatCannotBeTestedSaysWhy) {
  const Case clus1 = cases().at("clus1");
  const Dataset& data = *clus1.data;
  const std::vector<double> dnum = testing::numbers_of(data, "dnum");
  const Levels stype = levels_of(data, "stype").value();
  const auto base = [&](const std::string& which) {
    std::vector<uint8_t> mask(data.case_count(), 1);
    for (size_t i = 0; i < mask.size(); ++i) {
      if (which == "none") mask[i] = 0;
      if (which == "E") mask[i] = stype.labels[static_cast<size_t>(stype.codes[i])] == "E";
      if (which == "one district") mask[i] = dnum[i] == 637;
      if (which == "three districts") mask[i] = dnum[i] == 637 || dnum[i] == 716 || dnum[i] == 778;
    }
    return mask;
  };
  const Mistake mistakes[] = {
      {"no such variable", "stipe", "awards", "all", TableStatistic::kF, "'stipe'"},
      {"one level", "stype", "awards", "E", TableStatistic::kF,
       "'stype' has one level in the base, 'E'"},
      {"one level on the other side", "awards", "stype", "E", TableStatistic::kWald,
       "'stype' has one level in the base, 'E'"},
      {"empty base", "stype", "awards", "none", TableStatistic::kF,
       "no case of the base has an answer to 'stype'"},
      {"one cluster", "awards", "high", "one district", TableStatistic::kF,
       "0 degrees of freedom in the base (PSUs - strata)"},
      {"more departures than clusters", "stype", "band", "three districts", TableStatistic::kWald,
       "covariance of the table of 'stype' by 'band' is singular"},
      {"too many values", "api00", "api99", "all", TableStatistic::kF, "cells for 183 cases"},
  };
  for (const Mistake& mistake : mistakes) {
    const auto test = table_test(clus1.sample, data, mistake.row, mistake.column,
                                 base(mistake.base), mistake.statistic);
    ASSERT_FALSE(test.has_value()) << mistake.situation;
    EXPECT_THAT(test.error().message, HasSubstr(mistake.message)) << mistake.situation;
  }
}

TEST(TableTest, SmallTablesThatCannotBeTested) {
  // One case for each level: each row and column has one full cell.
  const Counted diagonal = counted({{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}});
  EXPECT_THAT(table_test(diagonal.sample, diagonal.data, "a", "b", {}).error().message,
              HasSubstr("table of 'a' by 'b' has 12 empty cells of 16"));
  // Everyone was asked: nothing varies from sample to sample.
  Counted census = counted({{5, 3}, {2, 6}});
  DesignSpec spec;
  spec.case_count = 16;
  spec.weights.assign(16, 1);
  spec.fpc = {std::vector<double>(16, 16)};
  census.sample = Sample::of(Design::make(spec).value());
  EXPECT_THAT(table_test(census.sample, census.data, "a", "b", {}).error().message,
              HasSubstr("no sampling variance"));
  EXPECT_THAT(
      table_test(census.sample, census.data, "a", "b", {}, TableStatistic::kWald).error().message,
      HasSubstr("singular"));
  // Two districts: their schools vary, but one degree of freedom is too few for two departures.
  const Case clus2 = cases().at("clus2");
  std::vector<uint8_t> mask;
  for (const double dnum : testing::numbers_of(*clus2.data, "dnum")) {
    mask.push_back(dnum == 200 || dnum == 570 ? 1 : 0);
  }
  EXPECT_THAT(
      table_test(clus2.sample, *clus2.data, "stype", "awards", mask, TableStatistic::kAdjWald)
          .error()
          .message,
      HasSubstr("needs more than 1 degrees of freedom for the adjusted Wald test, and the "
                "sample has 1 in the base"));
}

TEST(TableTest, WordsOfStatistics) {
  for (const TableStatistic statistic : kAll) {
    EXPECT_EQ(parse_table_statistic(name_of(statistic)).value(), statistic);
  }
  EXPECT_THAT(parse_table_statistic("chisq").error().message,
              AllOf(HasSubstr("'chisq'"), HasSubstr("Chisq, Wald")));
}

std::vector<ExpectedShare> shares_in(const std::string& text) {
  std::vector<ExpectedShare> shares;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const size_t equals = word.find('=');
    shares.push_back({word.substr(0, equals), std::stod(word.substr(equals + 1))});
  }
  return shares;
}

TEST(GoodnessOfFit, IsThatOfR) {
  const auto surveys = cases();
  size_t seen = 0;
  for (const auto& row : testing::expected_of("others.csv")) {
    if (row.text("test") != "gof") continue;
    ++seen;
    SCOPED_TRACE(row.where());
    const Case& survey = surveys.at(row.text("design"));
    const std::string& formula = row.text("formula");
    const size_t space = formula.find(' ');
    const bool root = row.text("option") == "saddlepoint";
    const auto fit =
        goodness_of_fit(survey.sample, *survey.data, formula.substr(0, space),
                        shares_in(formula.substr(space)), survey.base(row.text("base")),
                        root ? TailMethod::kSaddlepoint : TailMethod::kSatterthwaite);
    ASSERT_TRUE(fit.has_value()) << fit.error().message;
    EXPECT_TRUE(near_rel(fit->result.statistic, row.number("value"), 1e-9, kSource));
    EXPECT_EQ(fit->result.statistic_name, "X-squared");
    ASSERT_EQ(fit->result.df.size(), 1u);
    EXPECT_TRUE(near_rel(fit->result.df[0], row.number("df1"), 1e-9, kSource));
    EXPECT_TRUE(near_rel(fit->scale, row.number("df2"), 1e-9, kSource));
    EXPECT_TRUE(near_rel(fit->result.p, row.number("p"), root ? 1e-6 : 1e-9,
                         root ? "R's root finder stops early" : kSource));
  }
  EXPECT_EQ(seen, 32u);
}

// Of two levels with expected p: (share - p)² over its linearised variance where the expectation
// moves with the total; drawn singly, X² / n on 1 df.
TEST(GoodnessOfFit, WithoutADesignAndAtTheExpectationLambdaIsTheWeight) {
  const Counted even = counted({{50}, {30}, {20}});
  const auto fit =
      goodness_of_fit(even.sample, even.data, "a", {{"r1", 5}, {"r2", 3}, {"r3", 2}}, {}).value();
  EXPECT_NEAR(fit.result.statistic, 0, 1e-12);
  EXPECT_NEAR(fit.result.p, 1, 1e-12);
  EXPECT_TRUE(near_rel(fit.lambda[0], 3 * 100.0 / 99, 1e-10, "weight · n / (n - 1)"));
  EXPECT_TRUE(near_rel(fit.lambda[1], 3 * 100.0 / 99, 1e-10, "weight · n / (n - 1)"));
  EXPECT_NEAR(fit.lambda[2], 0, 1e-10);
  EXPECT_TRUE(near_rel(fit.result.df[0], 2, 1e-10, "k - 1"));
  EXPECT_NEAR(fit.expected(0), 150, 1e-9);
  EXPECT_NEAR(fit.weighted(0), 150, 1e-9);
}

TEST(GoodnessOfFit, MethodsAreNearEachOtherAndScaleOfSharesDoesNotMatter) {
  const Case strat = cases().at("strat");
  const auto p = [&](double factor, TailMethod method) {
    return goodness_of_fit(strat.sample, *strat.data, "band",
                           {{"a", 0.2 * factor},
                            {"b", 0.3 * factor},
                            {"c", 0.35 * factor},
                            {"d", 0.15 * factor}},
                           {}, method)
        .value()
        .result.p;
  };
  const double exact = p(1, TailMethod::kIntegration);
  EXPECT_TRUE(near_rel(p(100, TailMethod::kIntegration), exact, 1e-10, "percent"));
  EXPECT_TRUE(near_rel(p(1, TailMethod::kSaddlepoint), exact, 0.05, "an approximation"));
}

TEST(GoodnessOfFit, AnExpectedLevelMayBeEmpty) {
  const Counted some = counted({{50}, {30}});
  const auto fit =
      goodness_of_fit(some.sample, some.data, "a", {{"r1", 0.5}, {"r2", 0.4}, {"r3", 0.1}}, {})
          .value();
  EXPECT_EQ(fit.weighted(2), 0);
  EXPECT_NEAR(fit.expected(2), 24, 1e-9);
  EXPECT_LT(fit.result.p, 0.05);
}

TEST(GoodnessOfFit, SharesThatCannotBeTestedSayWhy) {
  const Counted some = counted({{50}, {30}});
  const struct {
    const char* situation;
    const char* name;
    std::vector<ExpectedShare> shares;
    const char* message;
  } mistakes[] = {
      {"no such variable", "z", {{"r1", 1}, {"r2", 1}}, "'z'"},
      {"one share", "a", {{"r1", 1}}, "1 shares are expected of 'a'"},
      {"nothing", "a", {}, "0 shares are expected of 'a'"},
      {"a level too few", "a", {{"r1", 1}, {"r3", 1}}, "'a' has the level 'r2' in the base"},
      {"zero", "a", {{"r1", 1}, {"r2", 0}}, "share 0 expected of 'r2' in 'a'"},
      {"negative", "a", {{"r1", 1}, {"r2", -0.5}}, "share -0.5 expected of 'r2'"},
      {"not a number", "a", {{"r1", 1}, {"r2", std::nan("")}}, "share nan expected of 'r2'"},
      {"twice", "a", {{"r1", 1}, {"r2", 1}, {"r1", 2}}, "'r1' of 'a' has two expected shares"},
  };
  for (const auto& mistake : mistakes) {
    const auto fit = goodness_of_fit(some.sample, some.data, mistake.name, mistake.shares, {});
    ASSERT_FALSE(fit.has_value()) << mistake.situation;
    EXPECT_THAT(fit.error().message, HasSubstr(mistake.message)) << mistake.situation;
  }
  // The strata are the levels: their shares do not vary.
  const Case strat = cases().at("strat");
  EXPECT_THAT(
      goodness_of_fit(strat.sample, *strat.data, "stype", {{"E", 7}, {"H", 1}, {"M", 2}}, {})
          .error()
          .message,
      HasSubstr("shares of 'stype' have no sampling variance"));
  const std::vector<uint8_t> nobody(80, 0);
  EXPECT_THAT(
      goodness_of_fit(some.sample, some.data, "a", {{"r1", 1}, {"r2", 1}}, nobody).error().message,
      HasSubstr("no case of the base has an answer to 'a'"));
}

}  // namespace
}  // namespace barometer

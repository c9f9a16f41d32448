#include "barometer/hypothesis/quadratic_form.h"
#include "barometer/base/student_t.h"

#include <cmath>
#include <limits>
#include <numeric>
#include <sstream>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <boost/math/distributions/fisher_f.hpp>

#include "barometer/base/csv.h"
#include "barometer/base/file.h"
#include "tests/support/near.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;
using testing::near_rel;
using Lambda = std::vector<double>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// The other road: Ruben's series (Ann. Math. Statist. 33, 1962). Q is a mixture of β χ²_{n+2k} with
// weights c_k, β the smallest λ; hence also Q over an independent chi-square by its df.
double ruben_tail(double x, const Lambda& lambda, double df) {
  const double beta = *std::ranges::min_element(lambda);
  const auto n = static_cast<double>(lambda.size());
  std::vector<double> c{1}, g;
  for (const double l : lambda) c[0] *= std::sqrt(beta / l);
  double tail = c[0] * f_tail(x / beta / n, n, df);
  for (int k = 1; k < 9000 && (k < 30 || c.back() > 1e-18 * tail); ++k) {
    g.push_back(0);
    for (const double l : lambda) g.back() += std::pow(1 - beta / l, k);
    double next = 0;
    for (size_t r = 0; r < c.size(); ++r) next += g[c.size() - 1 - r] * c[r];
    c.push_back(next / (2 * k));
    const double m = n + 2 * k;
    tail += c.back() * f_tail(x / beta / m, m, df);
  }
  return tail;
}

struct Row {
  Lambda lambda;
  double x = 0, df = 0, satterthwaite = 0, saddlepoint = 0;
};

std::vector<Row> rows_of_r() {
  Diagnostics problems;
  const std::string path =
      std::string(SOURCE_DIR) + "/barometer/hypothesis/testdata/quadratic_form.csv";
  const CsvTable table = CsvTable::parse(read_file(path).value(), path, problems);
  CHECK(problems.ok(), problems.text());
  std::vector<Row> rows;
  for (size_t r = 0; r < table.row_count(); ++r) {
    const auto number = [&](const char* name) { return std::stod(table.cell(r, name).text); };
    Row row{{}, number("x"), number("df"), number("satterthwaite"), number("saddlepoint")};
    std::istringstream words(table.cell(r, "lambda").text);
    for (double l = 0; words >> l;) row.lambda.push_back(l);
    rows.push_back(std::move(row));
  }
  return rows;
}

TEST(QuadraticForm, SatterthwaiteAndSaddlepointAreThoseOfR) {
  const auto rows = rows_of_r();
  ASSERT_EQ(rows.size(), 180u);
  for (const Row& row : rows) {
    const std::string where = ::testing::PrintToString(row.lambda) + " x " + std::to_string(row.x) +
                              " df " + std::to_string(row.df);
    const auto tail = [&](TailMethod method) {
      return f_sum_tail(row.x, row.lambda, row.df, method).value();
    };
    EXPECT_TRUE(near_rel(tail(TailMethod::kSatterthwaite), row.satterthwaite, 1e-9,
                         "R survey 4.1.1, pFsum"))
        << where;
    EXPECT_TRUE(near_rel(tail(TailMethod::kSaddlepoint), row.saddlepoint, 1e-6,
                         "R's root finder stops at 1e-8 of the saddlepoint"))
        << where;
  }
}

TEST(QuadraticForm, IntegrationIsRubensSeriesInBodyAndTail) {
  for (const Row& row : rows_of_r()) {
    Lambda lambda = row.lambda;
    std::erase(lambda, 0.0);
    EXPECT_TRUE(near_rel(f_sum_tail(row.x, row.lambda, row.df, TailMethod::kIntegration).value(),
                         ruben_tail(row.x, lambda, row.df), 1e-11, "Ruben 1962"))
        << ::testing::PrintToString(row.lambda) << " x " << row.x << " df " << row.df;
  }
}

// Tables of J. P. Imhof, Biometrika 48 (1961) 419, as printed, and of R. B. Davies, Applied
// Statistics 29 (1980) 323 (there P(Q < x)).
TEST(QuadraticForm, IntegrationIsThePrintedTables) {
  const auto exact = [](double x, const Lambda& lambda) {
    return chi_square_sum_tail(x, lambda, TailMethod::kIntegration).value();
  };
  EXPECT_NEAR(exact(0.1, {0.6, 0.3, 0.1}), 0.9458, 5e-5);
  EXPECT_NEAR(exact(0.7, {0.6, 0.3, 0.1}), 0.5064, 5e-5);
  EXPECT_NEAR(exact(2.0, {0.6, 0.3, 0.1}), 0.1240, 5e-5);
  // Davies asked for an error below 0.0001.
  EXPECT_NEAR(1 - exact(2, {6, 6, 3, 3, 1, 1}), 0.0064, 1e-4);
  EXPECT_NEAR(1 - exact(20, {6, 6, 3, 3, 1, 1}), 0.6002, 1e-4);
  EXPECT_NEAR(1 - exact(60, {6, 6, 3, 3, 1, 1}), 0.9839, 1e-4);
}

TEST(QuadraticForm, EqualWeightsAreAChiSquareAndAnF) {
  for (const double x : {1e-6, 0.3, 4.0, 60.0, 700.0}) {
    for (const size_t n : {1u, 2u, 7u, 60u}) {
      const auto count = static_cast<double>(n);
      for (const TailMethod method : {TailMethod::kSatterthwaite, TailMethod::kIntegration}) {
        EXPECT_TRUE(near_rel(chi_square_sum_tail(2.5 * x, Lambda(n, 2.5), method).value(),
                             chi_square_tail(x, count), 1e-11, "2.5 times a chi-square"))
            << x << " " << n << " " << name_of(method);
        EXPECT_TRUE(near_rel(f_sum_tail(2.5 * x, Lambda(n, 2.5), 11.3, method).value(),
                             f_tail(x / count, count, 11.3), 1e-11, "2.5 times n times an F"))
            << x << " " << n << " " << name_of(method);
      }
    }
  }
}

TEST(QuadraticForm, PairsOfEqualWeightsAreASumOfExponentials) {
  const double rates[3] = {1.0 / 12, 1.0 / 6, 1.0 / 2};
  for (const double x : {0.01, 2.0, 20.0, 60.0, 900.0}) {
    const double closed = 2.4 * std::exp(-x * rates[0]) - 1.5 * std::exp(-x * rates[1]) +
                          0.1 * std::exp(-x * rates[2]);
    EXPECT_TRUE(
        near_rel(chi_square_sum_tail(x, Lambda{6, 6, 3, 3, 1, 1}, TailMethod::kIntegration).value(),
                 closed, 1e-12, "closed form"));
  }
}

TEST(QuadraticForm, WeightsOfBothSigns) {
  // χ²_1 - χ²_1 is symmetric; χ²_2 - χ²_2 is Laplace: P(> x) = exp(-x/2) / 2.
  EXPECT_NEAR(chi_square_sum_tail(0, Lambda{1, -1}, TailMethod::kIntegration).value(), 0.5, 1e-12);
  for (const double x : {0.0, 0.7, 9.0, 200.0}) {
    EXPECT_TRUE(
        near_rel(chi_square_sum_tail(x, Lambda{1, 1, -1, -1}, TailMethod::kIntegration).value(),
                 std::exp(-x / 2) / 2, 1e-11, "Laplace"));
  }
  EXPECT_NEAR(chi_square_sum_tail(-0.7, Lambda{1, 1, -1, -1}, TailMethod::kIntegration).value(),
              1 - std::exp(-0.35) / 2, 1e-9);
}

RC_GTEST_PROP(QuadraticFormProperty, MethodsAgreeAndOrderAndUnitDoNotMatter, ()) {
  const auto parts =
      *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 60)));
  const double x = *rc::gen::inRange(1, 4000) / 13.0;
  const double df = *rc::gen::inRange(4, 90) + 0.5;
  Lambda lambda;
  for (const int part : parts) lambda.push_back(part / 7.0);
  Lambda other(lambda.rbegin(), lambda.rend());
  for (double& l : other) l *= 1000;
  const double exact = f_sum_tail(x, lambda, df, TailMethod::kIntegration).value();
  RC_ASSERT(near_rel(f_sum_tail(1000 * x, other, df, TailMethod::kIntegration).value(), exact, 1e-9,
                     "the same in other units"));
  const double chi = chi_square_sum_tail(x, lambda, TailMethod::kIntegration).value();
  const double rough = chi_square_sum_tail(x, lambda, TailMethod::kSaddlepoint).value();
  RC_ASSERT(std::abs(rough - chi) < 0.2 * chi);
  const double sum = std::accumulate(lambda.begin(), lambda.end(), 0.0);
  if (x > 2 * sum) RC_ASSERT(exact >= chi);  // an F has the longer tail
}

TEST(QuadraticForm, FarTailsKeepTheirDigits) {
  const Lambda lambda{1.7, 1.2, 0.4};
  for (const double x : {300.0, 1000.0, 2300.0}) {
    const double exact = chi_square_sum_tail(x, lambda, TailMethod::kIntegration).value();
    EXPECT_GT(exact, 0);
    EXPECT_TRUE(near_rel(exact, ruben_tail(x, lambda, kInfinity), 1e-10, "Ruben 1962"));
  }
  // Beyond the reach of R's root finder.
  EXPECT_TRUE(near_rel(f_sum_tail(1e7, lambda, 6, TailMethod::kSaddlepoint).value(),
                       f_sum_tail(1e7, lambda, 6, TailMethod::kIntegration).value(), 0.15,
                       "an approximation"));
}

TEST(QuadraticForm, NothingIsBelowZeroOfWhatIsPositive) {
  for (const TailMethod method :
       {TailMethod::kSatterthwaite, TailMethod::kSaddlepoint, TailMethod::kIntegration}) {
    EXPECT_EQ(chi_square_sum_tail(0, Lambda{1, 2}, method).value(), 1);
    EXPECT_EQ(chi_square_sum_tail(-3, Lambda{1, 2}, method).value(), 1);
    EXPECT_EQ(f_sum_tail(0, Lambda{1, 2}, 5, method).value(), 1);
    EXPECT_NEAR(f_sum_tail(1e-300, Lambda{1, 2, 3}, 5, method).value(), 1, 1e-12);
  }
}

TEST(QuadraticForm, WeightsThatMakeNoSumAreRefused) {
  for (const TailMethod method :
       {TailMethod::kSatterthwaite, TailMethod::kSaddlepoint, TailMethod::kIntegration}) {
    EXPECT_THAT(chi_square_sum_tail(1, Lambda{}, method).error().message,
                HasSubstr("needs a weight above 0"));
    EXPECT_THAT(chi_square_sum_tail(1, Lambda{0, 0}, method).error().message,
                HasSubstr("needs a weight above 0"));
    EXPECT_THAT(chi_square_sum_tail(1, Lambda{-1}, method).error().message,
                HasSubstr("needs a weight above 0"));
    EXPECT_THAT(chi_square_sum_tail(1, Lambda{1, kInfinity}, method).error().message,
                HasSubstr("cannot have the weight inf"));
    EXPECT_THAT(chi_square_sum_tail(std::nan(""), Lambda{1}, method).error().message,
                HasSubstr("beyond nan"));
    EXPECT_THAT(f_sum_tail(1, Lambda{1}, 0, method).error().message,
                HasSubstr("0 degrees of freedom"));
    EXPECT_THAT(f_sum_tail(1, Lambda{1}, std::nan(""), method).error().message,
                HasSubstr("nan degrees of freedom"));
  }
  EXPECT_THAT(chi_square_sum_tail(1, Lambda{1, -2}, TailMethod::kSatterthwaite).error().message,
              HasSubstr("theirs is -1"));
}

// R 4.2.2: pchisq(3.2, 2.5, lower = FALSE), pf(1.7, 2.2, 18, lower = FALSE), 2 * pt(-2.1, 7),
// qt(.975, 7).
TEST(Tails, OfThePlainDistributionsAreThoseOfR) {
  EXPECT_TRUE(near_rel(chi_square_tail(3.2, 2.5), 0.27971515163811006, 1e-12, "R"));
  EXPECT_TRUE(near_rel(f_tail(1.7, 2.2, 18), 0.20939710701089501, 1e-12, "R"));
  EXPECT_TRUE(near_rel(t_two_sided(-2.1, 7), 0.073871196212922596, 1e-12, "R"));
  EXPECT_TRUE(near_rel(t_quantile(0.95, 7), 2.3646242515927844, 1e-12, "R"));
  EXPECT_TRUE(near_rel(t_quantile(0.95, kInfinity), 1.959963984540054, 1e-12, "the normal"));
  EXPECT_TRUE(near_rel(t_two_sided(1.959963984540054, kInfinity), 0.05, 1e-12, "the normal"));
  EXPECT_TRUE(near_rel(f_tail(1.7, 4, kInfinity), chi_square_tail(6.8, 4), 1e-12, "the limit"));
}

}  // namespace
}  // namespace barometer

// Identities that hold for any data: random cases, weights and margins.
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "barometer/weights/response.h"
#include "barometer/weights/samples_test_internal.h"
#include "barometer/weights/trim.h"

namespace barometer {
namespace {

using testing::formula;

constexpr double kTight = 1e-9;

bool near(double a, double b, double tolerance = kTight) {
  return std::abs(a - b) <= tolerance * std::max({1.0, std::abs(a), std::abs(b)});
}

struct Random {
  Dataset data;
  std::vector<double> weights;
  std::vector<int32_t> unit;

  [[nodiscard]] Sample sample(double factor = 1) const {
    DesignSpec spec;
    spec.case_count = weights.size();
    spec.ids = {unit};
    for (const double w : weights) spec.weights.push_back(factor * w);
    return Sample::of(Design::make(spec).value());
  }
  [[nodiscard]] Sample jackknifed() const {
    return testing::jackknifed(weights, std::vector<int32_t>(weights.size(), 0), unit,
                               std::vector<double>(weights.size(), 1e9));
  }
  [[nodiscard]] double total(const Sample& sample, const std::string& id) const {
    return estimated(sample, id).value[0];
  }
  [[nodiscard]] Estimated estimated(const Sample& sample, const std::string& id) const {
    return estimate(sample, *total_of(testing::column_of(data, id), {}), Progress()).value();
  }
};

Variable categorical(const std::string& id, std::vector<Category> categories) {
  Variable variable;
  variable.id = id;
  variable.categories = std::move(categories);
  return variable;
}

// Cases of variables a (x, y, z), b (p, q), number, other; every pair of categories occurs, in
// several units, so that no replicate lacks one. Rows in `order` of the generated ones.
Random make(const std::vector<std::array<int, 5>>& rows) {
  Codebook codebook;
  CHECK(codebook.add(categorical("a", {{0, "x"}, {1, "y"}, {2, "z"}})).has_value(), "");
  CHECK(codebook.add(categorical("b", {{0, "p"}, {1, "q"}})).has_value(), "");
  Variable number;
  number.kind = VariableKind::kNumber;
  for (const char* id : {"number", "other"}) {
    number.id = id;
    CHECK(codebook.add(number).has_value(), "");
  }
  std::vector<int> a;
  std::vector<int> b;
  Numbers numbers;
  Numbers others;
  std::vector<double> weights;
  std::vector<int32_t> unit;
  for (const auto& [code_a, code_b, value, weight, of_unit] : rows) {
    a.push_back(code_a);
    b.push_back(code_b);
    numbers.values.push_back(value);
    others.values.push_back((value * 7 + code_a * 3 + weight) % 11);
    weights.push_back(1 + 0.25 * weight);
    unit.push_back(of_unit);
  }
  numbers.missing.assign(rows.size(), Missing::kNone);
  others.missing = numbers.missing;
  return {Dataset::make(codebook, {make_codes(a), make_codes(b), numbers, others}).value(),
          std::move(weights), std::move(unit)};
}

std::vector<std::array<int, 5>> random_rows() {
  std::vector<std::array<int, 5>> rows;
  for (int unit = 0; unit < 2; ++unit) {
    for (int a = 0; a < 3; ++a) {
      for (int b = 0; b < 2; ++b) rows.push_back({a, b, 3 * a + b + unit, 2, unit});
    }
  }
  const int more = *rc::gen::inRange(5, 60);
  for (int i = 0; i < more; ++i) {
    rows.push_back({*rc::gen::inRange(0, 3), *rc::gen::inRange(0, 2), *rc::gen::inRange(0, 20),
                    *rc::gen::inRange(0, 12), *rc::gen::inRange(0, 6)});
  }
  return rows;
}

std::vector<double> random_populations(size_t count, double sum) {
  std::vector<double> totals;
  for (size_t k = 0; k < count; ++k) totals.push_back(*rc::gen::inRange(10, 60));
  const double scale = sum / std::accumulate(totals.begin(), totals.end(), 0.0);
  for (double& total : totals) total *= scale;
  return totals;
}

Margin margin_a() {
  return {
      .variables = {"a"}, .levels = {{"x"}, {"y"}, {"z"}}, .totals = random_populations(3, 1000)};
}
Margin margin_b() {
  return {.variables = {"b"}, .levels = {{"p"}, {"q"}}, .totals = random_populations(2, 1000)};
}

void expect_same(const Sample& left, const Sample& right, double tolerance = kTight) {
  for (size_t i = 0; i < left.case_count(); ++i) {
    RC_ASSERT(near(left.weights()[i], right.weights()[i], tolerance));
  }
  if (left.replicates() == nullptr) return;
  RC_ASSERT((left.replicates()->weights - right.replicates()->weights).cwiseAbs().maxCoeff() <
            tolerance * 1000);
}

void expect_same_estimates(const Random& random, const Sample& left, const Sample& right,
                           double tolerance = kTight) {
  for (const char* id : {"number", "other"}) {
    const Estimated a = random.estimated(left, id);
    const Estimated b = random.estimated(right, id);
    RC_ASSERT(near(a.value[0], b.value[0], tolerance));
    RC_ASSERT(near(a.se(0), b.se(0), tolerance));
  }
}

void holds(const char* what, const std::function<void()>& property) {
  EXPECT_TRUE(rc::check(what, property)) << what;
}

TEST(WeightProperties, RakingMeetsItsMarginsAndKeepsTheirInteraction) {
  holds("margins are met to 1e-8, odds ratios of cells stay", [] {
    const Random random = make(random_rows());
    const auto raked = rake(random.sample(), random.data, std::vector{margin_a(), margin_b()});
    RC_ASSERT(raked->step.converged);
    RC_ASSERT(raked->step.lines.size() == 5U);
    for (const MarginLine& line : raked->step.lines) {
      RC_ASSERT(near(line.after, line.population, 1e-8));
    }
    std::map<std::pair<int, int>, double> factor;
    const Column& a = **random.data.find("a");
    const Column& b = **random.data.find("b");
    for (size_t i = 0; i < random.weights.size(); ++i) {
      factor[{code_at(a, i), code_at(b, i)}] = raked->sample.weights()[i] / random.weights[i];
    }
    for (int level = 1; level < 3; ++level) {
      RC_ASSERT(near(factor[{0, 0}] * factor[{level, 1}] / (factor[{0, 1}] * factor[{level, 0}]), 1,
                     1e-8));
    }
  });
}

TEST(WeightProperties, WeightsTimesAFactorChangeNothing) {
  holds("post-stratified, raked and calibrated weights do not know their scale", [] {
    const Random random = make(random_rows());
    const Margin a = margin_a();
    const std::vector<Margin> margins{a, margin_b()};
    const double k = *rc::gen::element(0.01, 0.5, 3.0, 400.0);
    const Formula on = formula("~ a + number");
    const std::map<std::string, double> totals{
        {"(Intercept)", 1000}, {"ay", a.totals[1]}, {"az", a.totals[2]}, {"number", 9000}};
    const auto linear = [&](double factor) {
      return calibrate(random.sample(factor), random.data, on, totals)->sample;
    };
    expect_same_estimates(random, poststratify(random.sample(), random.data, a)->sample,
                          poststratify(random.sample(k), random.data, a)->sample);
    expect_same_estimates(random, rake(random.sample(), random.data, margins)->sample,
                          rake(random.sample(k), random.data, margins)->sample, 1e-7);
    expect_same_estimates(random, linear(1), linear(k), 1e-7);
  });
}

TEST(WeightProperties, TheOrderOfCasesDoesNotMatter) {
  holds("estimates of shuffled cases are the same", [] {
    const std::vector<std::array<int, 5>> rows = random_rows();
    std::vector<size_t> order(rows.size());
    std::iota(order.begin(), order.end(), size_t{0});
    for (size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1],
                order[static_cast<size_t>(*rc::gen::inRange(0, static_cast<int>(i)))]);
    }
    std::vector<std::array<int, 5>> shuffled;
    for (const size_t i : order) shuffled.push_back(rows[i]);
    const Random left = make(rows);
    const Random right = make(shuffled);
    const std::vector<Margin> margins{margin_a(), margin_b()};
    const auto same = [&](const Sample& l, const Sample& r) {
      const Estimated a = left.estimated(l, "number");
      const Estimated b = right.estimated(r, "number");
      RC_ASSERT(near(a.value[0], b.value[0]));
      RC_ASSERT(near(a.se(0), b.se(0)));
    };
    same(rake(left.sample(), left.data, margins)->sample,
         rake(right.sample(), right.data, margins)->sample);
    const Formula on = formula("~ a * b + other");
    const std::map<std::string, double> totals{
        {"(Intercept)", 1000}, {"ay", 300},    {"az", 300},    {"bq", 500},
        {"ay:bq", 150},        {"az:bq", 150}, {"other", 5200}};
    const CalibrateOptions wide{.force = true};
    same(calibrate(left.sample(), left.data, on, totals, wide)->sample,
         calibrate(right.sample(), right.data, on, totals, wide)->sample);
  });
}

TEST(WeightProperties, RakingOnOneMarginIsPostStratification) {
  holds("weights and replicates are the same; so are standard errors where weights are equal", [] {
    std::vector<std::array<int, 5>> rows = random_rows();
    for (auto& row : rows) row[3] = 4;
    const Random random = make(rows);
    const Margin a = margin_a();
    const auto both = [&](const Sample& sample) {
      const Sample raked = rake(sample, random.data, std::vector{a})->sample;
      const Sample post = poststratify(sample, random.data, a)->sample;
      expect_same(raked, post);
      expect_same_estimates(random, raked, post);
    };
    both(random.sample());
    both(random.jackknifed());
  });
}

TEST(WeightProperties, CalibratingOnPostStrataIsPostStratification) {
  holds("by any distance, with and without replicates", [] {
    const Random random = make(random_rows());
    const Margin a = margin_a();
    const Formula on = formula("~ a");
    const auto totals = totals_of_margins(on, random.data, {a}).value();
    for (const auto distance : {CalibrationDistance::kLinear, CalibrationDistance::kRaking}) {
      const CalibrateOptions options{
          .distance = distance, .epsilon = 1e-12, .max_iterations = 1000};
      const auto both = [&](const Sample& sample) {
        const auto calibrated = calibrate(sample, random.data, on, totals, options);
        RC_ASSERT(calibrated.has_value());
        const Sample post = poststratify(sample, random.data, a)->sample;
        expect_same(calibrated->sample, post);
        expect_same_estimates(random, calibrated->sample, post, 1e-8);
      };
      both(random.sample());
      both(random.jackknifed());
    }
  });
}

TEST(WeightProperties, RakingDistanceOnMarginsIsRaking) {
  holds("iterative proportional fitting and Newton's method find the same weights", [] {
    const Random random = make(random_rows());
    const std::vector<Margin> margins{margin_a(), margin_b()};
    const Formula on = formula("~ a + b");
    const auto totals = totals_of_margins(on, random.data, margins).value();
    const auto calibrated = calibrate(
        random.sample(), random.data, on, totals,
        {.distance = CalibrationDistance::kRaking, .epsilon = 1e-12, .max_iterations = 1000});
    RC_ASSERT(calibrated.has_value());
    expect_same(calibrated->sample, rake(random.sample(), random.data, margins)->sample, 1e-8);
  });
}

TEST(WeightProperties, WhatIsCalibratedOnHasNoVariance) {
  holds("the total of an auxiliary variable is known", [] {
    const Random random = make(random_rows());
    const Formula on = formula("~ a + number");
    const std::map<std::string, double> totals{
        {"(Intercept)", 1000}, {"ay", 300}, {"az", 350}, {"number", 9000}};
    for (const Sample& sample : {random.sample(), random.jackknifed()}) {
      const auto calibrated = calibrate(sample, random.data, on, totals);
      RC_ASSERT(calibrated.has_value());
      const Estimated number = random.estimated(calibrated->sample, "number");
      RC_ASSERT(near(number.value[0], 9000));
      RC_ASSERT(number.se(0) < 1e-5);
      RC_ASSERT(random.estimated(calibrated->sample, "other").se(0) > 0);
    }
  });
}

// Särndal, Swensson & Wretman 1992, (6.4.1): the regression estimator Σ w y + (X - Σ w x) b.
TEST(WeightProperties, LinearCalibrationIsTheRegressionEstimator) {
  holds("greg = Horvitz-Thompson + regression on the known totals", [] {
    const Random random = make(random_rows());
    const double population = 1000;
    const double total = 100.0 * *rc::gen::inRange(50, 150);
    const auto calibrated = calibrate(random.sample(), random.data, formula("~ number"),
                                      {{"(Intercept)", population}, {"number", total}});
    RC_ASSERT(calibrated.has_value());
    double w = 0, wx = 0, wy = 0, wxx = 0, wxy = 0;
    const std::vector<double> x = testing::numbers_of(random.data, "number");
    const std::vector<double> y = testing::numbers_of(random.data, "other");
    for (size_t i = 0; i < x.size(); ++i) {
      const double weight = random.weights[i];
      w += weight;
      wx += weight * x[i];
      wy += weight * y[i];
      wxx += weight * x[i] * x[i];
      wxy += weight * x[i] * y[i];
    }
    const double slope = (w * wxy - wx * wy) / (w * wxx - wx * wx);
    const double intercept = (wy - slope * wx) / w;
    const double greg = wy + (population - w) * intercept + (total - wx) * slope;
    RC_ASSERT(near(random.total(calibrated->sample, "other"), greg));
  });
}

TEST(WeightProperties, BoundsAreKept) {
  holds("ratios stay inside, totals are met, whatever the distance", [] {
    const Random random = make(random_rows());
    const std::vector<Margin> margins{margin_a(), margin_b()};
    double sum = 0;
    for (const double w : random.weights) sum += w;
    const double mean = 1000 / sum;
    const auto raked = rake(random.sample(), random.data, margins, {.lower = 0.4, .upper = 2.2});
    for (size_t i = 0; i < random.weights.size(); ++i) {
      const double ratio = raked->sample.weights()[i] / random.weights[i] / mean;
      RC_ASSERT(ratio > 0.4 - 1e-9 && ratio < 2.2 + 1e-9);
    }
    if (raked->step.converged) {
      for (const MarginLine& line : raked->step.lines) {
        RC_ASSERT(near(line.after, line.population, 1e-5));
      }
    } else {
      RC_ASSERT(!raked->step.trouble.empty());
    }
    const Formula on = formula("~ a + b");
    const auto totals = totals_of_margins(on, random.data, margins).value();
    for (const auto distance : {CalibrationDistance::kLinear, CalibrationDistance::kRaking,
                                CalibrationDistance::kLogit}) {
      const auto calibrated = calibrate(random.sample(mean), random.data, on, totals,
                                        {.distance = distance, .lower = 0.4, .upper = 2.2});
      if (!calibrated) continue;  // no such weights; the message is another test's
      for (size_t i = 0; i < random.weights.size(); ++i) {
        const double g = calibrated->sample.weights()[i] / (random.weights[i] * mean);
        RC_ASSERT(g > 0.4 - 1e-9 && g < 2.2 + 1e-9);
      }
      for (const MarginLine& line : calibrated->step.lines) {
        RC_ASSERT(near(line.after, line.population, 1e-6));
      }
    }
  });
}

TEST(WeightProperties, TrimmingKeepsTheSumAndStrictlyTheBounds) {
  holds("sum and bounds", [] {
    const Random random = make(random_rows());
    const Sample sample = random.sample();
    const WeightSummary before = summary_of_weights(sample.weights());
    const double mean = before.sum / static_cast<double>(before.cases);
    const TrimOptions options{.lower = 0.7 * mean, .upper = 1.5 * mean, .strict = true};
    const auto trimmed = trim(sample, options);
    RC_PRE(trimmed.has_value());  // every weight can be outside
    const WeightSummary after = summary_of_weights(trimmed->sample.weights());
    RC_ASSERT(near(after.sum, before.sum));
    RC_ASSERT(after.smallest >= options.lower && after.largest <= options.upper);
    RC_ASSERT(after.design_effect <= before.design_effect + 1e-9);
  });
}

}  // namespace
}  // namespace barometer

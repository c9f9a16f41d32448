#include "barometer/estimate/estimator.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include <gmock/gmock.h>

#include "barometer/estimate/items_test_internal.h"
#include "tests/support/engines.h"
#include "tests/support/near.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::near_rel;

// In memory, with organisations.
Estimator estimator(const std::shared_ptr<const Dataset>& data, DesignSpec spec,
                    std::optional<OrganisationKey> key = {}, EstimatorOptions options = {}) {
  return std::move(
      Estimator::make(data, Design::make(std::move(spec)).value(), std::move(key), options)
          .value());
}

// On the engine of the test.
class Respondents : public testing::OnEveryEngine {
 protected:
  static Estimator estimator(const std::shared_ptr<const Dataset>& data, DesignSpec spec,
                             EstimatorOptions options = {}) {
    return std::move(Estimator::make(GetParam().make(data, std::move(spec)), options).value());
  }
};
class Items : public Respondents {};
class Degenerate : public Respondents {};
class Hypergeometric : public Respondents {};
class EstimatorRefuses : public Respondents {};

#define ON_EVERY_ENGINE(suite)                                                            \
  INSTANTIATE_TEST_SUITE_P(Engines, suite, ::testing::ValuesIn(testing::engine_makers()), \
                           suite::label)
ON_EVERY_ENGINE(Items);
ON_EVERY_ENGINE(Degenerate);
ON_EVERY_ENGINE(Hypergeometric);
ON_EVERY_ENGINE(EstimatorRefuses);

TEST_P(Items, DontKnowInTheBase) {
  const auto data =
      dataset({{single("q"),
                make_codes(std::vector<int>{1, 1, 2, 9, kDontKnow, kNotAsked, kBlank, kRefused})}});
  const ItemEstimates q = item(estimator(data, simple(8)), "q");
  ASSERT_EQ(q.options.size(), 3U);
  EXPECT_EQ(q.options[0].exact, (Ratio{2, 5}));
  EXPECT_EQ(q.options[2].exact, (Ratio{1, 5}));
  EXPECT_EQ(q.nets[0].exact, (Ratio{3, 5}));
  EXPECT_EQ(q.nets[0].numerator, 3U);
  const Estimate& likely = q.options[0];
  EXPECT_EQ(likely.n, 5U);
  EXPECT_THAT((std::vector{likely.not_asked, likely.no_answer, likely.refused, likely.dont_know}),
              ElementsAre(1, 1, 1, 2));
  EXPECT_TRUE(likely.dont_know_in_base);
  EXPECT_FALSE(likely.weighted);
  EXPECT_FALSE(q.mean);
}

TEST_P(Items, DontKnowOutOfTheBase) {
  Variable variable = single("q");
  variable.dont_know_in_base = false;
  const auto data = dataset({{variable, make_codes(std::vector<int>{1, 1, 2, 9, kDontKnow})}});
  const ItemEstimates q = item(estimator(data, simple(5)), "q");
  EXPECT_EQ(q.options[0].exact, (Ratio{2, 3}));
  EXPECT_EQ(q.options[0].dont_know, 2U);
  EXPECT_FALSE(q.options[2].value);
  EXPECT_THAT(q.options[2].reason, HasSubstr("don't know answers are not in the base"));
}

TEST_P(Items, MeanOfAScaleLeavesDontKnowOut) {
  const auto data = dataset({{scale("s"), make_codes(std::vector<int>{10, 8, 3, kDontKnow})}});
  const ItemEstimates s = item(estimator(data, simple(4)), "s");
  EXPECT_EQ(s.mean->exact, (Ratio{21, 3}));
  EXPECT_EQ(s.mean->n, 3U);
  EXPECT_FALSE(s.mean->dont_know_in_base);
  EXPECT_EQ(s.nets[0].exact, (Ratio{2, 4}));  // shares keep it in
  EXPECT_EQ(s.options[9].exact, (Ratio{1, 4}));
  EXPECT_TRUE(near_rel(*s.mean->se, std::sqrt((9 + 1 + 16) / 2.0 / 3) * std::sqrt(4.0 * 2 / 9),
                       1e-12, "a domain of 3 in a sample of 4"));
}

TEST_P(Items, MultiOptionsAndNets) {
  OptionSets sets;
  sets.bits = {0b001, 0b011, 0b100, 0, 0};
  sets.missing = {Missing::kNone, Missing::kNone, Missing::kNone, Missing::kNone,
                  Missing::kNotAsked};
  Variable variable = multi("m");
  const ItemEstimates in = item(estimator(dataset({{variable, sets}}), simple(5)), "m");
  EXPECT_EQ(in.options[0].exact, (Ratio{2, 4}));
  EXPECT_EQ(in.options[1].exact, (Ratio{1, 4}));
  EXPECT_EQ(in.options[2].exact, (Ratio{1, 4}));
  EXPECT_EQ(in.nets[0].exact, (Ratio{2, 4}));  // a case with both counts once
  EXPECT_EQ(in.nets[0].dont_know, 1U);
  variable.dont_know_in_base = false;
  const ItemEstimates out = item(estimator(dataset({{variable, sets}}), simple(5)), "m");
  EXPECT_EQ(out.options[0].exact, (Ratio{2, 3}));
  EXPECT_FALSE(out.options[2].reason.empty());
}

TEST_P(Items, AreAnsweredInTheOrderAsked) {
  const auto data = dataset(
      {{single("a"), make_codes(std::vector<int>{1, 2, 2})}, {number("b"), numbers({1, 2, 6})}});
  const std::vector<std::string> ids{"b", "a", "b"};
  const auto items = *estimator(data, simple(3)).items(ids, Unit::kRespondent, {}, Progress());
  EXPECT_EQ(items[0].mean->exact, (Ratio{9, 3}));
  EXPECT_EQ(items[1].options[1].exact, (Ratio{2, 3}));
  EXPECT_EQ(items[2].mean->value, 3);
}

TEST_P(Items, FractionsAndWeightsHaveNoExactValue) {
  const auto data = dataset({{number("x"), numbers({1, 2.5, 6})}});
  EXPECT_FALSE(item(estimator(data, simple(3)), "x").mean->exact);
  DesignSpec weighted = simple(3);
  weighted.weights = {1, 2, 1};
  const auto whole = dataset({{number("x"), numbers({1, 2, 6})}});
  const Estimate mean = *item(estimator(whole, weighted), "x").mean;
  EXPECT_FALSE(mean.exact);
  EXPECT_TRUE(mean.weighted);
  EXPECT_EQ(mean.value, 11.0 / 4);
  EXPECT_EQ(mean.effective_base, 16.0 / 6);
  EXPECT_THAT(mean.method, HasSubstr("; weighted; "));
}

TEST_P(Items, ALargeOffsetDoesNotCostDigits) {
  const auto small = dataset({{number("x"), numbers({1, 2, 6, 3})}});
  const auto large = dataset({{number("x"), numbers({1e9 + 1, 1e9 + 2, 1e9 + 6, 1e9 + 3})}});
  EXPECT_EQ(item(estimator(small, simple(4)), "x").mean->se,
            item(estimator(large, simple(4)), "x").mean->se);
}

// ---- Values without an interval, estimates without a value

TEST_P(Degenerate, EveryoneOrNoOneGaveTheAnswer) {
  const auto data = dataset({{single("q"), make_codes(std::vector<int>{1, 1, 1, 1})}});
  const ItemEstimates q = item(estimator(data, simple(4)), "q");
  EXPECT_EQ(q.options[0].value, 1);
  EXPECT_EQ(q.options[0].se, 0);
  EXPECT_FALSE(q.options[0].interval);
  EXPECT_THAT(q.options[0].no_interval, HasSubstr("everyone in the base"));
  EXPECT_THAT(q.options[1].no_interval, HasSubstr("no one in the base"));
  EXPECT_THAT(q.options[1].method, HasSubstr("no interval"));
  const EstimatorOptions exact{.proportion_interval = IntervalMethod::kHypergeometric,
                               .population = 10};
  const ItemEstimates e = item(estimator(data, simple(4), exact), "q");
  EXPECT_EQ(e.options[0].interval->upper, 1);
  EXPECT_GT(e.options[0].interval->lower, 0.4);
}

TEST_P(Degenerate, OneCase) {
  const auto data = dataset({{single("q"), make_codes(std::vector<int>{1})}});
  const ItemEstimates q = item(estimator(data, simple(1)), "q");
  EXPECT_EQ(q.options[0].exact, (Ratio{1, 1}));
  EXPECT_EQ(q.options[0].df, 0);
  EXPECT_THAT(q.options[0].no_interval, HasSubstr("no degrees of freedom"));
}

TEST_P(Degenerate, NoCases) {
  const auto data = dataset({{single("q"), make_codes(std::vector<int>{})}});
  const ItemEstimates q = item(estimator(data, simple(0)), "q");
  EXPECT_FALSE(q.options[0].value);
  EXPECT_EQ(q.options[0].reason, "no one is in the base");
}

TEST_P(Degenerate, EmptyDomain) {
  const auto data = dataset(
      {{single("q"), make_codes(std::vector<int>{1, 2, 1})}, {number("x"), numbers({1, 2, 3})}});
  const CaseFilter none = where("x > 100");
  const Estimator from = estimator(data, simple(3));
  EXPECT_EQ(item(from, "q", Unit::kRespondent, none).nets[0].reason, "no one is in the base");
  EXPECT_EQ(item(from, "x", Unit::kRespondent, none).mean->reason, "no one is in the base");
}

TEST_P(Degenerate, AllMissing) {
  const auto data =
      dataset({{single("q"), make_codes(std::vector<int>{kNotAsked, kNotAsked, kRefused})}});
  const Estimate likely = item(estimator(data, simple(3)), "q").options[0];
  EXPECT_FALSE(likely.value);
  EXPECT_FALSE(likely.se);
  EXPECT_FALSE(likely.interval);
  EXPECT_EQ(likely.reason, "no answers: 2 not asked, 0 no answer, 1 refused, 0 don't know");
}

TEST_P(Degenerate, WeightsOfTheBaseAreAllZero) {
  const auto data = dataset({{single("q"), make_codes(std::vector<int>{1, 2, kBlank})}});
  DesignSpec spec = simple(3);
  spec.weights = {0, 0, 1};
  EXPECT_EQ(item(estimator(data, spec), "q").options[0].reason, "the weights in the base sum to 0");
}

TEST_P(Degenerate, NothingToAverage) {
  const auto data = dataset({{single("q"), make_codes(std::vector<int>{1, 2})}});
  DesignSpec spec = simple(2);
  spec.strata = {{0, 1}};
  spec.lonely_psu = LonelyPsu::kAverage;
  const Estimate likely = item(estimator(data, spec), "q").options[0];
  EXPECT_EQ(likely.value, 0.5);
  EXPECT_FALSE(likely.se);
  EXPECT_THAT(likely.no_interval, HasSubstr("no variance to average"));
}

TEST_P(Hypergeometric, IsNotUsedWhereThePopulationOfTheBaseIsNotKnown) {
  const auto data = dataset({{single("q"), make_codes(std::vector<int>{1, 2, 1, 2, 1, kNotAsked})},
                             {single("r"), make_codes(std::vector<int>{1, 2, 1, 2, 1, 1})}});
  const EstimatorOptions exact{.proportion_interval = IntervalMethod::kHypergeometric,
                               .population = 20};
  const Estimator from = estimator(data, simple(6), exact);
  const CaseFilter some = where("q is not missing");
  const auto method = [](const Estimate& e) { return e.interval->method; };
  EXPECT_EQ(method(item(from, "r").options[0]), IntervalMethod::kHypergeometric);
  EXPECT_EQ(method(item(from, "q").options[0]), IntervalMethod::kLogit);
  EXPECT_EQ(method(item(from, "r", Unit::kRespondent, some).options[0]), IntervalMethod::kLogit);
  EXPECT_THAT(item(from, "q").options[0].method, HasSubstr("the exact one needs"));
  DesignSpec clustered = simple(6);
  clustered.ids = {{1, 1, 2, 2, 3, 3}};
  EXPECT_EQ(method(item(estimator(data, clustered, exact), "r").options[0]),
            IntervalMethod::kLogit);
}

// ---- Organisations

// Six people of four organisations; the last person answers for organisations 3 and 4.
OrganisationKey key_of_six() {
  OrganisationKey key;
  key.organisation = {0, 0, 1, 1, 1, 3};
  key.also = {{5, 4}};
  key.size = {100, 300, 50, 200, 400};
  key.frame_organisations = 10;
  return key;
}

TEST(Organisations, EachCountsOnceWithTheMeanOfItsRespondents) {
  const auto data = dataset({{single("q"), make_codes(std::vector<int>{1, 2, 1, 1, 2, 2})}});
  const Estimator from = estimator(data, simple(6), key_of_six());
  const Estimate likely = item(from, "q", Unit::kOrganisation).options[0];
  // 1/2, 2/3, 0, 0
  EXPECT_EQ(likely.exact, (Ratio{7, 24}));
  EXPECT_TRUE(near_rel(*likely.value, 7.0 / 24, 1e-15, "two roads"));
  const double mean = 7.0 / 24;
  double squares = 0;
  for (const double x : {0.5, 2.0 / 3, 0.0, 0.0}) squares += (x - mean) * (x - mean);
  EXPECT_TRUE(near_rel(*likely.se, std::sqrt(0.6 * squares / 3 / 4), 1e-12, "(1-4/10) s²/4"));
  EXPECT_EQ(likely.df, 3);
  EXPECT_EQ(likely.n, 4U);
  EXPECT_EQ(likely.organisations, 4U);
  EXPECT_EQ(likely.numerator, 2U);
  EXPECT_EQ(likely.unit, Unit::kOrganisation);
  EXPECT_THAT(likely.method, HasSubstr("4 organisations of 10"));
  EXPECT_EQ(item(from, "q").options[0].organisations, 4U);
  EXPECT_EQ(item(from, "q").options[0].exact, (Ratio{3, 6}));
}

TEST(Organisations, BySizeIsARatio) {
  const auto data = dataset({{single("q"), make_codes(std::vector<int>{1, 2, 1, 1, 2, 2})}});
  const Estimate likely =
      item(estimator(data, simple(6), key_of_six()), "q", Unit::kOrganisationBySize).options[0];
  EXPECT_TRUE(near_rel(*likely.value, (50 + 200) / 1000.0, 1e-15, "two roads"));
  EXPECT_EQ(likely.weighted_base, 1000);
  EXPECT_TRUE(likely.weighted);
  EXPECT_FALSE(likely.exact);
  double squares = 0;  // z = size (answer - ratio) / total size
  const std::pair<double, double> all[] = {{100, 0.5}, {300, 2.0 / 3}, {200, 0}, {400, 0}};
  for (const auto& [size, answer] : all) {
    const double z = size * (answer - 0.25) / 1000;
    squares += z * z;
  }
  EXPECT_TRUE(near_rel(*likely.se, std::sqrt(0.6 * 4 / 3 * squares), 1e-12, "ratio"));
}

TEST(Organisations, OneRespondentEachIsTheRespondentEstimate) {
  const auto data = dataset({{single("q"), make_codes(std::vector<int>{1, 2, 1, 9, kBlank, 1})},
                             {number("x"), numbers({5, 1, 3, 3, 7, 10})}});
  DesignSpec spec = simple(6);
  spec.fpc = {std::vector(6, 20.0)};
  OrganisationKey key;
  key.organisation = {5, 4, 3, 2, 1, 0};
  key.frame_organisations = 20;
  const Estimator from = estimator(data, spec, key);
  const std::vector<uint8_t> mask{1, 1, 1, 1, 1, 0};
  for (const CaseFilter& domain : {CaseFilter{}, CaseFilter{.mask = mask}}) {
    const auto people = item(from, "q", Unit::kRespondent, domain);
    const auto groups = item(from, "q", Unit::kOrganisation, domain);
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_TRUE(near_rel(*people.options[i].value, *groups.options[i].value, 1e-12, "identity"));
      EXPECT_TRUE(near_rel(*people.options[i].se, *groups.options[i].se, 1e-12, "identity"));
      EXPECT_EQ(people.options[i].df, groups.options[i].df);
      EXPECT_EQ(people.options[i].numerator, groups.options[i].numerator);
    }
    EXPECT_TRUE(near_rel(*item(from, "x", Unit::kRespondent, domain).mean->se,
                         *item(from, "x", Unit::kOrganisation, domain).mean->se, 1e-12,
                         "identity"));
  }
}

// Requirements D4: 97 of 101 of 211 organisations are 194 to 207.
TEST(Organisations, ExactIntervalOverTheFrame) {
  std::vector<int> codes(101, 1);
  std::fill(codes.begin(), codes.begin() + 4, 2);
  OrganisationKey key;
  key.organisation.resize(101);
  std::iota(key.organisation.begin(), key.organisation.end(), 0);
  key.frame_organisations = 211;
  const Estimate likely =
      item(estimator(dataset({{single("q"), make_codes(codes)}}), simple(101), key,
                     {.proportion_interval = IntervalMethod::kHypergeometric}),
           "q", Unit::kOrganisation)
          .options[0];
  EXPECT_NEAR(*likely.se, 0.0141, 0.00005);
  EXPECT_EQ(likely.interval->lower, 194.0 / 211);
  EXPECT_EQ(likely.interval->upper, 207.0 / 211);
}

// ---- Refusals

TEST(Estimator, RefusesOrganisationsThatDoNotFit) {
  const auto data = dataset({{single("q"), make_codes(std::vector<int>{1, 2, 1, 1, 2, 2})}});
  const auto refusal = [&](DesignSpec spec, std::optional<OrganisationKey> key,
                           EstimatorOptions options = {}) {
    const auto made =
        Estimator::make(data, Design::make(std::move(spec)).value(), std::move(key), options);
    return made ? std::string("accepted") : made.error().message;
  };
  EXPECT_EQ(refusal(simple(6), key_of_six()), "accepted");
  EXPECT_THAT(refusal(simple(5), {}), HasSubstr("a design of 5 cases for a data set of 6"));
  EXPECT_THAT(refusal(simple(6), {}, {.level = 95}), HasSubstr("level 95"));
  EXPECT_THAT(refusal(simple(6), {}, {.df = 0}), HasSubstr("0 degrees"));
  OrganisationKey key = key_of_six();
  key.frame_organisations = 3;
  EXPECT_THAT(refusal(simple(6), key), HasSubstr("4 organisations answered, but the frame has 3"));
  key = key_of_six();
  key.size[3] = 0;
  key.labels = {"A", "B", "C", "Leeds North"};
  EXPECT_THAT(refusal(simple(6), key), HasSubstr("'Leeds North' has the size 0"));
  key = key_of_six();
  key.size.resize(2);
  EXPECT_THAT(refusal(simple(6), key), HasSubstr("has no size"));
  key = key_of_six();
  key.organisation.pop_back();
  EXPECT_THAT(refusal(simple(6), key), HasSubstr("5 organisation codes for 6 cases"));
  key = key_of_six();
  key.also.push_back({6, 0});
  EXPECT_THAT(refusal(simple(6), key), HasSubstr("row 7"));
}

TEST_P(EstimatorRefuses, ItemsItCannotEstimate) {
  Variable text;
  text.id = "comment";
  text.kind = VariableKind::kText;
  const Texts words{{"a", "b"}, {Missing::kNone, Missing::kNone}};
  const auto data = dataset({{single("q"), make_codes(std::vector<int>{1, 2})}, {text, words}});
  const Estimator from = estimator(data, simple(2));
  const auto refusal = [&](const std::string& id, Unit unit) {
    const std::vector<std::string> ids{id};
    return from.items(ids, unit, {}, Progress()).error().message;
  };
  EXPECT_THAT(refusal("comment", Unit::kRespondent), HasSubstr("'comment' is open text"));
  EXPECT_THAT(refusal("qq", Unit::kRespondent), HasSubstr("qq"));
  EXPECT_THAT(refusal("q", Unit::kOrganisation), HasSubstr("cases in memory only"));
}

TEST(Estimator, RefusesOrganisationsThatTheDataDoNotName) {
  const auto data = dataset({{single("q"), make_codes(std::vector<int>{1, 2})}});
  const std::vector<std::string> ids{"q"};
  for (const Unit unit : {Unit::kOrganisation, Unit::kOrganisationBySize}) {
    const auto refused = estimator(data, simple(2)).items(ids, unit, {}, Progress());
    EXPECT_THAT(refused.error().message, HasSubstr("no organisations"));
  }
}

TEST(Estimator, TakesAMaskOfTheCasesInMemory) {
  const auto data = dataset({{single("q"), make_codes(std::vector<int>{1, 2, 1, 1})}});
  const std::vector<uint8_t> mask{1, 1, 0, 1};
  const Estimate likely =
      item(estimator(data, simple(4)), "q", Unit::kRespondent, {.mask = mask}).options[0];
  EXPECT_EQ(likely.exact, (Ratio{2, 3}));
}

// Past 65,536 cases a number is known by its moments, and its exact mean by a query of its own.
TEST(Estimator, MeansOfManyCasesAreExactToo) {
  const size_t n = 70'000;
  std::vector<double> values(n);
  for (size_t i = 0; i < n; ++i) values[i] = static_cast<double>(i % 977);
  values[5] = 978;
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  double squares = 0;
  const double mean = sum / static_cast<double>(n);
  for (const double value : values) squares += (value - mean) * (value - mean);
  const auto data = dataset({{number("x"), numbers(values)}});
  const auto x = item(estimator(data, simple(n)), "x").mean;
  EXPECT_EQ(x->exact, (Ratio{static_cast<int64_t>(sum), static_cast<int64_t>(n)}));
  EXPECT_TRUE(near_rel(*x->value, mean, 1e-13, "sums in another order"));
  const auto size = static_cast<double>(n);
  EXPECT_TRUE(near_rel(*x->se, std::sqrt(squares / (size - 1) / size), 1e-11, "s/√n"));
  values[7] = 0.5;
  const auto halves = dataset({{number("x"), numbers(values)}});
  EXPECT_FALSE(item(estimator(halves, simple(n)), "x").mean->exact);
}

}  // namespace
}  // namespace barometer

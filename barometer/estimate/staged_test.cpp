// People within organisations, stage by stage: values of R survey 4.1.1, R 4.2.2, made together
// with the data by testdata/staged.R.
#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "barometer/estimate/estimator.h"
#include "tests/support/csv_dataset.h"
#include "tests/support/engines.h"
#include "tests/support/near.h"

namespace barometer {
namespace {

using testing::codes_of;
using testing::near_rel;
using testing::numbers_of;

struct Point {
  double value, se;
};
struct Row {
  const char* name;
  Point yes, score, yes_total, yes_of_high_scores;
  double df, domain_df;
};

DesignSpec spec_of(const Dataset& data, const std::string& name) {
  const size_t n = data.case_count();
  const auto code = [&](const char* id) { return codes_of(data, id); };
  const auto number = [&](const char* id) { return numbers_of(data, id); };
  DesignSpec spec;
  spec.case_count = n;
  spec.ids = {code("org"), code("person")};
  if (name.starts_with("two-stage stratified")) {
    spec.strata = {code("region"), code("role")};
    spec.fpc = {number("regions"), number("in_role")};
    spec.weights = number("w");
  } else if (name.starts_with("ultimate clusters")) {
    spec.strata = {code("region")};
    spec.weights = number("w");
  } else if (name.starts_with("organisations by region")) {
    spec.ids.insert(spec.ids.begin(), code("region"));
    spec.fpc = {std::vector(n, 9.0), std::vector(n, 53.0), std::vector(n, 3.0)};
    spec.weights = number("w");
  } else {
    spec.fpc = {number("frame"), number("people")};
    spec.weights_from_fpc = name.find("weights from fpc") != std::string::npos;
  }
  for (const LonelyPsu rule : {LonelyPsu::kRemove, LonelyPsu::kCertainty, LonelyPsu::kAdjust}) {
    if (name.ends_with(name_of(rule))) spec.lonely_psu = rule;
  }
  return spec;
}

void expect(const std::optional<Estimate>& estimate, const Point& expected, double df,
            const std::string& name) {
  ASSERT_TRUE(estimate && estimate->value && estimate->se) << name;
  EXPECT_TRUE(near_rel(*estimate->value, expected.value, 1e-9, "R survey 4.1.1")) << name;
  EXPECT_TRUE(near_rel(*estimate->se, expected.se, 1e-9, "R survey 4.1.1")) << name;
  EXPECT_TRUE(df == 0 || estimate->df == df) << name;
}

class Staged : public testing::OnEveryEngine {};
INSTANTIATE_TEST_SUITE_P(Engines, Staged, ::testing::ValuesIn(testing::table_engine_makers()),
                         Staged::label);

TEST_P(Staged, PeopleWithinOrganisationsAsInR) {
  const Row rows[] = {
      {"two-stage/remove",
       {0.5, 0.024714413545254079},
       {5.5049999999999999, 0.13467112443253812},
       {106, 5.9123936019403676},
       {0.68181818181818188, 0.039102492977517084},
       100,
       36},
      {"two-stage weights from fpc/remove",
       {0.50495049504950495, 0.028377326892339166},
       {5.5489510489510492, 0.12503315119926375},
       {319.63366336633663, 17.962847922850692},
       {0.68783068783068779, 0.044940131670704292},
       100,
       36},
      {"two-stage stratified/remove",
       {0.4915772991909671, 0.027194948250811316},
       {5.5195628964391137, 0.12892312078193235},
       {124.8276, 7.2023056163940984},
       {0.67201168860936689, 0.038487348634841601},
       97,
       33},
      {"ultimate clusters/remove",
       {0.4915772991909671, 0.038505597183011754},
       {5.5195628964391137, 0.18041161302864828},
       {124.8276, 10.309695809485236},
       {0.67201168860936689, 0.0556244135889968},
       97,
       33},
      {"organisations by region/remove",
       {0.4915772991909671, 0.024333566621989818},
       {5.5195628964391137, 0.17239103985848298},
       {124.8276, 16.110269497957074},
       {0.67201168860936689, 0.053941367533821616},
       3,
       3},
      {"two-stage/certainty",
       {0.5, 0.024714413545254079},
       {5.5049999999999999, 0.13467112443253812},
       {106, 5.9123936019403676},
       {0.68181818181818188, 0.039102492977517084},
       100,
       36},
      {"two-stage weights from fpc/certainty",
       {0.50495049504950495, 0.028377326892339166},
       {5.5489510489510492, 0.12503315119926375},
       {319.63366336633663, 17.962847922850692},
       {0.68783068783068779, 0.044940131670704292},
       100,
       36},
      {"two-stage stratified/certainty",
       {0.4915772991909671, 0.027194948250811316},
       {5.5195628964391137, 0.12892312078193235},
       {124.8276, 7.2023056163940984},
       {0.67201168860936689, 0.038487348634841601},
       97,
       33},
      {"ultimate clusters/certainty",
       {0.4915772991909671, 0.038505597183011754},
       {5.5195628964391137, 0.18041161302864828},
       {124.8276, 10.309695809485236},
       {0.67201168860936689, 0.0556244135889968},
       97,
       33},
      {"organisations by region/certainty",
       {0.4915772991909671, 0.024333566621989818},
       {5.5195628964391137, 0.17239103985848298},
       {124.8276, 16.110269497957074},
       {0.67201168860936689, 0.053941367533821616},
       3,
       3},
      {"two-stage/adjust",
       {0.5, 0.025769252871308809},
       {5.5049999999999999, 0.13710610031390266},
       {106, 6.3042150948460902},
       {0.68181818181818188, 0.040934996202545558},
       100,
       36},
      {"two-stage weights from fpc/adjust",
       {0.50495049504950495, 0.032247733250279215},
       {5.5489510489510492, 0.13613511642836082},
       {319.63366336633663, 22.598312049346948},
       {0.68783068783068779, 0.05161518654225887},
       100,
       36},
      {"two-stage stratified/adjust",
       {0.4915772991909671, 0.028536808347899761},
       {5.5195628964391137, 0.13289694979976832},
       {124.8276, 7.8464564204857492},
       {0.67201168860936689, 0.039940513123674637},
       97,
       33},
      {"ultimate clusters/adjust",
       {0.4915772991909671, 0.038505597183011754},
       {5.5195628964391137, 0.18041161302864828},
       {124.8276, 10.309695809485236},
       {0.67201168860936689, 0.0556244135889968},
       97,
       33},
      {"organisations by region/adjust",
       {0.4915772991909671, 0.02490924359335462},
       {5.5195628964391137, 0.17362041392629649},
       {124.8276, 16.233027251918969},
       {0.67201168860936689, 0.05455119340210051},
       3,
       3},
  };
  const auto data = std::make_shared<const Dataset>(testing::read_csv_dataset(
      std::string(SOURCE_DIR) + "/barometer/estimate/testdata/staged.csv"));
  const CaseFilter high{.where = Expression::parse("score >= 7").value()};
  const std::vector<std::string> ids{"yes", "score"};
  for (const Row& row : rows) {
    const auto estimator =
        Estimator::make(GetParam().make(data, spec_of(*data, row.name)), EstimatorOptions());
    const auto items = *estimator->items(ids, Unit::kRespondent, {}, Progress());
    expect(items[0].mean, row.yes, row.df, row.name);
    expect(items[1].mean, row.score, 0, row.name);
    expect(estimator->totals(ids, {}, Progress())->front().mean, row.yes_total, row.df, row.name);
    const auto domain = *estimator->items(ids, Unit::kRespondent, high, Progress());
    expect(domain[0].mean, row.yes_of_high_scores, row.domain_df, row.name);
  }
}

// Requirements D4: 97 of 101 in 211: 96.0 %, SE 1.41 points.
TEST_P(Staged, SimpleRandomSampleOfOrganisations) {
  Variable item;
  item.id = "likely";
  item.categories = {{0, "no", false}, {1, "yes", false}};
  std::vector<int> codes(101, 1);
  std::fill(codes.begin(), codes.begin() + 4, 0);
  Codebook codebook;
  ASSERT_TRUE(codebook.add(item));
  const auto data = std::make_shared<const Dataset>(
      std::move(Dataset::make(codebook, {make_codes(codes)}).value()));
  DesignSpec spec;
  spec.case_count = 101;
  spec.fpc = {std::vector(101, 211.0)};
  const EstimatorOptions options{.proportion_interval = IntervalMethod::kHypergeometric,
                                 .population = 211};
  const auto estimator = Estimator::make(GetParam().make(data, spec), options);
  const std::vector<std::string> ids{"likely"};
  const Estimate yes = estimator->items(ids, Unit::kRespondent, {}, Progress())->front().options[1];
  EXPECT_NEAR(*yes.value, 0.960, 0.0005);
  EXPECT_NEAR(*yes.se, 0.0141, 0.00005);
  EXPECT_EQ(yes.exact, (Ratio{97, 101}));
  EXPECT_EQ(yes.numerator, 97U);
  EXPECT_EQ(yes.interval->method, IntervalMethod::kHypergeometric);
  EXPECT_TRUE(near_rel(yes.interval->lower, 194.0 / 211, 1e-14, "counts"));
  EXPECT_TRUE(near_rel(yes.interval->upper, 207.0 / 211, 1e-14, "counts"));
  EXPECT_EQ(yes.method,
            "simple random sample, with finite population correction; not weighted; linearised "
            "variance; df 100 = PSUs - strata; exact hypergeometric interval");
}

}  // namespace
}  // namespace barometer

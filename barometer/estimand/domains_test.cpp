#include "barometer/estimand/domains.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/estimand/reference_test_internal.h"
#include "barometer/estimand/spread.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::kSource;
using testing::kTolerance;
using testing::NamedSample;
using testing::near_rel;
using testing::number_in;
using testing::ReferenceRow;
using testing::sample_named;

using Texts = std::vector<std::string>;

std::vector<std::string> labels_of(const std::vector<DomainCell>& cells) {
  std::vector<std::string> labels;
  for (const DomainCell& cell : cells) labels.push_back(cell.label);
  return labels;
}

TEST(Domains, CrossingsAreNamedAndOrderedAsInR) {
  const NamedSample named = sample_named("clus1");
  const Dataset& data = *named.survey.data;
  const auto crossed = domains_of(data, Texts{"stype", "sch_wide"}, {}).value();
  EXPECT_THAT(labels_of(crossed), ElementsAre("E.No", "H.No", "M.No", "E.Yes", "H.Yes", "M.Yes"));
  EXPECT_THAT(crossed[1].parts, ElementsAre("H", "No"));
  size_t cases = 0;
  for (const DomainCell& cell : crossed) {
    cases += cell.n;
    EXPECT_EQ(cell.n, static_cast<size_t>(std::ranges::count(cell.mask, 1)));
  }
  EXPECT_EQ(cases, 183U);
  EXPECT_THAT(labels_of(domains_of(data, Texts{"stype"}, crossed[1].mask).value()),
              ElementsAre("H"));
  const auto all = domains_of(data, {}, {}).value();
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].n, 183U);
  EXPECT_THAT(labels_over(all, Texts{"api00"}), ElementsAre("api00"));
  EXPECT_THAT(labels_over(crossed, Texts{"a", "b"}).at(7), "H.No:b");
}

TEST(Domains, CasesWithoutWeightOrValueAreInNoCell) {
  const NamedSample named = sample_named("clus1");
  std::vector<double> weights(named.sample.weights().begin(), named.sample.weights().end());
  const std::vector<uint8_t> high = named.domain("stype=H");
  for (size_t i = 0; i < high.size(); ++i) weights[i] = high[i] != 0 ? 0 : weights[i];
  EXPECT_THAT(labels_of(domains_of(*named.survey.data, Texts{"stype"}, {}, weights).value()),
              ElementsAre("E", "M"));
  const Dataset gaps = std::move(
      named.survey.data
          ->with({.id = "band", .kind = VariableKind::kSingle, .categories = {{1, "low"}}},
                 make_codes(std::vector<int>(183, file_code(Missing::kSystem))))
          .value());
  const auto none = domains_of(gaps, Texts{"band"}, {});
  EXPECT_THAT(none.error().message, HasSubstr("band"));
}

TEST(Domains, StackedEstimatesAndTheirCovarianceAreThoseOfR) {
  const NamedSample named = sample_named("clus1");
  const Dataset& data = *named.survey.data;
  const auto means = [&](const Texts& by, const Texts& ids) {
    const auto cells = domains_of(data, by, {}).value();
    const FunctionalPtr all = over_domains(cells, [&](std::vector<uint8_t> domain) {
      return mean_of(named.survey.columns(ids), std::move(domain));
    });
    return std::pair(labels_over(cells, ids),
                     std::move(estimate(named.sample, *all, Progress()).value()));
  };
  const auto [labels, by] = means({"stype"}, {"api00", "enroll"});
  const auto [cell_labels, crossed] = means({"stype", "sch_wide"}, {"api00"});
  Eigen::Index at = 0, cell = 0;
  for (const ReferenceRow& row : testing::reference_rows("contrast.csv")) {
    const std::string& name = row.at("case");
    const bool is_cell = name.starts_with("clus1 cell");
    if (!is_cell && !name.starts_with("clus1 stacked")) continue;
    SCOPED_TRACE(name);
    const Estimated& found = is_cell ? crossed : by;
    const Eigen::Index k = is_cell ? cell++ : at++;
    EXPECT_THAT(name, HasSubstr(is_cell ? cell_labels[static_cast<size_t>(k)].substr(0, 3)
                                        : labels[static_cast<size_t>(k)]));
    EXPECT_TRUE(near_rel(found.value(k), number_in(row, "value"), kTolerance, kSource));
    EXPECT_TRUE(near_rel(found.se(k), number_in(row, "se"), kTolerance, kSource));
    EXPECT_TRUE(near_rel(found.covariance(0, k), number_in(row, "cov_first"), kTolerance, kSource));
  }
  EXPECT_EQ(at, 6);
  EXPECT_EQ(cell, 6);
}

TEST(Domains, OfReplicatesAreThoseOfEachDomainAlone) {
  const NamedSample named = sample_named("brr");
  const auto cells = domains_of(*named.survey.data, Texts{"group"}, {}).value();
  const Matrix y = named.survey.columns({"score", "income"});
  const auto make = [&](std::vector<uint8_t> domain) { return mean_of(y, std::move(domain)); };
  const Estimated all = estimate(named.sample, *over_domains(cells, make), Progress()).value();
  ASSERT_EQ(all.value.size(), 6);
  for (size_t k = 0; k < cells.size(); ++k) {
    const Estimated alone = estimate(named.sample, *make(cells[k].mask), Progress()).value();
    for (Eigen::Index entry = 0; entry < 2; ++entry) {
      const auto place = entry * 3 + static_cast<Eigen::Index>(k);
      EXPECT_EQ(all.value(place), alone.value(entry));
      EXPECT_TRUE(near_rel(all.se(place), alone.se(entry), 1e-14, "the same replicates"));
    }
  }
}

TEST(Domains, OfOpenTextAreMadeOnlyWhenAskedFor) {
  const NamedSample named = sample_named("clus1");
  barometer::Texts words{std::vector<std::string>(183, "dull"), std::vector<Missing>(183)};
  words.values[4] = "bright";
  const Dataset data = std::move(
      named.survey.data->with({.id = "why", .kind = VariableKind::kText}, std::move(words))
          .value());
  EXPECT_EQ(domains_of(data, Texts{"stype", "why"}, {}).error().message,
            "'why' is open text, of which nothing is estimated; factor(why) makes levels of it");
  EXPECT_THAT(labels_of(domains_of(data, Texts{"factor(why)"}, {}).value()),
              ElementsAre("bright", "dull"));
  EXPECT_THAT(labels_of(domains_of(data, Texts{"factor(stype)"}, {}).value()),
              ElementsAre("E", "H", "M"));
  EXPECT_THAT(domains_of(data, Texts{"factor(wy)"}, {}).error().message,
              HasSubstr("no variable 'wy'"));
}

TEST(Domains, WhatIsWrongIsSaid) {
  const NamedSample named = sample_named("clus1");
  const Dataset& data = *named.survey.data;
  const std::vector<uint8_t> nobody(183, 0);
  EXPECT_THAT(domains_of(data, Texts{"stipe"}, {}).error().message,
              HasSubstr("did you mean 'stype'?"));
  EXPECT_EQ(domains_of(data, Texts{"stype"}, nobody).error().message,
            "no case in the base has stype");
  EXPECT_EQ(domains_of(data, {}, nobody).error().message, "there is no case in the base");
  EXPECT_THAT(domains_of(data, Texts{"enroll", "api00", "api99"}, {}).error().message,
              HasSubstr("over 10000 domains"));
  const auto wide = domains_of(data, Texts{"enroll"}, {}).value();
  const auto crossed = over_domains(wide, [](std::vector<uint8_t> domain) {
    return covariances_of(Matrix::Zero(183, 5000), std::move(domain), 183);
  });
  EXPECT_THAT(crossed->value(named.sample.weights()).error().message, HasSubstr("too many"));
  // A domain whose estimate has no value is named.
  const auto cells = domains_of(data, Texts{"stype", "comp_imp"}, {}).value();
  const Matrix y = named.column("api00");
  const auto single = over_domains(
      cells, [&](std::vector<uint8_t> domain) { return covariances_of(y, domain, 1); });
  EXPECT_EQ(estimate(named.sample, *single, Progress()).error().message,
            "E.No: a variance needs two cases, and the base has 1");
}

}  // namespace
}  // namespace barometer

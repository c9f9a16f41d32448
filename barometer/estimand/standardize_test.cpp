#include "barometer/estimand/standardize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/estimand/domains.h"
#include "barometer/estimand/reference_test_internal.h"
#include "barometer/formula/formula.h"

namespace barometer {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::kSource;
using testing::kTolerance;
using testing::NamedSample;
using testing::near_rel;
using testing::number_in;
using testing::ReferenceRow;
using testing::sample_named;

const StandardPopulation kShares{{"E", "H", "M"}, {0.5, 0.2, 0.3}};

struct Situation {
  NamedSample named;
  Standardization standardization;
  std::string measure;
  std::string cells;
};

// api00 with every seventh case missing.
NamedSample with_gaps() {
  NamedSample named = sample_named("clus1");
  Numbers score{named.survey.numbers("api00"), std::vector<Missing>(183)};
  for (size_t i = 6; i < 183; i += 7) {
    score.values[i] = 0;
    score.missing[i] = Missing::kSystem;
  }
  Variable variable;
  variable.id = "score";
  variable.kind = VariableKind::kNumber;
  named.survey.data =
      std::make_shared<const Dataset>(named.survey.data->with(variable, score).value());
  return named;
}

std::map<std::string, Situation> situations() {
  std::map<std::string, Situation> all;
  all.emplace(
      "clus1 by stype",
      Situation{
          sample_named("clus1"), {.by = {"stype"}, .population = kShares}, "api00", "sch_wide"});
  all.emplace("clus1 by stype over comp_imp",
              Situation{sample_named("clus1"),
                        {.by = {"stype"}, .over = {"comp_imp"}, .population = kShares},
                        "api00",
                        "comp_imp"});
  all.emplace(
      "strat by stype over sch_wide",
      Situation{sample_named("strat"),
                {.by = {"stype"}, .over = {"sch_wide"}, .population = {{}, {4421, 755, 1018}}},
                "enroll",
                "sch_wide"});
  all.emplace("srs by stype and comp_imp",
              Situation{sample_named("srs"),
                        {.by = {"stype", "comp_imp"}, .population = {{}, {5, 1, 2, 4, 3, 6}}},
                        "api00",
                        "sch_wide"});
  all.emplace("clus1 excluding missing",
              Situation{with_gaps(),
                        {.by = {"stype"}, .population = kShares, .excluding_missing = {"score"}},
                        "score",
                        "sch_wide"});
  all.emplace("jk1 by stype over sch_wide",
              Situation{sample_named("jk1"),
                        {.by = {"sch_wide"}, .population = {{}, {0.4, 0.6}}},
                        "api00",
                        "comp_imp"});
  all.emplace("brr by group", Situation{sample_named("brr"),
                                        {.by = {"group"}, .population = {{}, {1, 2, 3}}},
                                        "income",
                                        "group"});
  return all;
}

TEST(Standardise, MeansAfterwardsAreThoseOfR) {
  const auto all = situations();
  size_t seen = 0;
  for (const ReferenceRow& row : testing::reference_rows("standardize.csv")) {
    SCOPED_TRACE(row.at("case") + " / " + row.at("cell"));
    const Situation& situation = all.at(row.at("case"));
    const Dataset& data = *situation.named.survey.data;
    const auto sample = standardise(situation.named.sample, data, situation.standardization);
    ASSERT_TRUE(sample.has_value()) << sample.error().message;
    std::vector<uint8_t> domain =
        row.at("cell").empty() ? std::vector<uint8_t>{}
                               : situation.named.domain(situation.cells + "=" + row.at("cell"));
    const Estimated found = std::move(
        estimate(*sample, *mean_of(situation.named.column(situation.measure), domain), Progress())
            .value());
    EXPECT_TRUE(near_rel(found.value(0), number_in(row, "value"), kTolerance, kSource));
    EXPECT_TRUE(near_rel(found.se(0), number_in(row, "se"), kTolerance, kSource));
    ++seen;
  }
  EXPECT_EQ(seen, 22U);
}

TEST(Standardise, EveryGroupGetsTheStandardMakeUpAndKeepsItsTotal) {
  const NamedSample named = sample_named("clus1");
  const Sample sample =
      std::move(standardise(named.sample, *named.survey.data,
                            {.by = {"stype"}, .over = {"sch_wide"}, .population = kShares})
                    .value());
  const auto weigh = [](const Sample& of, const std::vector<uint8_t>& mask) {
    double sum = 0;
    for (size_t i = 0; i < mask.size(); ++i) sum += mask[i] != 0 ? of.weights()[i] : 0;
    return sum;
  };
  for (const char* group : {"sch_wide=No", "sch_wide=Yes"}) {
    const std::vector<uint8_t> inside = named.domain(group);
    const double total = weigh(named.sample, inside);
    EXPECT_TRUE(near_rel(weigh(sample, inside), total, 1e-12, "totals stay"));
    for (size_t k = 0; k < 3; ++k) {
      std::vector<uint8_t> cell = named.domain("stype=" + kShares.cells[k]);
      for (size_t i = 0; i < cell.size(); ++i) cell[i] &= inside[i];
      EXPECT_TRUE(near_rel(weigh(sample, cell) / total, kShares.counts[k], 1e-12, "the standard"));
    }
  }
  EXPECT_THAT(sample.description(), HasSubstr("standardised by stype over sch_wide"));
}

TEST(Standardise, WhatIsWrongIsSaid) {
  const NamedSample named = sample_named("clus1"), gaps = with_gaps(),
                    jackknife = sample_named("jk1");
  struct Row {
    const NamedSample* named;
    Standardization standardization;
    const char* message;
  };
  const Row rows[] = {
      {&named, {.population = kShares}, "there is no variable to standardise by"},
      {&named, {.by = {"stipe"}, .population = kShares}, "did you mean 'stype'?"},
      {&named,
       {.by = {"stype"}, .over = {"nowhere"}, .population = kShares},
       "there is no variable 'nowhere'"},
      {&named,
       {.by = {"stype"}, .population = {{}, {1, 2}}},
       "the standard population has 2 counts for 3 cells (E, H, M)"},
      {&named,
       {.by = {"stype"}, .population = {{"E", "H"}, {1, 2}}},
       "the standard population has no 'M', the cell of row "},
      {&named,
       {.by = {"stype"}, .population = {{"E", "H", "M"}, {1, 0, 2}}},
       "the standard population has no 'H'"},
      {&named, {.by = {"stype"}, .population = {{}, {1, -2, 3}}}, "a count of -2"},
      {&named, {.by = {"stype"}, .population = {{}, {0, 0, 0}}}, "has no one in it"},
      {&gaps, {.by = {"score"}, .population = {{}, {1}}}, "has 1 counts for"},
      {&gaps,
       {.by = {"stype"}, .over = {"score"}, .population = kShares},
       "row 7 misses a variable of the standardisation"},
      {&gaps,
       {.by = {"stype"}, .population = kShares, .excluding_missing = {"scores"}},
       "did you mean 'score'?"},
      {&jackknife, {.by = {"stype"}, .over = {"dnum"}, .population = kShares}, "has no weight in"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.message);
    const auto found = standardise(row.named->sample, *row.named->survey.data, row.standardization);
    ASSERT_FALSE(found.has_value());
    EXPECT_THAT(found.error().message, HasSubstr(row.message));
  }
}

TEST(Standardise, CellsBeyondNumberAreRefused) {
  const NamedSample named = sample_named("clus1");
  const Dataset& data = *named.survey.data;
  const size_t sizes = levels_of(data, "enroll").value().labels.size();
  const StandardPopulation even{{}, std::vector<double>(sizes, 1)};
  const Standardization wide[] = {
      {.by = {"enroll", "api00", "api99"}, .population = even},
      {.by = {"stype"}, .over = {"enroll", "api00"}, .population = kShares},
      {.by = {"enroll"}, .over = {"api00"}, .population = even},
  };
  for (const Standardization& standardization : wide) {
    const auto found = standardise(named.sample, data, standardization);
    ASSERT_FALSE(found.has_value());
    EXPECT_EQ(found.error().code, ErrorCode::kLimit);
    EXPECT_THAT(found.error().message,
                AllOf(HasSubstr("the variables of the standardisation make "),
                      HasSubstr("cells, more than 10000")));
  }
}

}  // namespace
}  // namespace barometer

#include "barometer/estimand/columns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/estimand/reference_test_internal.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::near_rel;
using testing::sample_named;

using Names = std::vector<std::string>;

// Four people: role (chair, officer, chair, -), trust 0 … 10 (9, 5, don't know, -), barriers (money
// and staff; none; staff; not asked), score (1.5, -, 2, 4), town (York, Leeds, York, -).
Dataset people() {
  const int system = file_code(Missing::kSystem);
  Codebook codebook;
  const auto add = [&](Variable variable) { CHECK(codebook.add(std::move(variable)), "an id"); };
  add({.id = "role",
       .kind = VariableKind::kSingle,
       .categories = {{1, "chair"}, {2, "officer"}, {3, "clerk"}}});
  Variable trust{
      .id = "trust", .kind = VariableKind::kScale, .categories = {{98, "don't know", true}}};
  trust.scale_low = 0;
  trust.scale_high = 10;
  add(trust);
  Variable lean{.id = "lean",
                .kind = VariableKind::kSingle,
                .categories = {{1, "left"}, {2, "right"}, {9, "unsure", true}}};
  lean.dont_know_in_base = false;
  add(lean);
  add({.id = "barriers",
       .kind = VariableKind::kMulti,
       .categories = {{1, "money"}, {2, "staff"}, {3, "time"}}});
  add({.id = "score", .kind = VariableKind::kNumber});
  add({.id = "town", .kind = VariableKind::kText});
  constexpr auto kNo = Missing::kSystem;
  constexpr auto kYes = Missing::kNone;
  return std::move(
      Dataset::make(
          std::move(codebook),
          {make_codes(std::vector<int>{1, 2, 1, system}),
           make_codes(std::vector<int>{9, 5, 98, system}), make_codes(std::vector<int>{2, 9, 1, 2}),
           OptionSets{{3, 0, 2, 0}, {kYes, kYes, kYes, Missing::kNotAsked}},
           Numbers{{1.5, 0, 2, 4}, {kYes, kNo, kYes, kYes}},
           barometer::Texts{{"York", "Leeds", "York", ""}, {kYes, kYes, kYes, kNo}}})
          .value());
}

struct Expected {
  const char* written;
  Names labels;
  Matrix y;
  std::vector<uint8_t> complete;
};

TEST(Columns, EveryKindOfVariableGivesItsColumns) {
  const Dataset data = people();
  const Expected rows[] = {
      {"score", {"score"}, Matrix{{1.5}, {0}, {2}, {4}}, {1, 0, 1, 1}},
      {"trust", {"trust"}, Matrix{{9}, {5}, {0}, {0}}, {1, 1, 0, 0}},
      {"role",
       {"role=chair", "role=officer", "role=clerk"},
       Matrix{{1, 0, 0}, {0, 1, 0}, {1, 0, 0}, {0, 0, 0}},
       {1, 1, 1, 0}},
      {"lean", {"lean=left", "lean=right"}, Matrix{{0, 1}, {0, 0}, {1, 0}, {0, 1}}, {1, 0, 1, 1}},
      {"barriers",
       {"barriers=money", "barriers=staff", "barriers=time"},
       Matrix{{1, 1, 0}, {0, 0, 0}, {0, 1, 0}, {0, 0, 0}},
       {1, 1, 1, 0}},
      {"factor(town)",
       {"factor(town)=Leeds", "factor(town)=York"},
       Matrix{{0, 1}, {1, 0}, {0, 1}, {0, 0}},
       {1, 1, 1, 0}},
      {"factor(trust)",
       {"factor(trust)=5", "factor(trust)=9", "factor(trust)=don't know"},
       Matrix{{0, 1, 0}, {1, 0, 0}, {0, 0, 1}, {0, 0, 0}},
       {1, 1, 1, 0}},
      {"role:factor(town)",
       {"role:factor(town)=chair.Leeds", "role:factor(town)=officer.Leeds",
        "role:factor(town)=chair.York", "role:factor(town)=officer.York"},
       Matrix{{0, 0, 1, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 0}},
       {1, 1, 1, 0}},
      {"I(score * 2)", {"I(score * 2)"}, Matrix{{3}, {0}, {4}, {8}}, {1, 0, 1, 1}},
      {"score > 1.7", {"score > 1.7"}, Matrix{{0}, {0}, {1}, {1}}, {1, 0, 1, 1}},
  };
  for (const Expected& row : rows) {
    SCOPED_TRACE(row.written);
    const auto found = measure_columns(data, std::string(row.written));
    ASSERT_TRUE(found.has_value()) << found.error().message;
    EXPECT_EQ(found->labels, row.labels);
    EXPECT_EQ(found->y, row.y);
    EXPECT_EQ(found->complete, row.complete);
  }
}

TEST(Columns, SeveralVariablesAreCompleteWhereAllAre) {
  const auto found = measure_columns(people(), Names{"score", "role"});
  ASSERT_TRUE(found.has_value());
  EXPECT_THAT(found->labels, ElementsAre("score", "role=chair", "role=officer", "role=clerk"));
  EXPECT_THAT(found->complete, ElementsAre(1, 0, 1, 0));
  EXPECT_EQ(found->y, (Matrix{{1.5, 1, 0, 0}, {0, 0, 0, 0}, {2, 1, 0, 0}, {0, 0, 0, 0}}));
}

// svymean(~interaction(stype, comp.imp)) of apistrat: shares of one whole.
TEST(Columns, SharesOfJointLevelsSumToOne) {
  const auto named = sample_named("strat");
  const auto joint = measure_columns(*named.survey.data, std::string("stype:comp_imp"));
  ASSERT_TRUE(joint.has_value());
  const Vector shares = mean_of(joint->y, joint->complete)->value(named.sample.weights()).value();
  EXPECT_EQ(shares.size(), 6);
  EXPECT_TRUE(near_rel(shares.sum(), 1, 1e-14, "every case has one"));
}

TEST(Columns, JointLevelsAreNotAVariableOfThatSpelling) {
  const Dataset data = std::move(people()
                                     .with({.id = "role_town", .kind = VariableKind::kNumber},
                                           Numbers{{1, 2, 3, 4}, std::vector<Missing>(4)})
                                     .value());
  EXPECT_THAT(measure_columns(data, std::string("role:town")).error().message,
              HasSubstr("'town' is open text"));
  EXPECT_EQ(measure_columns(data, std::string("role.town"))->y.cols(), 1);
}

TEST(Columns, WhatIsWrongIsSaid) {
  const Dataset data = people();
  struct Row {
    const char* written;
    const char* message;
  };
  const Row rows[] = {
      {"roll", "did you mean 'role'?"},
      {"", "the expression is empty"},
      {"role:barriers", "'barriers' may have several answers a case"},
      {"role:nobody", "there is no variable 'nobody'"},
      {"factor(nobody)", "there is no variable 'nobody'"},
      {"I(score *", "expected"},
      {"I(town * 2)", "town"},
      {"town",
       "'town' is open text, of which nothing is estimated; factor(town) makes levels of it"},
      {"role:town", "'town' is open text"},
      {"`town`:role", "'town' is open text"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.written);
    const auto found = measure_columns(data, std::string(row.written));
    ASSERT_FALSE(found.has_value());
    EXPECT_THAT(found.error().message, HasSubstr(row.message));
  }
  EXPECT_THAT(measure_columns(data, Names{}).error().message, HasSubstr("no variable to measure"));
}

}  // namespace
}  // namespace barometer

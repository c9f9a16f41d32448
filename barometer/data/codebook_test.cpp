#include "barometer/data/codebook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/data/dataset.h"

namespace barometer {
namespace {

using testing::HasSubstr;

Variable single(std::string id, std::vector<Category> categories) {
  return {.id = std::move(id), .categories = std::move(categories)};
}

TEST(VariableId, ALetterThenLettersDigitsAndUnderscoresUpTo32) {
  for (const char* id : {"q", "Q7", "leave_self", "a1234567890123456789012345678901"}) {
    EXPECT_TRUE(is_variable_id(id)) << id;
  }
  for (const char* id : {"", "7q", "_q", "api.stu", "q 1", "naïve", "q-1",
                         "a12345678901234567890123456789012", "and", "NOT", "in", "Between"}) {
    EXPECT_FALSE(is_variable_id(id)) << id;
  }
}

TEST(VariableId, OfAColumnNameKeepsWhatItCan) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"stype", "stype"},
      {"api.stu", "api_stu"},
      {"sch.wide", "sch_wide"},
      {"% budget", "budget"},
      {"2012", "v2012"},
      {"in", "in_"},
      {"budget (£m)", "budget_m"},
      {"", "v"},
      {"…", "v"},
      {"_row", "v_row"},
      {"a..b", "a_b"},
      {"NOT", "NOT_"},
      {"a name that is much longer than thirty-two letters", "a_name_that_is_much_longer_than_"}};
  for (const auto& [name, id] : cases) {
    EXPECT_EQ(variable_id_of(name), id) << name;
    EXPECT_TRUE(is_variable_id(variable_id_of(name))) << name;
  }
}

TEST(Codebook, RefusesWhatNoFileCouldHold) {
  struct Case {
    const char* situation;
    Variable variable;
    const char* message;
  };
  const std::vector<Case> cases = {
      {"name", single("api.stu", {}), "'api.stu' cannot name a variable"},
      {"taken, in other letters", single("ROLE", {}), "two variables are called 'role' and 'ROLE'"},
      {"code twice", single("q", {{1, "a"}, {1, "b"}}), "code 1 is there twice"},
      {"negative code", single("q", {{-1, "a"}}), "code -1 is outside 0 to 65000"},
      {"huge code", single("q", {{65001, "a"}}), "code 65001 is outside 0 to 65000"},
      {"scale without ends", {.id = "q", .kind = VariableKind::kScale}, "needs both its ends"},
      {"scale upside down",
       {.id = "q", .kind = VariableKind::kScale, .scale_low = 10, .scale_high = 1},
       "10 to 1 is not a scale"},
      {"NET of no answer",
       {.id = "q", .categories = {{1, "a"}}, .nets = {{"both", "Both", {1, 2}}}},
       "the NET 'both' holds code 2, which is no answer"},
      {"NET twice",
       {.id = "q", .categories = {{1, "a"}}, .nets = {{"n", "N", {1}}, {"n", "M", {1}}}},
       "the NET 'n' is there twice"},
  };
  for (const Case& c : cases) {
    Codebook codebook;
    ASSERT_TRUE(codebook.add(single("role", {})));
    const Status added = codebook.add(c.variable);
    ASSERT_FALSE(added) << c.situation;
    EXPECT_THAT(added.error().message, HasSubstr(c.message)) << c.situation;
    EXPECT_EQ(codebook.variables().size(), 1U) << c.situation;
  }
}

TEST(Codebook, AMultiVariableHasAtMost64Options) {
  Variable multi{.id = "q", .kind = VariableKind::kMulti};
  for (int code = 1; code <= 64; ++code) multi.categories.push_back({code, "x"});
  EXPECT_TRUE(Codebook().add(multi));
  multi.categories.push_back({65, "x"});
  EXPECT_FALSE(Codebook().add(multi));
}

TEST(Codebook, ANetMayHoldScalePoints) {
  EXPECT_TRUE(Codebook().add({.id = "q",
                              .kind = VariableKind::kScale,
                              .nets = {{"high", "High", {7, 8, 9, 10}}},
                              .scale_low = 1,
                              .scale_high = 10}));
}

TEST(Codebook, FindsIdsExactlyAndWrittenNamesByLabelToo) {
  Codebook codebook;
  ASSERT_TRUE(codebook.add({.id = "api_stu", .label = "api.stu"}));
  ASSERT_TRUE(codebook.add({.id = "a", .label = "same"}));
  ASSERT_TRUE(codebook.add({.id = "b", .label = "same"}));
  EXPECT_EQ(codebook.index_of("api_stu"), 0U);
  EXPECT_EQ(codebook.index_of("API_STU"), std::nullopt);
  EXPECT_EQ(codebook.index_of("api.stu"), std::nullopt);
  EXPECT_EQ(codebook.index_of_written("api.stu"), 0U);
  EXPECT_EQ(codebook.index_of_written("api stu"), 0U);
  EXPECT_EQ(codebook.index_of_written("same"), std::nullopt);
}

TEST(Missing, FileCodesGoThereAndBack) {
  for (const Missing kind :
       {Missing::kNotAsked, Missing::kSystem, Missing::kRefused, Missing::kDontKnow}) {
    EXPECT_EQ(missing_of_file_code(file_code(kind)), kind) << name_of(kind);
  }
  EXPECT_EQ(missing_of_file_code(-9), Missing::kSystem);
  for (const long long code : {0LL, 1LL, -3LL, -10LL, -99LL, -4294967297LL}) {
    EXPECT_EQ(missing_of_file_code(code), std::nullopt) << code;
  }
}

}  // namespace
}  // namespace barometer

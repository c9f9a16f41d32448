#include "barometer/data/dataset.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace barometer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Codebook book_of(std::vector<Variable> variables) {
  Codebook codebook;
  for (Variable& variable : variables) EXPECT_TRUE(codebook.add(std::move(variable)));
  return codebook;
}
Variable role() { return {.id = "role", .categories = {{1, "chair"}, {2, "finance"}}}; }
Variable budget() { return {.id = "budget", .kind = VariableKind::kNumber}; }

std::string error_of(Variable variable, Column column) {
  const auto made = Dataset::make(book_of({std::move(variable)}), {std::move(column)});
  return made ? "" : made.error().message;
}

TEST(MakeCodes, TakesTheNarrowestColumnAndKeepsTheKindsOfMissing) {
  const std::vector<int> narrow = {0, 250, -1, -2, -7, -8, -9};
  const std::vector<int> wide = {251, 65000, -1, -2, -7, -8};
  const Column a = make_codes(narrow);
  const Column b = make_codes(wide);
  ASSERT_TRUE(std::holds_alternative<NarrowCodes>(a));
  ASSERT_TRUE(std::holds_alternative<WideCodes>(b));
  EXPECT_EQ(code_at(a, 1), 250);
  EXPECT_EQ(code_at(b, 0), 251);
  EXPECT_EQ(code_at(b, 1), 65000);
  for (const Column* column : {&a, &b}) {
    EXPECT_EQ(missing_at(*column, 1), Missing::kNone);
    EXPECT_EQ(missing_at(*column, 2), Missing::kNotAsked);
    EXPECT_EQ(missing_at(*column, 3), Missing::kSystem);
    EXPECT_EQ(missing_at(*column, 4), Missing::kRefused);
    EXPECT_EQ(missing_at(*column, 5), Missing::kDontKnow);
    EXPECT_EQ(code_at(*column, 5), -1);
  }
  EXPECT_EQ(missing_at(a, 6), Missing::kSystem);
}

TEST(MakeCodes, BreaksAPromiseForWhatIsNeitherCodeNorMissing) {
  for (const int code : {-3, 65001, -100}) {
    EXPECT_THROW((void)make_codes(std::vector<int>{code}), BrokenPromise) << code;
  }
}

TEST(CodeAt, BreaksAPromiseForNumbers) {
  EXPECT_THROW((void)code_at(Numbers{{1.0}, {Missing::kNone}}, 0), BrokenPromise);
}

TEST(Dataset, RefusesColumnsThatDoNotFitTheCodebook) {
  const double infinite = std::numeric_limits<double>::infinity();
  const Variable multi{.id = "m", .kind = VariableKind::kMulti, .categories = {{1, "a"}, {2, "b"}}};
  const Variable scale{.id = "s",
                       .kind = VariableKind::kScale,
                       .categories = {{97, "Don't know", true}},
                       .scale_low = 1,
                       .scale_high = 10};
  const Variable text{.id = "t", .kind = VariableKind::kText};
  const auto codes = [](std::vector<int> values) { return make_codes(values); };
  EXPECT_EQ(error_of(role(), codes({1, 2, -8, 3})),
            "variable 'role': row 4: 3 is not one of its codes");
  EXPECT_EQ(error_of(scale, codes({1, 10, 97, -1})), "");
  EXPECT_EQ(error_of(scale, codes({1, 11})), "variable 's': row 2: 11 is not one of its codes");
  EXPECT_EQ(error_of(multi, OptionSets{{3}, {Missing::kNone}}), "");
  EXPECT_THAT(error_of(multi, OptionSets{{4}, {Missing::kNone}}), HasSubstr("row 1: an option"));
  EXPECT_THAT(error_of(multi, OptionSets{{1, 2}, {Missing::kNone}}), HasSubstr("2 values but 1"));
  EXPECT_THAT(error_of(budget(), Numbers{{1, infinite}, {Missing::kNone, Missing::kNone}}),
              HasSubstr("row 2: inf is not a finite number"));
  EXPECT_THAT(error_of(budget(), codes({1})), HasSubstr("of another kind"));
  EXPECT_THAT(error_of(role(), Numbers{{1}, {Missing::kNone}}), HasSubstr("of another kind"));
  EXPECT_THAT(error_of(text, Texts{{"\xFF"}, {Missing::kNone}}), HasSubstr("row 1: the text is"));
}

TEST(Dataset, RefusesColumnsOfDifferentLengthOrNumber) {
  const auto uneven =
      Dataset::make(book_of({role(), budget()}),
                    {make_codes(std::vector<int>{1, 2}), Numbers{{5}, {Missing::kNone}}});
  EXPECT_EQ(uneven.error().message, "variable 'budget': 1 rows where 'role' has 2");
  const auto too_few =
      Dataset::make(book_of({role(), budget()}), {make_codes(std::vector<int>{1})});
  EXPECT_EQ(too_few.error().message, "1 columns for 2 variables");
}

Dataset two_columns() {
  return Dataset::make(book_of({role(), budget()}),
                       {make_codes(std::vector<int>{1, 2, -7}),
                        Numbers{{5, 6, 0}, {Missing::kNone, Missing::kNone, Missing::kSystem}}})
      .value();
}

TEST(Dataset, NamesTheNearestVariable) {
  const Dataset data = two_columns();
  EXPECT_EQ(data.find("rol").error().message, "there is no variable 'rol'; did you mean 'role'?");
  EXPECT_EQ(data.find("rol").error().code, ErrorCode::kNotFound);
  EXPECT_EQ(length_of(**data.find("budget")), 3U);
}

TEST(Dataset, WithOneMoreVariableSharesTheOthers) {
  const Dataset data = two_columns();
  const Dataset more = data.with({.id = "w", .kind = VariableKind::kNumber},
                                 Numbers{{1, 1, 1}, std::vector<Missing>(3)})
                           .value();
  EXPECT_EQ(&more.column(0), &data.column(0));
  EXPECT_EQ(more.codebook().ids(), (std::vector<std::string>{"role", "budget", "w"}));
  EXPECT_EQ(data.codebook().variables().size(), 2U);
  EXPECT_FALSE(
      data.with({.id = "w", .kind = VariableKind::kNumber}, Numbers{{1}, {Missing::kNone}}));
  EXPECT_FALSE(data.with(role(), make_codes(std::vector<int>{1, 1, 1})));
}

TEST(Dataset, WhereKeepsTheCasesMarkedOneOfEveryKindOfColumn) {
  const Variable multi{.id = "m", .kind = VariableKind::kMulti, .categories = {{1, "a"}}};
  const Variable text{.id = "t", .kind = VariableKind::kText};
  const Dataset data = two_columns()
                           .with(multi, OptionSets{{0, 1, 1}, std::vector<Missing>(3)})
                           .value()
                           .with(text, Texts{{"x", "y", "z"}, std::vector<Missing>(3)})
                           .value();
  const Dataset some = data.where(std::vector<uint8_t>{0, 1, 1});
  EXPECT_EQ(some.case_count(), 2U);
  EXPECT_EQ(code_at(some.column(0), 0), 2);
  EXPECT_EQ(missing_at(some.column(0), 1), Missing::kRefused);
  EXPECT_THAT(std::get<Numbers>(some.column(1)).values, ElementsAre(6, 0));
  EXPECT_THAT(std::get<OptionSets>(some.column(2)).bits, ElementsAre(1, 1));
  EXPECT_THAT(std::get<Texts>(some.column(3)).values, ElementsAre("y", "z"));
  EXPECT_EQ(data.where(std::vector<uint8_t>{0, 0, 0}).case_count(), 0U);
  EXPECT_THROW((void)data.where(std::vector<uint8_t>{1}), BrokenPromise);
}

}  // namespace
}  // namespace barometer

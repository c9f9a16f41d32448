#include "barometer/data/expression.h"

#include <functional>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace barometer {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

const std::vector<Variable> kVariables = {
    {.id = "role",
     .categories = {{1, "chair"}, {2, "chief officer"}, {3, "finance"}},
     .nets = {{"officers", "Officers", {2, 3}}}},
    {.id = "confidence",
     .kind = VariableKind::kScale,
     .categories = {{97, "Don't know", true}},
     .nets = {{"high", "High", {8, 9, 10}}},
     .scale_low = 1,
     .scale_high = 10},
    {.id = "barriers",
     .kind = VariableKind::kMulti,
     .categories = {{1, "tariff"}, {2, "money"}, {9, "don't know", true}},
     .nets = {{"cash", "Cash", {1, 2}}}},
    {.id = "api_stu", .kind = VariableKind::kNumber, .label = "api.stu"},
    {.id = "why", .kind = VariableKind::kText},
    {.id = "before", .categories = {{1, "no"}, {2, "yes"}}},
};

//              0       1              2             3          4        5
// role         chair   chief officer  finance       refused    blank    not asked
// confidence   7       10             don't know 97 missing dk 1        not asked
// barriers     1       1+2            none          9          blank    2
// api_stu      100     0              -5            blank      2.5      7
// why          it's    blank          b             a          ""       a
Dataset six_cases() {
  constexpr Missing kHere = Missing::kNone;
  constexpr Missing kBlank = Missing::kSystem;
  Codebook codebook;
  for (const Variable& variable : kVariables) EXPECT_TRUE(codebook.add(variable));
  std::vector<Column> columns;
  columns.push_back(make_codes(std::vector<int>{1, 2, 3, -7, -2, -1}));
  columns.push_back(make_codes(std::vector<int>{7, 10, 97, -8, 1, -1}));
  columns.push_back(OptionSets{{1, 3, 0, 4, 0, 2}, {kHere, kHere, kHere, kHere, kBlank, kHere}});
  columns.push_back(Numbers{{100, 0, -5, 0, 2.5, 7}, {kHere, kHere, kHere, kBlank, kHere, kHere}});
  columns.push_back(
      Texts{{"it's", "", "b", "a", "", "a"}, {kHere, kBlank, kHere, kHere, kHere, kHere}});
  columns.push_back(make_codes(std::vector<int>{1, 2, 2, 1, 1, 1}));
  return Dataset::make(std::move(codebook), std::move(columns)).value();
}

// "1" for each selected case, "0" for the others.
std::string selected(std::string_view text) {
  const auto parsed = Expression::parse(text);
  if (!parsed) return parsed.error().message;
  const auto mask = parsed->evaluate(six_cases());
  if (!mask) return mask.error().message;
  std::string out;
  for (const uint8_t one : *mask) out += one == 1 ? '1' : '0';
  return out;
}

TEST(Expression, SelectsTheCasesItIsTrueFor) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {"role = 'chair'", "100000"},
      {"'chair' = role", "100000"},
      {"role = 1", "100000"},
      {"role <> 'chair'", "011000"},
      {"role != 'chair'", "011000"},
      {"not role = 'chair'", "011000"},
      {"role in ('chair', 3)", "101000"},
      {"role not in ('chair', 3)", "010000"},
      {"role is officers", "011000"},
      {"role is not officers", "100000"},
      {"role > 1", "011000"},
      {"1 < role", "011000"},
      {"role is missing", "000111"},
      {"role is not missing", "111000"},
      {"role is refused", "000100"},
      {"role is not_asked", "000001"},
      {"role is not not_asked", "111110"},
      {"confidence >= 7", "110000"},  // 97 is no point of the scale
      {"confidence between 7 and 10", "110000"},
      {"confidence not between 7 and 10", "000010"},
      {"confidence = 97", "001000"},
      {"confidence = 'Don''t know'", "001000"},
      {"confidence is dont_know", "001100"},
      {"confidence is high", "010000"},
      {"confidence + 1 > 7 and confidence * 2 <= 14", "100000"},
      {"confidence - -3 = 10", "100000"},
      {"barriers has 'tariff'", "110000"},
      {"barriers has 2", "010001"},
      {"not barriers has 2", "101100"},
      {"barriers not has 2", "101100"},
      {"barriers is cash", "110001"},
      {"barriers is dont_know", "000100"},
      {"barriers is missing", "000010"},
      {"api_stu > 2.5", "100001"},
      {"api.stu > 2.5", "100001"},
      {"\"api.stu\" > 2.5", "100001"},
      {"api_stu between -5 and 0", "011000"},
      {"api_stu in (7, -5)", "001001"},
      {"10 / api_stu >= 1", "000011"},  // a division by zero is unknown
      {"not 10 / api_stu >= 1", "101000"},
      {"-api_stu = 5", "001000"},
      {"-(api_stu + 5) = 0", "001000"},
      {"2 + 3 * 4 = 14", "111111"},
      {"(2 + 3) * 4 = 20", "111111"},
      {"8 - 4 - 2 = 2", "111111"},
      {"8 / 4 / 2 = 1", "111111"},
      {"why = 'it''s'", "100000"},
      {"why = ''", "000010"},
      {"why in ('a', 'b')", "001101"},
      {"why >= 'b'", "101000"},
      {"why is missing", "010000"},
      {"role = before", "110000"},
      {"role = 'chair' or confidence = 1", "100010"},
      {"role = 'chair' AND Not before = 2 Or why = 'b'", "101000"},
      {"(role = 1)\n and\t((before = 1))", "100000"},
  };
  for (const auto& [text, mask] : cases) EXPECT_EQ(selected(text), mask) << text;
}

// Truth of one case by the tables in the SQL standard: 't', 'f' or 'u'.
TEST(Expression, ConnectsAsSqlDoes) {
  // For the six cases `role = 1` is t f f u u u and `api_stu > 0` is t f f u t t.
  const std::string a = "tffuuu";
  const std::string b = "tffuttt";
  const auto fold = [](char x, char y, bool is_and) {
    const char weak = is_and ? 'f' : 't';
    if (x == weak || y == weak) return weak;
    if (x == 'u' || y == 'u') return 'u';
    return is_and ? 't' : 'f';
  };
  std::string conjunction;
  std::string disjunction;
  std::string neither;
  for (size_t i = 0; i < 6; ++i) {
    conjunction += fold(a[i], b[i], true) == 't' ? '1' : '0';
    disjunction += fold(a[i], b[i], false) == 't' ? '1' : '0';
    neither += fold(a[i], b[i], false) == 'f' ? '1' : '0';
  }
  EXPECT_EQ(selected("role = 1 and api_stu > 0"), conjunction);
  EXPECT_EQ(selected("role = 1 or api_stu > 0"), disjunction);
  EXPECT_EQ(selected("not (role = 1 or api_stu > 0)"), neither);
}

TEST(Expression, PointsAtTheWordThatIsWrong) {
  EXPECT_EQ(selected("role = = 'chair'"),
            "column 8: expected a value after '='\n"
            "  role = = 'chair'\n"
            "         ^");
  EXPECT_EQ(selected("confidence > 1 and rol = 'chair'"),
            "column 20: there is no variable 'rol'; did you mean 'role'?\n"
            "  confidence > 1 and rol = 'chair'\n"
            "                     ^");
  // Columns count bytes, the caret stands under the letter.
  EXPECT_EQ(selected("why = 'é' and rol = 1"),
            "column 16: there is no variable 'rol'; did you mean 'role'?\n"
            "  why = 'é' and rol = 1\n"
            "                ^");
}

TEST(Expression, ExplainsWhatIsWrong) {
  const std::vector<std::pair<std::string, const char*>> cases = {
      {"", "the expression is empty"},
      {" \t\n", "the expression is empty"},
      {"role", "column 1: this is a value; compare it"},
      {"not role", "column 5: this is a value; compare it"},
      {"role and role = 1", "column 1: this is a value; compare it"},
      {"role 'chair'", "column 6: expected a comparison (=, <, in, between, is, has) after 'role'"},
      {"role like 'c'",
       "column 6: expected a comparison (=, <, in, between, is, has) after 'role', "
       "not 'like'"},
      {"role = 'chair' adn why = 'a'", "not 'adn'; did you mean 'and'?"},
      {"role = 'chair' and", "column 19: expected a condition after 'and'"},
      {"role = 'chair", "column 8: this quote is never closed"},
      {"role = \"chair", "column 8: this quote is never closed"},
      {"role = ", "column 8: expected a value after '='"},
      {"role == 1", "column 7: expected a value after '='; write one '='"},
      {"role = 1 && before = 1", "write 'and'"},
      {"role = 1 || before = 1", "write 'or'"},
      {"! role = 1", "write 'not'"},
      {"role = ‘chair’", "write a straight quote: '"},
      {"role = “chair”", "write a straight single quote: '"},
      {"(role = 1", "column 10: expected ')' after '1'"},
      {"role = 1)", "column 9: expected 'and', 'or' or the end after '1'"},
      {"role in 'chair'", "column 9: expected '(' after 'in'"},
      {"role in ()", "column 10: expected a 'label' or a code after '('"},
      {"role in ('chair' 'finance')", "expected ',' or ')' after 'chair'"},
      {"role in ('chair',)", "column 18: expected a 'label' or a code after ','"},
      {"confidence between 1 or 2", "expected 'and' and the upper end after '1', not 'or'"},
      {"1 < confidence < 5", "column 16: expected 'and', 'or' or the end after 'confidence'"},
      {"role not 1", "expected 'in', 'between' or 'has' after 'not'"},
      {"role is", "expected missing, not_asked, refused, dont_know or the id of a NET"},
      {"(role = 1) + 2 = 3", "column 2: this is a condition where a value is needed"},
      {"12abc = 1", "expected a condition"},
      {"role = " + std::string(400, '9'), "column 8: this number is too large"},
      {"role = 'chiar'", "column 8: 'role' has no answer 'chiar'; did you mean 'chair'?"},
      {"role = 'Chair'", "did you mean 'chair'?"},
      {"role = 7", "'role' has no code 7; known: 1 'chair', 2 'chief officer', 3 'finance'"},
      {"role = 1.5", "'role' has no code 1.5"},
      {"role = -8", "for a missing answer write 'role is missing'"},
      {"confidence = 11", "'confidence' has no code 11; known: 1 to 10, 97 'Don't know'"},
      {"role in (1, 'chiar')", "column 13: 'role' has no answer 'chiar'"},
      {"role is ofifcers", "'role' has no NET 'ofifcers'; did you mean 'officers'?"},
      {"role + 1 = 2", "column 1: the codes of 'role' are names of answers, not amounts"},
      {"barriers = 1", "'barriers' may have several answers; write barriers has 'label'"},
      {"barriers has 'tarif'", "did you mean 'tariff'?"},
      {"role has 'chair'", "'role' takes one answer; write = instead of has"},
      {"why = 3", "'why' is text; write '3' in quotes"},
      {"why + 1 = 3", "'why' is text where a number is needed"},
      {"api_stu = 'x'", "'x' is text, compared with a number"},
      {"'a' = 'a'", "one side of a comparison must name a variable"},
      {"7 is missing", "column 1: expected a variable's name here"},
      {"nothing is missing", "there is no variable 'nothing'"},
      {"role = 1 \xFF", "the expression is not UTF-8 text"},
      {std::string("role = 1\0", 9), "column 9: expected 'and', 'or' or the end"},
  };
  for (const auto& [text, message] : cases) {
    EXPECT_THAT(selected(text), HasSubstr(message)) << text;
  }
}

std::string repeated(std::string_view part, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += part;
  return out;
}

TEST(Expression, BoundsDepthAndLengthButNotTheNumberOfParts) {
  EXPECT_EQ(selected(repeated("(", 64) + "role = 1" + repeated(")", 64)), "100000");
  for (const char* opening : {"(", "not ", "not (", "1 = -(", "1 = (1 + "}) {
    EXPECT_THAT(selected(repeated(opening, 65) + "role"), HasSubstr("nested deeper than 64"))
        << opening;
    EXPECT_THAT(selected(repeated(opening, 1600).substr(0, 9990)), HasSubstr("nested deeper"))
        << opening;
  }
  EXPECT_EQ(selected("1 = " + repeated("-", 64) + "1"), "111111");
  EXPECT_THAT(selected("1 = " + repeated("-", 9000) + "1"), HasSubstr("nested deeper than 64"));
  EXPECT_EQ(selected("role = 1" + repeated(" or role = 1", 800)), "100000");
  EXPECT_EQ(selected("0 " + repeated("+ 1 ", 2000) + " = 2000"), "111111");
  EXPECT_EQ(selected("role in (1" + repeated(", 1", 3000) + ")"), "100000");
  EXPECT_THAT(selected(std::string(10'001, ' ') + "role = 1"), HasSubstr("more than 10000"));
}

TEST(Expression, ShowsOnlyTheTextRoundTheCaretOfALongExpression) {
  const std::string message =
      selected(repeated("role = 1 or ", 300) + "rol = 1" + repeated(" or role = 1", 300));
  EXPECT_THAT(message, StartsWith("column 3601: there is no variable 'rol'"));
  EXPECT_LT(message.size(), 300U);
  EXPECT_THAT(message, testing::EndsWith("\n" + std::string(52, ' ') + "^"));
}

TEST(Expression, ListsItsVariablesOnceInOrder) {
  const auto parsed =
      Expression::parse("why = 'role' and (confidence > 1 or why is likely) and api.stu + b > 2");
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_THAT(parsed->variables(), ElementsAre("why", "confidence", "api.stu", "b"));
}

TEST(Expression, ChecksAgainstACodebookAsItEvaluates) {
  Codebook codebook;
  ASSERT_TRUE(codebook.add(kVariables[0]));
  EXPECT_TRUE(Expression::parse("role is officers")->check(codebook));
  EXPECT_FALSE(Expression::parse("role is officials")->check(codebook));
  EXPECT_FALSE(Expression::parse("why = 'a'")->check(codebook));
}

// Blocks of 1,024 cases and wide codes give what one look at each case gives.
TEST(Expression, IsTheSameCaseByCaseInLongAndWideColumns) {
  constexpr size_t kCases = 5000;
  std::vector<int> codes;
  Variable variable{.id = "q"};
  for (int code = 0; code < 400; ++code) {
    variable.categories.push_back({code, fmt::format("answer {}", code)});
  }
  for (size_t i = 0; i < kCases; ++i) {
    codes.push_back(i % 13 == 0 ? -8 : static_cast<int>(i * 7919 % 400));
  }
  Codebook codebook;
  ASSERT_TRUE(codebook.add(variable));
  const Dataset data = Dataset::make(codebook, {make_codes(codes)}).value();
  const auto mask =
      Expression::parse("(q >= 100 and q < 300 and q <> 'answer 250') or q is dont_know or q = 3")
          ->evaluate(data)
          .value();
  size_t count = 0;
  for (size_t i = 0; i < kCases; ++i) {
    const int q = codes[i];
    const bool expected = q == -8 || q == 3 || (q >= 100 && q < 300 && q != 250);
    EXPECT_EQ(mask[i], expected ? 1 : 0) << i;
    count += mask[i];
  }
  EXPECT_EQ(data.where(mask).case_count(), count);
}

}  // namespace
}  // namespace barometer

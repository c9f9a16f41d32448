#include "barometer/formula/formula.h"

#include <cmath>
#include <limits>
#include <numeric>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "tests/support/csv_dataset.h"
#include "tests/support/near.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::near_rel;

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

Column numbers(const std::vector<double>& values) {
  Numbers column;
  for (const double value : values) {
    column.values.push_back(std::isnan(value) ? 0 : value);
    column.missing.push_back(std::isnan(value) ? Missing::kSystem : Missing::kNone);
  }
  return column;
}

Column texts(const std::vector<std::string>& values) {
  Texts column;
  for (const std::string& value : values) {
    column.values.push_back(value);
    column.missing.push_back(value.empty() ? Missing::kSystem : Missing::kNone);
  }
  return column;
}

Column codes(const std::vector<int>& values) { return make_codes(values); }

// Six cases. `role` in an order of its own, with a category that never occurs and a don't know
// outside the base; `liking` a scale with an answer off it.
Dataset leaders() {
  Codebook codebook;
  const auto add = [&](Variable variable) { ASSERT_TRUE(codebook.add(std::move(variable))); };
  add({.id = "role",
       .categories = {{3, "finance"}, {1, "chair"}, {4, "nobody"}, {2, "officer"}, {8, "?", true}},
       .dont_know_in_base = false});
  add({.id = "api_stu", .kind = VariableKind::kNumber, .label = "api.stu"});
  add({.id = "place", .kind = VariableKind::kText});
  add({.id = "liking",
       .kind = VariableKind::kScale,
       .categories = {{5, "very much"}, {9, "cannot say"}},
       .scale_low = 1,
       .scale_high = 5});
  add({.id = "yes", .categories = {{1, "No"}, {2, "Yes"}}});
  add({.id = "several", .kind = VariableKind::kMulti, .categories = {{1, "a"}, {2, "b"}}});
  add({.id = "x", .kind = VariableKind::kNumber});
  return Dataset::make(codebook, {codes({1, 2, 3, 1, 8, -8}), numbers({10, 20, 10, 40, 10, 60}),
                                  texts({"b", "a", "é", "B", "a", ""}), codes({5, 1, 9, 2, 5, -2}),
                                  codes({1, 2, 2, 1, 2, 1}),
                                  OptionSets{{1, 2, 3, 0, 1, 1}, std::vector<Missing>(6)},
                                  numbers({0, 1, -1, kNone, 4, 100000})})
      .value();
}

std::string shown(const std::vector<double>& values) {
  std::vector<std::string> parts;
  for (const double value : values) {
    parts.push_back(std::isnan(value) ? "-" : fmt::format("{:.6g}", value));
  }
  return join(parts, " ");
}

// The columns of a formula, or its error.
std::string columns_of(std::string_view text, const Dataset& data = leaders()) {
  const auto formula = Formula::parse(text);
  if (!formula) return formula.error().message;
  const auto made = formula->matrix(data, {});
  return made ? join(made->columns, " ") : made.error().message;
}

// One line a column: its name and its cells; "-" a case that is not complete.
std::string matrix_of(std::string_view text, const std::vector<uint8_t>& mask = {}) {
  const Dataset data = leaders();
  const auto formula = Formula::parse(text);
  if (!formula) return formula.error().message;
  const auto made = formula->matrix(data, mask);
  if (!made) return made.error().message;
  std::vector<std::string> lines;
  for (size_t j = 0; j < made->columns.size(); ++j) {
    std::vector<double> cells;
    for (size_t row = 0; row < data.case_count(); ++row) {
      const double cell = made->x(static_cast<Eigen::Index>(row), static_cast<Eigen::Index>(j));
      EXPECT_TRUE(made->complete[row] != 0 || cell == 0) << "a row that is not complete is 0";
      cells.push_back(made->complete[row] != 0 ? cell : kNone);
    }
    lines.push_back(made->columns[j] + ": " + shown(cells));
  }
  return join(lines, "\n");
}

std::string values_of(std::string_view text) {
  const auto expression = NumberExpression::parse(text);
  if (!expression) return expression.error().message;
  const auto made = expression->numbers(leaders());
  return made ? shown(*made) : made.error().message;
}

// Every formula of testdata/model_matrix.R: column names, terms, and the values by their sums.
TEST(ModelMatrix, IsThatOfR) {
  const std::string folder = SOURCE_DIR "/barometer";
  const auto stored =
      nlohmann::json::parse(read_file(folder + "/formula/testdata/model_matrix.json").value());
  size_t cases = 0;
  for (const auto& expected : stored["cases"]) {
    const auto text = expected["formula"].get<std::string>();
    const std::string name = expected["data"];
    const Dataset data = testing::read_csv_dataset(folder + "/estimate/testdata/" + name + ".csv");
    const auto formula = Formula::parse(text);
    ASSERT_TRUE(formula) << text << "\n" << formula.error().message;
    const auto made = formula->matrix(data, {});
    ASSERT_TRUE(made) << text << "\n" << made.error().message;
    EXPECT_EQ(made->columns, expected["columns"].get<std::vector<std::string>>()) << text;
    ASSERT_EQ(made->columns.size(), expected["columns"].size()) << text;
    for (size_t j = 0; j < made->columns.size(); ++j) {
      EXPECT_EQ(made->term_of_column[j] + 1, expected["assign"][j].get<size_t>()) << text;
      const auto x = made->x.col(static_cast<Eigen::Index>(j));
      const Vector rows = Vector::LinSpaced(x.size(), 1, static_cast<double>(x.size()));
      const std::vector<double> values = {x.sum(), x.dot(rows), x.squaredNorm(), x[0],
                                          x[6],    x[49],       x[x.size() - 1]};
      for (size_t i = 0; i < values.size(); ++i) {
        EXPECT_TRUE(near_rel(values[i], expected["values"][j][i].get<double>(), 1e-11,
                             "the same sums in another order"))
            << text << ", " << made->columns[j] << ", value " << i;
      }
    }
    ++cases;
  }
  EXPECT_GE(cases, 50U);
}

TEST(ModelMatrix, ShowsEachKindOfVariable) {
  EXPECT_EQ(matrix_of("~ role"),
            "(Intercept): 1 1 1 1 - -\n"
            "rolechair: 1 0 0 1 - -\n"
            "roleofficer: 0 1 0 0 - -")
      << "codebook order; what does not occur is no level; a don't know outside the base is "
         "missing";
  EXPECT_EQ(matrix_of("~ 0 + place"),
            "placeB: 0 0 0 1 0 -\n"
            "placea: 0 1 0 0 1 -\n"
            "placeb: 1 0 0 0 0 -\n"
            "placeé: 0 0 1 0 0 -")
      << "texts in byte order";
  EXPECT_EQ(matrix_of("~ liking"), "(Intercept): 1 1 - 1 1 -\nliking: 5 1 - 2 5 -");
  EXPECT_EQ(matrix_of("~ 0 + factor(liking)"),
            "factor(liking)1: 0 1 0 0 0 -\n"
            "factor(liking)2: 0 0 0 1 0 -\n"
            "factor(liking)very much: 1 0 0 0 1 -\n"
            "factor(liking)cannot say: 0 0 1 0 0 -");
  EXPECT_EQ(matrix_of("~ yes:api.stu"),
            "(Intercept): 1 1 1 1 1 1\n"
            "yesNo:api.stu: 10 0 0 40 0 60\n"
            "yesYes:api.stu: 0 20 10 0 10 0");
  EXPECT_EQ(matrix_of("~ 0 + factor(x)"),
            "factor(x)-1: 0 0 1 - 0 0\n"
            "factor(x)0: 1 0 0 - 0 0\n"
            "factor(x)1: 0 1 0 - 0 0\n"
            "factor(x)4: 0 0 0 - 1 0\n"
            "factor(x)100000: 0 0 0 - 0 1");
}

TEST(ModelMatrix, LevelsAreThoseOfCompleteCasesInTheMask) {
  EXPECT_EQ(columns_of("~ 0 + role"), "rolefinance rolechair roleofficer");
  EXPECT_EQ(matrix_of("~ 0 + role + x"),
            "rolefinance: 0 0 1 - - -\n"
            "rolechair: 1 0 0 - - -\n"
            "roleofficer: 0 1 0 - - -\n"
            "x: 0 1 -1 - - -");
  EXPECT_EQ(matrix_of("~ role", {0, 1, 1, 0, 1, 1}),
            "(Intercept): - 1 1 - - -\n"
            "roleofficer: - 1 0 - - -");
  EXPECT_EQ(matrix_of("x ~ role"), matrix_of("~ role", {1, 1, 1, 0, 1, 1}))
      << "a case without response is not complete";
}

TEST(ModelMatrix, RefusesWhatHasNoColumns) {
  const std::pair<const char*, const char*> cases[] = {
      {"~ role + nothing", "column 10: there is no variable 'nothing'; known: role, api_stu"},
      {"~ lking", "did you mean 'liking'?"},
      {"~ several", "column 3: 'several' may have several answers a case"},
      {"~ log(role)", "'role' is categories where a number is needed; compare it"},
      {"~ role + I(role + 1)", "column 12: 'role' is categories"},
      {"~ I(x:x)", "column 7: ':' joins terms; it means nothing inside an expression"},
      {"nobody ~ x", "there is no variable 'nobody'"},
      {"~ factor(api.stu > 100)",
       "'factor(api.stu > 100)' in '~ factor(api.stu > 100)' has one category"},
  };
  for (const auto& [text, message] : cases) {
    EXPECT_THAT(columns_of(text), HasSubstr(message)) << text;
  }
  EXPECT_THAT(matrix_of("~ role", {1, 0, 0, 1, 0, 0}),
              HasSubstr("'role' in '~ role' has one category"));
  EXPECT_THAT(matrix_of("~ role", {0, 0, 0, 0, 1, 1}), HasSubstr("has no category"));
}

TEST(ModelMatrix, BoundsItsSize) {
  Codebook codebook;
  std::vector<Column> columns;
  for (const char* id : {"a", "b", "c"}) {
    ASSERT_TRUE(codebook.add({.id = id, .kind = VariableKind::kNumber}));
    std::vector<double> values(900);
    std::iota(values.begin(), values.end(), 0.0);
    columns.push_back(numbers(values));
  }
  const Dataset data = Dataset::make(codebook, std::move(columns)).value();
  EXPECT_THAT(columns_of("~ factor(a):factor(b):factor(c)", data),
              HasSubstr("makes 810000 columns, more than 5000"));
}

TEST(Formula, HasTermsInRsOrder) {
  const std::pair<const char*, std::vector<std::string>> cases[] = {
      {"y ~ a*b", {"a", "b", "a:b"}},
      {"~ a:b + c + a", {"c", "a", "a:b"}},
      {"~ b:a + a", {"a", "b:a"}},
      {"~ a + b:a", {"a", "a:b"}},
      {"~ a*b*c - a:b:c", {"a", "b", "c", "a:b", "a:c", "b:c"}},
      {"~ (a + b)/c", {"a", "b", "a:b:c"}},
      {"~ a/b/c", {"a", "a:b", "a:b:c"}},
      {"~ (a + b + c)^2 - c", {"a", "b", "a:b", "a:c", "b:c"}},
      {"~ a + a + a:a", {"a"}},
      {"~ I( a ^2)+ log(a+ 1)", {"I(a^2)", "log(a + 1)"}},
      {"~ `per cent`:b_2", {"`per cent`:b_2"}},
      {"~ I(a*b/2)", {"I(a * b/2)"}},
      {"~ I(1e5 + 123456 + .5 + 1E-7 + 0.1)", {"I(1e+05 + 123456 + 0.5 + 1e-07 + 0.1)"}},
      {"~ I(a=='it\\'s \"b\"')", {"I(a == \"it's \\\"b\\\"\")"}},
      {"~ I(!(a>1)|-b<=+2&c!=3L)", {"I(!(a > 1) | -b <= +2 & c != 3)"}},
      {"~ `x”`", {"`x”`"}},
      {"~ 1", {}},
  };
  for (const auto& [text, terms] : cases) {
    const auto formula = Formula::parse(text);
    ASSERT_TRUE(formula) << text << "\n" << formula.error().message;
    EXPECT_EQ(formula->terms(), terms) << text;
  }
}

TEST(Formula, KnowsItsIntercept) {
  for (const char* with : {"~ a", "~ 1 + a", "~ 0 + a + 1", "~ a - 0", "~ 1", "~ a - 1 + 1"}) {
    EXPECT_TRUE(Formula::parse(with)->has_intercept()) << with;
  }
  for (const char* without : {"~ 0 + a", "~ a + 0", "~ -1 + a", "~ a - 1", "~ 1 + a - 1"}) {
    EXPECT_FALSE(Formula::parse(without)->has_intercept()) << without;
  }
}

TEST(Formula, ListsItsVariablesOnceResponseFirst) {
  const auto formula = Formula::parse("I(y/n) ~ b*a + log(n) + `a`");
  ASSERT_TRUE(formula) << formula.error().message;
  EXPECT_TRUE(formula->has_response());
  EXPECT_THAT(formula->variables(), ElementsAre("y", "n", "b", "a"));
  EXPECT_FALSE(Formula::parse("~a")->has_response());
  EXPECT_EQ(formula->text(), "I(y/n) ~ b*a + log(n) + `a`");
}

TEST(Formula, LeavesOutATerm) {
  const auto formula = Formula::parse("y ~ a*b + I(a^2)");
  ASSERT_TRUE(formula);
  EXPECT_THAT(formula->without("I(a^2)")->terms(), ElementsAre("a", "b", "a:b"));
  EXPECT_THAT(formula->without("a:b")->terms(), ElementsAre("a", "b", "I(a^2)"));
  EXPECT_THAT(Formula::parse("y ~ a")->without("a")->terms(), IsEmpty());
  EXPECT_THAT(formula->without("c").error().message, HasSubstr("has no term 'c'"));
  EXPECT_THAT(Formula::parse("y ~ 0 + a")->without("a").error().message,
              HasSubstr("no term and no intercept is left"));
}

std::string response_of(std::string_view text) {
  const auto made = Formula::parse(text).value().response(leaders());
  return made ? shown(*made) : made.error().message;
}

TEST(Response, IsNumbersOrTwoCategories) {
  EXPECT_EQ(response_of("api.stu ~ 1"), "10 20 10 40 10 60");
  EXPECT_EQ(response_of("yes ~ 1"), "0 1 1 0 1 0");
  EXPECT_EQ(response_of("liking ~ 1"), "5 1 - 2 5 -");
  EXPECT_EQ(response_of("I(api.stu > 10) ~ 1"), "0 1 0 1 0 1");
  EXPECT_EQ(response_of("log(x) ~ 1"), "- 0 - - 1.38629 11.5129") << "no finite value is missing";
  EXPECT_THAT(response_of("role ~ 1"), HasSubstr("'role' has 3 categories; a number or two"));
  EXPECT_THAT(response_of("~ x"), HasSubstr("'~ x' has nothing before '~'"));
  EXPECT_THAT(response_of("none ~ x"), HasSubstr("there is no variable 'none'"));
  const std::vector<uint8_t> only_yes = {0, 1, 1, 0, 1, 0};
  EXPECT_EQ(shown(Formula::parse("yes ~ 1")->response(leaders().where(only_yes)).value()), "1 1 1");
}

TEST(Response, IsLevelsForAModelOfCategories) {
  const Dataset data = leaders();
  const auto levels = Formula::parse("role ~ x")->response_levels(data);
  ASSERT_TRUE(levels) << levels.error().message;
  EXPECT_THAT(levels->labels, ElementsAre("finance", "chair", "officer"));
  EXPECT_THAT(levels->codes, ElementsAre(1, 2, 0, 1, -1, -1));
  EXPECT_THAT(Formula::parse("factor(yes) ~ x")->response_levels(data)->labels,
              ElementsAre("No", "Yes"));
  EXPECT_THAT(Formula::parse("liking ~ x")->response_levels(data)->labels,
              ElementsAre("1", "2", "very much", "cannot say"));
  EXPECT_THAT(Formula::parse("log(x) ~ yes")->response_levels(data).error().message,
              HasSubstr("column 1: categories are needed here"));
  EXPECT_THAT(Formula::parse("~ yes")->response_levels(data).error().message,
              HasSubstr("has nothing before '~'"));
}

TEST(Levels, OfEveryKindOfVariable) {
  const Dataset data = leaders();
  EXPECT_THAT(levels_of(data, "api.stu")->labels, ElementsAre("10", "20", "40", "60"));
  EXPECT_THAT(levels_of(data, "api_stu")->codes, ElementsAre(0, 1, 0, 2, 0, 3));
  EXPECT_THAT(levels_of(data, "place")->labels, ElementsAre("B", "a", "b", "é"));
  EXPECT_THAT(levels_of(data, "x")->codes, ElementsAre(1, 2, 0, -1, 3, 4));
  EXPECT_THAT(levels_of(data, "several").error().message, HasSubstr("several answers"));
  EXPECT_THAT(levels_of(data, "rol").error().message, HasSubstr("did you mean 'role'?"));
  EXPECT_THAT(levels_of(data, "x", 4).error().message,
              HasSubstr("'x' has 5 different values, more than 4"));
}

TEST(Levels, NumbersThatPrintAlikeAreOne) {
  Codebook codebook;
  ASSERT_TRUE(codebook.add({.id = "x", .kind = VariableKind::kNumber}));
  const Dataset data =
      Dataset::make(codebook, {numbers({0.1 + 0.2, 0.3, -0.0, 0.0, 1e15, 1e-7})}).value();
  const auto levels = levels_of(data, "x");
  EXPECT_THAT(levels->labels, ElementsAre("0", "1e-07", "0.3", "1e+15"));
  EXPECT_THAT(levels->codes, ElementsAre(2, 2, 0, 0, 3, 1));
}

TEST(NumbersOfVariable, AreQuantitiesAlone) {
  const Dataset data = leaders();
  EXPECT_EQ(shown(numbers_of_variable(data, "liking").value()), "5 1 - 2 5 -");
  EXPECT_EQ(shown(numbers_of_variable(data, "x").value()), "0 1 -1 - 4 100000");
  EXPECT_THAT(numbers_of_variable(data, "role").error().message,
              HasSubstr("'role' is no number but categories"));
  EXPECT_THAT(numbers_of_variable(data, "place").error().message, HasSubstr("but text"));
  EXPECT_THAT(numbers_of_variable(data, "none").error().message, HasSubstr("no variable 'none'"));
}

TEST(NumberExpression, HasTheValuesOfEachCase) {
  const std::pair<const char*, const char*> cases[] = {
      {"x", "0 1 -1 - 4 100000"},
      {"api.stu/x", "- 20 -10 - 2.5 0.0006"},
      {"x^0.5", "0 1 - - 2 316.228"},
      {"-x^2", "-0 -1 -1 - -16 -1e+10"},
      {"2^-1^2", "0.5 0.5 0.5 0.5 0.5 0.5"},
      {"2^3^2 - 7 - 5", "500 500 500 500 500 500"},
      {"I(x + 1) * 2", "2 4 0 - 10 200002"},
      {"abs(x)", "0 1 1 - 4 100000"},
      {"sqrt(x)", "0 1 - - 2 316.228"},
      {"exp(x)", "1 2.71828 0.367879 - 54.5982 -"},
      {"x == 0", "1 0 0 - 0 0"},
      {"I(x != 0)", "0 1 1 - 1 1"},
      {"1 < x", "0 0 0 - 1 1"},
      {"4 >= x", "1 1 1 - 1 0"},
      {"(x > 0) + (x > 1)", "0 1 0 - 2 2"},
      {"role == \"chair\"", "1 0 0 1 - -"},
      {"'chair' != role", "0 1 1 0 - -"},
      {"role == 2", "0 1 0 0 - -"},
      {"role == \"nobody\"", "0 0 0 0 - -"},
      {"place == 'a' | place == \"é\"", "0 1 1 0 1 -"},
      {"place < 'b'", "0 1 0 1 1 -"},
      {"liking == 'very much'", "1 0 0 0 1 -"},
      {"liking == 'cannot say'", "0 0 1 0 0 -"},
      {"liking > 1", "1 0 - 1 1 -"},
      {"x > 0 & yes == 'Yes'", "0 1 0 0 1 0"},
      {"x > 0 | yes == 'No'", "1 1 0 1 1 1"},
      {"!(x > 0)", "1 0 1 - 0 0"},
      {"!x", "1 0 0 - 0 0"},
      {"x & 1", "0 1 1 - 1 1"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(values_of(text), expected) << text;
}

TEST(NumberExpression, SaysWhatItIs) {
  EXPECT_TRUE(NumberExpression::parse("I((x > 1))")->is_truth());
  EXPECT_TRUE(NumberExpression::parse("!x")->is_truth());
  EXPECT_FALSE(NumberExpression::parse("(x > 1) + 1")->is_truth());
  EXPECT_FALSE(NumberExpression::parse("x")->is_truth());
  EXPECT_THAT(NumberExpression::parse("x/y + log(x)")->variables(), ElementsAre("x", "y"));
}

TEST(NumberExpression, RefusesWhatIsNoNumber) {
  const std::pair<const char*, const char*> cases[] = {
      {"role", "column 1: 'role' is categories where a number is needed"},
      {"place + 1", "column 1: 'place' is categories where a number is needed"},
      {"role == 'chiar'", "column 9: 'role' has no answer 'chiar'; did you mean 'chair'?"},
      {"role == 7", "'role' has no code 7"},
      {"role == 1.5", "'role' has no code 1.5"},
      {"role == -1", "'role' is categories where a number is needed"},
      {"role < 2", "the categories of 'role' have no order; write == or !="},
      {"x == 'a'", "column 6: \"a\" is text, compared with a number"},
      {"'a' == 'b'", "one side of a comparison must name a variable"},
      {"'a'", "this is text where a number is needed"},
      {"x + several", "'several' may have several answers"},
      {"role == place + 1", "'place' is categories"},
      {"x ~ 1", "column 3: expected an operator or the end after 'x'"},
  };
  for (const auto& [text, message] : cases) {
    EXPECT_THAT(values_of(text), HasSubstr(message)) << text;
  }
}

TEST(Formula, NamesWhatItCannotRead) {
  const std::pair<std::string, const char*> cases[] = {
      {"", "the formula is empty"},
      {"y", "column 2: expected '~' and the terms after 'y'\n  y\n   ^"},
      {"y ~", "column 4: expected a variable or a value after '~'\n  y ~\n     ^"},
      {"y ~ a +", "column 8: expected a variable or a value after '+'"},
      {"y ~ a b", "column 7: expected an operator or the end after 'a'\n  y ~ a b\n        ^"},
      {"y ~ a ~ b", "column 7: expected an operator or the end after 'a'"},
      {"y ~ (a + b", "column 11: expected an operator or ')' after 'b'"},
      {"y ~ a)", "column 6: expected an operator or the end after 'a'"},
      {"~ lg(x)", "column 3: there is no function 'lg'; did you mean 'log'?"},
      {"~ poly(x, 2)", "there is no function 'poly'; known: I, factor, log"},
      {"~ log(x, 2)", "column 8: expected an operator or ')' after 'x'"},
      {"~ .", "column 3: '.' for all other variables is not understood"},
      {"~ 2", "column 3: a number here is the intercept, 1 or 0"},
      {"~ a^0.5", "column 5: the power of terms is 1, 2"},
      {"~ a^b", "column 5: the power of terms is 1, 2"},
      {"~ b + a == 1", "column 3: among terms a comparison stands in I(…), as in I(ell == 0)"},
      {"~ !a", "among terms a comparison"},
      {"~ 'a'", "column 3: a text is no term"},
      {"~ \"a", "column 3: this quote is never closed"},
      {"~ I(x == 'a)", "column 10: this quote is never closed"},
      {"~ `a", "column 3: this quote is never closed"},
      {"~ I(x = 1)", "after 'x'; write '=='"},
      {"~ I(x > 1 && y)", "after '&'; write one '&'"},
      {"~ I(x > 1 || y)", "after '|'; write one '|'"},
      {"~ I(x == “a”)", "after '='; write a straight quote: \""},
      {"~ I(x ≥ 1)", "column 7: expected an operator or ')' after 'x'; write >="},
      {"~ a %in% b", "after 'a'; %in% is not understood"},
      {"~ I(1 < x < 2)", "column 11: expected an operator or ')' after 'x'"},
      {"~ 1e999 + a", "column 3: this number is too large or small"},
      {"~ .2abc", "column 3: expected a variable or a value after '~'"},
      {"~ 12abc", "column 3: expected a variable or a value after '~'"},
      {"a ~ a + b", "column 5: 'a' stands on both sides"},
      {"~ a - a - 1", "no term and no intercept is left"},
      {"~ 0", "no term and no intercept is left"},
      {"~ a \xFF", "the formula is not UTF-8"},
      {std::string("~ a\0", 4), "column 4: expected an operator or the end"},
  };
  for (const auto& [text, message] : cases) {
    const auto formula = Formula::parse(text);
    EXPECT_FALSE(formula) << text;
    const std::string said = formula ? std::string() : formula.error().message;
    EXPECT_THAT(said, HasSubstr(message)) << text;
  }
}

std::string repeated(std::string_view part, size_t times) {
  std::string out;
  for (size_t i = 0; i < times; ++i) out += part;
  return out;
}

std::string parsed(const std::string& text) {
  const auto formula = Formula::parse(text);
  return formula ? "fine" : formula.error().message;
}

TEST(Formula, BoundsDepthLengthVariablesAndTerms) {
  EXPECT_EQ(parsed("~" + repeated("(", 64) + "a" + repeated(")", 64)), "fine");
  for (const char* opening : {"(", "-", "!", "log(", "2^", "I(a + ("}) {
    EXPECT_THAT(parsed("~" + repeated(opening, 65) + "a"), HasSubstr("nested deeper than 64"));
    EXPECT_THAT(parsed("~" + repeated(opening, 1400)), HasSubstr("nested deeper than 64"));
  }
  EXPECT_EQ(parsed("~ a" + repeated(" + a", 2000)), "fine");
  EXPECT_EQ(parsed("~ a" + repeated(":a", 2000)), "fine");
  EXPECT_THAT(parsed("~ a" + repeated(" ", 10'000)), HasSubstr("more than 10000"));
  std::string many;
  for (int i = 0; i <= 256; ++i) many += fmt::format("+ a{}", i);
  EXPECT_THAT(parsed("~ " + many), HasSubstr("more than 256 variables"));
  EXPECT_THAT(parsed("~ (" + many.substr(0, 200) + ")^5"), HasSubstr("more than 1000 terms"));
  EXPECT_EQ(parsed("~ (a + b + c)^1000000000"), "fine");
  EXPECT_THAT(parsed("~ 1" + repeated("*(a+b+c+d+e+f+g+h+i)^9", 400)),
              HasSubstr("more than 1000 terms"));
}

}  // namespace
}  // namespace barometer

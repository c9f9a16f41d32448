// The order of a table's rows, from a line of NETs to a line of rows.
#include "barometer/book/rows_internal.h"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;

// Answers 1 … 6, don't know 9; code 6 weighs most.
Variable question() {
  Variable variable{.id = "q"};
  for (int code = 1; code <= 6; ++code) {
    variable.categories.push_back({code, fmt::format("a{}", code)});
  }
  variable.categories.push_back({9, "don't know", true});
  return variable;
}

double weight(const std::vector<int>& codes) {
  double sum = 0;
  for (const int code : codes) sum += code == 9 ? 2.5 : code;
  return sum;
}

// "low=1+2 in all": a NET a word of the line.
std::vector<RowsPlan::PlanNet> nets(const std::string& line) {
  std::vector<RowsPlan::PlanNet> made;
  for (const std::string& word : split(line, ';')) {
    if (trimmed(word).empty()) continue;
    const std::vector<std::string> parts = split(std::string(trimmed(word)), '=');
    RowsPlan::PlanNet net;
    net.net.id = net.net.label = parts.at(0);
    const std::vector<std::string> right = split(parts.at(1), '/');
    for (const std::string& code : split(right.at(0), '+'))
      net.net.codes.push_back(std::stoi(code));
    if (right.size() > 1) net.within = right[1];
    made.push_back(net);
  }
  return made;
}

// Two dots a level: "low ..1 ..2 3".
std::string text_of(const std::vector<BookRow>& rows) {
  std::vector<std::string> words;
  for (const BookRow& row : rows) {
    std::string word(static_cast<size_t>(2 * row.level), '.');
    word += row.answer;
    if (row.rank) word += fmt::format("#{}", *row.rank);
    if (row.hidden) word += "(hidden)";
    words.push_back(word);
  }
  return join(words, " ");
}

struct Ordered {
  const char* nets;
  RowOrder order;
  const char* expected;
};

class RowsOrdered : public ::testing::TestWithParam<Ordered> {};

TEST_P(RowsOrdered, ByNetsAndWeight) {
  RowsPlan plan;
  plan.nets = nets(GetParam().nets);
  plan.order = GetParam().order;
  plan.last = {2, 9};
  const auto rows = rows_of(question(), plan, weight);
  ASSERT_TRUE(rows.has_value()) << rows.error().message;
  EXPECT_EQ(text_of(*rows), GetParam().expected);
}

constexpr auto kAsked = RowOrder::kQuestionnaire;
constexpr auto kDown = RowOrder::kDescending;
constexpr auto kUp = RowOrder::kAscending;

INSTANTIATE_TEST_SUITE_P(
    Nets, RowsOrdered,
    ::testing::Values(
        // `last` holds in a sorted table alone, but stays an order of the questionnaire.
        Ordered{"", kAsked, "1 3 4 5 6 2 9"}, Ordered{"", kDown, "6 5 4 3 1 2 9"},
        Ordered{"", kUp, "1 3 4 5 6 2 9"}, Ordered{"low=1+3", kAsked, "low ..1 ..3 4 5 6 2 9"},
        // A NET is sorted by its own weight, its answers within it.
        Ordered{"low=1+3+4", kDown, "low ..4 ..3 ..1 6 5 2 9"},
        Ordered{"high=5+6", kDown, "high ..6 ..5 4 3 1 2 9"},
        // Sub-NETs, named or found; the order of their declaration does not matter.
        Ordered{"low=1+3+4;lowest=1+3/low", kAsked, "low ..lowest ....1 ....3 ..4 5 6 2 9"},
        Ordered{"lowest=1+3;low=1+3+4", kAsked, "low ..lowest ....1 ....3 ..4 5 6 2 9"},
        Ordered{"all=1+3+4+5+6;low=1+3;high=5+6;highest=6", kAsked,
                "all ..low ....1 ....3 ..4 ..high ....5 ....highest ......6 2 9"},
        // One that overlaps another, or repeats it, follows without answers of its own.
        Ordered{"low=1+3;middle=3+4", kAsked, "low ..1 ..3 4 5 6 2 9 middle"},
        Ordered{"low=1+3;same=3+1", kAsked, "low ..1 ..3 4 5 6 2 9 same"}));

TEST(Rows, RankTheAnswersThatAreShown) {
  RowsPlan plan;
  plan.rank = true;
  plan.hidden = {6};
  plan.nets = nets("low=1+2");
  const auto even = [](const std::vector<int>& codes) {
    return codes == std::vector{1} ? 3.0 : weight(codes);
  };
  EXPECT_EQ(text_of(rows_of(question(), plan, even).value()),
            "low ..1#3 ..2#6 3#3 4#2 5#1 6(hidden) 9#5");
}

TEST(Rows, LeaveOutWhatIsNotInTheBase) {
  Variable variable = question();
  variable.dont_know_in_base = false;
  variable.nets = {{"low", "low", {1, 2}}};
  EXPECT_EQ(text_of(rows_of(variable, {}, weight).value()), "low ..1 ..2 3 4 5 6");
  EXPECT_EQ(text_of(rows_of(variable, {.codebook_nets = false}, weight).value()), "1 2 3 4 5 6");
}

TEST(Rows, OfScalesHaveTheirPointsAndStatistics) {
  Variable scale{.id = "s", .kind = VariableKind::kScale};
  scale.scale_low = 0;
  scale.scale_high = 10;
  scale.categories = {{0, "not at all"}, {10, "fully"}, {97, "no view"}};
  RowsPlan plan;
  plan.statistics = {{RowStatistic::kTopBoxes, 3},
                     {RowStatistic::kBottomBoxes, 1},
                     {RowStatistic::kNps},
                     {RowStatistic::kMean}};
  const auto rows = rows_of(scale, plan, weight).value();
  EXPECT_EQ(text_of(rows), "0 1 2 3 4 5 6 7 8 9 10 97 top3 bottom1 nps mean");
  EXPECT_EQ(rows.front().label, "not at all");
  EXPECT_EQ(rows[1].label, "1");
  EXPECT_EQ(rows[12].codes, (std::vector{8, 9, 10}));
  EXPECT_EQ(rows[13].codes, std::vector{0});
  EXPECT_EQ(score_of(scale, plan, 7), 7);
  EXPECT_EQ(score_of(scale, plan, 97), std::nullopt);
}

struct Refused {
  const char* nets;
  RowStatistic statistic;
  const char* message;
};

class RowsRefused : public ::testing::TestWithParam<Refused> {};

TEST_P(RowsRefused, WithTheReason) {
  RowsPlan plan;
  plan.nets = nets(GetParam().nets);
  plan.statistics = {{GetParam().statistic}};
  const auto rows = rows_of(question(), plan, weight);
  ASSERT_FALSE(rows.has_value());
  EXPECT_THAT(rows.error().message, HasSubstr(GetParam().message));
}

INSTANTIATE_TEST_SUITE_P(
    Plans, RowsRefused,
    ::testing::Values(Refused{"", RowStatistic::kMean, "'q' has no mean"},
                      Refused{"", RowStatistic::kTopBoxes, "'q' has no boxes"},
                      Refused{"a=1/b", RowStatistic::kMean, "'q' has no NET 'b'"},
                      Refused{"a=1/a", RowStatistic::kMean, "no NET 'a' for 'a'"},
                      Refused{"a=1/b;b=2/a", RowStatistic::kMean, "stands within itself"}));

}  // namespace
}  // namespace barometer

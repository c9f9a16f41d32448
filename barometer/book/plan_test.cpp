// Plans in YAML: what they mean in a codebook, and what is said of wrong ones.
#include "barometer/book/plan.h"

#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/book/plan_test_internal.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string rows_of(const BookPlan& plan) {
  std::string out;
  for (const RowsPlan& rows : plan.rows) out += described(rows) + "\n";
  return out;
}

Result<BookPlan> plan_of(const std::string& yaml) {
  const auto parsed = parse_book_plan(yaml, "plan.yaml");
  if (!parsed) return tl::unexpected(parsed.error());
  return resolved(*parsed, plan_codebook());
}

// The first fenced YAML of docs/tables.md.
std::string documented_example() {
  std::ifstream in(SOURCE_DIR "/docs/tables.md");
  const std::string page{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  const size_t start = page.find("```yaml\n") + 8;
  return page.substr(start, page.find("```", start) - start);
}

TEST(Plan, OfTheDocumentationIsRead) {
  const auto plan = plan_of(documented_example());
  ASSERT_TRUE(plan.has_value()) << plan.error().message;
  EXPECT_EQ(plan->title, "CCG Barometer, banner book");
  EXPECT_EQ(plan->filter, "role in ('Chair', 'Chief officer')");
  EXPECT_EQ(rows_of(*plan),
            "q1\nq2\nq3\n"
            "confidence mean top2\n"
            "recommend nps\n"
            "q1 mean sd top2 1=4 2=3 3=2 4=1 any{1234} certain{1}<any no_nets hide:5 "
            "'How likely, in detail'\n"
            "q1 q2 q3 grid\n"
            "media descending rank responses\n"
            "budget mean median if:region = 'North'\n");
  ASSERT_EQ(plan->banner.size(), 3u);
  EXPECT_EQ(described(plan->banner[0]), "role +rest");
  EXPECT_EQ(described(plan->banner[1]), "region > size 'Region and size'");
  EXPECT_EQ(described(plan->banner[2]), "wave +sequence");
  EXPECT_THAT(plan->measures, ElementsAre(Measure::kPercent, Measure::kCount, Measure::kLetters));
  EXPECT_THAT(plan->weights, ElementsAre("", "w2"));
  EXPECT_TRUE(plan->significance.on);
  EXPECT_EQ(plan->significance.convention, Convention::kDesign);
  EXPECT_THAT(plan->significance.levels, ElementsAre(0.01, 0.05));
  EXPECT_EQ(plan->significance.adjustment, PAdjustment::kHolm);
  EXPECT_EQ(plan->significance.least_base, 20);
  EXPECT_TRUE(plan->rao_scott && plan->weighted_base && plan->effective_base && plan->total);
  EXPECT_EQ(plan->print.percent_places, 1);
  EXPECT_TRUE(plan->has_print);
  ASSERT_EQ(plan->multi.size(), 1u);
  EXPECT_THAT(plan->multi[0].from, ElementsAre("m1", "m2", "m3"));
}

TEST(Plan, ResolvedTwiceIsTheSame) {
  const auto once = plan_of(documented_example());
  ASSERT_TRUE(once.has_value()) << once.error().message;
  const auto twice = resolved(*once, plan_codebook());
  ASSERT_TRUE(twice.has_value()) << twice.error().message;
  EXPECT_EQ(rows_of(*twice), rows_of(*once));
  EXPECT_EQ(twice->weights, once->weights);
  EXPECT_EQ(twice->multi[0].from, once->multi[0].from);
}

TEST(Plan, OfFewWordsHasTheseDefaults) {
  const auto plan = plan_of("rows: role");
  ASSERT_TRUE(plan.has_value()) << plan.error().message;
  EXPECT_EQ(rows_of(*plan), "role\n");
  EXPECT_THAT(plan->measures, ElementsAre(Measure::kPercent));
  EXPECT_THAT(plan->weights, ElementsAre(""));
  EXPECT_TRUE(plan->total && plan->weighted_base);
  EXPECT_FALSE(plan->effective_base || plan->significance.on || plan->rao_scott);
  EXPECT_FALSE(plan->has_print);
  EXPECT_EQ(plan->percent, PercentBase::kColumn);
  EXPECT_THAT(plan->banner, IsEmpty());
}

TEST(Plan, TakesTheAdjustmentOfItsConventionUnlessTold) {
  const auto adjustment = [](const std::string& significance) {
    const auto plan = plan_of("rows: role\nsignificance: " + significance);
    EXPECT_TRUE(plan.has_value()) << plan.error().message;
    return name_of(plan->significance.adjustment);
  };
  EXPECT_EQ(adjustment("true"), "none");
  EXPECT_EQ(adjustment("{convention: spss}"), "bonferroni");
  EXPECT_EQ(adjustment("{convention: quantum}"), "none");
  EXPECT_EQ(adjustment("{convention: q}"), "BH");
  EXPECT_EQ(adjustment("{convention: q, adjust: none}"), "none");
  EXPECT_EQ(adjustment("{convention: spss, adjust: holm}"), "holm");
}

TEST(Plan, OfLettersTests) {
  EXPECT_TRUE(plan_of("rows: role\ncells: [percent, letters]")->significance.on);
  EXPECT_FALSE(plan_of("rows: role\ncells: letters\nsignificance: false")->significance.on);
}

struct Wrong {
  const char* situation;
  const char* yaml;
  const char* expected;
};
class PlanMistake : public testing::TestWithParam<Wrong> {};
TEST_P(PlanMistake, IsReportedWithPlaceValueAndHint) {
  const auto plan = plan_of(GetParam().yaml);
  ASSERT_FALSE(plan.has_value()) << GetParam().situation;
  EXPECT_EQ(plan.error().message + "\n", GetParam().expected) << GetParam().situation;
}
INSTANTIATE_TEST_SUITE_P(
    Read, PlanMistake,
    testing::Values(
        Wrong{"no YAML", "rows: [role",
              "plan.yaml:1:1: error: this is not YAML: end of sequence "
              "flow not found [yaml]\n"
              "  hint: lines that belong together start in the same column, and a [ or { is "
              "closed\n"},
        Wrong{"a colon within a title", "title: T: U\nrows: role",
              "plan.yaml:1:9: error: this is not YAML: illegal map value [yaml]\n"
              "  hint: a text with a colon stands in quotes: title: \"T: U\"\n"},
        Wrong{"no rows", "title: T",
              "plan.yaml:1:1: error: 'rows' is missing [missing-key]\n"
              "  hint: rows: [confidence, q1..q9]\n"},
        Wrong{"misspelt keys, all of them", "rows: role\nbaner: role\nwieghts: [w2]",
              "plan.yaml:2:1: error: unknown key 'baner' [unknown-key]\n"
              "  hint: did you mean 'banner'?\n"
              "plan.yaml:3:1: error: unknown key 'wieghts' [unknown-key]\n"
              "  hint: did you mean 'weights'?\n"},
        Wrong{"a misspelt key of rows", "rows:\n  - {variables: q1, statistcs: [mean]}",
              "plan.yaml:2:21: error: unknown key 'rows[1].statistcs' [unknown-key]\n"
              "  hint: did you mean 'statistics'?\n"},
        Wrong{"rows of nothing", "rows:\n  - {grid: true}",
              "plan.yaml:2:5: error: 'rows[1].variables' is missing [missing-key]\n"
              "  hint: variables: [q1..q9, confidence]\n"},
        Wrong{"an unknown statistic", "rows:\n  - {variables: q1, statistics: [mean, men]}",
              "plan.yaml:2:40: error: 'men' is no statistic [unknown-value]\n"
              "  hint: did you mean 'mean'?\n"},
        Wrong{"a score that is no number", "rows:\n  - {variables: q1, scores: {Very likely: x}}",
              "plan.yaml:2:30: error: 'rows[1].scores.Very likely' is 'x', not a number "
              "[yaml-type]\n"},
        Wrong{"a filter that is no expression", "rows: role\nfilter: role = = 1",
              "plan.yaml:2:9: error: column 8: expected a value after '='\n"
              "  role = = 1\n         ^ [plan-filter]\n"},
        Wrong{"an unknown cell", "rows: role\ncells: [percent, counts]",
              "plan.yaml:2:18: error: 'counts' is nothing a cell can hold [unknown-value]\n"
              "  hint: did you mean 'count'?\n"},
        Wrong{"an unknown percent", "rows: role\npercent: columns",
              "plan.yaml:2:10: error: 'columns' is not a value of 'percent' [unknown-value]\n"
              "  hint: did you mean 'column'?\n"},
        Wrong{"levels the wrong way round", "rows: role\nsignificance: {levels: [0.05, 0.01]}",
              "plan.yaml:2:24: error: levels are one or two numbers, the stricter first "
              "[plan-level]\n  hint: levels: [0.01, 0.05]\n"},
        Wrong{"a level of confidence", "rows: role\nsignificance: {levels: 0.95}",
              "plan.yaml:2:24: error: the level 0.95 is not between 0 and a half [plan-level]\n"
              "  hint: 0.05 is the level of 95% confidence\n"},
        Wrong{"an unknown convention", "rows: role\nsignificance: {convention: spps}",
              "plan.yaml:2:28: error: 'spps' is not a value of 'significance.convention' "
              "[unknown-value]\n  hint: did you mean 'spss'?\n"},
        Wrong{"a base below zero", "rows: role\nsignificance: {least_base: -1}",
              "plan.yaml:2:28: error: -1 is not a number of cases [plan-base]\n"
              "  hint: least_base: 30\n"},
        Wrong{"an unknown base", "rows: role\nbases: [efective]",
              "plan.yaml:2:9: error: 'efective' is no base [unknown-value]\n"
              "  hint: known: unweighted (always printed), weighted, effective\n"},
        Wrong{"a NET of nothing", "rows:\n  - {variables: q1, nets: [{id: x}]}",
              "plan.yaml:2:28: error: 'rows[1].nets[1].answers' is missing [missing-key]\n"
              "  hint: answers: [Very likely, Fairly likely]\n"},
        Wrong{"a set from nothing", "rows: role\nmulti: {media: {label: M}}",
              "plan.yaml:2:9: error: 'multi.media.from' is missing [missing-key]\n"
              "  hint: from: [m1..m5]\n"},
        Wrong{"words with a mistake", "rows:\n  - role\n  - q1[mean",
              "plan.yaml:3:5: error: this '[' is not closed [plan-words]\n  hint: q1[mean]\n"},
        Wrong{"print rules", "rows: role\nprint: {percent_places: 9}",
              "plan.yaml:2:25: error: 'percent_places' is 9, not between 0 and 6 "
              "[print-rule]\n"}));

INSTANTIATE_TEST_SUITE_P(
    Resolved, PlanMistake,
    testing::Values(
        Wrong{"unknown names, all of them",
              "rows:\n  - rolle\n  - {variables: [q1, q9]}\nbanner: regoin\nweights: w3",
              "plan.yaml:2:5: error: there is no variable 'rolle' [unknown-variable]\n"
              "  hint: did you mean 'role'?\n"
              "plan.yaml:3:5: error: there is no variable 'q9' [unknown-variable]\n"
              "  hint: did you mean 'q1'?\n"
              "plan.yaml:4:9: error: there is no variable 'regoin' [unknown-variable]\n"
              "  hint: did you mean 'region'?\n"
              "plan.yaml:5:10: error: there is no variable 'w3' [unknown-variable]\n"
              "  hint: did you mean 'q3'?\n"},
        Wrong{"an answer that is none", "rows:\n  - {variables: q1, hide: [Dont know]}",
              "plan.yaml:2:5: error: 'Dont know' is no answer of 'q1' [unknown-answer]\n"
              "  hint: did you mean 'Don't know'?\n"},
        Wrong{"an answer of none of several", "rows:\n  - {variables: q*, last: [Maybe]}",
              "plan.yaml:2:5: error: 'Maybe' is no answer of 'q1' or the others "
              "[unknown-answer]\n"
              "  hint: known: Very likely, Fairly likely, Fairly unlikely, Very unlikely, Don't "
              "know\n"},
        Wrong{"a NET of a code that is no answer",
              "rows:\n  - {variables: q1, nets: [{id: x, answers: [7]}]}",
              "plan.yaml:2:28: error: '7' is no answer of 'q1' [unknown-answer]\n"
              "  hint: known: Very likely, Fairly likely, Fairly unlikely, Very unlikely, Don't "
              "know\n"},
        Wrong{"a NET with the id of one of the codebook",
              "rows:\n  - {variables: q1, nets: [{id: likely, answers: [1]}]}",
              "plan.yaml:2:28: error: the NET 'likely' of 'q1' is a NET of the codebook already "
              "[plan-net]\n"},
        Wrong{"a NET called as a statistic",
              "rows:\n  - {variables: q1, nets: [{id: top2, answers: [1, 2]}]}",
              "plan.yaml:2:28: error: the NET 'top2' of 'q1' is the name of a statistic "
              "[plan-net]\n"},
        Wrong{"a sub-NET of nothing",
              "rows:\n  - {variables: q1, nets: [{id: x, answers: [1], within: y}]}",
              "plan.yaml:2:28: error: the NET 'x' is within 'y', which is no NET above it "
              "[plan-net]\n"},
        Wrong{"a sub-NET that sticks out",
              "rows:\n  - {variables: q1, nets: [{id: x, answers: [1, 3], within: likely}]}",
              "plan.yaml:2:28: error: the NET 'x' has answers that 'likely' above it does not "
              "have [plan-net]\n"},
        Wrong{"a NET within itself",
              "rows:\n  - {variables: q1, nets: [{id: x, answers: [1], within: x}]}",
              "plan.yaml:2:28: error: the NET 'x' is within 'x', which is no NET above it "
              "[plan-net]\n"},
        Wrong{"three levels",
              "rows:\n  - variables: q1\n    nets:\n"
              "      - {id: x, answers: [1, 2, 3]}\n"
              "      - {id: y, answers: [1, 2], within: x}\n"
              "      - {id: z, answers: [1], within: y}",
              "plan.yaml:6:9: error: the NET 'z' is within the sub-NET 'y': two levels are the "
              "most [plan-net]\n"},
        Wrong{"one title for three", "rows:\n  - {variables: q*, title: T}",
              "plan.yaml:2:5: error: one title for 3 tables [plan-title]\n"
              "  hint: leave it out: each table has the label of its variable\n"},
        Wrong{"a filter of an unknown variable", "rows:\n  - {variables: q1, filter: rolle = 1}",
              "plan.yaml:2:5: error: column 1: there is no variable 'rolle'; did you mean "
              "'role'?\n  rolle = 1\n  ^ [plan-filter]\n"},
        Wrong{"a weight of categories", "rows: role\nweights: [role]",
              "plan.yaml:2:10: error: the weight 'role' is no number (single) [plan-weight]\n"},
        Wrong{"a weight twice", "rows: role\nweights: [design, w2, w2]",
              "plan.yaml:2:10: error: the weight 'w2' is there twice [plan-weight]\n"},
        Wrong{"no columns", "rows: role\ntotal: false",
              "plan.yaml: error: tables without total and banner have no columns "
              "[plan-empty]\n"},
        Wrong{"against a total without a banner", "rows: role\nsignificance: {against: total}",
              "plan.yaml: error: columns are to be compared with the total, but without a banner "
              "there is no column beside it [plan-significance]\n"
              "  hint: banner: [role], or --banner role\n"},
        Wrong{"against a total that is not there",
              "rows: role\nbanner: region\ntotal: false\nsignificance: {against: total}",
              "plan.yaml: error: columns are to be compared with the total, but there is none "
              "[plan-significance]\n"},
        Wrong{"a set of text", "rows: role\nmulti: {media: {from: [comment]}}",
              "plan.yaml:2:9: error: 'comment' (text) of the set 'media' has no answer 1 "
              "[plan-multi]\n  hint: value: the code that counts as chosen\n"},
        Wrong{"a set with the id of a variable", "rows: role\nmulti: {role: {from: [m1, m2]}}",
              "plan.yaml:2:9: error: two variables are called 'role' and 'role' [plan-multi]\n"}));

TEST(Plan, OfAProgramHasMistakesWithoutPlace) {
  BookPlan plan;
  plan.rows = {{.variables = {"rolle"}}};
  EXPECT_EQ(resolved(plan, plan_codebook()).error().message + "\n",
            "plan: error: there is no variable 'rolle' [unknown-variable]\n"
            "  hint: did you mean 'role'?\n");
  plan.rows = {{.variables = {"q1"}, .scores = {{1, 2}, {7, 1.5}}}};
  EXPECT_EQ(resolved(plan, plan_codebook()).error().message,
            "plan: error: the score 1.5 is of code 7, which is no answer of 'q1' [plan-score]");
  EXPECT_THAT(resolved(BookPlan{}, plan_codebook()).error().message,
              HasSubstr("the plan has no tables"));
}

TEST(Plan, OfManyTablesIsRefused) {
  std::string yaml = "rows:\n";
  for (int i = 0; i < 1500; ++i) yaml += "  - \"*\"\n";
  EXPECT_THAT(plan_of(yaml).error().message, HasSubstr("more than 20000 tables"));
}

TEST(StatisticCodes, AreThePointsOrTheScoredAnswers) {
  const Codebook codebook = plan_codebook();
  const auto codes = [&](const char* id, StatisticPlan statistic,
                         const std::vector<std::pair<int, double>>& scores) {
    return codes_of(statistic, *codebook.find(id), scores);
  };
  using enum RowStatistic;
  EXPECT_THAT(codes("confidence", {kTopBoxes, 2}, {}).added, ElementsAre(4, 5));
  EXPECT_THAT(codes("confidence", {kBottomBoxes, 1}, {}).added, ElementsAre(1));
  EXPECT_THAT(codes("recommend", {kNps}, {}).added, ElementsAre(9, 10));
  EXPECT_THAT(codes("recommend", {kNps}, {}).taken, ElementsAre(0, 1, 2, 3, 4, 5, 6));
  // Code 1 scores highest.
  const std::vector<std::pair<int, double>> scores = {{1, 4}, {2, 3}, {3, 2}, {4, 1}};
  EXPECT_THAT(codes("q1", {kTopBoxes, 2}, scores).added, ElementsAre(2, 1));
  EXPECT_THAT(codes("q1", {kMean}, scores).added, IsEmpty());
}

TEST(MultiSets, AreMadeOfTheirColumns) {
  Codebook codebook;
  ASSERT_TRUE(codebook.add({.id = "m1", .label = "Radio", .categories = {{0, "No"}, {1, "Yes"}}}));
  ASSERT_TRUE(codebook.add({.id = "m2", .kind = VariableKind::kNumber}));
  const std::vector<int> radio = {1, 0, -2, -1, 1};
  const std::vector<Missing> missing = {Missing::kNone, Missing::kNone, Missing::kNone,
                                        Missing::kNotAsked, Missing::kDontKnow};
  const auto data = Dataset::make(codebook, {make_codes(radio), Numbers{{1, 0, 1, 0, 0}, missing}});
  ASSERT_TRUE(data.has_value());
  const std::vector<MultiSet> sets = {{.id = "media", .label = "Media", .from = {"m1", "m2"}}};
  const auto made = with_multi_sets(*data, sets);
  ASSERT_TRUE(made.has_value()) << made.error().message;
  const Variable* media = made->codebook().find("media");
  ASSERT_NE(media, nullptr);
  EXPECT_EQ(media->categories[0].label, "Radio");
  EXPECT_EQ(media->categories[1].label, "m2");
  const auto& chosen = std::get<OptionSets>(made->column(2));
  EXPECT_THAT(chosen.bits, ElementsAre(3u, 0u, 2u, 0u, 1u));
  EXPECT_THAT(chosen.missing, ElementsAre(Missing::kNone, Missing::kNone, Missing::kNone,
                                          Missing::kNotAsked, Missing::kNone));
  // Made once only, and tables of it can then be planned.
  EXPECT_EQ(with_multi_sets(*made, sets)->codebook().variables().size(), 3u);
  EXPECT_TRUE(parse_rows("media[responses]", made->codebook()).has_value());
}

TEST(MultiSets, OfNumbersOtherThanNoughtAndTheirValueAreRefused) {
  Codebook codebook;
  ASSERT_TRUE(codebook.add({.id = "m", .kind = VariableKind::kNumber}));
  const auto data = Dataset::make(codebook, {Numbers{{1, 7}, {Missing::kNone, Missing::kNone}}});
  ASSERT_TRUE(data.has_value());
  EXPECT_EQ(with_multi_sets(*data, {{.id = "media", .from = {"m"}}}).error().message,
            "'m' of the set 'media' is neither 1 nor 0 in case 2");
  EXPECT_FALSE(with_multi_sets(*data, {{.id = "media", .from = {"n"}}}).has_value());
}

}  // namespace
}  // namespace barometer

// The words of --rows and --banner: what they mean, and what is said of wrong ones.
#include <random>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/book/plan_internal.h"
#include "barometer/book/plan_test_internal.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;

struct Meaning {
  const char* words;
  const char* expected;
};
class Rows : public testing::TestWithParam<Meaning> {};
TEST_P(Rows, MeanTheseTables) {
  EXPECT_EQ(described(parse_rows(GetParam().words, plan_codebook())), GetParam().expected)
      << GetParam().words;
}
INSTANTIATE_TEST_SUITE_P(
    Words, Rows,
    testing::Values(
        Meaning{"role", "role"}, Meaning{" role ,region", "role; region"},

        Meaning{"q1..q3", "q1; q2; q3"}, Meaning{"q1 .. q2", "q1; q2"},
        Meaning{"q3..confidence", "q3; confidence"},  // open text between them is left out
        Meaning{"q*", "q1; q2; q3"}, Meaning{"?1", "q1; m1"}, Meaning{"*si*", "size"},
        Meaning{"q2, q*", "q2; q1; q2; q3"},  // two parts, two wishes
        Meaning{"% budget", "budget mean"},   // the name the column had in its file
        Meaning{"confidence[mean,top2]", "confidence mean top2"},
        Meaning{"confidence[ Mean , bottom1,mean ]", "confidence mean bottom1"},
        Meaning{"recommend[nps,median,sd]", "recommend nps median sd"},
        Meaning{"q*[grid]", "q1 q2 q3 grid"},
        Meaning{"barriers[responses,descending,rank]", "barriers descending rank responses"},
        Meaning{"q1[no_nets,ascending]", "q1 no_nets ascending"},
        Meaning{"q1[codes,mean]", "q1 mean 1=1 2=2 3=3 4=4"},  // not the don't know
        Meaning{"budget", "budget mean"}, Meaning{"budget[median]", "budget median"},
        Meaning{"q3..confidence[mean]", "q3; confidence mean"},  // where it fits
        Meaning{"role, q1[codes,top1],region", "role; q1 top1 1=1 2=2 3=3 4=4; region"}));

class Banner : public testing::TestWithParam<Meaning> {};
TEST_P(Banner, MeansTheseGroups) {
  EXPECT_EQ(described(parse_banner(GetParam().words, plan_codebook())), GetParam().expected)
      << GetParam().words;
}
INSTANTIATE_TEST_SUITE_P(
    Words, Banner,
    testing::Values(Meaning{"role", "role"}, Meaning{"role, region", "role; region"},
                    Meaning{"region > size", "region > size"},
                    Meaning{"region>size>wave +rest", "region > size > wave +rest"},
                    Meaning{"role+rest, wave + sequence", "role +rest; wave +sequence"},
                    Meaning{"confidence, barriers", "confidence; barriers"}));

class RowsMistake : public testing::TestWithParam<Meaning> {};
TEST_P(RowsMistake, IsReportedWithItsColumn) {
  const auto rows = parse_rows(GetParam().words, plan_codebook());
  ASSERT_FALSE(rows.has_value()) << GetParam().words;
  EXPECT_EQ(rows.error().message + "\n", GetParam().expected) << GetParam().words;
}
INSTANTIATE_TEST_SUITE_P(
    Words, RowsMistake,
    testing::Values(
        Meaning{"",
                "--rows:1:1: error: a name is missing here [plan-words]\n"
                "  hint: names, ranges (q1..q9) or patterns (q*)\n"},
        Meaning{"role,,region",
                "--rows:1:6: error: a name is missing here [plan-words]\n"
                "  hint: names, ranges (q1..q9) or patterns (q*)\n"},
        Meaning{"rolle",
                "--rows:1:1: error: there is no variable 'rolle' [unknown-variable]\n"
                "  hint: did you mean 'role'?\n"},
        Meaning{"role, regoin, siez",
                "--rows:1:7: error: there is no variable 'regoin' [unknown-variable]\n"
                "  hint: did you mean 'region'?\n"
                "--rows:1:15: error: there is no variable 'siez' [unknown-variable]\n"
                "  hint: did you mean 'size'?\n"},
        Meaning{"z*", "--rows:1:1: error: no variable fits 'z*' [unknown-variable]\n"},
        Meaning{"q3..q1",
                "--rows:1:1: error: 'q3..q1' runs backwards: 'q3' comes after 'q1' in "
                "the data [plan-range]\n"},
        Meaning{"q1..", "--rows:1:1: error: there is no variable '' [unknown-variable]\n"},
        Meaning{"comment",
                "--rows:1:1: error: 'comment' is open text, which is not tabulated "
                "[plan-kind]\n"},
        Meaning{"q1[mean",
                "--rows:1:3: error: this '[' is not closed [plan-words]\n"
                "  hint: q1[mean]\n"},
        Meaning{"q1mean]",
                "--rows:1:7: error: there is no '[' for this ']' [plan-words]\n"
                "  hint: q1[mean]\n"},
        Meaning{"confidence[mean]x",
                "--rows:1:17: error: 'x' stands after the brackets [plan-words]\n"
                "  hint: a comma goes between two parts\n"},
        Meaning{"confidence[maen]",
                "--rows:1:12: error: 'maen' is nothing that can stand in brackets [plan-words]\n"
                "  hint: did you mean 'mean'?\n"},
        Meaning{"confidence[top0]",
                "--rows:1:12: error: 'top0' is nothing that can stand in brackets [plan-words]\n"
                "  hint: did you mean 'top2'?\n"},
        Meaning{"q1[mean]",
                "--rows:1:1: error: 'mean' of 'q1' (single): its codes are names; it "
                "needs scores [plan-statistic]\n"
                "  hint: scores: {Very good: 2, Good: 1}, or scores: codes\n"},
        Meaning{"q*[mean]",
                "--rows:1:1: error: 'mean' fits none of these variables "
                "[plan-statistic]\n"
                "  hint: boxes, NPS and means need a scale, scores or a number\n"},
        Meaning{"barriers[mean]",
                "--rows:1:1: error: 'mean' of 'barriers' (multi): several answers "
                "have no value [plan-statistic]\n"},
        Meaning{"confidence[nps]",
                "--rows:1:1: error: 'nps' of 'confidence' (scale): it needs a "
                "scale from 0 to 10 [plan-statistic]\n"},
        Meaning{"confidence[top5]",
                "--rows:1:1: error: 'top5' of 'confidence' (scale): 5 of its 5 "
                "points are all of it [plan-statistic]\n"},
        Meaning{"budget[top2]",
                "--rows:1:1: error: 'top2' of 'budget' (number): a number has no "
                "answers to add [plan-statistic]\n"},
        Meaning{"role[responses]",
                "--rows:1:1: error: 'role' (single) has one answer a case: "
                "percent of responses is for several answers "
                "[plan-responses]\n"},
        Meaning{"role..size[grid]",
                "--rows:1:1: error: 'region' has other answers than 'role': no grid [plan-grid]\n"
                "--rows:1:1: error: 'size' has other answers than 'role': no grid [plan-grid]\n"},
        Meaning{"budget[grid]",
                "--rows:1:1: error: 'budget' (number) cannot be the row of a grid "
                "[plan-grid]\n"}));

class BannerMistake : public testing::TestWithParam<Meaning> {};
TEST_P(BannerMistake, IsReportedWithItsColumn) {
  const auto banner = parse_banner(GetParam().words, plan_codebook());
  ASSERT_FALSE(banner.has_value()) << GetParam().words;
  EXPECT_EQ(banner.error().message + "\n", GetParam().expected) << GetParam().words;
}
INSTANTIATE_TEST_SUITE_P(
    Words, BannerMistake,
    testing::Values(
        Meaning{"role > ",
                "--banner:1:7: error: a name is missing here [plan-words]\n"
                "  hint: role, or nested: region > size\n"},
        Meaning{"role, budgt",
                "--banner:1:7: error: there is no variable 'budgt' "
                "[unknown-variable]\n  hint: did you mean 'budget'?\n"},
        Meaning{"budget",
                "--banner:1:1: error: 'budget' (number) has no categories to be columns "
                "[plan-banner]\n"},
        Meaning{"comment",
                "--banner:1:1: error: 'comment' (text) has no categories to be columns "
                "[plan-banner]\n"},
        Meaning{"role > role", "--banner:1:1: error: 'role' is nested in itself [plan-banner]\n"},
        Meaning{"role+rset",
                "--banner:1:6: error: 'rset' cannot follow a '+' [plan-words]\n"
                "  hint: known: rest, sequence\n"},
        Meaning{"wave+rest+sequence",
                "--banner:1:1: error: a sequence compares each column with the one before: no "
                "rests between them [plan-banner]\n"},
        Meaning{"recommend > confidence > role > region > size > q1",
                "--banner:1:1: error: the banner has more than 2000 columns [plan-size]\n"}));

TEST(RowsWords, OfHostileLengthAreRefused) {
  const auto rows = parse_rows(std::string(200'000, '['), plan_codebook());
  ASSERT_FALSE(rows.has_value());
  EXPECT_THAT(rows.error().message, HasSubstr("200000 bytes are more than the 100000"));
}

TEST(RowsWords, OfManyMistakesStopAtAHundred) {
  std::string words = "x0";
  for (int i = 1; i < 5000; ++i) words += ",x" + std::to_string(i);
  const auto rows = parse_rows(words, plan_codebook());
  ASSERT_FALSE(rows.has_value());
  EXPECT_THAT(rows.error().message, HasSubstr("'x99'"));
  EXPECT_THAT(rows.error().message, ::testing::Not(HasSubstr("'x100'")));
}

TEST(RowsWords, OfAPatternMadeToBeSlowAreMatchedAtOnce) {
  std::string pattern;
  for (int i = 0; i < 2000; ++i) pattern += "*a";
  EXPECT_FALSE(parse_rows(pattern, plan_codebook()).has_value());
}

TEST(PlanWords, OfAnyLettersEndInAPlanOrASentence) {
  const Codebook codebook = plan_codebook();
  const std::string_view alphabet = "q1 .*?[]>,+r\n\xff";
  std::mt19937 random(7);
  for (int i = 0; i < 3000; ++i) {
    std::string words;
    for (size_t length = random() % 24; words.size() < length;) {
      words += alphabet[random() % alphabet.size()];
    }
    const auto rows = parse_rows(words, codebook);
    const auto banner = parse_banner(words, codebook);
    EXPECT_TRUE(rows.has_value() || !rows.error().message.empty());
    EXPECT_TRUE(banner.has_value() || !banner.error().message.empty());
    EXPECT_FALSE(rows.has_value() && rows->empty()) << words;
  }
}

TEST(Measures, AreReadInTheirOrder) {
  const auto measures = parse_measures("count, percent,COUNT,letters");
  ASSERT_TRUE(measures.has_value());
  EXPECT_EQ(*measures,
            (std::vector<Measure>{Measure::kCount, Measure::kPercent, Measure::kLetters}));
  EXPECT_EQ(parse_measures("percnet").error().message,
            "'percnet' is nothing a cell can hold; did you mean 'percent'?");
}

TEST(Statistics, ReadBackAsTheirNames) {
  for (const std::string& word : statistic_words()) {
    const auto statistic = statistic_named(word);
    ASSERT_TRUE(statistic.has_value()) << word;
    EXPECT_EQ(name_of(*statistic), word);
  }
  for (const char* word : {"", "top", "top-1", "top1x", "top99999", "bottom", "Mean "}) {
    EXPECT_FALSE(statistic_named(word).has_value()) << word;
  }
}

}  // namespace
}  // namespace barometer

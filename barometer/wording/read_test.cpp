#include "barometer/wording/read.h"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace barometer::wording {
namespace {

std::string number_text(const Ratio& value) {
  for (int places = 0; places <= 6; ++places) {
    const Decimal rounded = round(value, places);
    if (rounded.ratio() == value) return rounded.text();
  }
  return fmt::format("{}/{}", value.numerator, value.denominator);
}

// "nearly percent 60", "share 4 of 5", "count 10..15 people"; marks of what else was noticed.
std::string described(const NumberPhrase& phrase) {
  std::string text = phrase.hedge->words.empty() ? "" : fmt::format("({}) ", phrase.hedge->words);
  text += name_of(phrase.form);
  if (phrase.form == Form::kShare) {
    text += fmt::format(" {} of {}", phrase.value.numerator, phrase.value.denominator);
  } else if (phrase.form == Form::kQuantifier) {
    text += fmt::format(" {}", phrase.quantifier->words);
  } else if (is_result(phrase.form) || phrase.form == Form::kThreshold) {
    text += " " + number_text(phrase.value);
    if (phrase.out_of > 0) text += fmt::format(" of {}", phrase.out_of);
  }
  if (phrase.has_upper && is_result(phrase.form)) text += ".." + number_text(phrase.upper);
  constexpr auto kNouns =
      std::to_array<std::string_view>({"", " people", " organisations", " answers", " things"});
  text += kNouns.at(static_cast<size_t>(phrase.counted));
  if (phrase.direction != 0) text += phrase.direction > 0 ? " up" : " down";
  if (phrase.typo) text += " typo";
  if (phrase.quoted) text += " quoted";
  if (phrase.elliptical) text += " elliptical";
  if (phrase.is_remainder) text += " remainder";
  return text;
}

std::string described(std::string_view sentence) {
  std::string text;
  for (const NumberPhrase& phrase : read_numbers(sentence)) {
    text += (text.empty() ? "" : "; ") + described(phrase);
  }
  return text;
}

struct Case {
  const char* sentence;
  const char* expected;
};
void expect_read(const std::vector<Case>& cases) {
  for (const Case& c : cases) EXPECT_EQ(described(c.sentence), c.expected) << c.sentence;
}

TEST(Read, Percents) {
  expect_read({
      {"63 per cent", "percent 63"},
      {"63%", "percent 63"},
      {"63 percent", "percent 63"},
      {"63pc of trusts", "percent 63"},
      {"Sixty-three per cent", "percent 63"},
      {"Seventy six per cent", "percent 76"},
      {"nine per cent", "percent 9"},
      {"29.1 per cent", "percent 29.1"},
      {"6.00%", "percent 6"},
      {"Zero per cent said so", "percent 0"},
      {"one hundred per cent", "percent 100"},
      {"41\u00A0per\u00A0cent", "percent 41"},
      {"forty per\ncent agreed", "percent 40"},
      {"the other 10 per cent", "percent 10 remainder"},
      {"the remaining 15 per cent", "percent 15 remainder"},
      {"between 40 and 50 per cent", "percent 40..50"},
      {"40-50% of leaders", "percent 40..50"},
      {"40 to 50 per cent of leaders", "percent 40..50"},
      {"49 per cent to 11 per cent", "percent 49; percent 11"},
      {"rose from 40 to 45 per cent", "percent 40 elliptical; percent 45"},
      {"35, 36 and 42 per cent", "percent 35 elliptical; percent 36 elliptical; percent 42"},
      {"43 per cent, up from 40.", "percent 43; percent 40 elliptical"},
      {"In 2012 63 per cent agreed", "date; percent 63"},
  });
}

TEST(Read, SlipsArePercentsWithATypo) {
  expect_read({
      {"Eighty-five per said it was likely", "percent 85 typo"},
      {"40 per of leaders", "percent 40 typo"},
      {"40 per cet of leaders", "percent 40 typo"},
      {"40 precent of leaders", "percent 40 typo"},
      {"25 per head", "measure"},
      {"40 per week", "measure"},
  });
}

TEST(Read, FractionsAndShares) {
  expect_read({
      {"half of chairs", "fraction 0.5"},
      {"a third of leaders", "fraction 1/3"},
      {"two thirds", "fraction 2/3"},
      {"two-thirds", "fraction 2/3"},
      {"three quarters", "fraction 0.75"},
      {"three-fifths", "fraction 0.6"},
      {"3/4 of them", "fraction 0.75"},
      {"\u00BE of them", "fraction 0.75"},
      {"one in ten", "share 1 of 10"},
      {"4 in 5", "share 4 of 5"},
      {"one-in-five leaders", "share 1 of 5"},
      {"more than four in five", "(more than) share 4 of 5"},
      {"nine out of 10", "share 9 of 10"},
      {"53 of the 94 leaders", "share 53 of 94"},
      {"27 out of 46", "share 27 of 46"},
      {"five in March", "count 5"},
      {"116 in 2012", "count 116; date"},
  });
}

TEST(Read, HedgesAttachToTheNumberTheyPrecede) {
  expect_read({
      {"nearly two-thirds", "(nearly) fraction 2/3"},
      {"just over half", "(just over) fraction 0.5"},
      {"Only just over half", "(just over) fraction 0.5"},
      {"fewer than one in five", "(fewer than) share 1 of 5"},
      {"at least 60%", "(at least) percent 60"},
      {"no more than 10 leaders", "(no more than) count 10 people"},
      {"a little under a quarter", "(a little under) fraction 0.25"},
      {"only 14%", "(only) percent 14"},
      {"Some 85 per cent", "(some) percent 85"},
      {"100 or more trusts", "(at least) count 100 organisations"},
      {"100+ leaders", "(at least) count 100 people"},
      {"about us there were 12 leaders", "count 12 people"},
  });
  EXPECT_TRUE(read_numbers("Only just over half")[0].for_editor);
}

TEST(Read, Counts) {
  expect_read({
      {"Thirty-three chairs", "count 33 people"},
      {"1,234 respondents", "count 1234 people"},
      {"a dozen trusts", "count 12 organisations"},
      {"half a dozen trusts", "count 6 organisations"},
      {"two dozen trusts", "count 24 organisations"},
      {"None said so", "count 0"},
      {"no one agreed", "count 0"},
      {"only one trust", "(only) count 1 organisations"},
      {"only one agreed", "(only) count 1"},
      {"Both trusts", "count 2 organisations"},
      {"both on a national and an area team level", ""},
      {"they already had one.", ""},
      {"one of the biggest", ""},
      {"this one is fine", ""},
      {"two hundred and fifty-two chairs", "count 252 people"},
      {"a hundred leaders", "count 100 people"},
      {"one thousand two hundred thirty-four firms", "count 1234 organisations"},
      {"2.3 million people", "count 2300000 people"},
      {"1.2m patients", "count 1200000 people"},
      {"273 CCG managerial, clinical and financial leads", "count 273 people"},
      {"12 areas", "count 12 things"},
      {"10-15 leaders", "count 10..15 people"},
      {"2000 people", "count 2000 people"},
  });
}

TEST(Read, PointsScoresMultiples) {
  expect_read({
      {"five percentage points down on January", "points 5 down"},
      {"up 3 points", "points 3 up"},
      {"fell by five points", "points 5 down"},
      {"5pp", "points 5"},
      {"(\u22125 points)", "points 5 down"},
      {"a five-point lead", "points 5"},
      {"7.2 out of 10", "score 7.2 of 10"},
      {"7.2/10", "score 7.2 of 10"},
      {"The mean answer was 7.2", "score 7.2"},
      {"6.5 in January", "decimal 6.5"},
      {"they rated it 7 out of 10", "score 7 of 10"},
      {"twice as many", "multiple 2"},
      {"doubled since then", "multiple 2"},
      {"three times as many", "multiple 3"},
      {"three times a week", "measure"},
  });
}

TEST(Read, WordsThatStandForANumber) {
  expect_read({
      {"A majority, 53 per cent", "quantifier a majority; percent 53"},
      {"the remainder said", "quantifier the remainder"},
      {"Most leaders were positive", "quantifier most"},
      {"Most provider chairs believe", "quantifier most"},
      {"the most senior GP", ""},
      {"the most likely answer", ""},
      {"it is most serious", ""},
      {"a significant minority of 18 per cent", "quantifier a significant minority; percent 18"},
      {"The largest group \u2212 41 per cent", "quantifier the largest group; percent 41"},
      {"with everyone else neutral", "quantifier everyone else"},
      {"how many leaders", ""},
  });
}

TEST(Read, WhatIsNoResultIsKnownAsSuch) {
  expect_read({
      {"\u00A325 per head", "money"},
      {"about \u00A360bn", "(about) money"},
      {"five pounds", "money"},
      {"12-18 months", "measure"},
      {"Over a 24-36-month period", "measure"},
      {"1-3", "range"},
      {"a scale of 1 to 10", "scale"},
      {"on a scale from 0 (not at all) to 10", "scale"},
      {"rated from 1 to 10", "scale"},
      {"a five-point scale", "scale"},
      {"5 October 2012", "date"},
      {"by April 2017", "date"},
      {"on October 5, 2012", "date"},
      {"2012-10-05", "date"},
      {"24/2/2013", "date"},
      {"2012/13", "date"},
      {"in 2014-16", "date"},
      {"the 1990s", "date"},
      {"In 2012 leaders said", "date"},
      {"The 2012 survey covers", "date"},
      {"at 10.30am", "time"},
      {"10:30", "time"},
      {"call 020 7946 0123 now", "phone"},
      {"section 4", "label"},
      {"Question 5", "label"},
      {"In wave 3 94 leaders", "label; count 94 people"},
      {"Covid-19", "label"},
      {"Q5", ""},
      {"a one-off", "label"},
      {"version 1.2.3", "label"},
      {"the first survey", "ordinal"},
      {"the 3rd wave", "ordinal"},
      {"a third survey", "ordinal"},
      {"second half of the year", "ordinal; ordinal"},
      {"half an hour", "measure"},
      {"four-hour target", "measure"},
      {"Where a group had under ten answers", "(under) threshold 10 answers"},
      {"see http://example.org/2017/24/survey now", ""},
      {"\u201COver 40 per cent,\u201D he said", "(over) percent 40 quoted"},
  });
}

TEST(Read, SpansAreCodePointsOfTheOriginal) {
  const std::string text = "\u201CNo\u201D\u2026 nearly\u00A0two\u2010thirds said so";
  const NumberPhrase phrase = read_numbers(text).at(0);
  EXPECT_EQ(phrase.span, (TextSpan{6, 23}));
  EXPECT_EQ(phrase.number, (TextSpan{13, 23}));
}

TEST(Read, APhraseIsJudgedByWhatItSays) {
  const auto truth = [](const char* text, Ratio actual) {
    return is_true(read_numbers(text).at(0), actual);
  };
  EXPECT_EQ(truth("nearly two-thirds", {64, 1}), Truth::kTrue);
  EXPECT_EQ(truth("nearly two-thirds", {67, 1}), Truth::kFalse);
  EXPECT_EQ(truth("between 40 and 50 per cent", {40, 1}), Truth::kTrue);
  EXPECT_EQ(truth("between 40 and 50 per cent", {501, 10}), Truth::kFalse);
  EXPECT_EQ(truth("a majority", {53, 1}), Truth::kTrue);
  EXPECT_EQ(truth("94 leaders", {94, 1}), Truth::kTrue);
  EXPECT_EQ(truth("94 leaders", {93, 1}), Truth::kFalse);
  EXPECT_EQ(truth("29.1 per cent", {2914, 100}), Truth::kTrue);
  EXPECT_EQ(truth("29.1 per cent", {2915, 100}), Truth::kFalse);
  EXPECT_EQ(truth("\u00A360bn", {60, 1}), Truth::kUnknown);
}

TEST(Read, WordsOfChangeAreFound) {
  const std::vector<ChangeUse> uses = read_changes("Significantly more; support rose, then fell.");
  ASSERT_EQ(uses.size(), 3U);
  EXPECT_EQ(uses[0].word->word, "significantly");
  EXPECT_EQ(uses[1].span, (TextSpan{28, 32}));
  EXPECT_EQ(uses[2].word->change, Change::kDown);
}

// A reader that looked back or ahead without bound would need hours for these.
TEST(Read, HostileTextIsReadInLinearTime) {
  constexpr size_t kSize = 100'000;
  for (const std::string_view unit : {"9",
                                      "1,",
                                      "1,000",
                                      "hundred ",
                                      "twenty-",
                                      "two thousand ",
                                      "one in ",
                                      "'a ",
                                      "\u2018a ",
                                      "\"a ",
                                      "((((",
                                      "\u00A3",
                                      "\u00A31-",
                                      "nearly ",
                                      "only just over ",
                                      "between one and ",
                                      "63 per\n",
                                      "1 of ",
                                      " ",
                                      "\xFF",
                                      "1/",
                                      "0 11 ",
                                      "a",
                                      "-",
                                      "January ",
                                      "the ",
                                      "a third ",
                                      "half a ",
                                      "point one ",
                                      "63 per cent said, ",
                                      "most ",
                                      "12 s ",
                                      "\u00AD1"}) {
    std::string text;
    while (text.size() < kSize) text += unit;
    const std::vector<NumberPhrase> phrases = read_numbers(text);
    for (size_t i = 1; i < phrases.size(); ++i) {
      ASSERT_LE(phrases[i - 1].span.end, phrases[i].span.begin) << unit;
    }
  }
}

}  // namespace
}  // namespace barometer::wording

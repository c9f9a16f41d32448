#include "barometer/wording/write.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "barometer/wording/read.h"

namespace barometer::wording {
namespace {

constexpr Place kInside = Place::kInside;
constexpr Place kStart = Place::kSentenceStart;

const HouseStyle& style(std::string_view name) { return *find_house_style(name); }

TEST(Write, HousesWriteTheSameNumberDifferently) {
  EXPECT_EQ(write_percent(Decimal{63, 0}, style("HSJ"), kInside), "63 per cent");
  EXPECT_EQ(write_percent(Decimal{63, 0}, style("HSJ"), kStart), "Sixty-three per cent");
  EXPECT_EQ(write_percent(Decimal{9, 0}, style("hsj"), kInside), "nine per cent");
  EXPECT_EQ(write_percent(Decimal{291, 1}, style("HSJ"), kInside), "29.1 per cent");
  EXPECT_EQ(write_percent(Decimal{291, 1}, style("HSJ"), kStart), "Twenty-nine point one per cent");
  EXPECT_EQ(write_percent(Decimal{63, 0}, style("Guardian"), kInside), "63%");
  EXPECT_EQ(write_percent(Decimal{63, 0}, style("Guardian"), kStart), "Sixty-three per cent");
  EXPECT_EQ(write_percent(Decimal{9, 0}, style("Guardian"), kInside), "9%");
  EXPECT_EQ(write_percent(Decimal{63, 0}, style("AP"), kStart), "Sixty-three percent");
  EXPECT_EQ(write_percent(Ratio{5900, 94}, style("ONS"), kInside), "62.8%");
  EXPECT_EQ(write_percent(Ratio{5900, 94}, style("HSJ"), kInside), "63 per cent");
  EXPECT_EQ(write_percent(Ratio{2900, 200}, style("AP"), kInside), "15%");
  EXPECT_EQ(write_count(9, style("ONS"), kInside), "nine");
  EXPECT_EQ(write_count(10, style("ONS"), kInside), "10");
  EXPECT_EQ(write_count(46, style("HSJ"), kStart), "Forty-six");
  EXPECT_EQ(write_count(1'234, style("HSJ"), kStart), "One thousand two hundred and thirty-four");
  EXPECT_EQ(write_count(1'234, style("AP"), kStart), "One thousand two hundred thirty-four");
  EXPECT_EQ(write_count(1'200'000, style("AP"), kInside), "1.2 million");
  EXPECT_EQ(write_count(1'200'000, style("Guardian"), kInside), "1.2m");
  EXPECT_EQ(write_count(1'250'000, style("Guardian"), kInside), "1,250,000");
  EXPECT_EQ(write_points(Decimal{5, 0}, style("HSJ"), kInside), "five percentage points");
  EXPECT_EQ(write_points(Decimal{1, 0}, style("AP"), kInside), "one percentage point");
  EXPECT_EQ(write_points(Decimal{12, 1}, style("ONS"), kInside), "1.2 percentage points");
  EXPECT_EQ(find_house_style("Bugle"), nullptr);
}

// The only phrase of a text, which must be all of it.
NumberPhrase only_phrase(const std::string& text) {
  const std::vector<NumberPhrase> phrases = read_numbers(text);
  EXPECT_EQ(phrases.size(), 1U) << text;
  if (phrases.size() != 1) return {};
  EXPECT_EQ(phrases[0].span, (TextSpan{0, text.size()})) << text;
  return phrases[0];
}

TEST(Write, EveryTenthOfAPercentIsReadBack) {
  for (const HouseStyle& house : house_styles()) {
    for (const Place place : {kInside, kStart}) {
      for (int64_t tenths = 0; tenths <= 1'000; ++tenths) {
        const Decimal printed{tenths, 1};
        const NumberPhrase phrase = only_phrase(write_percent(printed, house, place));
        ASSERT_EQ(phrase.form, Form::kPercent) << tenths;
        ASSERT_EQ(phrase.value, printed.ratio()) << tenths;
        ASSERT_EQ(phrase.places, 1);
        if (tenths % 10 != 0) continue;
        const Decimal whole{tenths / 10, 0};
        const NumberPhrase of_whole = only_phrase(write_percent(whole, house, place));
        ASSERT_EQ(of_whole.form, Form::kPercent) << tenths;
        ASSERT_EQ(of_whole.value, whole.ratio()) << tenths;
        const NumberPhrase points = only_phrase(write_points(whole, house, place));
        ASSERT_EQ(points.form, Form::kPoints) << tenths;
        ASSERT_EQ(points.value, whole.ratio()) << tenths;
      }
    }
  }
}

void expect_count_read_back(int64_t count) {
  for (const HouseStyle& house : house_styles()) {
    for (const Place place : {kInside, kStart}) {
      const std::string text = write_count(count, house, place) + " leaders";
      const std::vector<NumberPhrase> phrases = read_numbers(text);
      ASSERT_EQ(phrases.size(), 1U) << text;
      ASSERT_EQ(phrases[0].form, Form::kCount) << text;
      ASSERT_EQ(phrases[0].value, (Ratio{count, 1})) << text;
      ASSERT_EQ(phrases[0].in_words, place == kStart || count < house.words_below) << text;
    }
  }
}

TEST(Write, EveryCountIsReadBack) {
  for (int64_t count = 2; count <= 2'000; ++count) expect_count_read_back(count);
  uint64_t random = 7;
  for (int i = 0; i < 300; ++i) {
    random = random * 6'364'136'223'846'793'005 + 1'442'695'040'888'963'407;
    const auto large = static_cast<int64_t>(random % 1'000'000'000'000'000);
    expect_count_read_back(large);
    expect_count_read_back(large % 10'000'000);
    expect_count_read_back(large % 1'000 * 100'000);
  }
  expect_count_read_back(999'999'999'999'999);
  for (const int64_t zero_or_one : {0, 1}) {
    const NumberPhrase read =
        read_numbers(write_count(zero_or_one, style("HSJ"), kInside) + " leader").at(0);
    EXPECT_EQ(read.value, (Ratio{zero_or_one, 1}));
  }
}

TEST(Write, FractionsAreChosenOnlyWhenTrue) {
  const auto text = [](Ratio percent) {
    const auto wording = write_fraction(percent, kInside);
    return wording ? wording->text : "";
  };
  EXPECT_EQ(text({63, 1}), "just over three in five");
  EXPECT_EQ(text({64, 1}), "nearly two-thirds");
  EXPECT_EQ(text({50, 1}), "half");
  EXPECT_EQ(text({53, 1}), "just over half");
  EXPECT_EQ(text({2, 1}), "fewer than one in 20");
  EXPECT_EQ(text({100, 1}), "");
  EXPECT_EQ(write_fraction({10, 1}, kStart)->text, "One in 10");
  for (int64_t tenths = 0; tenths <= 1'000; ++tenths) {
    const Ratio actual{tenths, 10};
    for (const ShareWording& wording : share_wordings(actual, kInside)) {
      const NumberPhrase read = only_phrase(wording.text);
      ASSERT_TRUE(read.is_share()) << wording.text;
      ASSERT_EQ(read.value, wording.stated) << wording.text;
      ASSERT_EQ(read.hedge, wording.hedge) << wording.text;
      ASSERT_TRUE(is_true(*read.hedge, read.measure(), read.percent(), 0, actual))
          << wording.text << " of " << actual.value();
    }
  }
}

}  // namespace
}  // namespace barometer::wording

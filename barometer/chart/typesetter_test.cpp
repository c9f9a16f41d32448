#include "barometer/chart/typesetter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Font kFont{.family = "Open Sans, DejaVu Sans", .size = 10, .bold = false};

TEST(Typesetter, WidthsFollowTheFont) {
  const Typesetter set;
  // Open Sans: the advance of 'm' is 1905 units of 2048, of 'i' 518.
  EXPECT_NEAR(set.width("m", kFont), 10 * 1905 / 2048.0, 0.01);
  EXPECT_NEAR(set.width("i", kFont), 10 * 518 / 2048.0, 0.01);
  EXPECT_NEAR(set.width("mmmm", {.family = kFont.family, .size = 30}), 12 * set.width("m", kFont),
              0.05);
  EXPECT_GT(set.width("mmm", {.family = kFont.family, .size = 10, .bold = true}),
            set.width("mmm", kFont));
  EXPECT_EQ(set.width("", kFont), 0);
}

TEST(Typesetter, BreaksAtWhiteSpace) {
  const Typesetter set;
  const double ten = set.width("aaaa aaaaa", kFont) + 0.1;
  EXPECT_THAT(set.wrapped("aaaa aaaaa", kFont, ten), ElementsAre("aaaa aaaaa"));
  EXPECT_THAT(set.wrapped("  aaaa \n\t aaaaa  aaaa", kFont, ten),
              ElementsAre("aaaa aaaaa", "aaaa"));
  EXPECT_THAT(set.wrapped("", kFont, 100), IsEmpty());
  EXPECT_THAT(set.wrapped(" \n ", kFont, 100), IsEmpty());
}

TEST(Typesetter, NoLineIsWiderThanItsMeasureAndNoLetterIsLost) {
  const Typesetter set;
  const std::vector<std::string> texts = {
      "a short line", std::string(5'000, 'w'), "Llanfairpwllgwyngyllgogerychwyrndrobwll and more",
      "Überwältigungs­verfahren é日本語日本語日本語日本語", "a b c d e f g h i j k l m n o p"};
  for (const auto& text : texts) {
    for (const double measure : {30.0, 77.0, 250.0}) {
      for (const auto& lines :
           {set.wrapped(text, kFont, measure), set.balanced(text, kFont, measure)}) {
        std::string back;
        for (const auto& line : lines) {
          EXPECT_LE(set.width(line, kFont), measure) << line;
          EXPECT_TRUE(is_utf8(line)) << line;
          back += line;
        }
        EXPECT_EQ(replaced(back, " ", ""), replaced(text, " ", ""));
      }
    }
  }
}

TEST(Typesetter, AWordThatIsTooWideEvenForOneLetterStillEnds) {
  const Typesetter set;
  EXPECT_THAT(set.wrapped("wéw", kFont, 1), ElementsAre("w", "é", "w"));
}

TEST(Typesetter, BalancedLinesAreAsFewAndMoreAlike) {
  const Typesetter set;
  const std::string title = "Most leaders would leave their posts if councils took over budgets";
  const double measure =
      set.width("Most leaders would leave their posts if councils took over", kFont) + 0.1;
  EXPECT_THAT(set.wrapped(title, kFont, measure),
              ElementsAre("Most leaders would leave their posts if councils took over", "budgets"));
  const auto lines = set.balanced(title, kFont, measure);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_NEAR(set.width(lines[0], kFont), set.width(lines[1], kFont), measure / 6);
}

}  // namespace
}  // namespace barometer

#include "barometer/base/text.h"

#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/base/result.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

TEST(Trimmed, TakesSpacesTabsAndLineEndsOff) {
  EXPECT_EQ(trimmed("  a b\t\r\n"), "a b");
  EXPECT_EQ(trimmed(""), "");
  EXPECT_EQ(trimmed(" \t "), "");
  EXPECT_EQ(trimmed("x"), "x");
}

TEST(Split, KeepsEmptyParts) {
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
  EXPECT_THAT(split("one", ','), ElementsAre("one"));
}

TEST(Join, IsTheInverseOfSplit) {
  for (const std::string_view text : {"a,,b,", "", "one", ",", "a,b"}) {
    EXPECT_EQ(join(split(text, ','), ","), text);
  }
}

TEST(Lowered, ChangesAsciiOnly) { EXPECT_EQ(lowered("ÉCOLE Chair 3"), "École chair 3"); }

TEST(Replaced, GoesLeftToRightAndNeverOverItsOwnOutput) {
  EXPECT_EQ(replaced("aaa", "aa", "a"), "aa");
  EXPECT_EQ(replaced("a\"b\"", "\"", "\"\""), "a\"\"b\"\"");
  EXPECT_EQ(replaced("abc", "x", "y"), "abc");
  EXPECT_EQ(replaced("abc", "b", ""), "ac");
}

TEST(Replaced, OfNothingIsABrokenPromiseAndNotAnEndlessLoop) {
  EXPECT_THROW(replaced("abc", "", "x"), BrokenPromise);
}

TEST(Nearest, FindsTheSlipOfAKeyOrTwo) {
  const std::vector<std::string> keys = {"role", "region", "rounding", "organisation", "id"};
  EXPECT_THAT(nearest("roel", keys), Optional(std::string("role")));
  EXPECT_THAT(nearest("Region", keys), Optional(std::string("region")));
  EXPECT_THAT(nearest("organization", keys), Optional(std::string("organisation")));
  EXPECT_THAT(nearest("ld", keys), Optional(std::string("id")));
}

TEST(Nearest, DoesNotGuessWhenNothingIsNear) {
  const std::vector<std::string> keys = {"role", "a", "id"};
  EXPECT_EQ(nearest("weighting", keys), std::nullopt);
  EXPECT_EQ(nearest("b", keys), std::nullopt);
  EXPECT_EQ(nearest("", keys), std::nullopt);
  EXPECT_EQ(nearest("role", {}), std::nullopt);
  EXPECT_EQ(nearest(std::string(5000, 'x'), keys), std::nullopt);
}

TEST(Nearest, TiesGoToTheFirst) {
  EXPECT_THAT(nearest("cat", std::vector<std::string>{"bat", "car"}), Optional(std::string("bat")));
}

TEST(Suggestion, ListsWhatIsKnownWhenNothingIsNear) {
  const std::vector<std::string> keys = {"role", "region"};
  EXPECT_EQ(suggestion("rolle", keys), "did you mean 'role'?");
  EXPECT_EQ(suggestion("budget", keys), "known: role, region");
  EXPECT_EQ(suggestion("budget", {}), "");
  EXPECT_EQ(suggestion("budget", std::vector<std::string>(13, "role")), "");
}

// The table of well-formed byte sequences of the Unicode standard, at its edges.
TEST(IsUtf8, AcceptsWellFormedText) {
  for (const std::string_view text :
       {"", "plain", "caf\xC3\xA9", "\xE2\x80\x93", "\xF0\x9F\x93\x8A", "\xC2\x80", "\xE0\xA0\x80",
        "\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
}

TEST(IsUtf8, RefusesOverlongSurrogateTruncatedAndStrayBytes) {
  for (const std::string_view text :
       {"\x80", "caf\xE9", "\xC3", "\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80",
        "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xE2\x80",
        "\xE2\x28\xA1", "\xF0\x9F\x93", "a\xC3z", "\xEF\xBB\xC0"}) {
    EXPECT_FALSE(is_utf8(text)) << ::testing::PrintToString(text);
  }
}

TEST(WithThousands, GroupsByThreeAtEverySize) {
  EXPECT_EQ(with_thousands(0), "0");
  EXPECT_EQ(with_thousands(999), "999");
  EXPECT_EQ(with_thousands(1000), "1,000");
  EXPECT_EQ(with_thousands(-999), "-999");
  EXPECT_EQ(with_thousands(-100000), "-100,000");
  EXPECT_EQ(with_thousands(1234567), "1,234,567");
  EXPECT_EQ(with_thousands(std::numeric_limits<long long>::min()), "-9,223,372,036,854,775,808");
}

TEST(Printable, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(printable("a\x1B[2J\n"), "a\\x1B[2J\\x0A");
  EXPECT_EQ(printable("\x7F"), "\\x7F");
  EXPECT_EQ(printable("\xC2\x9B"), "\\xC2\\x9B");  // CSI as one C1 control
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
}

TEST(Printable, KeepsUtf8AndEscapesOtherBytes) {
  EXPECT_EQ(printable("NHS Dârlington – 3"), "NHS Dârlington – 3");
  EXPECT_EQ(printable("caf\xE9"), "caf\\xE9");
  EXPECT_EQ(printable("\xE2\x80"), "\\xE2\\x80");
}

TEST(Printable, CutsBetweenCharacters) {
  EXPECT_EQ(printable("abcdef", 3), "abc...");
  EXPECT_EQ(printable("abc", 3), "abc");
  EXPECT_EQ(printable("ééé", 3), "éé...");
  EXPECT_TRUE(is_utf8(printable(std::string(1000, '\xC3'), 10)));
}

TEST(WithCaret, PointsUnderTheByteWhateverStandsBeforeIt) {
  EXPECT_EQ(with_caret("a = = b", 4, "expected a value"),
            "column 5: expected a value\n  a = = b\n      ^");
  EXPECT_EQ(with_caret("é = = b", 5, "no"), "column 6: no\n  é = = b\n      ^");
  EXPECT_EQ(with_caret("a\tb", 2, "no"), "column 3: no\n  a b\n    ^");
  EXPECT_EQ(with_caret("", 0, "empty"), "column 1: empty\n  \n  ^");
}

}  // namespace
}  // namespace barometer

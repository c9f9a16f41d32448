#include "barometer/wording/normalise.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace barometer::wording {
namespace {

using ::testing::ElementsAre;

struct Case {
  const char* original;
  const char* plain;
};

TEST(Normalise, OneKindOfEverything) {
  const std::vector<Case> cases = {
      {"41\u00A0per\u202Fcent", "41 per cent"},
      {"The largest group \u2212 41 per cent \u2212 said",
       "The largest group - 41 per cent - said"},
      {"12\u201318 months", "12-18 months"},
      {"cent\u2014five", "cent--five"},
      {"\u201Cquoted\u201D and \u2018so\u2019", "\"quoted\" and 'so'"},
      {"opposed to\u2026 working", "opposed to... working"},
      {"per\u00ADcent\uFEFF\u200B", "percent"},
      {"2\u00BD", "2 1/2"},
      {"\u2154 of us", "2/3 of us"},
      {"7\u00B72", "7.2"},
      {"\uFB01fty-\uFB01ve", "fifty-five"},
      {"\uFB02at, o\uFB00, o\uFB03ce, ba\uFB04e", "flat, off, office, baffle"},
      {"a\u00B7b", "a\u00B7b"},
      {"\uFF16\uFF13\uFF05", "63%"},
      {"5\u204410", "5/10"},
      {"\u00A360bn, caf\u00E9", "\u00A360bn, caf\u00E9"},
      {"", ""},
      {"bad \xFF\xC3 bytes", "bad ?? bytes"},
      {"\xF0\x9F\x98\x80 fine", "\xF0\x9F\x98\x80 fine"},
      {"\xED\xA0\x80", "???"},  // half of a surrogate pair
  };
  for (const Case& c : cases) EXPECT_EQ(normalise(c.original).text, c.plain) << c.original;
}

// The other road: count the code points of the original up to the place.
size_t code_points(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1U : 0U;
  return count;
}

TEST(Normalise, EveryByteKnowsItsCodePoint) {
  const std::string original = "\u201CA\u00A0b\u2026 \u00AD\u2212 \u00BD \u00A35 \u2154\u201D x";
  const NormalText normal = normalise(original);
  ASSERT_EQ(normal.origin.size(), normal.text.size());
  const size_t x = normal.text.find('x');
  EXPECT_EQ(normal.span(x, x + 1), (TextSpan{code_points(original) - 1, code_points(original)}));
  const size_t dots = normal.text.find("...");
  const size_t before = code_points(original.substr(0, original.find("\u2026")));
  EXPECT_EQ(normal.span(dots, dots + 3), (TextSpan{before, before + 1}));
  for (size_t i = 1; i < normal.origin.size(); ++i) {
    EXPECT_LE(normal.origin[i - 1], normal.origin[i]);
  }
}

std::vector<std::string> quoted(const std::string& original) {
  const NormalText normal = normalise(original);
  std::vector<std::string> parts;
  for (const ByteRange& range : normal.quotations) {
    parts.push_back(normal.text.substr(range.begin, range.end - range.begin));
  }
  return parts;
}

TEST(Normalise, QuotationsAreFound) {
  EXPECT_THAT(quoted("he said: \u201Cno\u201D, then \"yes\"."), ElementsAre("\"no\"", "\"yes\""));
  EXPECT_THAT(quoted("the groups\u2019 budgets, CCG\u2019s"), ElementsAre());
  EXPECT_THAT(quoted("\u2018Disillusioned\u2019 CCG leads"), ElementsAre("'Disillusioned'"));
  EXPECT_THAT(quoted("\u2018it is NHS England\u2019s role, didn\u2019t we\u2019 he said"),
              ElementsAre("'it is NHS England's role, didn't we'"));
  EXPECT_THAT(quoted("\u2018the groups\u2019 budgets are cut,\u2019 she said"),
              ElementsAre("'the groups' budgets are cut,'"));
  EXPECT_THAT(quoted("in the \u201990s and '80s"), ElementsAre());
}

TEST(Normalise, AnUnclosedQuotationEndsWithItsParagraph) {
  EXPECT_THAT(quoted("\u201CYet, roles.  \n\n\u201CWorse than none.\u201D he said"),
              ElementsAre("\"Yet, roles.  \n", "\"Worse than none.\""));
  EXPECT_THAT(quoted("\u2018No end here.\n\nNext."), ElementsAre("'No end here.\n"));
  EXPECT_THAT(quoted("a\u201D b\u201D c"), ElementsAre());
}

}  // namespace
}  // namespace barometer::wording

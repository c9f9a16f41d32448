#include "barometer/base/html.h"

#include <gtest/gtest.h>

#include "barometer/base/result.h"

namespace barometer {
namespace {

TEST(EscapedMarkup, LeavesNothingThatEndsATextOrAnAttribute) {
  EXPECT_EQ(escaped_markup("a < b & \"c\" 'd' >"), "a &lt; b &amp; &quot;c&quot; &#39;d&#39; &gt;");
  EXPECT_EQ(escaped_markup("&amp;"), "&amp;amp;");
  EXPECT_EQ(escaped_markup("É \n"), "É \n");
  EXPECT_EQ(escaped_markup(""), "");
}

TEST(Html, TextIsEscaped) {
  EXPECT_EQ(text("a < b & \"c\" 'd' >").bytes(), "a &lt; b &amp; &quot;c&quot; &#39;d&#39; &gt;");
}

TEST(Html, AttributeValuesAreEscaped) {
  EXPECT_EQ(link("x\" onclick=\"y", "go").bytes(), "<a href=\"x&quot; onclick=&quot;y\">go</a>");
}

TEST(Html, ChildrenStandInOrder) {
  EXPECT_EQ(element("p", {{"class", "lead"}}, {text("a"), labelled("b", "<i>")}).bytes(),
            "<p class=\"lead\">a<b>&lt;i&gt;</b></p>");
}

TEST(Html, VoidElementsHaveNoEnd) {
  EXPECT_EQ(element("img", {{"src", "a.svg"}, {"alt", ""}}).bytes(),
            "<img src=\"a.svg\" alt=\"\">");
  EXPECT_THROW(element("img", {}, {text("x")}), BrokenPromise);
}

TEST(Html, NamesThatAreNotOursBreakThePromise) {
  EXPECT_THROW(element("p onclick=x"), BrokenPromise);
  EXPECT_THROW(element("p", {{"on click", "x"}}), BrokenPromise);
  EXPECT_THROW(element(""), BrokenPromise);
}

}  // namespace
}  // namespace barometer

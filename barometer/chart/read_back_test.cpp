#include "barometer/chart/read_back.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace barometer {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

// A drawing made by hand: zero at 100 px, two pixels a percent.
constexpr const char* kAxis =
    "<line data-grid=\"0\" transform=\"translate(100,0)\" y2=\"50\"/>"
    "<line data-grid=\"50\" transform=\"translate(200,0)\" y2=\"50\"/>";

std::string drawing(const std::string& inside) {
  return "<svg>" + std::string(kAxis) + "<g transform=\"translate(10,0)\">" + inside + "</g></svg>";
}

TEST(ReadBack, MeasuresABarAgainstTheAxis) {
  const auto marks =
      read_back(drawing("<path data-figure=\"a\" aria-label=\"Likely &amp; more: 63%\" "
                        "aria-roledescription=\"rect mark\" d=\"M90,5h126v20h-126Z\"/>"
                        "<text data-label=\"a\">63%</text>"));
  ASSERT_TRUE(marks) << marks.error().message;
  ASSERT_EQ(marks->size(), 1U);
  EXPECT_EQ(marks->front().figure_id, "a");
  EXPECT_EQ(marks->front().description, "Likely & more: 63%");
  EXPECT_EQ(marks->front().printed, "63%");
  EXPECT_DOUBLE_EQ(marks->front().from, 0);
  EXPECT_DOUBLE_EQ(marks->front().to, 63);
}

TEST(ReadBack, MeasuresADotAndItsInterval) {
  const auto marks = read_back(
      drawing("<line data-interval=\"a\" transform=\"translate(110,9)\" x2=\"40\" y2=\"0\"/>"
              "<path data-figure=\"a\" aria-roledescription=\"point\" "
              "transform=\"translate(130,9)\" d=\"M4,0A4,4,0,1,1,-4,0A4,4,0,1,1,4,0\"/>"));
  ASSERT_TRUE(marks) << marks.error().message;
  EXPECT_DOUBLE_EQ(marks->front().from, 20);
  EXPECT_DOUBLE_EQ(marks->front().length(), 0);
  EXPECT_DOUBLE_EQ(marks->front().lower.value(), 10);
  EXPECT_DOUBLE_EQ(marks->front().upper.value(), 30);
}

TEST(ReadBack, MeasuresTheEdgesOfABandAtEachReading) {
  const std::string axis =
      "<line data-grid=\"0\" transform=\"translate(0,100)\" x2=\"50\"/>"
      "<line data-grid=\"50\" transform=\"translate(0,0)\" x2=\"50\"/>";
  const auto marks = read_back(
      "<svg>" + axis +
      "<path data-band=\"a b\" d=\"M10,90L50,80L50,40L10,60Z\"/>"
      "<path data-figure=\"a\" aria-roledescription=\"point\" transform=\"translate(10,70)\"/>"
      "<path data-figure=\"b\" aria-roledescription=\"point\" transform=\"translate(50,50)\"/>"
      "</svg>");
  ASSERT_TRUE(marks) << marks.error().message;
  EXPECT_DOUBLE_EQ(marks->at(0).from, 15);
  EXPECT_DOUBLE_EQ(marks->at(0).lower.value(), 5);
  EXPECT_DOUBLE_EQ(marks->at(0).upper.value(), 20);
  EXPECT_DOUBLE_EQ(marks->at(1).from, 25);
  EXPECT_DOUBLE_EQ(marks->at(1).lower.value(), 10);
  EXPECT_DOUBLE_EQ(marks->at(1).upper.value(), 30);
}

TEST(ReadBack, ReadsTheCellsOfATableWithoutAnAxis) {
  const auto marks = read_back(
      "<svg><path data-key=\"0\" fill=\"#ffffff\"/><path data-key=\"1\" fill=\"#08468b\"/>"
      "<path data-figure=\"a\" data-cell=\"a\" aria-roledescription=\"rect mark\" fill=\"#08468b\" "
      "d=\"M10,20h40v22h-40Z\"/>"
      "<path data-figure=\"b\" data-cell=\"b\" aria-roledescription=\"rect mark\" fill=\"#123456\" "
      "d=\"M50,20h40v22h-40Z\"/>"
      "<text data-label=\"a\" fill=\"#eeeeee\" transform=\"translate(30,31)\">63%</text>"
      "<text data-label=\"b\" fill=\"#eeeeee\" transform=\"translate(30,31)\">4%</text></svg>");
  ASSERT_TRUE(marks) << marks.error().message;
  const DrawnMark& a = marks->at(0);
  EXPECT_TRUE(a.is_cell);
  EXPECT_EQ(a.printed, "63%");
  EXPECT_EQ(a.fill, "#08468b");
  EXPECT_EQ(a.ink, "#eeeeee");
  EXPECT_EQ(a.key_entry, 1U);
  EXPECT_TRUE(a.label_inside);
  EXPECT_EQ((std::vector{a.left, a.top, a.right, a.bottom}), (std::vector{10.0, 20.0, 50.0, 42.0}));
  const DrawnMark& b = marks->at(1);
  EXPECT_FALSE(b.key_entry.has_value());  // a colour of no class
  EXPECT_FALSE(b.label_inside);           // its number stands in the cell beside
}

struct Slice {
  const char* path;
  double from, to;
};

TEST(ReadBack, MeasuresSlicesInPercentOfTheCircle) {
  for (const auto& [path, from, to] :
       std::vector<Slice>{{"M0,-10A10,10,0,0,1,10,0L0,0Z", 0, 25},
                          {"M10,0A10,10,0,0,1,0,10L0,0Z", 25, 50},
                          {"M0,-10A10,10,0,1,1,-10,0L0,0Z", 0, 75},
                          {"M-10,0A10,10,0,0,1,0,-10L0,0Z", 75, 100},
                          {"M0,-10A10,10,0,1,1,0,10A10,10,0,1,1,0,-10Z", 0, 100},
                          {"M10,0L0,0Z", 25, 25}}) {
    const auto marks =
        read_back("<svg><path data-figure=\"a\" aria-roledescription=\"arc mark\" d=\"" +
                  std::string(path) + "\"/></svg>");
    ASSERT_TRUE(marks) << marks.error().message;
    EXPECT_NEAR(marks->front().from, from, 1e-9) << path;
    EXPECT_NEAR(marks->front().to, to, 1e-9) << path;
  }
}

TEST(ReadBack, ADrawingWithoutFiguresHasNone) {
  EXPECT_THAT(read_back("<svg><rect width=\"1\"/></svg>").value(), IsEmpty());
}

struct WrongDrawing {
  const char* svg;
  const char* words;
};

TEST(ReadBack, RefusesWhatItCannotMeasure) {
  for (const auto& [svg, words] : std::vector<WrongDrawing>{
           {"", "not well-formed"},
           {"<svg>", "not well-formed"},
           {"<svg></g></svg>", "not well-formed"},
           {"<svg>\xFF</svg>", "not well-formed"},
           {"<svg a=1/>", "not well-formed"},
           {"<svg><path data-figure=\"a\"/></svg>", "figure a is drawn as a ''"},
           {"<svg><path data-figure=\"a\" aria-roledescription=\"rect mark\" d=\"M1,2\"/></svg>",
            "cannot be measured"},
           {"<svg><path data-figure=\"a\" aria-roledescription=\"arc mark\" d=\"A\"/></svg>",
            "cannot be measured"},
           {"<svg><path data-figure=\"a\" aria-roledescription=\"rect mark\" "
            "d=\"M1,2h3v4h-3Z\"/></svg>",
            "the drawing has no axis"},
           {"<svg><line data-grid=\"1\"/><line data-grid=\"2\"/><path data-figure=\"a\" "
            "aria-roledescription=\"rect mark\" d=\"M1,2h3v4h-3Z\"/></svg>",
            "the axis has no length"},
           {"<svg><path data-band=\"a b\" d=\"M10,90L10,60Z\"/></svg>",
            "the band of 2 figures has 1 readings"},
           {"<svg><line data-grid=\"0\" transform=\"translate(0,100)\"/>"
            "<line data-grid=\"50\"/><path data-band=\"a\" d=\"M10,90L10,60Z\"/>"
            "<path data-figure=\"a\" aria-roledescription=\"point\" "
            "transform=\"translate(12,70)\"/></svg>",
            "the band of figure a does not lie at its reading"},
           {"<svg><g transform=\"rotate(5)\"/></svg>", "'rotate(5)' cannot be measured"}}) {
    const auto marks = read_back(svg);
    ASSERT_FALSE(marks) << svg;
    EXPECT_THAT(marks.error().message, HasSubstr(words)) << svg;
  }
}

}  // namespace
}  // namespace barometer

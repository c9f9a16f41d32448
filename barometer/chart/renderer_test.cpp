#include "barometer/chart/renderer.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/chart/faithful_internal.h"
#include "barometer/chart/read_back.h"
#include "barometer/chart/samples_tables_internal.h"
#include "barometer/chart/typesetter.h"

namespace barometer {
namespace {

using samples::expect_faithful;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

// Starting costs most of the time: one for all tests.
class RendererTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto made = Renderer::make();
    ASSERT_TRUE(made) << made.error().message;
    renderer_ = std::make_unique<Renderer>(std::move(*made));
    auto theme = standard_theme();
    ASSERT_TRUE(theme) << theme.error().message;
    theme_ = *theme;
    phone_ = theme_;
    phone_.width = 320;
  }
  static void TearDownTestSuite() { renderer_.reset(); }

  static std::string svg(const Chart& chart, const Theme& theme) {
    auto drawn = renderer_->svg(chart, theme);
    EXPECT_TRUE(drawn) << drawn.error().message;
    return drawn ? *drawn : "";
  }

  static inline std::unique_ptr<Renderer> renderer_;
  static inline Theme theme_, phone_;
};

TEST_F(RendererTest, PicturesAreKeptToBeLookedAt) {
  const auto folder = std::filesystem::path(BUILD_DIR) / "charts";
  std::filesystem::create_directories(folder);
  for (const auto& chart : samples::all_kinds()) {
    for (const auto* theme : {&theme_, &phone_}) {
      const auto name = chart.id + (theme == &phone_ ? "-phone" : "");
      const auto drawn = svg(chart, *theme);
      EXPECT_TRUE(write_file(folder / (name + ".svg"), drawn));
      EXPECT_TRUE(write_file(folder / (name + ".png"), Renderer::png(drawn, 2).value()));
    }
  }
}

TEST_F(RendererTest, EveryLabelAndLengthOfTheSamplesIsTheLedgers) {
  for (const auto& chart : samples::all_kinds()) {
    for (const auto* theme : {&theme_, &phone_}) {
      SCOPED_TRACE(chart.id);
      expect_faithful(chart, svg(chart, *theme));
    }
  }
}

// At the width of a phone labels stand above their bars, and nothing else changes: each row runs
// without a gap from its strongest negative grade to its strongest positive one, don't know apart
// to the right, and all rows share one zero and one scale.
TEST_F(RendererTest, TheNarrowDivergingDrawingIsReadBackRight) {
  size_t charts = 0;
  for (const auto& chart : samples::all_kinds()) {
    if (chart.kind != ChartKind::kDiverging) continue;
    ++charts;
    SCOPED_TRACE(chart.id);
    const std::string narrow = svg(chart, phone_);
    EXPECT_NE(narrow, svg(chart, theme_));
    expect_faithful(chart, narrow);
    const auto drawn = read_back(narrow);
    ASSERT_TRUE(drawn) << drawn.error().message;
    std::map<std::string, DrawnMark> marks;
    for (const DrawnMark& mark : *drawn) marks[mark.figure_id] = mark;
    double rightmost = 0, apart = 1000;
    for (const Row& row : chart.rows) {
      std::vector<DrawnMark> bars;
      for (const Mark& mark : row.marks) {
        if (!mark.value) continue;
        const DrawnMark& bar = marks.at(mark.figure_id);
        if (mark.tone == "dont_know") {
          apart = std::min(apart, bar.from);
        } else {
          bars.push_back(bar);
          rightmost = std::max(rightmost, bar.to);
        }
      }
      std::ranges::sort(bars, {}, &DrawnMark::from);
      for (size_t i = 0; i + 1 < bars.size(); ++i) {
        EXPECT_NEAR(bars[i].to, bars[i + 1].from, 0.05) << row.label;
      }
    }
    EXPECT_GT(apart, rightmost);
  }
  EXPECT_GT(charts, 0U);
}

// Whole percents that make a hundred.
std::vector<int> parts_of_a_hundred(size_t count, std::mt19937& random) {
  std::vector<int> cuts = {0, 100};
  std::uniform_int_distribution<int> cut(0, 100);
  while (cuts.size() < count + 1) cuts.push_back(cut(random));
  std::sort(cuts.begin(), cuts.end());
  std::vector<int> parts;
  for (size_t i = 0; i < count; ++i) parts.push_back(cuts[i + 1] - cuts[i]);
  return parts;
}

Chart random_chart(unsigned seed) {
  constexpr const char* kTones[] = {"positive", "positive", "neutral",
                                    "negative", "negative", "dont_know"};
  std::mt19937 random(seed);
  Chart chart{.id = fmt::format("random-{}", seed),
              .kind = static_cast<ChartKind>(seed % 9),
              .title = "A finding",
              .subtitle = "A question",
              .rows = {},
              .alt = "An alternative"};
  const bool is_pie = chart.kind == ChartKind::kPie;
  const bool is_whole = is_pie || chart.kind == ChartKind::kShare;
  const bool is_tiles = chart.kind == ChartKind::kTiles;
  chart.bands = random() % 2 == 0;
  if (random() % 2 == 0) chart.shades = {.scale = ShadeScale::kDiverging, .middle = 25};
  const size_t categories = is_tiles                              ? 1
                            : chart.kind == ChartKind::kDiverging ? 6
                                                                  : 1 + random() % 4;
  const size_t rows = is_pie ? 1 : 2 + random() % 5;
  for (size_t r = 0; r < rows; ++r) {
    const auto parts = parts_of_a_hundred(categories, random);
    Row row{.label = fmt::format("Row {}", r), .marks = {}};
    for (size_t c = 0; c < categories; ++c) {
      Mark mark = samples::part(fmt::format("f{}-{}", r, c), fmt::format("Category {}", c),
                                parts[c], kTones[c]);
      if (chart.kind == ChartKind::kTrend || chart.kind == ChartKind::kDot) {
        mark.lower = std::max(0.0, *mark.value - 4.25);
        mark.upper = std::min(100.0, *mark.value + 3.5);
      }
      if (chart.kind == ChartKind::kBar && random() % 4 == 0) mark.value = -*mark.value;
      if (is_tiles)
        mark = samples::part(mark.figure_id, mark.label, static_cast<int>(random() % 101));
      if (chart.kind == ChartKind::kTrend) mark.new_wording = random() % 5 == 0;
      if (!is_whole && random() % 9 == 0) mark.value.reset();
      row.marks.push_back(std::move(mark));
    }
    chart.rows.push_back(std::move(row));
  }
  return chart;
}

TEST_F(RendererTest, EveryLabelAndLengthOfRandomChartsIsTheLedgers) {
  for (unsigned seed = 0; seed < 108; ++seed) {
    SCOPED_TRACE(seed);
    const Chart chart = random_chart(seed);
    expect_faithful(chart, svg(chart, seed % 2 == 0 ? theme_ : phone_));
  }
}

TEST_F(RendererTest, FiguresAreReadAsPrintedAndNotForcedToAHundred) {
  Chart chart = samples::pooled_budget_pie();
  chart.rows[0].marks = {samples::part("a", "A", 30), samples::part("b", "B", 30),
                         samples::part("c", "C", 41)};
  const auto drawn = read_back(svg(chart, theme_)).value();
  std::vector<std::string> printed;
  for (const auto& mark : drawn) printed.push_back(mark.printed);
  EXPECT_THAT(printed, testing::ElementsAre("30%", "30%", "41%"));
}

TEST_F(RendererTest, AMarkWithoutAValueIsNotDrawnButItsSignStands) {
  const auto drawn = svg(samples::two_wave_bars(), theme_);
  EXPECT_THAT(drawn, Not(HasSubstr("data-figure=\"r3-w2\"")));
  EXPECT_THAT(drawn, HasSubstr("data-label=\"r3-w2\""));
}

TEST_F(RendererTest, LinesJoinOnlyComparableReadingsOfNeighbouringWaves) {
  const auto spec = renderer_->spec(samples::two_series_trend(), theme_).value();
  const auto json = nlohmann::json::parse(spec);
  std::vector<std::pair<double, double>> joins;
  for (const auto& layer : json["layer"]) {
    if (layer["name"] != "joins") continue;
    for (const auto& join : layer["data"]["values"]) joins.emplace_back(join["from"], join["to"]);
  }
  // Chairs 62 to 66, then not asked; nurses 44 to 61 to 52, then asked in other words.
  EXPECT_THAT(joins, testing::UnorderedElementsAre(std::pair(62.0, 66.0), std::pair(44.0, 61.0),
                                                   std::pair(61.0, 52.0)));
}

struct Word {
  std::string text;
  double left, right, top, bottom;
};

// The boxes of all words in a drawing, by Pango's widths.
std::vector<Word> words_in(const std::string& svg, const Theme& theme) {
  static const std::regex kText(
      "<text[^>]*text-anchor=\"(\\w+)\" transform=\"translate\\(([-0-9.]+),([-0-9.]+)\\)\"[^>]*"
      "font-size=\"([0-9.]+)px\" font-weight=\"(\\w+)\"[^>]*>([^<]*)</text>");
  const Typesetter set;
  std::vector<Word> words;
  for (std::sregex_iterator at(svg.begin(), svg.end(), kText), end; at != end; ++at) {
    const auto& m = *at;
    std::string text = m[6];
    for (const auto& [from, to] : {std::pair{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}}) {
      text = replaced(text, from, to);
    }
    const double size = std::stod(m[4]);
    const double width = set.width(text, {theme.font, size, m[5] == "bold"});
    const double x = std::stod(m[2]);
    const double left = m[1] == "start" ? x : m[1] == "middle" ? x - width / 2 : x - width;
    const double baseline = std::stod(m[3]);
    words.push_back({text, left, left + width, baseline - 0.75 * size, baseline + 0.2 * size});
  }
  return words;
}

void expect_nothing_clipped(const std::string& svg, const Theme& theme) {
  static const std::regex kSize("<svg[^>]* width=\"([0-9.]+)\" height=\"([0-9.]+)\"");
  std::smatch size;
  ASSERT_TRUE(std::regex_search(svg, size, kSize));
  EXPECT_EQ(std::stod(size[1]), theme.width);
  const auto words = words_in(svg, theme);
  ASSERT_FALSE(words.empty());
  for (size_t i = 0; i < words.size(); ++i) {
    const Word& a = words[i];
    EXPECT_GE(a.left, 2) << a.text;
    EXPECT_LE(a.right, theme.width - 2) << a.text;
    EXPECT_GE(a.top, 2) << a.text;
    EXPECT_LE(a.bottom, std::stod(size[2]) - 2) << a.text;
    for (size_t j = i + 1; j < words.size(); ++j) {
      const Word& b = words[j];
      EXPECT_FALSE(a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
          << "'" << a.text << "' and '" << b.text << "' overlap";
    }
  }
}

TEST_F(RendererTest, NoWordIsClippedOrOverlapsAnother) {
  for (const auto& chart : samples::all_kinds()) {
    for (const auto* theme : {&theme_, &phone_}) {
      SCOPED_TRACE(fmt::format("{} at {}", chart.id, theme->width));
      expect_nothing_clipped(svg(chart, *theme), *theme);
    }
  }
  for (unsigned seed = 0; seed < 36; ++seed) {
    SCOPED_TRACE(seed);
    expect_nothing_clipped(svg(random_chart(seed), theme_), theme_);
  }
}

TEST_F(RendererTest, ALabelOfFiveKilobytesIsWrappedNotClipped) {
  for (const auto& label : {std::string(5'000, 'w'), std::string()}) {
    Chart chart = samples::two_wave_bars();
    chart.rows[0].label = label;
    while (chart.rows[0].label.size() < 5'000) chart.rows[0].label += "many small words ";
    for (const auto* theme : {&theme_, &phone_}) {
      expect_nothing_clipped(svg(chart, *theme), *theme);
    }
  }
}

TEST_F(RendererTest, APictureTallerThanAnyPageIsRefused) {
  Chart chart = samples::two_wave_bars();
  for (int i = 0; i < 1'000; ++i) {
    chart.rows.push_back({"row", {samples::part(fmt::format("id{}", i), "Wave 1", 5)}});
  }
  const auto drawn = renderer_->svg(chart, theme_);
  ASSERT_FALSE(drawn);
  EXPECT_EQ(drawn.error().code, ErrorCode::kLimit);
  EXPECT_THAT(drawn.error().message, HasSubstr("draw fewer rows"));
}

TEST_F(RendererTest, MoreCategoriesThanColoursAreRefused) {
  Chart chart = samples::two_wave_bars();
  for (int i = 0; i < 7; ++i) {
    chart.rows[0].marks.push_back(
        samples::part(fmt::format("id{}", i), fmt::format("Wave {}", 3 + i), 5));
  }
  const auto drawn = renderer_->svg(chart, theme_);
  ASSERT_FALSE(drawn);
  EXPECT_THAT(drawn.error().message, HasSubstr("'Wave 7' is one category more than the 6 colours"));
}

TEST_F(RendererTest, MarkupInWordsStaysWords) {
  const std::string hostile = R"(<b>"R&D" 'x'</b> <!-- ]]> (figure fake))";
  Chart chart = samples::leave_battery();
  chart.title = chart.subtitle = chart.source = chart.note = chart.alt = hostile;
  chart.rows[0].label = hostile;
  for (auto& mark : chart.rows[0].marks) mark.printed = "<9&%";
  const auto drawn = svg(chart, theme_);
  expect_faithful(chart, drawn);
  EXPECT_THAT(drawn, Not(HasSubstr("<b>")));
  EXPECT_THAT(drawn, Not(HasSubstr("<!--")));
  EXPECT_THAT(drawn, Not(HasSubstr("data-figure=\"fake\"")));
  EXPECT_TRUE(Renderer::png(drawn, 1));
}

TEST_F(RendererTest, IsOneImageWithANameAndATextAlternative) {
  const auto drawn = svg(samples::leave_battery(), theme_);
  EXPECT_THAT(drawn, HasSubstr("role=\"img\" aria-labelledby=\"burnham-battery-title\" "
                               "aria-describedby=\"burnham-battery-desc\""));
  EXPECT_THAT(drawn, HasSubstr("<title id=\"burnham-battery-title\">Most leaders would leave"));
  EXPECT_THAT(drawn, HasSubstr("<desc id=\"burnham-battery-desc\">Diverging bars for five"));
}

TEST_F(RendererTest, TheSameChartIsTheSameBytes) {
  auto other = Renderer::make().value();
  for (const auto& chart : samples::all_kinds()) {
    const auto first = svg(chart, theme_);
    EXPECT_EQ(first, svg(chart, theme_));
    EXPECT_EQ(first, other.svg(chart, theme_).value());
    EXPECT_EQ(Renderer::png(first, 2).value(), Renderer::png(first, 2).value());
    EXPECT_EQ(Renderer::pdf(first).value(), Renderer::pdf(first).value());
  }
}

TEST_F(RendererTest, ThePdfHoldsTextAndNoDate) {
  const auto pdf = Renderer::pdf(svg(samples::leave_battery(), theme_)).value();
  EXPECT_THAT(pdf, StartsWith("%PDF-1."));
  EXPECT_THAT(pdf, HasSubstr("/FontFile"));
  EXPECT_THAT(pdf, Not(HasSubstr("CreationDate")));
}

// Bytes 16 to 23 of a PNG are its width and height.
uint32_t big_endian(const std::string& bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<unsigned char>(bytes[i]);
  return value;
}

TEST_F(RendererTest, ThePngHasTheAskedForSize) {
  const auto drawn = svg(samples::role_dots(), theme_);
  for (const double scale : {1.0, 2.0, 3.0}) {
    const auto png = Renderer::png(drawn, scale).value();
    EXPECT_THAT(png, StartsWith("\x89PNG\r\n\x1A\n"));
    EXPECT_EQ(big_endian(png, 16), static_cast<uint32_t>(640 * scale));
  }
}

TEST_F(RendererTest, PicturesThatCannotBeMadeAreRefused) {
  const auto drawn = svg(samples::role_dots(), theme_);
  for (const double scale : {0.0, -1.0, 1000.0, std::nan("")}) {
    EXPECT_FALSE(Renderer::png(drawn, scale)) << scale;
  }
  for (const char* text : {"", "not a picture", "<svg", "<html/>"}) {
    EXPECT_FALSE(Renderer::png(text, 1)) << text;
    EXPECT_FALSE(Renderer::pdf(text)) << text;
  }
}

TEST_F(RendererTest, TheSpecificationHoldsNoExpressionsAndLoadsNothing) {
  for (const auto& chart : samples::all_kinds()) {
    const auto spec = renderer_->spec(chart, theme_).value();
    EXPECT_EQ(spec, renderer_->spec(chart, theme_).value());
    EXPECT_THAT(spec, HasSubstr("https://vega.github.io/schema/vega-lite/v6.json"));
    for (const char* word : {"\"expr\"", "\"labelExpr\"", "\"signal\"", "\"url\"", "\"href\""}) {
      EXPECT_THAT(spec, Not(HasSubstr(word)));
    }
  }
}

struct BrokenSpec {
  const char* spec;
  const char* words;
};

TEST_F(RendererTest, ABrokenSpecificationIsAnErrorWithVegasWords) {
  const std::vector<BrokenSpec> table = {
      {"", "JSON"},
      {"{", "JSON"},
      {"null", "Vega: "},
      {"{}", "Invalid specification"},
      {R"({"data": {"values": []}, "mark": "blob"})", "Vega: "},
      {R"({"data": {"url": "http://localhost/x.csv"}, "mark": "bar",
           "encoding": {"x": {"field": "a", "type": "quantitative"}}})",
       "nothing is loaded"},
      {R"({"data": {"values": [{"a": 1}]}, "mark": "bar", "transform": [{"filter": "datum.a >"}],
           "encoding": {"x": {"field": "a", "type": "quantitative"}}})",
       "Vega: "},
      {"\xFF", "not UTF-8"}};
  for (const auto& [spec, words] : table) {
    const auto drawn = renderer_->draw(spec);
    ASSERT_FALSE(drawn) << spec;
    EXPECT_THAT(drawn.error().message, HasSubstr(words)) << spec;
  }
  // And the next chart is drawn as if nothing had happened.
  expect_faithful(samples::role_dots(), svg(samples::role_dots(), theme_));
}

TEST(RendererStart, ABrokenScriptIsAnErrorThatNamesIt) {
  const auto made = Renderer::make({.vega = "this is not a script", .vega_lite = "1"});
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("vega.min.js: "));
}

}  // namespace
}  // namespace barometer

#include "barometer/chart/pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/chart/renderer.h"
#include "barometer/chart/samples_tables_internal.h"

namespace barometer {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

PictureOptions with_threads(unsigned threads) {
  return {.theme = standard_theme().value(), .threads = threads};
}

TEST(Pictures, AreTheSameForAnyNumberOfThreads) {
  const auto charts = samples::all_kinds();
  const auto one = draw_pictures(charts, with_threads(1), Progress());
  ASSERT_TRUE(one) << one.error().message;
  const auto three = draw_pictures(charts, with_threads(3), Progress());
  ASSERT_TRUE(three) << three.error().message;
  ASSERT_EQ(one->size(), charts.size());
  for (size_t i = 0; i < charts.size(); ++i) {
    EXPECT_EQ(one->at(i).specification, three->at(i).specification);
    EXPECT_EQ(one->at(i).svg, three->at(i).svg);
    EXPECT_EQ(one->at(i).narrow_svg, three->at(i).narrow_svg);
    EXPECT_EQ(one->at(i).png, three->at(i).png);
    EXPECT_EQ(one->at(i).pdf, three->at(i).pdf);
    EXPECT_THAT(one->at(i).svg, HasSubstr("\"" + charts[i].id + "-title\""));
  }
}

// What a renderer of its own draws of the first and the last.
TEST(Pictures, AreWhatARendererDraws) {
  const auto charts = samples::all_kinds();
  const auto pictures = draw_pictures(charts, with_threads(2), Progress()).value();
  const auto renderer = Renderer::make().value();
  Theme narrow = standard_theme().value();
  EXPECT_EQ(pictures.front().svg, renderer.svg(charts.front(), narrow).value());
  EXPECT_EQ(pictures.front().specification, renderer.spec(charts.front(), narrow).value());
  narrow.width = 320;
  EXPECT_EQ(pictures.back().narrow_svg, renderer.svg(charts.back(), narrow).value());
  EXPECT_EQ(pictures.back().narrow_specification, renderer.spec(charts.back(), narrow).value());
}

TEST(Pictures, OfNothingAreNone) {
  EXPECT_TRUE(draw_pictures({}, with_threads(0), Progress()).value().empty());
}

TEST(Pictures, TheFirstChartThatCannotBeDrawnIsNamed) {
  auto charts = samples::all_kinds();
  charts[3].title = "";
  charts[7].title = "";
  const auto pictures = draw_pictures(charts, with_threads(2), Progress());
  ASSERT_FALSE(pictures);
  EXPECT_THAT(pictures.error().message, HasSubstr(charts[3].id));
  EXPECT_THAT(pictures.error().message, HasSubstr("the title is missing"));
}

TEST(Pictures, StopWhenTold) {
  Progress progress;
  progress.stop();
  const auto pictures = draw_pictures(samples::all_kinds(), with_threads(2), progress);
  ASSERT_FALSE(pictures);
  EXPECT_EQ(pictures.error().code, ErrorCode::kLimit);
  EXPECT_THAT(pictures.error().message, StartsWith("stopped"));
}

TEST(Pictures, ProgressCountsEveryChartOnce) {
  std::vector<size_t> seen;
  const Progress progress(
      [&seen](const std::string&, size_t done, size_t) { seen.push_back(done); });
  const auto charts = samples::all_kinds();
  PictureOptions options = with_threads(2);
  options.rasters = false;
  ASSERT_TRUE(draw_pictures(charts, options, progress));
  ASSERT_EQ(seen.size(), charts.size());
  for (size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], i + 1);
}

}  // namespace
}  // namespace barometer

#include "barometer/chart/renderer.h"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/base/file.h"
#include "barometer/chart/samples_internal.h"

namespace barometer {
namespace {

// Starting costs most of the time: one for all tests.
class RendererTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    auto made = Renderer::make();
    ASSERT_TRUE(made) << made.error().message;
    renderer_ = std::make_unique<Renderer>(std::move(*made));
    theme_ = standard_theme().value();
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
  for (const auto& chart : samples::all()) {
    for (const auto* theme : {&theme_, &phone_}) {
      const auto name = chart.id + (theme == &phone_ ? "-phone" : "");
      const auto drawn = svg(chart, *theme);
      EXPECT_TRUE(write_file(folder / (name + ".svg"), drawn));
      EXPECT_TRUE(write_file(folder / (name + ".png"), Renderer::png(drawn, 2).value()));
    }
  }
}

}  // namespace
}  // namespace barometer

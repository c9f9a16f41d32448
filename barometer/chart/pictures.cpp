#include "barometer/chart/pictures.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "barometer/chart/renderer.h"

namespace barometer {
namespace {

Result<Picture> draw_one(const Renderer& renderer, const Chart& chart,
                         const PictureOptions& options) {
  Theme narrow = options.theme;
  narrow.width = options.narrow_width;
  Picture picture;
  picture.specification = TRY(renderer.spec(chart, options.theme));
  picture.narrow_specification = TRY(renderer.spec(chart, narrow));
  picture.svg = TRY(renderer.svg(chart, options.theme));
  picture.narrow_svg = TRY(renderer.svg(chart, narrow));
  if (!options.rasters) return picture;
  picture.png = TRY(Renderer::png(picture.svg, options.png_scale));
  picture.pdf = TRY(Renderer::pdf(picture.svg));
  return picture;
}

// What the threads share: the next chart to take, and how many are done.
class Work {
 public:
  Work(std::span<const Chart> charts, const PictureOptions& options, const Progress& progress)
      : charts_(charts), options_(options), progress_(progress), drawn_(charts.size()) {}

  void run() {
    std::optional<Result<Renderer>> renderer;
    for (size_t at = next_++; at < charts_.size() && !progress_.stopped(); at = next_++) {
      if (!renderer) renderer.emplace(Renderer::make());
      drawn_[at] = *renderer ? draw_one(**renderer, charts_[at], options_)
                             : Result<Picture>(tl::unexpected(renderer->error()));
      const std::lock_guard lock(reporting_);
      progress_.report("drawing charts", ++done_, charts_.size());
    }
  }

  Result<std::vector<Picture>> finish() {
    std::vector<Picture> pictures;
    for (size_t i = 0; i < drawn_.size(); ++i) {
      if (!drawn_[i]) return fail(ErrorCode::kLimit, "stopped; nothing was written");
      if (!*drawn_[i]) {
        return tl::unexpected(std::move(*drawn_[i]).error().in("chart " + charts_[i].id));
      }
      pictures.push_back(std::move(**drawn_[i]));
    }
    return pictures;
  }

 private:
  std::span<const Chart> charts_;
  const PictureOptions& options_;
  const Progress& progress_;
  std::vector<std::optional<Result<Picture>>> drawn_;
  std::atomic<size_t> next_ = 0;
  std::mutex reporting_;
  size_t done_ = 0;
};

}  // namespace

Result<std::vector<Picture>> draw_pictures(std::span<const Chart> charts,
                                           const PictureOptions& options,
                                           const Progress& progress) {
  Work work(charts, options, progress);
  const unsigned wanted =
      options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  const size_t threads = std::min<size_t>(wanted, charts.size());
  {
    std::vector<std::jthread> helpers;
    for (size_t i = 1; i < threads; ++i) helpers.emplace_back([&work] { work.run(); });
    if (threads > 0) work.run();
  }
  return work.finish();
}

}  // namespace barometer

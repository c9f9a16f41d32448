// Charts to SVG, PNG and PDF inside the program: Vega in JavaScriptCore, text widths from Pango,
// pixels and pages from librsvg.
//
// Starting costs 0.4 s, a chart some 30 ms: make one and draw many. One thread at a time.
// The same input gives the same bytes on a machine with the same fonts and libraries.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "barometer/base/result.h"
#include "barometer/chart/chart.h"
#include "barometer/chart/theme.h"

namespace barometer {

struct RendererOptions {
  std::string_view vega = {};       // source text of vega.min.js; empty: the one in the program
  std::string_view vega_lite = {};  // likewise vega-lite.min.js
};

class Renderer {
 public:
  static Result<Renderer> make(const RendererOptions& options = {});
  Renderer(Renderer&&) noexcept;
  Renderer& operator=(Renderer&&) noexcept;
  ~Renderer();

  // The chart's specification, and its drawing with role="img", <title>, <desc>, and data-figure,
  // data-interval or data-label = the figure's id on every mark.
  [[nodiscard]] Result<std::string> spec(const Chart& chart, const Theme& theme) const;
  [[nodiscard]] Result<std::string> svg(const Chart& chart, const Theme& theme) const;
  // Any Vega-Lite specification. What Vega throws or warns of is a kInvalid with its words.
  [[nodiscard]] Result<std::string> draw(std::string_view vega_lite) const;

  // `scale` 2 gives two pixels per CSS pixel.
  [[nodiscard]] static Result<std::string> png(std::string_view svg, double scale);
  // One page of the picture's size (1 CSS pixel is 0.75 pt), text as text, no date inside.
  [[nodiscard]] static Result<std::string> pdf(std::string_view svg);

 private:
  struct Impl;
  explicit Renderer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace barometer

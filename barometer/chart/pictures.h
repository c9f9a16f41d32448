// Many charts at once: each as a specification, a wide and a narrow drawing, a PNG and a PDF.
//
// Every thread has a renderer of its own (a JavaScriptCore machine belongs to one thread), made
// when its first chart comes. The pictures do not depend on how many threads there are.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/chart/chart.h"
#include "barometer/chart/theme.h"

namespace barometer {

struct Picture {
  std::string specification;  // Vega-Lite, of the wide drawing
  std::string narrow_specification;
  std::string svg;
  std::string narrow_svg;
  std::string png;
  std::string pdf;
};

struct PictureOptions {
  Theme theme = {};
  double narrow_width = 320;  // a phone
  double png_scale = 2;       // pixels per CSS pixel
  bool rasters = true;        // PNG and PDF too
  unsigned threads = 0;       // 0: as many as the machine has, and no more than charts
};

// In the order of the charts. The error is that of the first chart that cannot be drawn; kLimit
// when stopped.
Result<std::vector<Picture>> draw_pictures(std::span<const Chart> charts,
                                           const PictureOptions& options, const Progress& progress);

}  // namespace barometer

// Reads the figures back out of a drawn chart, as a reader with a ruler would: lengths are
// measured from the shapes and against the numbers on the axis, not taken from the input.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {

// One figure in the drawing. `from` and `to` are where its shape starts and ends: on the axis in
// its unit (a dot: both its centre), in a pie in percent of the circle. Left of a diverging
// chart's zero is negative; only to - from has a meaning for don't know, which stands apart.
//
// The cells of heat tables and tile maps stand on no axis: they have a box, a colour and a label.
struct DrawnMark {
  std::string figure_id;
  std::string description;  // "statement, category: 63%"
  std::string printed;      // the label drawn beside it; empty when there was no room
  double from = 0, to = 0;
  std::optional<double> lower = {}, upper = {};  // of its interval, or of the band at its place

  bool is_cell = false;
  double left = 0, top = 0, right = 0, bottom = 0;  // rectangles, in pixels
  std::string fill;                                 // "#rrggbb" of the shape
  std::string ink;                                  // of the label; empty without one
  bool label_inside = false;                        // the middle of the label lies in the rectangle
  std::optional<size_t> key_entry = {};  // the first swatch of the key of the same colour

  [[nodiscard]] double length() const { return to - from; }
};

// In the order they are drawn. kInvalid: not well-formed XML, or a mark that cannot be measured.
Result<std::vector<DrawnMark>> read_back(std::string_view svg);

}  // namespace barometer

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
struct DrawnMark {
  std::string figure_id;
  std::string description;  // "statement, category: 63%"
  std::string printed;      // the label drawn beside it; empty when there was no room
  double from = 0, to = 0;
  std::optional<double> lower = {}, upper = {};

  [[nodiscard]] double length() const { return to - from; }
};

// In the order they are drawn. kInvalid: not well-formed XML, or a mark that cannot be measured.
Result<std::vector<DrawnMark>> read_back(std::string_view svg);

}  // namespace barometer

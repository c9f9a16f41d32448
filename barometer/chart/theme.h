// How charts look: fonts, sizes in CSS pixels, colours. Written in web/theme.json.
//
// Colours are distinguishable without one kind of cone (four of the categories are Okabe and Ito's,
// the diverging scales follow ColorBrewer's PuOr, the sequential one its Blues) and dark enough for
// WCAG 2.2: 3:1 for marks against the background (1.4.11) and 4.5:1 for text (1.4.3). parse_theme
// refuses a theme that is not. The cells of a heat table or tile map may be lighter: their number
// is printed in them, in ink that is 4.5:1 on their colour.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {

struct Theme {
  std::string font;               // families, most wanted first
  double width = 640;             // of the whole picture; 320 for a phone
  double stack_labels_below = 0;  // narrower pictures have labels above their bars
  double padding = 0;
  double title_size = 0, text_size = 0, value_size = 0, small_size = 0;
  double bar_height = 0;
  std::string background, ink, muted, grid;  // "#rrggbb"
  std::vector<std::string> categories;       // series and slices, in this order
  std::vector<std::string> negative;         // three, weakest grade first
  std::vector<std::string> positive;
  std::string neutral, dont_know;
  std::vector<std::string> sequential;  // five classes, lowest first
  std::vector<std::string> diverging;   // seven classes, lowest first, the fourth is the middle

  [[nodiscard]] bool narrow() const { return width < stack_labels_below; }
};

Result<Theme> parse_theme(std::string_view json);
// web/theme.json as it was when the program was built.
Result<Theme> standard_theme();

// WCAG 2.2 contrast ratio of two "#rrggbb" colours, 1..21:
// (L1 + 0.05) / (L2 + 0.05), L the relative luminance of the lighter and the darker.
double contrast(std::string_view a, std::string_view b);
// The theme's ink or its background, whichever reads better on `fill`.
const std::string& ink_on(std::string_view fill, const Theme& theme);

}  // namespace barometer

// A picture under construction: marks, lines of text and rules, placed in CSS pixels from the top
// left corner. Only what stands for a value goes through a Vega scale.
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <nlohmann/json.hpp>

#include "barometer/chart/chart.h"
#include "barometer/chart/theme.h"
#include "barometer/chart/typesetter.h"

namespace barometer {

using Json = nlohmann::ordered_json;

enum class Align { kLeft, kCentre, kRight };

struct TextStyle {
  double size = 0;
  bool bold = false;
  auto operator<=>(const TextStyle&) const = default;
};

// From the top to the bottom of something.
struct Span {
  double top = 0, bottom = 0;
};

struct KeyEntry {
  std::string label;
  std::string colour;
};

// Values to pixels, along x or along y.
struct Scale {
  double low = 0, high = 1;       // values
  double from_px = 0, to_px = 1;  // where they stand
  [[nodiscard]] double unit_px() const { return (to_px - from_px) / (high - low); }
  [[nodiscard]] double px(double value) const { return from_px + (value - low) * unit_px(); }
};

// The ends of an axis and its numbers. Steps are 1, 2 or 5 times a power of ten, at most `most` of
// them; ends the chart asked for are kept (1 to 10 has 1, 4, 7, 10) unless a value lies outside.
struct Axis {
  double low = 0, high = 1;
  std::vector<double> ticks;
};
Axis axis_for(const Chart& chart, double lowest, double highest, int most);

// Two decimals of a pixel are enough, and keep the text short.
inline double px_text(double px) { return std::round(px * 100) / 100; }

class DrawingSheet {
 public:
  DrawingSheet(const Chart& chart, const Theme& theme, const Typesetter& typesetter);

  [[nodiscard]] const Chart& chart() const { return chart_; }
  [[nodiscard]] const Theme& theme() const { return theme_; }
  [[nodiscard]] double left() const { return theme_.padding; }
  [[nodiscard]] double right() const { return theme_.width - theme_.padding; }
  [[nodiscard]] double pen() const { return pen_; }  // everything above is taken
  void move_pen(double y) { pen_ = y; }

  [[nodiscard]] TextStyle title() const { return {theme_.title_size, true}; }
  [[nodiscard]] TextStyle body() const { return {theme_.text_size, false}; }
  [[nodiscard]] TextStyle value() const { return {theme_.value_size, true}; }
  [[nodiscard]] TextStyle small() const { return {theme_.small_size, false}; }
  [[nodiscard]] double text_width(std::string_view text, TextStyle style) const;
  [[nodiscard]] std::vector<std::string> wrapped(std::string_view text, TextStyle style,
                                                 double max_width) const;
  [[nodiscard]] static double line_height(TextStyle style) { return style.size * 1.35; }

  [[nodiscard]] std::vector<std::string> balanced(std::string_view text, TextStyle style,
                                                  double max_width) const;

  // Title and question at the top; source and note at the pen.
  void heading();
  void footing();
  // Swatches with their words at the pen, flowing into lines. Nothing for fewer than two entries.
  void key(const std::vector<KeyEntry>& entries);

  // `middle` is the height of the middle of the line.
  void text(double x, double middle, std::string_view text, TextStyle style, Align align,
            const std::string& colour, std::string_view description = {});
  // The same on a patch of background, so that no grid line runs through it.
  void text_on_patch(double x, double middle, std::string_view text, TextStyle style, Align align,
                     const std::string& colour, std::string_view description);
  // Lines one under another; returns the bottom.
  double lines(const std::vector<std::string>& lines, double x, double top, TextStyle style,
               Align align, const std::string& colour);
  void swatch(double x, double y, double size, const std::string& colour, size_t entry);
  void rule(double x, double y, double x2, double y2, const std::string& colour, bool dashed);

  // A layer of marks whose data and encoding the caller knows; drawn in the order added.
  void layer(std::string name, Json mark, Json values, Json encoding);
  // Grid lines and numbers along x (in each span of the page) or along y (from left to right).
  void x_axis(const Scale& scale, const std::vector<double>& ticks, const std::vector<Span>& spans);
  void y_axis(const Scale& scale, const std::vector<double>& ticks, double left, double right);

  // The whole specification, as high as the pen.
  [[nodiscard]] Json specification() const;

 private:
  [[nodiscard]] std::string tick_text(double value) const;
  void grid_line(double x, double y, double x2, double y2, double value);

  const Chart& chart_;
  const Theme& theme_;
  const Typesetter& typesetter_;
  double pen_;
  Json solid_ = Json::array();
  Json dashed_ = Json::array();
  Json patches_ = Json::array();
  Json grid_ = Json::array();
  Json swatches_ = Json::array();
  Json layers_ = Json::array();
  std::map<std::tuple<TextStyle, Align>, Json> texts_;
};

// Encodings: a field in pixels, a field along a scale, a colour or text given as such.
Json in_pixels(const char* field);
Json along(const char* field, const Scale& scale);
Json second(const char* field);  // x2 and y2
Json as_is(const char* field);

// "statement, category: 63%"
std::string described(const Row& row, const Mark& mark);

// The kinds; each leaves the pen at the bottom of what it drew.
Status draw_rows(DrawingSheet& sheet);       // bars and dots
Status draw_diverging(DrawingSheet& sheet);  // diverging bars
Status draw_pie(DrawingSheet& sheet);
Status draw_trend(DrawingSheet& sheet);
Status draw_stacks(DrawingSheet& sheet);
Status draw_heat(DrawingSheet& sheet);
Status draw_tiles(DrawingSheet& sheet);

// Label columns of charts whose rows go down the page.
struct RowText {
  std::string label, base;
  size_t lanes = 1;
};
struct RowColumn {
  double plot_left = 0;
  std::vector<Span> lanes = {};  // the bars of each row
  std::vector<Span> grid = {};   // where grid lines may run without crossing a label
};
// Writes the labels and places the rows from the pen down.
RowColumn place_rows(DrawingSheet& sheet, const std::vector<RowText>& rows);
double plot_left_of(const DrawingSheet& sheet, const std::vector<RowText>& rows);
double lane_pitch(const Theme& theme);  // from one bar's top to the next one's

// Colour of each category in order of appearance; kInvalid when they cannot be told apart.
Result<std::vector<KeyEntry>> category_colours(const Chart& chart, const Theme& theme);
const std::string& colour_of(const std::vector<KeyEntry>& key, std::string_view label);
// The colours of a battery by tone, in the order negative, neutral, positive, don't know.
std::vector<KeyEntry> tone_colours(const Chart& chart, const Theme& theme);

// Rectangles of figures that stand on no axis, "... (cell ID)", and those left blank.
struct Field {
  double left = 0, top = 0, right = 0, bottom = 0;
};
class CellMarks {
 public:
  void add(const Row& row, const Mark& mark, const Field& field, const std::string& colour);
  void add_blank(const Field& field);
  void draw(DrawingSheet& sheet);

 private:
  Json cells_ = Json::array();
  Json blanks_ = Json::array();
};
double widest_word(const DrawingSheet& sheet, std::string_view text, TextStyle style);

}  // namespace barometer

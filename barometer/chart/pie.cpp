// A pie: one row of parts, clockwise from twelve o'clock in the order given, and its key with
// every figure in it. Slices are shares of the parts' own sum; the words beside them are as
// printed.
#include <algorithm>
#include <numbers>
#include <utility>

#include <fmt/format.h>

#include "barometer/chart/sheet_internal.h"

namespace barometer {
namespace {

constexpr double kWidestRadius = 120;
constexpr double kLabelRadius = 0.66;  // of the radius: where figures stand in their slices
constexpr double kSwatch = 14;
constexpr double kKeyGap = 8;

struct Slice {
  const Mark* mark;
  std::string colour;
  double from, to;  // radians, clockwise from twelve
};

std::vector<Slice> slices_of(const Row& row, const std::vector<KeyEntry>& key) {
  double sum = 0;
  for (const auto& mark : row.marks) sum += *mark.value;
  std::vector<Slice> slices;
  double at = 0;
  for (const auto& mark : row.marks) {
    const double end = at + *mark.value;
    slices.push_back({&mark, colour_of(key, mark.label), 2 * std::numbers::pi * at / sum,
                      2 * std::numbers::pi * end / sum});
    at = end;
  }
  return slices;
}

// The label of a slice is drawn in it when the slice is wide enough there.
void put_value(DrawingSheet& sheet, const Slice& slice, double cx, double cy, double radius) {
  const double width = sheet.text_width(slice.mark->printed, sheet.value());
  const double angle = slice.to - slice.from;
  const double chord =
      angle >= std::numbers::pi ? radius : 2 * kLabelRadius * radius * std::sin(angle / 2);
  if (width + 6 > chord) return;
  const double middle = (slice.from + slice.to) / 2;
  const bool is_whole = angle > 2 * std::numbers::pi - 1e-9;
  const double reach = is_whole ? 0 : kLabelRadius * radius;
  sheet.text(cx + reach * std::sin(middle), cy - reach * std::cos(middle), slice.mark->printed,
             sheet.value(), Align::kCentre, ink_on(slice.colour, sheet.theme()),
             fmt::format("{} (label {})", slice.mark->printed, slice.mark->figure_id));
}

// Swatch, figure, category: one under another from `top`; returns the bottom.
double put_key(DrawingSheet& sheet, const std::vector<Slice>& slices, double x, double top,
               bool draw) {
  double figures = 0;
  for (const Slice& slice : slices) {
    figures = std::max(figures, sheet.text_width(slice.mark->printed, sheet.value()));
  }
  const double words_x = x + kSwatch + kKeyGap + figures + kKeyGap;
  const double line = DrawingSheet::line_height(sheet.body());
  for (size_t i = 0; i < slices.size(); ++i) {
    const Slice& slice = slices[i];
    const auto words = sheet.wrapped(slice.mark->label, sheet.body(), sheet.right() - words_x);
    const double height = std::max(line, static_cast<double>(words.size()) * line);
    if (draw) {
      sheet.swatch(x, top + (line - kSwatch) / 2, kSwatch, slice.colour, i);
      sheet.text(x + kSwatch + kKeyGap + figures, top + line / 2, slice.mark->printed,
                 sheet.value(), Align::kRight, sheet.theme().ink);
      sheet.lines(words, words_x, top, sheet.body(), Align::kLeft, sheet.theme().ink);
    }
    top += height + kKeyGap;
  }
  return top - kKeyGap;
}

void draw_arcs(DrawingSheet& sheet, const Row& row, const std::vector<Slice>& slices, double cx,
               double cy, double radius) {
  Json arcs = Json::array();
  for (const Slice& slice : slices) {
    arcs.push_back({{"category", slice.mark->label},
                    {"printed", slice.mark->printed},
                    {"value", *slice.mark->value},
                    {"from", slice.from},
                    {"to", slice.to},
                    {"x", px_text(cx)},
                    {"y", px_text(cy)},
                    {"fill", slice.colour},
                    {"description", fmt::format("{} (figure {})", described(row, *slice.mark),
                                                slice.mark->figure_id)}});
  }
  const Json angle = {
      {"field", "from"}, {"type", "quantitative"}, {"scale", nullptr}, {"stack", nullptr}};
  sheet.layer("slices",
              {{"type", "arc"},
               {"outerRadius", px_text(radius)},
               {"stroke", sheet.theme().background},
               {"strokeWidth", 1.5},
               {"strokeJoin", "round"}},
              std::move(arcs),
              {{"theta", angle},
               {"theta2", second("to")},
               {"x", in_pixels("x")},
               {"y", in_pixels("y")},
               {"fill", as_is("fill")},
               {"description", {{"field", "description"}, {"type", "nominal"}}}});
}

}  // namespace

Status draw_pie(DrawingSheet& sheet) {
  const Row& row = sheet.chart().rows.front();
  const auto key = TRY(category_colours(sheet.chart(), sheet.theme()));
  const auto slices = slices_of(row, key);
  const bool narrow = sheet.theme().narrow();
  const double inner = sheet.right() - sheet.left();
  const double radius = std::min(kWidestRadius, inner * (narrow ? 0.36 : 0.22));
  const double top = sheet.pen();
  const double key_x = narrow ? sheet.left() : sheet.left() + 2 * radius + 28;
  const double key_height = put_key(sheet, slices, key_x, 0, /*draw=*/false);
  const double cx = narrow ? sheet.left() + inner / 2 : sheet.left() + radius;
  const double height = narrow ? 2 * radius : std::max(2 * radius, key_height);
  const double cy = top + (narrow ? radius : height / 2);
  const double key_top = narrow ? top + 2 * radius + 16 : cy - key_height / 2;
  put_key(sheet, slices, key_x, key_top, /*draw=*/true);
  draw_arcs(sheet, row, slices, cx, cy, radius);
  for (const Slice& slice : slices) put_value(sheet, slice, cx, cy, radius);
  sheet.move_pen(narrow ? key_top + key_height : top + height);
  return {};
}

}  // namespace barometer

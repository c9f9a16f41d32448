#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "barometer/chart/sheet_internal.h"

namespace barometer {
namespace {

constexpr double kSwatch = 12;
constexpr double kSwatchGap = 6;
constexpr double kEntryGap = 18;

const char* name_of(Align align) {
  if (align == Align::kLeft) return "left";
  return align == Align::kCentre ? "center" : "right";
}

Json pixel_rules() {
  return {{"x", in_pixels("x")},
          {"x2", second("x2")},
          {"y", in_pixels("y")},
          {"y2", second("y2")},
          {"stroke", as_is("fill")}};
}

Json pixel_rectangles() {
  return {{"x", in_pixels("x")},
          {"x2", second("x2")},
          {"y", in_pixels("y")},
          {"y2", second("y2")},
          {"fill", as_is("fill")}};
}

double round_step(double low, double high, int most) {
  double step = std::pow(10, std::floor(std::log10((high - low) / most)));
  for (const double factor : {2.0, 2.5, 2.0}) {
    if ((high - low) / step <= most + 1e-9) break;
    step *= factor;
  }
  return step;
}

// A whole number that divides the axis into 2 to `most` parts.
std::optional<double> whole_step(double low, double high, int most) {
  for (int parts = most; parts >= 2; --parts) {
    const double step = (high - low) / parts;
    if (step >= 1 && step == std::round(step)) return step;
  }
  return std::nullopt;
}

}  // namespace

Axis axis_for(const Chart& chart, double lowest, double highest, int most) {
  const double low = std::min(lowest, chart.axis_low.value_or(lowest));
  double high = std::max(highest, chart.axis_high.value_or(highest));
  if (high - low < 1e-9) high = low + 1;
  const bool is_given = chart.axis_low == low && chart.axis_high == high;
  double step = round_step(low, high, most);
  if (is_given) step = whole_step(low, high, most).value_or(step);
  Axis axis{.low = chart.axis_low == low ? low : std::floor(low / step + 1e-9) * step,
            .high = chart.axis_high == high ? high : std::ceil(high / step - 1e-9) * step,
            .ticks = {}};
  const double first =
      is_given && whole_step(low, high, most) ? low : std::ceil(axis.low / step - 1e-9) * step;
  const auto count = static_cast<int>(std::floor((axis.high - first) / step + 1e-9));
  for (int i = 0; i <= count; ++i) axis.ticks.push_back(first + i * step);
  return axis;
}

Json in_pixels(const char* field) {
  return {{"field", field}, {"type", "quantitative"}, {"scale", nullptr}, {"axis", nullptr}};
}

Json along(const char* field, const Scale& scale) {
  return {{"field", field},
          {"type", "quantitative"},
          {"scale",
           {{"domain", {scale.low, scale.high}},
            {"range", {px_text(scale.from_px), px_text(scale.to_px)}},
            {"nice", false},
            {"zero", false}}},
          {"axis", nullptr}};
}

Json second(const char* field) { return {{"field", field}}; }

Json as_is(const char* field) {
  return {{"field", field}, {"type", "nominal"}, {"scale", nullptr}};
}

std::string described(const Row& row, const Mark& mark) {
  std::string what = row.label;
  if (!mark.label.empty() && mark.label != row.label) {
    what += (what.empty() ? "" : ", ") + mark.label;
  }
  return fmt::format("{}: {}", what, mark.printed);
}

DrawingSheet::DrawingSheet(const Chart& chart, const Theme& theme, const Typesetter& typesetter)
    : chart_(chart), theme_(theme), typesetter_(typesetter), pen_(theme.padding) {}

double DrawingSheet::text_width(std::string_view text, TextStyle style) const {
  return typesetter_.width(text, {theme_.font, style.size, style.bold});
}

std::vector<std::string> DrawingSheet::wrapped(std::string_view text, TextStyle style,
                                               double max_width) const {
  return typesetter_.wrapped(text, {theme_.font, style.size, style.bold}, max_width);
}

std::vector<std::string> DrawingSheet::balanced(std::string_view text, TextStyle style,
                                                double max_width) const {
  return typesetter_.balanced(text, {theme_.font, style.size, style.bold}, max_width);
}

void DrawingSheet::heading() {
  const double measure = right() - left();
  pen_ = lines(balanced(chart_.title, title(), measure), left(), pen_, title(), Align::kLeft,
               theme_.ink);
  pen_ = lines(wrapped(chart_.subtitle, body(), measure), left(), pen_ + 3, body(), Align::kLeft,
               theme_.muted);
  pen_ += 14;
}

void DrawingSheet::footing() {
  const double measure = right() - left();
  pen_ += 12;
  for (const std::string& remark : {chart_.note, chart_.source}) {
    pen_ =
        lines(wrapped(remark, small(), measure), left(), pen_, small(), Align::kLeft, theme_.muted);
  }
  pen_ += theme_.padding;
}

void DrawingSheet::key(const std::vector<KeyEntry>& entries) {
  if (entries.size() < 2) return;
  const double indent = kSwatch + kSwatchGap;
  double x = left();
  double bottom = pen_;
  for (size_t i = 0; i < entries.size(); ++i) {
    const KeyEntry& entry = entries[i];
    const auto words = wrapped(entry.label, body(), right() - left() - indent);
    double width = 0;
    for (const auto& line : words) width = std::max(width, text_width(line, body()));
    if (x > left() && x + indent + width > right()) {
      x = left();
      pen_ = bottom + 3;
    }
    swatch(x, pen_ + (line_height(body()) - kSwatch) / 2, kSwatch, entry.colour, i);
    bottom = std::max(bottom, lines(words, x + indent, pen_, body(), Align::kLeft, theme_.ink));
    x += indent + width + kEntryGap;
  }
  pen_ = bottom + 12;
}

void DrawingSheet::text(double x, double middle, std::string_view text, TextStyle style,
                        Align align, const std::string& colour, std::string_view description) {
  Json datum = {{"x", px_text(x)}, {"y", px_text(middle)}, {"text", text}, {"fill", colour}};
  if (!description.empty()) datum["description"] = description;
  auto& group = texts_[{style, align}];
  if (group.is_null()) group = {{"plain", Json::array()}, {"described", Json::array()}};
  group[description.empty() ? "plain" : "described"].push_back(std::move(datum));
}

void DrawingSheet::text_on_patch(double x, double middle, std::string_view words, TextStyle style,
                                 Align align, const std::string& colour,
                                 std::string_view description) {
  const double width = text_width(words, style);
  const double left_px =
      align == Align::kLeft ? x : x - (align == Align::kCentre ? width / 2 : width);
  patches_.push_back({{"x", px_text(left_px - 1)},
                      {"x2", px_text(left_px + width + 1)},
                      {"y", px_text(middle - style.size * 0.6)},
                      {"y2", px_text(middle + style.size * 0.6)},
                      {"fill", theme_.background}});
  text(x, middle, words, style, align, colour, description);
}

double DrawingSheet::lines(const std::vector<std::string>& lines, double x, double top,
                           TextStyle style, Align align, const std::string& colour) {
  for (const auto& line : lines) {
    text(x, top + line_height(style) / 2, line, style, align, colour);
    top += line_height(style);
  }
  return top;
}

void DrawingSheet::swatch(double x, double y, double size, const std::string& colour,
                          size_t entry) {
  swatches_.push_back({{"x", px_text(x)},
                       {"x2", px_text(x + size)},
                       {"y", px_text(y)},
                       {"y2", px_text(y + size)},
                       {"fill", colour},
                       {"description", fmt::format("colour (key {})", entry)}});
}

void DrawingSheet::rule(double x, double y, double x2, double y2, const std::string& colour,
                        bool dashed) {
  (dashed ? dashed_ : solid_)
      .push_back({{"x", px_text(x)},
                  {"x2", px_text(x2)},
                  {"y", px_text(y)},
                  {"y2", px_text(y2)},
                  {"fill", colour}});
}

void DrawingSheet::layer(std::string name, Json mark, Json values, Json encoding) {
  if (values.empty()) return;
  if (encoding.contains("description")) encoding["tooltip"] = encoding["description"];
  layers_.push_back({{"name", std::move(name)},
                     {"data", {{"values", std::move(values)}}},
                     {"mark", std::move(mark)},
                     {"encoding", std::move(encoding)}});
}

std::string DrawingSheet::tick_text(double value) const {
  const bool has_sides = chart_.kind == ChartKind::kDiverging;
  const bool is_share = chart_.kind == ChartKind::kShare;  // whatever unit the parts have
  return fmt::format("{:.6g}{}", has_sides ? std::abs(value) : value, is_share ? "%" : chart_.unit);
}

void DrawingSheet::grid_line(double x, double y, double x2, double y2, double value) {
  grid_.push_back({{"x", px_text(x)},
                   {"x2", px_text(x2)},
                   {"y", px_text(y)},
                   {"y2", px_text(y2)},
                   {"fill", theme_.grid},
                   {"description", fmt::format("{} (grid {})", tick_text(value), value)}});
}

void DrawingSheet::x_axis(const Scale& scale, const std::vector<double>& ticks,
                          const std::vector<Span>& spans) {
  const double bottom = spans.back().bottom;
  for (const double tick : ticks) {
    for (const Span& span : spans) {
      grid_line(scale.px(tick), span.top, scale.px(tick), span.bottom, tick);
    }
    text(scale.px(tick), bottom + 4 + line_height(small()) / 2, tick_text(tick), small(),
         Align::kCentre, theme_.muted, fmt::format("{} (tick {})", tick_text(tick), tick));
  }
  pen_ = bottom + 4 + line_height(small());
}

void DrawingSheet::y_axis(const Scale& scale, const std::vector<double>& ticks, double left_px,
                          double right_px) {
  for (const double tick : ticks) {
    grid_line(left_px, scale.px(tick), right_px, scale.px(tick), tick);
    text(left_px - 6, scale.px(tick), tick_text(tick), small(), Align::kRight, theme_.muted,
         fmt::format("{} (tick {})", tick_text(tick), tick));
  }
}

Json DrawingSheet::specification() const {
  Json all = Json::array();
  const auto add = [&all](const char* name, Json mark, const Json& values, Json encoding) {
    if (values.empty()) return;
    all.push_back({{"name", fmt::format("{}_{}", name, all.size())},
                   {"data", {{"values", values}}},
                   {"mark", std::move(mark)},
                   {"encoding", std::move(encoding)}});
  };
  Json grid_encoding = pixel_rules();
  grid_encoding["description"] = {{"field", "description"}, {"type", "nominal"}};
  add("grid", {{"type", "rule"}}, grid_, std::move(grid_encoding));
  add("rules", {{"type", "rule"}, {"aria", false}}, solid_, pixel_rules());
  add("broken_rules", {{"type", "rule"}, {"aria", false}, {"strokeDash", {4, 3}}}, dashed_,
      pixel_rules());
  add("patches", {{"type", "rect"}, {"aria", false}}, patches_, pixel_rectangles());
  Json key_encoding = pixel_rectangles();
  key_encoding["description"] = {{"field", "description"}, {"type", "nominal"}};
  key_encoding["stroke"] = {{"value", theme_.grid}};  // the lightest shades need an edge
  add("key", {{"type", "rect"}, {"strokeWidth", 1}}, swatches_, std::move(key_encoding));
  for (const auto& marks : layers_) all.push_back(marks);
  for (const auto& [how, group] : texts_) {
    const auto& [style, align] = how;
    for (const char* part : {"plain", "described"}) {
      const bool is_described = std::string_view(part) == "described";
      Json encoding = {{"x", in_pixels("x")},
                       {"y", in_pixels("y")},
                       {"text", {{"field", "text"}, {"type", "nominal"}}},
                       {"fill", as_is("fill")}};
      if (is_described) encoding["description"] = {{"field", "description"}, {"type", "nominal"}};
      add(is_described ? "figures" : "words",
          {{"type", "text"},
           {"fontSize", style.size},
           {"fontWeight", style.bold ? "bold" : "normal"},
           {"align", name_of(align)},
           {"baseline", "middle"},
           {"aria", is_described}},
          group[part], std::move(encoding));
    }
  }
  return {{"$schema", "https://vega.github.io/schema/vega-lite/v6.json"},
          {"description", chart_.alt},
          {"background", theme_.background},
          {"width", px_text(theme_.width)},
          {"height", std::ceil(pen_)},
          {"padding", 0},
          {"autosize", "none"},
          {"layer", std::move(all)},
          {"resolve", {{"scale", {{"x", "independent"}, {"y", "independent"}}}}},
          {"config", {{"font", theme_.font}, {"view", {{"stroke", nullptr}}}}}};
}

Result<std::vector<KeyEntry>> category_colours(const Chart& chart, const Theme& theme) {
  std::vector<KeyEntry> key;
  size_t used = 0;
  for (const auto& row : chart.rows) {
    for (const auto& mark : row.marks) {
      const auto is_same = [&mark](const KeyEntry& entry) { return entry.label == mark.label; };
      if (std::any_of(key.begin(), key.end(), is_same)) continue;
      if (mark.tone == "dont_know") {
        key.push_back({mark.label, theme.dont_know});
        continue;
      }
      if (used == theme.categories.size()) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("chart '{}': '{}' is one category more than the {} colours that "
                                "can be told apart",
                                chart.id, mark.label, theme.categories.size()));
      }
      key.push_back({mark.label, theme.categories[used++]});
    }
  }
  return key;
}

const std::string& colour_of(const std::vector<KeyEntry>& key, std::string_view label) {
  const auto found = std::find_if(key.begin(), key.end(),
                                  [label](const KeyEntry& entry) { return entry.label == label; });
  CHECK(found != key.end(), fmt::format("'{}' has no colour", label));
  return found->colour;
}

}  // namespace barometer

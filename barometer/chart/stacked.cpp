// Bars of parts laid end to end from zero; of shares, every row is as long as the whole. The parts
// of a battery take the colours of their tones, others those of categories.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "barometer/chart/sheet_internal.h"

namespace barometer {
namespace {

constexpr double kSegmentPadding = 3;
constexpr double kSignGap = 5;  // from a bar to the signs of what is not drawn

double sum_of(const Row& row) {
  double sum = 0;
  for (const auto& mark : row.marks) sum += mark.value.value_or(0);
  return sum;
}

Result<std::vector<KeyEntry>> colours_of(const Chart& chart, const Theme& theme) {
  for (const auto& row : chart.rows) {
    const auto has_tone = [](const Mark& mark) { return !mark.tone.empty(); };
    const auto count = [&row](std::string_view tone) {
      return std::count_if(row.marks.begin(), row.marks.end(),
                           [tone](const Mark& mark) { return mark.tone == tone; });
    };
    const bool is_graded = std::all_of(row.marks.begin(), row.marks.end(), has_tone) &&
                           std::max(count("positive"), count("negative")) <= 3 &&
                           count("positive") + count("negative") > 0;
    if (!is_graded) return category_colours(chart, theme);
  }
  return tone_colours(chart, theme);
}

// In the order of the first row's marks, as the segments stand.
std::vector<KeyEntry> in_order(const Chart& chart, const std::vector<KeyEntry>& colours) {
  std::vector<KeyEntry> key;
  for (const auto& row : chart.rows) {
    for (const auto& mark : row.marks) {
      const auto is_same = [&mark](const KeyEntry& entry) { return entry.label == mark.label; };
      if (std::any_of(key.begin(), key.end(), is_same)) continue;
      const auto found = std::find_if(colours.begin(), colours.end(), is_same);
      if (found != colours.end()) key.push_back(*found);
    }
  }
  return key;
}

class StackedChart {
 public:
  StackedChart(DrawingSheet& sheet, std::vector<KeyEntry> key)
      : sheet_(sheet), key_(std::move(key)) {}

  Status draw() {
    const Chart& chart = sheet_.chart();
    sheet_.key(key_);
    std::vector<RowText> texts;
    for (const auto& row : chart.rows) texts.push_back({row.label, row.base, 1});
    const RowColumn column = place_rows(sheet_, texts);
    TRY_DONE(make_scale(column));
    for (size_t i = 0; i < chart.rows.size(); ++i) draw_row(chart.rows[i], column.lanes[i].top);
    for (const Span& span : column.grid) {
      sheet_.rule(scale_.px(0), span.top, scale_.px(0), span.bottom, sheet_.theme().ink, false);
    }
    sheet_.layer("bars",
                 {{"type", "rect"}, {"stroke", sheet_.theme().background}, {"strokeWidth", 1}},
                 std::move(bars_),
                 {{"x", along("from", scale_)},
                  {"x2", second("to")},
                  {"y", in_pixels("y")},
                  {"y2", second("y2")},
                  {"fill", as_is("fill")},
                  {"description", {{"field", "description"}, {"type", "nominal"}}}});
    return {};
  }

 private:
  [[nodiscard]] bool is_share() const { return sheet_.chart().kind == ChartKind::kShare; }

  // What a value is on the axis of its row.
  [[nodiscard]] double drawn(const Row& row, double value) const {
    return is_share() ? value / sum_of(row) * 100 : value;
  }

  Status make_scale(const RowColumn& column) {
    const Chart& chart = sheet_.chart();
    double longest = is_share() ? 100 : chart.axis_high.value_or(0);
    double signs = 0;
    for (const auto& row : chart.rows) {
      if (!is_share()) longest = std::max(longest, sum_of(row));
      signs = std::max(signs, sheet_.text_width(signs_of(row), sheet_.value()));
    }
    Chart whole;
    whole.axis_low = 0;
    // Rounded parts of a whole may make 101; the axis says 100 and the bar is longer by its point.
    if (is_share() || (chart.unit == "%" && longest > 99 && longest < 103)) whole.axis_high = 100;
    const Axis axis = axis_for(whole, 0, longest, sheet_.theme().narrow() ? 4 : 5);
    scale_ = {.low = 0,
              .high = std::max(axis.high, longest),
              .from_px = column.plot_left + (sheet_.theme().narrow() ? 0.0 : 8.0),
              .to_px = sheet_.right() - std::max(10.0, signs > 0 ? signs + kSignGap + 2 : 0)};
    if (scale_.to_px - scale_.from_px < 40) {
      return fail(ErrorCode::kLimit, fmt::format("chart '{}' has no room for its bars in {} px",
                                                 chart.id, sheet_.theme().width));
    }
    sheet_.x_axis(scale_, axis.ticks, column.grid);
    return {};
  }

  static std::string signs_of(const Row& row) {
    std::string signs;
    for (const auto& mark : row.marks) {
      if (!mark.value) signs += (signs.empty() ? "" : " ") + mark.printed;
    }
    return signs;
  }

  void draw_row(const Row& row, double top) {
    double at = 0;
    for (const auto& mark : row.marks) {
      if (!mark.value) continue;
      const double end = at + drawn(row, *mark.value);
      add_bar(row, mark, at, end, top);
      at = end;
    }
    double x = scale_.px(at) + kSignGap;
    for (const auto& mark : row.marks) {
      if (mark.value) continue;
      sheet_.text_on_patch(x, top + sheet_.theme().bar_height / 2, mark.printed, sheet_.value(),
                           Align::kLeft, sheet_.theme().muted,
                           fmt::format("{} (label {})", mark.printed, mark.figure_id));
      x += sheet_.text_width(mark.printed + " ", sheet_.value());
    }
  }

  void add_bar(const Row& row, const Mark& mark, double from, double to, double top) {
    const std::string& colour = colour_of(key_, mark.label);
    const double height = sheet_.theme().bar_height;
    bars_.push_back(
        {{"row", row.label},
         {"category", mark.label},
         {"printed", mark.printed},
         {"value", *mark.value},
         {"from", from},
         {"to", to},
         {"y", px_text(top)},
         {"y2", px_text(top + height)},
         {"fill", colour},
         {"description", fmt::format("{} (figure {})", described(row, mark), mark.figure_id)}});
    const double room = scale_.px(to) - scale_.px(from);
    if (sheet_.text_width(mark.printed, sheet_.value()) + 2 * kSegmentPadding > room) return;
    sheet_.text(scale_.px((from + to) / 2), top + height / 2, mark.printed, sheet_.value(),
                Align::kCentre, ink_on(colour, sheet_.theme()),
                fmt::format("{} (label {})", mark.printed, mark.figure_id));
  }

  DrawingSheet& sheet_;
  std::vector<KeyEntry> key_;
  Scale scale_;
  Json bars_ = Json::array();
};

}  // namespace

Status draw_stacks(DrawingSheet& sheet) {
  const Chart& chart = sheet.chart();
  const auto colours = TRY(colours_of(chart, sheet.theme()));
  return StackedChart(sheet, in_order(chart, colours)).draw();
}

}  // namespace barometer

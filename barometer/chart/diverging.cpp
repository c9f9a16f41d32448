// Diverging bars: negative grades left of zero, positive right, the neutral grade astride, and
// "don't know" apart, in the right margin, in the same scale.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "barometer/chart/sheet_internal.h"

namespace barometer {
namespace {

constexpr double kSegmentPadding = 3;  // each side of a figure inside its segment
constexpr double kMarginGap = 26;      // from the positive side to don't know

bool is_of(const Mark& mark, std::string_view tone) { return mark.tone == tone; }

// The marks of one tone, in the order they stand from left to right. Questionnaires list a scale
// from either end; here the strongest negative grade is leftmost.
std::vector<const Mark*> marks_of(const Row& row, std::string_view tone) {
  std::vector<const Mark*> marks;
  for (const auto& mark : row.marks) {
    if (is_of(mark, tone)) marks.push_back(&mark);
  }
  const auto first_sided = std::find_if(row.marks.begin(), row.marks.end(), [](const Mark& mark) {
    return is_of(mark, "positive") || is_of(mark, "negative");
  });
  if (first_sided != row.marks.end() && is_of(*first_sided, "positive")) {
    std::reverse(marks.begin(), marks.end());
  }
  return marks;
}

// `ramp` has three colours, weakest first. One grade takes the middle one, two the ends.
const std::string& ramp_colour(const std::vector<std::string>& ramp, size_t grade, size_t grades) {
  if (grades == 1) return ramp[1];
  return grades == 2 ? ramp[grade == 0 ? 0 : 2] : ramp[grade];
}

struct Segment {
  const Row* row;
  const Mark* mark;
  std::string colour;
  double from, to;  // percent, zero in the middle
};

double sum_of(const std::vector<const Mark*>& marks) {
  double sum = 0;
  for (const Mark* mark : marks) sum += mark->value.value_or(0);
  return sum;
}

// One row from left to right, don't know left out.
std::vector<Segment> segments_of(const Row& row, const Theme& theme) {
  const auto negative = marks_of(row, "negative");
  const auto neutral = marks_of(row, "neutral");
  const auto positive = marks_of(row, "positive");
  std::vector<Segment> segments;
  double at = -sum_of(negative) - sum_of(neutral) / 2;
  const auto add = [&](const Mark* mark, const std::string& colour) {
    const double end = at + mark->value.value_or(0);
    if (mark->value) segments.push_back({&row, mark, colour, at, end});
    at = end;
  };
  for (size_t i = 0; i < negative.size(); ++i) {
    add(negative[i], ramp_colour(theme.negative, negative.size() - 1 - i, negative.size()));
  }
  for (const Mark* mark : neutral) add(mark, theme.neutral);
  for (size_t i = 0; i < positive.size(); ++i) {
    add(positive[i], ramp_colour(theme.positive, i, positive.size()));
  }
  return segments;
}

// How far the bars reach each side of zero, and the don't knows.
struct Reach {
  double left = 0, right = 0, margin = 0;
};

struct Plot {
  Scale scale;         // of the bars about zero
  double margin_from;  // where don't know starts, in percent on the same scale
};

class DivergingChart {
 public:
  explicit DivergingChart(DrawingSheet& sheet) : sheet_(sheet) {}

  Status draw() {
    const Chart& chart = sheet_.chart();
    sheet_.key(tone_colours(chart, sheet_.theme()));
    std::vector<RowText> texts;
    for (const auto& row : chart.rows) texts.push_back({row.label, row.base, 1});
    const RowColumn column = place_rows(sheet_, texts);
    TRY_DONE(make_plot(column.plot_left));
    for (size_t i = 0; i < chart.rows.size(); ++i) {
      draw_row(chart.rows[i], column.lanes[i].top);
    }
    finish(column.grid);
    return {};
  }

 private:
  [[nodiscard]] Reach reach() const {
    Reach out;
    for (const auto& row : sheet_.chart().rows) {
      const auto segments = segments_of(row, sheet_.theme());
      if (!segments.empty()) {
        out.left = std::max(out.left, -segments.front().from);
        out.right = std::max(out.right, segments.back().to);
      }
      out.margin = std::max(out.margin, sum_of(marks_of(row, "dont_know")));
    }
    return out;
  }

  // Pixels taken left of zero, right of it and in the margin when a percent has `unit` of them;
  // figures that do not fit into an end segment stand outside.
  [[nodiscard]] Reach pixels(double unit) const {
    Reach out;
    for (const auto& row : sheet_.chart().rows) {
      const auto segments = segments_of(row, sheet_.theme());
      if (!segments.empty()) {
        out.left = std::max(
            out.left, -segments.front().from * unit + room_outside(*segments.front().mark, unit));
        out.right = std::max(out.right,
                             segments.back().to * unit + room_outside(*segments.back().mark, unit));
      }
      for (const Mark* mark : marks_of(row, "dont_know")) {
        out.margin =
            std::max(out.margin, mark->value.value_or(0) * unit + room_outside(*mark, unit));
      }
    }
    return out;
  }

  [[nodiscard]] double room_outside(const Mark& mark, double unit) const {
    const double needed = printed_width(mark) + 2 * kSegmentPadding;
    return needed <= mark.value.value_or(0) * unit ? 0 : needed;
  }

  // The largest scale at which everything has room.
  Status make_plot(double plot_left) {
    reach_ = reach();
    if (reach_.left + reach_.right < 1) reach_.right = 1;
    const double space = sheet_.right() - plot_left - (reach_.margin > 0 ? kMarginGap : 0);
    double unit = space / std::max(1.0, reach_.left + reach_.right + reach_.margin);
    Reach taken = pixels(unit);
    while (taken.left + taken.right + taken.margin > space && unit > 0.1) {
      unit *= 0.99;
      taken = pixels(unit);
    }
    if (unit * (reach_.left + reach_.right) < 40) {
      return fail(ErrorCode::kLimit, fmt::format("chart '{}' has no room for its bars in {} px",
                                                 sheet_.chart().id, sheet_.theme().width));
    }
    plot_.margin_from = (taken.right + kMarginGap) / unit;
    plot_.scale = {.low = -reach_.left, .high = plot_.margin_from + reach_.margin};
    plot_.scale.from_px = plot_left + taken.left - reach_.left * unit;
    plot_.scale.to_px = plot_.scale.from_px + (plot_.scale.high - plot_.scale.low) * unit;
    return {};
  }

  [[nodiscard]] double printed_width(const Mark& mark) const {
    return sheet_.text_width(mark.printed, sheet_.value());
  }

  void draw_row(const Row& row, double top) {
    auto segments = segments_of(row, sheet_.theme());
    for (size_t i = 0; i < segments.size(); ++i) {
      add_bar(segments[i], top);
      put_value(segments[i], top, i == 0, i + 1 == segments.size());
    }
    double at = plot_.margin_from;
    for (const Mark* mark : marks_of(row, "dont_know")) {
      if (!mark->value) continue;
      const Segment segment{&row, mark, sheet_.theme().dont_know, at, at + *mark->value};
      add_bar(segment, top);
      put_value(segment, top, false, true);
      at = segment.to;
    }
  }

  void add_bar(const Segment& segment, double top) {
    bars_.push_back(
        {{"row", segment.row->label},
         {"category", segment.mark->label},
         {"printed", segment.mark->printed},
         {"value", *segment.mark->value},
         {"from", segment.from},
         {"to", segment.to},
         {"y", px_text(top)},
         {"y2", px_text(top + sheet_.theme().bar_height)},
         {"fill", segment.colour},
         {"description", fmt::format("{} (figure {})", described(*segment.row, *segment.mark),
                                     segment.mark->figure_id)}});
  }

  // Inside its segment when it fits, else outside when nothing stands there, else not at all.
  void put_value(const Segment& segment, double top, bool is_first, bool is_last) {
    const double from = plot_.scale.px(segment.from);
    const double to = plot_.scale.px(segment.to);
    const double middle = top + sheet_.theme().bar_height / 2;
    const std::string what =
        fmt::format("{} (label {})", segment.mark->printed, segment.mark->figure_id);
    if (printed_width(*segment.mark) + 2 * kSegmentPadding <= to - from) {
      sheet_.text((from + to) / 2, middle, segment.mark->printed, sheet_.value(), Align::kCentre,
                  ink_on(segment.colour, sheet_.theme()), what);
    } else if (is_last || is_first) {
      sheet_.text_on_patch(is_last ? to + kSegmentPadding : from - kSegmentPadding, middle,
                           segment.mark->printed, sheet_.value(),
                           is_last ? Align::kLeft : Align::kRight, sheet_.theme().ink, what);
    }
  }

  // Those that the bars reach: two at least, for one is no scale.
  [[nodiscard]] std::vector<double> ticks() const {
    constexpr int kFinest = 64;
    for (int most = sheet_.theme().narrow() ? 4 : 6;; most *= 2) {
      Axis axis = axis_for(sheet_.chart(), -reach_.left, reach_.right, most);
      std::erase_if(axis.ticks, [this](double tick) {
        return tick < -reach_.left - 1e-9 || tick > reach_.right + 1e-9;
      });
      if (axis.ticks.size() >= 2 || most > kFinest) return axis.ticks;
    }
  }

  void finish(const std::vector<Span>& grid) {
    const double zero = plot_.scale.px(0);
    sheet_.x_axis(plot_.scale, ticks(), grid);
    for (const Span& span : grid) {
      sheet_.rule(zero, span.top, zero, span.bottom, sheet_.theme().ink, false);
    }
    sheet_.layer("bars",
                 {{"type", "rect"}, {"stroke", sheet_.theme().background}, {"strokeWidth", 1}},
                 std::move(bars_),
                 {{"x", along("from", plot_.scale)},
                  {"x2", second("to")},
                  {"y", in_pixels("y")},
                  {"y2", second("y2")},
                  {"fill", as_is("fill")},
                  {"description", {{"field", "description"}, {"type", "nominal"}}}});
  }

  DrawingSheet& sheet_;
  Plot plot_{};
  Reach reach_;
  Json bars_ = Json::array();
};

}  // namespace

// The key in the order of the bars, from the row with the most marks of each tone.
std::vector<KeyEntry> tone_colours(const Chart& chart, const Theme& theme) {
  std::vector<KeyEntry> key;
  const auto add = [&key](const std::string& label, const std::string& colour) {
    const auto is_same = [&label](const KeyEntry& entry) { return entry.label == label; };
    if (std::none_of(key.begin(), key.end(), is_same)) key.push_back({label, colour});
  };
  for (const char* tone : {"negative", "neutral", "positive"}) {
    for (const auto& row : chart.rows) {
      for (const auto& segment : segments_of(row, theme)) {
        if (is_of(*segment.mark, tone)) add(segment.mark->label, segment.colour);
      }
    }
  }
  for (const auto& row : chart.rows) {
    for (const Mark* mark : marks_of(row, "dont_know")) add(mark->label, theme.dont_know);
  }
  return key;
}

Status draw_diverging(DrawingSheet& sheet) { return DivergingChart(sheet).draw(); }

}  // namespace barometer

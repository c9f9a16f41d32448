// Waves from left to right: a dot, its interval and its figure for each reading. Lines join
// readings of neighbouring waves only: a wave without a reading leaves a gap, and a new wording
// breaks the line with a dashed rule before it. A band runs as far as an unbroken line does; a
// reading that stands alone keeps its interval.
#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "barometer/chart/sheet_internal.h"

namespace barometer {
namespace {

constexpr double kPlotHeight = 240;
constexpr double kDotArea = 80;
constexpr double kDodge = 9;  // between series at one wave

struct Reading {
  const Row* row;
  const Mark* mark;
  size_t wave;
  size_t series;
  double x;
};

// A rectangle that is taken: by a dot, an interval or a figure.
struct Box {
  double left, top, right, bottom;
  [[nodiscard]] bool meets(const Box& other) const {
    return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
  }
};

class TrendChart {
 public:
  TrendChart(DrawingSheet& sheet, std::vector<KeyEntry> key)
      : sheet_(sheet), key_(std::move(key)) {}

  Status draw() {
    sheet_.key(key_);
    make_scale();
    TRY_DONE(place_readings());
    if (chart().bands) draw_bands();
    draw_lines();
    draw_marks();
    for (const Reading& reading : readings_) taken_.push_back(mark_box(reading));
    for (const Reading& reading : readings_) put_value(reading);
    wave_names();
    return {};
  }

 private:
  [[nodiscard]] const Chart& chart() const { return sheet_.chart(); }

  void make_scale() {
    double low = chart().unit == "%" && !chart().axis_low ? 0 : 1e300;
    double high = -1e300;
    for (const auto& row : chart().rows) {
      for (const auto& mark : row.marks) {
        if (!mark.value) continue;
        low = std::min({low, *mark.value, mark.lower.value_or(*mark.value)});
        high = std::max({high, *mark.value, mark.upper.value_or(*mark.value)});
      }
    }
    if (low > high) low = high = chart().axis_low.value_or(0);  // nothing to draw
    const Axis axis = axis_for(chart(), low, high, 5);
    const double top = sheet_.pen() + DrawingSheet::line_height(sheet_.value());
    scale_ = {.low = axis.low, .high = axis.high, .from_px = top + kPlotHeight, .to_px = top};
    double widest = 0;
    for (const double tick : axis.ticks) {
      widest = std::max(
          widest, sheet_.text_width(fmt::format("{:.6g}{}", tick, chart().unit), sheet_.small()));
    }
    plot_left_ = sheet_.left() + widest + 8;
    sheet_.y_axis(scale_, axis.ticks, plot_left_, sheet_.right());
  }

  [[nodiscard]] double wave_px(size_t wave) const {
    return plot_left_ + (static_cast<double>(wave) + 0.5) * pitch();
  }
  [[nodiscard]] double pitch() const {
    return (sheet_.right() - plot_left_) / static_cast<double>(chart().rows.size());
  }

  Status place_readings() {
    const double spread = kDodge * static_cast<double>(key_.size() - 1);
    if (spread + 16 > pitch()) {
      return fail(ErrorCode::kLimit,
                  fmt::format("chart '{}': {} waves of {} series do not fit into {} px", chart().id,
                              chart().rows.size(), key_.size(), sheet_.theme().width));
    }
    for (size_t wave = 0; wave < chart().rows.size(); ++wave) {
      for (const auto& mark : chart().rows[wave].marks) {
        const auto found = std::find_if(key_.begin(), key_.end(), [&mark](const KeyEntry& entry) {
          return entry.label == mark.label;
        });
        const auto series = static_cast<size_t>(found - key_.begin());
        const double x = wave_px(wave) - spread / 2 + kDodge * static_cast<double>(series);
        readings_.push_back({&chart().rows[wave], &mark, wave, series, x});
      }
    }
    return {};
  }

  [[nodiscard]] const Reading* reading_at(size_t wave, size_t series) const {
    const auto found = std::find_if(readings_.begin(), readings_.end(), [=](const Reading& r) {
      return r.wave == wave && r.series == series;
    });
    return found == readings_.end() ? nullptr : &*found;
  }

  // The reading a line comes from, if one does.
  [[nodiscard]] const Reading* joined_to(const Reading& reading) const {
    if (reading.wave == 0 || reading.mark->new_wording || !reading.mark->value) return nullptr;
    const Reading* before = reading_at(reading.wave - 1, reading.series);
    return before != nullptr && before->mark->value ? before : nullptr;
  }

  // Readings of one series, wave by wave, as long as the line and the intervals go on.
  [[nodiscard]] std::vector<std::vector<const Reading*>> runs() const {
    std::vector<std::vector<const Reading*>> out;
    for (size_t series = 0; series < key_.size(); ++series) {
      std::vector<const Reading*> run;
      for (size_t wave = 0; wave < chart().rows.size(); ++wave) {
        const Reading* reading = reading_at(wave, series);
        const bool has_interval =
            reading != nullptr && reading->mark->value && reading->mark->lower;
        const bool goes_on = has_interval && !run.empty() && joined_to(*reading) == run.back();
        if (!goes_on) {
          if (run.size() > 1) out.push_back(run);
          run.clear();
        }
        if (has_interval) run.push_back(reading);
      }
      if (run.size() > 1) out.push_back(run);
    }
    return out;
  }

  void draw_bands() {
    Json points = Json::array();
    size_t number = 0;
    for (const auto& run : runs()) {
      std::string ids;
      for (const Reading* reading : run) {
        ids += (ids.empty() ? "" : " ") + reading->mark->figure_id;
        in_band_.insert(reading->mark);
      }
      const KeyEntry& series = key_[run.front()->series];
      for (const Reading* reading : run) {
        points.push_back(
            {{"run", number},
             {"x", px_text(reading->x)},
             {"lower", *reading->mark->lower},
             {"upper", *reading->mark->upper},
             {"fill", series.colour},
             {"description", fmt::format("{}, intervals (band {})", series.label, ids)}});
      }
      ++number;
    }
    sheet_.layer("bands", {{"type", "area"}, {"opacity", 0.22}, {"interpolate", "linear"}},
                 std::move(points),
                 {{"x", in_pixels("x")},
                  {"y", along("lower", scale_)},
                  {"y2", second("upper")},
                  {"detail", {{"field", "run"}, {"type", "nominal"}}},
                  {"fill", as_is("fill")},
                  {"description", {{"field", "description"}, {"type", "nominal"}}}});
  }

  void draw_lines() {
    Json joins = Json::array();
    std::vector<bool> broken(chart().rows.size());
    for (const Reading& reading : readings_) {
      if (reading.wave == 0) continue;
      if (reading.mark->new_wording) {
        broken[reading.wave] = true;
        continue;
      }
      const Reading* before = joined_to(reading);
      if (before == nullptr) continue;
      joins.push_back({{"x", px_text(before->x)},
                       {"x2", px_text(reading.x)},
                       {"from", *before->mark->value},
                       {"to", *reading.mark->value},
                       {"fill", key_[reading.series].colour}});
    }
    for (size_t wave = 0; wave < broken.size(); ++wave) {
      const double x = wave_px(wave) - pitch() / 2;
      if (broken[wave]) {
        sheet_.rule(x, scale_.to_px, x, scale_.from_px, sheet_.theme().muted, true);
      }
    }
    sheet_.layer("joins", {{"type", "rule"}, {"strokeWidth", 2}, {"aria", false}}, std::move(joins),
                 {{"x", in_pixels("x")},
                  {"x2", second("x2")},
                  {"y", along("from", scale_)},
                  {"y2", second("to")},
                  {"stroke", as_is("fill")}});
  }

  void draw_marks() {
    Json dots = Json::array();
    Json intervals = Json::array();
    for (const Reading& reading : readings_) {
      const Mark& mark = *reading.mark;
      if (!mark.value) continue;
      Json datum = {{"row", reading.row->label}, {"category", mark.label},
                    {"printed", mark.printed},   {"x", px_text(reading.x)},
                    {"value", *mark.value},      {"fill", key_[reading.series].colour}};
      datum["description"] =
          fmt::format("{} (figure {})", described(*reading.row, mark), mark.figure_id);
      dots.push_back(datum);
      if (!mark.lower || in_band_.contains(&mark)) continue;
      datum["lower"] = *mark.lower;
      datum["upper"] = *mark.upper;
      datum["description"] =
          fmt::format("{} (interval {})", described(*reading.row, mark), mark.figure_id);
      intervals.push_back(std::move(datum));
    }
    const Json description = {{"field", "description"}, {"type", "nominal"}};
    sheet_.layer("intervals", {{"type", "rule"}, {"strokeWidth", 1.5}}, std::move(intervals),
                 {{"x", in_pixels("x")},
                  {"y", along("lower", scale_)},
                  {"y2", second("upper")},
                  {"stroke", as_is("fill")},
                  {"description", description}});
    sheet_.layer("dots", {{"type", "point"}, {"filled", true}, {"opacity", 1}, {"size", kDotArea}},
                 std::move(dots),
                 {{"x", in_pixels("x")},
                  {"y", along("value", scale_)},
                  {"fill", as_is("fill")},
                  {"description", description}});
  }

  [[nodiscard]] Box mark_box(const Reading& reading) const {
    const Mark& mark = *reading.mark;
    if (!mark.value) return {};
    const double y = scale_.px(*mark.value);
    if (in_band_.contains(&mark)) return {reading.x - 5, y - 5, reading.x + 5, y + 5};
    return {reading.x - 5, std::min(y - 5, scale_.px(mark.upper.value_or(*mark.value))),
            reading.x + 5, std::max(y + 5, scale_.px(mark.lower.value_or(*mark.value)))};
  }

  // Above its mark, else below, else to a side; not at all where every place is taken. A figure
  // without a value stands on the axis.
  void put_value(const Reading& reading) {
    const Mark& mark = *reading.mark;
    const double width = sheet_.text_width(mark.printed, sheet_.value());
    const double height = DrawingSheet::line_height(sheet_.value());
    const Box self =
        mark.value ? mark_box(reading) : Box{reading.x, scale_.from_px, reading.x, scale_.from_px};
    const double side_y = mark.value ? scale_.px(*mark.value) : scale_.from_px;
    const double x = reading.x - width / 2;
    for (const auto& [left, top] : {std::pair{x, self.top - height - 1},
                                    {x, self.bottom + 1},
                                    {self.right + 3, side_y - height / 2},
                                    {self.left - 3 - width, side_y - height / 2}}) {
      const Box box{left, top, left + width, top + height};
      if (!is_free(box)) continue;
      taken_.push_back(box);
      sheet_.text_on_patch(left + width / 2, top + height / 2, mark.printed, sheet_.value(),
                           Align::kCentre, mark.value ? sheet_.theme().ink : sheet_.theme().muted,
                           fmt::format("{} (label {})", mark.printed, mark.figure_id));
      return;
    }
  }

  [[nodiscard]] bool is_free(const Box& box) const {
    if (box.left < plot_left_ || box.right > sheet_.right()) return false;
    if (box.bottom > scale_.from_px + 1) return false;
    return std::none_of(taken_.begin(), taken_.end(),
                        [&box](const Box& other) { return box.meets(other); });
  }

  // The fewest waves from one name to the next at which no word of a name is broken.
  [[nodiscard]] size_t naming_step() const {
    double widest = 0;
    for (const auto& row : chart().rows) {
      widest = std::max({widest, widest_word(sheet_, row.label, sheet_.body()),
                         widest_word(sheet_, row.base, sheet_.small())});
    }
    const auto step = static_cast<size_t>(std::ceil((widest + 6) / pitch()));
    return std::clamp<size_t>(step, 1, chart().rows.size());
  }

  // Counted back from the last wave, which always has its name. Every wave has its tick.
  void wave_names() {
    double bottom = scale_.from_px;
    const size_t step = naming_step();
    const double room = pitch() * static_cast<double>(step) - 6;
    for (size_t wave = 0; wave < chart().rows.size(); ++wave) {
      const Row& row = chart().rows[wave];
      sheet_.rule(wave_px(wave), scale_.from_px, wave_px(wave), scale_.from_px + 5,
                  sheet_.theme().ink, false);
      if ((chart().rows.size() - 1 - wave) % step != 0) continue;
      const auto name = sheet_.wrapped(row.label, sheet_.body(), room);
      const auto base = sheet_.wrapped(row.base, sheet_.small(), room);
      double widest = 0;
      for (const auto& line : name)
        widest = std::max(widest, sheet_.text_width(line, sheet_.body()));
      for (const auto& line : base)
        widest = std::max(widest, sheet_.text_width(line, sheet_.small()));
      // A name wider than its own wave may not reach over the page's edges.
      const double x = std::clamp(wave_px(wave), sheet_.left() + widest / 2,
                                  std::max(sheet_.left(), sheet_.right() - widest / 2));
      double y = scale_.from_px + 8;
      y = sheet_.lines(name, x, y, sheet_.body(), Align::kCentre, sheet_.theme().ink);
      y = sheet_.lines(base, x, y, sheet_.small(), Align::kCentre, sheet_.theme().muted);
      bottom = std::max(bottom, y);
    }
    sheet_.rule(plot_left_, scale_.from_px, sheet_.right(), scale_.from_px, sheet_.theme().ink,
                false);
    sheet_.move_pen(bottom);
  }

  DrawingSheet& sheet_;
  std::vector<KeyEntry> key_;
  Scale scale_;
  double plot_left_ = 0;
  std::vector<Reading> readings_;
  std::vector<Box> taken_;
  std::set<const Mark*> in_band_;
};

}  // namespace

Status draw_trend(DrawingSheet& sheet) {
  return TrendChart(sheet, TRY(category_colours(sheet.chart(), sheet.theme()))).draw();
}

}  // namespace barometer

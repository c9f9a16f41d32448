// Tile maps: one tile for each region or organisation, at its place in a grid given with the chart,
// or side by side under the heading of its group. Tiles are equal: they show who, not how large.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "barometer/chart/shades_internal.h"

namespace barometer {
namespace {

constexpr double kTileGap = 3;
constexpr double kTilePadding = 3;
constexpr double kWidestTile = 112;
constexpr double kNarrowestTile = 48;
constexpr size_t kMostLabelLines = 4;
constexpr double kGroupGap = 12;

class TileMap {
 public:
  TileMap(DrawingSheet& sheet, std::vector<KeyEntry> key)
      : sheet_(sheet), key_(std::move(key)), cuts_(shade_cuts(sheet.chart())) {}

  Status draw() {
    sheet_.key(key_);
    for (const auto& row : chart().rows) {
      figure_width_ =
          std::max(figure_width_, sheet_.text_width(row.marks.front().printed, sheet_.value()));
    }
    if (figure_width_ + 2 * kTilePadding > inner()) {
      return fail(ErrorCode::kLimit, fmt::format("chart '{}' has no room for its tiles in {} px",
                                                 chart().id, sheet_.theme().width));
    }
    if (!chart().rows.front().place || !draw_map()) draw_groups();
    cells_.draw(sheet_);
    return {};
  }

 private:
  [[nodiscard]] const Chart& chart() const { return sheet_.chart(); }
  [[nodiscard]] double inner() const { return sheet_.right() - sheet_.left(); }

  [[nodiscard]] const std::string& name_of(const Row& row, bool in_short) const {
    return in_short && !row.short_label.empty() ? row.short_label : row.label;
  }

  // Whether every name stands in a tile of this width, no word broken.
  [[nodiscard]] bool fits(double width, bool in_short) const {
    const double room = width - 2 * kTilePadding;
    return figure_width_ <= room &&
           std::all_of(chart().rows.begin(), chart().rows.end(), [&](const Row& row) {
             const std::string& name = name_of(row, in_short);
             return widest_word(sheet_, name, sheet_.small()) <= room &&
                    sheet_.wrapped(name, sheet_.small(), room).size() <= kMostLabelLines;
           });
  }

  // Tiles as high as the longest name needs.
  void measure(double width, bool in_short) {
    width_ = width;
    in_short_ = in_short;
    size_t lines = 1;
    for (const auto& row : chart().rows) lines = std::max(lines, label_of(row).size());
    height_ = static_cast<double>(lines) * DrawingSheet::line_height(sheet_.small()) +
              DrawingSheet::line_height(sheet_.value()) + 2 * kTilePadding + 2;
  }

  [[nodiscard]] std::vector<std::string> label_of(const Row& row) const {
    return sheet_.wrapped(name_of(row, in_short_), sheet_.small(), width_ - 2 * kTilePadding);
  }

  // False when the names have no room on this page: then geography gives way.
  bool draw_map() {
    int columns = 0;
    int lines = 0;
    for (const auto& row : chart().rows) {
      columns = std::max(columns, row.place->column + 1);
      lines = std::max(lines, row.place->row + 1);
    }
    const double width =
        std::min((inner() + kTileGap) / static_cast<double>(columns) - kTileGap, kWidestTile);
    const bool in_short = !fits(width, false);
    if (in_short && !fits(width, true)) return false;
    measure(width, in_short);
    const double top = sheet_.pen();
    for (const auto& row : chart().rows) {
      put_tile(row, sheet_.left() + row.place->column * (width_ + kTileGap),
               top + row.place->row * (height_ + kTileGap));
    }
    sheet_.move_pen(top + lines * (height_ + kTileGap) - kTileGap);
    return true;
  }

  // As wide as the longest word of the names, or of the short ones where those need more than a
  // tile may have.
  void choose_width() {
    const double most = std::min(kWidestTile, inner());
    for (const bool in_short : {false, true}) {
      for (double width = kNarrowestTile; width < most; width += 4) {
        if (!fits(width, in_short)) continue;
        measure(width, in_short);
        return;
      }
    }
    measure(most, true);
  }

  void draw_groups() {
    choose_width();
    const auto across =
        std::max<size_t>(1, static_cast<size_t>((inner() + kTileGap) / (width_ + kTileGap)));
    std::vector<std::string> groups;
    for (const auto& row : chart().rows) {
      if (std::find(groups.begin(), groups.end(), row.group) == groups.end()) {
        groups.push_back(row.group);
      }
    }
    double y = sheet_.pen();
    for (const auto& group : groups) {
      if (!group.empty()) {
        y = sheet_.lines(sheet_.wrapped(group, heading(), inner()), sheet_.left(), y, heading(),
                         Align::kLeft, sheet_.theme().ink) +
            3;
      }
      size_t at = 0;
      for (const auto& row : chart().rows) {
        if (row.group != group) continue;
        const size_t line = at / across;
        put_tile(row, sheet_.left() + static_cast<double>(at % across) * (width_ + kTileGap),
                 y + static_cast<double>(line) * (height_ + kTileGap));
        ++at;
      }
      const size_t lines = (at + across - 1) / across;
      y += static_cast<double>(lines) * (height_ + kTileGap) + kGroupGap;
    }
    sheet_.move_pen(y - kGroupGap - kTileGap);
  }

  [[nodiscard]] TextStyle heading() const { return {sheet_.body().size, true}; }

  [[nodiscard]] std::string colour_of_tile(const Mark& mark) const {
    if (chart().shades.scale == ShadeScale::kCategories) return colour_of(key_, mark.label);
    return key_[shade_class(cuts_, shown_number(mark.printed, *mark.value))].colour;
  }

  void put_tile(const Row& row, double x, double y) {
    const Mark& mark = row.marks.front();
    const Field field{x, y, x + width_, y + height_};
    std::string ink = sheet_.theme().muted;
    if (mark.value) {
      const std::string colour = colour_of_tile(mark);
      ink = ink_on(colour, sheet_.theme());
      cells_.add(row, mark, field, colour);
    } else {
      cells_.add_blank(field);
    }
    const auto label = label_of(row);
    const double words =
        static_cast<double>(label.size()) * DrawingSheet::line_height(sheet_.small());
    const double figure = DrawingSheet::line_height(sheet_.value());
    const double middle = (field.left + field.right) / 2;
    const double top = y + (height_ - words - figure) / 2;
    sheet_.lines(label, middle, top, sheet_.small(), Align::kCentre, ink);
    sheet_.text(middle, top + words + figure / 2, mark.printed, sheet_.value(), Align::kCentre, ink,
                fmt::format("{} (label {})", mark.printed, mark.figure_id));
  }

  DrawingSheet& sheet_;
  std::vector<KeyEntry> key_;
  std::vector<double> cuts_;
  double figure_width_ = 0;
  double width_ = 0, height_ = 0;
  bool in_short_ = false;
  CellMarks cells_;
};

}  // namespace

Status draw_tiles(DrawingSheet& sheet) {
  const Chart& chart = sheet.chart();
  const bool by_label = chart.shades.scale == ShadeScale::kCategories;
  return TileMap(sheet, by_label ? TRY(category_colours(chart, sheet.theme()))
                                 : TRY(shade_key(chart, sheet.theme())))
      .draw();
}

}  // namespace barometer

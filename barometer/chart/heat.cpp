// Heat tables: rows by categories, each cell coloured by the class of its figure, which is printed
// in it. Columns that have no room beside each other follow in blocks below.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/chart/shades_internal.h"

namespace barometer {
namespace {

constexpr double kCellPadding = 3;  // each side of a figure
constexpr double kNarrowestCell = 30;
constexpr double kWidestCell = 120;
constexpr double kBlockGap = 14;
constexpr double kLetterGap = 14;
constexpr size_t kLettersMost = 26;

// The part of the columns that stand beside each other.
struct Block {
  size_t from = 0, to = 0;
};

class HeatTable {
 public:
  HeatTable(DrawingSheet& sheet, std::vector<KeyEntry> key)
      : sheet_(sheet), key_(std::move(key)), cuts_(shade_cuts(sheet.chart())) {}

  Status draw() {
    for (const auto& row : chart().rows) {
      rows_.push_back({row.label, row.base, 1});
      for (const auto& mark : row.marks) {
        if (std::find(columns_.begin(), columns_.end(), mark.label) == columns_.end()) {
          columns_.push_back(mark.label);
        }
      }
    }
    sheet_.key(key_);
    plot_left_ = plot_left_of(sheet_, rows_);
    TRY_DONE(make_columns());
    if (lettered_) list_letters();
    for (size_t from = 0; from < columns_.size(); from += per_block_) {
      if (from > 0) sheet_.move_pen(sheet_.pen() + kBlockGap);
      draw_block({from, std::min(from + per_block_, columns_.size())});
    }
    cells_.draw(sheet_);
    return {};
  }

 private:
  [[nodiscard]] const Chart& chart() const { return sheet_.chart(); }

  // The fewest blocks of equal columns of at least this width; 0 when there is no room for one.
  [[nodiscard]] size_t blocks_for(double width) const {
    const auto most = static_cast<size_t>((sheet_.right() - plot_left_) / width);
    return most == 0 ? 0 : (columns_.size() + most - 1) / most;
  }

  // Headings are words where that costs no more than one block more; else letters.
  Status make_columns() {
    double figures = kNarrowestCell;
    double words = 0;
    for (const auto& row : chart().rows) {
      for (const auto& mark : row.marks) {
        const double width = sheet_.text_width(mark.printed, sheet_.value());
        figures = std::max(figures, width + 2 * kCellPadding);
      }
    }
    for (const auto& column : columns_) {
      words = std::max(words, widest_word(sheet_, column, sheet_.small()) + 4);
    }
    const size_t fewest = blocks_for(figures);
    const size_t with_words = blocks_for(std::max(figures, words));
    if (fewest == 0 || columns_.size() > kLettersMost * kLettersMost) {
      return fail(ErrorCode::kLimit, fmt::format("chart '{}' has no room for its cells in {} px",
                                                 chart().id, sheet_.theme().width));
    }
    lettered_ = with_words == 0 || with_words > fewest + 1;
    const size_t blocks = lettered_ ? fewest : with_words;
    per_block_ = (columns_.size() + blocks - 1) / blocks;
    const double space = sheet_.right() - plot_left_;
    cell_width_ = std::min(space / static_cast<double>(per_block_), kWidestCell);
    return {};
  }

  [[nodiscard]] std::string letter(size_t column) const {
    const auto one = [](size_t i) { return std::string(1, static_cast<char>('A' + i)); };
    if (column < kLettersMost) return one(column);
    return one(column / kLettersMost - 1) + one(column % kLettersMost);
  }

  // Headings that are too long for their columns are written above, once, in lines.
  void list_letters() {
    const TextStyle bold{sheet_.small().size, true};
    const double line = DrawingSheet::line_height(sheet_.small());
    const double indent = sheet_.text_width("MM", bold) + 4;
    double x = sheet_.left();
    double bottom = sheet_.pen();
    for (size_t i = 0; i < columns_.size(); ++i) {
      const auto words =
          sheet_.wrapped(columns_[i], sheet_.small(), sheet_.right() - sheet_.left() - indent);
      double width = 0;
      for (const auto& w : words) width = std::max(width, sheet_.text_width(w, sheet_.small()));
      if (x > sheet_.left() && x + indent + width > sheet_.right()) {
        x = sheet_.left();
        sheet_.move_pen(bottom);
      }
      sheet_.text(x, sheet_.pen() + line / 2, letter(i), bold, Align::kLeft, sheet_.theme().ink);
      bottom = std::max(bottom, sheet_.lines(words, x + indent, sheet_.pen(), sheet_.small(),
                                             Align::kLeft, sheet_.theme().ink));
      x += indent + width + kLetterGap;
    }
    sheet_.move_pen(bottom + 10);
  }

  [[nodiscard]] double column_px(const Block& block, size_t column) const {
    return plot_left_ + static_cast<double>(column - block.from) * cell_width_;
  }

  // Headings stand on the table, their last lines level.
  void draw_headings(const Block& block) {
    std::vector<std::vector<std::string>> headings;
    size_t most = 0;
    for (size_t i = block.from; i < block.to; ++i) {
      headings.push_back(lettered_ ? std::vector<std::string>{letter(i)}
                                   : sheet_.wrapped(columns_[i], sheet_.small(), cell_width_ - 4));
      most = std::max(most, headings.back().size());
    }
    const double line = DrawingSheet::line_height(sheet_.small());
    const double bottom = sheet_.pen() + static_cast<double>(most) * line;
    const TextStyle style{sheet_.small().size, lettered_};
    for (size_t i = block.from; i < block.to; ++i) {
      const auto& words = headings[i - block.from];
      sheet_.lines(words, column_px(block, i) + cell_width_ / 2,
                   bottom - static_cast<double>(words.size()) * line, style, Align::kCentre,
                   sheet_.theme().ink);
    }
    sheet_.move_pen(bottom + 8);
  }

  void draw_block(const Block& block) {
    draw_headings(block);
    const RowColumn places = place_rows(sheet_, rows_);
    for (size_t r = 0; r < chart().rows.size(); ++r) {
      const Row& row = chart().rows[r];
      for (size_t i = block.from; i < block.to; ++i) {
        const Field field{column_px(block, i), places.grid[r].top,
                          column_px(block, i) + cell_width_, places.grid[r].bottom};
        const auto mark = std::find_if(row.marks.begin(), row.marks.end(),
                                       [&](const Mark& m) { return m.label == columns_[i]; });
        draw_cell(row, mark == row.marks.end() ? nullptr : &*mark, field);
      }
    }
  }

  void draw_cell(const Row& row, const Mark* mark, const Field& field) {
    if (mark == nullptr || !mark->value) {
      cells_.add_blank(field);
      if (mark == nullptr) return;
    }
    std::string colour = sheet_.theme().background;
    if (mark->value) {
      colour = key_[shade_class(cuts_, shown_number(mark->printed, *mark->value))].colour;
      cells_.add(row, *mark, field, colour);
    }
    sheet_.text((field.left + field.right) / 2, (field.top + field.bottom) / 2, mark->printed,
                sheet_.value(), Align::kCentre,
                mark->value ? ink_on(colour, sheet_.theme()) : sheet_.theme().muted,
                fmt::format("{} (label {})", mark->printed, mark->figure_id));
  }

  DrawingSheet& sheet_;
  std::vector<KeyEntry> key_;
  std::vector<double> cuts_;
  std::vector<RowText> rows_;
  std::vector<std::string> columns_;
  double plot_left_ = 0, cell_width_ = 0;
  size_t per_block_ = 1;
  bool lettered_ = false;
  CellMarks cells_;
};

}  // namespace

double widest_word(const DrawingSheet& sheet, std::string_view text, TextStyle style) {
  double widest = 0;
  for (const auto& word : split(text, ' '))
    widest = std::max(widest, sheet.text_width(word, style));
  return widest;
}

void CellMarks::add(const Row& row, const Mark& mark, const Field& field,
                    const std::string& colour) {
  cells_.push_back(
      {{"row", row.label},
       {"category", mark.label},
       {"printed", mark.printed},
       {"value", *mark.value},
       {"x", px_text(field.left)},
       {"x2", px_text(field.right)},
       {"y", px_text(field.top)},
       {"y2", px_text(field.bottom)},
       {"fill", colour},
       {"description", fmt::format("{} (cell {})", described(row, mark), mark.figure_id)}});
}

void CellMarks::add_blank(const Field& field) {
  blanks_.push_back({{"x", px_text(field.left)},
                     {"x2", px_text(field.right)},
                     {"y", px_text(field.top)},
                     {"y2", px_text(field.bottom)}});
}

void CellMarks::draw(DrawingSheet& sheet) {
  Json places = {
      {"x", in_pixels("x")}, {"x2", second("x2")}, {"y", in_pixels("y")}, {"y2", second("y2")}};
  sheet.layer("blanks",
              {{"type", "rect"},
               {"fill", sheet.theme().background},
               {"stroke", sheet.theme().grid},
               {"strokeWidth", 1},
               {"aria", false}},
              std::move(blanks_), places);
  places["fill"] = as_is("fill");
  places["description"] = {{"field", "description"}, {"type", "nominal"}};
  sheet.layer("cells", {{"type", "rect"}, {"stroke", sheet.theme().grid}, {"strokeWidth", 1}},
              std::move(cells_), std::move(places));
}

Status draw_heat(DrawingSheet& sheet) {
  return HeatTable(sheet, TRY(shade_key(sheet.chart(), sheet.theme()))).draw();
}

}  // namespace barometer

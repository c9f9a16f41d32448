// For terminals and mail: columns of letters of one width, wide tables in blocks.
#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "barometer/layout/display_internal.h"
#include "barometer/layout/writers_internal.h"

namespace barometer {
namespace {

constexpr size_t kGap = 2;           // between columns
constexpr size_t kMostHeading = 14;  // a column is no wider for its heading's sake
constexpr size_t kMostHeadingLines = 6;
constexpr size_t kLeastLabel = 10;
constexpr size_t kLeastWidth = 40;
constexpr size_t kSymbol = 10;  // before the meaning of a symbol

constexpr const char* kHigher = "\x1b[32m";
constexpr const char* kLower = "\x1b[31m";
constexpr const char* kDim = "\x1b[2m";
constexpr const char* kBold = "\x1b[1m";
constexpr const char* kPlain = "\x1b[0m";

struct Widths {
  size_t text = 0;     // of the figures
  size_t letters = 0;  // after them
  size_t whole = 0;
};

size_t widest_word(const std::string& heading) {
  size_t widest = 0;
  size_t from = 0;
  while (from <= heading.size()) {
    const size_t blank = std::min(heading.find(' ', from), heading.size());
    widest = std::max(widest, display_width(heading.substr(from, blank - from)));
    from = blank + 1;
  }
  return widest;
}

class TextTable {
 public:
  TextTable(const PrintedTable& table, const TextOptions& options)
      : table_(table), colours_(options.colours), width_(std::max(options.width, kLeastWidth)) {
    measure_labels();
    for (size_t c = 0; c < table_.columns.size(); ++c) widths_.push_back(widths_of(c));
  }

  std::string text() {
    size_t first = 0;
    do {
      const ColumnRange block = {first, end_of_block(first)};
      if (first > 0) out_ += '\n';
      add_headings(block);
      for (size_t r = 0; r < table_.rows.size(); ++r) add_row(r, block);
      first = block.last;
    } while (first < table_.columns.size());
    return std::move(out_);
  }

 private:
  void measure_labels() {
    const bool measures = table_.has_measures();
    for (const PrintedRow& row : table_.rows) {
      const size_t indent = static_cast<size_t>(std::max(row.level, 0)) * 2;
      label_ = std::max(label_, indent + display_width(row.label));
      if (measures) measure_ = std::max(measure_, display_width(row.measure));
    }
    const size_t measure = measure_ > 0 ? kGap + measure_ : 0;
    const size_t half = width_ / 2 > measure ? width_ / 2 - measure : 0;
    label_ = std::min(label_, std::max(kLeastLabel, half));
  }

  [[nodiscard]] Widths widths_of(size_t c) const {
    Widths widths;
    for (const PrintedRow& row : table_.rows) {
      widths.text = std::max(widths.text, display_width(row.cells.at(c).text));
      const size_t letters = display_width(row.cells.at(c).letters);
      if (letters > 0) widths.letters = std::max(widths.letters, letters + 1);
    }
    const PrintedColumn& column = table_.columns[c];
    std::string leaf = column.headings.empty() ? "" : column.headings.back();
    if (!column.letter.empty()) leaf += fmt::format(" ({})", column.letter);
    const size_t heading = std::min(widest_word(leaf), kMostHeading);
    widths.whole = std::min(std::max(widths.text + widths.letters, heading), room());
    return widths;
  }

  // Of the labels and, where cells hold several, of the names of measures.
  [[nodiscard]] size_t label_width() const { return label_ + (measure_ > 0 ? kGap + measure_ : 0); }
  [[nodiscard]] size_t room() const {
    return width_ > label_width() + kGap + 8 ? width_ - label_width() - kGap : 8;
  }

  // As many columns as fit, one at least.
  [[nodiscard]] size_t end_of_block(size_t first) const {
    size_t used = label_width();
    size_t last = first;
    while (last < widths_.size()) {
      used += kGap + widths_[last].whole;
      if (last > first && used > width_) break;
      ++last;
    }
    return last;
  }

  [[nodiscard]] size_t width_of(const HeadingSpan& span) const {
    size_t width = 0;
    for (size_t c = span.first; c < span.last; ++c) width += widths_[c].whole;
    return width + kGap * (span.last - span.first - 1);
  }

  void end_line(std::string line) {
    line.resize(line.find_last_not_of(' ') + 1);
    out_ += line + "\n";
  }

  // Spans of one level side by side, their last lines on one line; a rule under those that join.
  void add_level(const std::vector<HeadingSpan>& spans, const ColumnRange& block) {
    std::vector<std::vector<std::string>> cells;
    size_t height = 0;
    bool joins = false;
    for (const HeadingSpan& span : spans) {
      cells.push_back(wrapped(span.text, width_of(span), kMostHeadingLines));
      height = std::max(height, cells.back().size());
      joins = joins || !span.leaf;
    }
    for (size_t line = 0; line < height + (joins ? 1 : 0); ++line) {
      std::string text(label_width(), ' ');
      size_t next = block.first;
      for (size_t i = 0; i < spans.size(); ++i) {
        for (; next < spans[i].first; ++next) text += std::string(kGap + widths_[next].whole, ' ');
        const size_t width = width_of(spans[i]);
        const size_t missing = height - cells[i].size();
        std::string part;
        if (line == height && !spans[i].leaf) {
          for (size_t column = 0; column < width; ++column) part += "─";
        } else if (line < height && line >= missing) {
          part = cells[i][line - missing];
        }
        text += std::string(kGap, ' ') +
                (spans[i].leaf ? padded_left(part, width) : padded_right(part, width));
        next = spans[i].last;
      }
      end_line(std::move(text));
    }
  }

  void add_headings(const ColumnRange& block) {
    const std::vector<HeadingSpan> spans = heading_spans(table_, block);
    const size_t levels = heading_levels(table_, block);
    for (size_t level = 0; level < levels; ++level) {
      std::vector<HeadingSpan> here;
      for (const HeadingSpan& span : spans) {
        // A heading over several levels stands on the lowest, next to its figures.
        if (span.level + span.levels - 1 == level) here.push_back(span);
      }
      if (!here.empty()) add_level(here, block);
    }
  }

  [[nodiscard]] std::string coloured(std::string text, const char* colour) const {
    return colours_ && colour != nullptr ? colour + std::move(text) + kPlain : std::move(text);
  }

  [[nodiscard]] std::string cell_text(const PrintedRow& row, size_t c) const {
    const PrintedCell& cell = row.cells[c];
    const Widths& widths = widths_[c];
    std::string text =
        padded_left(cell.text, widths.whole - std::min(widths.letters, widths.whole));
    if (!cell.letters.empty()) text += " " + cell.letters;
    text = padded_right(text, widths.whole);
    const char* colour = is_base(row)         ? kDim
                         : cell.direction > 0 ? kHigher
                         : cell.direction < 0 ? kLower
                                              : nullptr;
    return coloured(std::move(text), colour);
  }

  void add_row(size_t r, const ColumnRange& block) {
    const PrintedRow& row = table_.rows[r];
    const size_t indent =
        std::min(static_cast<size_t>(std::max(row.level, 0)) * 2, label_ > 8 ? label_ - 8 : 0);
    const std::vector<std::string> label = wrapped(row.label, label_ - indent);
    for (size_t line = 0; line < label.size(); ++line) {
      std::string text = padded_right(std::string(indent, ' ') + label[line], label_);
      if (row.kind == PrintedRow::Kind::kNet) text = coloured(std::move(text), kBold);
      if (is_base(row)) text = coloured(std::move(text), kDim);
      if (line + 1 < label.size()) {
        end_line(std::move(text));
        continue;
      }
      if (measure_ > 0) text += std::string(kGap, ' ') + padded_right(row.measure, measure_);
      for (size_t c = block.first; c < block.last; ++c) {
        text += std::string(kGap, ' ') + cell_text(row, c);
      }
      end_line(std::move(text));
    }
  }

  const PrintedTable& table_;
  bool colours_;
  size_t width_;
  size_t label_ = 0, measure_ = 0;
  std::vector<Widths> widths_;
  std::string out_;
};

void add_lines(const std::string& text, size_t width, const std::string& indent, std::string& out) {
  bool first = true;
  for (const std::string& line : wrapped(text, width - indent.size())) {
    out += (first ? "" : indent) + line + "\n";
    first = false;
  }
}

}  // namespace

std::string text_of(const PrintedBook& book, const TextOptions& options) {
  const size_t width = std::max(options.width, kLeastWidth);
  std::string out;
  add_lines(book.title, width, "", out);
  for (const auto& [label, text] : facts_of(book)) {
    add_lines(fmt::format("{}: {}", label, text), width, "  ", out);
  }
  for (const PrintedTable& table : book.tables) {
    out += '\n';
    std::string title;
    add_lines(name_of_table(table), width, "  ", title);
    out += options.colours ? kBold + title + kPlain : title;
    for (const auto& [label, text] : facts_of(table)) {
      add_lines(fmt::format("{}: {}", label, text), width, "  ", out);
    }
    out += '\n' + TextTable(table, options).text();
    if (!table.notes.empty()) out += '\n';
    for (const std::string& note : table.notes) add_lines(note, width, "  ", out);
  }
  if (!book.symbols.empty()) out += "\nSymbols\n";
  for (const auto& [symbol, meaning] : book.symbols) {
    std::string lines;
    add_lines(meaning, width - kSymbol, std::string(kSymbol, ' '), lines);
    out += "  " + padded_right(symbol, kSymbol - 2) + lines;
  }
  return out;
}

}  // namespace barometer

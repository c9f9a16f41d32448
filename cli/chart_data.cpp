#include "cli/chart_data.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/book.h"
#include "barometer/chart/chart_file.h"
#include "barometer/chart/finding.h"
#include "barometer/layout/printed_book.h"
#include "cli/table.h"

namespace barometer::cli {
namespace {

struct Tables {
  Book book;
  PrintedBook printed;
};

Result<Tables> tables_of(const DataChart& asked, const Io& io) {
  TableArguments arguments;
  arguments.survey = asked.survey;
  if (!asked.wave.empty()) arguments.waves = {asked.wave};
  arguments.rows = asked.item;
  arguments.banner = asked.by;
  arguments.filter = asked.filter;
  arguments.suppress_count = asked.suppress_count;
  arguments.suppress_uniform = asked.suppress_uniform;
  arguments.own_eyes = asked.own_eyes;
  Tables tables;
  MadeBook made = TRY(made_book(arguments, io));
  TRY_DONE(protect(arguments, io, made));
  tables.printed = print_book(made.book, made.source);
  tables.book = std::move(made.book);
  return tables;
}

// Letters, digits, '-', '_' and '.' of a text.
std::string id_of(const std::string& text) {
  std::string id;
  for (const char c : text) {
    const bool fits = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '_' || c == '.';
    id += fits ? c : '-';
  }
  return id;
}

class ChartMaker {
 public:
  ChartMaker(const DataChart& asked, const Tables& tables)
      : asked_(asked), tables_(tables), kind_(asked.kind.value_or(ChartKind::kBar)) {}

  Result<Chart> make() && {
    TRY_DONE(check());
    chart_.kind = kind_;
    chart_.id = id_of(asked_.by.empty() ? asked_.item : asked_.item + "-by-" + asked_.by);
    means_ = rows_of(first(), first_printed()).empty();
    TRY_DONE(check_answer());
    add_rows();
    if (chart_.rows.empty()) {
      return fail(ErrorCode::kInvalid, fmt::format("'{}' has no figures to draw", asked_.item));
    }
    set_words();
    return std::move(chart_);
  }

 private:
  [[nodiscard]] const BookTable& first() const { return tables_.book.tables.front(); }
  [[nodiscard]] const PrintedTable& first_printed() const { return tables_.printed.tables.front(); }
  [[nodiscard]] bool is_battery() const { return tables_.book.tables.size() > 1; }

  Status check() const {
    if (is_battery() && !asked_.by.empty()) {
      return fail(ErrorCode::kInvalid,
                  "--by: of several items each has a row of its own; draw one by groups");
    }
    if (tables_.book.plan.banner.size() > 1) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("--by {}: one group of columns, not {}", printable(asked_.by),
                              tables_.book.plan.banner.size()));
    }
    if (kind_ == ChartKind::kDiverging) {
      return fail(
          ErrorCode::kInvalid,
          "a diverging chart needs to know which answers are positive: a questionnaire says "
          "so by its NETs, a chart file by tones");
    }
    if (kind_ == ChartKind::kTrend) {
      return fail(ErrorCode::kInvalid, "a trend needs waves: those of a study, or a chart file");
    }
    if (kind_ == ChartKind::kTiles && asked_.by.empty()) {
      return fail(ErrorCode::kInvalid, "a tile for each of which groups? --by region");
    }
    return {};
  }

  // The printed rows of answers; without any, of means.
  [[nodiscard]] std::vector<size_t> rows_of(const BookTable& table, const PrintedTable& printed,
                                            bool means = false) const {
    std::vector<size_t> rows;
    for (size_t r = 0; r < printed.rows.size(); ++r) {
      if (!printed.rows[r].row || printed.rows[r].kind == PrintedRow::Kind::kMeasure) continue;
      const RowKind kind = table.rows.at(*printed.rows[r].row).kind;
      if (kind == (means ? RowKind::kMean : RowKind::kCategory)) rows.push_back(r);
    }
    return rows;
  }

  [[nodiscard]] bool is_asked(const PrintedRow& row) const {
    return asked_.answer.empty() || lowered(row.label) == lowered(asked_.answer) ||
           row.id == asked_.answer;
  }

  Status check_answer() const {
    const auto rows = rows_of(first(), first_printed(), means_);
    std::vector<std::string> labels;
    size_t found = 0;
    for (const size_t r : rows) {
      labels.push_back(first_printed().rows[r].label);
      if (is_asked(first_printed().rows[r])) ++found;
    }
    if (!asked_.answer.empty() && found == 0) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("--answer '{}' is no answer of '{}'; {}", printable(asked_.answer),
                              asked_.item, suggestion(asked_.answer, labels)));
    }
    if (kind_ == ChartKind::kTiles && found > 1) {
      return fail(ErrorCode::kInvalid, fmt::format("a tile shows one figure: which answer? "
                                                   "--answer '{}'",
                                                   printable(labels.front())));
    }
    return {};
  }

  [[nodiscard]] Mark mark_of(size_t t, size_t r, size_t c) const {
    const BookTable& table = tables_.book.tables[t];
    const PrintedTable& printed = tables_.printed.tables[t];
    const PrintedRow& row = printed.rows[r];
    const PrintedCell& cell = row.cells.at(c);
    Mark mark;
    mark.figure_id =
        fmt::format("{}:{}@{}", id_of(printed.id), id_of(row.id), printed.columns[c].id);
    mark.label = row.label;
    const bool number = cell.marker == Marker::kNone || cell.marker == Marker::kSmallBase;
    const bool percent = !means_ && number;
    mark.printed = cell.text;
    if (percent) mark.printed.insert(cell.text.find_last_not_of(']') + 1, "%");  // "[42%]"
    const Category* category = table.variable.category(code_of(table.rows[*row.row]));
    if (category != nullptr && category->dont_know) mark.tone = "dont_know";
    if (!number || !cell.value) return mark;
    mark.value = cell.value;
    if (kind_ != ChartKind::kDot) return mark;
    const BookCell& numbers = table.at(*row.row, *printed.columns[c].column);
    const double scale = means_ ? 1 : 100;
    if (numbers.lower && numbers.upper) {
      mark.lower = *numbers.lower * scale;
      mark.upper = *numbers.upper * scale;
    }
    return mark;
  }

  [[nodiscard]] static int code_of(const BookRow& row) {
    return row.codes.size() == 1 ? row.codes.front() : -1;
  }

  [[nodiscard]] std::string base_of(size_t t, size_t c) const {
    const PrintedTable& printed = tables_.printed.tables[t];
    return "n = " + printed.rows.front().cells.at(c).text;
  }

  [[nodiscard]] Row row_of(size_t t, size_t c, const std::string& label) const {
    Row row{.label = label, .marks = {}, .base = base_of(t, c)};
    const PrintedTable& printed = tables_.printed.tables[t];
    for (const size_t r : rows_of(tables_.book.tables[t], printed, means_)) {
      if (is_asked(printed.rows[r])) row.marks.push_back(mark_of(t, r, c));
    }
    return row;
  }

  void add_rows() {
    for (size_t t = 0; t < tables_.book.tables.size(); ++t) {
      const PrintedTable& printed = tables_.printed.tables[t];
      for (size_t c = 0; c < printed.columns.size(); ++c) {
        const bool total = printed.columns[c].id == "total";
        if (total != asked_.by.empty()) continue;
        const std::string label =
            asked_.by.empty() ? printed.title : group_label(printed.columns[c]);
        Row row = row_of(t, c, label);
        if (!row.marks.empty()) chart_.rows.push_back(std::move(row));
      }
    }
    // The answers of one item are rows of their own where they stand under one another.
    const bool answers = kind_ == ChartKind::kDot && asked_.by.empty() && !is_battery() && !means_;
    if (answers) turn();
    if (kind_ == ChartKind::kPie && chart_.rows.size() == 1) chart_.rows.front().label.clear();
  }

  // "North: Large", without the name of the group.
  [[nodiscard]] static std::string group_label(const PrintedColumn& column) {
    const std::vector<std::string> own(column.headings.begin() + 1, column.headings.end());
    return own.empty() ? column.headings.front() : join(own, ": ");
  }

  void turn() {
    std::vector<Row> rows;
    for (Mark& mark : chart_.rows.front().marks) {
      Row row{.label = mark.label, .marks = {mark}};
      row.marks.front().label = first_printed().title;
      row.marks.front().tone.clear();
      rows.push_back(std::move(row));
    }
    chart_.rows = std::move(rows);
  }

  void set_words() {
    const PrintedTable& table = first_printed();
    if (means_) chart_.unit = "";
    if (!means_ && kind_ == ChartKind::kBar) chart_.axis_high = 100;
    chart_.multi_response = first().variable.kind == VariableKind::kMulti;
    const std::string label = is_battery() ? asked_.item : table.title;
    chart_.title = asked_.title;
    const bool one_mark =
        std::ranges::all_of(chart_.rows, [](const Row& row) { return row.marks.size() == 1; });
    if (chart_.title.empty()) {
      chart_.title = one_mark                  ? range_finding(label, chart_.rows)
                     : chart_.rows.size() == 1 ? largest_finding(label, chart_.rows)
                                               : label;
    }
    const std::string question = table.question.empty() ? label : table.question;
    const std::string end = question.ends_with('?') || question.ends_with('.') ? "" : ".";
    chart_.subtitle = fmt::format("{}{} Base: {}{}", question, end, table.base,
                                  asked_.by.empty() && !is_battery() ? ", " + base_of(0, 0) : "");
    if (!table.filter.empty()) chart_.subtitle += fmt::format(", where {}", table.filter);
    chart_.source =
        fmt::format("Source: {}. {}", tables_.printed.source, tables_.printed.weighting);
    for (const std::string& note : first().notes) {
      chart_.note += (chart_.note.empty() ? "" : " ") + note;
    }
    chart_.alt = listed_figures(chart_);
  }

  const DataChart& asked_;
  const Tables& tables_;
  ChartKind kind_;
  bool means_ = false;
  Chart chart_;
};

}  // namespace

Result<Chart> chart_of_data(const DataChart& asked, const Io& io) {
  if (asked.item.empty()) {
    return fail(ErrorCode::kInvalid, "which variable? --item q1; of several 'q1..q5'");
  }
  const Tables tables = TRY(tables_of(asked, io));
  return ChartMaker(asked, tables).make();
}

}  // namespace barometer::cli

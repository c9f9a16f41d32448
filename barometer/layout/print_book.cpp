// What stands where: columns with their headings, bases, answers with their measures.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/layout/display_internal.h"
#include "barometer/layout/print_internal.h"

namespace barometer {
namespace {

const BookCell kWithheld = {.suppressed = true};
const BookCell kUnknown = {.not_available = true};

class TablePrinter {
 public:
  TablePrinter(const Book& book, const BookTable& table)
      : book_(book),
        table_(table),
        plan_(book.plan),
        rules_(book.plan.print),
        weighted_(is_weighted(table)) {}

  PrintedTable printed(const std::string& source) {
    out_.id = clean_text(table_.id);
    out_.title = clean_text(table_.title.empty() ? table_.variable.label : table_.title);
    if (out_.title.empty()) out_.title = out_.id;
    out_.question = clean_text(table_.question);
    out_.base = clean_text(table_.base_text);
    if (out_.base.empty()) out_.base = "all cases";
    out_.filter = clean_text(table_.filter);
    out_.weight = clean_text(table_.weight);
    out_.source = clean_text(source);
    out_.percent_base = percent_base();
    add_columns();
    if (!table_.grid) add_bases();
    for (size_t r = 0; r < table_.rows.size(); ++r) {
      if (!table_.rows[r].hidden) add_row(r);
    }
    if (!out_.percent_base.empty() && counts_alone()) {
      out_.percent_base = "counts, n of the base";
    }
    out_.notes = notes_of(book_, table_, out_);
    return std::move(out_);
  }

 private:
  [[nodiscard]] std::string percent_base() const {
    const auto is_shared = [](const BookRow& row) { return is_share(row.kind) && !row.hidden; };
    const bool shares = table_.grid || std::ranges::any_of(table_.rows, is_shared);
    if (!shares || std::ranges::count(plan_.measures, Measure::kPercent) == 0) return "";
    const auto is_mine = [&](const RowsPlan& rows) {
      return rows.responses && std::ranges::count(rows.variables, table_.variable.id) > 0;
    };
    if (std::ranges::any_of(plan_.rows, is_mine)) return "% of responses";
    if (table_.grid || plan_.percent == PercentBase::kRow) return "% of row";
    return plan_.percent == PercentBase::kTable ? "% of table" : "% of column";
  }

  // Every share is printed as a count, or not at all.
  [[nodiscard]] bool counts_alone() const {
    const auto is_percent = [](const PrintedCell& cell) {
      return cell.marker == Marker::kNone || cell.marker == Marker::kSmallBase ||
             cell.marker == Marker::kLow;
    };
    bool counts = false;
    for (const PrintedRow& row : out_.rows) {
      if (row.measure != "%") continue;
      for (size_t c = 0; c < row.cells.size(); ++c) {
        if (!out_.columns[c].column) continue;
        if (is_percent(row.cells[c])) return false;
        counts = counts || row.cells[c].marker == Marker::kCount;
      }
    }
    return counts;
  }

  // ---- columns

  void add_columns() {
    if (table_.grid) {
      out_.columns.push_back({.id = "n", .headings = {"Base"}});
      if (shows_weighted_base()) {
        out_.columns.push_back({.id = "weighted_base", .headings = {"Weighted base"}});
      }
    }
    for (size_t c = 0; c < table_.columns.size(); ++c) {
      const BookColumn& column = table_.columns[c];
      PrintedColumn printed = {.id = id_of(column), .headings = headings_of(column)};
      printed.letter = column.letter;
      printed.tested = !table_.grid && shows_tests() && column.kind == ColumnKind::kCategory;
      printed.column = c;
      out_.columns.push_back(std::move(printed));
    }
  }

  [[nodiscard]] const BannerGroup* group_of(const BookColumn& column) const {
    return column.group < plan_.banner.size() ? &plan_.banner[column.group] : nullptr;
  }

  [[nodiscard]] std::string id_of(const BookColumn& column) const {
    if (column.kind == ColumnKind::kTotal) return "total";
    if (column.kind == ColumnKind::kOption) return clean_text("option:" + column.answer);
    const BannerGroup* group = group_of(column);
    std::vector<std::string> parts;
    for (size_t v = 0; v < column.codes.size(); ++v) {
      const bool named = group != nullptr && v < group->variables.size();
      parts.push_back(fmt::format("{}:{}", named ? group->variables[v] : "?", column.codes[v]));
    }
    for (size_t i = 1; i < column.merged.size(); ++i) {
      parts.back() += fmt::format("+{}", column.merged[i].back());
    }
    const std::string id = join(parts, "/");
    return clean_text(column.kind == ColumnKind::kRest ? id + ":rest" : id);
  }

  [[nodiscard]] std::vector<std::string> headings_of(const BookColumn& column) const {
    if (column.kind == ColumnKind::kTotal) return {"Total"};
    std::vector<std::string> headings;
    if (const BannerGroup* group = group_of(column);
        group != nullptr && column.kind != ColumnKind::kOption) {
      const bool unnamed = group->title.empty() && !group->variables.empty();
      headings.push_back(clean_text(unnamed ? group->variables.front() : group->title));
    }
    if (column.kind == ColumnKind::kRest) {
      headings.push_back("Not: " + clean_text(join(sister_labels(column), ", ")));
      return headings;
    }
    for (const std::string& label : column.labels) headings.push_back(clean_text(label));
    if (headings.empty()) headings.push_back(clean_text(column.answer));
    return headings;
  }

  // Of the column that this is the rest of.
  [[nodiscard]] std::vector<std::string> sister_labels(const BookColumn& rest) const {
    for (const BookColumn& column : table_.columns) {
      const bool sister = column.kind == ColumnKind::kCategory && column.group == rest.group &&
                          column.codes == rest.codes;
      if (sister) return column.labels;
    }
    return rest.labels;
  }

  // ---- bases

  [[nodiscard]] bool shows_weighted_base() const { return weighted_ && plan_.weighted_base; }

  template <class Base>
  void add_base(PrintedRow::Kind kind, const std::string& label, Base base) {
    PrintedRow row = {.kind = kind, .label = label};
    for (const PrintedColumn& column : out_.columns) {
      const size_t c = *column.column;
      const BookCell& none = is_base_unknown(table_, c) ? kUnknown : kWithheld;
      row.cells.push_back(table_.columns[c].withheld
                              ? printed_value(RowKind::kCategory, none, rules_)
                              : printed_base(base(c)));
    }
    out_.rows.push_back(std::move(row));
  }

  void add_bases() {
    using enum PrintedRow::Kind;
    add_base(kBase, weighted_ ? "Unweighted base" : "Base",
             [&](size_t c) { return table_.columns[c].n; });
    if (shows_weighted_base()) {
      add_base(kWeightedBase, "Weighted base",
               [&](size_t c) { return table_.columns[c].weighted_base; });
    }
    if (weighted_ && plan_.effective_base) {
      add_base(kEffectiveBase, "Effective base",
               [&](size_t c) { return table_.columns[c].effective_base; });
    }
  }

  // A mean may leave out don't know, and then says on how many it stands; so does don't know
  // itself.
  void add_own_base(size_t r) {
    const RowKind kind = table_.rows[r].kind;
    if (table_.grid || (is_share(kind) && kind != RowKind::kDontKnow)) return;
    bool differs = false;
    for (size_t c = 0; c < table_.columns.size(); ++c) {
      const BookCell& cell = table_.at(r, c);
      const bool same = is_base_unknown(table_, c) || cell.n == table_.columns[c].n;
      if (is_withheld(cell, rules_) || same) continue;
      differs = true;
    }
    if (!differs) return;
    PrintedRow row = {.kind = PrintedRow::Kind::kMeasure, .id = table_.rows[r].answer};
    row.measure = "base";
    row.row = r;
    for (const PrintedColumn& column : out_.columns) {
      const BookCell& cell = table_.at(r, *column.column);
      if (is_base_unknown(table_, *column.column)) {
        row.cells.push_back(printed_value(RowKind::kCategory, kUnknown, rules_));
        continue;
      }
      const bool withheld = is_withheld(cell, rules_);
      row.cells.push_back(withheld ? printed_value(table_.rows[r].kind, cell, rules_)
                                   : printed_base(cell.n));
    }
    out_.rows.push_back(std::move(row));
  }

  // ---- answers

  [[nodiscard]] RowKind kind_at(size_t r, size_t c) const {
    return table_.grid ? table_.columns[c].figure : table_.rows[r].kind;
  }

  [[nodiscard]] static PrintedRow::Kind kind_of(const BookRow& row) {
    if (row.kind == RowKind::kNet) return PrintedRow::Kind::kNet;
    return row.kind == RowKind::kCategory ? PrintedRow::Kind::kAnswer
                                          : PrintedRow::Kind::kStatistic;
  }

  // Statistics show their value whatever measures of shares were asked for, and have no counts.
  [[nodiscard]] std::vector<Measure> measures_of(size_t r) const {
    std::vector<Measure> measures;
    const bool shares = table_.grid || is_share(table_.rows[r].kind);
    if (!shares) measures.push_back(Measure::kPercent);
    for (const Measure measure : plan_.measures) {
      const bool of_shares = measure == Measure::kPercent || measure == Measure::kCount ||
                             measure == Measure::kWeightedCount;
      if (measure == Measure::kLetters || (!shares && of_shares)) continue;
      if (has_measure(measure, r)) measures.push_back(measure);
    }
    if (measures.empty()) measures.push_back(Measure::kPercent);
    return measures;
  }

  // Standard errors and intervals that no cell has, nor a reason why, are left out: of medians.
  [[nodiscard]] bool has_measure(Measure measure, size_t r) const {
    if (measure != Measure::kStandardError && measure != Measure::kInterval) return true;
    for (size_t c = 0; c < table_.columns.size(); ++c) {
      const BookCell& cell = table_.at(r, c);
      if (measure == Measure::kStandardError ? cell.se.has_value() : cell.lower.has_value()) {
        return true;
      }
      if (!cell.no_interval.empty()) return true;
    }
    return false;
  }

  [[nodiscard]] bool shows_tests() const {
    return plan_.significance.on || std::ranges::count(plan_.measures, Measure::kLetters) > 0;
  }

  [[nodiscard]] PrintedCell cell_at(Measure measure, size_t r, const PrintedColumn& column,
                                    bool first) const {
    if (!column.column) {  // bases of a grid, said once for each item
      const BookCell& any = table_.at(r, 0);
      if (!first) return {};
      if (any.suppressed || any.not_available)
        return printed_value(RowKind::kCategory, any, rules_);
      return printed_base(column.id == "n" ? any.n : any.weighted_base);
    }
    const BookCell& cell = table_.at(r, *column.column);
    const RowKind kind = kind_at(r, *column.column);
    const bool statistic = !is_share(kind);
    const bool counts = measure == Measure::kCount || measure == Measure::kWeightedCount;
    if (statistic && counts && table_.grid) {
      return printed_measure(Measure::kPercent, kind, cell, rules_);
    }
    PrintedCell printed = printed_measure(measure, kind, cell, rules_);
    if (first && shows_tests() && printed.marker != Marker::kSuppressed) {
      add_tests_of(table_, cell, plan_.significance.levels.size() > 1, printed);
    }
    return printed;
  }

  void add_row(size_t r) {
    const BookRow& row = table_.rows[r];
    bool first = true;
    for (const Measure measure : measures_of(r)) {
      PrintedRow printed = {.kind = kind_of(row), .id = clean_text(row.answer)};
      if (first) {
        printed.label = clean_text(row.label.empty() ? row.answer : row.label);
        if (row.rank) printed.label += fmt::format(" (rank {})", *row.rank);
      } else {
        printed.kind = PrintedRow::Kind::kMeasure;
      }
      printed.measure = measure_name(measure, row.kind, rules_);
      printed.level = row.level;
      printed.row = r;
      for (const PrintedColumn& column : out_.columns) {
        printed.cells.push_back(cell_at(measure, r, column, first));
      }
      out_.rows.push_back(std::move(printed));
      first = false;
    }
    add_own_base(r);
  }

  const Book& book_;
  const BookTable& table_;
  const BookPlan& plan_;
  const PrintRules& rules_;
  bool weighted_;
  PrintedTable out_;
};

// Those that some cell shows, with what they mean; letters are explained by each table's notes.
std::vector<std::pair<std::string, std::string>> symbols_of(const PrintedBook& book) {
  std::set<Marker> used;
  for (const PrintedTable& table : book.tables) {
    for (const PrintedRow& row : table.rows) {
      for (const PrintedCell& cell : row.cells) used.insert(cell.marker);
    }
  }
  std::vector<std::pair<std::string, std::string>> symbols;
  for (const Marker marker : used) {
    if (marker == Marker::kNone) continue;
    symbols.emplace_back(symbol_of(marker), meaning_of(marker));
  }
  return symbols;
}

std::string weighting_of(const Book& book) {
  if (std::ranges::none_of(book.tables, is_weighted)) return "Not weighted.";
  std::vector<std::string> names;
  for (const std::string& weight : book.plan.weights) {
    if (!weight.empty()) names.push_back(clean_text(weight));
  }
  return names.empty() ? "Weighted." : fmt::format("Weighted by {}.", join(names, ", "));
}

}  // namespace

bool PrintedTable::has_measures() const {
  return std::ranges::any_of(
      rows, [](const PrintedRow& row) { return row.kind == PrintedRow::Kind::kMeasure; });
}

PrintedBook print_book(const Book& book, const std::string& source) {
  PrintedBook printed;
  printed.title = clean_text(book.plan.title.empty() ? "Tables" : book.plan.title);
  printed.method = clean_text(book.method);
  printed.source = clean_text(source);
  printed.rounding = fmt::format("Figures are {}.", rounding_text(book.plan.print));
  printed.weighting = weighting_of(book);
  for (const BookTable& table : book.tables) {
    printed.tables.push_back(TablePrinter(book, table).printed(source));
  }
  printed.symbols = symbols_of(printed);
  return printed;
}

}  // namespace barometer

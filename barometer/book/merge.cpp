#include "barometer/book/merge.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <span>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/significance/letters.h"

namespace barometer {
namespace {

bool is_mean(RowKind kind) { return kind == RowKind::kMean || kind == RowKind::kNps; }

// Of two sums of weights with effective bases: (Σw)² / Σw².
struct BaseSum {
  double n = 0, weights = 0, squares = 0;

  void add(double cases, double weighted, double effective) {
    n += cases;
    weights += weighted;
    if (effective > 0) squares += weighted * weighted / effective;
  }
  [[nodiscard]] double effective() const { return squares > 0 ? weights * weights / squares : 0; }
};

BookCell merged_cell(const BookTable& table, size_t row, const std::vector<size_t>& columns) {
  BookCell out;
  BaseSum base;
  double values = 0;
  bool lacks = false;
  const RowKind kind = table.rows[row].kind;
  for (const size_t c : columns) {
    const BookCell& cell = table.at(row, c);
    if (cell.suppressed) {
      out = BookCell();
      out.suppressed = true;
      out.reason = cell.reason;
      return out;
    }
    base.add(cell.n, cell.weighted_base, cell.effective_base);
    out.count += cell.count;
    out.weighted_count += cell.weighted_count;
    if (cell.value) values += *cell.value * cell.weighted_base;
    lacks = lacks || (!cell.value && cell.n > 0);
  }
  out.n = base.n;
  out.weighted_base = base.weights;
  out.effective_base = base.effective();
  out.no_interval = kMergedColumn;
  if (!is_share(kind) && !is_mean(kind)) {
    out.reason = kMergedColumn;
  } else if (base.weights > 0 && !lacks) {
    out.value = values / base.weights;
  } else {
    out.reason = "nobody is in its base";
  }
  return out;
}

class Merger {
 public:
  Merger(const Book& book, size_t group, const std::vector<MergedColumn>& merged)
      : book_(book), group_(group), merged_(merged) {}

  Result<BookTable> table(const BookTable& table) const {
    if (table.grid) return table;
    TRY_DONE(check(table));
    BookTable out = table;
    out.columns.clear();
    out.cells.clear();
    out.tests.clear();
    out.group_tests.clear();
    out.covariances.clear();
    const std::vector<std::vector<size_t>> from = places(table);
    for (size_t c = 0; c < from.size(); ++c) out.columns.push_back(column(table, from[c], c, from));
    for (size_t r = 0; r < table.rows.size(); ++r) {
      for (size_t c = 0; c < from.size(); ++c) out.cells.push_back(cell(table, r, from[c]));
    }
    return out;
  }

 private:
  [[nodiscard]] bool is_mine(const BookColumn& column) const {
    return column.group == group_ && column.kind != ColumnKind::kTotal;
  }

  [[nodiscard]] static size_t find(const BookTable& table, size_t group,
                                   const std::vector<int>& codes) {
    for (size_t c = 0; c < table.columns.size(); ++c) {
      const BookColumn& column = table.columns[c];
      if (column.kind == ColumnKind::kCategory && column.group == group && column.codes == codes) {
        return c;
      }
    }
    return table.columns.size();
  }

  [[nodiscard]] Status check(const BookTable& table) const {
    std::set<size_t> used;
    for (const MergedColumn& column : merged_) {
      for (const auto& codes : column.from) {
        const size_t at = find(table, group_, codes);
        if (at == table.columns.size() || !used.insert(at).second) {
          return fail(ErrorCode::kInvalid,
                      fmt::format("the table '{}' has no column of its own for each that is to be "
                                  "merged",
                                  printable(table.id)));
        }
      }
    }
    double inside = 0;
    double total = -1;
    for (const BookColumn& column : table.columns) {
      if (column.kind == ColumnKind::kTotal) total = column.n;
      if (column.kind == ColumnKind::kCategory && is_mine(column)) inside += column.n;
    }
    if (total < 0 || inside <= total + 0.5) return {};
    return fail(ErrorCode::kInvalid,
                fmt::format("the columns of '{}' overlap in the table '{}': they cannot be merged",
                            printable(join(book_.plan.banner[group_].variables, " > ")),
                            printable(table.id)));
  }

  // Of each new column, the old ones.
  [[nodiscard]] std::vector<std::vector<size_t>> places(const BookTable& table) const {
    std::vector<std::vector<size_t>> out;
    bool done = false;
    for (size_t c = 0; c < table.columns.size(); ++c) {
      if (!is_mine(table.columns[c])) {
        out.push_back({c});
        continue;
      }
      if (done) continue;
      done = true;
      for (const MergedColumn& column : merged_) {
        out.emplace_back();
        for (const auto& codes : column.from) out.back().push_back(find(table, group_, codes));
      }
    }
    return out;
  }

  [[nodiscard]] BookColumn column(const BookTable& table, const std::vector<size_t>& from,
                                  size_t at, const std::vector<std::vector<size_t>>& all) const {
    BookColumn out = table.columns[from.front()];
    if (!is_mine(out)) return out;
    size_t first = at;
    while (first > 0 && is_mine(table.columns[all[first - 1].front()])) --first;
    const MergedColumn& merged = merged_[at - first];
    out.codes = merged.codes;
    out.labels = merged.labels;
    out.letter = column_letter(at - first);
    BaseSum base;
    for (const size_t c : from) {
      const BookColumn& old = table.columns[c];
      base.add(old.n, old.weighted_base, old.effective_base);
      out.withheld = out.withheld || old.withheld;
    }
    out.n = base.n;
    out.weighted_base = base.weights;
    out.effective_base = base.effective();
    return out;
  }

  [[nodiscard]] BookCell cell(const BookTable& table, size_t row,
                              const std::vector<size_t>& from) const {
    if (is_mine(table.columns[from.front()]) && from.size() > 1) {
      return merged_cell(table, row, from);
    }
    BookCell out = table.at(row, from.front());
    out.above.clear();
    out.above_second.clear();
    out.against = 0;
    out.arrow = Arrow::kNone;
    return out;
  }

  const Book& book_;
  size_t group_;
  const std::vector<MergedColumn>& merged_;
};

Status check_group(const Book& book, size_t group) {
  if (group < book.plan.banner.size()) return {};
  return fail(ErrorCode::kInvalid, fmt::format("the book has no banner group {}", group + 1));
}

// Only the total and the columns of the group, which is then the first.
void keep_group(BookTable& table, size_t group) {
  std::vector<size_t> places;
  std::vector<BookColumn> columns;
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const BookColumn& column = table.columns[c];
    if (column.kind != ColumnKind::kTotal && column.group != group) continue;
    places.push_back(c);
    columns.push_back(column);
    columns.back().group = 0;
  }
  std::vector<BookCell> cells;
  for (size_t r = 0; r < table.rows.size(); ++r) {
    for (const size_t c : places) cells.push_back(table.at(r, c));
  }
  table.columns = std::move(columns);
  table.cells = std::move(cells);
}

}  // namespace

Result<Book> with_merged_columns(const Book& book, size_t group,
                                 const std::vector<MergedColumn>& merged) {
  TRY_DONE(check_group(book, group));
  Book out;
  out.plan = book.plan;
  out.plan.banner[group].rest = false;
  out.plan.significance.on = false;
  std::erase(out.plan.measures, Measure::kLetters);
  out.method = book.method;
  const Merger merger(book, group, merged);
  for (const BookTable& table : book.tables) out.tables.push_back(TRY(merger.table(table)));
  return out;
}

Result<Book> with_one_banner(const Book& book, size_t group, size_t depth) {
  TRY_DONE(check_group(book, group));
  const BannerGroup& banner = book.plan.banner[group];
  if (depth == 0 || depth > banner.variables.size()) {
    return fail(ErrorCode::kInvalid, fmt::format("a banner of {} variables has no first {}",
                                                 banner.variables.size(), depth));
  }
  std::map<std::vector<int>, MergedColumn> outer;
  std::vector<std::vector<int>> order;
  for (const BookTable& table : book.tables) {
    for (const BookColumn& column : table.columns) {
      if (column.kind != ColumnKind::kCategory || column.group != group) continue;
      const auto outer_codes = std::span(column.codes).first(std::min(depth, column.codes.size()));
      const std::vector<int> codes(outer_codes.begin(), outer_codes.end());
      MergedColumn& merged = outer[codes];
      if (merged.from.empty()) order.push_back(codes);
      merged.codes = codes;
      const auto labels = std::span(column.labels).first(std::min(depth, column.labels.size()));
      merged.labels.assign(labels.begin(), labels.end());
      if (std::ranges::count(merged.from, column.codes) == 0) merged.from.push_back(column.codes);
    }
  }
  std::vector<MergedColumn> columns;
  for (const auto& codes : order) columns.push_back(outer[codes]);
  Book out = TRY(with_merged_columns(book, group, columns));
  for (BookTable& table : out.tables) {
    if (!table.grid) keep_group(table, group);
  }
  BannerGroup kept = out.plan.banner[group];
  kept.variables.resize(depth);
  out.plan.banner = {kept};
  return out;
}

}  // namespace barometer

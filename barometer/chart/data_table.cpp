#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/decimal.h"
#include "barometer/chart/chart.h"

namespace barometer {
namespace {

// Decimals of a figure as printed: "7.2" has one.
int places_of(const std::string& printed) {
  const size_t point = printed.find('.');
  if (point == std::string::npos) return 0;
  size_t end = point + 1;
  while (end < printed.size() && printed[end] >= '0' && printed[end] <= '9') ++end;
  constexpr size_t kMostPlaces = 6;
  return static_cast<int>(std::min(end - point - 1, kMostPlaces));
}

// "7.2 (6.9 to 7.5)": an interval with as many decimals as its figure.
std::string cell_text(const Mark& mark) {
  if (!mark.value || !mark.lower || !mark.upper) return mark.printed;
  const int places = places_of(mark.printed);
  return fmt::format("{} ({} to {})", mark.printed, round(*mark.lower, places).text(),
                     round(*mark.upper, places).text());
}

std::string first_heading(ChartKind kind) {
  if (kind == ChartKind::kTrend) return "Wave";
  return kind == ChartKind::kTiles ? "Name" : "Item";
}

// One row of parts is a table of one figure a line.
ChartTable upright(const Chart& chart) {
  const Row& row = chart.rows.front();
  ChartTable table{.headings = {"Answer", "Figure"}, .rows = {}};
  if (!row.base.empty()) table.headings.back() = row.base;
  for (const auto& mark : row.marks) table.rows.push_back({mark.label, cell_text(mark)});
  return table;
}

}  // namespace

ChartTable data_table(const Chart& chart) {
  if (chart.rows.size() == 1 && chart.kind != ChartKind::kTiles) return upright(chart);
  ChartTable table{.headings = {first_heading(chart.kind)}, .rows = {}};
  const auto has = [](const std::string& text) { return !text.empty(); };
  const bool has_bases = std::any_of(chart.rows.begin(), chart.rows.end(),
                                     [&](const Row& row) { return has(row.base); });
  const bool has_groups = std::any_of(chart.rows.begin(), chart.rows.end(),
                                      [&](const Row& row) { return has(row.group); });
  std::vector<std::string> columns;
  for (const auto& row : chart.rows) {
    for (const auto& mark : row.marks) {
      const auto found = std::find(columns.begin(), columns.end(), mark.label);
      if (found == columns.end()) columns.push_back(mark.label);
    }
  }
  if (has_groups) table.headings.emplace_back("Group");
  table.headings.insert(table.headings.end(), columns.begin(), columns.end());
  if (has_bases) table.headings.emplace_back("Base");
  for (const auto& row : chart.rows) {
    std::vector<std::string> cells = {row.label};
    if (has_groups) cells.push_back(row.group);
    for (const auto& column : columns) {
      const auto mark = std::find_if(row.marks.begin(), row.marks.end(),
                                     [&column](const Mark& m) { return m.label == column; });
      cells.push_back(mark == row.marks.end() ? "" : cell_text(*mark));
    }
    if (has_bases) cells.push_back(row.base);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace barometer

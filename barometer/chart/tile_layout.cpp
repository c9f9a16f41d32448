#include "barometer/chart/tile_layout.h"

#include <charconv>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

struct Entry {
  std::string shorter, group;
  TilePlace place;
};

std::optional<int> small_number(const std::string& text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, problem] = std::from_chars(text.data(), end, number);
  if (problem != std::errc() || stopped != end || number < 0 || number > 1'000) return std::nullopt;
  return number;
}

Result<std::map<std::string, Entry>> read_layout(std::string_view csv) {
  Diagnostics problems;
  const CsvTable table = CsvTable::parse(csv, "layout", problems);
  table.require_columns({"name", "column", "row"}, {"short", "group"}, problems);
  std::map<std::string, Entry> layout;
  for (size_t i = 0; i < table.row_count(); ++i) {
    const CsvCell& name = table.cell(i, "name");
    const auto column = small_number(table.cell(i, "column").text);
    const auto row = small_number(table.cell(i, "row").text);
    if (!column || !row) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{}: column and row are whole numbers from 0, not '{}' and '{}'",
                              name.place.text(), printable(table.cell(i, "column").text),
                              printable(table.cell(i, "row").text)));
    }
    const Entry entry{.shorter = table.cell(i, "short").text,
                      .group = table.cell(i, "group").text,
                      .place = {*column, *row}};
    if (!layout.emplace(name.text, entry).second) {
      return fail(ErrorCode::kInvalid, fmt::format("{}: '{}' has a place already",
                                                   name.place.text(), printable(name.text)));
    }
  }
  if (!problems.ok()) return fail(ErrorCode::kInvalid, problems.text());
  return layout;
}

}  // namespace

Result<Chart> placed(Chart chart, std::string_view layout_csv) {
  const auto layout = TRY(read_layout(layout_csv));
  if (chart.kind != ChartKind::kTiles) {
    return fail(ErrorCode::kInvalid, "only a tile map has a layout");
  }
  std::vector<std::string> names;
  for (const auto& [name, entry] : layout) names.push_back(name);
  for (Row& row : chart.rows) {
    const auto found = layout.find(row.label);
    if (found == layout.end()) {
      const std::string hint = suggestion(row.label, names);
      return fail(ErrorCode::kInvalid,
                  fmt::format("the layout has no place for '{}'{}{}", printable(row.label),
                              hint.empty() ? "" : "; ", hint));
    }
    row.place = found->second.place;
    if (!found->second.shorter.empty()) row.short_label = found->second.shorter;
    if (!found->second.group.empty()) row.group = found->second.group;
  }
  TRY_DONE(check(chart));
  return chart;
}

}  // namespace barometer

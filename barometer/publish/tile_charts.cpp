#include "barometer/publish/tile_charts.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/chart/chart_file.h"
#include "barometer/chart/finding.h"
#include "barometer/chart/tile_layout.h"

namespace barometer {
namespace {

constexpr std::string_view kTiles = "tiles";

bool is_alone(const BannerGroup& group) { return group.variables.size() == 1 && !group.sequence; }

class TileCharts {
 public:
  TileCharts(const Study& study, const Wave& wave, const WaveBook& book, size_t group,
             std::string layout)
      : study_(study), wave_(wave), book_(book), group_(group), layout_(std::move(layout)) {}

  // None where the item has no table by group, or nothing of it is shown.
  std::optional<Chart> chart(const Section& section, const Item& item) const {
    const auto& tables = book_.book.tables;
    const auto table = std::ranges::find(
        tables, item.id,
        [](const BookTable& one) -> const std::string& { return one.variable.id; });
    if (table == tables.end() || section.answers.empty()) return std::nullopt;
    const PrintedTable& printed =
        book_.printed.tables.at(static_cast<size_t>(table - tables.begin()));
    const auto row = std::ranges::find_if(printed.rows, [&](const PrintedRow& one) {
      return one.row && one.kind != PrintedRow::Kind::kMeasure &&
             one.id == section.answers.front().key;
    });
    if (row == printed.rows.end()) return std::nullopt;
    Chart chart;
    chart.id = fmt::format("{}-{}", wave_.id, item.id);
    chart.kind = ChartKind::kTiles;
    chart.multi_response = item.kind() == VariableKind::kMulti;
    const bool mean = section.answers.front().kind == CellKind::kMean;
    if (mean) chart.unit = "";
    for (size_t c = 0; c < printed.columns.size(); ++c) {
      const BookColumn& column = table->columns.at(printed.columns[c].column.value_or(0));
      if (column.kind != ColumnKind::kCategory || column.group != group_) continue;
      chart.rows.push_back(
          {.label = column.labels.front(), .marks = {mark_of(row->cells.at(c), row->label, mean)}});
    }
    const auto drawn = [](const Row& one) { return one.marks.front().value.has_value(); };
    if (!std::ranges::any_of(chart.rows, drawn)) return std::nullopt;
    set_words(item, printed, chart);
    if (auto map = placed(chart, layout_)) return std::move(*map);
    return chart;
  }

 private:
  // What is suppressed, or told as a count, has its sign in place of a colour.
  static Mark mark_of(const PrintedCell& cell, const std::string& label, bool mean) {
    Mark mark;
    mark.figure_id = cell.figure;
    mark.label = label;
    const bool number = cell.marker == Marker::kNone || cell.marker == Marker::kSmallBase;
    mark.printed = cell.text + (number && !mean ? "%" : "");
    if (number || cell.marker == Marker::kLow) mark.value = cell.value;
    return mark;
  }

  void set_words(const Item& item, const PrintedTable& table, Chart& chart) const {
    chart.title = range_finding(item.label, chart.rows);
    chart.subtitle = fmt::format("{} Base: {}. {}.", item.question(), item.base_text, wave_.title);
    chart.source = fmt::format("Source: {}, {}.", study_.series, wave_.id);
    chart.note = fmt::format("Shown: {}, by {}.", mid_sentence(chart.rows.front().marks[0].label),
                             mid_sentence(heading(table)));
    chart.alt = listed_figures(chart);
  }

  [[nodiscard]] std::string heading(const PrintedTable& table) const {
    for (const PrintedColumn& column : table.columns) {
      const bool grouped = column.headings.size() > 1 && column.id.starts_with(variable() + ":");
      if (grouped) return column.headings.front();
    }
    return variable();
  }
  [[nodiscard]] const std::string& variable() const {
    return book_.book.plan.banner[group_].variables.front();
  }

  const Study& study_;
  const Wave& wave_;
  const WaveBook& book_;
  size_t group_;
  std::string layout_;
};

bool asks(const Wave& wave) {
  return std::ranges::any_of(wave.questionnaire.items,
                             [](const Item& item) { return item.chart == kTiles; });
}

// Empty where the frame has none: no tile has a place then.
std::string layout_of(const Study& study, const Wave& wave) {
  const auto bytes =
      read_file(study.folder / "frame" / wave.frame_version / "tiles.csv", size_t{1} << 20);
  return bytes ? *bytes : std::string();
}

}  // namespace

Status check_tiles(const Wave& wave, const std::vector<BannerGroup>& banner) {
  if (!asks(wave) || std::ranges::any_of(banner, is_alone)) return {};
  const auto item = std::ranges::find(wave.questionnaire.items, kTiles,
                                      [](const Item& one) { return std::string_view(one.chart); });
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' of wave '{}' is to be drawn as tiles, one a group: its wave.yaml "
                          "names no group of one variable; tables: {{banner: region}}",
                          item->id, wave.id));
}

Result<std::vector<SectionChart>> make_tile_charts(const Study& study, const Wave& wave,
                                                   const WaveBook* book,
                                                   const std::vector<Section>& sections) {
  std::vector<SectionChart> out;
  if (!asks(wave)) return out;
  if (wave.tables.banner.empty()) return tl::unexpected(check_tiles(wave, {}).error());
  if (book == nullptr) return out;  // nothing by group is left to be shown
  const std::vector<BannerGroup>& banner = book->book.plan.banner;
  TRY_DONE(check_tiles(wave, banner));
  const auto group = static_cast<size_t>(std::ranges::find_if(banner, is_alone) - banner.begin());
  const TileCharts charts(study, wave, *book, group, layout_of(study, wave));
  for (const Section& section : sections) {
    if (section.chart != kTiles) continue;
    for (const ItemTable* table : section.items) {
      if (auto chart = charts.chart(section, table->item)) {
        out.push_back({section.id, std::move(*chart), {}, {}});
      }
    }
  }
  return out;
}

}  // namespace barometer

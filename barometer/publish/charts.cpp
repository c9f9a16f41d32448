#include "barometer/publish/charts.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/chart/chart_file.h"
#include "barometer/chart/finding.h"
#include "barometer/ledger/ledger.h"

namespace barometer {
namespace {

// One place that knows study, wave and tables while the charts of a wave are made.
struct Maker {
  const Study& study;
  const Wave& wave;
  const WaveTables& tables;
  const std::vector<WaveTables>& earlier;
};

double drawn_value(const Cell& cell) {
  return cell.estimate.statistic == Statistic::kProportion ? *cell.estimate.value * 100
                                                           : *cell.estimate.value;
}

Mark mark_of(const WaveTables& tables, const Cell& cell, std::string label) {
  Mark mark;
  mark.figure_id = figure_id(tables, cell);
  mark.label = std::move(label);
  if (is_shown(cell) && cell.estimate.value) mark.value = drawn_value(cell);
  mark.printed = cell.printed.with_unit(cell.estimate.statistic);
  return mark;
}

// ---- tones of a diverging bar ---------------------------------------------------------------

bool is_dont_know(const Item& item, std::string_view answer) {
  return std::ranges::any_of(item.options, [&](const Category& option) {
    return option.dont_know && std::to_string(option.code) == answer;
  });
}

// The first NET of a battery type is its positive side, the second its negative.
std::string tone_of_net(const Item& item, std::string_view answer) {
  if (!item.nets.empty() && item.nets[0].id == answer) return "positive";
  if (item.nets.size() > 1 && item.nets[1].id == answer) return "negative";
  return "neutral";
}

std::string tone_of_option(const Item& item, std::string_view answer) {
  if (is_dont_know(item, answer)) return "dont_know";
  for (const Net& net : item.nets) {
    for (const int code : net.codes) {
      if (std::to_string(code) == answer) return tone_of_net(item, net.id);
    }
  }
  return "neutral";
}

// Don't know out of the base has no figure, and none is missed.
bool shows_every_option(const ItemTable& table) {
  return std::ranges::all_of(table.respondents, [&](const Cell& cell) {
    const bool out = !table.item.dont_know_in_base && is_dont_know(table.item, cell.answer);
    return cell.kind != CellKind::kOption || out || is_shown(cell);
  });
}

// ---- the chart's words ----------------------------------------------------------------------

std::string base_words(const Maker& maker, const Section& section) {
  std::string base = section.items.front()->item.base_text;
  std::string n = base_note(*section.items.front());
  for (const ItemTable* table : section.items) {
    if (base_note(*table) != n) n = "n by item";
  }
  return fmt::format("Base: {}, {}. {}", base, n, maker.wave.title);
}

void set_words(const Maker& maker, const Section& section, Chart& chart) {
  // A stem that runs on into its statements ends with a comma.
  std::string question = section.question;
  if (question.ends_with(',')) question.replace(question.size() - 1, 1, "…");
  chart.subtitle = fmt::format("{} {}.", question, base_words(maker, section));
  chart.source = fmt::format("Source: {}, {}.", maker.study.series, maker.wave.id);
  if (maker.wave.reconstruction) {
    const std::string bars = chart.note.empty() ? "" : " " + chart.note;
    chart.note = "Reconstruction from published figures." + bars;
  }
  chart.alt = listed_figures(chart);
}

// ---- kinds ----------------------------------------------------------------------------------

// The parts that make up the base: all options, or else NETs that do not overlap and cover it.
std::vector<const Cell*> whole_of(const ItemTable& table) {
  std::vector<const Cell*> parts;
  for (const Cell& cell : table.respondents) {
    if (cell.kind == CellKind::kOption) parts.push_back(&cell);
  }
  if (!parts.empty() && std::ranges::all_of(parts, [](const Cell* c) { return is_shown(*c); })) {
    return parts;
  }
  parts.clear();
  std::vector<int> covered;
  for (const Cell& cell : table.respondents) {
    if (cell.kind != CellKind::kNet || !is_shown(cell)) continue;
    const auto net = std::ranges::find(table.item.nets, cell.answer, &Net::id);
    const bool overlaps = std::ranges::any_of(
        net->codes, [&](int code) { return std::ranges::find(covered, code) != covered.end(); });
    if (overlaps) continue;
    covered.insert(covered.end(), net->codes.begin(), net->codes.end());
    parts.push_back(&cell);
  }
  if (covered.size() != table.item.options.size()) parts.clear();
  return parts;
}

std::optional<Chart> pie(const Maker& maker, const ItemTable& table) {
  if (table.item.type == ItemType::kMulti) return std::nullopt;
  Row row;
  for (const Cell* cell : whole_of(table)) {
    if (cell->printed.marker != Marker::kNone) return std::nullopt;
    row.marks.push_back(mark_of(maker.tables, *cell, cell->label));
  }
  if (row.marks.size() < 2) return std::nullopt;
  Chart chart;
  chart.id = fmt::format("{}-{}", maker.wave.id, table.item.id);
  chart.kind = ChartKind::kPie;
  chart.rows.push_back(std::move(row));
  chart.title = largest_finding(table.item.label, chart.rows);
  return chart;
}

// One item: a bar an answer, in the questionnaire's order.
std::optional<Chart> item_bar(const Maker& maker, const ItemTable& table) {
  Chart chart;
  chart.id = fmt::format("{}-{}", maker.wave.id, table.item.id);
  chart.kind = ChartKind::kBar;
  chart.axis_high = 100;
  Row row;
  row.base = base_note(table);
  const bool options = shows_every_option(table);
  for (const Cell& cell : table.respondents) {
    if (cell.kind == CellKind::kMean || !is_shown(cell)) continue;
    if (options && cell.kind != CellKind::kOption) continue;
    row.marks.push_back(mark_of(maker.tables, cell, cell.label));
  }
  if (row.marks.empty()) return std::nullopt;
  chart.rows.push_back(std::move(row));
  chart.title = largest_finding(table.item.label, chart.rows);
  return chart;
}

// A battery: a bar a statement, of its first answer.
std::optional<Chart> battery_bar(const Maker& maker, const Section& section) {
  if (section.answers.empty()) return std::nullopt;
  Chart chart;
  chart.id = section.id;
  chart.kind = ChartKind::kBar;
  chart.axis_high = 100;
  for (const ItemTable* table : section.items) {
    const Cell* cell = table->find(Unit::kRespondent, section.answers.front().key);
    if (cell == nullptr || !is_shown(*cell)) continue;
    chart.rows.push_back({table->item.label,
                          {mark_of(maker.tables, *cell, section.answers.front().label)},
                          base_note(*table)});
  }
  if (chart.rows.empty()) return std::nullopt;
  std::ranges::stable_sort(chart.rows, std::greater{},
                           [](const Row& row) { return row.marks.front().value.value_or(-1); });
  chart.title = range_finding(section.title, chart.rows);
  return chart;
}

Row diverging_row(const Maker& maker, const Section& section, const ItemTable& table,
                  bool options) {
  Row row{table.item.label, {}, base_note(table)};
  for (const Section::Answer& answer : section.answers) {
    const Cell* cell = table.find(Unit::kRespondent, answer.key);
    const bool lone_option = answer.kind == CellKind::kOption && !options;
    if (cell == nullptr || !is_shown(*cell) || answer.kind == CellKind::kMean) continue;
    if (options && answer.kind == CellKind::kNet) continue;
    Mark mark = mark_of(maker.tables, *cell, answer.label);
    mark.tone = answer.kind == CellKind::kNet ? tone_of_net(table.item, answer.key)
                                              : tone_of_option(table.item, answer.key);
    // Beside NETs an option is drawn only where it is no part of one.
    if (lone_option && (mark.tone == "positive" || mark.tone == "negative")) continue;
    row.marks.push_back(std::move(mark));
  }
  return row;
}

std::string listed(const std::vector<std::string>& names) {
  constexpr size_t kNamed = 4;
  if (names.size() <= kNamed) return join(names, "; ");
  return fmt::format("{} statements", names.size());
}

// Which bars of a battery a reader misses: parts that some statements have and others lack, and
// statements without any.
std::string missing_bars(const Maker& maker, const Section& section, const Chart& chart) {
  const char* why = maker.wave.reconstruction ? "Not known" : "Not shown";
  std::vector<std::string> labels, parts, without;
  for (const Row& row : chart.rows) {
    for (const Mark& mark : row.marks) {
      if (std::ranges::count(labels, mark.label) == 0) labels.push_back(mark.label);
    }
  }
  for (const std::string& label : labels) {
    std::vector<std::string> lacking;
    for (const Row& row : chart.rows) {
      if (std::ranges::count(row.marks, label, &Mark::label) == 0) lacking.push_back(row.label);
    }
    if (!lacking.empty()) {
      parts.push_back(fmt::format("{} ({})", mid_sentence(label), listed(lacking)));
    }
  }
  for (const ItemTable* table : section.items) {
    if (std::ranges::count(chart.rows, table->item.label, &Row::label) == 0) {
      without.push_back(table->item.label);
    }
  }
  std::string note;
  if (!parts.empty()) note = fmt::format("{}: {}.", why, join(parts, "; "));
  if (!without.empty()) {
    note += fmt::format("{}{} at all: {}.", note.empty() ? "" : " ", why, listed(without));
  }
  return note;
}

std::optional<Chart> diverging(const Maker& maker, const Section& section) {
  Chart chart;
  chart.id = section.id;
  chart.kind = ChartKind::kDiverging;
  const bool options = std::ranges::all_of(
      section.items, [](const ItemTable* table) { return shows_every_option(*table); });
  for (const ItemTable* table : section.items) {
    Row row = diverging_row(maker, section, *table, options);
    if (!row.marks.empty()) chart.rows.push_back(std::move(row));
  }
  if (chart.rows.empty()) return std::nullopt;
  chart.title = range_finding(section.title, chart.rows);
  chart.note = missing_bars(maker, section, chart);
  return chart;
}

// The item's mean in each wave, this one last.
class MeanTrend {
 public:
  MeanTrend(const Maker& maker, const ItemTable& table) : maker_(maker), table_(table) {
    chart_.id = fmt::format("{}-{}-trend", maker.wave.id, table.item.id);
    chart_.kind = ChartKind::kTrend;
    chart_.unit = "";
    if (table.item.scale_low) chart_.axis_low = *table.item.scale_low;
    if (table.item.scale_high) chart_.axis_high = *table.item.scale_high;
  }

  // A wave without the item, between waves that have it, keeps its place: the line has a gap there.
  void add(const WaveTables& tables, const ItemTable* of_wave) {
    const Cell* cell = of_wave == nullptr ? nullptr : of_wave->find(Unit::kRespondent, "mean");
    if (cell == nullptr || !is_shown(*cell)) {
      if (!chart_.rows.empty()) chart_.rows.push_back({tables.wave, {}, why_none(tables, of_wave)});
      return;
    }
    Mark mark = mark_of(tables, *cell, table_.item.label);
    if (cell->estimate.interval) {
      mark.lower = cell->estimate.interval->lower;
      mark.upper = cell->estimate.interval->upper;
    }
    if (cell->printed.marker == Marker::kSmallBase) mark.value = mark.lower = mark.upper = {};
    mark.new_wording = !wording_.empty() && wording_ != of_wave->item.wording_hash;
    wording_ = of_wave->item.wording_hash;
    drawn_ += mark.value ? 1U : 0U;
    chart_.rows.push_back({tables.wave, {std::move(mark)}, base_note(*of_wave)});
  }

  std::optional<Chart> finish() {
    if (drawn_ < 2 || chart_.rows.back().marks.empty()) return std::nullopt;
    const std::string& last = chart_.rows.back().marks.front().printed;
    chart_.title = fmt::format("{}: {} in {}", table_.item.label, last, maker_.wave.id);
    return std::move(chart_);
  }

 private:
  [[nodiscard]] std::string why_none(const WaveTables& tables, const ItemTable* of_wave) const {
    if (of_wave != nullptr) return "not shown";
    return tables.find(table_.item.id) != nullptr ? "other wording" : "not asked";
  }

  const Maker& maker_;
  const ItemTable& table_;
  Chart chart_;
  std::string wording_;
  size_t drawn_ = 0;
};

std::optional<Chart> mean_trend(const Maker& maker, const ItemTable& table) {
  MeanTrend trend(maker, table);
  for (const WaveTables& before : maker.earlier) {
    trend.add(before, comparable_table(maker.study, maker.wave, table.item, before));
  }
  trend.add(maker.tables, &table);
  return trend.finish();
}

// Statements by answers, each a cell: the answers that every statement may show.
std::optional<Chart> heat(const Maker& maker, const Section& section) {
  Chart chart;
  chart.id = section.id;
  chart.kind = ChartKind::kHeat;
  chart.multi_response = true;  // NETs stand beside their options
  for (const ItemTable* table : section.items) {
    Row row{table->item.label, {}, base_note(*table)};
    for (const Section::Answer& answer : section.answers) {
      const Cell* cell = table->find(Unit::kRespondent, answer.key);
      if (cell == nullptr || answer.kind == CellKind::kMean) continue;
      // A NET may be called as its option is; one column has room for one of them.
      if (std::ranges::find(row.marks, answer.label, &Mark::label) != row.marks.end()) continue;
      row.marks.push_back(mark_of(maker.tables, *cell, answer.label));
    }
    const bool has_figure =
        std::ranges::any_of(row.marks, [](const Mark& mark) { return mark.value.has_value(); });
    if (has_figure) chart.rows.push_back(std::move(row));
  }
  if (chart.rows.empty()) return std::nullopt;
  chart.title = range_finding(section.title, chart.rows);
  return chart;
}

Row row_of_parts(const Maker& maker, const ItemTable& table,
                 const std::vector<const Cell*>& parts) {
  Row row{table.item.label, {}, base_note(table)};
  for (const Cell* cell : parts) {
    Mark mark = mark_of(maker.tables, *cell, cell->label);
    mark.tone = cell->kind == CellKind::kNet ? tone_of_net(table.item, cell->answer)
                                             : tone_of_option(table.item, cell->answer);
    row.marks.push_back(std::move(mark));
  }
  return row;
}

// The shown options that are in no shown NET, and these NETs: parts that never overlap.
std::vector<const Cell*> shown_parts(const ItemTable& table) {
  std::vector<const Cell*> parts = whole_of(table);
  if (!parts.empty()) return parts;
  std::vector<int> covered;
  for (const Cell& cell : table.respondents) {
    if (cell.kind == CellKind::kMean || !is_shown(cell)) continue;
    std::vector<int> codes;
    for (const Net& net : table.item.nets) {
      if (cell.kind == CellKind::kNet && net.id == cell.answer) codes = net.codes;
    }
    for (const Category& option : table.item.options) {
      const bool same = std::to_string(option.code) == cell.answer;
      if (cell.kind == CellKind::kOption && same) codes = {option.code};
    }
    const auto is_covered = [&](int code) { return std::ranges::count(covered, code) > 0; };
    if (codes.empty() || std::ranges::any_of(codes, is_covered)) continue;
    covered.insert(covered.end(), codes.begin(), codes.end());
    parts.push_back(&cell);
  }
  return parts;
}

// The published parts of each statement end to end, whole or not.
std::optional<Chart> stacked_battery(const Maker& maker, const Section& section) {
  Chart chart;
  chart.id = section.id;
  chart.kind = ChartKind::kStacked;
  for (const ItemTable* table : section.items) {
    if (table->item.type == ItemType::kMulti) return std::nullopt;
    Row row = row_of_parts(maker, *table, shown_parts(*table));
    if (!row.marks.empty()) chart.rows.push_back(std::move(row));
  }
  if (chart.rows.empty()) return std::nullopt;
  chart.title = range_finding(section.title, chart.rows);
  chart.note = missing_bars(maker, section, chart);
  return chart;
}

Mark dot_of(const Maker& maker, const Cell& cell, const std::string& label) {
  Mark mark = mark_of(maker.tables, cell, label);
  if (!mark.value || !cell.estimate.interval) return mark;
  const double scale = cell.estimate.statistic == Statistic::kProportion ? 100 : 1;
  mark.lower = cell.estimate.interval->lower * scale;
  mark.upper = cell.estimate.interval->upper * scale;
  return mark;
}

// Dots with their intervals: of a battery a row a statement, its first answer; of an item a row an
// answer.
std::optional<Chart> dots(const Maker& maker, const Section& section, const ItemTable& table) {
  Chart chart;
  chart.kind = ChartKind::kDot;
  chart.id = section.battery ? section.id : fmt::format("{}-{}", maker.wave.id, table.item.id);
  if (section.battery && !section.answers.empty()) {
    for (const ItemTable* each : section.items) {
      const Cell* cell = each->find(Unit::kRespondent, section.answers.front().key);
      if (cell == nullptr || !is_shown(*cell)) continue;
      chart.rows.push_back({each->item.label,
                            {dot_of(maker, *cell, section.answers.front().label)},
                            base_note(*each)});
    }
    chart.title = range_finding(section.title, chart.rows);
  } else {
    const bool options = shows_every_option(table);
    for (const Cell& cell : table.respondents) {
      if (cell.kind == CellKind::kMean || !is_shown(cell)) continue;
      if (options && cell.kind != CellKind::kOption) continue;
      chart.rows.push_back({cell.label, {dot_of(maker, cell, table.item.label)}});
    }
    chart.title = table.item.label;
  }
  if (chart.rows.empty()) return std::nullopt;
  return chart;
}

// A battery whose every part is shown: each statement a bar of the whole.
std::optional<Chart> share(const Maker& maker, const Section& section) {
  Chart chart;
  chart.id = section.id;
  chart.kind = ChartKind::kShare;
  for (const ItemTable* table : section.items) {
    Row row = row_of_parts(maker, *table, whole_of(*table));
    if (row.marks.size() < 2 || !all_drawn({row})) return std::nullopt;
    chart.rows.push_back(std::move(row));
  }
  chart.title = range_finding(section.title, chart.rows);
  return chart;
}

std::vector<Chart> charts_of(const Maker& maker, const Section& section) {
  std::vector<Chart> charts;
  const auto add = [&](std::optional<Chart> chart) {
    if (chart) charts.push_back(std::move(*chart));
    return chart.has_value();
  };
  for (const ItemTable* table : section.items) add(mean_trend(maker, *table));
  if (section.chart == "none" || section.chart == "tiles") return charts;  // tile_charts.h
  if (section.chart == "diverging" && section.battery) {
    add(diverging(maker, section));
  } else if (section.chart == "share" && section.battery) {
    if (!add(share(maker, section))) add(stacked_battery(maker, section));
  } else if (section.chart == "stacked" && section.battery) {
    add(stacked_battery(maker, section));
  } else if (section.chart == "dot") {
    for (const ItemTable* table : section.items) {
      add(dots(maker, section, *table));
      if (section.battery) break;
    }
  } else if (section.chart == "heat" && section.battery) {
    add(heat(maker, section));
  } else if (section.chart == "pie") {
    for (const ItemTable* table : section.items) {
      if (!add(pie(maker, *table))) add(item_bar(maker, *table));
    }
  } else if (section.battery) {
    add(battery_bar(maker, section));
  } else {
    add(item_bar(maker, *section.items.front()));
  }
  return charts;
}

Result<Chart> chart_of_kind(const Maker& maker, const Section& section, const ItemTable& table,
                            ChartKind kind) {
  const auto of = [&](std::optional<Chart> chart, std::string_view why) -> Result<Chart> {
    if (chart) return std::move(*chart);
    return fail(ErrorCode::kInvalid, fmt::format("'{}' of wave '{}' is no {} chart: {}",
                                                 table.item.id, maker.wave.id, name_of(kind), why));
  };
  constexpr std::string_view kNoWhole = "not all of its parts are published";
  constexpr std::string_view kNoFigures = "none of its figures is published";
  switch (kind) {
    case ChartKind::kPie:
      return of(pie(maker, table), kNoWhole);
    case ChartKind::kShare:
      return of(share(maker, section), kNoWhole);
    case ChartKind::kBar:
      return of(section.battery ? battery_bar(maker, section) : item_bar(maker, table), kNoFigures);
    case ChartKind::kDiverging:
      return of(diverging(maker, section), kNoFigures);
    case ChartKind::kHeat:
      return of(heat(maker, section), kNoFigures);
    case ChartKind::kTrend:
      return of(mean_trend(maker, table), "fewer than two waves have its mean");
    case ChartKind::kDot:
      return of(dots(maker, section, table), kNoFigures);
    case ChartKind::kStacked:
      return of(stacked_battery(maker, section), kNoFigures);
    case ChartKind::kTiles:
      break;
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("a {} chart of an item has a tile for each group: give --by region",
                          name_of(kind)));
}

}  // namespace

Result<Chart> chart_of_item(const Study& study, const std::vector<WaveTables>& waves,
                            const std::string& wave, const std::string& item,
                            std::optional<ChartKind> kind) {
  std::vector<std::string> ids;
  for (const WaveTables& tables : waves) ids.push_back(tables.wave);
  const auto found = std::ranges::find(ids, wave);
  if (found == ids.end()) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is no wave with responses; {}",
                                                 printable(wave), suggestion(wave, ids)));
  }
  const auto at = static_cast<size_t>(found - ids.begin());
  const std::vector<WaveTables> earlier = main_waves_before(study, waves, at);
  const Maker maker{study, *study.wave(wave), waves[at], earlier};
  const std::vector<Section> sections = sections_of(maker.wave, waves[at]);
  std::vector<std::string> items;
  for (const Section& section : sections) {
    for (const ItemTable* table : section.items) {
      items.push_back(table->item.id);
      if (table->item.id != item && section.id != fmt::format("{}-{}", wave, item)) continue;
      auto charts = charts_of(maker, section);
      if (!kind && charts.empty()) {
        return fail(ErrorCode::kInvalid, fmt::format("'{}' has no chart; give --kind", item));
      }
      Chart chart = kind ? TRY(chart_of_kind(maker, section, *table, *kind)) : charts.back();
      set_words(maker, section, chart);
      return chart;
    }
  }
  const std::string hint = suggestion(item, items);
  return fail(ErrorCode::kInvalid, fmt::format("wave '{}' has no figures of an item '{}'{}{}", wave,
                                               printable(item), hint.empty() ? "" : "; ", hint));
}

std::vector<WaveTables> main_waves_before(const Study& study, const std::vector<WaveTables>& waves,
                                          size_t at) {
  std::vector<WaveTables> earlier;
  for (size_t k = 0; k < at; ++k) {
    const bool is_main = study.wave(waves[at].wave)->alternative_to.empty() &&
                         study.wave(waves[k].wave)->alternative_to.empty();
    if (is_main) earlier.push_back(waves[k]);
  }
  return earlier;
}

std::vector<SectionChart> make_charts(const Study& study, const Wave& wave,
                                      const WaveTables& tables,
                                      const std::vector<Section>& sections,
                                      const std::vector<WaveTables>& earlier) {
  const Maker maker{study, wave, tables, earlier};
  std::vector<SectionChart> out;
  for (const Section& section : sections) {
    for (Chart& chart : charts_of(maker, section)) {
      set_words(maker, section, chart);
      out.push_back({section.id, std::move(chart), {}, {}});
    }
  }
  return out;
}

}  // namespace barometer

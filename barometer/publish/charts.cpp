#include "barometer/publish/charts.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/base/text.h"
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
  if (maker.wave.reconstruction) chart.note = "Reconstruction from published figures.";
  std::string marks;
  for (const Row& row : chart.rows) {
    for (const Mark& mark : row.marks) {
      if (!marks.empty()) marks += "; ";
      const std::string what = row.label.empty() || row.label == mark.label
                                   ? mark.label
                                   : fmt::format("{}, {}", row.label, mark.label);
      marks += fmt::format("{} {}", what, mark.printed);
    }
  }
  chart.alt = fmt::format("{}. {}", chart.title, marks);
}

// A label within a sentence: "Very likely" -> "very likely", but "GP leaders" and "A" stay.
std::string mid_sentence(const std::string& label) {
  const bool plain = label.size() > 1 && label[1] >= 'a' && label[1] <= 'z';
  return plain ? lowered(label.substr(0, 1)) + label.substr(1) : label;
}

bool all_drawn(const std::vector<Row>& rows) {
  return std::ranges::all_of(rows, [](const Row& row) {
    return std::ranges::all_of(row.marks, [](const Mark& mark) { return mark.value.has_value(); });
  });
}

// "Dealings with the area team: 68% good or very good": the largest mark, when it is one alone and
// every mark is drawn. Else the title claims nothing.
std::string largest_finding(const std::string& title, const std::vector<Row>& rows) {
  const Mark* largest = nullptr;
  size_t as_large = 0;
  for (const Row& row : rows) {
    for (const Mark& mark : row.marks) {
      if (!mark.value) continue;
      if (largest == nullptr || *mark.value > *largest->value) {
        largest = &mark;
        as_large = 0;
      }
      if (*mark.value == *largest->value) ++as_large;
    }
  }
  if (largest == nullptr || !all_drawn(rows)) return title;
  // Of equal halves the first is named as well as any; of three or more none is.
  if (as_large > 1 && rows.front().marks.size() > 2) return title;
  return fmt::format("{}: {} {}", title, largest->printed, mid_sentence(largest->label));
}

// "Strength of leadership: from 41% (Informatics) to 93% (Leadership) strong or very strong"
std::string range_finding(const std::string& title, const std::vector<Row>& rows) {
  const Row* low = nullptr;
  const Row* high = nullptr;
  for (const Row& row : rows) {
    if (row.marks.empty() || !row.marks.front().value) return title;
    if (row.marks.front().label != rows.front().marks.front().label) return title;
    const double value = *row.marks.front().value;
    if (low == nullptr || value < *low->marks.front().value) low = &row;
    if (high == nullptr || value > *high->marks.front().value) high = &row;
  }
  if (low == nullptr) return title;
  const Mark& least = low->marks.front();
  const Mark& most = high->marks.front();
  const std::string answer = mid_sentence(least.label);
  if (low == high) return fmt::format("{}: {} {}", title, least.printed, answer);
  return fmt::format("{}: from {} ({}) to {} ({}) {}", title, least.printed, low->label,
                     most.printed, high->label, answer);
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
  return chart;
}

// The mean of the item in each wave that has it, this one last.
std::optional<Chart> mean_trend(const Maker& maker, const ItemTable& table) {
  Chart chart;
  chart.id = fmt::format("{}-{}-trend", maker.wave.id, table.item.id);
  chart.kind = ChartKind::kTrend;
  chart.unit = "";
  if (table.item.scale_low) chart.axis_low = *table.item.scale_low;
  if (table.item.scale_high) chart.axis_high = *table.item.scale_high;
  std::string wording;
  const auto add = [&](const WaveTables& tables, const ItemTable* of_wave) {
    const Cell* cell = of_wave == nullptr ? nullptr : of_wave->find(Unit::kRespondent, "mean");
    if (cell == nullptr || !is_shown(*cell)) return;
    Mark mark = mark_of(tables, *cell, table.item.label);
    if (cell->estimate.interval) {
      mark.lower = cell->estimate.interval->lower;
      mark.upper = cell->estimate.interval->upper;
    }
    mark.new_wording = !wording.empty() && wording != of_wave->item.wording_hash;
    wording = of_wave->item.wording_hash;
    chart.rows.push_back({tables.wave, {std::move(mark)}, base_note(*of_wave)});
  };
  for (const WaveTables& before : maker.earlier) {
    add(before, comparable_table(maker.study, maker.wave, table.item, before));
  }
  add(maker.tables, &table);
  if (chart.rows.size() < 2) return std::nullopt;
  const std::string& last = chart.rows.back().marks.front().printed;
  chart.title = fmt::format("{}: {} in {}", table.item.label, last, maker.wave.id);
  return chart;
}

std::vector<Chart> charts_of(const Maker& maker, const Section& section) {
  std::vector<Chart> charts;
  const auto add = [&](std::optional<Chart> chart) {
    if (chart) charts.push_back(std::move(*chart));
    return chart.has_value();
  };
  for (const ItemTable* table : section.items) add(mean_trend(maker, *table));
  if (section.chart == "none") return charts;
  if (section.chart == "diverging" && section.battery) {
    add(diverging(maker, section));
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

}  // namespace

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

#include "barometer/publish/section.h"

#include <algorithm>

#include <fmt/format.h>

namespace barometer {
namespace {

Section alone(const Wave& wave, const ItemTable& table) {
  const Item& item = table.item;
  return {wave.id + "-" + item.id, item.label, item.text, item.chart, {&table}, false, {}};
}

Section battery(const Wave& wave, const ItemTable& first) {
  const auto found =
      std::ranges::find(wave.questionnaire.batteries, first.item.battery, &Battery::id);
  CHECK(found != wave.questionnaire.batteries.end(), "an item's battery is in its questionnaire");
  return {wave.id + "-" + found->id, found->title, first.item.stem, first.item.chart, {}, true, {}};
}

void add_answers(const ItemTable& table, CellKind kind, std::vector<Section::Answer>& answers) {
  for (const Cell& cell : table.respondents) {
    if (cell.kind != kind || cell.printed.marker == Marker::kNotAvailable) continue;
    if (std::ranges::find(answers, cell.answer, &Section::Answer::key) != answers.end()) continue;
    answers.push_back({cell.answer, cell.label, cell.kind});
  }
}

void find_answers(Section& section) {
  for (const CellKind kind : {CellKind::kMean, CellKind::kNet, CellKind::kOption}) {
    for (const ItemTable* table : section.items) add_answers(*table, kind, section.answers);
  }
}

}  // namespace

std::vector<Section> sections_of(const Wave& wave, const WaveTables& tables) {
  std::vector<Section> sections;
  std::string open_battery;
  for (const ItemTable& table : tables.items) {
    if (!table.has_figures()) continue;
    const std::string& id = table.item.battery;
    if (id.empty()) {
      sections.push_back(alone(wave, table));
    } else if (id == open_battery) {
      sections.back().items.push_back(&table);
    } else {
      sections.push_back(battery(wave, table));
      sections.back().items.push_back(&table);
    }
    open_battery = id;
  }
  std::ranges::for_each(sections, find_answers);
  return sections;
}

std::string base_note(const ItemTable& table, Unit unit) {
  if (!table.base_known) return "n not published";
  const std::vector<Cell>& cells = unit == Unit::kRespondent     ? table.respondents
                                   : unit == Unit::kOrganisation ? table.organisations
                                                                 : table.organisations_by_size;
  for (const Cell& cell : cells) {
    if (cell.estimate.value) return fmt::format("n = {}", cell.estimate.n);
  }
  return "n suppressed";
}

bool is_shown(const Cell& cell) {
  return cell.printed.marker != Marker::kNotAvailable && cell.printed.marker != Marker::kSuppressed;
}

}  // namespace barometer

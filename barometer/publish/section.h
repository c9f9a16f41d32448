// How a wave's items are laid out for a reader: an item that stands alone, or a battery as a whole.
#pragma once

#include <string>
#include <vector>

#include "barometer/table/table.h"

namespace barometer {

struct Section {
  std::string id;        // "2013-04-policy": wave and item or battery
  std::string title;     // of the battery, or the item's label
  std::string question;  // stem, or the item's text
  std::string chart;     // "pie", "bar", "diverging", "none"
  std::vector<const ItemTable*> items;
  bool battery = false;

  // Answers that some item has a printed figure for, in questionnaire order, NETs first; what the
  // published figures do not fix is left out.
  struct Answer {
    std::string key;
    std::string label;
    CellKind kind = CellKind::kOption;
  };
  std::vector<Answer> answers;
};

// In the order asked. Items without any figure (open text, nothing published) are left out.
// Pointers are into `tables`, which must outlive the sections.
std::vector<Section> sections_of(const Wave& wave, const WaveTables& tables);
std::vector<Section> sections_of(const Wave& wave, WaveTables&& tables) = delete;

// "n = 94", "n not published", "n suppressed"; of a unit's own base.
std::string base_note(const ItemTable& table, Unit unit = Unit::kRespondent);
// Whether the cell shows anything a reader can use.
bool is_shown(const Cell& cell);

}  // namespace barometer

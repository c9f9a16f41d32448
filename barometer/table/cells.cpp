// Looking things up in tables.
#include <algorithm>

#include "barometer/table/table.h"

namespace barometer {

const Cell* ItemTable::find(Unit unit, std::string_view answer) const {
  const std::vector<Cell>& cells = unit == Unit::kRespondent     ? respondents
                                   : unit == Unit::kOrganisation ? organisations
                                                                 : organisations_by_size;
  const auto found = std::ranges::find(cells, answer, &Cell::answer);
  return found == cells.end() ? nullptr : &*found;
}

bool ItemTable::has_figures() const {
  return std::ranges::any_of(
      respondents, [](const Cell& cell) { return cell.printed.marker != Marker::kNotAvailable; });
}

const ItemTable* WaveTables::find(std::string_view item) const {
  const auto found = std::ranges::find(items, item, [](const ItemTable& t) { return t.item.id; });
  return found == items.end() ? nullptr : &*found;
}

}  // namespace barometer

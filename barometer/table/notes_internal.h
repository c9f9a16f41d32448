// The notes under a table: small bases, item bases, rounding that shows.
#pragma once

#include "barometer/table/table.h"

namespace barometer {

void add_notes(const Study& study, const Wave& wave, size_t respondents, ItemTable& table);

}  // namespace barometer

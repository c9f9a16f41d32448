// The two databases behind database.h, and what they share.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "barometer/journal/database.h"

namespace barometer {

Result<DatabasePtr> open_sqlite(const DatabaseAddress& address, const DatabaseOptions& options);
Result<DatabasePtr> open_postgresql_database(const DatabaseAddress& address,
                                             const DatabaseOptions& options);

// kInvalid: a text that is not UTF-8 or holds a NUL, which not every database keeps.
Status check_values(std::span<const DbValues> sets);

}  // namespace barometer

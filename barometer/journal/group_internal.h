// One group of entries in one transaction.
#pragma once

#include <span>
#include <vector>

#include "barometer/journal/journal.h"

namespace barometer {

// What becomes of each entry, in order; on an error nothing was written, or nobody knows (then the
// keys tell at the next attempt).
Result<std::vector<Appended>> write_group(Database& database, std::span<const NewEntry> entries);

// The transaction of Journal::erase; returns how many bodies were removed.
Result<int64_t> erase_entries(Database& database, const std::string& wave,
                              const std::string& subject, int64_t at_ms);

}  // namespace barometer

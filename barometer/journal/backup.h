// Copies of databases as files, whichever database holds them.
//
// A backup is always a SQLite file of its own, made while others go on writing: of SQLite by its
// backup interface, of PostgreSQL from one snapshot, table by table. Restoring goes either way, so
// a wave may be moved from one to the other.
#pragma once

#include <filesystem>
#include <functional>

#include "barometer/journal/database.h"

namespace barometer {

// Makes the tables of a database that has none.
using PrepareTables = std::function<Status(Database&)>;

// Writes `from`, as it stands at one moment, to a file that does not exist yet.
Status back_up(const DatabaseAddress& from, const PrepareTables& prepare,
               const std::filesystem::path& to);

// Fills a database that holds no rows of ours. kInvalid: it does, or the copy's tables are not
// those that `prepare` makes.
Status restore(const std::filesystem::path& from, const PrepareTables& prepare,
               const DatabaseAddress& to);

}  // namespace barometer

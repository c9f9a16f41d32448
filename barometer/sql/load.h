// A dataset into a table of a database, whole or not at all.
#pragma once

#include <string>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/data/dataset.h"
#include "barometer/sql/sql_engine.h"

namespace barometer {

struct LoadOptions {
  bool replace = false;  // a table of this name is dropped once the new one is checked
  // ClickHouse: the servers of the shards of `cluster`, over which the rows are dealt out. Each has
  // a table NAME_local, and the target a Distributed table NAME. Empty: one plain table.
  std::vector<SqlSource> shards{};
  std::string cluster{};
  SqlOptions connection{};
};

// Loads every variable into a new table NAME_new, beside the old if there is one: numbers as
// doubles, single answers as their labels, scales as codes, several answers as columns ID_CODE of 0
// and 1, texts as they are; every kind of missing is NULL. The count and the exact sum of each
// number (limbs.h) are asked back; only then does it take its name, in one transaction where the
// server has these. A table NAME_codebook says what the columns mean: variable, label, kind, code,
// category.
//
// `target.data` is the name of the table. Columns are called as in the file the data came from. A
// dataset read from a file and loaded gives an engine (sql_engine.h) with the same variables.
// No table but NAME and NAME_codebook is ever dropped, and these with `replace` only. Those of a
// load that fails are cleared away where the server still answers. kInvalid: there is a NAME or
// NAME_codebook and no `replace`; there is a NAME_new, NAME_codebook_new or, for ClickHouse where
// NAME is to be replaced, NAME_old or NAME_codebook_old (with shards also NAME_local and its like),
// all told before anything is written; two columns of one name, a dataset without columns; kIo: the
// server and what it said, or what it lost.
Status load_table(const Dataset& data, const SqlSource& target, const LoadOptions& options,
                  const Progress& progress);

}  // namespace barometer

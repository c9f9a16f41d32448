// DuckDB with SQL written by hand: what a person who knows the formula would ask of it.
#pragma once

#include <cstddef>
#include <filesystem>

#include "barometer/base/result.h"

namespace barometer::bench {

// Prints a step for each question to a table in memory, loaded from data.parquet of `folder`.
Status measure_duckdb(const std::filesystem::path& folder, size_t n, size_t threads);

}  // namespace barometer::bench

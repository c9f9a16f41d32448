// The benchmark's data as files, for the programs it is compared with.
#pragma once

#include <cstddef>
#include <filesystem>

#include "barometer/base/result.h"

namespace barometer::bench {

// Into `folder`: data.csv, data.parquet; margins.csv (variable, category, population);
// factors.csv (a row a PSU, a column a replicate; its scale is in scale.txt); with `given`,
// given.bin (doubles, one replicate after another).
Status write_files(size_t n, const std::filesystem::path& folder, bool given);

}  // namespace barometer::bench

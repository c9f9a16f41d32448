// What the memory gives: the limit that a pass over columns is compared with.
#pragma once

#include <cstddef>

#include "barometer/base/result.h"
#include "bench/measure.h"

namespace barometer::bench {

// Value: the bytes that a run moved. Arrays of `megabytes` each, far over the caches.
Result<Measured> read_sum(size_t megabytes, size_t threads);  // Σ a_i
Result<Measured> triad(size_t megabytes, size_t threads);  // a_i = b_i + 3 c_i: two reads, a write

}  // namespace barometer::bench

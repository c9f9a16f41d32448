// The design order cut into parts for threads, in a way that depends on the design alone.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/design/design.h"

namespace barometer {

// Places [first, last) of the design order, within one part.
struct PartRange {
  size_t first = 0, last = 0;
  size_t row = 0;              // of the first place
  bool continues_row = false;  // that row began in an earlier part
};

// A part ends with the row it reaches into, unless that row alone is longer than a part.
std::vector<PartRange> cut_parts(const Design& design, size_t part_cases);

// Calls use(first, last, row) for each run of places of one row in the part.
template <class Use>
void for_each_row(const PartRange& part, std::span<const size_t> row_begin, Use use) {
  size_t row = part.row;
  for (size_t first = part.first; first < part.last; ++row) {
    const size_t last = std::min(part.last, row_begin[row + 1]);
    use(first, last, row);
    first = last;
  }
}

// Each thread makes itself a worker and gives it parts: make_worker()(part). Reports from the
// calling thread. kLimit when told to stop.
template <class MakeWorker>
Status work_on_parts(size_t part_count, size_t threads, const Progress& progress,
                     MakeWorker make_worker) {
  std::atomic<size_t> next{0};
  const auto run = [&](bool reports) {
    auto worker = make_worker();
    for (size_t part = next++; part < part_count && !progress.stopped(); part = next++) {
      worker(part);
      if (reports) progress.report("summing cases", part + 1, part_count);
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (size_t i = 1; i < std::min(threads, part_count); ++i) helpers.emplace_back(run, false);
    run(true);
  }
  if (progress.stopped()) return fail(ErrorCode::kLimit, "stopped while summing cases");
  return {};
}

}  // namespace barometer

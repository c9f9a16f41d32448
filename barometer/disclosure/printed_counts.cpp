#include "barometer/disclosure/printed_counts_internal.h"
#include "barometer/printed/printed.h"

namespace barometer {

std::pair<int64_t, int64_t> counts_printed_as(const Decimal& percent, int64_t base, Rounding rule) {
  const WholeRange counts = possible_counts(percent, base, rule);
  return {counts.low, counts.high};
}

std::pair<int64_t, int64_t> sums_printed_as(const Decimal& mean, int64_t base, Rounding rule) {
  const WholeRange sums = possible_sums(mean, base, 1, rule);
  return {sums.low, sums.high};
}

}  // namespace barometer

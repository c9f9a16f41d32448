#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "barometer/sample/hadamard.h"
#include "barometer/sample/replicate_factors_internal.h"

namespace barometer {
namespace {

using Index = Eigen::Index;

// Hands out rows 1 … m of a Hadamard matrix (row 0 is all 1 and tells nothing) for loops of units,
// so that neighbours share a row and no two loops share a pair of rows, as long as there are such:
// round k of the rows goes in steps of the k-th number that has no divisor in common with m.
class RowLoops {
 public:
  explicit RowLoops(size_t rows) : rows_(rows) {}

  // `size` different rows, at most m.
  std::vector<size_t> next(size_t size) {
    if (used_ + size > rows_) begin_round();
    std::vector<size_t> loop;
    for (size_t i = 0; i < size; ++i) loop.push_back(1 + (used_++ * step_) % rows_);
    return loop;
  }

 private:
  void begin_round() {
    used_ = 0;
    do {
      step_ = step_ % rows_ + 1;
    } while (std::gcd(step_, rows_) != 1);
  }

  size_t rows_;
  size_t step_ = 1;
  size_t used_ = 0;
};

}  // namespace

Result<ReplicateFactors> difference_factors(const Design& design, const ReplicateRequest& request) {
  const StageUnits units = units_of_stage(design, 0);
  TRY_DONE(check_lonely(units, request, design));
  if (units.unit_count == units.strata.size()) {
    return fail(ErrorCode::kInvalid,
                "successive differences: every stratum has one PSU, so nothing varies");
  }
  const Hadamard h = TRY(hadamard(std::max<size_t>(4, request.count)));
  ReplicateFactors made = TRY(factors_of_one(units, h.order));
  RowLoops rows(h.order - 1);
  for (const UnitStratum& stratum : units.strata) {
    const size_t n = stratum.units.size();
    const double reach = std::sqrt(stratum.unsampled) * std::pow(2, -1.5);
    // Loops of nearly equal length.
    const size_t loops = (n + h.order - 2) / (h.order - 1);
    for (size_t k = 0; k < loops && n > 1; ++k) {
      const size_t begin = n * k / loops;
      const size_t size = n * (k + 1) / loops - begin;
      const std::vector<size_t> loop = rows.next(size);
      for (size_t i = 0; i < size; ++i) {
        for (size_t r = 0; r < h.order; ++r) {
          const int step = h.at(loop[i], r) - h.at(loop[(i + 1) % size], r);
          made.factors(stratum.units[begin + i], static_cast<Index>(r)) = 1 + reach * step;
        }
      }
    }
  }
  made.scale = 4 / static_cast<double>(h.order);
  return made;
}

}  // namespace barometer

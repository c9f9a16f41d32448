#include <algorithm>
#include <limits>
#include <numeric>

#include "barometer/sample/stage_units_internal.h"

namespace barometer {
namespace {

// Where each unit of a stage begins in the design order.
std::vector<size_t> unit_begins(const Design& design, size_t stage) {
  const std::vector<Stage>& stages = design.stages();
  std::vector<size_t> begins(stages.back().unit_count);
  if (design.elements()) {
    std::iota(begins.begin(), begins.end(), size_t{0});
  } else {
    std::copy_n(design.row_begin().begin(), begins.size(), begins.begin());
  }
  for (size_t k = stages.size() - 1; k > stage; --k) {
    std::vector<size_t> above(stages[k - 1].unit_count);
    for (size_t u = 0; u < above.size(); ++u) {
      above[u] = begins[stages[k].strata[stages[k].group_begin[u]].first];
    }
    begins = std::move(above);
  }
  return begins;
}

}  // namespace

StageUnits units_of_stage(const Design& design, size_t stage) {
  const Stage& of = design.stages()[stage];
  const std::vector<size_t> begins = unit_begins(design, stage);
  StageUnits units{std::vector<uint32_t>(design.case_count()), {}, of.unit_count};
  std::vector<uint32_t> first_case(of.unit_count, std::numeric_limits<uint32_t>::max());
  for (size_t u = 0; u < of.unit_count; ++u) {
    const size_t end = u + 1 < begins.size() ? begins[u + 1] : design.case_count();
    for (size_t place = begins[u]; place < end; ++place) {
      const uint32_t i = design.order()[place];
      units.unit_of_case[i] = static_cast<uint32_t>(u);
      first_case[u] = std::min(first_case[u], i);
    }
  }
  for (const Stratum& stratum : of.strata) {
    UnitStratum& kept = units.strata.emplace_back();
    kept.population = stratum.population;
    kept.unsampled = stratum.unsampled_share();
    kept.units.resize(stratum.last - stratum.first);
    std::iota(kept.units.begin(), kept.units.end(), static_cast<uint32_t>(stratum.first));
    std::ranges::sort(kept.units, {}, [&](uint32_t u) { return first_case[u]; });
  }
  return units;
}

Result<Design> structure_of(DesignSpec spec) {
  // A design keeps a stage only below finite populations, so each gets one; its size counts
  // nowhere.
  constexpr double kAnySize = 4294967296.0;
  spec.fpc.assign(std::max<size_t>(1, spec.ids.size()),
                  std::vector<double>(spec.case_count, kAnySize));
  spec.weights.clear();
  spec.weights_from_fpc = false;
  spec.lonely_psu = LonelyPsu::kRemove;  // the size says nothing about lonely units
  return Design::make(std::move(spec));
}

}  // namespace barometer

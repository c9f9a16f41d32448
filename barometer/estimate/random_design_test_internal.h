// Small random designs of every kind, for property tests.
#pragma once

#include <map>
#include <set>
#include <vector>

#include <rapidcheck.h>

#include "barometer/design/design.h"

namespace barometer {

inline int upto(int limit) { return *rc::gen::inRange(0, limit); }

inline std::vector<int32_t> codes(size_t n, int limit) {
  return *rc::gen::container<std::vector<int32_t>>(n, rc::gen::inRange(0, limit));
}

// Population sizes that are constant in each stratum: its sampled units and 0, 1, … more.
inline std::vector<double> populations(const DesignSpec& spec, size_t stage) {
  using Key = std::vector<int32_t>;
  std::map<Key, std::set<int64_t>> units;
  const auto key_of = [&](size_t i) {
    Key key;
    for (size_t k = 0; k <= stage; ++k) {
      if (k < spec.strata.size()) key.push_back(spec.strata[k][i]);
      if (k < stage) key.push_back(spec.ids[k][i]);
    }
    return key;
  };
  for (size_t i = 0; i < spec.case_count; ++i) {
    units[key_of(i)].insert(spec.ids.empty() ? static_cast<int64_t>(i) : spec.ids[stage][i]);
  }
  const int extra = upto(3);
  std::vector<double> sizes;
  for (size_t i = 0; i < spec.case_count; ++i) {
    const Key key = key_of(i);
    const int more = extra * (key.empty() ? 1 : key.back() % 2);
    sizes.push_back(static_cast<double>(units[key].size()) + more);
  }
  return sizes;
}

inline DesignSpec random_spec() {
  DesignSpec spec;
  spec.case_count = static_cast<size_t>(*rc::gen::inRange(1, 40));
  const int stages = upto(4);  // 0: cases drawn singly
  for (int k = 0; k < stages; ++k) spec.ids.push_back(codes(spec.case_count, k == 0 ? 6 : 4));
  const int stratified = upto(std::max(1, stages) + 1);
  for (int k = 0; k < stratified; ++k) spec.strata.push_back(codes(spec.case_count, 3));
  spec.nest = true;
  const int corrected = upto(std::max(1, stages) + 1);
  for (int k = 0; k < corrected; ++k) {
    spec.fpc.push_back(populations(spec, static_cast<size_t>(k)));
  }
  if (upto(3) > 0) {
    for (size_t i = 0; i < spec.case_count; ++i) spec.weights.push_back(0.25 * upto(12));
    spec.weights[0] = 1;
  }
  spec.lonely_psu = *rc::gen::element(LonelyPsu::kRemove, LonelyPsu::kCertainty, LonelyPsu::kAdjust,
                                      LonelyPsu::kAverage);
  return spec;
}

}  // namespace barometer

// Linked waves as one design: stages shared by the waves, stages drawn anew in each.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "barometer/panel/stack_internal.h"

namespace barometer {

// Texts, pairs and so on as dense codes from 0, in order of first appearance.
template <class Key, class Hash = std::hash<Key>>
class Interner {
 public:
  int32_t operator()(const Key& key) {
    return codes_.emplace(key, static_cast<int32_t>(codes_.size())).first->second;
  }
  [[nodiscard]] size_t size() const { return codes_.size(); }

 private:
  std::unordered_map<Key, int32_t, Hash> codes_;
};

struct PairHash {
  size_t operator()(const std::pair<int32_t, int32_t>& pair) const {
    return std::hash<uint64_t>()(static_cast<uint64_t>(static_cast<uint32_t>(pair.first)) << 32 |
                                 static_cast<uint32_t>(pair.second));
  }
};
using PairInterner = Interner<std::pair<int32_t, int32_t>, PairHash>;

// Codes of one stage over the stacked cases, with their names for messages.
struct StackedCodes {
  std::vector<int32_t> codes;
  std::vector<std::string> labels;  // by code
};

// A stage whose units the waves share.
struct SharedStage {
  StackedCodes strata;  // 0 everywhere where no wave has strata
  StackedCodes units;
  std::vector<int32_t> group;      // of each case: the stratum within its unit of the stage above
  std::vector<int32_t> unit;       // of each case: the unit within that stratum
  std::vector<double> population;  // of each case, in units; infinite where unknown; or empty
};

struct LinkedStages {
  std::vector<SharedStage> shared;
  bool at_link = false;        // the last shared stage is the link's
  bool coarser = false;        // the link holds several of the waves' own units: no stages below it
  std::vector<size_t> begins;  // of the waves
};

Result<LinkedStages> linked_stages(std::span<const SurveyWave> waves, const LinkCodes& link,
                                   const std::string& link_name);

// Of each case the unit it stands in, at each stage of its wave's own design.
std::vector<std::vector<int32_t>> own_units(const DesignSpec& spec);

// Population sizes, a case, of one stage of a wave; infinite where it gives none.
std::vector<double> populations(const DesignSpec& spec, size_t stage);
bool has_populations(const DesignSpec& spec, size_t stage);  // any at this stage

// The way of drawing where units missed waves in finite populations (waves.h).
struct OverlapInFinitePopulations {
  std::vector<std::shared_ptr<const SamplingVariance>> own;  // each wave's
  std::shared_ptr<const SamplingVariance> stacked;           // stage 1, for degrees of freedom
  std::vector<size_t> begins;
  std::vector<int32_t> unit;       // of each case, dense
  std::vector<int32_t> stratum;    // of each unit, dense
  std::vector<double> population;  // of each stratum
};
std::shared_ptr<const SamplingVariance> overlap_sampling(OverlapInFinitePopulations parts);

}  // namespace barometer

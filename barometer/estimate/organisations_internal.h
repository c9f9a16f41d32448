// Organisations as the units of analysis: their answers, their design.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "barometer/estimate/coding_internal.h"
#include "barometer/estimate/estimator.h"

namespace barometer {

// The organisations that appear in the data, numbered 0 … count - 1, and who answered for them.
struct OrganisationSample {
  struct Answerer {
    uint32_t row = 0;
    uint32_t organisation = 0;  // number in the sample
  };
  std::vector<Answerer> answerers;
  std::vector<int32_t> codes;  // of each sampled organisation

  [[nodiscard]] size_t count() const { return codes.size(); }
};
OrganisationSample sample_of(const OrganisationKey& key);

Status check_organisations(const OrganisationKey& key, size_t case_count);
// A simple random sample of the frame's organisations; weighted by size when `by_size`.
Result<Design> organisation_design(const OrganisationKey& key, const OrganisationSample& sample,
                                   bool by_size);

// The mean of the organisations' answers to one statistic.
struct OrganisationMean {
  Estimate estimate;
  bool all_or_none = true;  // every answer is 0 or 1
};
OrganisationMean organisation_mean(std::shared_ptr<const Design> design, const CodedTable& table,
                                   const CodedStatistic& statistic,
                                   const OrganisationSample& sample, std::span<const uint8_t> mask);

// Distinct organisations among the cases of the mask in the first `base_cells` cells.
size_t count_organisations(const OrganisationSample& sample, std::span<const uint16_t> cells,
                           size_t base_cells, std::span<const uint8_t> mask);

}  // namespace barometer

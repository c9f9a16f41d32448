// Estimates of items, for one of the three units of analysis.
//
// Respondents: mean-type estimates under the design given, weighted as it says.
//
// Organisations: an organisation's answer is the plain mean over its respondents in the base (of a
// proportion: the share of them with the property), so that an organisation counts once however
// many answered for it. The organisations that appear in the data are a simple random sample of
// those in the frame; the estimate is the mean of the answers over the organisations in the base.
//
// Organisations by size: the same, each answer weighted by the organisation's size (population,
// budget): Σ size·answer / Σ size, a ratio with its linearised variance.
//
// A mask selects a domain: cases outside it count as 0 and stay in the sample sizes, as a subset
// of an R survey design does.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "barometer/base/progress.h"
#include "barometer/data/dataset.h"
#include "barometer/design/design.h"
#include "barometer/engine/book_engine.h"
#include "barometer/estimate/estimate.h"

namespace barometer {

struct EstimatorOptions {
  double level = 0.95;
  // kLogit, kT or kHypergeometric. The last needs unweighted cases drawn singly without strata, a
  // known population and the whole of the sample as base; elsewhere kLogit is used, and said.
  IntervalMethod proportion_interval = IntervalMethod::kLogit;
  std::optional<size_t> population = std::nullopt;  // N people, for kHypergeometric
  std::optional<double> df = std::nullopt;          // in place of PSUs - strata; may be infinite
  size_t threads = 1;
};

struct OrganisationKey {
  std::vector<int32_t> organisation;  // one a case: a code from 0, or -1 for none
  // Further organisations that a case answers for: (case, code).
  std::vector<std::pair<size_t, int32_t>> also;
  std::vector<double> size;         // by code; empty when no size is known
  std::vector<std::string> labels;  // by code, for messages; may be empty
  size_t frame_organisations = 0;   // organisations in the frame; 0 when not known (no correction)
};

struct ItemEstimates {
  std::vector<Estimate> options;  // the variable's categories, in their order
  std::vector<Estimate> nets;
  std::optional<Estimate> mean;  // of a scale or number
};

class Estimator {
 public:
  // kInvalid: lengths that differ from the number of cases, more organisations in the data than in
  // the frame, sizes that are not above 0, a level outside 0 … 1, a negative df.
  static Result<Estimator> make(std::shared_ptr<const Dataset> data, Design design,
                                std::optional<OrganisationKey> organisations,
                                EstimatorOptions options);

  // One answer an id, from one pass over the cases. `mask` is empty (all) or one byte a case.
  // kNotFound: no such variable; kUnsupported: open text; kInvalid: no organisations (or sizes).
  [[nodiscard]] Result<std::vector<ItemEstimates>> items(std::span<const std::string> ids,
                                                         Unit unit, std::span<const uint8_t> mask,
                                                         const Progress& progress) const;

  // Estimated population totals, by respondents: of a number its sum (in `mean`), of categories and
  // NETs the number of people.
  [[nodiscard]] Result<std::vector<ItemEstimates>> totals(std::span<const std::string> ids,
                                                          std::span<const uint8_t> mask,
                                                          const Progress& progress) const;

  [[nodiscard]] const Design& design() const& { return engine_->design(); }

 private:
  Estimator() = default;
  [[nodiscard]] Result<std::vector<ItemEstimates>> respondents(std::span<const std::string> ids,
                                                               std::span<const uint8_t> mask,
                                                               bool totals,
                                                               const Progress& progress) const;
  [[nodiscard]] Result<std::vector<ItemEstimates>> organisations(std::span<const std::string> ids,
                                                                 bool by_size,
                                                                 std::span<const uint8_t> mask,
                                                                 const Progress& progress) const;

  std::shared_ptr<const Dataset> data_;
  std::shared_ptr<const BookEngine> engine_;
  std::optional<OrganisationKey> key_;
  EstimatorOptions options_;
};

}  // namespace barometer

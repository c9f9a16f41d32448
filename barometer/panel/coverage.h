// What stands behind an answer: how much of the frame gave one, and between which bounds the share
// of the whole frame lies when nothing is known of those who did not.
//
// With v_o the answer of organisation o (0 … 1, as collapsed) and s_o its size (1, its population
// or its budget), over the frame's total S:
//   at least  Σ_{o answering} v_o s_o / S
//   at most   at least + (S - Σ_{o answering} s_o) / S
// (the worst-case bounds of Manski, "Partial Identification of Probability Distributions", 2003,
// chapter 1). No sampling, no model: true of the frame whatever the others would have said.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "barometer/frame/frame.h"
#include "barometer/panel/organisations.h"

namespace barometer {

struct OrganisationSizes {
  std::vector<std::string> ids;
  std::vector<double> population;  // one an organisation, or empty
  std::vector<double> budget;
};
// Population and budget where the frame has them for every organisation.
OrganisationSizes sizes_of(const Frame& frame);

// Shares of the frame, 0 … 1.
struct FrameShares {
  double organisations = 0;
  std::optional<double> population;
  std::optional<double> budget;
};

struct AnswerCoverage {
  std::string variable;  // id in the collapsed data
  std::string source;    // question
  std::string answer;
  std::string label;
  size_t answering = 0;  // organisations
  size_t in_frame = 0;
  FrameShares answered;
  // Options only: the share that says so.
  std::optional<FrameShares> at_least, at_most;
};

// One for each of the collapsed variables. kInvalid: an empty frame, an id twice, a size that is
// missing or below 0, sizes that add up to 0, an answering organisation that is not in the frame.
Result<std::vector<AnswerCoverage>> answer_coverage(const OrganisationSizes& frame,
                                                    const CollapsedOrganisations& answers);

}  // namespace barometer

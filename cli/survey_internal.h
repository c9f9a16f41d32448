// Between the files of a survey: the draw, and numbers of options.
#pragma once

#include <string>

#include "cli/survey.h"

namespace barometer::cli {

// The sample before any weighting step.
Result<Sample> drawn_sample(const Dataset& data, const SurveyOptions& options);
// The design alone, without replicates or unequal probabilities; weights as the options say.
Result<DesignSpec> drawn_design(const Dataset& data, const SurveyOptions& options);
// Replicate weights that were given; nullptr: none.
Result<std::shared_ptr<const Replicates>> drawn_replicates(const Dataset& data,
                                                           const SurveyOptions& options);
// A number of an option or cell; Inf and -Inf too.
Result<double> number_in(const std::string& text, const std::string& option);

}  // namespace barometer::cli

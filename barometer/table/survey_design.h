// The design of a wave, from its settings, its frame and its responses.
#pragma once

#include <optional>

#include "barometer/data/dataset.h"
#include "barometer/design/design.h"
#include "barometer/estimate/estimator.h"
#include "barometer/study/study.h"

namespace barometer {

struct SurveyDesign {
  Design design;
  std::optional<OrganisationKey> organisations;  // none when responses name no organisations
  std::optional<size_t> population;              // N people, when the settings give one
};

// simple: people drawn one by one, stratified if the settings say so; clustered: organisations,
// then people within them. Population sizes are the frame's, by stratum, or the number given.
// A respondent of several organisations belongs to the first for the clusters.
// kInvalid: an unknown stratum or weight variable, no organisation for a clustered design, a
// population below the number of respondents, and all that Design::make refuses.
Result<SurveyDesign> make_survey_design(const Study& study, const Wave& wave, const Dataset& data);
// What its design is made of, for designs that are put together of several waves'.
Result<DesignSpec> survey_design_spec(const Study& study, const Wave& wave, const Dataset& data);

}  // namespace barometer

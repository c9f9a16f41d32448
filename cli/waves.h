// Waves of a survey in files, as panel/waves.h wants them. Shared by the verbs that compare waves.
#pragma once

#include <string>
#include <vector>

#include "barometer/panel/waves.h"
#include "cli/survey.h"

namespace barometer::cli {

// "2013-01=b.csv"
struct NamedFile {
  std::string name, file;
};
Result<NamedFile> named_file(const std::string& text);

struct ReadWave {
  SurveyWave wave;  // without data
  Dataset data;
};

// The design of a wave's cases, and its replicate weights where the options name some.
Status add_draw(SurveyWave& wave, const Dataset& data, const SurveyOptions& options);

// The categories of a file are the answers found in it, so that an answer nobody gave is none of
// its categories. Of several waves the variable, which each of them has, gets the answers of all.
// kInvalid: it is of another kind in some wave, or has too many answers to be followed.
Status unite_answers(std::vector<ReadWave>& waves, const Variable& asked);

}  // namespace barometer::cli

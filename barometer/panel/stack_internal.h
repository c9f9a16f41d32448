// The parts of stack().
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "barometer/panel/waves.h"

namespace barometer {

struct StackedData {
  Dataset data;
  std::vector<std::string> reworded;
};
Result<StackedData> stack_data(std::span<const SurveyWave> waves,
                               std::span<const std::string> variables);

// The link of every stacked case, as codes from 0.
struct LinkCodes {
  std::vector<int32_t> codes;
  std::vector<std::string> labels;  // by code
};
Result<LinkCodes> link_codes(std::span<const SurveyWave> waves, const WaveLink& link);

// First stacked row of each wave, and the end.
std::vector<size_t> wave_begins(std::span<const SurveyWave> waves);

Result<Sample> stack_independent(std::span<const SurveyWave> waves);
Result<Sample> stack_linked(std::span<const SurveyWave> waves, const WaveLink& link,
                            const LinkCodes& codes);
Result<Sample> stack_replicates(std::span<const SurveyWave> waves, bool linked);

// Weights of the stacked cases; each wave's own design is checked on the way.
Result<std::vector<double>> stacked_weights(std::span<const SurveyWave> waves);

}  // namespace barometer

// Trends as they are printed.
#pragma once

#include <string>
#include <vector>

#include "barometer/panel/changes.h"
#include "barometer/panel/waves.h"

namespace barometer::cli {

struct Trends {
  StackedWaves waves;
  std::vector<WaveTrend> trends;
  std::string estimand;  // the word
  double level = 0.95;
  std::string df_rule;
  std::string note;  // that must be said of the data; empty: nothing
};

std::string trends_json(const Trends& found);
// A line a wave and a line a change.
std::string trends_csv(const Trends& found);
std::string trends_plain(const Trends& found);

}  // namespace barometer::cli

// A chart of a data file, or of a wave of a study by groups: figures of a book, drawn.
#pragma once

#include <optional>
#include <string>

#include "barometer/chart/chart.h"
#include "cli/survey.h"

namespace barometer::cli {

struct DataChart {
  SurveyOptions survey;
  std::string wave;    // of a study
  std::string item;    // words of `table --rows`: one variable, or several of the same answers
  std::string by;      // words of `table --banner`: one group of columns, a row of the chart each
  std::string answer;  // label or code: this answer alone
  std::string title, filter;
  std::optional<ChartKind> kind;  // none: bars
  // As of `table`; none: what the study says, and of data files that nothing is hidden.
  std::optional<int> suppress_count, suppress_uniform;
  bool own_eyes = false;
};

// Of one item a row of its answers, or with `by` a row a group; of several a row an item. What is
// suppressed or printed as a count has its sign in place of a mark. kInvalid, with the option: no
// such answer; kinds that need more than a data file tells.
Result<Chart> chart_of_data(const DataChart& asked, const Io& io);

}  // namespace barometer::cli

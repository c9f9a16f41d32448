// Charts of a wave's sections, every mark a figure of the ledger.
#pragma once

#include <string>
#include <vector>

#include "barometer/chart/chart.h"
#include "barometer/publish/section.h"

namespace barometer {

struct SectionChart {
  std::string section;        // Section::id
  Chart chart;                // chart.id names its files: charts/ID.svg
  std::string width, height;  // of the drawing in CSS pixels, once it is drawn
};

// Pies and bars as the questionnaire asks, a diverging bar for batteries, a trend where an earlier
// wave has the same mean. Only figures that are shown are drawn; a pie that cannot be whole (parts
// missing or suppressed) becomes a bar. No section, no chart: the vector may be empty.
std::vector<SectionChart> make_charts(const Study& study, const Wave& wave,
                                      const WaveTables& tables,
                                      const std::vector<Section>& sections,
                                      const std::vector<WaveTables>& earlier);

// Tables of the waves before waves[at] that a reader may compare with it: alternatives are not.
std::vector<WaveTables> main_waves_before(const Study& study, const std::vector<WaveTables>& waves,
                                          size_t at);

// The chart of one item of a wave (of a battery item: of its battery), of the kind its
// questionnaire asks for or of another. kInvalid when the wave or the item is unknown or has no
// such chart.
Result<Chart> chart_of_item(const Study& study, const std::vector<WaveTables>& waves,
                            const std::string& wave, const std::string& item,
                            std::optional<ChartKind> kind);

}  // namespace barometer

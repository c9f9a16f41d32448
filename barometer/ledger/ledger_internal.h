// Shared by the files that make figures.
#pragma once

#include <string_view>
#include <vector>

#include "barometer/ledger/ledger.h"

namespace barometer {

// What all figures of one wave share.
struct WaveContext {
  const Study& study;
  const Wave& wave;
  const WaveTables& tables;
};

Figure wave_figure(const WaveContext& context, std::string_view name, FigureKind kind);
// Question, base and wording.
void copy_item(const ItemTable& table, Figure& figure);
void add_group_figures(const WaveContext& context, const WaveBook& tables,
                       std::vector<Figure>& figures);

}  // namespace barometer

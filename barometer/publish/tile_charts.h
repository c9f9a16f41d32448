// Tiles of a wave's groups, one for each region or organisation, where an item asks for them
// (`chart: tiles`).
#pragma once

#include <vector>

#include "barometer/ledger/ledger.h"
#include "barometer/publish/charts.h"

namespace barometer {

// A chart an item: a tile for each column of the first group of one variable in the wave's banner,
// with the printed figure of the first answer that its section shows (a mean, a NET, an option).
// What is suppressed there has its sign on a blank tile; an item that has no table by group, or no
// figure to draw, has no chart. The tiles stand as frame/VERSION/tiles.csv places them where it
// names every group, else side by side. `book`: the wave's, as it will be published, or null.
// kInvalid: an item asks for tiles, and the wave's banner has no group of one variable.
Result<std::vector<SectionChart>> make_tile_charts(const Study& study, const Wave& wave,
                                                   const WaveBook* book,
                                                   const std::vector<Section>& sections);

// That error, before there are answers.
Status check_tiles(const Wave& wave, const std::vector<BannerGroup>& banner);

}  // namespace barometer

// Results while a wave is open: tables of the answers so far, by the rules of publication.
//
// They come from a view that is held back (fieldwork/held_back.h), so that no two of them differ by
// a few people, and pass the suppression of a published wave (disclosure/suppress.h). What is
// weighted later is not weighted here, and says so. Groups are not shown: the smaller the wave
// still is, the more a table by role or region tells of one person.
#pragma once

#include <filesystem>
#include <string>

#include "barometer/base/progress.h"
#include "barometer/fieldwork/held_back.h"
#include "barometer/study/study.h"
#include "barometer/table/table.h"

namespace barometer {

struct Topline {
  WaveTables tables;
  size_t cases = 0;       // in the tables
  size_t suppressed = 0;  // cells
  std::string note{};     // for the reader: of how many, until when held back, not weighted
};

// How many interviews a view moves by: the base under which nothing is published, at least 10.
size_t topline_step(const PrintRules& rules);

// `folder` takes the answers while the tables are made, and is empty again afterwards. kNotFound
// while there is nothing to show; errors as export_responses and make_wave_tables.
Result<Topline> make_topline(const Study& study, const Wave& wave, const HeldBack& answers,
                             const std::filesystem::path& folder, const Progress& progress);

}  // namespace barometer

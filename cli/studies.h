// What several verbs do with a study folder.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "barometer/ledger/ledger.h"
#include "barometer/study/study.h"
#include "cli/verb.h"

namespace barometer::cli {

// Reads a study; its warnings go to io.err, its errors are the Error.
Result<Study> read_sound_study(const std::filesystem::path& folder, const Io& io);

// The same for the verbs of fieldwork: what is wrong with a wave's outcomes.csv, which `export`
// writes, is a warning.
Result<Study> read_study_of_fieldwork(const std::filesystem::path& folder, const Io& io);

// Whether `inner` is `outer` or lies in it, links followed.
bool lies_in(const std::filesystem::path& inner, const std::filesystem::path& outer);

// Prints one line a published figure, printed elsewhere beside computed, and returns the number
// reproduced and the number of figures.
struct Tally {
  size_t reproduced = 0;
  size_t figures = 0;
};
Tally print_checks(const Study& study, const Ledger& ledger, const Io& io);

}  // namespace barometer::cli

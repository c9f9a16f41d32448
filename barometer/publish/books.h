// Tables of a wave's items by the groups that its wave.yaml names.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "barometer/base/progress.h"
#include "barometer/ledger/ledger.h"

namespace barometer {

// None when the wave names no banner. Not suppressed yet: protect_waves() is for that.
// kInvalid: words of the banner that name nothing, or a text or a number.
Result<std::optional<WaveBook>> make_wave_book(const Study& study, const Wave& wave,
                                               const Progress& progress);
// The book as printed, after cells of it were hidden.
void print_again(const Study& study, WaveBook& book);

// by-group-WAVE.html .csv .json .xlsx .ods: relative path -> bytes.
Result<std::map<std::string, std::string>> book_files(const WaveBook& book);

}  // namespace barometer

// Tables of a wave's items by the groups that its wave.yaml names.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "barometer/base/progress.h"
#include "barometer/ledger/ledger.h"

namespace barometer {

// Whether the words of a wave's banner name variables, before there are answers. For a study
// without errors. kInvalid with each mistake and the nearest names.
Status check_banner(const Study& study, const Wave& wave);

// None when the wave names no banner. Not suppressed yet: suppress_wave_book() is for that.
// kInvalid: words of the banner that name nothing, or a text or a number.
Result<std::optional<WaveBook>> make_wave_book(const Study& study, const Wave& wave,
                                               const Progress& progress);
// Hides small cells of the book with whatever else of it would give them away
// (disclosure/suppress_book.h). The total column is the wave's own table: what is hidden of one is
// hidden of the other. Returns how many cells went.
Result<size_t> suppress_wave_book(const Study& study, WaveTables& tables, WaveBook& book,
                                  const Progress& progress);
// How much of the book is suppressed, and where that is most of it, what to do: a note of its
// tables. `before` is the book before suppression; "" when nothing is hidden.
Result<std::string> tell_loss(const Study& study, const Book& before, WaveBook& book,
                              const Progress& progress);
// What a wave's banner would cost, when most of its cells would be suppressed: else "".
Result<std::string> banner_loss(const Study& study, const Wave& wave, const Progress& progress);
// Hides in the total column what is hidden of the wave, and the other way round. How many cells.
size_t mirror_totals(WaveTables& tables, WaveBook& book);
// Hides the columns of answers whose count is hidden in the item's own table: the base of the
// column is that count. How many cells.
size_t hide_columns_of_hidden(const WaveTables& tables, WaveBook& book);
// The book as printed, after cells of it were hidden.
void print_again(const Study& study, WaveBook& book);

// by-group-WAVE.html .csv .json .xlsx .ods: relative path -> bytes.
Result<std::map<std::string, std::string>> book_files(const WaveBook& book);

}  // namespace barometer

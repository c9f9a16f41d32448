// What a reader loses to suppression, and by which banner less would be lost.
#pragma once

#include <string>

#include "barometer/base/progress.h"
#include "barometer/base/result.h"
#include "barometer/book/book.h"
#include "barometer/disclosure/release.h"

namespace barometer {

struct HiddenCells {
  size_t hidden = 0;
  size_t cells = 0;  // printed ones that hold a number, or would

  [[nodiscard]] bool is_most() const { return 3 * hidden > cells; }
};
HiddenCells hidden_cells(const Book& book);

// "63 of 120 cells are suppressed." and, when they are more than a third, that the banner is too
// fine, and what each of its groups alone, or the outer variables of a nested one, would cost.
// `before` is the book as it was. Empty when nothing is hidden. Errors of suppress_book.
Result<std::string> suppression_summary(const Book& before, const Book& hidden,
                                        const ReleaseRules& rules, const Progress& progress);

}  // namespace barometer

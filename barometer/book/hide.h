// Taking a cell out of a book: nothing of it stays, and nothing that points at it.
#pragma once

#include "barometer/book/book.h"

namespace barometer {

// Why a suppressed cell has no value.
inline constexpr const char* kTooFewPeople = "suppressed: too few people stand behind it";

// The cell holds no numbers afterwards; tests with it, letters of it in its row and arrows from it
// go too, and the tests and covariances of its row and group that would show it.
void hide_cell(BookTable& table, size_t row, size_t column);

// A column whose printed cells are all suppressed has no base either.
void withhold_bases(BookTable& table);

}  // namespace barometer

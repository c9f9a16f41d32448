// Text as it stands on a screen: how wide it is, and how it is cut.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace barometer {

// One line of well-formed UTF-8 without controls: line ends and tabs become blanks, bytes that are
// not UTF-8 U+FFFD, and marks that turn the direction of what follows are left out.
std::string clean_text(std::string_view text);

// Columns of a terminal: 2 for wide letters and most emoji, 0 for marks on the letter before.
size_t display_width(std::string_view text);
// Lines of at most `width` columns, broken at blanks, and within words that are wider. One at
// least. What does not fit `most_lines` is cut and ends in "…".
std::vector<std::string> wrapped(std::string_view text, size_t width, size_t most_lines = 1000);
std::string padded_right(std::string_view text, size_t width);  // text, then blanks
std::string padded_left(std::string_view text, size_t width);

}  // namespace barometer

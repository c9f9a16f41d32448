// Whole words in text that people wrote.
#pragma once

#include <string_view>

namespace barometer {

// The first place from `from` on at which `word` (not empty) stands as a word of its own; npos when
// there is none. Letters, digits and letters beyond ASCII make words; the punctuation beyond ASCII
// (dashes, quotes, ellipses, fixed spaces) does not. A byte of `joining` between two of them makes
// one word of both: with "." the word "q.1" is not in "q.1.b", and it is in "see q.1.". An end of
// `word` that is itself no letter or digit is an end wherever it stands. Letter case counts.
size_t find_word(std::string_view text, std::string_view word, size_t from = 0,
                 std::string_view joining = {});

}  // namespace barometer

// Clauses: what stands between a subject and its verb, and which clause speaks of another time.
#pragma once

#include <cstddef>

#include "barometer/claim/prose_internal.h"

namespace barometer::claims {

// Past what may stand between a subject and its verb, from `at` on: "(43 per cent)",
// ", out of 154,", "– 42 per cent of the total –", "of 88 CCGs", "from 101 organisations".
size_t past_asides(const Prose& prose, size_t at, size_t end);

// The verb by which a subject that ends before `at` takes part in a survey: "responded", the
// "took" of "took part", the "surveyed" of "were surveyed"; asides stand between. SIZE_MAX where
// there is none: "responded that it would" and "answered yes" are answers.
size_t participation(const Prose& prose, size_t at, size_t end);

// Does a word that is in no table stand as a verb? "Twelve closed", "Eight run their own".
bool acts(const Prose& prose, size_t at);

// The beginning of the clause that `at` stands in: behind "; ", ", while", ", and", or the
// beginning of its sentence.
size_t clause_begin(const Prose& prose, WordRange sentence, size_t at);

// Words that open a sentence and put it at an earlier time than the article's: "In the previous
// wave, in spring,", "When we last asked, in 2016,", "Last year's poll found that"; empty when
// there are none.
WordRange earlier_opening(const Prose& prose, WordRange sentence);

}  // namespace barometer::claims

// Whom the words before a figure counted: "Of the 96 planning to cut, 71 …", "31 of them",
// "58 had trouble. That's 60 per cent".
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "barometer/claim/article_internal.h"

namespace barometer::claims {

struct Antecedent {
  std::optional<size_t> claim;  // a size, or a count of some
  bool uncounted = false;       // those of a share
};
// Whom "of them" means: those counted last, in the sentence or the one before it.
Antecedent counted_before(const Prose& prose, const std::vector<Candidate>& found, size_t i);
// "31 of them", "three of whom", "one in five of these passengers"; "of those who …" is no pronoun.
bool says_of_them(const Prose& prose, const Candidate& f);
bool opens_with_them(const Prose& prose, const Candidate& f);  // "Of these, 12 per cent"

// The count whose share a figure is: "16 of the 47 who replied are leaving (34 per cent)", "28 of
// the 64, or 48 per cent". It has its base already.
std::optional<size_t> restated_count(const Prose& prose, const std::vector<Candidate>& found,
                                     size_t i);

// The size of those who were asked, where a share beside the number of replies is the share of
// them: "sent to 9,000 members; 2,754 came back (30.6 per cent)".
std::optional<size_t> asked_of_share(const Prose& prose, const std::vector<Candidate>& found,
                                     size_t i);
// The 71 of "fewer than one in 10 - six out of 71 -".
std::optional<size_t> portion_behind(const Prose& prose, const std::vector<Candidate>& found,
                                     size_t i);
// "Across all other types of trust", "among everybody else"
bool speaks_of_the_others(const Prose& prose, const Candidate& f);

// The size of those a sentence, or its part behind a colon, opens with: "Of the 96 planning to cut,
// 71 (74 per cent) would …, 40 (42 per cent) …". What it is compared with is of others.
std::optional<size_t> opening_size(const Prose& prose, const std::vector<Candidate>& found,
                                   size_t i);
// Does it open with some whom nobody counted: "Among respondents who were thinking of leaving - 38
// per cent of the total - three in four …"? The opening is a noun phrase behind "of" or "among".
std::optional<NounPhrase> opening_group(const Prose& prose, const Candidate& f);

}  // namespace barometer::claims

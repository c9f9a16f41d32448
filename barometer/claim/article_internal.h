// The steps from numbers to claims. Each takes the claims the one before left, in text order:
//   surveys.cpp    which survey a sentence speaks of
//   counts.cpp     what a count counts: respondents, organisations, answers, something else
//   shares.cpp     is a share a survey's finding
//   collect.cpp    a claim for every number
//   places.cpp     what the place of a number in its clause decides, whatever its noun
//   ellipsis.cpp   percentages without their unit
//   means.cpp      which numbers are means, which multiples compare shares
//   coverage.cpp   which shares are of those asked
//   samples.cpp    sizes of earlier waves and of parts, and which size is all
//   sizes.cpp      whose number an n is, which part is all
//   settle.cpp     counts that only what stands round them explains
//   parts.cpp      which figures are of a part that nobody counted
//   columns.cpp    the bases of a table's columns
//   lists.cpp      the base that stands over a list
//   portions.cpp   "53 of the 94"
//   changes.cpp    levels before, points, other waves
//   groups.cpp     who was counted, and which of them a phrase means
//   bases.cpp      whose answers
//   weigh.cpp      the same by arithmetic: which size a count beside its share is of
//   questions.cpp  which claims answer one question; what the remainder is; items and answers
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "barometer/claim/claim.h"
#include "barometer/claim/prose_internal.h"

namespace barometer::claims {

// A claim with what later steps need to know of its words.
struct Candidate {
  Claim claim;
  size_t block = 0;
  WordRange words;                // of the number with its hedge
  std::optional<NounPhrase> of;   // whose: "of the CCG leaders", "leaders"
  bool leads = false;             // `of` stands before the number: "Of the chairs, 40 per cent …"
  bool of_organisations = false;  // an n counted in organisations
  bool coverage = false;          // a share of the organisations or people invited, not of answers
  bool is_previous = false;       // of an earlier wave
  bool whole = false;             // the size of the survey's answers, of several sizes
  std::optional<size_t> column_base;  // in a table or list: the claim that says how many it counts

  [[nodiscard]] bool is_share() const;  // positive, of answers, with a value
  [[nodiscard]] bool is_size() const;   // n, n_sub, n_orgs, n_invited, frame_n
  // A whole number of people, organisations or things that no words made a finding of.
  [[nodiscard]] bool is_unexplained() const;
};

struct SentenceContext {
  size_t survey = 0;
  size_t from = 0;  // the word it begins at: "53 per cent, up from | 46 per cent in a 2019 poll"
  bool counted = false;  // official figures: nobody was asked
};
struct Surveys {
  // Which survey the words at `word` of a sentence speak of.
  [[nodiscard]] size_t of(size_t sentence, size_t word) const {
    return word < sentences[sentence].from ? 0 : sentences[sentence].survey;
  }

  std::vector<SentenceContext> sentences;
  std::vector<SurveyMention> mentions;
  std::vector<size_t> undecided;    // surveys that may be the own one under another name
  std::vector<std::string> owners;  // names that stand in a sentence with a survey, lower case
  bool any = false;                 // does the text speak of a survey at all?
};
Surveys find_surveys(const Prose& prose);

// Counts: what a number of people or things is. The claims before it in the text tell whether n was
// said already. Makes one claim, or two of "64 of the 211".
struct Before {
  std::vector<Candidate> sizes;  // the first sizes of the text
  std::vector<Candidate> last;   // the last claims, in text order
  bool scaled = false;           // did the text name a scale?
};
std::vector<Candidate> claims_of_count(const Prose& prose, size_t mention, const Before& before);
std::vector<Candidate> claims_of_portion(const Prose& prose, size_t mention, const Before& before);

// What the words right beside a number decide, whatever it counts: a label, a reading of an index,
// a net rating, those a form was sent to; nothing when they leave it open.
std::optional<Candidate> claim_by_place(const Prose& prose, size_t mention, const Before& before);

// A percentage without its unit: "44 per cent; in primaries, 29".
std::optional<Candidate> elliptical_share(const Prose& prose, size_t mention, const Before& before);

// Points without their unit: "44 per cent, up nine on last year".
std::optional<Candidate> elliptical_points(const Prose& prose, size_t mention,
                                           const Before& before);

// "53 per cent …, up 5 per cent from the survey before", "an increase of 7 per cent since June":
// behind a share these are points, whatever they are called. 1 up, -1 down, 0 no such move.
int moves_by(const Prose& prose, const Mention& mention, const Before& before);

// "went up to 53 per cent": no bound.
bool goes_up_to(const Prose& prose, const Mention& mention);

bool is_majority_of_seats(const Prose& prose, const Mention& m);  // "a majority of 148"

// Is the number of the second part of "53 of the 94" a base, where that of "four in five" is none?
bool is_portion(const Prose& prose, const Mention& m);

// "scoring at seven or above", "a score of four out of 10 or less"
bool is_bar_of_score(const Prose& prose, const Mention& m);
// Is a score or a decimal the mean of answers: "Confidence averaged 5.8", "(2022: 6.4)"?
bool says_mean(const Prose& prose, const Mention& mention, const Before& before);
// "On average, firms predict that prices will go up by 3.4 per cent"
bool is_mean_percent(const Prose& prose, const Mention& mention, const Before& before);
// Is a multiple one of shares: "twice as many", "double the 22 per cent of last year"?
bool compares_shares(const Prose& prose, const Mention& mention, const Before& before);

// Why a percentage, fraction or quantifier is no finding: "money", "target", …; empty when it is
// one.
std::string_view not_asked(const Prose& prose, const Mention& mention);
// "Last month the King's Fund said 60 per cent of trusts …": the figure of somebody who is no owner
// of the survey.
bool is_said_by_another(const Prose& prose, const Mention& mention, const Surveys& surveys);
// Words that stand for a share must show that they do: "half of chairs", "a third said".
bool speaks_of_answers(const Prose& prose, const Mention& mention, const NounPhrase& of);

// "41 per cent of all 211", "a response rate of 41 per cent": a share of those asked, or of all
// there are; `before`: the claims before it.
bool is_coverage(const Prose& prose, const Mention& m, const Candidate& found,
                 const std::vector<Candidate>& before);

// "Significantly fewer leaders plan to …"
std::vector<Candidate> comparisons(const Prose& prose, const Surveys& surveys);

std::vector<Candidate> collect(const Prose& prose, const Surveys& surveys);
// Sizes that the rest of the article explains: of earlier waves, of parts, of all.
// A survey that may be the own one is, where the own one counts nobody and it does.
void join_surveys(const Surveys& surveys, std::vector<Candidate>& found);
void find_samples(const Prose& prose, std::vector<Candidate>& found);
void bind_sizes(const Prose& prose, std::vector<Candidate>& found);
// Counts that are answers by what stands round them: a share, a list, a subject with its verb.
void settle_counts(const Prose& prose, std::vector<Candidate>& found);
// "In London, 71 per cent …", "Women were more likely …": of some respondents, and no number said.
bool speaks_of_part(const Prose& prose, const Candidate& f);
void bind_columns(const Prose& prose, std::vector<Candidate>& found);
void bind_lists(const Prose& prose, std::vector<Candidate>& found);
void bind_changes(const Prose& prose, std::vector<Candidate>& found);
void bind_questions(const Prose& prose, std::vector<Candidate>& found);
void bind_bases(const Prose& prose, const ClaimOptions& options, std::vector<Candidate>& found);
// The base of a claim for one beside it.
void copy_base(const Claim& from, Claim& to);
void weigh_bases(const Prose& prose, std::vector<Candidate>& found);
void bind_words(const Prose& prose, std::vector<Candidate>& found);

// A claim of this phrase with nothing decided but its span, number and value.
Candidate claim_of(const Prose& prose, const Mention& mention, ClaimKind kind);
// The same for words of a mention only: 211 of "64 of the 211".
Candidate claim_of_words(const Prose& prose, const Mention& mention, ClaimKind kind,
                         WordRange words, int64_t value);
Candidate negative_of(const Prose& prose, const Mention& mention, ClaimKind kind,
                      std::string_view reason);

}  // namespace barometer::claims

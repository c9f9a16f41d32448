// The words that say what a number in an article is about, each with what it may be. All the word
// lists of this module are in words.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace barometer::claims {

enum WordClass : uint64_t {
  kSurveyNoun = 1ULL << 0,   // survey, poll, barometer
  kFindings = 1ULL << 1,     // research, results: a survey where one is meant
  kSurveyed = 1ULL << 2,     // polled, questioned: has people as its object
  kTakesPart = 1ULL << 3,    // responded, took (part)
  kRespondent = 1ULL << 4,   // respondents, participants
  kResponse = 1ULL << 5,     // responses, replies
  kOpinion = 1ULL << 6,      // said, agreed, expected
  kCopula = 1ULL << 7,       // was, are, being
  kAuxiliary = 1ULL << 8,    // had, would, did
  kFunction = 1ULL << 9,     // ends a noun phrase: that, who, in
  kDeterminer = 1ULL << 10,  // the, all, our
  kGeneric = 1ULL << 11,     // leaders, people: respondents of any survey
  kResource = 1ULL << 12,    // budget, beds: what has a share of itself
  kChangeNoun = 1ULL << 13,  // cut, rise, saving
  kTarget = 1ULL << 14,      // target, standard, limit
  kChangeVerb = 1ULL << 15,  // cut, grow, fall
  kInvite = 1ULL << 16,      // sent, invited, contacted
  kReach = 1ULL << 17,       // received, drew, involved
  kCovers = 1ULL << 18,      // covering, representing
  kMonth = 1ULL << 19,       //
  kPast = 1ULL << 20,        // last, previous, earlier, ago
  kOther = 1ULL << 21,       // another, separate
  kPartWord = 1ULL << 22,    // acute, London, women: makes a part of the respondents
  kMeanWord = 1ULL << 23,    // mean, average, score
  kPatient = 1ULL << 24,     // patients, cases: seen and counted, seldom asked
  kTreated = 1ULL << 25,     // seen, waited, admitted
  kPlace = 1ULL << 26,       // England, nationally: all there are
  kWhole = 1ULL << 27,       // sector, membership: what a coverage is of
  kSource = 1ULL << 28,      // figures, statistics, data: counted, not asked
  kPronoun = 1ULL << 29,     // them, they
  kAdverb = 1ULL << 30,      // also, still
  kNegation = 1ULL << 31,    //
  kCompare = 1ULL << 32,     // compared, against, versus, from
  kMust = 1ULL << 33,        // must, should, required
  kWave = 1ULL << 34,        // wave, round, quarter, edition
  kRate = 1ULL << 36,        // inflation, occupancy: has a percentage of its own
  kAttitude = 1ULL << 37,    // support, confidence: what a survey's percentage may be of
  kComment = 1ULL << 38,     // asked for a comment is not asked in a survey
  kBody = 1ULL << 39,        // regulator, union: may speak for itself, with figures of its own
  kThinks = 1ULL << 41,      // say, believe: what only people do
  kSays = 1ULL << 40,        // said, estimated, warned: brings in what a body or a person holds
  kShows = 1ULL << 35,       // shows, found, following: stands before a survey's name
};

// Of a word in lower case.
uint64_t classes_of(std::string_view word);

// A scale of answers and the place on it: "disagree" is (agreement, -1).
struct Pole {
  int scale = 0;  // 0: none
  int place = 0;  // -1, 0, 1; 2: do not know; 3: have it already
};
Pole pole_of(std::string_view word);

// "third": 3; up to twelfth. 0: no ordinal.
size_t ordinal_of(std::string_view word);

// Without the ending of a plural or a possessive: "leaders'" leader, "bodies" body.
std::string_view stem(std::string_view word);
// Do two stems name the same kind of group: trust and provider?
bool same_kind(std::string_view a, std::string_view b);

}  // namespace barometer::claims

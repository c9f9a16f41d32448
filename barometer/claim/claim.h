// What an article says that a survey found: claims, read from prose.
//
// A claim is a number with what it is about: whose answers (base), to what (item, options), in
// which survey and wave, said by whom. The words of numbers are wording's; here sentences and
// paragraphs are put together: "Thirty-one per cent said they did not, 17 per cent that they did
// not know, and 11 per cent that they already had one" is one question with three answers, and its
// base is the survey's unless the sentence says another.
//
// Grammar and small tables of words, made for reports of surveys in English; no list of sentences.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/document/document.h"
#include "barometer/wording/read.h"

namespace barometer {

// As written in JSON: "percent", "percent_bound", …; `negative` numbers carry the word for what
// they are: "money", "date", "threshold".
enum class ClaimKind {
  kPercent,               // 63 per cent, some 85 per cent
  kPercentBound,          // more than 40 per cent; more than half, most (both: 50)
  kPercentFraction,       // two-thirds, one in ten
  kPercentFractionBound,  // nearly two-thirds, more than a third
  kPercentImplied,        // the remainder, with the number that the other parts leave
  kCount,                 // Thirty-three said …; 53 of the 94
  kN,                     // respondents of the survey
  kNSub,                  // respondents of a part of it
  kNOrganisations,        // n_orgs: organisations they are of
  kNInvited,              //
  kFrameN,                // organisations, or people, there are
  kMean,                  //
  kChange,                // pp_change
  kComparative,           // rose, fell, more than, twice as many
};
std::string_view name_of(ClaimKind kind);

// Where the base of a claim was found.
enum class BaseSource {
  kNone,      // nowhere in the text
  kClaim,     // in its own words: "53 of the 94"
  kSentence,  // in its sentence or paragraph
  kArticle,   // the survey's respondents, stated elsewhere in the article
  kGiven,     // by the caller: --base, --frame
};
std::string_view name_of(BaseSource source);  // "none", "claim", …

struct Claim {
  wording::TextSpan span;  // what is marked: the number with its hedge
  std::string quote;       // the original text there
  wording::NumberPhrase number;
  ClaimKind kind = ClaimKind::kPercent;
  // A number that is no survey's finding. The finding of another survey or wave is not negative:
  // `survey` and `wave` say whose it is.
  bool negative = false;
  // "money", "date", "target", "commentary" (a text without a survey), …; "gloss": a word such as
  // "a majority" that says no more than the number beside it; "summary": such a word in the
  // headline or the first paragraph, with the figures below.
  std::string negative_reason;
  // Percent, mean, points (down: below 0) or count as printed; of a fraction in percent, rounded to
  // one decimal; none of a comparative.
  std::optional<Decimal> value;
  // Of a share said as a fraction: exact, in percent.
  Ratio exact;

  std::optional<int64_t> base;
  BaseSource base_source = BaseSource::kNone;
  std::optional<size_t> base_claim;  // place of the claim that states it
  std::string base_phrase;           // "chairs", "of those who …"; empty: all respondents
  bool subgroup = false;             // of some respondents only

  size_t sentence = 0;      // place in Document::sentences
  size_t question = 0;      // claims with the same number answer the same question; counts from 1
  size_t survey = 0;        // which survey of the article: 0 the article's own
  std::string item;         // words of what was asked
  std::string answer;       // words of what was answered
  std::string wave;         // "last year", "January": empty the article's own
  std::string attribution;  // "the survey", "NHS England": who says so
  bool exhaustive = false;  // with the other claims of its question it is all answers
  std::optional<size_t> earlier;   // of a change or a level: the claim of the level before
  std::optional<size_t> level;     // of a change: the claim of the level now
  std::optional<size_t> gloss_of;  // of a gloss: the claim it stands beside
};

// One survey the article speaks of.
struct SurveyMention {
  std::string phrase;       // "HSJ’s barometer"
  std::optional<size_t> n;  // places of its claims
  std::optional<size_t> organisations;
  std::optional<size_t> frame;
  std::optional<size_t> invited;
  bool own = true;  // the one the article reports; false: quoted beside it
};

struct Article {
  Document document;
  std::vector<Claim> claims;           // in text order, without overlap
  std::vector<SurveyMention> surveys;  // the article's own first; empty: a text without a survey
};

struct ClaimOptions {
  std::optional<int64_t> base;   // respondents, where the article does not say
  std::optional<int64_t> frame;  // organisations there are
};
// Takes time linear in the length of the text.
Article read_claims(Document document, const ClaimOptions& options = {});

}  // namespace barometer

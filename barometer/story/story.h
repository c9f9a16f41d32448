// Stories: articles whose every number is a figure of the ledger.
//
// A story is Markdown with references ({{ pct leave_self likely }}, {{ change … }});
// docs/stories.md has the language. Writing one looks each reference up in the ledger, writes it as
// the house does, and then reads the finished sentences as a reader would (wording/read.h):
//   - a number that no reference wrote, a fraction or "most" in the plain text, is an error;
//   - a hedge before a number ("nearly") must be true of its figure, by wording/hedge.h;
//   - a verb of change or a comparison must be a reference, and is written only when a test by the
//     ledger's standard errors or intervals finds it;
//   - "CCGs" (the study's word for organisations) is said only of a figure of organisations;
//   - an answer is called what the questionnaire calls it, and a method statement stands in it.
// A mistake says what is wrong, why (value, base, test) and the sentence that would be true.
//
// Nothing here reads a clock or a file; the same study and ledger give the same story.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/diagnostic.h"
#include "barometer/ledger/ledger.h"
#include "barometer/study/study.h"

namespace barometer {

enum class StoryBlockKind { kHeading, kParagraph, kBullet, kNumbered, kQuotation };

enum class StoryClaimKind {
  kFigure,   // a number of the ledger
  kGuarded,  // words that its figures make true: "rose", "a majority"
  kOutside,  // not of this survey, with its source
  kQuoted,   // a verbatim
  kStudy,    // words of the study: method, wording, dates
  kPlain,    // words that look like a claim and are none, with the reason
};
std::string_view name_of(StoryClaimKind kind);  // "figure", ...

// What one reference wrote.
struct StoryClaim {
  StoryClaimKind kind = StoryClaimKind::kFigure;
  std::string text;                  // "63 per cent"
  std::string reference;             // "pct leave_self likely"
  Place place;                       // of the reference
  std::vector<std::string> figures;  // ids in the ledger
  std::string truth;                 // why it may be said: "59 of 94 is more than half"
  std::string source;                // of kOutside; consent of kQuoted; the reason of kPlain
  size_t sentence = 0;               // place in Story::sentences
};

inline constexpr size_t kNoClaim = static_cast<size_t>(-1);

struct StoryPiece {
  enum class Kind { kText, kOpen, kClose, kBreak };
  Kind kind = Kind::kText;
  std::string text;         // or the mark of kOpen and kClose: "em", "strong", "a"
  std::string target;       // of a link
  size_t claim = kNoClaim;  // place in Story::claims
};

struct StoryBlock {
  StoryBlockKind kind = StoryBlockKind::kParagraph;
  int level = 1;  // of a heading; depth of a list
  std::vector<StoryPiece> pieces;

  [[nodiscard]] std::string text() const;  // without marks
};

struct Story {
  std::string name;   // of the file, without ending: "leaving"
  std::string wave;   // id
  std::string style;  // of the house
  std::string title;  // its first heading, as text
  std::vector<StoryBlock> blocks;
  std::vector<StoryClaim> claims;      // in the order of the text
  std::vector<std::string> sentences;  // that hold claims, in the order of the text
  std::vector<std::string> notes;      // on bases, wording and scales, for the end of the page
  bool reconstruction = false;
};

struct StoryOptions {
  std::string style;  // house style; empty: the story's own, else HSJ
};

// Reports every mistake of the story at its place: errors, for which it must not be published, and
// notes for an editor ("only 31 per cent"). The wave must be one of the study, the ledger its own.
Story write_story(const Study& study, const Ledger& ledger, const Wave& wave, const StoryFile& file,
                  const StoryOptions& options, Diagnostics& problems);

// What can be said without a ledger: mistakes of the language.
void check_story(const StoryFile& file, Diagnostics& problems);

// All stories of the study, in order of wave and name; names that two of them share are reported.
std::vector<Story> write_stories(const Study& study, const Ledger& ledger,
                                 const StoryOptions& options, Diagnostics& problems);

}  // namespace barometer

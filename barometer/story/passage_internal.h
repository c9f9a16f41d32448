// A block of a story as it reads, and where each part of it comes from.
#pragma once

#include <string>
#include <vector>

#include "barometer/story/template_internal.h"
#include "barometer/story/verb_internal.h"
#include "barometer/wording/normalise.h"

namespace barometer {

struct Segment {
  enum class Kind { kPlain, kJoined, kClaim };
  Kind kind = Kind::kPlain;
  size_t begin = 0, end = 0;  // bytes of Passage::text
  size_t at = 0;              // byte of the source it begins at
  size_t claim = kNoClaim;    // place in Story::claims
  StoryClaimKind said = StoryClaimKind::kFigure;
  std::vector<const Figure*> figures{};
  const Item* item = nullptr;  // of an answer's figure
  std::vector<int> codes{};
  std::string verb{};  // of the reference: "pct"
  const Verbatim* verbatim = nullptr;

  // A number of the ledger, or words about one.
  [[nodiscard]] bool is_finding() const {
    return kind == Kind::kClaim &&
           (said == StoryClaimKind::kFigure || said == StoryClaimKind::kGuarded);
  }
  // Not to be read: words of the study, of someone else, or marked as no claim.
  [[nodiscard]] bool is_quiet() const { return kind == Kind::kClaim && !is_finding(); }
};

struct SentenceRange {
  size_t begin = 0, end = 0;  // bytes of the text
};

struct Passage {
  std::string text;
  std::vector<Segment> segments;  // in order; together the whole text
  std::vector<SentenceRange> sentences;
  bool heading = false;
  bool quotation = false;  // a block of Markdown's

  [[nodiscard]] const Segment* segment_at(size_t byte) const;
  // Where the byte stands in the source.
  [[nodiscard]] size_t source_of(size_t byte) const;
  [[nodiscard]] SentenceRange sentence_of(size_t byte) const;
  [[nodiscard]] std::string sentence_text(const SentenceRange& range) const;
  [[nodiscard]] bool has_finding(const SentenceRange& range) const;
};

// In small letters, with a blank wherever something else stands than letters and digits of ASCII.
std::string words_alone(std::string_view text);
// It may not be quoted: its author did not agree, or it names somebody beyond that.
bool is_refused(const Study& study, const Wave& wave, const Verbatim& verbatim);
inline constexpr std::ptrdiff_t kWordsOfAQuote = 4;  // fewer are anybody's words

// Whether the next word begins a sentence.
bool begins_sentence(std::string_view before);
std::vector<SentenceRange> sentences_in(std::string_view text);

// What checks a finished passage, and where it reports.
class PassageChecker {
 protected:
  PassageChecker(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
                 Diagnostics& problems);
  // At a byte of the passage.
  void error(size_t byte, const char* code, const std::string& message, std::string hint);
  void note(size_t byte, const std::string& message);

  const StorySources& sources_;
  const StoryTemplate& story_;
  const Passage& passage_;
  const std::string text_;  // of the passage, in lower case and one line
  Diagnostics& problems_;
};

// Reads the finished passage as a reader would, and reports what no reference wrote.
void read_passage(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
                  Diagnostics& problems);
// The words round a figure: the unit it is said of, the answer it is called.
void check_words_round_figures(const StorySources& sources, const StoryTemplate& story,
                               const Passage& passage, Diagnostics& problems);
// Of whom the sentence says a figure: of those, or of the group, that it is of.
void check_bases_in_words(const StorySources& sources, const StoryTemplate& story,
                          const Passage& passage, Diagnostics& problems);
// The group that the sentence restricts a figure to: "Among chairs, …", "northern leaders".
void check_groups(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
                  Diagnostics& problems);
// What the words beside a figure say was asked and answered: "do not expect to leave".
void check_meaning(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
                   Diagnostics& problems);
// When the sentence says that it was so, and waves side by side whose wording differs.
void check_times(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
                 Diagnostics& problems);
// What a number of its kind may be said of: a mean is no number of leaders.
void check_kinds(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
                 Diagnostics& problems);
// Words of size, change and judgement that no figure tests.
void check_judgements(const StorySources& sources, const StoryTemplate& story,
                      const Passage& passage, Diagnostics& problems);
// One person or organisation, by number or by name.
void check_singled_out(const StorySources& sources, const StoryTemplate& story,
                       const Passage& passage, Diagnostics& problems);
// Notes for the end of the page.
std::vector<std::string> notes_of(const StorySources& sources, const Story& story);

}  // namespace barometer

// Words of size, change and judgement that no figure tests: "an overwhelming 47 per cent",
// "exodus", "more leaders than in November". What figures refute is an error; the rest a note to an
// editor.
#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/story/sentence_internal.h"
#include "barometer/wording/read.h"

namespace barometer {
namespace {

// A share that words say without a number; it is true between its ends, in per cent.
struct SizeWords {
  std::string_view words;
  double low = 0, high = 0;
  bool of_people = false;  // only before those who answer
};
constexpr double kAll = 100;
constexpr auto kSizes = std::to_array<SizeWords>({
    {"nearly all", 85, kAll, false},
    {"almost all", 85, kAll, false},
    {"virtually all", 90, kAll, false},
    {"practically all", 90, kAll, false},
    {"nearly everyone", 85, kAll, false},
    {"almost everyone", 85, kAll, false},
    {"nearly everybody", 85, kAll, false},
    {"hardly anyone", 0, 10, false},
    {"hardly anybody", 0, 10, false},
    {"scarcely anyone", 0, 10, false},
    {"almost nobody", 0, 10, false},
    {"almost no one", 0, 10, false},
    {"hardly any", 0, 10, false},
    {"almost none", 0, 10, false},
    {"next to none", 0, 10, false},
    {"an overwhelming", 66, kAll, false},
    {"overwhelming majority", 66, kAll, false},
    {"overwhelmingly", 66, kAll, false},
    {"the bulk of", 50, kAll, true},
    {"every second", 45, 55, true},
    {"every other", 45, 55, true},
    {"fifty fifty", 45, 55, false},
    {"evenly split", 45, 55, false},
    {"evenly divided", 45, 55, false},
    {"few", 0, 35, true},
    {"every third", 30, 37, true},
    {"every fourth", 22, 28, true},
});

constexpr auto kDramatic = std::to_array<std::string_view>(
    {"collapse",   "collapses",   "collapsing",    "exodus",       "soar",           "soars",
     "soaring",    "surge",       "surges",        "surging",      "leap",           "leaps",
     "slump",      "slumps",      "plunge",        "plunges",      "plummet",        "plummets",
     "rocket",     "rockets",     "skyrockets",    "worsen",       "worsens",        "worsening",
     "dwindle",    "dwindles",    "dwindling",     "swelling",     "mounting",       "crisis",
     "record",     "meltdown",    "landslide",     "overwhelming", "overwhelmingly", "spiral",
     "spirals",    "spiralling",  "crumbles",      "crumbling",    "evaporates",     "doubled",
     "doubles",    "halved",      "halves",        "tripled",      "trebled",        "outnumber",
     "outnumbers", "outnumbered", "unprecedented", "tumbles",      "freefall",       "whopping",
     "staggering", "alarming",    "massive",       "huge",         "deepens",        "deepening",
     "erodes",     "eroding",     "flood",         "stampede",     "rises",          "shrinks",
     "shrinking",  "shrunk",      "grows",         "improves",     "improving",      "declines",
     "weakens",    "strengthens", "recovers",      "rebounds",     "spreads",        "mounts",
     "gloomier",   "happier",     "angrier",       "bleaker"});
constexpr auto kPhrases = std::to_array<std::string_view>(
    {"ever larger",   "ever more",       "ever fewer",     "ever smaller",     "growing number",
     "growing share", "rising number",   "rising share",   "more and more",    "fewer and fewer",
     "new low",       "new high",        "all time high",  "all time low",     "no longer",
     "less and less", "than ever",       "than before",    "than they were",   "than it was",
     "than last",     "than a year ago", "falling number", "shrinking number", "at an all"});

class JudgementChecker : TokenChecker {
 public:
  JudgementChecker(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
                   Diagnostics& problems)
      : TokenChecker(sources, story, passage, problems) {}

  void check() {
    for (const Tokens sentence : sentences_) {
      for (size_t at = 0; at < sentence.size(); ++at) {
        if (sentence[at].segment != nullptr) continue;
        if (const size_t taken = check_size(sentence, at); taken > 0) {
          at += taken - 1;
        } else {
          check_words(sentence, at);
        }
      }
      check_changes_without_figures(sentence);
    }
  }

 private:
  static size_t count_words(std::string_view words) {
    return static_cast<size_t>(std::ranges::count(words, ' ')) + 1;
  }

  // Words that say how large a share is: of the figure beside them, else of nothing. The number of
  // words taken.
  size_t check_size(Tokens tokens, size_t at) {
    for (const SizeWords& size : kSizes) {
      if (!says_at(tokens, at, size.words)) continue;
      const size_t end = at + count_words(size.words);
      if (size.of_people && !stands_before_people(tokens, end)) continue;
      const std::string words = said(tokens.subspan(at, end - at));
      const Figure* figure = figure_beside(tokens, at, end);
      const bool few = size.words == "few";
      if (few && (figure == nullptr || (at > 0 && tokens[at - 1].is("a")))) continue;
      if (figure == nullptr) {
        error(tokens[at].begin, "story-unbound", fmt::format("'{}' comes from no figure", words),
              "{{ pct … }}, {{ say \"…\" ITEM ANSWER }}, or {{ outside \"…\" source=\"…\" }}");
      } else if (*figure->value < size.low || *figure->value > size.high) {
        error(tokens[at].begin, "story-untrue",
              fmt::format("'{}' is not true of {}: {}", words, figure->id,
                          value_words(*figure, sources_.study.print.rounding)),
              "take the words out");
      } else {
        note_judgement(tokens[at].begin, words);
      }
      return end - at;
    }
    return 0;
  }

  [[nodiscard]] bool stands_before_people(Tokens tokens, size_t at) const {
    constexpr size_t kFar = 4;
    for (size_t k = at; k < tokens.size() && k < at + kFar; ++k) {
      if (tokens[k].segment != nullptr) return false;
      if (is_respondent(tokens[k]) || tokens[k].is("them") || tokens[k].is("those")) return true;
      if (wording::noun_counts(tokens[k].text) == wording::Counted::kPeople) return true;
    }
    return false;
  }

  // "Hardly anyone, 61 per cent, …", "an overwhelming 47 per cent"
  static const Figure* figure_beside(Tokens tokens, size_t at, size_t end) {
    constexpr size_t kFar = 6;
    const auto share = [&](size_t place) -> const Figure* {
      if (place == kNoToken) return nullptr;
      const Figure* figure = tokens[place].finding()->figures.front();
      return figure->kind == FigureKind::kPercent && figure->value ? figure : nullptr;
    };
    const size_t next = finding_from(tokens, end);
    if (next != kNoToken && next <= end + kFar) return share(next);
    const size_t last = finding_before(tokens, at);
    return last != kNoToken && last + kFar >= at ? share(last) : nullptr;
  }

  void note_judgement(size_t byte, const std::string& words) {
    note(byte,
         fmt::format("'{}' is a judgement that no test stands behind; an editor must", words));
  }

  void check_words(Tokens tokens, size_t at) {
    size_t length = is_any_of(tokens[at], kDramatic) ? 1 : 0;
    for (const std::string_view words : kPhrases) {
      if (length == 0 && says_at(tokens, at, words)) length = count_words(words);
    }
    if (length == 0 || is_said_by_question(tokens, at)) return;
    note_judgement(tokens[at].begin, said(tokens.subspan(at, length)));
  }

  // "Confidence has fallen", "more leaders than in November": neither in a headline nor beside a
  // figure, where they are errors.
  void check_changes_without_figures(Tokens tokens) {
    const bool claims = passage_.heading || std::ranges::any_of(tokens, [](const Token& token) {
                          return token.segment != nullptr;
                        });
    if (claims || tokens.empty()) return;
    for (size_t at = 0; at < tokens.size(); ++at) {
      if (tokens[at].segment != nullptr) continue;
      const wording::ChangeWord* word = wording::find_change_word(tokens[at].text);
      const bool compares = tokens[at].is("than") && at > 0 && says_more(tokens, at);
      const bool changes = word != nullptr && !tokens[at].is("up") && !tokens[at].is("down");
      if ((!compares && !changes) || is_said_by_question(tokens, at)) continue;
      if (refute(tokens, at, word)) return;
      note(tokens[at].begin,
           fmt::format(
               "'{}' says a change or a comparison that nothing tests; {{{{ change … }}}} and "
               "{{{{ compare … }}}} do",
               tokens[at].text));
      return;
    }
  }
  // "More leaders … than", "less confident than"; not "more than".
  static bool says_more(Tokens tokens, size_t than) {
    static constexpr auto kMore = std::to_array<std::string_view>({"more", "fewer", "less"});
    return std::ranges::any_of(tokens.first(than),
                               [](const Token& token) { return is_any_of(token, kMore); });
  }

  // Whether the ledger's test of the only question that the words name says otherwise.
  bool refute(Tokens tokens, size_t at, const wording::ChangeWord* word) {
    const Figure* change = change_meant(tokens);
    if (word == nullptr || change == nullptr || !change->value || !change->se || *change->se <= 0) {
      return false;
    }
    constexpr double kTwoSided = 1.96;  // what is near it is left to the editor
    const bool found = std::abs(*change->value) > kTwoSided * *change->se;
    const bool up = word->change == wording::Change::kUp;
    const bool down = word->change == wording::Change::kDown;
    if (!up && !down) return false;
    if (found && (*change->value > 0) == up) return false;
    error(tokens[at].begin, "story-untrue",
          fmt::format("'{}' is not what the test found: {} is {}, SE {:.1f}", tokens[at].text,
                      change->id, change->printed, *change->se),
          "{{ change ITEM ANSWER since WAVE }} says what was found");
    return true;
  }

  // The change of a mean whose question's label is said, where the wave has one such change.
  [[nodiscard]] const Figure* change_meant(Tokens tokens) const {
    const WordSet said = stems(tokens);
    const Figure* out = nullptr;
    for (const Figure& figure : sources_.ledger.figures) {
      if (figure.kind != FigureKind::kChange || figure.wave != sources_.wave.id) continue;
      const Item* item = item_of(figure);
      if (item == nullptr || figure.answer != "mean") continue;
      const WordSet label = stems(item->label);
      if (label.empty() || !is_part_of(label, said)) continue;
      if (out != nullptr) return nullptr;
      out = &figure;
    }
    return out;
  }
};

}  // namespace

void check_judgements(const StorySources& sources, const StoryTemplate& story,
                      const Passage& passage, Diagnostics& problems) {
  JudgementChecker(sources, story, passage, problems).check();
}

}  // namespace barometer

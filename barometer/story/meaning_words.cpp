// What the words beside a figure say was asked and answered, read as the audit reads anyone's
// article (meaning/choice.h): "do not expect to leave" is another answer than Leave, and "will
// merge with another trust" another question than that of teaching assistants.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/meaning/choice.h"
#include "barometer/story/sentence_internal.h"

namespace barometer {
namespace {

using Answer = LedgerIndex::Answer;
using Question = LedgerIndex::Question;

// Verbs of references whose words round them say an answer.
constexpr auto kSayingVerbs =
    std::to_array<std::string_view>({"pct", "share_of_organisations", "count", "say", "fraction",
                                     "majority", "most", "largest", "remainder", "remaining"});
// Where the words turn to something else than the answer.
constexpr auto kTurns = std::to_array<std::string_view>(
    {"but", "while", "whereas", "although", "though", "because", "unless", "despite", "rather",
     "instead", "unlike", "compared", "against", "if", "when", "since", "after", "before"});

class MeaningChecker : TokenChecker {
 public:
  MeaningChecker(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
                 Diagnostics& problems)
      : TokenChecker(sources, story, passage, problems) {}

  void check() {
    if (sources_.index == nullptr) return;
    for (const Tokens sentence : sentences_) {
      for (size_t at = 0; at < sentence.size(); ++at) {
        if (is_answer(sentence[at])) check_finding(sentence, at);
      }
    }
  }

 private:
  [[nodiscard]] static bool is_answer(const Token& token) {
    const Segment* segment = token.finding();
    return segment != nullptr && segment->figures.size() == 1 &&
           segment->figures.front()->kind == FigureKind::kPercent &&
           std::ranges::find(kSayingVerbs, segment->verb) != kSayingVerbs.end();
  }

  void check_finding(Tokens tokens, size_t at) {
    const Figure& figure = *tokens[at].finding()->figures.front();
    const Question* question = sources_.index->find(figure.wave, figure.item);
    const Item* item = item_of(figure);
    if (question == nullptr || item == nullptr) return;
    const size_t from = behind_base(tokens, at + 1);
    const LexiconWords clause = read(tokens, from, end_of_clause(tokens, from));
    const LexiconWords all = read(tokens, from, next_reference(tokens, from));
    if (check_question(*tokens[at].finding(), all, *question)) return;
    check_answer(*tokens[at].finding(), clause, *question, *item);
    note_strange_words(*tokens[at].finding(), telling_words(clause), *question, *item);
  }

  // "Confident of a merger": a word of another question alone, which may be said in passing.
  void note_strange_words(const Segment& segment, const WordSet& words, const Question& own,
                          const Item& item) {
    const WordSet known = joined(joined(own.words, stems(words_of(item))), stems(item.id));
    for (const uint64_t word : words) {
      if (std::ranges::binary_search(known, word)) continue;
      const Question* other = nullptr;
      size_t found = 0;
      for (const Question& question : sources_.index->questions()) {
        if (question.wave != own.wave || &question == &own) continue;
        if (!std::ranges::binary_search(question.words, word)) continue;
        ++found;
        other = &question;
      }
      if (found != 1) continue;  // of none, or of many: it tells nothing
      const Item* meant = item_of(*other->answers.front().figures.front());
      return note(segment.begin,
                  fmt::format("{} is of “{}”, and a word beside it is of “{}” alone",
                              segment.figures.front()->id, printable(item.label),
                              printable(meant == nullptr ? other->item : meant->label)));
    }
  }

  // Without "of the CCG leaders".
  [[nodiscard]] size_t behind_base(Tokens tokens, size_t from) const {
    constexpr size_t kFar = 6;
    size_t who = from;
    while (who < tokens.size() && who < from + kFar && !is_respondent(tokens[who]) &&
           !tokens[who].is_mark() && tokens[who].segment == nullptr) {
      ++who;
    }
    return who < tokens.size() && is_respondent(tokens[who]) ? who + 1 : from;
  }

  static size_t next_reference(Tokens tokens, size_t at) {
    while (at < tokens.size() && tokens[at].segment == nullptr) ++at;
    return at;
  }
  static size_t end_of_clause(Tokens tokens, size_t from) {
    size_t at = from;
    for (; at < tokens.size() && tokens[at].segment == nullptr; ++at) {
      if (at > from && (tokens[at].is_mark() || is_any_of(tokens[at], kTurns))) break;
    }
    return at;
  }

  [[nodiscard]] LexiconWords read(Tokens tokens, size_t from, size_t end) const {
    if (from >= end) return {};
    const size_t begin = tokens[from].begin;
    const Token& last = tokens[end - 1];
    std::string words = passage_.text.substr(begin, last.end - begin);
    // "Expect to go": elsewhere "go" says nothing.
    const bool goes = last.is("go") || last.is("going");
    if (goes) words.replace(words.size() - last.text.size(), last.text.size(), "leave");
    return sources_.index->lexicon().read_printed(words);
  }

  // Whether the words surely name another question of the wave.
  bool check_question(const Segment& segment, const LexiconWords& words, const Question& own) {
    const Figure& figure = *segment.figures.front();
    std::vector<const Question*> among;
    for (const Question& question : sources_.index->questions()) {
      if (question.wave == figure.wave) among.push_back(&question);
    }
    Spoken spoken;
    spoken.behind = words;
    spoken.first = true;
    const ItemChoice choice = choose_item(*sources_.index, spoken, among, figure.wave);
    if (!choice.surely || choice.question == &own) return false;
    const WordSet telling = telling_words(words);
    const Item* other = item_of(*choice.question->answers.front().figures.front());
    const bool of_own = sources_.index->coverage(telling, own) >=
                        sources_.index->coverage(telling, *choice.question);
    if (of_own || other == nullptr || is_said_by_own(telling, figure)) return false;
    error(segment.begin, "story-item",
          fmt::format("{} is of “{}”, and the words beside it are those of “{}”", figure.id,
                      printable(item_of(figure)->label), printable(other->label)),
          fmt::format("{{{{ pct {} … }}}}, or say what '{}' asked", other->id, figure.item));
    return true;
  }

  // The words are also in the question's own label or answers.
  [[nodiscard]] bool is_said_by_own(const WordSet& telling, const Figure& figure) const {
    return is_part_of(telling, stems(words_of(*item_of(figure))));
  }

  void check_answer(const Segment& segment, const LexiconWords& words, const Question& question,
                    const Item& item) {
    const Figure& figure = *segment.figures.front();
    Spoken spoken;
    spoken.behind = words;
    const AnswerChoice choice = choose_answer(spoken, question, FigureKind::kPercent);
    if (words.empty() || !choice.said) return;
    const auto is_own = [&](const Answer* answer) {
      return std::ranges::find(answer->figures, &figure) != answer->figures.end();
    };
    if (choice.meant.empty()) {
      if (choice.denied == nullptr) return;
      tell(segment,
           is_own(choice.denied)
               ? "denies it"
               : fmt::format("denies “{}”", printable(choice.denied->figures.front()->label)),
           figure);
      return;
    }
    const std::set<int> own = codes_of(item, figure.answer);
    const bool fits = std::ranges::any_of(choice.meant, [&](const Answer* answer) {
      return is_own(answer) || is_within(own, codes_of(item, answer->figures.front()->answer));
    });
    if (fits || (choice.asserted && !is_named(words, question))) return;
    tell(segment,
         fmt::format("means “{}”", printable(choice.meant.front()->figures.front()->label)),
         figure);
  }

  [[nodiscard]] bool is_named(const LexiconWords& words, const Question& question) const {
    constexpr double kEnough = 0.3;
    return sources_.index->coverage(telling_words(words), question) >= kEnough;
  }

  static bool is_within(const std::set<int>& a, const std::set<int>& b) {
    return std::ranges::includes(a, b) || std::ranges::includes(b, a);
  }
  static std::set<int> codes_of(const Item& item, const std::string& answer) {
    const auto codes = answer_codes(item, answer);
    return codes ? std::set<int>(codes->begin(), codes->end()) : std::set<int>{};
  }

  void tell(const Segment& segment, const std::string& what, const Figure& figure) {
    error(segment.begin, "story-answer",
          fmt::format("{} is “{}”, and the sentence {}", figure.id, printable(figure.label), what),
          fmt::format("say “{}”", printable(figure.label)));
  }
};

}  // namespace

void check_meaning(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
                   Diagnostics& problems) {
  MeaningChecker(sources, story, passage, problems).check();
}

}  // namespace barometer

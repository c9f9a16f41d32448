// Of whom a figure is said: "63 per cent of chairs" must be the figure of chairs.
#include <algorithm>
#include <array>
#include <cctype>
#include <iterator>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "barometer/base/find_word.h"
#include "barometer/base/text.h"
#include "barometer/story/sentence_internal.h"

namespace barometer {
namespace {

// Words that stand for those who answered, whoever they are.
constexpr auto kAnyone = std::to_array<std::string_view>(
    {"them", "those", "these", "whom", "which", "us", "all", "everyone", "respondents", "people",
     "participants", "answers", "replies", "responses", "sample", "group", "groups", "members"});
// What ends the words for them: a verb, or the next part of the sentence.
constexpr auto kEnds = std::to_array<std::string_view>(
    {"said",      "say",    "who",     "that",     "would",   "were",     "are",    "was",
     "is",        "will",   "had",     "have",     "has",     "could",    "should", "may",
     "might",     "think",  "thought", "agree",    "agreed",  "did",      "do",     "expect",
     "expected",  "called", "named",   "gave",     "told",    "and",      "or",     "but",
     "described", "rated",  "report",  "reported", "believe", "believed", "want",   "wanted",
     "feel",      "felt",   "as",      "to",       "for",     "on",       "by",     "with"});
// Whose words may narrow them: "of leaders in the North".
constexpr auto kPlaces = std::to_array<std::string_view>({"in", "from", "at", "of", "across"});

template <size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::string last_part(const std::string& label) {
  const size_t colon = label.rfind(": ");
  return lowered(colon == std::string::npos ? label : label.substr(colon + 2));
}

bool says(std::string_view text, const std::string& label) {
  return !label.empty() && (find_word(text, label) != std::string_view::npos ||
                            find_word(text, label + "s") != std::string_view::npos);
}

// "of the chairs in the North would": "chairs", "in the North".
struct Whom {
  std::vector<std::string> words;  // lower case
  std::string text;                // with what narrows them
};

std::optional<Whom> whom_after(std::string_view text) {
  constexpr size_t kMostWords = 8;
  Whom out;
  bool narrowed = false;
  for (size_t at = 0; out.words.size() < kMostWords;) {
    if (at >= text.size() || text[at] != ' ') break;
    ++at;
    size_t end = at;
    while (end < text.size() &&
           (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '-' ||
            static_cast<unsigned char>(text[end]) >= 128)) {
      ++end;
    }
    const std::string word(text.substr(at, end - at));
    if (out.text.empty() && word != "of") return std::nullopt;
    if (word.empty() || is_one_of(kEnds, word)) break;
    const bool joining = word == "of" || word == "the" || word == "all";
    narrowed = narrowed || (!out.words.empty() && is_one_of(kPlaces, word));
    if (!joining && !narrowed) out.words.push_back(word);
    out.text += word + " ";
    at = end;
    // "England's school leaders"
    for (const std::string_view owner : {"'s ", "’s "}) {
      if (text.substr(at).starts_with(owner)) at += owner.size() - 1;
    }
  }
  return out.words.empty() ? std::nullopt : std::optional(out);
}

class BaseChecker : TokenChecker {
 public:
  BaseChecker(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
              Diagnostics& problems)
      : TokenChecker(sources, story, passage, problems) {}

  void check() {
    for (const Tokens sentence : sentences_) {
      for (size_t at = 0; at < sentence.size(); ++at) {
        if (sentence[at].finding() != nullptr) check_words_of_whom(sentence, at);
      }
    }
    for (const Segment& segment : passage_.segments) {
      if (!segment.is_finding() || segment.figures.empty()) continue;
      const Figure& figure = *segment.figures.front();
      const bool share = figure.kind == FigureKind::kPercent || figure.kind == FigureKind::kMean;
      if (!share || figure.unit != name_of(Unit::kRespondent)) continue;
      const Segment* next = passage_.segment_at(segment.end);
      if (next == nullptr || next->kind != Segment::Kind::kPlain) continue;
      const size_t end = std::min(next->end, passage_.sentence_of(segment.begin).end);
      const auto whom = whom_after(std::string_view(text_).substr(segment.end, end - segment.end));
      if (whom) check_whom(segment, figure, *whom);
    }
  }

 private:
  // "… of leaders gave workload", asked of those who leave; "of younger leaders", of all.
  void check_words_of_whom(Tokens tokens, size_t at) {
    const Segment& segment = *tokens[at].finding();
    const Figure& figure = *segment.figures.front();
    const bool share = figure.kind == FigureKind::kPercent || figure.kind == FigureKind::kMean;
    const bool of_all = segment.verb == "count" || segment.verb == "base" || !share;
    const Item* item = item_of(figure);
    constexpr size_t kFar = 6;
    size_t who = at + 1;
    const bool of = who < tokens.size() && tokens[who].is("of");
    if (!of && segment.verb != "most") return;
    while (who < tokens.size() && who < at + kFar && !is_who(tokens, who) &&
           !tokens[who].is_mark() && tokens[who].segment == nullptr) {
      ++who;
    }
    if (who >= tokens.size() || !is_who(tokens, who) || item == nullptr) return;
    const Tokens phrase = tokens.subspan(at + 1, who - at);
    if (!of_all && is_of_some(*item) && !tokens[who].is("those") &&
        !is_narrowed(tokens, at + 1, who, *item)) {
      return error(segment.begin, "story-base",
                   fmt::format("{} is of “{}”, and the sentence says it of '{}'", figure.id,
                               printable(item->base_text), said(phrase)),
                   "say of whom it was asked");
    }
    check_narrowing(phrase, figure, *item);
    if (share && figure.group.empty() && !is_of_some(*item)) check_clause(tokens, at, who, *item);
  }

  // "… of the leaders who voted Labour": a figure of all, unless they only took part.
  void check_clause(Tokens tokens, size_t at, size_t who, const Item& item) {
    static constexpr auto kTookPart = std::to_array<std::string_view>(
        {"answered", "responded", "replied", "took", "participated", "completed", "lead", "led",
         "run", "ran", "gave", "returned", "said", "spoke", "had", "have", "filled", "told"});
    static constexpr auto kAsked = std::to_array<std::string_view>(
        {"asked", "surveyed", "polled", "questioned", "interviewed", "reached"});
    if (who + 2 >= tokens.size() || !tokens[who + 1].is("who")) return;
    if (is_any_of(tokens[who + 2], kTookPart) || tokens[who + 2].segment != nullptr) return;
    if (who + 3 < tokens.size() && is_any_of(tokens[who + 3], kAsked)) return;
    size_t end = who + 2;
    constexpr size_t kClause = 5;
    while (end < tokens.size() && end < who + kClause && !tokens[end].is_mark() &&
           tokens[end].segment == nullptr) {
      ++end;
    }
    const Figure& figure = *tokens[at].finding()->figures.front();
    error(tokens[who].begin, "story-base",
          fmt::format("{} is of all {}, and the sentence says it of '{}'", figure.id,
                      printable(sources_.study.respondent_word),
                      said(tokens.subspan(who, end - who))),
          fmt::format("say it of all who answered '{}'", printable(item.label)));
  }

  // "leaders", "those" before "who".
  [[nodiscard]] bool is_who(Tokens tokens, size_t at) const {
    const bool those = tokens[at].is("those") && at + 1 < tokens.size() && tokens[at + 1].is("who");
    return those || is_respondent(tokens[at]);
  }

  // Words of the base stand before or right behind the word for those who answer.
  [[nodiscard]] bool is_narrowed(Tokens tokens, size_t from, size_t who, const Item& item) const {
    static constexpr auto kRelative = std::to_array<std::string_view>(
        {"who", "that", "whose", "with", "without", "in", "from", "where", "of"});
    constexpr size_t kClause = 9;
    const WordSet base = base_stems(item);
    if (common_count(stems(tokens.subspan(from, who - from)), base) > 0) return true;
    if (who + 1 >= tokens.size()) return false;
    size_t end = who + 2;
    if (is_any_of(tokens[who + 1], kRelative)) {
      while (end < tokens.size() && end < who + kClause && !tokens[end].is_mark() &&
             tokens[end].segment == nullptr) {
        ++end;
      }
    }
    return common_count(stems(tokens.subspan(who + 1, end - who - 1)), base) > 0;
  }
  [[nodiscard]] WordSet base_stems(const Item& item) const {
    const WordSet everyone =
        joined(stems(sources_.study.respondent_word), stems(sources_.study.organisation_word));
    WordSet out;
    std::ranges::set_difference(joined(stems(item.base_text), stems(item.ask_if)), everyone,
                                std::back_inserter(out));
    return out;
  }

  // A word that makes fewer of them, which neither the study nor the question has.
  void check_narrowing(Tokens phrase, const Figure& figure, const Item& item) {
    static constexpr auto kNarrowing = std::to_array<std::string_view>(
        {"young", "younger", "old",       "older",    "female",  "male",       "women",
         "men",   "rural",   "urban",     "small",    "smaller", "large",      "larger",
         "big",   "bigger",  "northern",  "southern", "eastern", "western",    "new",
         "newer", "recent",  "departing", "retiring", "leaving", "experienced"});
    const std::string known =
        lowered(sources_.study.respondent_word + " " + sources_.study.population_text + " " +
                sources_.wave.population_text + " " + figure.group_label + " " + words_of(item));
    for (const Token& token : phrase) {
      const std::string place = token.text.substr(0, token.text.rfind("ern"));
      if (!is_any_of(token, kNarrowing) || find_word(known, place) != std::string::npos) {
        continue;
      }
      error(token.begin, "story-base",
            fmt::format("{} is of {}, and the sentence says it of '{}'", figure.id, said_of(figure),
                        said(phrase)),
            fmt::format("take out '{}', or have a figure of theirs", token.text));
    }
  }

  // The groups that have figures in the wave.
  [[nodiscard]] std::set<std::string> groups_of(const Figure& figure) const {
    std::set<std::string> out;
    for (const Figure& other : sources_.ledger.figures) {
      if (other.wave == figure.wave && !other.group.empty())
        out.insert(last_part(other.group_label));
    }
    return out;
  }

  // The study's word for those who answer, its last word ("leaders" of "CCG leaders"), and any
  // word for whoever it was.
  [[nodiscard]] bool is_everyone(const Whom& whom) const {
    const std::string respondents = lowered(sources_.study.respondent_word);
    const std::string head = split(respondents, ' ').back();
    return is_one_of(kAnyone, whom.words.front()) || is_one_of(kAnyone, whom.words.back()) ||
           std::ranges::count(whom.words, head) > 0 || says(whom.text, respondents);
  }

  // "of CCGs" has a finding of its own.
  [[nodiscard]] bool is_organisations(const Whom& whom) const {
    return whom.words.front() == "organisations" ||
           says(whom.text, lowered(sources_.study.organisation_word));
  }

  // A group of the banner that the words name, and the figure is not of.
  [[nodiscard]] std::optional<std::string> other_group(const Figure& figure, const std::string& own,
                                                       const Whom& whom) const {
    if (!own.empty() && says(whom.text, own)) return std::nullopt;
    for (const std::string& group : groups_of(figure)) {
      if (group != own && says(whom.text, group) && !says(own, group)) return group;
    }
    return std::nullopt;
  }

  void check_whom(const Segment& segment, const Figure& figure, const Whom& whom) {
    const std::string own = figure.group.empty() ? "" : last_part(figure.group_label);
    const std::optional<std::string> other = other_group(figure, own, whom);
    const bool right = own.empty()
                           ? is_everyone(whom) || is_organisations(whom)
                           : says(text_, own) || find_word(text_, own + "ern") != std::string::npos;
    if (!other && right) return;
    error(segment.begin, "story-base",
          fmt::format("{} is of {}, and the sentence says it of '{}'", figure.id, said_of(figure),
                      printable(trimmed(whom.text))),
          other ? fmt::format("{{{{ pct {} {} of \"{}\" }}}}", figure.item, figure.answer,
                              printable(*other))
                : fmt::format("'of {}'; where the words mean the same people, {{{{ plain \"of {}\" "
                              "why=\"…\" }}}}",
                              said_of(figure), printable(join(whom.words, " "))));
  }

  [[nodiscard]] std::string said_of(const Figure& figure) const {
    return printable(figure.group.empty() ? sources_.study.respondent_word
                                          : last_part(figure.group_label));
  }
};

}  // namespace

void check_bases_in_words(const StorySources& sources, const StoryTemplate& story,
                          const Passage& passage, Diagnostics& problems) {
  BaseChecker(sources, story, passage, problems).check();
}

}  // namespace barometer

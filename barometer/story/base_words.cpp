// Of whom a figure is said: "63 per cent of chairs" must be the figure of chairs.
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <set>

#include <fmt/format.h>

#include "barometer/base/find_word.h"
#include "barometer/base/text.h"
#include "barometer/story/passage_internal.h"

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
  }
  return out.words.empty() ? std::nullopt : std::optional(out);
}

class BaseChecker : PassageChecker {
 public:
  BaseChecker(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
              Diagnostics& problems)
      : PassageChecker(sources, story, passage, problems) {}

  void check() {
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
    const bool right = own.empty() ? is_everyone(whom) || is_organisations(whom) : says(text_, own);
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

// The words round a figure: "of CCGs" is said of organisations, and an answer is called by the
// labels that the questionnaire gives it.
#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>

#include <fmt/format.h>

#include "barometer/base/find_word.h"
#include "barometer/base/text.h"
#include "barometer/story/passage_internal.h"

namespace barometer {
namespace {

bool is_letter(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

bool starts_with_word(std::string_view text, std::string_view word) {
  return text.starts_with(word) && (text.size() == word.size() || !is_letter(text[word.size()]));
}

// Without "of", "all", "the" and spaces.
std::string_view after_joining(std::string_view text) {
  for (bool cut = true; cut;) {
    cut = false;
    text = trimmed(text);
    for (const std::string_view word : {"of", "all", "the", "in", "those"}) {
      if (!starts_with_word(text, word)) continue;
      text.remove_prefix(word.size());
      cut = true;
    }
  }
  return text;
}

class WordChecker : PassageChecker {
 public:
  WordChecker(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
              Diagnostics& problems)
      : PassageChecker(sources, story, passage, problems) {}

  void check() {
    for (size_t i = 0; i < passage_.segments.size(); ++i) {
      const Segment& segment = passage_.segments[i];
      if (!segment.is_finding() || segment.figures.empty()) continue;
      check_unit(segment);
      if (segment.item != nullptr) check_label(i);
    }
    check_subjects();
  }

 private:
  void unit_error(const Segment& segment, const std::string& message, std::string hint) {
    told_.insert(passage_.sentence_of(segment.begin).begin);
    error(segment.begin, "story-unit", message, std::move(hint));
  }

  // "63 per cent of CCGs"
  void check_unit(const Segment& segment) {
    const Figure& figure = *segment.figures.front();
    const bool share = figure.kind == FigureKind::kPercent || figure.kind == FigureKind::kMean;
    if (!share) return;
    const std::string_view after = after_joining(std::string_view(text_).substr(segment.end));
    const bool people = figure.unit == name_of(Unit::kRespondent);
    const std::string& organisations = sources_.study.organisation_word;
    const std::string& respondents = sources_.study.respondent_word;
    const bool of_organisations =
        starts_with_word(after, lowered(organisations)) || starts_with_word(after, "organisations");
    const bool of_people =
        starts_with_word(after, lowered(respondents)) || starts_with_word(after, "respondents");
    if (people && of_organisations) {
      unit_error(segment,
                 fmt::format("{} is of respondents, and the sentence says it of {}", figure.id,
                             printable(organisations)),
                 fmt::format("'of {}', or {{{{ share_of_organisations {} {} }}}}", respondents,
                             figure.item, figure.answer));
    }
    if (!people && of_people) {
      unit_error(segment,
                 fmt::format("{} is of {}, and the sentence says it of {}", figure.id, figure.unit,
                             printable(respondents)),
                 fmt::format("{{{{ pct {} {} }}}}", figure.item, figure.answer));
    }
  }

  // "CCGs said …" beside a figure of respondents.
  void check_subjects() {
    static constexpr auto kVerbs = std::to_array<std::string_view>(
        {"said",    "say",      "agreed",   "agree",    "disagreed", "think",   "thought",
         "believe", "believed", "expect",   "expected", "plan",      "planned", "want",
         "wanted",  "report",   "reported", "rated",    "feel",      "felt",    "told"});
    const std::string word = lowered(sources_.study.organisation_word);
    for (size_t at = find_word(text_, word, 0); at != std::string::npos;
         at = find_word(text_, word, at + 1)) {
      const std::string_view next = trimmed(std::string_view(text_).substr(at + word.size()));
      const bool speaks = std::ranges::any_of(
          kVerbs, [&](std::string_view verb) { return starts_with_word(next, verb); });
      const Segment* segment = passage_.segment_at(at);
      if (!speaks || segment == nullptr || segment->kind != Segment::Kind::kPlain) continue;
      const SentenceRange range = passage_.sentence_of(at);
      if (told_.contains(range.begin)) continue;
      const bool of_people = std::ranges::any_of(passage_.segments, [&](const Segment& other) {
        return other.is_finding() && !other.figures.empty() && other.begin < range.end &&
               other.end > range.begin && other.figures.front()->unit == name_of(Unit::kRespondent);
      });
      if (!of_people) continue;
      error(at, "story-unit",
            fmt::format("{} did not answer: respondents did",
                        printable(sources_.study.organisation_word)),
            fmt::format("'{}', or a figure of organisations", sources_.study.respondent_word));
    }
  }

  // Labels of the item's answers that the text says between its neighbours, longest first.
  [[nodiscard]] std::set<int> codes_said(const Item& item, size_t begin, size_t end,
                                         const std::set<int>& meant, std::string& first) const {
    std::vector<std::pair<std::string, std::vector<int>>> labels;
    for (const Category& option : item.options)
      labels.push_back({lowered(option.label), {option.code}});
    for (const Net& net : item.nets) labels.push_back({lowered(net.label), net.codes});
    std::ranges::stable_sort(labels, std::ranges::greater{},
                             [](const auto& label) { return label.first.size(); });
    std::string text = text_.substr(begin, end - begin);
    std::set<int> out;
    bool last_is_meant = false;  // what `first` names
    for (const auto& [label, codes] : labels) {
      if (label.size() < 4) continue;  // "yes" and "no" are words of any sentence
      for (size_t at = find_word(text, label, 0); at != std::string::npos;
           at = find_word(text, label, at)) {
        const std::set<int> own(codes.begin(), codes.end());
        if (first.empty() || (!std::ranges::includes(meant, own) && last_is_meant)) {
          first = label;
          last_is_meant = std::ranges::includes(meant, own);
        }
        out.insert(codes.begin(), codes.end());
        std::fill_n(text.begin() + static_cast<std::ptrdiff_t>(at), label.size(), ' ');
      }
    }
    return out;
  }

  // "Do not expect to stay" is read with the whole clause (meaning_words.cpp).
  [[nodiscard]] bool is_denied(size_t begin, size_t end) const {
    const std::string words = text_.substr(begin, end - begin);
    return sources_.index != nullptr &&
           std::ranges::any_of(sources_.index->lexicon().read_printed(words),
                               [](const LexiconWord& word) { return word.denies; });
  }

  // A number that was typed, and the rest, speak of other answers.
  [[nodiscard]] size_t end_of_words(size_t begin, size_t end) const {
    const std::string words = text_.substr(begin, end - begin);
    size_t out = std::min(words.find("remaining"), words.find("the rest"));
    out = std::min(out, words.find_first_of("0123456789"));
    return out == std::string::npos ? end : begin + out;
  }

  // From the figure to the next one or the end of its sentence.
  void check_label(size_t index) {
    const Segment& segment = passage_.segments[index];
    size_t end = passage_.sentence_of(segment.begin).end;
    for (size_t i = index + 1; i < passage_.segments.size(); ++i) {
      const Segment& next = passage_.segments[i];
      if (next.kind == Segment::Kind::kClaim) {
        end = std::min(end, next.begin);
        break;
      }
    }
    end = std::min(end, end_of_words(segment.end, end));
    if (end <= segment.end) return;
    const std::set<int> meant(segment.codes.begin(), segment.codes.end());
    std::string first;  // that is not meant
    const std::set<int> said = codes_said(*segment.item, segment.end, end, meant, first);
    if (said.empty() || said == meant || is_denied(segment.end, end)) return;
    const bool narrower = std::ranges::includes(meant, said);
    error(segment.begin, "story-label",
          fmt::format("{} is “{}”, and the sentence says “{}”, which is {}",
                      segment.figures.front()->id, printable(segment.figures.front()->label),
                      printable(first), narrower ? "narrower" : "another answer"),
          fmt::format("say “{}”", printable(segment.figures.front()->label)));
  }

  std::set<size_t> told_;  // beginnings of sentences with a wrong unit
};

}  // namespace

void check_words_round_figures(const StorySources& sources, const StoryTemplate& story,
                               const Passage& passage, Diagnostics& problems) {
  WordChecker(sources, story, passage, problems).check();
}

}  // namespace barometer

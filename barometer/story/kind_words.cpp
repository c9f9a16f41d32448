// What a number of its kind may be said of. A mean is no number of leaders, the coverage of
// organisations no share of leaders and no response rate, the number who answered not the number
// who think so; and a count stands beside the base that it is of.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/story/sentence_internal.h"
#include "barometer/wording/read.h"

namespace barometer {
namespace {

// What people hold; "took part", "answered" and "said" are not among them.
constexpr auto kOpinions = std::to_array<std::string_view>(
    {"expect",   "expects",   "expected",  "think",     "thinks",   "thought",   "believe",
     "believes", "believed",  "want",      "wants",     "wanted",   "agree",     "agrees",
     "agreed",   "disagree",  "disagreed", "plan",      "plans",    "planned",   "intend",
     "intended", "fear",      "feared",    "hope",      "hoped",    "doubt",     "doubted",
     "support",  "supported", "oppose",    "opposed",   "prefer",   "preferred", "would",
     "will",     "feel",      "felt",      "favour",    "favoured", "back",      "backed",
     "refuse",   "reject",    "predict",   "predicted", "worry",    "consider"});
// Between the noun and its verb.
constexpr auto kBetween = std::to_array<std::string_view>(
    {"who", "that", "now", "also", "still", "do", "did", "not", "really", "even", "they"});
constexpr auto kRates = std::to_array<std::string_view>({"response rate", "rate of response"});

class KindChecker : TokenChecker {
 public:
  KindChecker(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
              Diagnostics& problems)
      : TokenChecker(sources, story, passage, problems) {}

  void check() {
    for (const Tokens sentence : sentences_) {
      for (size_t at = 0; at < sentence.size(); ++at) {
        const Segment* segment = sentence[at].finding();
        if (segment == nullptr) continue;
        if (segment->verb == "mean") check_mean(sentence, at);
        if (segment->verb == "coverage") check_coverage(sentence, at);
        if (is_size(*segment)) check_size(sentence, at);
        check_pair(sentence, at);
      }
    }
  }

 private:
  [[nodiscard]] static bool is_size(const Segment& segment) {
    return segment.verb == "n" || segment.verb == "organisations" || segment.verb == "frame" ||
           segment.verb == "base";
  }
  [[nodiscard]] bool is_organisation(const Token& token) const {
    const std::string word = lowered(sources_.study.organisation_word);
    const bool one =
        word.ends_with('s') && token.is(std::string_view(word).substr(0, word.size() - 1));
    return token.is(word) || one || token.is("organisations");
  }
  [[nodiscard]] bool is_counted(const Token& token) const {
    if (token.segment != nullptr || token.is_mark()) return false;
    const wording::Counted counted = wording::noun_counts(token.text);
    return is_respondent(token) || is_organisation(token) || counted == wording::Counted::kPeople ||
           counted == wording::Counted::kOrganisations;
  }

  // "18.7 leaders", "7.2 per cent", "7.2 out of 5"
  void check_mean(Tokens tokens, size_t at) {
    const Segment& segment = *tokens[at].finding();
    const Figure& figure = *segment.figures.front();
    const Item* item = item_of(figure);
    if (item == nullptr || at + 1 >= tokens.size()) return;
    const bool percent = says_at(tokens, at + 1, "per cent") || tokens[at + 1].is("percent");
    const bool of_own = common_count(stems(tokens.subspan(at + 1, 1)), stems(words_of(*item))) > 0;
    const bool share = tokens[at + 1].is("of") && at + 2 < tokens.size() &&
                       (is_counted(tokens[at + 2]) || tokens[at + 2].is("all"));
    if (percent || share || (is_counted(tokens[at + 1]) && !of_own)) {
      const Tokens beside = tokens.subspan(at + 1, std::min<size_t>(2, tokens.size() - at - 1));
      return kind_error(
          segment,
          fmt::format("{} is a mean, and the sentence says it of '{}'", figure.id, said(beside)),
          "'a mean of {{ mean … }}'; {{ count … }} writes how many, {{ pct … }} the share");
    }
    constexpr size_t kEnd = 3;  // "out of 5"
    if (!says_at(tokens, at + 1, "out of") || at + kEnd >= tokens.size() || !item->scale_high)
      return;
    const std::string high = std::to_string(*item->scale_high);
    const Token& end = tokens[at + kEnd];
    const bool digits = end.text.find_first_not_of("0123456789") == std::string::npos;
    if (end.segment != nullptr || !digits || end.is(high)) return;
    kind_error(segment,
               fmt::format("{} is on a scale to {}, and the sentence says 'out of {}'", figure.id,
                           high, end.text),
               fmt::format("'out of {}'", high));
  }

  void kind_error(const Segment& segment, const std::string& message, std::string hint) {
    error(segment.begin, "story-kind", message, std::move(hint));
  }

  void check_coverage(Tokens tokens, size_t at) {
    const Segment& segment = *tokens[at].finding();
    const std::string& organisations = sources_.study.organisation_word;
    size_t noun = at + 1;
    while (noun < tokens.size() && noun < at + 4 && tokens[noun].segment == nullptr &&
           !is_counted(tokens[noun]) && !tokens[noun].is_mark()) {
      ++noun;
    }
    const bool of = at + 1 < tokens.size() && tokens[at + 1].is("of") && noun < tokens.size();
    const bool people = of && is_respondent(tokens[noun]) && !is_organisation(tokens[noun]);
    bool rate = false;
    for (size_t k = 0; k < at; ++k) {
      for (const std::string_view words : kRates) rate = rate || says_at(tokens, k, words);
    }
    if (people || rate) {
      return kind_error(segment,
                        fmt::format("{} is the share of all {} from which anyone answered, and the "
                                    "sentence says it of {}",
                                    segment.figures.front()->id, printable(organisations),
                                    people ? said(tokens.subspan(noun, 1)) : "the response rate"),
                        fmt::format("'{{{{ coverage }}}} of {}'", printable(organisations)));
    }
    if (of) check_opinion(tokens, at, noun);
  }

  // "75 leaders expect to leave", where 75 answered.
  void check_size(Tokens tokens, size_t at) {
    constexpr size_t kFar = 5;
    const Segment& segment = *tokens[at].finding();
    const Item* item = item_of(*segment.figures.front());
    if (segment.verb == "base" && (item == nullptr || is_of_some(*item))) return;
    size_t noun = at + 1;
    while (noun < tokens.size() && noun < at + kFar && tokens[noun].segment == nullptr &&
           !is_counted(tokens[noun]) && !tokens[noun].is_mark()) {
      ++noun;
    }
    const bool of_them = says_at(tokens, at + 1, "of them") || says_at(tokens, at + 1, "of those");
    if (of_them) noun = at + 2;
    if (noun < tokens.size() && (of_them || is_counted(tokens[noun]))) {
      check_opinion(tokens, at, noun);
    }
  }

  void check_opinion(Tokens tokens, size_t at, size_t noun) {
    size_t verb = noun + 1;
    while (verb < tokens.size() && is_any_of(tokens[verb], kBetween)) ++verb;
    if (verb >= tokens.size() || !is_any_of(tokens[verb], kOpinions)) return;
    const Segment& segment = *tokens[at].finding();
    const size_t before = finding_before(tokens, at);
    // "46 of the 75 leaders expect": the 46 do.
    if (before != kNoToken && is_part_of_pair(tokens, before, at)) return;
    kind_error(segment,
               fmt::format("{} is how many {}, not how many '{}'", segment.figures.front()->id,
                           segment.verb == "frame" ? "there are" : "took part",
                           said(tokens.subspan(noun, verb + 1 - noun))),
               "{{ count ITEM ANSWER }} writes how many gave an answer, {{ pct … }} the share");
  }

  // "46 of the 75"
  static bool is_part_of_pair(Tokens tokens, size_t part, size_t whole) {
    static constexpr auto kWords =
        std::to_array<std::string_view>({"of", "the", "all", "out", "those", "our"});
    return whole > part + 1 && tokens[part + 1].segment == nullptr &&
           (tokens[part + 1].is("of") || tokens[part + 1].is("out")) &&
           std::ranges::all_of(tokens.subspan(part + 1, whole - part - 1),
                               [](const Token& token) { return is_any_of(token, kWords); });
  }

  // A count and the number that it is said to be of.
  void check_pair(Tokens tokens, size_t at) {
    const size_t next = finding_from(tokens, at + 1);
    if (next == kNoToken || !is_part_of_pair(tokens, at, next)) return;
    const Segment& part = *tokens[at].finding();
    const Segment& whole = *tokens[next].finding();
    const Figure& of = *part.figures.front();
    const Figure& base = *whole.figures.front();
    if (part.verb != "count" && part.verb != "n" && part.verb != "organisations") return;
    if (of.wave != base.wave) {
      return kind_error(
          whole,
          fmt::format("{} is of wave {}, and {} of wave {}", of.id, of.wave, base.id, base.wave),
          "both numbers of one wave");
    }
    const bool of_frame = whole.verb == "frame";
    const bool right = part.verb == "count" ? is_base_of(of, whole)
                       : part.verb == "n"   ? whole.verb == "n" || whole.verb == "base"
                                            : of_frame || whole.verb == "organisations";
    if (right) return;
    kind_error(whole, fmt::format("{} is not of {}", of.id, base.id),
               part.verb == "count" ? fmt::format("{{{{ base {} {} }}}}", of.item, of.answer)
                                    : "organisations are of the frame: {{ organisations }} of the "
                                      "{{ frame }}");
  }

  // The base of the same item and group, or all who answered; where another count is said, of
  // those.
  static bool is_base_of(const Figure& of, const Segment& whole) {
    const Figure& base = *whole.figures.front();
    if (whole.verb == "n") return of.group.empty() && base.count >= of.count;
    if (whole.verb == "base") return of.n == base.n && of.group == base.group;
    return whole.verb == "count" && of.n == base.count;
  }
};

}  // namespace

void check_kinds(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
                 Diagnostics& problems) {
  KindChecker(sources, story, passage, problems).check();
}

}  // namespace barometer

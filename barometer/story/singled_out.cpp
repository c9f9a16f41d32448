// One person or organisation, by number or by name: "a single chair thought so" says a count of
// one, a name beside a figure says whose answer it is, and the words round a quotation may say no
// more of who spoke than they agreed to.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "barometer/base/find_word.h"
#include "barometer/base/text.h"
#include "barometer/frame/frame_names.h"
#include "barometer/story/sentence_internal.h"
#include "barometer/study/verbatim.h"
#include "barometer/wording/read.h"

namespace barometer {
namespace {

constexpr auto kAlone = std::to_array<std::string_view>({"single", "lone", "solitary", "sole"});
constexpr auto kNotOfOne = std::to_array<std::string_view>({"every", "each", "any", "no"});
constexpr auto kFew = std::to_array<std::string_view>(
    {"a pair of", "a couple of", "a handful of", "a trio of", "the only"});
// Behind them stands something else than what is single.
constexpr auto kEnds = std::to_array<std::string_view>(
    {"for", "of", "in", "to", "on", "from", "with", "by", "at", "is", "was", "and", "that"});
constexpr auto kPeople = std::to_array<std::string_view>(
    {"person", "individual", "voice", "dissenter", "soul", "colleague", "boss", "chair", "chief",
     "manager", "officer", "director"});

class SingledOutChecker : TokenChecker {
 public:
  SingledOutChecker(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
                    Diagnostics& problems)
      : TokenChecker(sources, story, passage, problems) {}

  void check() {
    for (size_t i = 0; i < sentences_.size(); ++i) {
      const Tokens sentence = sentences_[i];
      for (size_t at = 0; at < sentence.size(); ++at) check_number(sentence, at);
      for (const Token& token : sentence) {
        if (token.segment == nullptr || token.segment->verbatim == nullptr) continue;
        check_speaker(sentence, *token.segment->verbatim);
        // "Thérèse Dupont was blunt. {{ quote v1 }}"
        if (i > 0) check_named(sentences_[i - 1], *token.segment->verbatim);
        if (i + 1 < sentences_.size()) check_named(sentences_[i + 1], *token.segment->verbatim);
      }
    }
    check_names();
  }

 private:
  // ---- by number -----------------------------------------------------------------------------

  void check_number(Tokens tokens, size_t at) {
    size_t end = at;
    if (is_any_of(tokens[at], kAlone) && (at == 0 || !is_any_of(tokens[at - 1], kNotOfOne))) {
      end = at + 1;
    }
    for (const std::string_view words : kFew) {
      if (says_at(tokens, at, words))
        end = at + static_cast<size_t>(std::ranges::count(words, ' ')) + 1;
    }
    if (end == at || is_said_by_question(tokens, at)) return;
    constexpr size_t kFar = 3;
    for (size_t k = end; k < tokens.size() && k < end + kFar; ++k) {
      if (tokens[k].segment != nullptr || tokens[k].is_mark()) return;
      if (is_any_of(tokens[k], kEnds)) return;
      if (!is_one_of_them(tokens[k])) continue;
      return error(tokens[at].begin, "story-unbound",
                   fmt::format("'{}' says how many, and comes from no figure",
                               said(tokens.subspan(at, k + 1 - at))),
                   "{{ count ITEM ANSWER }}, where it may be shown");
    }
  }

  [[nodiscard]] bool is_one_of_them(const Token& token) const {
    const wording::Counted counted = wording::noun_counts(token.text);
    return is_respondent(token) || is_any_of(token, kPeople) ||
           counted == wording::Counted::kPeople || counted == wording::Counted::kOrganisations;
  }

  // ---- round a quotation ---------------------------------------------------------------------

  [[nodiscard]] static std::string typed_in(Tokens tokens) {
    std::string typed;
    for (const Token& token : tokens) {
      if (!token.is_mark())
        typed += (token.segment == nullptr ? words_alone(without_accents(token.text)) : ".") + " ";
    }
    return typed;
  }
  // Who wrote it, by the whole name or the last word of it, in a sentence beside the quotation.
  void check_named(Tokens tokens, const Verbatim& verbatim) {
    constexpr size_t kLeast = 4;
    if (verbatim.consent >= QuoteConsent::kNamed || tokens.empty()) return;
    const std::string name = words_alone(without_accents(verbatim.name));
    const std::string last = name.substr(name.rfind(' ') + 1);
    if (last.size() < kLeast || find_word(typed_in(tokens), last) == std::string::npos) return;
    error(tokens.front().begin, "story-quote",
          fmt::format("the sentence names who wrote '{}', whose consent is '{}'",
                      printable(verbatim.id), name_of(verbatim.consent)),
          "{{ quote ID }} says as much of them as they agreed to");
  }
  void check_speaker(Tokens tokens, const Verbatim& verbatim) {
    check_named(tokens, verbatim);
    const std::string typed = typed_in(tokens);
    const auto says = [&](const std::string& name) {
      const std::string words = words_alone(without_accents(name));
      return !words.empty() && find_word(typed, words) != std::string::npos;
    };
    const auto tell = [&](const std::string& what) {
      error(tokens.front().begin, "story-quote",
            fmt::format("the sentence says '{}' of who wrote '{}', whose consent is '{}'",
                        printable(what), printable(verbatim.id), name_of(verbatim.consent)),
            "{{ quote ID }} says as much of them as they agreed to");
    };
    if (verbatim.consent >= QuoteConsent::kOrganisation) return;
    if (says(verbatim.organisation)) return tell(verbatim.organisation);
    for (const std::string& place : places()) {
      if (says(place)) return tell(place);
    }
    if (verbatim.consent >= QuoteConsent::kRole) return;
    if (says(verbatim.role)) return tell(verbatim.role);
    for (const std::string& role : roles()) {
      if (says(role)) return tell(role);
    }
  }

  [[nodiscard]] const Frame* frame() const {
    const auto found = sources_.study.frames.find(sources_.wave.frame_version);
    return found == sources_.study.frames.end() ? nullptr : &found->second;
  }
  // Regions and area teams, as a word and as "northern".
  [[nodiscard]] std::set<std::string> places() const {
    constexpr size_t kShortest = 4;
    std::set<std::string> out;
    if (frame() == nullptr) return out;
    for (const Organisation& organisation : frame()->organisations()) {
      for (const std::string& name : {organisation.region, organisation.area_team}) {
        if (name.size() < kShortest) continue;
        out.insert(name);
        out.insert(name + "ern");
      }
    }
    return out;
  }
  // But for the word of everyone: "leader".
  [[nodiscard]] std::set<std::string> roles() const {
    std::set<std::string> out;
    if (frame() == nullptr) return out;
    for (const Person& person : frame()->people()) {
      if (find_word(head(), lowered(person.role)) == std::string::npos &&
          lowered(person.role) + "s" != head()) {
        out.insert(person.role);
      }
    }
    out.erase("");
    return out;
  }

  // ---- by name -------------------------------------------------------------------------------

  void check_names() {
    if (sources_.parties == nullptr) return;
    for (const Segment& segment : passage_.segments) {
      const bool plain = segment.kind == Segment::Kind::kPlain;
      const bool marked =
          segment.kind == Segment::Kind::kClaim && segment.said == StoryClaimKind::kPlain;
      if (!plain && !marked) continue;
      const std::string_view text =
          std::string_view(passage_.text).substr(segment.begin, segment.end - segment.begin);
      for (const FrameNames::Name& name : sources_.parties->all_in(text)) {
        const auto at = static_cast<size_t>(name.text.data() - text.data()) + segment.begin;
        if (is_known(name.text) || is_of_a_quote(name.text)) continue;
        if (name.whole && is_capital(name.text) && plain) {
          name_error(at, name.text);
        } else if (is_capital(name.text) && (marked || !starts_sentence(at))) {
          note(at,
               fmt::format("'{}' is of a name of the frame; beside a figure it says whose answer "
                           "it is",
                           printable(name.text)));
        }
      }
    }
  }

  void name_error(size_t at, std::string_view name) {
    error(
        at, "story-name",
        fmt::format("'{}' is a name of the frame, and the story says of no one what they answered",
                    printable(name)),
        "{{ outside \"…\" source=\"…\" }} for what is not of this survey; {{ quote ID }} for a "
        "verbatim whose consent names them");
  }

  static bool is_capital(std::string_view word) {
    return (word[0] >= 'A' && word[0] <= 'Z') || static_cast<unsigned char>(word[0]) >= 0x80;
  }
  [[nodiscard]] bool starts_sentence(size_t at) const {
    return std::ranges::any_of(
        sentences_, [&](const Tokens& sentence) { return sentence.front().begin == at; });
  }

  // Words of the study and of its places: "Schools" of "Schools Weekly", "North".
  [[nodiscard]] bool is_known(std::string_view name) const {
    const Study& study = sources_.study;
    std::string words = join(
        std::vector<std::string>{study.title, study.series, study.sponsor, study.conducted_by,
                                 study.geography, study.population_text, study.organisation_word,
                                 study.respondent_word, sources_.wave.title,
                                 sources_.wave.population_text, sources_.wave.partner},
        " . ");
    for (const Item& item : sources_.wave.questionnaire.items) words += " . " + words_of(item);
    for (const Figure& figure : sources_.ledger.figures) {
      if (!figure.group_label.empty() && figure.wave == sources_.wave.id) {
        words += " . " + figure.group_label;
      }
    }
    for (const std::string& place : places()) words += " . " + place;
    return find_word(lowered(words), lowered(name)) != std::string::npos;
  }

  // Somebody quoted in this passage who agreed to be named so.
  [[nodiscard]] bool is_of_a_quote(std::string_view name) const {
    return std::ranges::any_of(passage_.segments, [&](const Segment& segment) {
      if (segment.verbatim == nullptr) return false;
      const Verbatim& verbatim = *segment.verbatim;
      std::string words;
      if (verbatim.consent >= QuoteConsent::kOrganisation) words += verbatim.organisation + " . ";
      if (verbatim.consent == QuoteConsent::kNamed) words += verbatim.name;
      return find_word(lowered(words), lowered(name)) != std::string::npos;
    });
  }
};

}  // namespace

void check_singled_out(const StorySources& sources, const StoryTemplate& story,
                       const Passage& passage, Diagnostics& problems) {
  SingledOutChecker(sources, story, passage, problems).check();
}

}  // namespace barometer

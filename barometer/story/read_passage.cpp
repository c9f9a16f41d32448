// The finished sentences, read by the grammar of numbers.
#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "barometer/base/find_word.h"
#include "barometer/base/text.h"
#include "barometer/story/sentence_internal.h"
#include "barometer/wording/read.h"

namespace barometer {
namespace {

using wording::Form;
using wording::NumberPhrase;
using wording::TextSpan;

// Code points to bytes.
class Places {
 public:
  explicit Places(std::string_view text) {
    for (size_t i = 0; i < text.size(); ++i) {
      if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) bytes_.push_back(i);
    }
    bytes_.push_back(text.size());
  }
  [[nodiscard]] SentenceRange range(const TextSpan& span) const {
    return {bytes_.at(std::min(span.begin, bytes_.size() - 1)),
            bytes_.at(std::min(span.end, bytes_.size() - 1))};
  }

 private:
  std::vector<size_t> bytes_;
};

class PassageReader : TokenChecker {
 public:
  PassageReader(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
                Diagnostics& problems)
      : TokenChecker(sources, story, passage, problems),
        places_(passage.text),
        reading_(wording::read(passage.text)) {}

  void read() {
    for (const NumberPhrase& phrase : reading_.phrases) read_number(phrase);
    for (const wording::ChangeUse& use : wording::read_changes(passage_.text)) read_change(use);
    read_comparisons();
    read_quotations();
    read_universals();
  }

 private:
  [[nodiscard]] std::string words(const SentenceRange& range) const {
    return printable(std::string_view(passage_.text).substr(range.begin, range.end - range.begin));
  }

  void read_number(const NumberPhrase& phrase) {
    const SentenceRange number = places_.range(phrase.number);
    const Segment* whole = nullptr;  // the finding that holds the number
    const Segment* part = nullptr;   // one that holds some of it
    size_t inside = 0;               // findings that it holds: "86 of the 211"
    bool quiet = false;
    for (const Segment& segment : passage_.segments) {
      if (segment.end <= number.begin || segment.begin >= number.end) continue;
      quiet = quiet || segment.is_quiet();
      if (!segment.is_finding()) continue;
      part = &segment;
      if (segment.begin <= number.begin && segment.end >= number.end) whole = &segment;
      if (segment.begin >= number.begin && segment.end <= number.end) ++inside;
    }
    if (whole == nullptr && phrase.form == Form::kShare && inside == 2) return;
    if (whole != nullptr) {
      check_hedge(phrase, *whole);
      check_counted(phrase, *whole);
    } else if (part != nullptr && !is_out_of_scale(phrase, *part)) {
      error(number.begin, "story-number",
            fmt::format("'{}' reads as a {}, but only '{}' is a figure", words(number),
                        name_of(phrase.form), words({part->begin, part->end})),
            "a count is no percentage: write {{ pct … }}, {{ count … }} or {{ say \"…\" … }}");
    } else if (part == nullptr && !quiet) {
      unbound(phrase, number);
    }
  }

  // "5.4 out of 10", on a scale to 10.
  [[nodiscard]] bool is_out_of_scale(const NumberPhrase& phrase, const Segment& part) const {
    if (phrase.form != Form::kScore || part.verb != "mean" || part.figures.empty()) return false;
    const Item* item = item_of(*part.figures.front());
    return item != nullptr && item->scale_high && *item->scale_high == phrase.out_of;
  }

  void unbound(const NumberPhrase& phrase, const SentenceRange& number) {
    const bool harmless = phrase.form == Form::kOrdinal || phrase.form == Form::kDate ||
                          phrase.form == Form::kTime || phrase.form == Form::kLabel ||
                          phrase.form == Form::kPhone;
    const bool pronoun = phrase.form == Form::kCount && phrase.in_words &&
                         phrase.value == Ratio{1, 1} &&
                         phrase.counted == wording::Counted::kUnknown;
    if (harmless || pronoun) return;
    const bool vague =
        phrase.quantifier != nullptr && phrase.quantifier->part == wording::Part::kVague;
    if (vague) {
      note(number.begin, fmt::format("'{}' says a number that nothing can test",
                                     words(places_.range(phrase.span))));
      return;
    }
    const bool says_share = phrase.form == Form::kQuantifier || phrase.is_share();
    error(places_.range(phrase.span).begin, "story-unbound",
          fmt::format("'{}' comes from no figure", words(places_.range(phrase.span))),
          same_figures(phrase) +
              (says_share
                   ? "{{ pct … }}, {{ say \"…\" ITEM ANSWER }}, or {{ outside \"…\" source=\"…\" }}"
                   : "{{ count … }}, {{ n }}, …, or {{ outside \"…\" source=\"…\" }}"));
  }

  // The references that write this number, for who typed it.
  [[nodiscard]] std::string same_figures(const NumberPhrase& phrase) const {
    constexpr size_t kMost = 3;
    std::vector<std::string> out;
    for (const Figure& figure : sources_.ledger.figures) {
      const bool here = figure.wave == sources_.wave.id && figure.group.empty() &&
                        figure.unit == name_of(Unit::kRespondent) && !figure.item.empty();
      const bool percent = figure.kind == FigureKind::kPercent && phrase.form == Form::kPercent;
      const bool mean = figure.kind == FigureKind::kMean &&
                        (phrase.form == Form::kScore || phrase.form == Form::kDecimal);
      if (!here || (!percent && !mean) || out.size() == kMost) continue;
      const auto printed = parse_decimal(figure.printed);
      if (!printed || printed->ratio() != phrase.value) continue;
      out.push_back(percent ? fmt::format("{{{{ pct {} {} }}}}", figure.item, figure.answer)
                            : fmt::format("{{{{ mean {} }}}}", figure.item));
    }
    return out.empty() ? "" : fmt::format("{} prints so; else ", join(out, " or "));
  }

  // "nearly" before a figure must be true of it.
  void check_hedge(const NumberPhrase& phrase, const Segment& segment) {
    const SentenceRange number = places_.range(phrase.number);
    const SentenceRange span = places_.range(phrase.span);
    if (span.begin >= number.begin || segment.figures.empty()) return;
    const Segment* at = passage_.segment_at(span.begin);
    if (at == nullptr || at->is_finding() || at->is_quiet()) return;
    const SentenceRange hedge{span.begin, number.begin};
    if (phrase.hedge->for_editor) {
      note(hedge.begin, fmt::format("'{}' is a judgement; an editor must stand behind it",
                                    trimmed(words(hedge))));
    }
    const Rounding rounding = sources_.study.print.rounding;
    const Figure& figure = *segment.figures.front();
    KnownValue known = known_value(figure, rounding);
    if (figure.kind == FigureKind::kChange && known.high < Ratio{0, 1}) {
      known = {{-known.high.numerator, known.high.denominator},
               {-known.low.numerator, known.low.denominator}};
    }
    // A count or a base was written exactly.
    const bool counts = phrase.form == Form::kCount && figure.kind == FigureKind::kPercent;
    if (counts) known = {phrase.value, phrase.value};
    if (wording::is_true(phrase, known.low) != wording::Truth::kFalse &&
        wording::is_true(phrase, known.high) != wording::Truth::kFalse)
      return;
    std::string sentence = passage_.text;
    const SentenceRange range = passage_.sentence_of(span.begin);
    sentence = sentence.substr(range.begin, range.end - range.begin);
    sentence.erase(span.begin - range.begin, number.begin - span.begin);
    error(hedge.begin, "story-untrue",
          fmt::format("'{}' is not true of {}: {}", words(span), figure.id,
                      value_words(figure, rounding)),
          fmt::format("true would be: {}", trimmed(sentence)));
  }

  // "94 CCGs" for 94 people.
  void check_counted(const NumberPhrase& phrase, const Segment& segment) {
    if (segment.figures.empty() || phrase.form != Form::kCount) return;
    const Figure& figure = *segment.figures.front();
    const bool people = figure.unit == name_of(Unit::kRespondent);
    const bool said_organisations = phrase.counted == wording::Counted::kOrganisations;
    const bool said_people = phrase.counted == wording::Counted::kPeople;
    if (people ? !said_organisations : !said_people) return;
    error(segment.begin, "story-unit",
          fmt::format("'{}' is a number of {}", words({segment.begin, segment.end}), figure.unit),
          people ? "{{ organisations }} is the number of organisations"
                 : "{{ n }} is the number of respondents");
  }

  [[nodiscard]] bool is_in_phrase(size_t byte) const {
    return std::ranges::any_of(reading_.phrases, [&](const NumberPhrase& phrase) {
      const SentenceRange span = places_.range(phrase.span);
      return byte >= span.begin && byte < span.end;
    });
  }

  [[nodiscard]] bool is_quoted(size_t byte) const {
    return std::ranges::any_of(reading_.normal.quotations, [&](const wording::ByteRange& quote) {
      if (quote.end <= quote.begin) return false;
      const SentenceRange range = places_.range(reading_.normal.span(quote.begin, quote.end));
      return byte >= range.begin && byte < range.end;
    });
  }

  // "Drop a subject": the question's own words change nothing.
  [[nodiscard]] bool is_of_question(size_t byte) const {
    for (const Tokens sentence : sentences_) {
      for (size_t at = 0; at < sentence.size(); ++at) {
        if (sentence[at].begin <= byte && byte < sentence[at].end) {
          return is_said_by_question(sentence, at);
        }
      }
    }
    return false;
  }

  // Plain text, in a headline or beside a figure.
  [[nodiscard]] bool is_claiming(size_t byte) const {
    const Segment* segment = passage_.segment_at(byte);
    if (segment == nullptr || segment->kind != Segment::Kind::kPlain) return false;
    if (is_quoted(byte) || is_in_phrase(byte)) return false;
    return passage_.heading || passage_.has_finding(passage_.sentence_of(byte));
  }

  void read_change(const wording::ChangeUse& use) {
    const SentenceRange range = places_.range(use.span);
    if (!is_claiming(range.begin) || is_of_question(range.begin)) return;
    error(range.begin, "story-unguarded",
          fmt::format("'{}' stands beside a figure, and no test stands behind it", words(range)),
          "{{ change ITEM ANSWER since WAVE as \"…\" }}, {{ compare … with … as \"…\" }}, or "
          "{{ plain \"…\" why=\"…\" }} where it claims nothing");
  }

  // "fewer leaders", "more … than": comparisons without a number.
  void read_comparisons() {
    std::vector<std::string> nouns = {"leaders", "respondents", "people", "organisations", "groups",
                                      "of",      "said",        "say",    "agreed"};
    nouns.push_back(lowered(sources_.study.organisation_word));
    nouns.push_back(lowered(split(sources_.study.respondent_word, ' ').front()));
    for (size_t at = 0; at < text_.size();) {
      const size_t end = word_end(text_, at);
      if (end == at) {
        ++at;
        continue;
      }
      const std::string word = text_.substr(at, end - at);
      const std::string next = next_word(text_, end);
      const bool quantity = word == "more" || word == "less";
      const bool found =
          word == "than" || word == "fewer" || (quantity && std::ranges::count(nouns, next) > 0);
      const bool own = word != "than" && is_of_question(at);
      if (found && !own && is_claiming(at)) {
        error(at, "story-unguarded",
              fmt::format("'{}' compares, and no test stands behind it", words({at, end})),
              "{{ compare ITEM ANSWER with ITEM ANSWER as \"more than\" }}");
      }
      at = end;
    }
  }

  [[nodiscard]] bool is_typed(size_t byte) const {
    const Segment* segment = passage_.segment_at(byte);
    return segment != nullptr && segment->kind == Segment::Kind::kPlain;
  }

  // Somebody's words that no consent stands behind.
  void read_quotations() {
    for (const wording::ByteRange& quote : reading_.normal.quotations) {
      if (quote.end <= quote.begin) continue;
      const SentenceRange range = places_.range(reading_.normal.span(quote.begin, quote.end));
      if (is_typed(range.begin)) read_quotation(range);
    }
    const bool typed =
        std::ranges::none_of(tokens_, [](const Token& token) { return token.segment != nullptr; });
    if (passage_.quotation && typed) read_quotation({0, passage_.text.size()});
  }

  void read_quotation(const SentenceRange& range) {
    const std::string said =
        words_alone(std::string_view(passage_.text).substr(range.begin, range.end - range.begin));
    const bool few = std::ranges::count(said, ' ') + 1 < kWordsOfAQuote;
    if (said.empty()) return;
    for (const Wave& wave : sources_.study.waves) {
      for (const Verbatim& verbatim : wave.verbatims) {
        const std::string words = words_alone(verbatim.text);
        const bool whole = words == said;
        const bool part = !few && (" " + words + " ").find(" " + said + " ") != std::string::npos;
        if (whole || part) return quotes(range, wave, verbatim);
      }
    }
    if (few) return;  // a name or a term
    note(range.begin, fmt::format("'{}' is quoted by hand; {{{{ quote ID }}}} knows what its "
                                  "author agreed to",
                                  words(range)));
  }
  void quotes(const SentenceRange& range, const Wave& wave, const Verbatim& verbatim) {
    if (is_refused(sources_.study, wave, verbatim)) {
      return error(
          range.begin, "story-quote",
          fmt::format("'{}' are words of verbatim '{}' of wave {}, which may not be quoted",
                      words(range), printable(verbatim.id), wave.id),
          "take them out; {{ quote ID }} says why");
    }
    note(range.begin,
         fmt::format("'{}' is verbatim '{}' typed by hand; {{{{ quote {} }}}} says as much of its "
                     "author as they agreed to",
                     words(range), printable(verbatim.id), printable(verbatim.id)));
  }

  // "All leaders are worried" says 100 per cent, and "no leader" none.
  void read_universals() {
    const std::string head = split(lowered(sources_.study.respondent_word), ' ').back();
    const std::string one = head.ends_with('s') ? head.substr(0, head.size() - 1) : head;
    const std::vector<std::string> universals = {"all " + head,         "all of the " + head,
                                                 "all the " + head,     "every " + one,
                                                 "every one of",        "each of the " + head,
                                                 "none of the " + head, "no " + one,
                                                 "everybody",           "nobody"};
    for (const std::string& said : universals) {
      for (size_t at = find_word(text_, said); at != std::string::npos;
           at = find_word(text_, said, at + 1)) {
        if (!is_typed(at) || is_quoted(at)) continue;
        note(at, fmt::format("'{}' speaks of everyone, and nothing tests it",
                             words({at, at + said.size()})));
      }
    }
  }

  static size_t word_end(const std::string& text, size_t at) {
    while (at < text.size() && std::isalpha(static_cast<unsigned char>(text[at])) != 0) ++at;
    return at;
  }
  static std::string next_word(const std::string& text, size_t at) {
    while (at < text.size() && text[at] == ' ') ++at;
    return text.substr(at, word_end(text, at) - at);
  }

  Places places_;
  wording::Reading reading_;
};

}  // namespace

void read_passage(const StorySources& sources, const StoryTemplate& story, const Passage& passage,
                  Diagnostics& problems) {
  PassageReader(sources, story, passage, problems).read();
}

}  // namespace barometer

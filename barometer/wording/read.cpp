#include "barometer/wording/read.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <optional>

#include "barometer/base/result.h"
#include "barometer/wording/read_internal.h"
#include "barometer/wording/vocabulary_internal.h"

namespace barometer::wording {
namespace {

constexpr size_t kWordsLooked = 6;  // how far words belong to a number

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word_byte(char c) {
  return is_letter(c) || is_digit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_plural(std::string_view word) {
  return word.size() > 3 && word.ends_with('s') && !word.ends_with("ss") && !word.ends_with("us") &&
         !word.ends_with("is");
}

bool any_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view w) { return is_word(word, w); });
}

// The words beside a place in the text, as far as one clause goes.
class Neighbours {
 public:
  explicit Neighbours(std::string_view text) : text_(text) {}

  // The word before byte `at`, with only blanks and hyphens between; its beginning goes to `at`.
  [[nodiscard]] std::string_view before(size_t& at) const {
    size_t end = at;
    while (end > 0 && at - end < 8 && (is_blank(text_[end - 1]) || text_[end - 1] == '-')) --end;
    const std::string_view word = last_word(text_, end);
    at = end - word.size();
    return word;
  }
  [[nodiscard]] std::string_view before_once(size_t at) const { return before(at); }
  // The word after byte `at`; its end goes to `at`. Commas are passed over in lists of nouns.
  [[nodiscard]] std::string_view after(size_t& at, bool over_commas = false) const {
    size_t begin = at;
    while (begin < text_.size() && begin - at < 8 &&
           (is_blank(text_[begin]) || (over_commas && text_[begin] == ','))) {
      ++begin;
    }
    const std::string_view word = first_word(text_.substr(begin));
    at = begin + word.size();
    return word;
  }
  [[nodiscard]] std::string_view after_once(size_t at) const { return after(at); }
  // Is a word of the classes among the `count` words before?
  [[nodiscard]] bool has_before(size_t at, uint32_t classes, size_t count) const {
    for (size_t i = 0; i < count; ++i) {
      const std::string_view word = before(at);
      if (word.empty()) return false;
      if ((look_up(word).classes & classes) != 0) return true;
    }
    return false;
  }
  [[nodiscard]] Counted counted(size_t at, bool singular) const;
  [[nodiscard]] bool starts_sentence(size_t at) const;
  [[nodiscard]] bool is_in_condition(size_t at) const;

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }
  std::string_view text_;
};

Counted kind_of(uint32_t classes) {
  if ((classes & kPeopleNoun) != 0) return Counted::kPeople;
  if ((classes & kOrganisationNoun) != 0) return Counted::kOrganisations;
  if ((classes & kAnswerNoun) != 0) return Counted::kAnswers;
  return (classes & kThingNoun) != 0 ? Counted::kThings : Counted::kUnknown;
}

// The noun of "273 CCG managerial, clinical and financial leads".
Counted Neighbours::counted(size_t at, bool singular) const {
  Counted found = Counted::kUnknown;
  for (size_t i = 0; i < kWordsLooked; ++i) {
    const std::string_view word = after(at, i > 0);
    if (word.empty()) break;
    const uint32_t classes = look_up(word).classes;
    const bool ends = (classes & (kFunction | kVerb)) != 0;
    const bool of_this_number =
        singular || word.ends_with('s') || any_of(word, {"people", "men", "women", "children"});
    if ((classes & kNoun) != 0 && of_this_number) return kind_of(classes);
    if (ends && !is_word(word, "and")) break;
    if (is_plural(word) && found == Counted::kUnknown) found = Counted::kThings;
  }
  return found;
}

bool Neighbours::starts_sentence(size_t at) const {
  size_t i = at;
  while (i > 0 && at - i < 16) {
    const char c = text_[i - 1];
    if (c == '\n' || c == '.' || c == '!' || c == '?') return true;
    if (c != ' ' && c != '"' && c != '\'' && c != '(') return false;
    --i;
  }
  return i == 0;
}

// "Where a group had under ten answers": between the beginning of the clause and here.
bool Neighbours::is_in_condition(size_t at) const {
  for (size_t i = 0; i < 2 * kWordsLooked; ++i) {
    const std::string_view word = before(at);
    if (word.empty()) return false;
    if ((look_up(word).classes & kCondition) != 0) return true;
  }
  return false;
}

bool is_year(const ReadNumber& n) {
  return n.plain_digits && n.digit_count == 4 && n.value.numerator >= 1800 &&
         n.value.numerator < 2100;
}
bool is_one_in_words(const ReadPhrase& p) {
  return p.number_count == 1 && p.numbers[0].in_words && p.numbers[0].value == Ratio{1, 1};
}

// What the sentence round a phrase says about it. Each `judge_` may change the form; false: no
// number.
class Judge {
 public:
  explicit Judge(std::string_view text) : text_(text), near_(text) {}

  bool keep(ReadPhrase& p) const {
    switch (p.form) {
      case Form::kQuantifier:
        return judge_quantifier(p);
      case Form::kCount:
        return judge_count(p);
      case Form::kRange:
        judge_range(p);
        return true;
      case Form::kFraction:
        judge_fraction(p);
        return true;
      case Form::kShare:
        if (says_score(p) && !says_in(p)) p.form = Form::kScore;
        return true;
      case Form::kMultiple:
        if (any_of(near_.after_once(p.end), {"a", "per", "each", "every", "weekly", "yearly"})) {
          p.form = Form::kMeasure;
        }
        return true;
      default:
        return true;
    }
  }
  [[nodiscard]] const Neighbours& near() const { return near_; }

 private:
  [[nodiscard]] bool says_score(const ReadPhrase& p) const {
    return near_.has_before(p.begin, kScoreWord, 4);
  }

  // "rated one in three schools poor" is a share; "rated it four out of five" is a score.
  [[nodiscard]] bool says_in(const ReadPhrase& p) const {
    return text_.substr(p.begin, p.end - p.begin).find(" in ") != std::string_view::npos;
  }
  // "No respondent", "not a single leader": words that count only before people.
  static bool needs_noun(std::string_view words) {
    return words == "no" || words == "not one" || words == "not a single";
  }
  // A noun for people or organisations, singular or plural, at most one word away.
  [[nodiscard]] bool names_answerers(size_t at) const {
    constexpr uint32_t kAnswerers = kPeopleNoun | kOrganisationNoun;
    const std::string_view first = near_.after(at);
    if ((look_up(first).classes & kAnswerers) != 0) return true;
    if (first.empty() || (look_up(first).classes & (kFunction | kVerb)) != 0) return false;
    return (look_up(near_.after_once(at)).classes & kAnswerers) != 0;
  }
  bool judge_quantifier(ReadPhrase& p) const {
    const std::string_view words = p.quantifier->words;
    const std::string_view previous = near_.before_once(p.begin);
    const std::string_view next = near_.after_once(p.end);
    if (p.quantifier->part == Part::kNone) {
      const bool of = words != "no" && is_word(next, "of");  // "Not one of the leaders"
      if (needs_noun(words) && !of && !names_answerers(p.end)) return false;
      p.form = Form::kCount;
      p.numbers[0] = {.value = {0, 1}, .in_words = true};
      p.number_count = 1;
      return true;
    }
    if (words == "most") {
      if (any_of(previous, {"the", "at", "a", "its", "their", "our", "his", "her", "my", "your"})) {
        return false;
      }
      return is_word(next, "of") || near_.counted(p.end, false) != Counted::kUnknown;
    }
    if (words == "many" || words == "few" || words == "several") {
      return !any_of(previous, {"how", "so", "as", "too", "the", "very", "not"});
    }
    return true;
  }

  bool judge_count(ReadPhrase& p) const {
    const ReadNumber& n = p.numbers[0];
    if (p.is_between) {
      judge_range(p);
      if (p.form == Form::kRange) p.form = Form::kCount;
      return true;
    }
    const Counted noun = near_.counted(p.end, n.value == Ratio{1, 1});
    if (is_one_in_words(p) && !is_count_of_one(p, noun)) return false;
    if (is_year(n) && judge_year(p, noun)) return true;
    if (n.places > 0 || n.value.denominator != 1) {
      p.form = says_score(p) ? Form::kScore : Form::kDecimal;
      return true;
    }
    if (noun == Counted::kUnknown && n.value <= Ratio{10, 1} && says_score(p)) {
      p.form = Form::kScore;
      return true;
    }
    if (noun == Counted::kUnknown && n.in_words && follows_label(p)) p.form = Form::kLabel;
    const bool bounded = p.hedge != nullptr && p.hedge->relation != Relation::kIs;
    if (bounded && near_.is_in_condition(p.begin)) p.form = Form::kThreshold;
    return true;
  }
  // "one" is a pronoun more often than a count.
  [[nodiscard]] bool is_count_of_one(const ReadPhrase& p, Counted noun) const {
    if (p.hedge != nullptr && (p.hedge->for_editor || p.hedge->relation != Relation::kIs))
      return true;
    const std::string_view next = near_.after_once(p.end);
    if (is_word(next, "said")) return true;
    return noun != Counted::kUnknown && noun != Counted::kThings &&
           (look_up(next).classes & kFunction) == 0;
  }
  // True: a date. "In 2012 leaders said" is one, "2012 leaders said" is not.
  bool judge_year(ReadPhrase& p, Counted noun) const {
    const std::string_view previous = near_.before_once(p.begin);
    const bool dated = (look_up(previous).classes & kBeforeDate) != 0;
    const bool counts = noun == Counted::kPeople || noun == Counted::kOrganisations ||
                        noun == Counted::kAnswers || p.hedge != nullptr;
    if (counts && noun != Counted::kUnknown && (!dated || p.hedge != nullptr)) return false;
    p.form = Form::kDate;
    return true;
  }
  [[nodiscard]] bool follows_label(const ReadPhrase& p) const {
    const std::string_view previous = near_.before_once(p.begin);
    return (look_up(previous).classes & kLabelWord) != 0 && !any_of(previous, {"no", "note"});
  }

  void judge_range(ReadPhrase& p) const {
    if (is_year(p.numbers[0]) && is_year(p.numbers[1])) {
      p.form = Form::kDate;
      return;
    }
    const std::string_view next = near_.after_once(p.end);
    if (says_score(p) || any_of(next, {"scale", "rating"})) {
      p.form = Form::kScale;
      return;
    }
    const Counted noun = near_.counted(p.end, false);
    if (noun == Counted::kPeople || noun == Counted::kOrganisations || noun == Counted::kAnswers) {
      p.form = Form::kCount;
    }
  }
  void judge_fraction(ReadPhrase& p) const {
    const std::string_view previous = near_.before_once(p.begin);
    const bool of_a_period = (look_up(previous).classes & kOrdinalWord) != 0 ||
                             any_of(previous, {"latter", "final", "last", "this", "next", "each",
                                               "every", "per", "previous", "current"});
    if (of_a_period) p.form = Form::kOrdinal;
  }

  std::string_view text_;
  Neighbours near_;
};

class Scanner {
 public:
  explicit Scanner(const NormalText& normal) : normal_(normal), text_(normal.text), judge_(text_) {}

  std::vector<NumberPhrase> run() {
    for (size_t at = 0; at < text_.size();) at = step(at);
    share_units();
    std::vector<NumberPhrase> phrases;
    phrases.reserve(found_.size());
    for (size_t i = 0; i < found_.size(); ++i) {
      const NumberPhrase phrase = finished(i);
      // "0/½" is 0/1 and then a 2, which is the same code point: nothing of its own to show.
      if (!phrases.empty() && phrase.span.begin < phrases.back().span.end) continue;
      phrases.push_back(phrase);
    }
    return phrases;
  }

 private:
  size_t step(size_t at) {
    const char c = text_[at];
    if (is_letter(c)) return step_word(at);
    const bool opens = is_digit(c) || c == '$' || starts(at, "\xC2\xA3") ||
                       starts(at, "\xE2\x82\xAC") ||
                       (c == '+' && at + 1 < text_.size() && is_digit(text_[at + 1]));
    if (opens) {
      if (const size_t end = try_phrase(at); end > at) return end;
    }
    return is_word_byte(c) ? std::max(end_of_word(at), at + 1) : at + 1;
  }
  size_t step_word(size_t at) {
    const std::string_view word = first_word(text_.substr(at));
    const size_t end = at + word.size();
    if (starts(end, "://") || (is_word(word, "www") && starts(end, "."))) {
      return std::min(text_.find_first_of(" \n\t", end), text_.size());
    }
    if ((look_up(word).classes & kStart) != 0) {
      if (const size_t after = try_phrase(at); after > at) return after;
    }
    return end_of_word(end);
  }
  [[nodiscard]] bool starts(size_t at, std::string_view what) const {
    return text_.substr(std::min(at, text_.size())).starts_with(what);
  }
  // Past the letters and digits that belong to the same name ("Q5", "café").
  [[nodiscard]] size_t end_of_word(size_t at) const {
    while (at < text_.size() && is_word_byte(text_[at]) && !starts(at, "\xC2\xA3")) ++at;
    return at;
  }
  // Written onto a word: the 19 of Covid-19, the 24 of example.org/24.
  [[nodiscard]] bool is_attached(size_t at) const {
    if (at < 2) return false;
    const char joint = text_[at - 1];
    const bool after_word = is_word_byte(text_[at - 2]);
    if (joint == '#' || joint == '@') return true;
    return after_word && (joint == '-' || joint == '.' || (joint == '/' && is_digit(text_[at])));
  }

  // The end of the phrase that begins here, or `at`.
  size_t try_phrase(size_t at) {
    std::optional<ReadPhrase> phrase = parse_phrase(text_, at);
    if (!phrase) return at;
    if (is_attached(at) && phrase->form != Form::kPercent && phrase->form != Form::kMoney) {
      if (!is_digit(text_[at])) return at;
      phrase->form = is_year(phrase->numbers[0]) ? Form::kDate : Form::kLabel;
    }
    if (!judge_.keep(*phrase)) return at;
    found_.push_back(*phrase);
    return phrase->end;
  }

  // "from 40 to 45 per cent", "35, 36 and 42 per cent": a number without a unit takes its
  // neighbour's; and "63 per cent, up from 58".
  void share_units() {
    elliptical_.assign(found_.size(), false);
    for (size_t i = found_.size(); i-- > 1;) {
      ReadPhrase& first = found_[i - 1];
      const ReadPhrase& second = found_[i];
      if (second.form != Form::kPercent || !is_bare(first)) continue;
      if (is_word(judge_.near().before_once(first.begin), "the")) continue;  // "of the 52, 27%"
      const std::string_view between = text_.substr(first.end, second.begin - first.end);
      if (between == " to " || between == " and " || between == " or " || between == ", ") {
        take_unit(i - 1);
      }
    }
    for (size_t i = 1; i < found_.size(); ++i) {
      if (found_[i - 1].form != Form::kPercent || !is_bare(found_[i])) continue;
      const size_t gap = found_[i].begin - found_[i - 1].end;
      const std::string_view between = text_.substr(found_[i - 1].end, gap);
      if (gap > 60 || between.find_first_of(".;\n") != std::string_view::npos) continue;
      const bool counted = i + 1 < found_.size() && found_[i + 1].form == Form::kPercent &&
                           text_.substr(found_[i].end, found_[i + 1].begin - found_[i].end) == " (";
      if (counted) continue;  // "against 11 (24 per cent)"
      const std::string_view next = judge_.near().after_once(found_[i].end);
      const bool stands_alone =
          next.empty() || (look_up(next).classes & (kFunction | kUp | kDown)) != 0;
      if (stands_alone &&
          any_of(judge_.near().before_once(found_[i].begin), {"from", "to", "against", "with"})) {
        take_unit(i);
      }
    }
  }
  [[nodiscard]] bool is_bare(const ReadPhrase& p) const {
    const bool number = p.form == Form::kCount || p.form == Form::kDecimal;
    return number && !p.is_between && p.number_count == 1 &&
           judge_.near().counted(p.end, false) == Counted::kUnknown &&
           p.numbers[0].value <= Ratio{100, 1} && p.quantifier == nullptr;
  }
  void take_unit(size_t i) {
    found_[i].form = Form::kPercent;
    elliptical_[i] = true;
  }

  [[nodiscard]] int sign_before(const ReadPhrase& p) const {
    const size_t at = p.number_begin;
    if (at == 0 || (text_[at - 1] != '+' && text_[at - 1] != '-')) return 0;
    const bool free =
        at == 1 || text_[at - 2] == ' ' || text_[at - 2] == '(' || text_[at - 2] == '\n';
    return !free ? 0 : text_[at - 1] == '-' ? -1 : 1;
  }
  [[nodiscard]] int direction(const ReadPhrase& p) const {
    if (const int sign = sign_before(p); sign != 0) return sign;
    if (p.form != Form::kPoints) return 0;
    const uint32_t after = look_up(judge_.near().after_once(p.end)).classes;
    if ((after & (kDown | kUp)) != 0) return (after & kDown) != 0 ? -1 : 1;
    if (judge_.near().has_before(p.begin, kDown, 3)) return -1;
    return judge_.near().has_before(p.begin, kUp, 3) ? 1 : 0;
  }
  void set_values(const ReadPhrase& p, NumberPhrase& out) const {
    if (p.number_count == 0) return;
    out.value = p.numbers[0].value;
    out.places = p.numbers[0].places;
    out.in_words = p.numbers[0].in_words;
    if (p.is_between && p.number_count > 1) {
      out.upper = p.numbers[1].value;
      out.has_upper = true;
    }
    if ((p.form == Form::kShare || p.form == Form::kScore) && p.number_count > 1) {
      out.out_of = p.numbers[1].value.numerator;
      if (p.form == Form::kShare) out.value = {out.value.numerator, out.out_of};
    }
  }
  [[nodiscard]] NumberPhrase finished(size_t i) const {
    const ReadPhrase& p = found_[i];
    NumberPhrase out{.span = normal_.span(p.begin, p.end),
                     .number = normal_.span(p.number_begin, p.end),
                     .form = p.form,
                     .value = {},
                     .upper = {},
                     .hedge = p.hedge != nullptr ? p.hedge : &no_hedge(),
                     .quantifier = p.quantifier,
                     .direction = direction(p),
                     .typo = p.typo,
                     .quoted = normal_.is_quoted(p.begin),
                     .starts_sentence = judge_.near().starts_sentence(p.begin),
                     .elliptical = elliptical_[i],
                     .is_remainder = p.is_remainder,
                     .for_editor = p.for_editor};
    set_values(p, out);
    if (p.form == Form::kCount || p.form == Form::kThreshold) {
      out.counted = judge_.near().counted(p.end, out.value == Ratio{1, 1});
    }
    return out;
  }

  const NormalText& normal_;
  std::string_view text_;
  Judge judge_;
  std::vector<ReadPhrase> found_;
  std::vector<bool> elliptical_;
};

}  // namespace

Counted noun_counts(std::string_view word) { return kind_of(look_up(word).classes); }

std::string_view name_of(Form form) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"percent", "fraction", "share", "count", "points", "score", "decimal", "multiple",
       "quantifier", "ordinal", "date", "time", "money", "range", "measure", "scale", "threshold",
       "phone", "label"});
  return kNames.at(static_cast<size_t>(form));
}

bool is_result(Form form) { return form < Form::kOrdinal; }

bool NumberPhrase::is_share() const {
  return form == Form::kPercent || form == Form::kFraction || form == Form::kShare;
}

Ratio NumberPhrase::percent() const {
  CHECK(is_share(), "a number in percent is a share of something");
  return form == Form::kPercent ? value : Ratio{100 * value.numerator, value.denominator};
}

Measure NumberPhrase::measure() const {
  if (form == Form::kFraction || form == Form::kShare) return Measure::kFraction;
  return form == Form::kCount ? Measure::kCount : Measure::kPercent;
}

Truth is_true(const NumberPhrase& phrase, const Ratio& actual, std::span<const Ratio> others) {
  if (phrase.quantifier != nullptr && phrase.form == Form::kQuantifier) {
    return is_true(*phrase.quantifier, actual, others);
  }
  if (!is_result(phrase.form) || phrase.form == Form::kMultiple) return Truth::kUnknown;
  const Ratio stated = phrase.is_share() ? phrase.percent() : phrase.value;
  const bool holds = phrase.has_upper
                         ? stated <= actual && actual <= phrase.upper
                         : is_true(*phrase.hedge, phrase.measure(), stated, phrase.places, actual);
  return holds ? Truth::kTrue : Truth::kFalse;
}

Reading read(std::string_view utf8) {
  constexpr size_t kMostBytes = 0xFFFFFFFF;
  Reading reading{normalise(utf8.substr(0, kMostBytes)), {}};
  reading.phrases = Scanner(reading.normal).run();
  return reading;
}

std::vector<NumberPhrase> read_numbers(std::string_view utf8) { return read(utf8).phrases; }

std::vector<ChangeUse> read_changes(std::string_view utf8) {
  const NormalText normal = normalise(utf8);
  std::vector<ChangeUse> uses;
  for (size_t at = 0; at < normal.text.size();) {
    const std::string_view word = first_word(std::string_view(normal.text).substr(at));
    if (word.empty()) {
      ++at;
      continue;
    }
    std::string lower(word.substr(0, 24));
    std::ranges::transform(lower, lower.begin(), [](char c) {
      return static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    });
    const bool whole = word.size() <= 24;
    if (const ChangeWord* row = whole ? find_change_word(lower) : nullptr) {
      uses.push_back({normal.span(at, at + word.size()), row});
    }
    at += word.size();
  }
  return uses;
}

}  // namespace barometer::wording

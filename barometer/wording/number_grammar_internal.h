// The rules of a number in words or digits, and what every rule of number phrases is made of: rules
// that take words through the tables of vocabulary.cpp into the phrase being read. Included by
// read_grammar.cpp only.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include <tao/pegtl.hpp>

#include "barometer/base/decimal.h"
#include "barometer/wording/read_internal.h"
#include "barometer/wording/vocabulary_internal.h"

namespace barometer::wording::rules {

namespace pegtl = tao::pegtl;

inline constexpr int64_t kLargest = 1'000'000'000'000'000;  // numbers above are not read
inline constexpr int kMostPlaces = 6;

struct State : ReadPhrase {
  std::string_view text;  // the whole text

  template <class Input>
  [[nodiscard]] size_t offset(const Input& in) const {
    return static_cast<size_t>(in.current() - text.data());
  }
  [[nodiscard]] const ReadNumber& last() const { return numbers.at(number_count - 1); }
  bool push(const ReadNumber& number) {
    if (number_count == numbers.size()) return false;
    numbers.at(number_count++) = number;
    return true;
  }
  // A word of a number: adds it up as people say it.
  bool take(uint32_t word_class, int64_t number);
};

inline bool State::take(uint32_t word_class, int64_t number) {
  switch (word_class) {
    case kUnit:
    case kTeen:
    case kTens:
      part += number;
      return true;
    case kHundred:
      part = std::max<int64_t>(part, 1) * 100;
      return part < 10'000;
    case kDozen:
      part = std::max<int64_t>(part, 1) * 12;
      return true;
    case kThousands:
      if (last_scale != 0 && number >= last_scale) return false;
      last_scale = number;
      total += std::max<int64_t>(part, 1) * number;
      part = 0;
      return total < kLargest;
    default:
      return true;
  }
}

inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

inline bool push_digits(State& state, std::string_view printed) {
  ReadNumber read;
  read.plain_digits = true;
  int64_t value = 0;
  for (const char c : printed) {
    if (c == ',' || c == '.') {
      read.plain_digits = false;
      continue;
    }
    if (value >= kLargest / 10) return false;
    value = value * 10 + (c - '0');
    ++read.digit_count;
  }
  const size_t point = printed.find('.');
  if (point != std::string_view::npos) read.places = static_cast<int>(printed.size() - point - 1);
  if (read.places > kMostPlaces) return false;
  read.value = Decimal{value, read.places}.ratio();
  return state.push(read);
}

// A rule that looks at the state: Check::ok(state) without taking anything.
template <class Check>
struct If {
  using rule_t = If;
  using subs_t = pegtl::empty_list;
  template <pegtl::apply_mode, pegtl::rewind_mode, template <class...> class,
            template <class...> class, class Input>
  static bool match(Input& in, State& state) {
    return Check::ok(state, state.offset(in));
  }
};

// Does something to the state; always matches.
template <class Effect>
struct Do {
  using rule_t = Do;
  using subs_t = pegtl::empty_list;
  template <pegtl::apply_mode, pegtl::rewind_mode, template <class...> class,
            template <class...> class, class Input>
  static bool match(Input&, State& state) {
    Effect::apply(state);
    return true;
  }
};
template <Form kForm>
struct SetForm {
  static void apply(State& state) { state.form = kForm; }
};
template <Form kForm>
struct Is : Do<SetForm<kForm>> {};

// Rule, or the state as it was.
template <class... Rules>
struct Undo {
  using rule_t = Undo;
  using subs_t = pegtl::type_list<pegtl::seq<Rules...>>;
  template <pegtl::apply_mode A, pegtl::rewind_mode, template <class...> class Action,
            template <class...> class Control, class Input>
  static bool match(Input& in, State& state) {
    const State before = state;
    if (pegtl::match<pegtl::seq<Rules...>, A, pegtl::rewind_mode::required, Action, Control>(
            in, state)) {
      return true;
    }
    state = before;
    return false;
  }
};
template <class... Rules>
struct Maybe : pegtl::opt<Undo<Rules...>> {};

// A whole word of the class.
template <uint32_t kClass>
struct WordOf {
  using rule_t = WordOf;
  using subs_t = pegtl::empty_list;
  template <pegtl::apply_mode, pegtl::rewind_mode, template <class...> class,
            template <class...> class, class Input>
  static bool match(Input& in, State& state) {
    const std::string_view word = first_word({in.current(), in.size()});
    if (word.empty() || (in.size() > word.size() && is_digit(in.current()[word.size()]))) {
      return false;
    }
    const WordEntry entry = look_up(word);
    if ((entry.classes & kClass) == 0 || !state.take(kClass, entry.number)) return false;
    in.bump(word.size());
    return true;
  }
};

struct LetterOrDigit : pegtl::sor<pegtl::alnum, pegtl::one<'_'>> {};
struct WordEnd : pegtl::not_at<LetterOrDigit> {};
template <char... C>
struct Word : pegtl::seq<pegtl::istring<C...>, WordEnd> {};
struct Blank : pegtl::one<' ', '\t', '\r'> {};
// Between words: at most one line break, and few blanks, so that no text makes it slow.
struct Gap : pegtl::seq<pegtl::rep_min_max<0, 4, Blank>,
                        pegtl::sor<pegtl::seq<pegtl::one<'\n'>, pegtl::rep_min_max<0, 4, Blank>>,
                                   pegtl::at<pegtl::one<'-'>>, pegtl::success>> {};
struct Spaces : pegtl::seq<pegtl::at<pegtl::sor<Blank, pegtl::one<'\n'>>>, Gap> {};
struct Hyphen : pegtl::one<'-'> {};
struct Joint : pegtl::sor<pegtl::seq<Hyphen, pegtl::not_at<Hyphen>>, Spaces> {};
struct KwAnd : Word<'a', 'n', 'd'> {};
struct KwA : pegtl::sor<Word<'a'>, Word<'a', 'n'>> {};
struct KwOf : Word<'o', 'f'> {};
struct KwIn : Word<'i', 'n'> {};
struct KwTo : Word<'t', 'o'> {};

// words = group { ["and"] smaller group };  group = below_thousand ["thousand" | …]
struct TensWord : pegtl::seq<WordOf<kTens>, Maybe<Joint, WordOf<kUnit>>> {};
struct BelowHundred : pegtl::sor<TensWord, WordOf<kTeen>, WordOf<kUnit>> {};
struct HundredsTail
    : pegtl::seq<Joint, WordOf<kHundred>, Maybe<Joint, pegtl::opt<KwAnd, Joint>, BelowHundred>> {};
struct AHundred : pegtl::seq<KwA, Spaces, WordOf<kHundred>,
                             Maybe<Joint, pegtl::opt<KwAnd, Joint>, BelowHundred>> {};
struct Dozens : pegtl::sor<Undo<KwA, Spaces, WordOf<kDozen>>,
                           Undo<pegtl::opt<KwA, Spaces>, Word<'h', 'a', 'l', 'f'>, Joint,
                                pegtl::opt<KwA, Spaces>, WordOf<kDozen>>,
                           Undo<WordOf<kUnit>, Spaces, WordOf<kDozen>>> {};
struct BelowThousand : pegtl::sor<Undo<AHundred>, pegtl::seq<BelowHundred, Maybe<HundredsTail>>> {};
struct AThousand : pegtl::seq<KwA, Spaces, WordOf<kThousands>> {};
struct ThousandsGroup
    : pegtl::sor<Undo<AThousand>, pegtl::seq<BelowThousand, Maybe<Joint, WordOf<kThousands>>>> {};
struct AfterThousands {
  static bool ok(const State& state, size_t) { return state.last_scale != 0 && state.part == 0; }
};
struct MoreWords : pegtl::seq<If<AfterThousands>, Joint, pegtl::opt<KwAnd, Joint>, ThousandsGroup> {
};

struct EndWords {
  static void apply(State& state) {
    state.push({.value = {state.total + state.part, 1}, .in_words = true});
    state.part = state.total = state.last_scale = 0;
  }
};
struct HalfDozen {
  static void apply(State& state) { state.numbers.at(state.number_count - 1).value = {6, 1}; }
};
// "point one five"
struct PointDigit {
  static bool ok(State& state, size_t) {
    ReadNumber& number = state.numbers.at(state.number_count - 1);
    if (number.places == kMostPlaces || number.value.numerator > kLargest / 10) return false;
    ++number.places;
    number.value = {number.value.numerator * 10 + state.part, number.value.denominator * 10};
    state.part = 0;
    return true;
  }
};
struct PointDigitRule
    : pegtl::seq<Spaces, pegtl::sor<WordOf<kUnit>, WordOf<kZero>>, If<PointDigit>> {};
struct PointWords
    : pegtl::seq<Spaces, Word<'p', 'o', 'i', 'n', 't'>, pegtl::plus<Undo<PointDigitRule>>> {};
struct HalfDozenRule
    : pegtl::seq<pegtl::opt<KwA, Spaces>, Word<'h', 'a', 'l', 'f'>, Joint, pegtl::opt<KwA, Spaces>,
                 WordOf<kDozen>, Do<EndWords>, Do<HalfDozen>> {};
struct ManyWords : pegtl::seq<ThousandsGroup, pegtl::star<Undo<MoreWords>>, Do<EndWords>> {};
struct NumberWords : pegtl::sor<Undo<HalfDozenRule>, Undo<Dozens, Do<EndWords>>,
                                Undo<ManyWords, Maybe<PointWords>>,
                                Undo<WordOf<kZero>, Do<EndWords>, Maybe<PointWords>>> {};

// digits = "1,234" | "1234" ["." digits]
struct ThreeDigits : pegtl::rep<3, pegtl::digit> {};
struct GroupedDigits
    : pegtl::seq<pegtl::rep_min_max<1, 3, pegtl::digit>, pegtl::plus<pegtl::one<','>, ThreeDigits>,
                 pegtl::not_at<pegtl::digit>> {};
struct DecimalsText : pegtl::seq<pegtl::one<'.'>, pegtl::plus<pegtl::digit>> {};
struct DigitsText
    : pegtl::seq<pegtl::sor<GroupedDigits, pegtl::plus<pegtl::digit>>, pegtl::opt<DecimalsText>> {};
// Pushes what DigitsText says, also where PEGTL only looks ahead.
struct DigitsValue {
  using rule_t = DigitsValue;
  using subs_t = pegtl::type_list<DigitsText>;
  template <pegtl::apply_mode A, pegtl::rewind_mode, template <class...> class Action,
            template <class...> class Control, class Input>
  static bool match(Input& in, State& state) {
    const char* begin = in.current();
    return pegtl::match<DigitsText, A, pegtl::rewind_mode::required, Action, Control>(in, state) &&
           push_digits(state, {begin, static_cast<size_t>(in.current() - begin)});
  }
};
struct PlainDigits : pegtl::seq<DigitsValue, pegtl::not_at<pegtl::one<'.'>, pegtl::digit>> {};
struct Multiply {
  static bool ok(State& state, size_t at) {
    const int64_t factor = look_up(last_word(state.text, at)).number;
    ReadNumber& number = state.numbers.at(state.number_count - 1);
    if (factor == 0 || number.value.numerator > kLargest / factor) return false;
    number.value.numerator *= factor;
    while (number.value.denominator % 10 == 0 && number.value.numerator % 10 == 0) {
      number.value = {number.value.numerator / 10, number.value.denominator / 10};
    }
    number.places = 0;
    number.plain_digits = false;
    return true;
  }
};
struct WordScale {  // without take(): the words are digits' own
  using rule_t = WordScale;
  using subs_t = pegtl::empty_list;
  template <pegtl::apply_mode, pegtl::rewind_mode, template <class...> class,
            template <class...> class, class Input>
  static bool match(Input& in, State&) {
    const std::string_view word = first_word({in.current(), in.size()});
    if ((look_up(word).classes & kThousands) == 0) return false;
    in.bump(word.size());
    return true;
  }
};
struct DigitScale : pegtl::seq<pegtl::sor<WordOf<kScaleLetter>, pegtl::seq<Joint, WordScale>>,
                               WordEnd, If<Multiply>> {};
struct NumberDigits : pegtl::seq<PlainDigits, Maybe<DigitScale>> {};
struct AnyNumber : pegtl::sor<NumberDigits, NumberWords> {};

}  // namespace barometer::wording::rules

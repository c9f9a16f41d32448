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

// NOLINTBEGIN(readability-identifier-naming): rules of a grammar, named as PEGTL names its own

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

struct letter_or_digit : pegtl::sor<pegtl::alnum, pegtl::one<'_'>> {};
struct word_end : pegtl::not_at<letter_or_digit> {};
template <char... C>
struct Word : pegtl::seq<pegtl::istring<C...>, word_end> {};
struct blank : pegtl::one<' ', '\t', '\r'> {};
// Between words: at most one line break, and few blanks, so that no text makes it slow.
struct gap : pegtl::seq<pegtl::rep_min_max<0, 4, blank>,
                        pegtl::sor<pegtl::seq<pegtl::one<'\n'>, pegtl::rep_min_max<0, 4, blank>>,
                                   pegtl::at<pegtl::one<'-'>>, pegtl::success>> {};
struct space : pegtl::seq<pegtl::at<pegtl::sor<blank, pegtl::one<'\n'>>>, gap> {};
struct hyphen : pegtl::one<'-'> {};
struct joint : pegtl::sor<pegtl::seq<hyphen, pegtl::not_at<hyphen>>, space> {};
struct kw_and : Word<'a', 'n', 'd'> {};
struct kw_a : pegtl::sor<Word<'a'>, Word<'a', 'n'>> {};
struct kw_of : Word<'o', 'f'> {};
struct kw_in : Word<'i', 'n'> {};
struct kw_to : Word<'t', 'o'> {};

// words = group { ["and"] smaller group };  group = below_thousand ["thousand" | …]
struct tens_word : pegtl::seq<WordOf<kTens>, Maybe<joint, WordOf<kUnit>>> {};
struct below_hundred : pegtl::sor<tens_word, WordOf<kTeen>, WordOf<kUnit>> {};
struct hundreds_tail
    : pegtl::seq<joint, WordOf<kHundred>, Maybe<joint, pegtl::opt<kw_and, joint>, below_hundred>> {
};
struct a_hundred : pegtl::seq<kw_a, space, WordOf<kHundred>,
                              Maybe<joint, pegtl::opt<kw_and, joint>, below_hundred>> {};
struct dozens : pegtl::sor<Undo<kw_a, space, WordOf<kDozen>>,
                           Undo<pegtl::opt<kw_a, space>, Word<'h', 'a', 'l', 'f'>, joint,
                                pegtl::opt<kw_a, space>, WordOf<kDozen>>,
                           Undo<WordOf<kUnit>, space, WordOf<kDozen>>> {};
struct below_thousand
    : pegtl::sor<Undo<a_hundred>, pegtl::seq<below_hundred, Maybe<hundreds_tail>>> {};
struct a_thousand : pegtl::seq<kw_a, space, WordOf<kThousands>> {};
struct group
    : pegtl::sor<Undo<a_thousand>, pegtl::seq<below_thousand, Maybe<joint, WordOf<kThousands>>>> {};
struct AfterThousands {
  static bool ok(const State& state, size_t) { return state.last_scale != 0 && state.part == 0; }
};
struct more_words : pegtl::seq<If<AfterThousands>, joint, pegtl::opt<kw_and, joint>, group> {};

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
struct point_digit : pegtl::seq<space, pegtl::sor<WordOf<kUnit>, WordOf<kZero>>, If<PointDigit>> {};
struct point_words
    : pegtl::seq<space, Word<'p', 'o', 'i', 'n', 't'>, pegtl::plus<Undo<point_digit>>> {};
struct half_dozen
    : pegtl::seq<pegtl::opt<kw_a, space>, Word<'h', 'a', 'l', 'f'>, joint, pegtl::opt<kw_a, space>,
                 WordOf<kDozen>, Do<EndWords>, Do<HalfDozen>> {};
struct many_words : pegtl::seq<group, pegtl::star<Undo<more_words>>, Do<EndWords>> {};
struct number_words
    : pegtl::sor<Undo<half_dozen>, Undo<dozens, Do<EndWords>>, Undo<many_words, Maybe<point_words>>,
                 Undo<WordOf<kZero>, Do<EndWords>, Maybe<point_words>>> {};

// digits = "1,234" | "1234" ["." digits]
struct three_digits : pegtl::rep<3, pegtl::digit> {};
struct grouped
    : pegtl::seq<pegtl::rep_min_max<1, 3, pegtl::digit>, pegtl::plus<pegtl::one<','>, three_digits>,
                 pegtl::not_at<pegtl::digit>> {};
struct decimals : pegtl::seq<pegtl::one<'.'>, pegtl::plus<pegtl::digit>> {};
struct digits_text
    : pegtl::seq<pegtl::sor<grouped, pegtl::plus<pegtl::digit>>, pegtl::opt<decimals>> {};
// Pushes what digits_text says, also where PEGTL only looks ahead.
struct DigitsValue {
  using rule_t = DigitsValue;
  using subs_t = pegtl::type_list<digits_text>;
  template <pegtl::apply_mode A, pegtl::rewind_mode, template <class...> class Action,
            template <class...> class Control, class Input>
  static bool match(Input& in, State& state) {
    const char* begin = in.current();
    return pegtl::match<digits_text, A, pegtl::rewind_mode::required, Action, Control>(in, state) &&
           push_digits(state, {begin, static_cast<size_t>(in.current() - begin)});
  }
};
struct digits : pegtl::seq<DigitsValue, pegtl::not_at<pegtl::one<'.'>, pegtl::digit>> {};
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
struct digit_scale : pegtl::seq<pegtl::sor<WordOf<kScaleLetter>, pegtl::seq<joint, WordScale>>,
                                word_end, If<Multiply>> {};
struct number_digits : pegtl::seq<digits, Maybe<digit_scale>> {};
struct number : pegtl::sor<number_digits, number_words> {};

// NOLINTEND(readability-identifier-naming): rules of a grammar, named as PEGTL names its own

}  // namespace barometer::wording::rules

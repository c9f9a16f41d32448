// The grammar of one number phrase: hedges, a number, and the tail that says what kind of number it
// is. Alternatives are tried in the order of `tail`, `special` and `phrase`; the first that fits
// wins.
#include <algorithm>
#include <array>
#include <string>

#include <tao/pegtl.hpp>

#include "barometer/base/text.h"
#include "barometer/wording/number_grammar_internal.h"
#include "barometer/wording/read_internal.h"
#include "barometer/wording/vocabulary_internal.h"

namespace barometer::wording {
namespace rules {
namespace {

// NOLINTBEGIN(readability-identifier-naming): rules of a grammar, named as PEGTL names its own

// Tails: what stands behind a number.
struct TypoEffect {
  static void apply(State& state) { state.typo = true; }
};
// "Eighty-five per said": the word after "per" that shows "cent" was lost.
struct lost_cent
    : pegtl::seq<Word<'p', 'e', 'r'>, pegtl::at<Gap, pegtl::sor<WordOf<kVerb>, KwOf>>> {};
struct MisspeltCent {
  using rule_t = MisspeltCent;
  using subs_t = pegtl::empty_list;
  template <pegtl::apply_mode, pegtl::rewind_mode, template <class...> class,
            template <class...> class, class Input>
  static bool match(Input& in, State&) {
    const std::string_view word = first_word({in.current(), in.size()});
    const auto known = std::to_array<std::string_view>(
        {"cen", "cet", "cnt", "ent", "cents", "centt", "ceent", "cemt", "cetn", "ecnt", "cwnt"});
    if (std::ranges::none_of(known, [&](auto slip) { return is_word(word, slip); })) return false;
    in.bump(word.size());
    return true;
  }
};
struct per_cent : pegtl::seq<Word<'p', 'e', 'r'>, Joint, Word<'c', 'e', 'n', 't'>> {};
struct slipped_percent
    : pegtl::seq<pegtl::sor<pegtl::seq<Word<'p', 'e', 'r'>, Joint, MisspeltCent>,
                            Word<'p', 'e', 'r', 'c', 'e', 'n', 't', 's'>,
                            Word<'p', 'r', 'e', 'c', 'e', 'n', 't'>,
                            Word<'p', 'e', 'r', 'c', 'e', 'n'>, Word<'p', 'e', 'c', 'e', 'n', 't'>,
                            Word<'p', 'e', 'r', 'c', 'n', 'e', 't'>, lost_cent>,
                 Do<TypoEffect>> {};
struct percent_word
    : pegtl::sor<per_cent, Word<'p', 'e', 'r', 'c', 'e', 'n', 't'>, Undo<slipped_percent>> {};
struct percent_sign : pegtl::seq<pegtl::opt<Spaces>, pegtl::one<'%'>> {};
struct percent_unit : pegtl::sor<percent_sign, pegtl::seq<Joint, percent_word>, Word<'p', 'c'>,
                                 pegtl::seq<pegtl::opt<Spaces>, pegtl::istring<'p', '.', 'c', '.'>>,
                                 Word<'p', 'c', 't'>> {};

struct points_word
    : pegtl::sor<Word<'p', 'o', 'i', 'n', 't'>, Word<'p', 'o', 'i', 'n', 't', 's'>, Word<'p', 'p'>,
                 Word<'p', 'p', 't'>, Word<'p', 'p', 't', 's'>, Word<'p', 't', 's'>> {};
struct percentage : Word<'p', 'e', 'r', 'c', 'e', 'n', 't', 'a', 'g', 'e'> {};
struct points_tail
    : pegtl::seq<pegtl::sor<pegtl::seq<percent_unit, Joint>, pegtl::seq<Joint, percentage, Joint>,
                            Joint, pegtl::success>,
                 points_word, Is<Form::kPoints>> {};
struct scale_noun
    : pegtl::sor<Word<'s', 'c', 'a', 'l', 'e'>, Word<'s', 'c', 'a', 'l', 'e', 's'>,
                 Word<'l', 'i', 'k', 'e', 'r', 't'>, Word<'r', 'a', 't', 'i', 'n', 'g'>> {};
struct point_scale_tail
    : pegtl::seq<Joint, Word<'p', 'o', 'i', 'n', 't'>, Joint,
                 pegtl::opt<pegtl::plus<pegtl::alpha>, Spaces>, scale_noun, Is<Form::kScale>> {};
struct percent_tail : pegtl::seq<percent_unit, Is<Form::kPercent>> {};

bool is_whole(const ReadNumber& n) { return n.value.denominator == 1; }
bool is_year(const ReadNumber& n) {
  return n.plain_digits && n.digit_count == 4 && n.value.numerator >= 1800 &&
         n.value.numerator < 2100;
}
const ReadNumber& before_last(const State& state) {
  return state.numbers.at(state.number_count - 2);
}

struct SmallerPart {  // "four in five"
  static bool ok(const State& s, size_t) {
    const ReadNumber& n = before_last(s);
    return is_whole(n) && is_whole(s.last()) && n.value < s.last().value && !is_year(s.last()) &&
           s.last().value.numerator <= 1'000'000 && n.value.numerator > 0;
  }
};
struct PartOfBase {  // "53 of the 94"; zero and all may be said
  static bool ok(const State& s, size_t) {
    const ReadNumber& n = before_last(s);
    return is_whole(n) && is_whole(s.last()) && n.value <= s.last().value && !is_year(s.last()) &&
           s.last().value.numerator > 1;
  }
};
struct OutOfTop {  // "7.2 out of 10"
  static bool ok(const State& s, size_t) {
    return is_whole(s.last()) && before_last(s).value <= s.last().value &&
           s.last().value.numerator > 0;
  }
};
struct no_unit : pegtl::not_at<percent_unit> {};
struct determiner
    : pegtl::sor<Word<'t', 'h', 'e'>, Word<'o', 'u', 'r'>, Word<'i', 't', 's'>, Word<'a', 'l', 'l'>,
                 Word<'t', 'h', 'o', 's', 'e'>, Word<'e', 'v', 'e', 'r', 'y'>,
                 pegtl::seq<KwA, Spaces, Word<'p', 'o', 's', 's', 'i', 'b', 'l', 'e'>>,
                 pegtl::seq<KwA, Spaces, Word<'t', 'o', 't', 'a', 'l'>, Spaces, KwOf>> {};
struct in_tail : pegtl::seq<Joint, KwIn, Joint, pegtl::opt<determiner, Spaces>, AnyNumber,
                            If<SmallerPart>, no_unit, Is<Form::kShare>> {};
struct IsDecimal {
  static bool ok(const State& s, size_t) { return before_last(s).places > 0; }
};
struct out_of_tail
    : pegtl::seq<Joint, Word<'o', 'u', 't'>, Joint, KwOf, Joint, pegtl::opt<determiner, Spaces>,
                 AnyNumber, If<OutOfTop>, no_unit,
                 pegtl::sor<pegtl::seq<If<IsDecimal>, Is<Form::kScore>>, Is<Form::kShare>>> {};
struct of_tail : pegtl::seq<Spaces, KwOf, Spaces, pegtl::opt<determiner, Spaces>, AnyNumber,
                            If<PartOfBase>, no_unit, Is<Form::kShare>> {};
struct no_share : pegtl::not_at<Undo<pegtl::sor<in_tail, out_of_tail, of_tail>>> {};
// "a third of leaders", "a third said", but "a third survey": a noun makes it an ordinal.
struct FractionFollows {
  static bool ok(const State& s, size_t at) {
    if (is_word(last_word(s.text, at), "quarter")) return true;
    size_t next = at;
    while (next < s.text.size() && (s.text[next] == ' ' || s.text[next] == '\n')) ++next;
    const std::string_view word = first_word(s.text.substr(next, 32));
    return (look_up(word).classes & (kNoun | kMeasureUnit | kLabelWord)) == 0;
  }
};
struct ProperFraction {
  static bool ok(State& s, size_t at) {
    const ReadNumber& n = s.last();
    const int64_t below = look_up(last_word(s.text, at)).number;
    if (!is_whole(n) || n.value.numerator < 1 || n.value.numerator >= below) return false;
    if (n.value.numerator == 1 && !FractionFollows::ok(s, at)) return false;
    s.numbers.at(s.number_count - 1).value = {n.value.numerator, below};
    return true;
  }
};
struct fraction_tail
    : pegtl::seq<Joint, WordOf<kDenominator>, If<ProperFraction>, WordEnd, Is<Form::kFraction>> {};
struct ordinal_tail : pegtl::seq<pegtl::sor<pegtl::seq<Joint, WordOf<kOrdinalWord>>, Word<'s', 't'>,
                                            Word<'n', 'd'>, Word<'r', 'd'>, Word<'t', 'h'>>,
                                 Is<Form::kOrdinal>> {};
struct SlashFraction {
  static bool ok(State& s, size_t) {
    const ReadNumber& n = before_last(s);
    const int64_t base = s.last().value.numerator;
    if (!is_whole(s.last()) || n.value > s.last().value || base < 2) return false;
    if (n.places == 0 && n.value.numerator < 1) return false;
    s.form = n.places > 0 || base == 10 ? Form::kScore : base < 10 ? Form::kFraction : Form::kShare;
    if (s.form != Form::kFraction) return true;
    s.numbers.at(s.number_count - 2).value = {n.value.numerator, base};
    --s.number_count;
    return true;
  }
};
struct slash_tail : pegtl::seq<pegtl::one<'/'>, PlainDigits, pegtl::not_at<pegtl::one<'/'>>,
                               WordEnd, If<SlashFraction>> {};
struct full_stop_m
    : pegtl::seq<pegtl::sor<pegtl::istring<'a', '.', 'm'>, pegtl::istring<'p', '.', 'm'>>,
                 pegtl::opt<pegtl::one<'.'>>> {};
struct day_half : pegtl::sor<Word<'a', 'm'>, Word<'p', 'm'>, full_stop_m,
                             pegtl::istring<'o', '\'', 'c', 'l', 'o', 'c', 'k'>> {};
struct time_tail : pegtl::seq<pegtl::sor<pegtl::seq<pegtl::one<':'>, pegtl::rep<2, pegtl::digit>,
                                                    WordEnd, Maybe<pegtl::opt<Spaces>, day_half>>,
                                         pegtl::seq<pegtl::opt<Joint>, day_half>>,
                              Is<Form::kTime>> {};
struct per_noun : pegtl::seq<Spaces, pegtl::sor<Word<'p', 'e', 'r'>, KwA>, Spaces,
                             pegtl::not_at<Word<'c', 'e', 'n', 't'>>, pegtl::plus<pegtl::alpha>> {};
struct money_tail : pegtl::seq<pegtl::opt<Joint>, WordOf<kMoneyUnit>, Is<Form::kMoney>> {};
struct multiple_tail
    : pegtl::seq<Joint, pegtl::sor<Word<'t', 'i', 'm', 'e', 's'>, Word<'f', 'o', 'l', 'd'>>,
                 Is<Form::kMultiple>> {};
struct old : pegtl::sor<pegtl::seq<Joint, Word<'o', 'l', 'd'>>,
                        pegtl::seq<Joint, Word<'o', 'l', 'd', 's'>>> {};
struct measure_tail
    : pegtl::seq<pegtl::opt<Joint>, WordOf<kMeasureUnit>, Maybe<old>, Is<Form::kMeasure>> {};
struct compound_tail : pegtl::seq<Hyphen, pegtl::plus<pegtl::alpha>, Is<Form::kLabel>> {};
struct decade_tail : pegtl::seq<Word<'s'>, Is<Form::kDate>> {};
struct per_head_tail : pegtl::seq<Spaces, Word<'p', 'e', 'r'>, Spaces, pegtl::plus<pegtl::alpha>,
                                  Is<Form::kMeasure>> {};
struct AtLeastEffect {
  static void apply(State& state) { state.hedge = find_hedge("at least"); }
};
struct or_more
    : pegtl::seq<Spaces, Word<'o', 'r'>, Spaces, Word<'m', 'o', 'r', 'e'>, Do<AtLeastEffect>> {};
struct plus_sign
    : pegtl::seq<pegtl::sor<pegtl::one<'+'>, Word<'-', 'p', 'l', 'u', 's'>>, Do<AtLeastEffect>> {};
struct count_tail
    : pegtl::seq<pegtl::sor<plus_sign, Undo<or_more>, pegtl::success>, Is<Form::kCount>> {};

// Ranges: "12-18", "40 to 45 per cent", "24-36-month".
struct NotFrom {
  // "ranging from 2 to 9 per cent" is one range, "rose from 2 to 9 per cent" two levels.
  static bool ranges(std::string_view head) {
    const size_t last = head.find_last_not_of(" \n");
    if (last == std::string_view::npos) return false;
    const auto verbs = std::to_array<std::string_view>({"ranging", "ranged", "range", "ranges",
                                                        "varied", "varying", "vary", "varies",
                                                        "anywhere", "stretching", "spanning"});
    return std::ranges::any_of(verbs,
                               [&](auto verb) { return is_word(last_word(head, last + 1), verb); });
  }
  static bool ok(const State& s, size_t) {
    const std::string_view head = s.text.substr(0, s.begin);
    const size_t last = head.find_last_not_of(" \n");
    if (last == std::string_view::npos) return true;
    const std::string_view word = last_word(head, last + 1);
    return !is_word(word, "from") || ranges(head.substr(0, last + 1 - word.size()));
  }
};
// "rose from 5.2 to 5.9": two scores.
struct NoScoresFrom {
  static bool ok(const State& s, size_t at) {
    return NotFrom::ok(s, at) || before_last(s).places == 0 || s.last().places == 0;
  }
};
struct Ascending {
  static bool ok(const State& s, size_t) {
    return before_last(s).value < s.last().value && before_last(s).in_words == s.last().in_words;
  }
};
struct BetweenEffect {
  static void apply(State& state) { state.is_between = true; }
};
struct range_dash : pegtl::seq<pegtl::opt<percent_sign>, pegtl::opt<pegtl::one<' '>>, Hyphen,
                               pegtl::opt<pegtl::one<' '>>> {};
struct range_to : pegtl::seq<Spaces, KwTo, Spaces> {};
struct range_unit : pegtl::sor<Undo<point_scale_tail>, Undo<points_tail>, Undo<percent_tail>,
                               Undo<money_tail>, Undo<measure_tail>> {};
struct range_number : pegtl::sor<NumberDigits, pegtl::seq<If<NotFrom>, NumberWords>> {};
struct dash_range : pegtl::seq<range_dash, NumberDigits, If<Ascending>, Is<Form::kRange>,
                               Do<BetweenEffect>, Maybe<range_unit>> {};
struct to_range_unit : pegtl::seq<If<NotFrom>, range_unit> {};
struct to_range : pegtl::seq<range_to, AnyNumber, If<NoScoresFrom>, If<Ascending>, Is<Form::kRange>,
                             Do<BetweenEffect>, pegtl::sor<Undo<to_range_unit>, no_unit>> {};
struct range_tail : pegtl::sor<Undo<dash_range>, Undo<to_range>> {};

// Dates behind a day: "5 October 2012", "5th of October".
struct YearLast {
  static bool ok(const State& s, size_t) { return is_year(s.last()); }
};
struct year : pegtl::seq<PlainDigits, If<YearLast>> {};
struct IsDay {
  static bool ok(const State& s, size_t) {
    const ReadNumber& n = s.last();
    return is_whole(n) && n.value.numerator >= 1 && n.value.numerator <= 31 && !n.in_words;
  }
};
struct month_name : pegtl::seq<pegtl::at<pegtl::upper>, WordOf<kMonth>, WordEnd> {};
struct day_month_tail
    : pegtl::seq<
          If<IsDay>,
          pegtl::opt<pegtl::sor<Word<'s', 't'>, Word<'n', 'd'>, Word<'r', 'd'>, Word<'t', 'h'>>>,
          pegtl::opt<Spaces, KwOf>, Spaces, month_name,
          Maybe<pegtl::opt<pegtl::one<','>>, Spaces, year>, Is<Form::kDate>> {};

struct tail
    : pegtl::sor<Undo<point_scale_tail>, Undo<points_tail>, Undo<percent_tail>, Undo<time_tail>,
                 Undo<day_month_tail>, Undo<range_tail>, Undo<in_tail>, Undo<out_of_tail>,
                 Undo<of_tail>, Undo<fraction_tail>, Undo<ordinal_tail>, Undo<slash_tail>,
                 Undo<multiple_tail>, Undo<measure_tail>, Undo<money_tail>, Undo<decade_tail>,
                 Undo<per_head_tail>, Undo<compound_tail>, count_tail> {};
struct plain_number : pegtl::seq<AnyNumber, tail, pegtl::not_at<pegtl::alnum>> {};

// Heads: what stands before a number.
struct euro : pegtl::string<'\xE2', '\x82', '\xAC'> {};
struct pound : pegtl::string<'\xC2', '\xA3'> {};
struct currency : pegtl::sor<pegtl::one<'$'>, pound, euro> {};
struct money_end : pegtl::opt<pegtl::seq<Hyphen, pegtl::opt<currency>, NumberDigits>> {};
struct money : pegtl::seq<currency, NumberDigits, money_end, Maybe<per_noun>, Is<Form::kMoney>> {};

struct year_end
    : pegtl::seq<pegtl::one<'/', '-'>, pegtl::rep<2, pegtl::digit>,
                 pegtl::opt<pegtl::rep<2, pegtl::digit>>, pegtl::not_at<LetterOrDigit>> {};
struct year_span : pegtl::seq<pegtl::sor<pegtl::string<'1', '9'>, pegtl::string<'2', '0'>>,
                              pegtl::rep<2, pegtl::digit>, year_end, no_unit, Is<Form::kDate>> {};
struct two_digits : pegtl::rep_min_max<1, 2, pegtl::digit> {};
struct number_date
    : pegtl::seq<
          pegtl::sor<
              pegtl::seq<pegtl::rep<4, pegtl::digit>, Hyphen, two_digits, Hyphen, two_digits>,
              pegtl::seq<two_digits, pegtl::one<'/'>, two_digits, pegtl::one<'/'>,
                         pegtl::rep<2, pegtl::digit>, pegtl::opt<pegtl::rep<2, pegtl::digit>>>,
              pegtl::seq<two_digits, pegtl::one<'.'>, two_digits, pegtl::one<'.'>,
                         pegtl::rep<2, pegtl::digit>, pegtl::opt<pegtl::rep<2, pegtl::digit>>>>,
          pegtl::not_at<LetterOrDigit>, Is<Form::kDate>> {};
struct version : pegtl::seq<pegtl::plus<pegtl::digit>, pegtl::one<'.'>, pegtl::plus<pegtl::digit>,
                            pegtl::plus<pegtl::one<'.'>, pegtl::plus<pegtl::digit>>, WordEnd,
                            Is<Form::kLabel>> {};
struct phone_part : pegtl::seq<pegtl::one<' ', '-'>, pegtl::rep_min_max<2, 8, pegtl::digit>> {};
struct phone_start
    : pegtl::sor<pegtl::seq<pegtl::one<'+'>, pegtl::rep_min_max<1, 4, pegtl::digit>>,
                 pegtl::seq<pegtl::one<'0'>, pegtl::rep_min_max<1, 5, pegtl::digit>>> {};
struct phone : pegtl::seq<phone_start, pegtl::rep_min_max<1, 5, phone_part>,
                          pegtl::not_at<LetterOrDigit>, no_unit, Is<Form::kPhone>> {};
// "5 October" is a tail; here "October 2012" and "October 5, 2012".
struct DayOrYear {
  static bool ok(const State& s, size_t at) {
    if (is_year(s.last())) return true;
    if (!IsDay::ok(s, at)) return false;
    const std::string_view rest = s.text.substr(at);
    const std::string_view next = rest.starts_with(' ') ? first_word(rest.substr(1)) : "";
    return next.empty() || (look_up(next).classes & (kFunction | kVerb)) != 0;
  }
};
struct day_suffix
    : pegtl::opt<pegtl::sor<Word<'s', 't'>, Word<'n', 'd'>, Word<'r', 'd'>, Word<'t', 'h'>>> {};
struct month_date
    : pegtl::seq<month_name, Spaces, PlainDigits, day_suffix, no_unit, no_share, If<DayOrYear>,
                 Maybe<pegtl::one<','>, Spaces, year>, Is<Form::kDate>> {};
struct NoNounNext {  // "in this wave 46 leaders answered"
  static bool ok(const State& s, size_t at) {
    if (at >= s.text.size() || s.text[at] != ' ') return true;
    const std::string_view first = first_word(s.text.substr(at + 1, 24));
    const std::string_view rest = s.text.substr(at + 1 + first.size());
    const std::string_view second = rest.starts_with(' ') ? first_word(rest.substr(1, 24)) : "";
    constexpr uint32_t kCountable = kPeopleNoun | kOrganisationNoun | kAnswerNoun;
    if ((look_up(first).classes & (kFunction | kVerb)) != 0) return true;
    return ((look_up(first).classes | look_up(second).classes) & kCountable) == 0;
  }
};
struct label_number : pegtl::seq<PlainDigits, pegtl::opt<pegtl::alpha>> {};
struct label
    : pegtl::seq<WordOf<kLabelWord>,
                 pegtl::sor<pegtl::seq<pegtl::one<'.'>, pegtl::opt<Spaces>>, Joint>, label_number,
                 no_unit, no_share, If<NoNounNext>, WordEnd, Is<Form::kLabel>> {};
struct MultipleValue {
  static bool ok(State& s, size_t at) {
    return s.push({.value = {look_up(last_word(s.text, at)).number, 1}, .in_words = true});
  }
};
struct multiple : pegtl::seq<WordOf<kMultipleWord>, If<MultipleValue>, Is<Form::kMultiple>> {};
struct ordinal : pegtl::seq<WordOf<kOrdinalWord>, Is<Form::kOrdinal>> {};

struct OneHalf {
  static void apply(State& s) { s.push({.value = {1, 2}, .in_words = true}); }
};
struct OneQuarter {
  static void apply(State& s) { s.push({.value = {1, 4}, .in_words = true}); }
};
struct OneNth {
  static bool ok(State& s, size_t at) {
    const int64_t below = look_up(last_word(s.text, at)).number;
    return s.push({.value = {1, below}, .in_words = true});
  }
};
// What a fraction is not: the half in half-hour and half an hour, the third of "a third survey".
struct half_unit
    : pegtl::seq<pegtl::sor<pegtl::seq<Spaces, KwA, Spaces>, Joint>, WordOf<kMeasureUnit>> {};
struct half_point : pegtl::seq<Spaces, KwA, Spaces, pegtl::opt<percentage, Spaces>, points_word> {};
struct half : pegtl::seq<pegtl::opt<KwA, Joint>, Word<'h', 'a', 'l', 'f'>,
                         pegtl::sor<pegtl::seq<half_unit, Is<Form::kMeasure>>,
                                    pegtl::seq<half_point, Do<OneHalf>, Is<Form::kPoints>>,
                                    pegtl::seq<pegtl::not_at<Hyphen, pegtl::alpha>, Do<OneHalf>,
                                               Is<Form::kFraction>>>> {};
struct a_nth : pegtl::seq<KwA, Joint, WordOf<kDenominator>, If<OneNth>, If<FractionFollows>,
                          Is<Form::kFraction>> {};
// "another quarter", "a further third", "the other third": the words before are read already.
struct AfterFurther {
  static bool ok(const State& s, size_t) {
    if (s.is_remainder) return true;
    if (s.hedge == nullptr) return false;
    return s.hedge->words == "another" || s.hedge->words == "a further";
  }
};
struct further_nth : pegtl::seq<If<AfterFurther>, WordOf<kDenominator>, If<OneNth>,
                                If<FractionFollows>, Is<Form::kFraction>> {};
struct quarter : pegtl::seq<Word<'q', 'u', 'a', 'r', 't', 'e', 'r'>, Spaces, pegtl::at<KwOf>,
                            Do<OneQuarter>, Is<Form::kFraction>> {};
struct both : pegtl::seq<Word<'b', 'o', 't', 'h'>,
                         pegtl::at<Spaces, pegtl::sor<WordOf<kNoun>, pegtl::seq<KwOf, Spaces>>>> {};
struct Two {
  static void apply(State& s) { s.push({.value = {2, 1}, .in_words = true}); }
};
struct both_count : pegtl::seq<both, Do<Two>, Is<Form::kCount>> {};

struct between_unit : pegtl::sor<Undo<points_tail>, Undo<percent_tail>, Undo<money_tail>,
                                 Undo<measure_tail>, count_tail> {};
struct between : pegtl::seq<Word<'b', 'e', 't', 'w', 'e', 'e', 'n'>, Spaces, AnyNumber,
                            pegtl::opt<percent_unit>, Spaces, KwAnd, Spaces, AnyNumber,
                            If<Ascending>, Do<BetweenEffect>, between_unit> {};
struct scale_of
    : pegtl::seq<pegtl::sor<Word<'s', 'c', 'a', 'l', 'e'>, Word<'s', 'c', 'a', 'l', 'e', 's'>>,
                 Spaces, pegtl::sor<KwOf, Word<'f', 'r', 'o', 'm'>>, Spaces, AnyNumber,
                 pegtl::opt<pegtl::one<' '>, pegtl::one<'('>,
                            pegtl::rep_min_max<0, 40, pegtl::not_one<')', '\n'>>, pegtl::one<')'>>,
                 pegtl::sor<range_to, range_dash>, AnyNumber, Do<BetweenEffect>, Is<Form::kScale>> {
};

// The longest row of a table that stands here, in at most four words.
template <class Row>
const Row* longest(std::string_view rest, const Row* (*find)(std::string_view), size_t& length) {
  const Row* best = nullptr;
  std::string words;
  size_t at = 0;
  for (int i = 0; i < 4; ++i) {
    const std::string_view word = first_word(rest.substr(at, 24));
    if (word.empty()) break;
    words += words.empty() || rest[at - 1] == '-' ? "" : " ";
    words += lowered(word);
    at += word.size();
    const bool ends = at >= rest.size() || first_word(rest.substr(at, 1)).empty();
    if (const Row* row = ends ? find(words) : nullptr) {
      best = row;
      length = at;
    }
    const bool dash = at < rest.size() && rest[at] == '-';
    if (dash) words += "-";
    if (at >= rest.size() || (!dash && rest[at] != ' ' && rest[at] != '\n')) break;
    ++at;
  }
  return best;
}

// The longest row of a table that stands here; a word of the class begins it.
template <class Row, unsigned kStart, const Row* (*kFind)(std::string_view),
          void (*kTake)(const Row&, State&)>
struct RowWords {
  using rule_t = RowWords;
  using subs_t = pegtl::empty_list;
  template <pegtl::apply_mode, pegtl::rewind_mode, template <class...> class,
            template <class...> class, class Input>
  static bool match(Input& in, State& state) {
    const std::string_view rest(in.current(), in.size());
    if ((look_up(first_word(rest.substr(0, 24))).classes & kStart) == 0) return false;
    size_t length = 0;
    const Row* row = longest<Row>(rest, kFind, length);
    if (row == nullptr) return false;
    kTake(*row, state);
    in.bump(length);
    return true;
  }
};
void take_hedge(const Hedge& row, State& state) {
  state.for_editor = state.for_editor || row.for_editor;
  // "only just over half": the bound counts, the rest is tone.
  if (state.hedge == nullptr || row.relation != Relation::kIs) state.hedge = &row;
}
void take_quantifier(const Quantifier& row, State& state) {
  state.quantifier = &row;
  state.for_editor = row.for_editor;
}
using HedgeWords = RowWords<Hedge, kHedgeStart, find_hedge, take_hedge>;
using QuantifierWords = RowWords<Quantifier, kQuantifierStart, find_quantifier, take_quantifier>;
struct RemainderEffect {
  static void apply(State& state) { state.is_remainder = true; }
};
struct other
    : pegtl::sor<Word<'o', 't', 'h', 'e', 'r'>, Word<'r', 'e', 'm', 'a', 'i', 'n', 'i', 'n', 'g'>> {
};
struct remaining : pegtl::seq<Word<'t', 'h', 'e'>, Spaces, other, Do<RemainderEffect>> {};
struct before_number : pegtl::sor<HedgeWords, Undo<remaining>> {};
struct NumberBegins {
  static bool ok(State& s, size_t at) {
    s.number_begin = at;
    return true;
  }
};
struct special : pegtl::sor<Undo<money>, Undo<number_date>, Undo<year_span>, Undo<version>,
                            Undo<phone>, Undo<HalfDozenRule, count_tail>, Undo<half>, Undo<a_nth>,
                            Undo<further_nth>, Undo<quarter>, Undo<multiple>, Undo<both_count>> {};
struct core : pegtl::sor<special, Undo<plain_number>> {};
struct hedged
    : pegtl::seq<pegtl::rep_min_max<0, 3, Undo<before_number, Spaces>>, If<NumberBegins>, core> {};
struct quantified : pegtl::seq<QuantifierWords, WordEnd, Is<Form::kQuantifier>> {};
struct phrase : pegtl::sor<Undo<month_date>, Undo<label>, Undo<scale_of>, Undo<between>,
                           Undo<hedged>, Undo<quantified>, Undo<ordinal>> {};
// NOLINTEND(readability-identifier-naming): rules of a grammar, named as PEGTL names its own

}  // namespace
}  // namespace rules

std::optional<ReadPhrase> parse_phrase(std::string_view text, size_t at) {
  tao::pegtl::memory_input<tao::pegtl::tracking_mode::lazy> in(text.data() + at,
                                                               text.data() + text.size(), "");
  rules::State state;
  state.text = text;
  state.begin = at;
  state.number_begin = at;
  if (!tao::pegtl::parse<rules::phrase>(in, state)) return std::nullopt;
  state.end = state.offset(in);
  if (state.end == at) return std::nullopt;
  return state;
}

}  // namespace barometer::wording

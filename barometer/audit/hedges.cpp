// Words round a number against the number: "a majority, 46 per cent".
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "barometer/audit/hedges_internal.h"
#include "barometer/base/text.h"

namespace barometer {

using wording::Part;
using wording::Relation;
using wording::Truth;

namespace {

// Every share, in percent, that the figure may stand for: of counts where the base is known, else
// the ends of its interval and its middle.
std::vector<Ratio> readings_of(const Page& page, const Claim& figure) {
  std::vector<Ratio> out;
  const std::optional<int64_t> base = page.counted_base(figure);
  if (base) {
    const WholeRange counts = possible_counts(*figure.value, *base, page.rounding());
    if (!counts.empty()) {
      out.push_back({100 * counts.low, *base});
      out.push_back({100 * counts.high, *base});
      return out;
    }
  }
  const RoundingInterval interval = page.rounding().interval(*figure.value);
  return {interval.lower, figure.value->ratio(), interval.upper};
}

// An end that is not in the interval tells nothing: "over 40%" of what prints as 39.
bool any_true(const wording::NumberPhrase& phrase, const std::vector<Ratio>& readings,
              const std::vector<Ratio>& others) {
  return std::ranges::any_of(readings, [&](const Ratio& reading) {
    return is_true(phrase, reading, others) != Truth::kFalse;
  });
}

double distance_from(const wording::NumberPhrase& phrase, const Claim& figure) {
  const double actual = figure.value->value();
  if (phrase.quantifier != nullptr) {
    switch (phrase.quantifier->part) {
      case Part::kMajority:
        return 50 - actual;
      case Part::kMinority:
        return actual - 50;
      case Part::kAll:
        return 100 - actual;
      case Part::kNone:
        return actual;
      default:
        return 0;
    }
  }
  return phrase.is_share() ? std::abs(phrase.percent().value() - actual) : 0;
}

bool is_strict(const wording::NumberPhrase& phrase) {
  if (phrase.quantifier != nullptr) return phrase.quantifier->part != Part::kSomeOf;
  switch (phrase.hedge->relation) {
    case Relation::kOver:
    case Relation::kUnder:
    case Relation::kAtLeast:
    case Relation::kAtMost:
      return true;
    default:
      return false;
  }
}

// “majority”: the writer's word in quotation marks; whether it is one is told by what stands
// behind.
bool is_word_in_quotes(const Claim& claim) {
  return claim.negative_reason == "quotation" && claim.number.quantifier != nullptr &&
         claim.number.quantifier->part == Part::kMajority;
}

}  // namespace

bool can_be_judged(const Claim& claim) {
  const wording::NumberPhrase& phrase = claim.number;
  const bool may = Page::is_word_for_figure(claim) || is_word_in_quotes(claim);
  if (claim.negative && !may) return false;
  if (phrase.hedge == nullptr || phrase.has_upper) return false;
  if (phrase.quantifier != nullptr) {
    // "31 per cent are in a union, most of them in one (21 per cent)": of those, not of all.
    const bool some =
        claim.base_phrase.starts_with("them") || claim.base_phrase.starts_with("whom");
    return !some && phrase.quantifier->part != Part::kVague &&
           phrase.quantifier->part != Part::kRest;
  }
  return phrase.is_share() && phrase.value.denominator < 10'000'000 &&
         phrase.percent().denominator < 10'000'000 && phrase.places <= 6;
}

namespace {

// "A third (35 per cent)": people round to fractions more freely than the table allows; only what
// is farther off is worth a reader's time.
bool is_near_fraction(const Claim& words, const Claim& figure) {
  constexpr double kSlack = 2.5;
  return words.kind == ClaimKind::kPercentFraction && words.number.is_share() &&
         words.number.hedge->relation == Relation::kIs &&
         std::abs(words.number.percent().value() - figure.value->value()) <= kSlack;
}

}  // namespace

bool may_hold(const Page& page, const Claim& words, const Claim& figure,
              const std::vector<size_t>& others) {
  std::vector<Ratio> shares;
  for (const size_t i : others) {
    const Claim& other = page.claim(i);
    // The lowest that the other may be: a tie in print may be none.
    if (page.is_percent(other)) shares.push_back(page.rounding().interval(*other.value).lower);
  }
  if (words.number.form == wording::Form::kPercent && !words.number.quantifier &&
      words.number.hedge->relation == Relation::kIs) {
    // Two printed percentages: equal where the coarser one can be the other.
    const Decimal& a = *figure.value;
    const RoundingInterval one = page.rounding().interval(a);
    const RoundingInterval two = page.rounding().interval({words.value ? *words.value : a});
    return !(one.upper < two.lower || two.upper < one.lower ||
             (one.upper == two.lower && !(one.upper_in && two.lower_in)) ||
             (two.upper == one.lower && !(two.upper_in && one.lower_in)));
  }
  return is_near_fraction(words, figure) ||
         any_true(words.number, readings_of(page, figure), shares);
}

Grade grade_of_words(const Claim& words, const Claim& figure) {
  constexpr double kFar = 5;  // points beyond which no tolerance is meant
  const bool far = distance_from(words.number, figure) > kFar;
  return is_strict(words.number) || far ? Grade::kError : Grade::kWording;
}

std::string words_arithmetic(const Page& page, const Claim& words, const Claim& figure) {
  const std::optional<int64_t> base = page.counted_base(figure);
  std::string out = fmt::format("{}: {}", printable(words.quote), figure.value->text());
  if (base) out += fmt::format(" per cent of {}", *base);
  if (words.number.quantifier != nullptr) {
    switch (words.number.quantifier->part) {
      case Part::kMajority:
        return out + ", and a majority is more than 50";
      case Part::kMinority:
        return out + ", and a minority is less than 50";
      case Part::kPlurality:
        return out + ", and another answer has more";
      case Part::kSomeOf:
        return out + ", and such a minority is 10 … 50";
      default:
        return out;
    }
  }
  const Ratio stated = words.number.percent();
  const wording::Hedge& hedge = *words.number.hedge;
  out += fmt::format(" against {}", round(stated, stated.denominator == 1 ? 0 : 1).text());
  const Ratio within = tolerance_at(hedge, words.number.measure(), stated);
  if (within.numerator > 0) out += fmt::format(", within {} points", round(within, 1).text());
  return out;
}

namespace {

// Are the words between a word and its figure an apposition? "A majority, 53 per cent",
// "most leaders (45%)", "a significant minority of 18 per cent".
bool is_apposition(std::string_view words) {
  constexpr auto kPlain =
      std::to_array<std::string_view>({"", ",", "-", "--", ":", "of", "(", ", at", ", or", ", some",
                                       "- some", ", namely", "at", "-a"});
  constexpr size_t kFarthest = 60;
  const std::string_view trim = trimmed(words);
  if (std::ranges::find(kPlain, trim) != kPlain.end()) return true;
  return words.size() <= kFarthest && words.ends_with("(") &&
         words.find_first_of("),.;:") == std::string_view::npos;
}

std::vector<size_t> others_of(const Page& page, size_t figure) {
  std::vector<size_t> out;
  for (const size_t i : page.question_of(page.claim(figure))) {
    const bool other = i != figure && page.claim(i).subgroup == page.claim(figure).subgroup &&
                       page.claim(i).wave == page.claim(figure).wave;
    if (other) out.push_back(i);
  }
  return out;
}

std::string fix_for(const Claim& words, const Claim& figure) {
  if (words.number.quantifier != nullptr && words.number.quantifier->part == Part::kMajority) {
    return fmt::format("“the largest group” if it is, or “{} per cent” alone",
                       figure.value->text());
  }
  return fmt::format("“{} per cent” alone", figure.value->text());
}

// "The vast majority (54 per cent)": a majority, and no vast one.
void check_vast(Page& page, size_t words, size_t figure) {
  constexpr auto kVast =
      std::to_array<std::string_view>({"vast majority", "overwhelming majority", "huge majority"});
  constexpr int64_t kVastFrom = 60;  // per cent
  const Claim& number = page.claim(figure);
  if (!has_words(lowered(page.claim(words).quote), kVast)) return;
  if (Ratio{kVastFrom, 1} <= number.value->ratio()) return;
  page.find({.rule = "hedge",
             .grade = Grade::kWording,
             .claims = {words, figure},
             .message = fmt::format("{} is a majority, but not {}", quoted(number),
                                    quoted(page.claim(words))),
             .arithmetic = fmt::format("{} against {} and more", number.value->text(), kVastFrom),
             .fix = fmt::format("“a majority”, or “{} per cent” alone", number.value->text())});
}

void check_apposition(Page& page, size_t words, size_t figure) {
  const Claim& word = page.claim(words);
  const Claim& number = page.claim(figure);
  if (may_hold(page, word, number, others_of(page, figure))) {
    check_vast(page, words, figure);
    return;
  }
  page.find({.rule = "hedge",
             .grade = grade_of_words(word, number),
             .claims = {words, figure},
             .message = fmt::format("{} is not {}", quoted(number), quoted(word)),
             .arithmetic = words_arithmetic(page, word, number),
             .fix = fix_for(word, number)});
}

bool says_in_words(const Claim& claim) {
  return claim.kind == ClaimKind::kPercentBound || claim.kind == ClaimKind::kPercentFraction ||
         claim.kind == ClaimKind::kPercentFractionBound;
}

}  // namespace

std::vector<uint8_t> check_hedges(Page& page) {
  std::vector<uint8_t> judged(page.claims().size());
  for (size_t i = 0; i < page.claims().size(); ++i) {
    const Claim& claim = page.claim(i);
    if (!says_in_words(claim) || !can_be_judged(claim)) continue;
    if (is_word_in_quotes(claim)) {  // the word alone in its marks, then the figure in brackets
      const bool beside = i + 1 < page.claims().size() && page.is_percent(page.claim(i + 1)) &&
                          page.between(claim, page.claim(i + 1)) == "\" (";
      if (beside) check_apposition(page, i, i + 1);
      continue;
    }
    if (claim.gloss_of && *claim.gloss_of < page.claims().size() &&
        page.is_percent(page.claim(*claim.gloss_of))) {
      judged[i] = 1;
      check_apposition(page, i, *claim.gloss_of);
      continue;
    }
    const auto beside = [&](size_t other) {
      return other < page.claims().size() && page.is_percent(page.claim(other)) &&
             page.claim(other).sentence == claim.sentence;
    };
    if (beside(i + 1) && is_apposition(page.between(claim, page.claim(i + 1)))) {
      judged[i] = 1;
      check_apposition(page, i, i + 1);
    } else if (i > 0 && beside(i - 1)) {
      const std::string_view words = page.between(page.claim(i - 1), claim);
      constexpr auto kBehind =
          std::to_array<std::string_view>({", ", " - ", " -- ", " (", ", or "});
      if (std::ranges::find(kBehind, words) == kBehind.end()) continue;
      // "46 per cent, a majority," but not "46 per cent, most of them in London".
      const size_t end = claim.span.end;
      const std::string_view after = page.plain({end, end + 3});
      if (words != " (" && !after.starts_with(',') && !after.starts_with('.') &&
          !after.starts_with(" -")) {
        continue;
      }
      judged[i] = 1;
      check_apposition(page, i, i - 1);
    }
  }
  return judged;
}

}  // namespace barometer

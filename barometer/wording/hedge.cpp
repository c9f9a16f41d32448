#include "barometer/wording/hedge.h"

#include <algorithm>
#include <array>
#include <numeric>

namespace barometer::wording {
namespace {

__extension__ using Wide = __int128;

constexpr Ratio kNo{0, 1};
constexpr Ratio kOne{1, 1};
constexpr Ratio kTwo{2, 1};
constexpr Ratio kFour{4, 1};
constexpr Ratio kFive{5, 1};
constexpr Ratio kTen{10, 1};
constexpr bool kEditor = true;

constexpr Hedge close_to(std::string_view words, Relation relation) {
  return {words, relation, kTwo, kFour, kFive};
}
constexpr Hedge far_from(std::string_view words, Relation relation) {
  return {words, relation, kFive, kFive, kTen};
}
constexpr Hedge bound(std::string_view words, Relation relation) {
  return {words, relation, kNo, kNo, kNo};
}
// The number itself, said with an opinion or with stress.
constexpr Hedge plain(std::string_view words, bool for_editor) {
  return {words, Relation::kIs, kNo, kOne, kNo, for_editor};
}

using enum Relation;

constexpr auto kHedges = std::to_array<Hedge>({
    plain("", false),
    bound("over", kOver),
    bound("more than", kOver),
    bound("greater than", kOver),
    bound("higher than", kOver),
    bound("above", kOver),
    bound("in excess of", kOver),
    bound("upwards of", kOver),
    bound("upward of", kOver),
    bound("north of", kOver),
    bound("comfortably over", kOver),
    bound("comfortably more than", kOver),
    bound("easily more than", kOver),
    bound("exceeding", kOver),
    bound("under", kUnder),
    bound("fewer than", kUnder),
    bound("less than", kUnder),
    bound("lower than", kUnder),
    bound("below", kUnder),
    bound("short of", kUnder),
    bound("shy of", kUnder),
    bound("at least", kAtLeast),
    bound("no fewer than", kAtLeast),
    bound("not fewer than", kAtLeast),
    bound("no less than", kAtLeast),
    bound("not less than", kAtLeast),
    bound("a minimum of", kAtLeast),
    bound("up to", kAtMost),
    bound("at most", kAtMost),
    bound("no more than", kAtMost),
    bound("not more than", kAtMost),
    bound("a maximum of", kAtMost),
    close_to("nearly", kNearly),
    close_to("almost", kNearly),
    close_to("just under", kNearly),
    close_to("just below", kNearly),
    close_to("just short of", kNearly),
    close_to("slightly under", kNearly),
    close_to("slightly fewer than", kNearly),
    close_to("slightly less than", kNearly),
    close_to("a little under", kNearly),
    close_to("a little less than", kNearly),
    close_to("not quite", kNearly),
    close_to("approaching", kNearly),
    close_to("getting on for", kNearly),
    close_to("not far short of", kNearly),
    close_to("just shy of", kNearly),
    close_to("a shade under", kNearly),
    close_to("a touch under", kNearly),
    close_to("fractionally under", kNearly),
    close_to("marginally under", kNearly),
    close_to("marginally fewer than", kNearly),
    close_to("the best part of", kNearly),
    close_to("virtually", kNearly),
    close_to("practically", kNearly),
    close_to("just over", kJustOver),
    close_to("just above", kJustOver),
    close_to("just more than", kJustOver),
    close_to("slightly over", kJustOver),
    close_to("slightly more than", kJustOver),
    close_to("a little over", kJustOver),
    close_to("a little more than", kJustOver),
    close_to("a shade over", kJustOver),
    close_to("a touch over", kJustOver),
    close_to("fractionally over", kJustOver),
    close_to("marginally over", kJustOver),
    close_to("marginally more than", kJustOver),
    close_to("little more than", kJustOver),
    close_to("little over", kJustOver),
    close_to("around", kAbout),
    close_to("about", kAbout),
    close_to("roughly", kAbout),
    close_to("approximately", kAbout),
    close_to("some", kAbout),
    close_to("circa", kAbout),
    close_to("close to", kAbout),
    close_to("in the region of", kAbout),
    close_to("somewhere around", kAbout),
    far_from("well over", kWellOver),
    far_from("well above", kWellOver),
    far_from("far more than", kWellOver),
    far_from("much more than", kWellOver),
    far_from("considerably more than", kWellOver),
    far_from("well under", kWellUnder),
    far_from("well below", kWellUnder),
    far_from("far fewer than", kWellUnder),
    far_from("far less than", kWellUnder),
    far_from("much less than", kWellUnder),
    plain("exactly", false),
    plain("precisely", false),
    plain("a total of", false),
    plain("an additional", false),
    plain("a further", false),
    plain("another", false),
    plain("only", kEditor),
    plain("just", kEditor),
    plain("merely", kEditor),
    plain("barely", kEditor),
    plain("scarcely", kEditor),
    plain("hardly", kEditor),
    plain("a mere", kEditor),
    plain("as many as", kEditor),
    plain("as few as", kEditor),
    plain("as much as", kEditor),
    plain("as little as", kEditor),
    plain("fully", kEditor),
    plain("a full", kEditor),
    plain("a massive", kEditor),
    plain("a whopping", kEditor),
    plain("a staggering", kEditor),
});

constexpr auto kQuantifiers = std::to_array<Quantifier>({
    {"a majority", Part::kMajority},
    {"the majority", Part::kMajority},
    {"majority", Part::kMajority},
    {"most", Part::kMajority},
    {"a clear majority", Part::kMajority, kEditor},
    {"a significant majority", Part::kMajority, kEditor},
    {"a large majority", Part::kMajority, kEditor},
    {"the large majority", Part::kMajority, kEditor},
    {"the great majority", Part::kMajority, kEditor},
    {"a vast majority", Part::kMajority, kEditor},
    {"the vast majority", Part::kMajority, kEditor},
    {"an overwhelming majority", Part::kMajority, kEditor},
    {"the overwhelming majority", Part::kMajority, kEditor},
    {"a small majority", Part::kMajority, kEditor},
    {"a narrow majority", Part::kMajority, kEditor},
    {"a slim majority", Part::kMajority, kEditor},
    {"a minority", Part::kMinority},
    {"the minority", Part::kMinority},
    {"a small minority", Part::kMinority, kEditor},
    {"a tiny minority", Part::kMinority, kEditor},
    {"a significant minority", Part::kSomeOf, kEditor},
    {"a substantial minority", Part::kSomeOf, kEditor},
    {"a sizeable minority", Part::kSomeOf, kEditor},
    {"a sizable minority", Part::kSomeOf, kEditor},
    {"a large minority", Part::kSomeOf, kEditor},
    {"a plurality", Part::kPlurality},
    {"the largest group", Part::kPlurality},
    {"the largest share", Part::kPlurality},
    {"the largest proportion", Part::kPlurality},
    {"the biggest group", Part::kPlurality},
    {"everyone", Part::kAll},
    {"everybody", Part::kAll},
    {"none", Part::kNone},
    {"no", Part::kNone},  // "no respondent": before a noun for people
    {"not one", Part::kNone},
    {"not a single", Part::kNone},
    {"no one", Part::kNone},
    {"no-one", Part::kNone},
    {"nobody", Part::kNone},
    {"the remainder", Part::kRest},
    {"the rest", Part::kRest},
    {"the others", Part::kRest},
    {"everyone else", Part::kRest},
    {"everybody else", Part::kRest},
    {"all others", Part::kRest},
    {"many", Part::kVague},
    {"several", Part::kVague},
    {"few", Part::kVague},
    {"a few", Part::kVague},
    {"a handful", Part::kVague},
    {"a couple", Part::kVague},
    {"a number of", Part::kVague},
    {"a small number", Part::kVague},
    {"a large number", Part::kVague},
    {"a large number of", Part::kVague},
    {"large numbers of", Part::kVague},
    {"a small number of", Part::kVague},
    {"small numbers of", Part::kVague},
    {"a growing number of", Part::kVague},
    {"a large proportion of", Part::kVague},
    {"a significant proportion of", Part::kVague},
    {"dozens of", Part::kVague},
    {"scores of", Part::kVague},
    {"hundreds of", Part::kVague},
    {"thousands of", Part::kVague},
    {"millions of", Part::kVague},
});

constexpr auto kChangeWords = std::to_array<ChangeWord>({
    {"rose", Change::kUp},
    {"risen", Change::kUp},
    {"rises", Change::kUp},
    {"rising", Change::kUp},
    {"increased", Change::kUp},
    {"increases", Change::kUp},
    {"increase", Change::kUp},
    {"increasing", Change::kUp},
    {"grew", Change::kUp},
    {"grown", Change::kUp},
    {"climbed", Change::kUp},
    {"gained", Change::kUp},
    {"improved", Change::kUp},
    {"higher", Change::kUp},
    {"up", Change::kUp},
    {"jumped", Change::kUp, kEditor},
    {"leapt", Change::kUp, kEditor},
    {"soared", Change::kUp, kEditor},
    {"surged", Change::kUp, kEditor},
    {"rocketed", Change::kUp, kEditor},
    {"fell", Change::kDown},
    {"fallen", Change::kDown},
    {"falls", Change::kDown},
    {"falling", Change::kDown},
    {"decreased", Change::kDown},
    {"decreases", Change::kDown},
    {"decrease", Change::kDown},
    {"declined", Change::kDown},
    {"declining", Change::kDown},
    {"decline", Change::kDown},
    {"dropped", Change::kDown},
    {"drop", Change::kDown},
    {"dipped", Change::kDown},
    {"slipped", Change::kDown},
    {"worsened", Change::kDown},
    {"lower", Change::kDown},
    {"down", Change::kDown},
    {"slumped", Change::kDown, kEditor},
    {"plunged", Change::kDown, kEditor},
    {"plummeted", Change::kDown, kEditor},
    {"collapsed", Change::kDown, kEditor},
    {"tumbled", Change::kDown, kEditor},
    {"unchanged", Change::kSame},
    {"stable", Change::kSame},
    {"steady", Change::kSame},
    {"significantly", Change::kDiffers},
    {"significant", Change::kDiffers},
    {"sharply", Change::kDiffers, kEditor},
    {"dramatically", Change::kDiffers, kEditor},
});

template <class Row, size_t kSize, class Member>
const Row* find_in(const std::array<Row, kSize>& rows, std::string_view words, Member key) {
  const auto found = std::ranges::find(rows, words, key);
  return found == rows.end() ? nullptr : &*found;
}

// x + sign * d, on their least common denominator: a share of 999,999,999 and a tenth of it have
// one that fits, where the product of their denominators does not.
Ratio moved(const Ratio& x, const Ratio& d, int sign) {
  const int64_t common = std::gcd(x.denominator, d.denominator);
  const int64_t of_x = d.denominator / common;
  const int64_t of_d = x.denominator / common;
  return {x.numerator * of_x + sign * d.numerator * of_d, x.denominator * of_x};
}
Ratio product(const Ratio& a, const Ratio& b) {
  return {a.numerator * b.numerator, a.denominator * b.denominator};
}

bool is_within(const Ratio& actual, const Ratio& stated, const Ratio& d) {
  return moved(stated, d, -1) <= actual && actual <= moved(stated, d, 1);
}

bool prints_as(const Ratio& actual, const Ratio& stated, int places) {
  return round(actual, places).ratio() == stated;
}

// Do the parts and `last` add up to 100? Exactly, on their least common denominator.
Truth fills_whole(std::span<const Ratio> parts, const Ratio& last) {
  constexpr int64_t kLimit = int64_t{1} << 62;
  Wide numerator = last.numerator;
  Wide denominator = last.denominator;
  for (const Ratio& part : parts) {
    const auto common = static_cast<int64_t>(denominator);
    const int64_t factor = part.denominator / std::gcd(common, part.denominator);
    numerator =
        numerator * factor + Wide{part.numerator} * (denominator * factor / part.denominator);
    denominator *= factor;
    if (denominator > kLimit || numerator > kLimit) return Truth::kUnknown;
  }
  return numerator == 100 * denominator ? Truth::kTrue : Truth::kFalse;
}

}  // namespace

std::span<const Hedge> hedges() { return kHedges; }
const Hedge& no_hedge() { return kHedges.front(); }
const Hedge* find_hedge(std::string_view words) { return find_in(kHedges, words, &Hedge::words); }

std::span<const Quantifier> quantifiers() { return kQuantifiers; }
const Quantifier* find_quantifier(std::string_view words) {
  return find_in(kQuantifiers, words, &Quantifier::words);
}

std::span<const ChangeWord> change_words() { return kChangeWords; }
const ChangeWord* find_change_word(std::string_view word) {
  return find_in(kChangeWords, word, &ChangeWord::word);
}

Ratio tolerance_at(const Hedge& hedge, Measure measure, const Ratio& stated) {
  switch (measure) {
    case Measure::kPercent:
      return hedge.percent;
    case Measure::kFraction:
      return std::min(hedge.fraction, product(stated, {1, 10}));
    case Measure::kCount:
      return product(stated, product(hedge.count, {1, 100}));
  }
  return kNo;
}

bool is_true(const Hedge& hedge, Measure measure, const Ratio& stated, int places,
             const Ratio& actual) {
  const Ratio d = tolerance_at(hedge, measure, stated);
  switch (hedge.relation) {
    case kIs:
      return measure == Measure::kFraction ? is_within(actual, stated, d)
                                           : prints_as(actual, stated, places);
    case kOver:
      return actual > stated;
    case kUnder:
      return actual < stated;
    case kAtLeast:
      return actual >= stated;
    case kAtMost:
      return actual <= stated;
    case kNearly:
      return moved(stated, d, -1) <= actual && actual < stated;
    case kJustOver:
      return stated < actual && actual <= moved(stated, d, 1);
    case kAbout:
      return is_within(actual, stated, d);
    case kWellOver:
      return actual >= moved(stated, d, 1);
    case kWellUnder:
      return actual <= moved(stated, d, -1);
  }
  return false;
}

Truth is_true(const Quantifier& quantifier, const Ratio& actual, std::span<const Ratio> others) {
  const auto truth = [](bool holds) { return holds ? Truth::kTrue : Truth::kFalse; };
  constexpr Ratio kHalf{50, 1};
  constexpr Ratio kWhole{100, 1};
  switch (quantifier.part) {
    case Part::kMajority:
      return truth(actual > kHalf);
    case Part::kMinority:
      return truth(kNo < actual && actual < kHalf);
    case Part::kSomeOf:
      return truth(kMinorityFloor <= actual && actual < kHalf);
    case Part::kAll:
      return truth(actual == kWhole);
    case Part::kNone:
      return truth(actual == kNo);
    case Part::kPlurality:
      if (others.empty()) return Truth::kUnknown;
      return truth(std::ranges::all_of(others, [&](const Ratio& o) { return o < actual; }));
    case Part::kRest:
      if (others.empty()) return Truth::kUnknown;
      return fills_whole(others, actual);
    case Part::kVague:
      return Truth::kUnknown;
  }
  return Truth::kUnknown;
}

bool is_true(const ChangeWord& word, const Ratio& difference, bool significant) {
  switch (word.change) {
    case Change::kUp:
      return significant && difference > kNo;
    case Change::kDown:
      return significant && difference < kNo;
    case Change::kSame:
      return !significant;
    case Change::kDiffers:
      return significant;
  }
  return false;
}

}  // namespace barometer::wording

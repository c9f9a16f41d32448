#include "barometer/printed/means.h"

#include <algorithm>

#include <fmt/format.h>

#include "barometer/printed/exact_internal.h"
#include "barometer/printed/sample_search_internal.h"

namespace barometer {
namespace {

using exact::ceil_divide;
using exact::floor_divide;
using exact::Ticks;
using exact::Wide;

constexpr int64_t kMostAnswers = 1'000'000;
constexpr int64_t kMostSdDigits = 1'000'000'000;
constexpr int64_t kWidestScale = 1000;

// n Q - S² for the variances that print as the SD.
struct Variations {
  Wide low = 0;
  Wide high = -1;
  bool empty() const { return low > high; }
};

class Spread {
 public:
  Spread(const Decimal& sd, int64_t n, int64_t items, bool population)
      : sd_(sd), divisor_(Wide{n} * (population ? n : n - 1) * items * items) {}

  Variations printed_as(RoundingRule rule) const {
    const exact::TickScale scale(sd_.places);
    const Wide square = scale.one() * scale.one();
    const Ticks ends =
        exact::meet(scale.ticks(sd_, rule), {0, Wide{4} * kMostSdDigits, true, true});
    if (ends.empty()) return {};
    const Wide low_top = ends.low * ends.low * divisor_;
    const Wide high_top = ends.high * ends.high * divisor_;
    Variations out{ceil_divide(low_top, square), floor_divide(high_top, square)};
    if (!ends.low_in && out.low * square == low_top) ++out.low;
    if (!ends.high_in && out.high * square == high_top) --out.high;
    return out;
  }

  Decimal sd_of(Wide variation, int places) const {
    return exact::root(variation, divisor_, places);
  }

 private:
  Decimal sd_;
  Wide divisor_;
};

// Sums of squares with the parity of the sum, from the most even answers on.
struct Squares {
  Wide low;
  Wide high;
  bool empty() const { return low > high; }
};

// The variation of the most even answers: r people have one more than the others.
Wide least_variation(Wide sum, Wide n) {
  const Wide over = sum - n * floor_divide(sum, n);
  return over * (n - over);
}

Squares squares_of(const Variations& variations, Wide sum, Wide n) {
  const Wide low = std::max(variations.low, least_variation(sum, n));
  Squares out{ceil_divide(low + sum * sum, n), floor_divide(variations.high + sum * sum, n)};
  const auto odd = [](Wide value) { return value % 2 != 0; };
  if (odd(out.low) != odd(sum)) ++out.low;
  if (odd(out.high) != odd(sum)) --out.high;
  return out;
}

std::optional<Verdict> no_answer(const MeanAndSd& stated) {
  const bool within = stated.n >= 1 && stated.items >= 1 && stated.n <= kMostAnswers &&
                      stated.items <= kMostAnswers / stated.n;
  if (!within) return Verdict{Possibility::kNoBase, "the answers are none, or over 10^6", ""};
  if (stated.n == 1 && !stated.population) {
    return Verdict{Possibility::kNoBase, "one answer has no sample SD", ""};
  }
  if (!exact::testable(stated.mean) || !exact::testable(stated.sd) ||
      std::abs(stated.mean.digits) > kMostSdDigits || stated.sd.digits > kMostSdDigits) {
    return exact::untested();
  }
  return std::nullopt;
}

// "Σ 7…9": sums as they stand in a line.
std::string sums_text(const WholeRange& sums) {
  return sums.empty() ? "no sum" : "sum " + exact::counts_text(sums.low, sums.high);
}

// The SDs next to those that print as stated, over all sums.
std::string near_sds(const MeanAndSd& stated, const WholeRange& sums, const Spread& spread,
                     const Variations& asked) {
  std::optional<Wide> below;
  std::optional<Wide> above;
  for (int64_t sum = sums.low; sum <= sums.high; ++sum) {
    const Wide square = Wide{sum} * sum;
    const Wide least = least_variation(sum, stated.n);
    const Squares lower = squares_of({0, asked.low - 1}, sum, stated.n);
    const Squares upper = squares_of(
        {std::max(asked.high + 1, least), asked.high + Wide{4} * stated.n}, sum, stated.n);
    if (!lower.empty()) below = std::max(below.value_or(0), lower.high * stated.n - square);
    const Wide next = upper.low * stated.n - square;
    above = std::min(above.value_or(next), next);
  }
  std::vector<std::string> ways;
  if (below) ways.push_back(spread.sd_of(*below, stated.sd.places).text());
  if (above) ways.push_back(spread.sd_of(*above, stated.sd.places).text());
  return ways.empty() ? "" : "an SD of " + exact::list_text(ways, "or");
}

std::string mean_mend(const Decimal& mean, int64_t n, int64_t items, RoundingRule rule) {
  const Wide scores = Wide{n} * items;
  const Ratio exact = mean.ratio();
  const auto below =
      static_cast<int64_t>(floor_divide(Wide{exact.numerator} * scores, exact.denominator));
  const auto total = static_cast<int64_t>(scores);
  return fmt::format("a mean of {} or {}", rule.print({below, total}, mean.places).text(),
                     rule.print({below + 1, total}, mean.places).text());
}

std::string stated_text(const MeanAndSd& stated) {
  return fmt::format("mean {}, SD {} of {}", stated.mean.text(), stated.sd.text(), stated.n) +
         (stated.items > 1 ? fmt::format(" over {} items", stated.items) : "");
}

std::string answers_text(const std::vector<int64_t>& counts, int64_t lowest) {
  std::string out;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    out += fmt::format("{}{} × {}", out.empty() ? "" : ", ", counts[i],
                       lowest + static_cast<int64_t>(i));
  }
  return out;
}

bool scale_testable(const MeanAndSd& stated, const ScoreRange& scores) {
  return scores.low < scores.high && scores.low >= -kWidestScale && scores.high <= kWidestScale &&
         stated.items <= kWidestScale && (scores.high - scores.low) * stated.items <= kWidestScale;
}

// Sums of answers on the scale that print as the mean, counted from n times the lowest.
WholeRange sums_on(const MeanAndSd& stated, const ScoreRange& scores, RoundingRule rule) {
  const WholeRange sums = possible_sums(stated.mean, stated.n, stated.items, rule);
  if (sums.empty()) return {};
  const int64_t base = stated.n * stated.items * scores.low;
  const int64_t top = (scores.high - scores.low) * stated.items * stated.n;
  return {std::max<int64_t>(0, sums.low - base), std::min(top, sums.high - base)};
}

}  // namespace

Verdict mean_verdict(const Decimal& mean, std::optional<int64_t> n, int64_t items,
                     const std::optional<ScoreRange>& scores, RoundingRule rule) {
  if (!exact::testable(mean)) return exact::untested();
  if (scores) {
    const exact::TickScale scale(mean.places);
    const Ticks ends{scores->low * scale.one(), scores->high * scale.one(), true, true};
    if (!exact::touch(scale.ticks(mean, rule), ends)) {
      const std::string range = fmt::format("{} to {}", scores->low, scores->high);
      return {Possibility::kImpossible,
              fmt::format("a mean of {} on a scale of {}", mean.text(), range),
              "a mean or a scale that holds it"};
    }
  }
  if (!n || *n <= 0 || items < 1 || *n > exact::kMaxBase / items) {
    return {Possibility::kNoBase, fmt::format("a mean of {} of no known base", mean.text()), ""};
  }
  const WholeRange sums = possible_sums(mean, *n, items, rule);
  Verdict verdict{mean_possibility(mean, n, items, rule),
                  fmt::format("a mean of {} of {}: {}", mean.text(), *n * items, sums_text(sums)),
                  ""};
  if (verdict.fails()) verdict.mend = mean_mend(mean, *n, items, rule);
  return verdict;
}

Verdict mean_sd_verdict(const MeanAndSd& stated, RoundingRule rule) {
  if (const auto verdict = no_answer(stated)) return *verdict;
  Verdict mean = mean_verdict(stated.mean, stated.n, stated.items, std::nullopt, rule);
  if (mean.fails()) return mean;
  const WholeRange sums = possible_sums(stated.mean, stated.n, stated.items, rule);
  const std::string line = fmt::format("{}: {}", stated_text(stated), sums_text(sums));
  const Spread spread(stated.sd, stated.n, stated.items, stated.population);
  const Variations variations = spread.printed_as(rule);
  if (variations.empty()) return {Possibility::kImpossible, line + "; no SD is negative", ""};
  for (int64_t sum = sums.low; sum <= sums.high; ++sum) {
    const Squares squares = squares_of(variations, sum, stated.n);
    if (squares.empty()) continue;
    // Two n of room hold a sum of squares of either parity whatever the sum is.
    const bool power = mean.outcome == Possibility::kPossible ||
                       variations.high - variations.low + 1 < Wide{2} * stated.n;
    return {power ? Possibility::kPossible : Possibility::kNoPower,
            fmt::format("{}; with sum {} a sum of squares of {}", line, sum,
                        static_cast<int64_t>(squares.low)),
            ""};
  }
  return {Possibility::kImpossible, line + "; no sum of squares goes with it",
          near_sds(stated, sums, spread, variations)};
}

Verdict binary_sd_verdict(const Decimal& mean, const Decimal& sd, int64_t n, bool population,
                          RoundingRule rule) {
  const MeanAndSd stated{mean, sd, n, 1, population};
  if (const auto verdict = no_answer(stated)) return *verdict;
  WholeRange ones = possible_sums(mean, n, 1, rule);
  ones = {std::max<int64_t>(0, ones.low), std::min(n, ones.high)};
  if (ones.empty()) {
    return {Possibility::kImpossible, fmt::format("{}: no number of ones", stated_text(stated)),
            mean_mend(mean, n, 1, rule)};
  }
  const Spread spread(sd, n, 1, population);
  const Variations variations = spread.printed_as(rule);
  std::optional<Decimal> low;
  std::optional<Decimal> high;
  const std::string line =
      fmt::format("{}: {} ones", stated_text(stated), exact::counts_text(ones.low, ones.high));
  for (int64_t k = ones.low; k <= ones.high; ++k) {
    const Wide variation = Wide{k} * (n - k);
    const Decimal given = spread.sd_of(variation, sd.places);
    if (variations.low <= variation && variation <= variations.high) {
      return {Possibility::kPossible, fmt::format("{}; {} give an SD of {}", line, k, given.text()),
              ""};
    }
    if (!low || given.digits < low->digits) low = given;
    if (!high || given.digits > high->digits) high = given;
  }
  const std::string sds = exact::TickScale::Printed{*low, *high}.text();
  return {Possibility::kImpossible, fmt::format("{} have an SD of {}", line, sds),
          "an SD of " + sds};
}

std::optional<SdRange> possible_sds(const MeanAndSd& stated, const ScoreRange& scores, int places,
                                    RoundingRule rule) {
  if (no_answer(stated) || !scale_testable(stated, scores) || places > exact::kMaxPlaces) {
    return std::nullopt;
  }
  const WholeRange sums = sums_on(stated, scores, rule);
  const int64_t top = (scores.high - scores.low) * stated.items;
  const Spread spread({0, places}, stated.n, stated.items, stated.population);
  std::optional<Wide> least;
  Wide most = 0;
  for (int64_t sum = sums.low; sum <= sums.high; ++sum) {
    const Wide low = least_variation(sum, stated.n);
    least = std::min(least.value_or(low), low);
    most = std::max(most, Wide{stated.n} * SampleSearch::most_squares(sum, top) - Wide{sum} * sum);
  }
  if (!least) return std::nullopt;
  return SdRange{spread.sd_of(*least, places), spread.sd_of(most, places)};
}

std::optional<std::vector<int64_t>> answers_with(const MeanAndSd& stated, const ScoreRange& scores,
                                                 RoundingRule rule) {
  if (no_answer(stated) || !scale_testable(stated, scores)) return std::nullopt;
  const WholeRange sums = sums_on(stated, scores, rule);
  const int64_t top = (scores.high - scores.low) * stated.items;
  const Spread spread(stated.sd, stated.n, stated.items, stated.population);
  const Variations variations = spread.printed_as(rule);
  if (variations.empty()) return std::nullopt;
  SampleSearch search(top);
  for (int64_t sum = sums.low; sum <= sums.high; ++sum) {
    const Squares squares = squares_of(variations, sum, stated.n);
    const Wide most = std::min(squares.high, Wide{SampleSearch::most_squares(sum, top)});
    for (Wide square = squares.low; square <= most; square += 2) {
      const auto counts = search.find(stated.n, sum, static_cast<int64_t>(square));
      if (counts) return counts;
    }
  }
  return std::nullopt;
}

Verdict answers_verdict(const MeanAndSd& stated, const ScoreRange& scores, RoundingRule rule) {
  if (const auto verdict = no_answer(stated)) return *verdict;
  if (!scale_testable(stated, scores)) {
    return {Possibility::kNoBase, "scales of more than 1000 steps are not tested", ""};
  }
  Verdict mean = mean_verdict(stated.mean, stated.n, stated.items, scores, rule);
  if (mean.fails()) return mean;
  const std::string line =
      fmt::format("{} on {} to {}", stated_text(stated), scores.low, scores.high);
  if (const auto counts = answers_with(stated, scores, rule)) {
    return {Possibility::kPossible,
            fmt::format("{}: {}", line, answers_text(*counts, scores.low * stated.items)), ""};
  }
  const auto sds = possible_sds(stated, scores, stated.sd.places, rule);
  const std::string range =
      sds ? fmt::format("{} to {}", sds->low.text(), sds->high.text()) : "none";
  const bool outside =
      !sds || stated.sd.digits < sds->low.digits || stated.sd.digits > sds->high.digits;
  if (outside) {
    return {Possibility::kImpossible, fmt::format("{}: SDs are {}", line, range),
            "an SD of " + range};
  }
  const Verdict unbounded = mean_sd_verdict(stated, rule);
  return {Possibility::kImpossible, line + ": no answers give these", unbounded.mend};
}

}  // namespace barometer

// Means of whole scores: GRIM, with a standard deviation GRIMMER, of yes and no DEBIT; the ends of
// the scale.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "barometer/audit/page_internal.h"
#include "barometer/printed/means.h"

namespace barometer {
namespace {

constexpr auto kDeviation =
    std::to_array<std::string_view>({"standard deviation", "std dev", "std. dev.", "s.d.", "sd"});
// Averages of several answers, whose parts are no whole scores of one item.
constexpr auto kComposite = std::to_array<std::string_view>(
    {"index", "composite", "items", "subscale", "weighted", "weighting", "average age", "mean age",
     "per cent", "days", "hours", "pounds", "£"});

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The decimal that begins there, behind what joins a word to its number.
std::optional<Decimal> decimal_behind(std::string_view text) {
  constexpr std::string_view kJoints = " =:(~";
  while (!text.empty()) {
    if (kJoints.find(text.front()) != std::string_view::npos) {
      text.remove_prefix(1);
    } else if (text.starts_with("of ") || text.starts_with("is ")) {
      text.remove_prefix(3);
    } else if (text.starts_with("was ")) {
      text.remove_prefix(4);
    } else {
      break;
    }
  }
  size_t end = 0;
  while (end < text.size() && is_digit(text[end])) ++end;
  if (end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1])) {
    ++end;
    while (end < text.size() && is_digit(text[end])) ++end;
  }
  if (end == 0 || end > 9) return std::nullopt;
  const auto read = parse_decimal(text.substr(0, end));
  if (!read) return std::nullopt;
  return *read;
}

// The standard deviation said behind a mean, before the next mean or the end of the sentence.
std::optional<Decimal> deviation_of(const Page& page, size_t mean) {
  const Claim& claim = page.claim(mean);
  const std::vector<Sentence>& sentences = page.article().document.sentences;
  if (claim.sentence >= sentences.size()) return std::nullopt;
  size_t end = sentences[claim.sentence].span.end;
  for (size_t i = mean + 1; i < page.claims().size() && page.claim(i).sentence == claim.sentence;
       ++i) {
    if (page.claim(i).kind != ClaimKind::kMean || !page.is_live(page.claim(i))) continue;
    // A number read as a mean may be the deviation itself.
    const std::string_view words = page.between(claim, page.claim(i));
    if (has_words(words, kDeviation) && page.claim(i).value) return page.claim(i).value;
    end = page.claim(i).span.begin;
    break;
  }
  if (end <= claim.span.end) return std::nullopt;
  const std::string_view text = page.plain({claim.span.end, end});
  for (const std::string_view cue : kDeviation) {
    const size_t at = find_words(text, cue);
    if (at != std::string_view::npos) return decimal_behind(text.substr(at + cue.size()));
  }
  return std::nullopt;
}

bool is_deviation(const Page& page, size_t i) {
  return i > 0 && page.claim(i - 1).sentence == page.claim(i).sentence &&
         page.claim(i - 1).kind == ClaimKind::kMean &&
         has_words(page.between(page.claim(i - 1), page.claim(i)), kDeviation);
}

std::optional<ScoreRange> scale_in(const Claim& claim) {
  if (claim.number.form != wording::Form::kScale || !claim.number.has_upper) return std::nullopt;
  const Ratio& low = claim.number.value;
  const Ratio& high = claim.number.upper;
  const bool whole = low.denominator == 1 && high.denominator == 1;
  if (!whole || low.numerator >= high.numerator || high.numerator > 100) return std::nullopt;
  return ScoreRange{low.numerator, high.numerator};
}

struct SaidScale {
  size_t sentence = 0;
  ScoreRange range;
};
using Scales = std::vector<SaidScale>;

// The scales of the article, the first few of them.
Scales scales_of(const Page& page) {
  constexpr size_t kMostScales = 50;
  Scales out;
  for (const Claim& claim : page.claims()) {
    const std::optional<ScoreRange> range = scale_in(claim);
    if (range && out.size() < kMostScales) out.push_back({claim.sentence, *range});
  }
  return out;
}

// The scale said in the mean's sentence, or the only one of the article; "7.2 out of 10" names the
// upper end alone.
std::optional<ScoreRange> scale_of(const Page& page, const Claim& mean, const Scales& scales) {
  const Page::ClaimRange beside = page.claims_in(mean.sentence);
  for (size_t i = beside.begin; i < beside.end; ++i) {
    if (const auto range = scale_in(page.claim(i))) return range;
  }
  std::optional<ScoreRange> found;
  bool one = true;
  for (const auto& [sentence, range] : scales) {
    // A scale of elsewhere says nothing of a number that is not on it: "11 minutes".
    const bool near = sentence < mean.sentence && mean.sentence - sentence <= 2;
    const Ratio value = mean.value->ratio();
    if (!near && (value < Ratio{range.low, 1} || Ratio{range.high, 1} < value)) continue;
    one = one && (!found || (found->low == range.low && found->high == range.high));
    found = range;
  }
  if (found && one) return found;
  if (mean.number.out_of > 0 && mean.number.out_of <= 100) return ScoreRange{0, mean.number.out_of};
  return std::nullopt;
}

Verdict verdict_of(const Page& page, const Claim& claim, const std::optional<Decimal>& deviation,
                   const std::optional<ScoreRange>& scale, std::string& rule) {
  const Decimal& mean = *claim.value;
  const std::optional<int64_t> n = page.counted_base(claim);
  rule = "mean";
  Verdict alone = mean_verdict(mean, n, 1, scale, page.rounding());
  if (alone.fails() || !n || !deviation || !is_testable(*deviation)) return alone;
  rule = "mean-sd";
  if (scale && scale->low == 0 && scale->high == 1) {
    rule = "binary-sd";
    return binary_sd_verdict(mean, *deviation, *n, false, page.rounding());
  }
  constexpr int64_t kMostSearched = 500;  // answers for which a set of them is looked for
  const MeanAndSd stated{mean, *deviation, *n, 1, false};
  Verdict sums = mean_sd_verdict(stated, page.rounding());
  if (sums.fails() || !scale || *n > kMostSearched) return sums;
  return answers_verdict(stated, *scale, page.rounding());
}

bool is_outside(const Decimal& mean, const std::optional<ScoreRange>& scale, RoundingRule rule) {
  if (!scale) return false;
  const RoundingInterval interval = rule.interval(mean);
  return interval.upper < Ratio{scale->low, 1} || Ratio{scale->high, 1} < interval.lower;
}

// Whom the finding accuses: the mean alone where it is off its scale or no scores give it, else the
// standard deviation beside it.
std::string message_of(const Claim& claim, const std::optional<Decimal>& deviation,
                       const std::optional<ScoreRange>& scale, bool off_scale, bool of_deviation) {
  if (off_scale) {
    return fmt::format("{} is off the scale of {} to {}", quoted(claim), scale->low, scale->high);
  }
  if (of_deviation) {
    return fmt::format(
        "a standard deviation of {} cannot stand beside a mean of {}{}", deviation->text(),
        claim.value->text(),
        scale ? fmt::format(" on a scale of {} to {}", scale->low, scale->high) : std::string());
  }
  return fmt::format("{} cannot come from whole scores of {} people", quoted(claim), *claim.base);
}

// "11½ minutes", "44 hours a week": no score.
bool has_unit(const Page& page, size_t i) {
  constexpr auto kUnits = std::to_array<std::string_view>(
      {"minutes", "minute", "hours", "hour", "days", "day", "weeks", "months", "years", "seconds",
       "miles", "pounds", "per cent"});
  if (page.claim(i).number.form == wording::Form::kMeasure) return true;
  const std::string_view behind = page.behind(i);
  if (!behind.empty() && static_cast<unsigned char>(behind[0]) >= 0x80) return true;
  return behind.starts_with(' ') && std::ranges::any_of(kUnits, [&](std::string_view unit) {
           return behind.substr(1).starts_with(unit);
         });
}

void check_mean(Page& page, size_t i, const Scales& scales) {
  const Claim& claim = page.claim(i);
  if (has_unit(page, i)) return;
  const std::string_view sentence = page.sentence(claim.sentence);
  if (has_words(sentence, kComposite)) return;
  const std::optional<ScoreRange> scale = scale_of(page, claim, scales);
  const std::optional<Decimal> deviation = deviation_of(page, i);
  std::string rule;
  const Verdict verdict = verdict_of(page, claim, deviation, scale, rule);
  page.check(rule, {i}, verdict);
  if (!verdict.fails()) return;
  const bool off_scale = !claim.base || is_outside(*claim.value, scale, page.rounding());
  page.find({.rule = rule,
             // Without a scale the scores may not be whole.
             .grade = scale || claim.number.out_of > 0 ? Grade::kError : Grade::kNote,
             .claims = {i},
             .message = message_of(claim, deviation, scale, off_scale && scale, rule != "mean"),
             .arithmetic = verdict.arithmetic,
             .fix = verdict.mend});
}

}  // namespace

void check_means(Page& page) {
  const Scales scales = scales_of(page);
  for (size_t i = 0; i < page.claims().size(); ++i) {
    const Claim& claim = page.claim(i);
    const bool is_mean = page.is_live(claim) && claim.kind == ClaimKind::kMean && claim.value &&
                         is_testable(*claim.value);
    if (is_mean && !is_deviation(page, i)) check_mean(page, i, scales);
  }
}

}  // namespace barometer

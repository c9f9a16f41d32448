// Parts and wholes of one question.
#include <algorithm>
#include <array>
#include <set>

#include <fmt/format.h>

#include "barometer/audit/page_internal.h"
#include "barometer/printed/bases.h"
#include "barometer/printed/partition.h"

namespace barometer {
namespace {

using Question = std::vector<size_t>;

struct Parts {
  std::vector<size_t> claims;
  std::vector<Decimal> values;
  std::optional<int64_t> base;  // of all, where they have one
};

Parts parts_of(const Page& page, const Question& question) {
  Parts out;
  bool one_base = true;
  for (const size_t i : question) {
    const Claim& claim = page.claim(i);
    if (!page.is_percent(claim)) continue;
    const std::optional<int64_t> base = page.counted_base(claim);
    one_base = one_base && base && (out.claims.empty() || base == out.base);
    if (out.claims.empty()) out.base = base;
    out.claims.push_back(i);
    out.values.push_back(*claim.value);
  }
  if (!one_base) out.base.reset();
  return out;
}

// Without the base where some part is impossible at it: that is said of the part already.
std::optional<int64_t> sound_base(const Page& page, const Parts& parts) {
  if (!parts.base) return std::nullopt;
  const bool sound = std::ranges::all_of(parts.values, [&](const Decimal& value) {
    return !possible_counts(value, *parts.base, page.rounding()).empty();
  });
  return sound ? parts.base : std::nullopt;
}

bool any_of_kind(const Page& page, const Question& question, ClaimKind kind) {
  return std::ranges::any_of(question, [&](size_t i) { return page.claim(i).kind == kind; });
}

// "Nearly half, 48 per cent, …; a fifth were unsure": a part in words has no figure to add.
bool has_part_in_words(const Page& page, const Question& question) {
  return std::ranges::any_of(question, [&](size_t i) {
    const ClaimKind kind = page.claim(i).kind;
    return kind == ClaimKind::kPercentBound || kind == ClaimKind::kPercentFraction ||
           kind == ClaimKind::kPercentFractionBound || kind == ClaimKind::kCount;
  });
}

// The printed parts are all answers.
void check_whole(Page& page, const Question& question) {
  const bool all_said = std::ranges::any_of(question, [&](size_t i) {
    return page.is_percent(page.claim(i)) && page.claim(i).exhaustive;
  });
  if (!all_said || has_part_in_words(page, question)) return;
  const Parts parts = parts_of(page, question);
  if (parts.claims.size() < 2) return;
  if (any_of_kind(page, question, ClaimKind::kPercentImplied)) {
    if (remainder(parts.values, std::nullopt, page.rounding())) return;
    page.find(
        {.rule = "exhaustive",
         .claims = parts.claims,
         .message = "these answers leave nothing for the remainder: they pass 100 per cent",
         .arithmetic = exhaustive_verdict(parts.values, std::nullopt, page.rounding()).arithmetic});
    return;
  }
  const Verdict verdict =
      exhaustive_verdict(parts.values, sound_base(page, parts), page.rounding());
  page.check("exhaustive", parts.claims, verdict);
  if (!verdict.fails()) return;
  // As percentages they may make a whole of other people than all who answered.
  const bool of_others = !exhaustive_verdict(parts.values, std::nullopt, page.rounding()).fails() &&
                         page.claim(parts.claims[0]).base_source != BaseSource::kClaim;
  page.find({.rule = "exhaustive",
             .grade = of_others ? Grade::kBaseMismatch : Grade::kError,
             .claims = parts.claims,
             .message = fmt::format(
                 "these {} answers are all there are, but they do not add up to a "
                 "whole{}",
                 parts.claims.size(), of_others ? fmt::format(" of {}", *parts.base) : ""),
             .arithmetic = verdict.arithmetic,
             .fix = verdict.mend});
}

// "the remaining 15 per cent": what the parts before it leave. False where it is not.
bool check_remainder(Page& page, const Question& question) {
  if (has_part_in_words(page, question)) return true;
  const Parts parts = parts_of(page, question);
  for (size_t k = 1; k < parts.claims.size(); ++k) {
    const Claim& claim = page.claim(parts.claims[k]);
    if (!claim.number.is_remainder || k + 1 != parts.claims.size()) continue;
    const std::span<const Decimal> others(parts.values.data(), k);
    const Verdict verdict =
        remainder_verdict(others, *claim.value, sound_base(page, parts), page.rounding());
    page.check("remainder", parts.claims, verdict);
    if (!verdict.fails()) return true;
    std::vector<size_t> claims = parts.claims;
    std::ranges::rotate(claims, claims.end() - 1);
    page.find({.rule = "remainder",
               .claims = std::move(claims),
               .message = fmt::format("{} is not what the other answers leave", quoted(claim)),
               .arithmetic = verdict.arithmetic,
               .fix = verdict.mend});
    return false;
  }
  return true;
}

// As counts the parts sum to the base, as percentages not to 100.
bool check_counts(Page& page, const Parts& parts) {
  if (parts.claims.size() < 2 || !parts.base) return false;
  const Verdict verdict = counts_as_percents_verdict(parts.values, *parts.base, page.rounding());
  if (!verdict.fails()) return false;
  page.check("count-as-percent", parts.claims, verdict);
  page.find({.rule = "count-as-percent",
             .claims = parts.claims,
             .message = "these are numbers of people printed as percentages",
             .arithmetic = verdict.arithmetic,
             .fix = verdict.mend});
  return true;
}

struct Opposites {
  std::string_view yes;
  std::string_view no;
};
// Answers that exclude each other.
constexpr auto kOpposites = std::to_array<Opposites>({
    {"agreed", "disagreed"},
    {"agree", "disagree"},
    {"likely", "unlikely"},
    {"satisfied", "dissatisfied"},
    {"support", "oppose"},
    {"supported", "opposed"},
    {"backed", "opposed"},
    {"in favour", "against"},
    {"voted for", "voted against"},
    {"said yes", "said no"},
    {"better", "worse"},
    {"approve", "disapprove"},
    {"optimistic", "pessimistic"},
    {"positive", "negative"},
    {"strong", "weak"},
    {"good", "poor"},
    {"good", "bad"},
});

bool exclude_each_other(std::string_view a, std::string_view b) {
  return std::ranges::any_of(kOpposites, [&](const Opposites& row) {
    const auto has = [](std::string_view text, std::string_view word) {
      return find_words(text, word) != std::string_view::npos;
    };
    return (has(a, row.yes) && !has(a, row.no) && has(b, row.no) && !has(b, row.yes)) ||
           (has(a, row.no) && !has(a, row.yes) && has(b, row.yes) && !has(b, row.no));
  });
}

bool is_group(const Claim& claim) { return claim.subgroup || !claim.wave.empty(); }

// "55 per cent agreed and 60 per cent disagreed"
void check_opposites(Page& page, const Question& question) {
  const Parts parts = parts_of(page, question);
  for (size_t k = 1; k < parts.claims.size(); ++k) {
    const size_t a = parts.claims[k - 1];
    const size_t b = parts.claims[k];
    const bool comparable = page.claim(a).sentence == page.claim(b).sentence &&
                            !is_group(page.claim(a)) && !is_group(page.claim(b)) &&
                            page.claim(a).base == page.claim(b).base;
    if (!comparable || !exclude_each_other(page.behind(a), page.behind(b))) continue;
    const std::array<Decimal, 2> both{parts.values[k - 1], parts.values[k]};
    if (remainder(both, std::nullopt, page.rounding())) continue;
    page.find({.rule = "opposites",
               .claims = {a, b},
               .message = "nobody can have given both answers, but together they pass 100 per cent",
               .arithmetic = exhaustive_verdict(both, std::nullopt, page.rounding()).arithmetic});
  }
}

constexpr auto kNetCues = std::to_array<std::string_view>(
    {"in total", "in all", "altogether", "taken together", "combined", "a total of"});

// "28 per cent … and 46 per cent …: in all 76 per cent"
void check_net(Page& page, const Question& question) {
  const Parts parts = parts_of(page, question);
  const size_t count = parts.claims.size();
  if (count < 3) return;
  const Claim& net = page.claim(parts.claims.back());
  const size_t begin = page.article().document.sentences[net.sentence].span.begin;
  const Claim& before = page.claim(parts.claims[count - 2]);
  const size_t from = before.sentence == net.sentence ? before.span.end : begin;
  if (from > net.span.begin || is_group(net)) return;
  if (!has_words(page.plain({from, net.span.end}), kNetCues)) return;
  const std::span<const Decimal> others(parts.values.data(), count - 1);
  const Verdict verdict =
      net_verdict(parts.values.back(), others, sound_base(page, parts), page.rounding());
  page.check("net", parts.claims, verdict);
  if (!verdict.fails()) return;
  std::vector<size_t> claims = parts.claims;
  std::ranges::rotate(claims, claims.end() - 1);
  page.find({.rule = "net",
             .claims = std::move(claims),
             .message = fmt::format("{} is not the sum of its parts", quoted(net)),
             .arithmetic = verdict.arithmetic,
             .fix = verdict.mend});
}

// Percentages of one sentence, whatever questions they were taken to answer.
std::vector<Question> by_sentence(const Page& page) {
  std::vector<Question> out;
  size_t last = 0;
  for (size_t i = 0; i < page.claims().size(); ++i) {
    if (!page.is_percent(page.claim(i))) continue;
    if (out.empty() || page.claim(i).sentence != last) out.emplace_back();
    last = page.claim(i).sentence;
    out.back().push_back(i);
  }
  return out;
}

constexpr auto kProfile = std::to_array<std::string_view>(
    {"of responses", "of respondents", "of the respondents", "of the responses", "of replies",
     "of the replies", "of the sample", "of those who responded", "of those who replied"});
constexpr auto kCameFrom = std::to_array<std::string_view>(
    {"came from", "were from", "come from", "worked in", "work in"});

// "72% of responses came from FTs and 18% from NHS trusts": two parts of who answered, with one
// verb. That they are all is not said, so that an error is only taken for one where a single wrong
// digit explains it.
void check_profile(Page& page, const Question& sentence) {
  if (sentence.size() != 2) return;
  const Claim& first = page.claim(sentence[0]);
  const Claim& second = page.claim(sentence[1]);
  const std::string_view words = page.between(first, second);
  const std::string_view after = page.behind(sentence[1]);
  const bool is_profile = has_words(words, kProfile) && has_words(words, kCameFrom) &&
                          words.ends_with(" and ") &&
                          (after.starts_with(" from ") || after.starts_with(" in "));
  if (!is_profile || first.exhaustive || second.exhaustive) return;
  const Parts parts = parts_of(page, sentence);
  const Verdict verdict =
      exhaustive_verdict(parts.values, sound_base(page, parts), page.rounding());
  page.check("exhaustive", parts.claims, verdict);
  const int64_t gap = parts.values[0].places + parts.values[1].places == 0
                          ? 100 - parts.values[0].digits - parts.values[1].digits
                          : 0;
  if (!verdict.fails()) return;
  const bool one_digit = gap == 10 || gap == -10 || (gap > -10 && gap < 0);
  page.find({.rule = "exhaustive",
             .grade = one_digit ? Grade::kError : Grade::kDisclosureGap,
             .claims = parts.claims,
             .message = "these parts of those who answered do not make a whole, and no other part "
                        "is named",
             .arithmetic = verdict.arithmetic,
             .fix = verdict.mend});
}

}  // namespace

void check_parts(Page& page) {
  std::set<std::vector<size_t>> as_counts;
  for (const Question& sentence : by_sentence(page)) {
    const Parts parts = parts_of(page, sentence);
    if (check_counts(page, parts)) as_counts.insert(parts.claims);
    check_profile(page, sentence);
    check_net(page, sentence);
  }
  for (const Question& question : page.questions()) {
    const Parts parts = parts_of(page, question);
    if (as_counts.contains(parts.claims) || check_counts(page, parts)) continue;
    if (check_remainder(page, question)) check_whole(page, question);
    check_opposites(page, question);
  }
}

}  // namespace barometer

// A count beside its percentage, and coverage: organisations that answered of those there are.
#include <algorithm>
#include <array>
#include <cstdint>

#include <fmt/format.h>

#include "barometer/audit/page_internal.h"
#include "barometer/base/text.h"
#include "barometer/printed/bases.h"

namespace barometer {
namespace {

using Stated = Page::StatedBase;

// "Thirty-nine leaders (41 per cent)": the percentage says that they are respondents.
bool is_people(const Claim& claim) {
  return claim.negative_reason == "other count" && claim.kind == ClaimKind::kCount &&
         claim.number.counted == wording::Counted::kPeople;
}

bool is_count(const Page& page, size_t i) {
  const Claim& claim = page.claim(i);
  switch (claim.kind) {
    case ClaimKind::kCount:
    case ClaimKind::kN:
    case ClaimKind::kNSub:
    case ClaimKind::kNOrganisations:
      return (page.is_live(claim) || is_people(claim)) && claim.value && claim.value->places == 0 &&
             claim.value->digits >= 0 && claim.value->digits <= kLargestNumber &&
             (claim.number.hedge == nullptr ||
              claim.number.hedge->relation == wording::Relation::kIs);
    default:
      return false;
  }
}

// What says that the percentage behind it is the same number again.
constexpr auto kSame = std::to_array<std::string_view>(
    {", or", " or", " - or", ", which is", " - which is", ", that is", ", i.e.", ", ie",
     ", equivalent to", ", equal to", " =", ", representing", " representing", ", a coverage of",
     " - a coverage of", ", a response rate of", ", giving a response rate of"});

// "39 leaders (41 per cent)", "104 trusts, or 50%".
bool leads_to_percent(std::string_view words) {
  constexpr size_t kFarthest = 70;
  if (words.size() > kFarthest || words.find(". ") != std::string_view::npos) return false;
  if (words.ends_with("(") && words.find(')') == std::string_view::npos) return true;
  const std::string_view tail = trimmed(words);
  return std::ranges::any_of(kSame, [&](std::string_view cue) {
    return words.ends_with(" ") && tail.ends_with(trimmed(cue)) &&
           words.substr(0, words.size() - 1).ends_with(cue);
  });
}

// Does the count end here, with a word or two for what it counts? "three people,", "39."
bool closes(std::string_view behind) {
  constexpr int kMostWords = 2;
  for (int words = 0; words <= kMostWords; ++words) {
    if (behind.empty() || behind.starts_with(',') || behind.starts_with('.') ||
        behind.starts_with(" -")) {
      return true;
    }
    if (!behind.starts_with(' ') || behind.size() < 2) return false;
    behind.remove_prefix(1);
    const size_t end = behind.find_first_not_of("abcdefghijklmnopqrstuvwxyz");
    if (end == 0) return false;
    behind.remove_prefix(std::min(end, behind.size()));
  }
  return false;
}

// "41 per cent (39)", "41 per cent, 39 leaders,", "41 per cent said so - 39 leaders."
bool leads_to_count(std::string_view words, std::string_view behind) {
  constexpr size_t kFarthest = 60;
  if (words == " (") return true;
  const bool beside = words == ", " || words == " - " || words == ", or " || words == " or ";
  const bool aside = words.ends_with(" - ") && words.size() < kFarthest &&
                     words.find_first_of(".;:(") == std::string_view::npos;
  return (beside || aside) && closes(behind);
}

struct Pair {
  size_t count;
  size_t percent;
};

// "A total of 120 residents, 46 per cent, said": set off by commas on both sides.
bool is_set_off(std::string_view words, std::string_view behind) {
  const auto spaces = std::ranges::count(words, ' ');
  return words.ends_with(", ") && spaces <= 4 && words.find_first_of(".;:(\"") == words.npos &&
         words.find(',') + 2 == words.size() && behind.starts_with(", ");
}

// "17,216 officers from all 43 forces, equivalent to 14 per cent of 120,000 members": forces are
// no share of members.
bool same_unit(const Page& page, const Claim& count, const Claim& percent) {
  if (count.kind != ClaimKind::kNOrganisations || !percent.base_claim) return true;
  return page.claim(*percent.base_claim).number.counted != wording::Counted::kPeople;
}

bool joins(const Claim& count, std::string_view words, std::string_view behind) {
  return leads_to_percent(words) || (count.kind == ClaimKind::kCount && is_set_off(words, behind));
}

// The 47 of "16 of the 47 who replied (34 per cent)": the percentage says 16 again.
bool is_base_of(const Page& page, std::optional<size_t> count, size_t base) {
  return count && page.claim(*count).kind == ClaimKind::kCount &&
         page.claim(*count).base_claim == base &&
         page.claim(*count).sentence == page.claim(base).sentence;
}

std::vector<Pair> pairs_of(const Page& page) {
  std::vector<Pair> out;
  std::optional<size_t> last_count, last_percent;
  for (size_t i = 0; i < page.claims().size(); ++i) {
    const Claim& claim = page.claim(i);
    const auto near = [&](std::optional<size_t> other) {
      return other && page.claim(*other).sentence == claim.sentence;
    };
    if (page.is_percent(claim)) {
      if (near(last_count) && same_unit(page, page.claim(*last_count), claim) &&
          joins(page.claim(*last_count), page.between(page.claim(*last_count), claim),
                page.behind(i))) {
        out.push_back({*last_count, i});
      }
      last_percent = i;
      last_count.reset();
    } else if (is_count(page, i) && !is_base_of(page, last_count, i)) {
      const bool is_base = claim.kind == ClaimKind::kN || claim.kind == ClaimKind::kNSub;
      if (!is_base && near(last_percent) &&
          leads_to_count(page.between(page.claim(*last_percent), claim), page.behind(i))) {
        out.push_back({i, *last_percent});
      }
      last_count = i;
    }
  }
  return out;
}

// "“41” of 211 (“211 groups”) is 19 per cent, not “20 per cent”"
std::string pair_message(const Claim& count, const Claim& percent, const NamedBase& base) {
  const std::string name = base.name.starts_with('(') ? " " + base.name : "";
  const Ratio share{100 * count.value->digits, base.n};
  const bool fits = base.n > 0 && count.value->digits <= base.n;
  if (!fits) {
    return fmt::format("{} cannot be a part of {}{}", quoted(count), base.n, name);
  }
  return fmt::format("{} of {}{} is {} per cent, not {}", quoted(count), base.n, name,
                     round(share, percent.value->places).text(), quoted(percent));
}

// "(“211 groups”)"; of a number alone "as stated".
std::string name_of_base(const Page& page, size_t claim) {
  const std::string phrase = page.phrase(claim);
  return phrase == page.claim(claim).quote ? "as stated" : fmt::format("(“{}”)", phrase);
}

std::string words_of(const Page& page, const Stated& base) {
  return name_of_base(page, base.claim);
}

// Every base of the text but those counted in the pair itself.
std::vector<NamedBase> others_for(const Page& page, const Pair& pair) {
  std::vector<NamedBase> out;
  for (const Stated& base : page.stated_bases()) {
    if (base.claim != pair.count) out.push_back({words_of(page, base), base.n});
  }
  if (page.options().frame) out.push_back({"(the frame given)", *page.options().frame});
  return out;
}

// What the percentage is a share of: its own words first, then what there is to count it from.
std::optional<NamedBase> base_of(const Page& page, const Pair& pair) {
  const Claim& percent = page.claim(pair.percent);
  const Claim& count = page.claim(pair.count);
  if (count.number.form == wording::Form::kShare && count.number.out_of > 0) {
    return NamedBase{"as stated", count.number.out_of};
  }
  const bool own =
      percent.base_source == BaseSource::kClaim || percent.base_source == BaseSource::kSentence;
  const bool stated = percent.base && *percent.base > 0 && *percent.base <= kLargestNumber &&
                      percent.base_claim != pair.count;
  if (stated && own) {
    return NamedBase{percent.base_claim ? name_of_base(page, *percent.base_claim) : "as stated",
                     *percent.base};
  }
  if (count.kind != ClaimKind::kCount && count.kind != ClaimKind::kNSub) {
    for (const Stated& base : page.stated_bases()) {
      if (page.claim(base.claim).kind == ClaimKind::kFrameN) {
        return NamedBase{words_of(page, base), base.n};
      }
    }
    if (page.options().frame) return NamedBase{"(the frame given)", *page.options().frame};
    return std::nullopt;
  }
  if (!stated || percent.subgroup) return std::nullopt;
  // Organisations are no share of people.
  const bool of_people = !percent.base_claim || page.claim(*percent.base_claim).number.counted !=
                                                    wording::Counted::kOrganisations;
  if (of_people && count.number.counted == wording::Counted::kOrganisations) return std::nullopt;
  return NamedBase{"respondents", *percent.base};
}

// Counts of the article, ascending, with their claims.
using ArticleCounts = std::vector<std::pair<int64_t, size_t>>;

ArticleCounts numbers_of(const Page& page) {
  ArticleCounts out;
  for (size_t i = 0; i < page.claims().size(); ++i) {
    const Claim& claim = page.claim(i);
    if (claim.kind == ClaimKind::kCount && claim.value && claim.value->places == 0 &&
        claim.number.form == wording::Form::kCount) {
      out.emplace_back(claim.value->digits, i);
    }
  }
  std::ranges::sort(out);
  return out;
}

bool some_number_in(const ArticleCounts& numbers, const WholeRange& range, const Pair& pair) {
  auto at = std::ranges::lower_bound(numbers, range.low, {}, &ArticleCounts::value_type::first);
  while (at != numbers.end() && at->second == pair.count) ++at;
  return !range.empty() && at != numbers.end() && range.contains(at->first);
}

void check_pair(Page& page, const Pair& pair, const ArticleCounts& numbers) {
  const Claim& percent = page.claim(pair.percent);
  const Claim& count = page.claim(pair.count);
  const std::optional<NamedBase> base = base_of(page, pair);
  const bool of_people = count.kind == ClaimKind::kCount || count.kind == ClaimKind::kNSub;
  if (!base || (of_people && page.weighted())) return;
  const std::vector<NamedBase> others = others_for(page, pair);
  const Verdict verdict =
      coverage_verdict(count.value->digits, *percent.value, *base, others, page.rounding());
  page.check("count-percent", {pair.count, pair.percent}, verdict);
  if (!verdict.fails()) return;
  const WholeRange fitting =
      possible_denominators(count.value->digits, *percent.value, page.rounding());
  const bool other_fits = std::ranges::any_of(
      others, [&](const NamedBase& other) { return fitting.contains(other.n); });
  // Whose share it is was inferred, and the text has a number that it can be of.
  const bool inferred = percent.base_source != BaseSource::kClaim;
  if (inferred && of_people && some_number_in(numbers, fitting, pair)) return;
  page.find({.rule = "count-percent",
             .grade = other_fits ? Grade::kBaseMismatch : Grade::kError,
             .claims = {pair.percent, pair.count},
             .message = pair_message(count, percent, *base),
             .arithmetic = verdict.arithmetic,
             .fix = verdict.mend});
}

std::optional<Stated> only_stated(const Page& page, ClaimKind kind) {
  std::optional<Stated> found;
  for (const Stated& base : page.stated_bases()) {
    if (page.claim(base.claim).kind != kind || page.claim(base.claim).survey != 0) continue;
    if (found && found->n != base.n) return std::nullopt;
    found = base;
  }
  return found;
}

// What the article says once of its survey.
struct Sizes {
  std::optional<Stated> frame;
  std::optional<Stated> people;
  std::optional<Stated> organisations;
};

constexpr auto kCoverageWords = std::to_array<std::string_view>(
    {"coverage", "covering", "represent", "represents", "representing", "response rate",
     "responded", "replied", "took part", "answered", "replies", "responses"});

// "Ninety-nine leaders replied, from 47 per cent of the 209 groups": 99 of 209, but several may
// have answered for one group.
void check_coverage(Page& page, size_t i, const Sizes& sizes) {
  const Claim& claim = page.claim(i);
  const auto& [frame, people, organisations] = sizes;
  if (!frame || !people || claim.base != frame->n) return;
  const wording::Counted all = page.claim(frame->claim).number.counted;
  if (all != wording::Counted::kOrganisations) return;
  if (!has_words(page.sentence(claim.sentence), kCoverageWords)) return;
  const Stated& right = organisations ? *organisations : *people;
  const Verdict verdict = count_percent_verdict(right.n, *claim.value, frame->n, page.rounding());
  page.check("coverage", {i}, verdict);
  const bool from_people =
      count_percent_verdict(people->n, *claim.value, frame->n, page.rounding()).outcome ==
      Possibility::kPossible;
  if (!verdict.fails() && organisations) return;
  if (!from_people) return;
  page.find({.rule = "coverage",
             .grade = organisations ? Grade::kBaseMismatch : Grade::kNote,
             .claims = {i, people->claim},
             .message =
                 fmt::format("{} of {} is a share of organisations counted from {} people; several "
                             "may have answered for one organisation",
                             quoted(claim), frame->n, people->n),
             .arithmetic = verdict.arithmetic,
             .fix = organisations ? verdict.mend : "count the organisations that answered"});
}

}  // namespace

void check_pairs(Page& page) {
  const std::vector<Pair> pairs = pairs_of(page);
  const ArticleCounts numbers = numbers_of(page);
  std::vector<uint8_t> paired(page.claims().size());
  for (const Pair& pair : pairs) {
    check_pair(page, pair, numbers);
    paired[pair.percent] = 1;
  }
  const Sizes sizes{only_stated(page, ClaimKind::kFrameN), only_stated(page, ClaimKind::kN),
                    only_stated(page, ClaimKind::kNOrganisations)};
  for (size_t i = 0; i < page.claims().size(); ++i) {
    if (page.is_percent(page.claim(i)) && paired[i] == 0) check_coverage(page, i, sizes);
  }
}

}  // namespace barometer

// A percentage at its base, and the base that several could share.
#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "barometer/audit/page_internal.h"
#include "barometer/printed/bases.h"
#include "barometer/printed/partition.h"

namespace barometer {
namespace {

// Growth may pass 100 per cent, a share may not.
constexpr auto kGrowth = std::to_array<std::string_view>(
    {"grew",      "growth",    "rose",   "rise",      "risen",     "rising", "increase",
     "increased", "increases", "up",     "fell",      "inflation", "target", "uplift",
     "return",    "capacity",  "budget", "occupancy", "effort",    "higher", "more than double",
     "plan",      "planned"});

constexpr auto kPeople = std::to_array<std::string_view>(
    {"respondents",   "leaders", "chairs",    "chiefs",     "directors", "members", "managers",
     "gps",           "doctors", "nurses",    "voters",     "adults",    "people",  "those",
     "organisations", "trusts",  "ccgs",      "councils",   "patients",  "staff",   "readers",
     "parents",       "workers", "employers", "councillors"});

// "120 per cent of leaders said": no growth, a share of people.
bool is_share_over_100(const Page& page, size_t i) {
  const Claim& claim = page.claim(i);
  if (claim.negative_reason != "over a hundred" ||
      has_words(page.sentence(claim.sentence), kGrowth)) {
    return false;
  }
  std::string_view after = page.behind(i);
  constexpr auto kAnswered = std::to_array<std::string_view>(
      {" agreed", " disagreed", " said", " supported", " opposed", " thought", " believed"});
  for (const std::string_view verb : kAnswered) {
    if (after.starts_with(verb)) return true;
  }
  if (!after.starts_with(" of ")) return false;
  after = after.substr(4);
  if (after.starts_with("the ")) after = after.substr(4);
  return std::ranges::any_of(kPeople, [&](std::string_view word) {
    return find_words(after.substr(0, word.size() + 1), word) == 0;
  });
}

void find_over_100(Page& page, size_t i) {
  page.find({.rule = "over-100",
             .claims = {i},
             .message = fmt::format("{} of people cannot be: a share ends at 100 per cent",
                                    quoted(page.claim(i))),
             .arithmetic = fmt::format("{} > 100", round(page.claim(i).number.value, 0).text())});
}

bool check_range(Page& page, size_t i) {
  const Claim& claim = page.claim(i);
  const Decimal& value = *claim.value;
  const bool is_share = value.ratio() >= Ratio{0, 1} && value.ratio() <= Ratio{100, 1};
  if (is_share || has_words(page.sentence(claim.sentence), kGrowth)) return is_share;
  find_over_100(page, i);
  return false;
}

// "94 answers (“94 leaders”)": with the article's words where they say more than the number.
std::string base_words(const Page& page, const Claim& claim) {
  std::string answers = fmt::format("{} answers", *claim.base);
  if (claim.base_source == BaseSource::kGiven) return answers + " (the base given)";
  if (!claim.base_claim || *claim.base_claim >= page.claims().size()) return answers;
  const std::string phrase = page.phrase(*claim.base_claim);
  const bool number_alone = phrase == page.claim(*claim.base_claim).quote;
  return number_alone ? answers : fmt::format("{} (“{}”)", answers, phrase);
}

// Other bases of the text at which the figure is possible, and at which it might not have been.
std::string other_bases(const Page& page, const Claim& claim) {
  constexpr size_t kMostNamed = 3;
  std::string out;
  size_t named = 0;
  for (const Page::StatedBase& other : page.stated_bases()) {
    // Parts of the respondents; another sample is no base of this one.
    if (page.claim(other.claim).kind != ClaimKind::kNSub || other.n == *claim.base ||
        possibility(*claim.value, other.n, page.rounding()) != Possibility::kPossible) {
      continue;
    }
    if (++named > kMostNamed) break;
    out += fmt::format("{}of “{}”", out.empty() ? "" : " or ", page.phrase(other.claim));
  }
  return out;
}

// "41 per cent of all CCGs" of 27 finance leads who cover 32 CCGs: people and organisations are
// two bases, and the text does not say which is meant.
bool fits_other_unit(const Page& page, const Claim& claim) {
  if (claim.base_source == BaseSource::kClaim || claim.base_source == BaseSource::kGiven) {
    return false;
  }
  for (const Page::StatedBase& other : page.stated_bases()) {
    const Claim& stated = page.claim(other.claim);
    if (!claim.base_claim || stated.survey != claim.survey || other.n == *claim.base) continue;
    const size_t apart =
        std::max(other.claim, *claim.base_claim) - std::min(other.claim, *claim.base_claim);
    if (apart != 1 || page.claim(*claim.base_claim).sentence != stated.sentence) continue;
    const bool units_differ = stated.kind == ClaimKind::kNOrganisations ||
                              page.claim(*claim.base_claim).kind == ClaimKind::kNOrganisations;
    if (units_differ && !possible_counts(*claim.value, other.n, page.rounding()).empty())
      return true;
  }
  return false;
}

// True where the figure cannot be had at its base.
bool check_percent(Page& page, size_t i) {
  const Claim& claim = page.claim(i);
  const std::optional<int64_t> base = page.counted_base(claim);
  const Verdict verdict = percent_verdict(*claim.value, base, page.rounding());
  page.check("percent-possible", {i}, verdict);
  if (!verdict.fails()) return false;
  const bool other_unit = fits_other_unit(page, claim);
  const std::string others = other_bases(page, claim);
  std::string fix = verdict.mend;
  if (!others.empty()) fix += "; it is possible " + others;
  page.find(
      {.rule = "percent-possible",
       .grade = other_unit ? Grade::kBaseMismatch : Grade::kError,
       .claims = {i},
       .message = fmt::format("{} cannot be had from {}", quoted(claim), base_words(page, claim)),
       .arithmetic = verdict.arithmetic,
       .fix = std::move(fix)});
  return !other_unit;
}

// All parts of a question are printed and fit the base together: that base is this question's.
bool confirms_base(const Page& page, const std::vector<size_t>& question) {
  std::vector<Decimal> parts;
  for (const size_t i : question) {
    const Claim& claim = page.claim(i);
    if (!page.is_percent(claim) || !page.counted_base(claim) ||
        claim.base != page.claim(question[0]).base) {
      return false;
    }
    parts.push_back(*claim.value);
  }
  if (parts.size() < 3) return false;
  return !partitions(parts, *page.claim(question[0]).base, {page.rounding(), 1}).solutions.empty();
}

using Group = std::vector<size_t>;

// Figures of one base, which their text gives to all respondents alike.
std::map<std::pair<size_t, int64_t>, Group> groups_by_base(const Page& page) {
  std::vector<uint8_t> settled(page.claims().size());
  for (const std::vector<size_t>& question : page.questions()) {
    if (!confirms_base(page, question)) continue;
    for (const size_t i : question) settled[i] = 1;
  }
  std::map<std::pair<size_t, int64_t>, Group> groups;
  for (size_t i = 0; i < page.claims().size(); ++i) {
    const Claim& claim = page.claim(i);
    const bool joins = page.is_percent(claim) && settled[i] == 0 && !claim.subgroup;
    const std::optional<int64_t> base = joins ? page.counted_base(claim) : std::nullopt;
    if (base && claim.wave.empty()) groups[{claim.survey, *base}].push_back(i);
  }
  return groups;
}

// Item non-response of a tenth is usual; farther away almost any figures meet somewhere.
int64_t lowest_base(int64_t stated) { return stated - stated / 10; }

void check_joint_base(Page& page, int64_t stated, const Group& group) {
  constexpr size_t kMostFigures = 200;
  std::vector<BaseClaim> figures;
  for (const size_t i : group) figures.push_back({*page.claim(i).value, std::nullopt});
  if (figures.size() < 2 || figures.size() > kMostFigures) return;
  const int64_t from = lowest_base(stated);
  const Verdict verdict = joint_base_verdict(figures, from, stated, page.rounding());
  page.check("joint-base", group, verdict);
  if (!verdict.fails()) return;
  const auto joint = joint_bases(figures, from, stated, page.rounding());
  const bool found = joint && !joint->bases.empty();
  page.find(
      {.rule = "joint-base",
       .grade = Grade::kBaseMismatch,
       .claims = group,
       .message =
           found ? fmt::format("these {} figures cannot share a base of {}; they can share {} {}",
                               group.size(), stated, joint->bases.size() == 1 ? "only" : "any of",
                               runs_text(joint->bases))
                 : fmt::format("these {} figures share no base between {} and {}: questions were "
                               "answered by different numbers, and none is printed",
                               group.size(), from, stated),
       .arithmetic = verdict.arithmetic,
       .fix = found ? fmt::format("print the base of these questions; possible are {}",
                                  runs_text(joint->bases))
                    : "print the base of each question"});
}

}  // namespace

void check_percents(Page& page) {
  std::vector<uint8_t> impossible(page.claims().size());
  for (size_t i = 0; i < page.claims().size(); ++i) {
    if (is_share_over_100(page, i)) find_over_100(page, i);
    if (!page.is_percent(page.claim(i)) || !check_range(page, i)) continue;
    impossible[i] = check_percent(page, i) ? 1 : 0;
  }
  for (const auto& [key, group] : groups_by_base(page)) {
    const bool suspect = std::ranges::any_of(group, [&](size_t i) { return impossible[i] != 0; });
    if (suspect) check_joint_base(page, key.second, group);
  }
}

}  // namespace barometer

// Levels, changes between them, the verbs that say so; a total and its subgroups.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "barometer/audit/page_internal.h"
#include "barometer/base/text.h"
#include "barometer/printed/levels.h"
#include "barometer/printed/two_proportions.h"
#include "barometer/wording/hedge.h"

namespace barometer {
namespace {

struct Levels {
  PrintedLevel now;
  PrintedLevel before;
  size_t now_claim;
  size_t before_claim;
};

bool is_level(const Page& page, size_t i) {
  const Claim& claim = page.claim(i);
  return page.is_live(claim) && claim.value && is_testable(*claim.value) &&
         (claim.kind == ClaimKind::kPercent || claim.kind == ClaimKind::kMean);
}

std::optional<Levels> levels_between(const Page& page, size_t now, size_t before) {
  if (!is_level(page, now) || !is_level(page, before)) return std::nullopt;
  if (page.claim(now).kind != page.claim(before).kind) return std::nullopt;
  const auto level = [&](const Claim& claim) -> PrintedLevel {
    // The base of another wave is not this article's.
    const bool own = claim.wave.empty() || claim.base_source == BaseSource::kClaim ||
                     claim.base_source == BaseSource::kSentence;
    const bool shares = claim.kind == ClaimKind::kPercent;
    return {*claim.value, own && shares ? page.counted_base(claim) : std::nullopt};
  };
  return Levels{level(page.claim(now)), level(page.claim(before)), now, before};
}

std::optional<Levels> levels_of(const Page& page, const Claim& change) {
  if (!change.level || !change.earlier || *change.level >= page.claims().size() ||
      *change.earlier >= page.claims().size()) {
    return std::nullopt;
  }
  return levels_between(page, *change.level, *change.earlier);
}

// "fell from 73 to 64, while the share who were not confident rose by nine points to 28": another
// clause has a level of its own.
bool speaks_of_another(const Page& page, const Claim& change, const Claim& level) {
  constexpr auto kClauses = std::to_array<std::string_view>(
      {"while", "whereas", "but", "the share", "the proportion", "the number", "those", "who"});
  const Claim& first = level.span.begin < change.span.begin ? level : change;
  const Claim& second = level.span.begin < change.span.begin ? change : level;
  return has_words(page.between(first, second), kClauses);
}

void check_points(Page& page, size_t i) {
  const Claim& claim = page.claim(i);
  const std::optional<Levels> levels = levels_of(page, claim);
  if (!levels || !claim.value || !is_testable(*claim.value)) return;
  if (speaks_of_another(page, claim, page.claim(levels->now_claim))) return;
  Decimal change = *claim.value;
  // "fell five points": the sign is the verb's.
  if (change.digits > 0 && claim.number.direction < 0) change.digits = -change.digits;
  const Verdict verdict = change_verdict(levels->now, change, levels->before, page.rounding());
  page.check("change", {i, levels->now_claim, levels->before_claim}, verdict);
  if (!verdict.fails()) return;
  page.find(
      {.rule = "change",
       .claims = {i, levels->now_claim, levels->before_claim},
       .message = fmt::format("from {} to {} is not {}", quoted(page.claim(levels->before_claim)),
                              quoted(page.claim(levels->now_claim)), quoted(claim)),
       .arithmetic = verdict.arithmetic,
       .fix = verdict.mend});
}

// "88 per cent said their costs had gone up (91 per cent in April)": what they answered, and no
// change of the share. "58 per cent said yes, up from 45" is one.
bool is_what_they_say(std::string_view before) {
  constexpr auto kAnswers = std::to_array<std::string_view>(
      {"said", "say", "says", "saying", "think", "thought", "believe", "believed", "expect",
       "expected", "reported", "report", "feel", "felt", "agreed", "agree"});
  const bool says = std::ranges::any_of(kAnswers, [&](std::string_view word) {
    return find_words(before, word) != std::string_view::npos;
  });
  const std::string_view last = trimmed(before);
  const bool aside = last.ends_with(',') || last.ends_with('(') || last.ends_with('-') ||
                     last.ends_with("\u2013") || last.ends_with("\u2014") || last.ends_with(':') ||
                     last.ends_with(';') || last.ends_with("and");
  return says && !aside;
}

// The verb of change between two levels or just before the first: "rose from 45 to 40",
// "40 per cent, up from 45". Words that may go either way ("improved") say nothing of numbers.
const wording::ChangeWord* change_word(const Page& page, const Claim& one, const Claim& other) {
  constexpr size_t kNear = 30;  // bytes before the first level
  constexpr auto kEitherWay = std::to_array<std::string_view>(
      {"improved", "worsened", "gained", "higher", "lower", "significant", "significantly"});
  const Claim& first = one.span.begin < other.span.begin ? one : other;
  const Claim& second = one.span.begin < other.span.begin ? other : one;
  if (first.sentence != second.sentence) return nullptr;
  const size_t begin = page.article().document.sentences[first.sentence].span.begin;
  std::string_view before = page.plain({begin, first.span.begin});
  if (before.size() > kNear) before = before.substr(before.size() - kNear);
  for (const std::string_view words : {page.between(first, second), before}) {
    const wording::ChangeWord* found = nullptr;
    for (const wording::ChangeWord& row : wording::change_words()) {
      if (std::ranges::find(kEitherWay, row.word) != kEitherWay.end()) continue;
      const size_t at = find_words(words, row.word);
      if (at == std::string_view::npos || is_what_they_say(words.substr(0, at))) continue;
      if (found != nullptr && found->change != row.change) return nullptr;
      found = &row;
    }
    if (found != nullptr) return found;
  }
  return nullptr;
}

// "rose from 45 to 40", "rose from 40 to 43" of 94.
void check_verb(Page& page, size_t i) {
  const Claim& claim = page.claim(i);
  if (!claim.earlier || *claim.earlier >= page.claims().size()) return;
  const std::optional<Levels> levels = levels_between(page, i, *claim.earlier);
  if (!levels) return;
  const wording::ChangeWord* word = change_word(page, claim, page.claim(*claim.earlier));
  if (word == nullptr) return;
  const auto order = levels->now.value.ratio() <=> levels->before.value.ratio();
  const bool wrong_way = (word->change == wording::Change::kUp && order < 0) ||
                         (word->change == wording::Change::kDown && order > 0);
  const std::vector<size_t> all{i, *claim.earlier};
  if (wrong_way) {
    page.find({.rule = "direction",
               .claims = all,
               .message = fmt::format("“{}”, but the figures go from {} to {}", word->word,
                                      levels->before.value.text(), levels->now.value.text()),
               .arithmetic = fmt::format("from {} to {}", levels->before.value.text(),
                                         levels->now.value.text()),
               .fix = order < 0 ? "“fell”, or the figures the other way round"
                                : "“rose”, or the figures the other way round"});
    return;
  }
  if (claim.kind != ClaimKind::kPercent || word->change == wording::Change::kSame) return;
  const ChangeTest test = change_test(levels->now, levels->before, {196, 2}, page.rounding());
  page.check("change-test", all, test.verdict);
  if (!test.verdict.fails()) return;
  page.find(
      {.rule = "change-test",
       .grade = Grade::kWording,
       .claims = all,
       .message = fmt::format(
           "“{}” is more than the figures show: a difference this small may be chance", word->word),
       .arithmetic = test.verdict.arithmetic,
       .fix = "a neutral verb: “was …, compared with …”"});
}

// The verb that says of a figure alone that it moved: "has fallen to 6.2", "is up at 45 per cent".
const wording::ChangeWord* moved_to(const Page& page, const Claim& claim) {
  constexpr auto kTo = std::to_array<std::string_view>({" to ", " to just ", " to only ", " at "});
  const size_t begin = page.article().document.sentences[claim.sentence].span.begin;
  std::string_view before = page.plain({begin, claim.span.begin});
  for (const std::string_view to : kTo) {
    if (!before.ends_with(to)) continue;
    before.remove_suffix(to.size());
    const std::string_view word = before.substr(before.find_last_of(" (,") + 1);
    const wording::ChangeWord* found = wording::find_change_word(word);
    const bool moves = found != nullptr && (found->change == wording::Change::kUp ||
                                            found->change == wording::Change::kDown);
    return moves ? found : nullptr;
  }
  return nullptr;
}

// "Confidence fell to 6.2": from what?
void check_level_before(Page& page, size_t i, const std::vector<uint8_t>& is_earlier) {
  const Claim& claim = page.claim(i);
  if (claim.earlier || !claim.wave.empty()) return;
  const wording::ChangeWord* word = moved_to(page, claim);
  if (word == nullptr) return;
  const Page::ClaimRange beside = page.claims_in(claim.sentence);
  for (size_t k = beside.begin; k < beside.end; ++k) {  // said beside it, or as a change in points
    const Claim& other = page.claim(k);
    const bool of_another = is_earlier[k] != 0;
    const bool before = other.sentence == claim.sentence && page.is_live(other) && k != i &&
                        (other.kind == ClaimKind::kChange || !other.wave.empty()) && !of_another;
    if (before) return;
  }
  page.find({.rule = "change-level",
             .grade = Grade::kDisclosureGap,
             .claims = {i},
             .message = fmt::format("“{}” to {}, but the article does not say from what",
                                    word->word, quoted(claim)),
             .fix = "give the figure before, and when it was found"});
}

struct Halves {
  std::string_view one;
  std::string_view other;
};
// Subgroups that are all there is.
constexpr auto kHalves = std::to_array<Halves>({
    {"men", "women"},
    {"male", "female"},
    {"clinical", "non-clinical"},
    {"clinicians", "managers"},
    {"gps", "non-gps"},
    {"provider", "commissioner"},
    {"providers", "commissioners"},
    {"urban", "rural"},
    {"public", "private"},
    {"members", "non-members"},
});

bool are_halves(std::string_view a, std::string_view b) {
  const auto has = [](std::string_view text, std::string_view word) {
    return find_words(text, word) != std::string_view::npos;
  };
  return std::ranges::any_of(kHalves, [&](const Halves& row) {
    return (has(a, row.one) && has(b, row.other)) || (has(a, row.other) && has(b, row.one));
  });
}

// Subgroups with a base each that together are the total's, or two halves by name.
bool are_all(const Page& page, const Claim& total, const std::vector<size_t>& groups) {
  int64_t sum = 0;
  for (const size_t i : groups) sum += page.claim(i).base ? *page.claim(i).base : kLargestNumber;
  if (total.base && sum == *total.base) return true;
  return groups.size() == 2 && are_halves(page.behind(groups[0]), page.behind(groups[1]));
}

bool names_group(std::string_view words) {
  return words.starts_with(" of ") || words.starts_with(" among ") || words.starts_with(" for ") ||
         words.starts_with(" in ");
}

// The subgroups listed behind a total in its sentence: "60 per cent did: 64 of men and 66 of
// women".
std::vector<size_t> groups_behind(const Page& page, size_t total) {
  std::vector<size_t> groups;
  const Claim& whole = page.claim(total);
  for (size_t i = total + 1; i < page.claims().size(); ++i) {
    const Claim& claim = page.claim(i);
    if (claim.sentence != whole.sentence || !page.is_percent(claim) || !claim.subgroup ||
        !claim.wave.empty() || !names_group(page.behind(i))) {
      break;
    }
    groups.push_back(i);
  }
  if (groups.size() < 2 || groups[0] != total + 1) return {};
  const std::string_view joint = page.between(whole, page.claim(groups[0]));
  const bool lists = joint.ends_with(": ") || joint.ends_with(" (") || joint.ends_with(" - ") ||
                     joint.ends_with("made up of ") || joint.ends_with("including ");
  return lists ? groups : std::vector<size_t>();
}

void check_bracket(Page& page, size_t i) {
  const Claim& total = page.claim(i);
  if (!page.is_percent(total) || total.subgroup || !total.wave.empty()) return;
  const std::vector<size_t> groups = groups_behind(page, i);
  if (groups.empty()) return;
  const bool all = are_all(page, total, groups);
  bool counted = all;
  for (const size_t group : groups) counted = counted && page.counted_base(page.claim(group));
  std::vector<PrintedLevel> levels;
  for (const size_t group : groups) {
    const Claim& claim = page.claim(group);
    levels.push_back({*claim.value, counted ? page.counted_base(claim) : std::nullopt});
  }
  const Verdict verdict = bracket_verdict(*total.value, levels, page.rounding());
  std::vector<size_t> claims{i};
  claims.insert(claims.end(), groups.begin(), groups.end());
  page.check("subgroups", claims, verdict);
  if (!verdict.fails()) return;
  page.find({.rule = "subgroups",
             .grade = all ? Grade::kError : Grade::kNote,
             .claims = std::move(claims),
             .message = fmt::format("{} for all lies outside the figures of its groups{}",
                                    quoted(total), all ? "" : "; there may be others"),
             .arithmetic = verdict.arithmetic,
             .fix = verdict.mend});
}

}  // namespace

void check_changes(Page& page) {
  std::vector<uint8_t> is_earlier(page.claims().size());
  for (const Claim& claim : page.claims()) {
    if (claim.earlier && *claim.earlier < is_earlier.size()) is_earlier[*claim.earlier] = 1;
  }
  for (size_t i = 0; i < page.claims().size(); ++i) {
    const Claim& claim = page.claim(i);
    if (!page.is_live(claim)) continue;
    if (claim.kind == ClaimKind::kChange) check_points(page, i);
    if (is_level(page, i)) {
      check_verb(page, i);
      check_level_before(page, i, is_earlier);
    }
    check_bracket(page, i);
  }
}

}  // namespace barometer

// The words of a claim that say what was asked and answered, cut from its sentence.
#include <algorithm>
#include <array>

#include "barometer/audit/ledger_choice_internal.h"
#include "barometer/base/text.h"
#include "barometer/wording/normalise.h"

namespace barometer {
namespace {

// Where a sentence turns to something else.
constexpr auto kTurns = std::to_array<std::string_view>(
    {" while ", " whereas ", " although ", " though ", ", but ", "; ", " according to ",
     " compared with ", " compared to ", " because "});

std::string_view up_to_turn(std::string_view text) {
  size_t end = text.size();
  for (const std::string_view turn : kTurns) end = std::min(end, text.find(turn));
  return text.substr(0, end);
}

std::string_view from_turn(std::string_view text) {
  size_t begin = 0;
  for (const std::string_view turn : kTurns) {
    const size_t at = text.rfind(turn);
    if (at != std::string_view::npos) begin = std::max(begin, at + turn.size());
  }
  return text.substr(begin);
}

bool has_letter(std::string_view text) {
  return std::ranges::any_of(text, [](char c) { return c >= 'a' && c <= 'z'; });
}

// "of the CCG leaders said": the words for whose answers go.
std::string_view without_base(std::string_view behind, const std::string& base) {
  constexpr size_t kReach = 24;
  if (base.empty()) return behind;
  const size_t at = behind.find(base);
  return at == std::string_view::npos || at > kReach ? behind : behind.substr(at + base.size());
}

// "The share of leaders who expect to leave rose from | 38 per cent in November to": what they are
// a share of is said before the verb, for both levels. Empty where no share is the subject.
std::string_view share_said(std::string_view before) {
  constexpr auto kShares = std::to_array<std::string_view>(
      {"share of ", "proportion of ", "percentage of ", "number of "});
  constexpr auto kVerbs = std::to_array<std::string_view>(
      {" rose ",    " has ",  " had ",     " fell ",    " is ",        " was ",       " stood ",
       " stands ",  " went ", " climbed ", " dropped ", " increased ", " decreased ", " jumped ",
       " reached ", " grew ", " doubled ", " slipped ", " declined ",  " halved "});
  size_t begin = std::string_view::npos;
  for (const std::string_view share : kShares) {
    const size_t at = before.rfind(share);
    if (at == std::string_view::npos) continue;
    if (begin == std::string_view::npos || at + share.size() > begin) begin = at + share.size();
  }
  if (begin == std::string_view::npos) return {};
  const std::string_view subject = before.substr(begin);
  size_t end = std::string_view::npos;
  for (const std::string_view verb : kVerbs) end = std::min(end, subject.find(verb));
  if (end == std::string_view::npos) return {};
  const std::string_view said = subject.substr(0, end);
  const size_t who = said.find(" who ");
  return who == std::string_view::npos ? said : said.substr(who + 5);
}

bool is_size(const Claim& claim) {
  switch (claim.kind) {
    case ClaimKind::kN:
    case ClaimKind::kNSub:
    case ClaimKind::kNOrganisations:
    case ClaimKind::kNInvited:
    case ClaimKind::kFrameN:
      return true;
    default:
      return false;
  }
}

// The claim of an answer beside `i` in its sentence; `i` where there is none.
size_t neighbour(const Page& page, size_t i, bool before) {
  for (size_t j = i; before ? j > 0 : j + 1 < page.claims().size();) {
    j += before ? size_t(-1) : size_t{1};
    if (page.claim(j).sentence != page.claim(i).sentence) break;
    if (page.is_live(page.claim(j)) && !is_size(page.claim(j))) return j;
  }
  return i;
}

std::string plain_words(const std::string& text) { return lowered(wording::normalise(text).text); }

}  // namespace

Spoken spoken_of(const Page& page, const LedgerIndex& index, size_t i) {
  const Lexicon& lexicon = index.lexicon();
  const Claim& claim = page.claim(i);
  Spoken out;
  if (claim.sentence >= page.article().document.sentences.size()) return out;
  const wording::TextSpan whole = page.article().document.sentences[claim.sentence].span;
  const size_t last = neighbour(page, i, true);
  const size_t next = neighbour(page, i, false);
  out.first = last == i;
  const size_t begin = out.first ? whole.begin : page.claim(last).span.end;
  const size_t end = next == i ? whole.end : page.claim(next).span.begin;
  std::string_view before = page.plain({std::min(begin, claim.span.begin), claim.span.begin});
  std::string_view behind = page.plain({claim.span.end, std::max(end, claim.span.end)});
  behind = up_to_turn(without_base(behind, plain_words(claim.base_phrase)));
  constexpr size_t kLevels = 30;  // between two levels of one change
  const bool level = out.first || before.size() < kLevels;
  const std::string_view share =
      level ? share_said(page.plain({whole.begin, claim.span.begin})) : std::string_view();
  if (!share.empty()) {
    before = share;
    behind = {};
  }
  before = from_turn(before);
  // "Good (68 per cent)", "was expected by 41 per cent".
  out.leads = has_letter(before) &&
              (before.ends_with(" by ") || behind.starts_with(")") || !has_letter(behind));
  out.before = lexicon.read(before);
  out.behind = lexicon.read(behind);
  out.item = lexicon.read(plain_words(claim.item));

  // Farther words: the sentence, the one before it, the other answers of the question.
  const LexiconWords clause = out.clause();
  const auto with = [&](std::string_view more) {
    LexiconWords words = clause;
    std::ranges::copy(lexicon.read(more), std::back_inserter(words));
    return words;
  };
  out.wider.push_back(lexicon.read(page.sentence(claim.sentence)));
  out.wider.push_back(out.item);
  constexpr size_t kNear = 8;  // claims of one question stand near each other
  size_t first = claim.sentence;
  LexiconWords question = clause;
  for (size_t k = i > kNear ? i - kNear : 0; k < std::min(i + kNear, page.claims().size()); ++k) {
    if (k == i || claim.question == 0 || page.claim(k).question != claim.question) continue;
    first = std::min(first, page.claim(k).sentence);
    std::ranges::copy(lexicon.read(page.sentence(page.claim(k).sentence)),
                      std::back_inserter(question));
    std::ranges::copy(lexicon.read(plain_words(page.claim(k).item)), std::back_inserter(question));
  }
  if (!out.first) {
    out.so_far = lexicon.read(page.plain({whole.begin, std::max(end, claim.span.end)}));
    out.earlier = lexicon.read(page.plain({whole.begin, std::max(whole.begin, claim.span.begin)}));
  } else if (claim.sentence > 0) {
    out.earlier = lexicon.read(page.sentence(claim.sentence - 1));
  }
  if (claim.sentence > 0) {
    out.wider.push_back(with(page.sentence(claim.sentence - 1)));
  }
  // The question may have been put a sentence before its first answer.
  if (first > 0) {
    std::ranges::copy(lexicon.read(page.sentence(first - 1)), std::back_inserter(question));
  }
  out.wider.push_back(std::move(question));
  return out;
}

size_t date_points(const Page& page, const std::string& wave) {
  constexpr size_t kDate = 2;
  const std::string words = lowered(wave_in_words(wave));
  const bool dated = words != lowered(wave);
  return dated && find_words(page.plain(), words) != std::string_view::npos ? kDate : 0;
}

WaveNamed wave_named(const Page& page, const LedgerIndex& index, size_t i, const std::string& own) {
  const Claim& claim = page.claim(i);
  const std::string said = plain_words(claim.wave);
  const wording::TextSpan whole = page.article().document.sentences[claim.sentence].span;
  const size_t last = neighbour(page, i, true);
  const size_t next = neighbour(page, i, false);
  const std::string_view clause = page.plain({last == i ? whole.begin : page.claim(last).span.end,
                                              next == i ? whole.end : page.claim(next).span.begin});
  std::vector<std::string> found;
  for (const std::string& wave : index.waves()) {
    const std::string words = lowered(wave_in_words(wave));
    if (words == lowered(wave)) continue;  // a name without a date
    const std::string month = words.substr(0, words.find(' '));
    const std::string year = words.substr(words.find(' ') + 1);
    const bool other_year =
        said.find("20") != std::string::npos && find_words(said, year) == std::string_view::npos;
    const bool by_claim = find_words(said, month) != std::string_view::npos && !other_year;
    const bool by_clause = wave != own && find_words(clause, words) != std::string_view::npos;
    if (by_claim || by_clause) found.push_back(wave);
  }
  if (found.size() == 1) return {true, found.front()};
  if (!said.empty()) return {true, ""};
  return {};
}

}  // namespace barometer

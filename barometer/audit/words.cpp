// Headline against body, missing words, words for an editor.
#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>

#include <fmt/format.h>

#include "barometer/audit/hedges_internal.h"
#include "barometer/base/text.h"
#include "barometer/printed/bases.h"

namespace barometer {
namespace {

// How alike the words of a headline and of its figure in the body must be before one is held
// against the other, and how much better the best must be than another question.
constexpr double kAlike = 0.5;
constexpr double kClearly = 1.25;
constexpr double kOwnWords = 1.0;  // what the words behind a figure weigh beside all near it

struct Body {
  std::vector<size_t> answers;  // of the question whose words are nearest
  double alike = 0;
};

bool is_body_figure(const Page& page, size_t head, size_t i) {
  const Claim& claim = page.claim(i);
  const Claim& lead = page.claim(head);
  return i != head && page.is_percent(claim) && !page.is_average(claim) &&
         claim.survey == lead.survey && claim.subgroup == lead.subgroup &&
         claim.wave == lead.wave && claim.sentence != lead.sentence &&
         (!page.is_lead(claim) || claim.sentence > lead.sentence);
}

// What a headline says, without whose share it is where the body names nobody: "Almost three
// quarters of directors expect a deficit" and "62 per cent expect a deficit".
WordSet said_by(const Page& page, size_t head) {
  WordSet whose;
  page.stemmer().add(lowered(page.claim(head).base_phrase), whose);
  WordSet out;
  std::ranges::set_difference(page.words(head), whose, std::back_inserter(out));
  return out;
}

bool denies(const Claim& claim) {
  const std::string text = " " + lowered(claim.answer) + " ";
  return text.find(" not ") != std::string::npos || text.find("n't ") != std::string::npos ||
         text.find("n\u2019t ") != std::string::npos || text.find(" no ") != std::string::npos;
}

// Does most of what the figure says stand in the headline as well? "63 per cent call it good" is no
// figure of "91 per cent say it is important", however many words they share.
bool says_the_same(const Page& page, size_t head, size_t body) {
  constexpr double kMost = 0.25;
  if (denies(page.claim(head)) != denies(page.claim(body))) return false;
  WordSet whose;
  page.stemmer().add(lowered(page.claim(body).base_phrase), whose);
  // Up to the comma: ", the Barometer for Trade Weekly shows" is no part of it.
  const std::string& answer = page.claim(body).answer;
  WordSet all;
  page.stemmer().add(lowered(answer.substr(0, answer.find(','))), all);
  if (all.size() < 2) all = page.answer_words(body);
  WordSet said;
  std::ranges::set_difference(all, whose, std::back_inserter(said));
  return said.empty() || page.weights().containment(said, page.words(head)) >= kMost;
}

double likeness(const Page& page, size_t head, size_t body) {
  constexpr double kWithoutGroup = 0.8;  // fewer words prove less
  const auto alike = [&](const WordSet& words) {
    if (common_count(words, page.words(body)) < 2) return 0.0;
    return page.weights().containment(words, page.words(body));
  };
  const double all = alike(page.words(head));
  if (!page.claim(body).base_phrase.empty()) return all;
  return std::max(all, kWithoutGroup * alike(said_by(page, head)));
}

// The answers to the question that the headline speaks of; empty where that is not clear.
Body body_of(const Page& page, size_t head) {
  Body best;
  double most = 0;
  double second = 0;
  size_t question = 0;
  for (size_t i = 0; i < page.claims().size(); ++i) {
    if (!is_body_figure(page, head, i)) continue;
    const double alike = likeness(page, head, i);
    // The words between two figures are near both; those behind a figure are its own.
    const double own = alike * (1 + kOwnWords * page.weights().containment(page.words(head),
                                                                           page.answer_words(i)));
    const bool same = !best.answers.empty() && page.claim(i).question == question;
    if (own > most) {
      if (!same) second = most;
      most = own;
      best = {{i}, alike};
      question = page.claim(i).question;
    } else if (!same) {
      second = std::max(second, own);
    }
  }
  if (best.alike < kAlike || most < second * kClearly) return {};
  if (!says_the_same(page, head, best.answers[0])) return {};
  for (size_t i = 0; i < page.claims().size(); ++i) {
    if (i != best.answers[0] && page.claim(i).question == question &&
        is_body_figure(page, head, i)) {
      best.answers.push_back(i);
    }
  }
  return best;
}

// 39 leaders of 94 are 41 per cent: "39 per cent" in the headline is the count.
bool is_count_of(Page& page, size_t head, size_t body) {
  const Claim& claim = page.claim(head);
  const std::optional<int64_t> base = page.counted_base(page.claim(body));
  if (claim.kind != ClaimKind::kPercent || !base || !is_testable(*claim.value)) return false;
  const Verdict verdict =
      count_as_percent_verdict(*claim.value, *base, page.claim(body).value, page.rounding());
  const WholeRange counts = possible_counts(*page.claim(body).value, *base, page.rounding());
  if (!verdict.fails() || !counts.contains(claim.value->digits)) return false;
  page.find(
      {.rule = "count-as-percent",
       .claims = {head, body},
       .message = fmt::format("{} is a number of people printed as a percentage", quoted(claim)),
       .arithmetic = verdict.arithmetic,
       .fix = verdict.mend});
  return true;
}

// Is there any figure of much the same words, of whatever question, that makes the headline true?
bool holds_elsewhere(const Page& page, size_t head) {
  constexpr double kRoughly = 0.3;
  const Claim& claim = page.claim(head);
  for (size_t i = 0; i < page.claims().size(); ++i) {
    const Claim& figure = page.claim(i);
    const bool body = i != head && page.is_percent(figure) && figure.sentence != claim.sentence;
    if (!body || page.weights().containment(page.words(head), page.words(i)) < kRoughly) continue;
    if (may_hold(page, claim, figure, {})) return true;
  }
  return false;
}

void check_headline(Page& page, size_t head) {
  const Body body = body_of(page, head);
  if (body.answers.empty()) return;
  const Claim& claim = page.claim(head);
  const bool holds =
      std::ranges::any_of(
          body.answers,
          [&](size_t i) { return may_hold(page, claim, page.claim(i), body.answers); }) ||
      holds_elsewhere(page, head);
  const size_t best = body.answers[0];
  const Verdict verdict{holds ? Possibility::kPossible : Possibility::kImpossible,
                        words_arithmetic(page, claim, page.claim(best)), ""};
  page.check("headline-body", {head, best}, verdict);
  if (holds || is_count_of(page, head, best)) return;
  page.find({.rule = "headline-body",
             .grade = grade_of_words(claim, page.claim(best)),
             .claims = {head, best},
             .message = fmt::format("{} here, but {} further down", quoted(claim),
                                    quoted(page.claim(best))),
             .arithmetic = verdict.arithmetic,
             .fix = fmt::format("“{} per cent”", page.claim(best).value->text())});
}

// By block: the first sentence that says how many answered or were asked.
std::vector<size_t> size_sentences(const Page& page) {
  const Document& document = page.article().document;
  std::vector<size_t> first(document.blocks.size(), SIZE_MAX);
  for (const Claim& claim : page.claims()) {
    const bool size =
        page.is_live(claim) && (claim.kind == ClaimKind::kN || claim.kind == ClaimKind::kNInvited);
    if (!size || claim.sentence >= document.sentences.size()) continue;
    size_t& sentence = first[document.sentences[claim.sentence].block];
    sentence = std::min(sentence, claim.sentence);
  }
  return first;
}

// "… 173 took part. Two thirds of them …": a paragraph on who answered sums nothing up.
bool follows_size(const Page& page, const Claim& claim, const std::vector<size_t>& sizes) {
  const auto& sentences = page.article().document.sentences;
  return claim.sentence < sentences.size() &&
         sizes[sentences[claim.sentence].block] < claim.sentence;
}

bool is_headline(const Page& page, const Claim& claim, const std::vector<size_t>& sizes) {
  if (claim.negative && claim.negative_reason != "summary") return false;
  if (follows_size(page, claim, sizes) || page.is_listed_below(claim)) return false;
  const bool share = claim.kind == ClaimKind::kPercent || claim.kind == ClaimKind::kPercentBound ||
                     claim.kind == ClaimKind::kPercentFraction ||
                     claim.kind == ClaimKind::kPercentFractionBound;
  return share && page.is_lead(claim) && can_be_judged(claim) &&
         (claim.kind != ClaimKind::kPercent || (claim.value && is_testable(*claim.value)));
}

// "Eighty-five per said"
void check_typo(Page& page, size_t i) {
  const Claim& claim = page.claim(i);
  if (!claim.number.typo) return;
  std::string mended = claim.quote;
  const size_t at = lowered(mended).rfind("per");
  mended = at == std::string::npos ? mended + " per cent" : mended.substr(0, at) + "per cent";
  page.find(
      {.rule = "missing-word",
       .grade = Grade::kWording,
       .claims = {i},
       .message = fmt::format("a word is missing in {}; it is read as {} per cent", quoted(claim),
                              claim.value ? claim.value->text() : "a number of"),
       .fix = fmt::format("“{}”", printable(mended, 80))});
}

void check_editor(Page& page, size_t i) {
  const Claim& claim = page.claim(i);
  const bool judgement =
      claim.number.for_editor ||
      (claim.number.hedge != nullptr && claim.number.hedge->for_editor) ||
      (claim.number.quantifier != nullptr && claim.number.quantifier->for_editor);
  const bool share = claim.kind == ClaimKind::kPercent || claim.kind == ClaimKind::kPercentBound ||
                     claim.kind == ClaimKind::kPercentFraction ||
                     claim.kind == ClaimKind::kPercentFractionBound;
  if (!judgement || !share) return;
  page.find({.rule = "judgement",
             .grade = Grade::kNote,
             .claims = {i},
             .message = fmt::format(
                 "{} is a judgement on the figure, for an editor to stand behind", quoted(claim))});
}

}  // namespace

void check_words(Page& page) {
  constexpr size_t kMostHeadlines = 200;  // held against the rest of the article
  const std::vector<uint8_t> judged = check_hedges(page);
  const std::vector<size_t> sizes = size_sentences(page);
  size_t headlines = 0;
  for (size_t i = 0; i < page.claims().size(); ++i) {
    const Claim& claim = page.claim(i);
    if (page.is_live(claim)) {
      check_typo(page, i);
      check_editor(page, i);
    }
    if (judged[i] == 0 && is_headline(page, claim, sizes) && ++headlines <= kMostHeadlines) {
      check_headline(page, i);
    }
  }
}

}  // namespace barometer

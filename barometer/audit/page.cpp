#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "barometer/audit/page_internal.h"
#include "barometer/base/text.h"
#include "barometer/wording/normalise.h"

namespace barometer {
namespace {

using wording::TextSpan;

std::vector<uint32_t> bytes_of_code_points(std::string_view utf8) {
  std::vector<uint32_t> out;
  out.reserve(utf8.size() + 1);
  for (size_t i = 0; i < utf8.size(); ++i) {
    if ((static_cast<unsigned char>(utf8[i]) & 0xC0U) != 0x80U) {
      out.push_back(static_cast<uint32_t>(i));
    }
  }
  out.push_back(static_cast<uint32_t>(utf8.size()));
  return out;
}

bool says_weighted(std::string_view plain) {
  for (size_t at = plain.find("weight"); at != std::string_view::npos;
       at = plain.find("weight", at + 6)) {
    const std::string_view word = plain.substr(at, std::min<size_t>(9, plain.size() - at));
    if (!word.starts_with("weighted") && !word.starts_with("weighting")) continue;
    const std::string_view before = plain.substr(at < 24 ? 0 : at - 24, at < 24 ? at : 24);
    const bool denied = before.ends_with("un") || before.ends_with("un-") ||
                        before.find(" not ") != std::string_view::npos ||
                        before.find("n't ") != std::string_view::npos ||
                        before.find(" no ") != std::string_view::npos ||
                        before.find("without ") != std::string_view::npos;
    if (!denied) return true;
  }
  return false;
}

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

std::string quoted(const Claim& claim) { return fmt::format("“{}”", printable(claim.quote, 80)); }

bool is_testable(const Decimal& figure) {
  return figure.places <= 6 && figure.digits < kLargestNumber && figure.digits > -kLargestNumber;
}

size_t find_words(std::string_view text, std::string_view words, size_t from) {
  for (size_t at = text.find(words, from); at != std::string_view::npos;
       at = text.find(words, at + 1)) {
    const size_t end = at + words.size();
    const bool starts = at == 0 || !is_word_byte(text[at - 1]) || !is_word_byte(words.front());
    const bool ends = end == text.size() || !is_word_byte(text[end]) || !is_word_byte(words.back());
    if (starts && ends) return at;
  }
  return std::string_view::npos;
}

bool has_words(std::string_view text, std::span<const std::string_view> any) {
  return std::ranges::any_of(any, [&](std::string_view words) {
    return find_words(text, words) != std::string_view::npos;
  });
}

Page::Page(ArticleAudit& audit, const AuditOptions& options, Stemmer& stemmer)
    : audit_(&audit), options_(&options), stemmer_(&stemmer) {
  const std::string& text = audit.article.document.text;
  wording::NormalText normal = wording::normalise(audit.article.document.prose);
  plain_ = lowered(normal.text);
  origin_ = std::move(normal.origin);
  byte_of_ = bytes_of_code_points(text);
  audit.weighted = says_weighted(plain_);
  read_places();
  read_questions();
  read_words();
  read_bases();
}

size_t Page::plain_at(size_t code_point) const {
  return static_cast<size_t>(std::ranges::lower_bound(origin_, code_point) - origin_.begin());
}

std::string_view Page::plain(TextSpan span) const {
  const size_t begin = plain_at(span.begin);
  const size_t end = std::max(begin, plain_at(span.end));
  return std::string_view(plain_).substr(begin, end - begin);
}

std::string_view Page::sentence(size_t i) const {
  const std::vector<Sentence>& sentences = article().document.sentences;
  return i < sentences.size() ? plain(sentences[i].span) : std::string_view();
}

TextSpan Page::span_in(size_t sentence, size_t begin, size_t end) const {
  const size_t start = plain_at(article().document.sentences[sentence].span.begin);
  CHECK(end > begin && start + end <= origin_.size(), "words stand in their sentence");
  return {origin_[start + begin], origin_[start + end - 1] + size_t{1}};
}

std::string_view Page::original(TextSpan span) const {
  const size_t last = byte_of_.size() - 1;
  const size_t begin = byte_of_[std::min(span.begin, last)];
  const size_t end = byte_of_[std::min(span.end, last)];
  return std::string_view(article().document.text).substr(begin, end - std::min(begin, end));
}

std::string_view Page::between(const Claim& first, const Claim& second) const {
  return second.span.begin < first.span.end ? std::string_view()
                                            : plain({first.span.end, second.span.begin});
}

std::string_view Page::behind(size_t i) const {
  const Claim& one = claim(i);
  const std::vector<Sentence>& sentences = article().document.sentences;
  if (one.sentence >= sentences.size()) return {};
  size_t end = sentences[one.sentence].span.end;
  if (i + 1 < claims().size()) end = std::min(end, claim(i + 1).span.begin);
  return end > one.span.end ? plain({one.span.end, end}) : std::string_view();
}

std::string_view Page::round(size_t i) const {
  constexpr size_t kBefore = 90;
  constexpr size_t kBehind = 60;
  const Claim& one = claim(i);
  const std::vector<Sentence>& sentences = article().document.sentences;
  if (one.sentence >= sentences.size()) return {};
  const TextSpan whole = sentences[one.sentence].span;
  const size_t begin =
      std::max(whole.begin, one.span.begin > kBefore ? one.span.begin - kBefore : 0);
  return plain({begin, std::min(whole.end, one.span.end + kBehind)});
}

std::string Page::phrase(size_t i) const {
  constexpr auto kEnds = std::to_array<std::string_view>(
      {"and", "that",      "who",      "which",   "from", "in",  "to",  "on",
       "at",  "or",        "of",       "said",    "were", "was", "had", "is",
       "are", "responded", "answered", "replied", "with", "for", "by",  "took"});
  constexpr size_t kMostWords = 5;
  const std::string_view after = behind(i);
  size_t end = 0;
  for (size_t words = 0; words < kMostWords && end < after.size() && after[end] == ' '; ++words) {
    size_t stop = end + 1;
    while (stop < after.size() && (is_word_byte(after[stop]) || after[stop] == '-')) ++stop;
    const std::string_view word = after.substr(end + 1, stop - end - 1);
    if (word.empty() || std::ranges::find(kEnds, word) != kEnds.end()) break;
    end = stop;
  }
  // Plain bytes of one byte each stand for one code point: enough for a message.
  const Claim& one = claim(i);
  return printable(original({one.span.begin, one.span.end + end}), 80);
}

BlockKind Page::block_of(const Claim& claim) const {
  const Document& document = article().document;
  if (claim.sentence >= document.sentences.size()) return BlockKind::kParagraph;
  const size_t block = document.sentences[claim.sentence].block;
  return block < document.blocks.size() ? document.blocks[block].kind : BlockKind::kParagraph;
}

bool Page::is_lead(const Claim& claim) const {
  const Document& document = article().document;
  if (claim.sentence >= document.sentences.size()) return false;
  const size_t block = document.sentences[claim.sentence].block;
  const BlockKind kind = block_of(claim);
  if (kind == BlockKind::kTitle || kind == BlockKind::kHeading || kind == BlockKind::kBullet) {
    return true;
  }
  return first_paragraph_ == block;
}

bool Page::is_listed_below(const Claim& claim) const {
  const Document& document = article().document;
  return block_of(claim) == BlockKind::kBullet && claim.sentence < document.sentences.size() &&
         document.sentences[claim.sentence].block > first_paragraph_;
}

bool Page::is_percent(const Claim& claim) const {
  return is_live(claim) && claim.kind == ClaimKind::kPercent && claim.value &&
         is_testable(*claim.value);
}

bool Page::is_average(const Claim& claim) const {
  constexpr auto kAverages = std::to_array<std::string_view>(
      {"average", "averaged", "mean", "median", "on average", "typical", "typically"});
  constexpr auto kGiven = std::to_array<std::string_view>({"put", "at", "was", "is", "of"});
  if (claim.sentence >= article().document.sentences.size()) return false;
  const TextSpan whole = article().document.sentences[claim.sentence].span;
  const std::string_view before = plain({whole.begin, std::max(whole.begin, claim.span.begin)});
  const size_t space = before.find_last_of(' ', before.size() < 2 ? 0 : before.size() - 2);
  const std::string_view last =
      trimmed(space == std::string_view::npos ? before : before.substr(space));
  return std::ranges::find(kGiven, last) != kGiven.end() && has_words(before, kAverages);
}

std::optional<int64_t> Page::counted_base(const Claim& claim) const {
  if (weighted() || !claim.base || *claim.base <= 0 || *claim.base > kLargestNumber) {
    return std::nullopt;
  }
  if (claim.kind == ClaimKind::kPercent && is_average(claim)) return std::nullopt;
  const bool far =
      claim.base_source == BaseSource::kArticle || claim.base_source == BaseSource::kGiven;
  // What part of the respondents answered is not known, or another survey's number is meant.
  if (far && claim.subgroup && !claim.base_claim) return std::nullopt;
  return claim.base;
}

void Page::read_places() {
  const Document& document = article().document;
  const auto first = std::ranges::find(document.blocks, BlockKind::kParagraph, &Block::kind);
  if (first != document.blocks.end()) {
    first_paragraph_ = static_cast<size_t>(first - document.blocks.begin());
  }
  sentence_claims_.resize(document.sentences.size());
  for (size_t i = 0; i < claims().size(); ++i) {
    if (claim(i).sentence >= sentence_claims_.size()) continue;
    ClaimRange& range = sentence_claims_[claim(i).sentence];
    if (range.end == 0) range.begin = i;
    range.end = i + 1;
  }
}

Page::ClaimRange Page::claims_in(size_t sentence) const {
  return sentence < sentence_claims_.size() ? sentence_claims_[sentence] : ClaimRange();
}

std::span<const size_t> Page::question_of(const Claim& claim) const {
  const auto number = [&](const std::vector<size_t>& question) {
    return this->claim(question.front()).question;
  };
  const auto found = std::ranges::lower_bound(questions_, claim.question, {}, number);
  if (found == questions_.end() || number(*found) != claim.question) return {};
  return *found;
}

void Page::read_questions() {
  std::vector<std::pair<size_t, size_t>> order;
  for (size_t i = 0; i < claims().size(); ++i) {
    if (is_live(claim(i))) order.emplace_back(claim(i).question, i);
  }
  std::ranges::sort(order);
  for (size_t i = 0; i < order.size(); ++i) {
    if (i == 0 || order[i].first != order[i - 1].first) questions_.emplace_back();
    questions_.back().push_back(order[i].second);
  }
}

// Round a claim: from the claim before it in the sentence to the one behind it.
void Page::read_words() {
  words_.resize(claims().size());
  answer_words_.resize(claims().size());
  for (size_t i = 0; i < claims().size(); ++i) {
    const Claim& one = claim(i);
    const bool speaks = is_live(one) || is_word_for_figure(one);
    if (!speaks || one.sentence >= article().document.sentences.size()) continue;
    TextSpan segment = article().document.sentences[one.sentence].span;
    for (size_t j = i; j > 0 && claim(j - 1).sentence == one.sentence; --j) {
      if (!is_live(claim(j - 1))) continue;
      segment.begin = std::min(claim(j - 1).span.end, one.span.begin);
      break;
    }
    for (size_t j = i + 1; j < claims().size() && claim(j).sentence == one.sentence; ++j) {
      if (!is_live(claim(j))) continue;
      segment.end = std::max(claim(j).span.begin, one.span.end);
      break;
    }
    // The number's own words ("almost three quarters") are none of what it is about.
    stemmer_->add(plain({segment.begin, std::max(segment.begin, one.span.begin)}), words_[i]);
    stemmer_->add(plain({std::min(one.span.end, segment.end), segment.end}), words_[i]);
    stemmer_->add(lowered(one.item), words_[i]);
    stemmer_->add(lowered(one.answer), answer_words_[i]);
    words_[i] = joined(words_[i], answer_words_[i]);
    weights_.add(words_[i]);
  }
}

void Page::read_bases() {
  for (size_t i = 0; i < claims().size(); ++i) {
    const Claim& one = claim(i);
    const bool states = one.kind == ClaimKind::kN || one.kind == ClaimKind::kNSub ||
                        one.kind == ClaimKind::kNOrganisations ||
                        one.kind == ClaimKind::kNInvited || one.kind == ClaimKind::kFrameN;
    if (!states || !is_live(one) || !one.value || one.value->places != 0) continue;
    if (!one.wave.empty()) continue;  // the size of another wave
    if (one.value->digits <= 0 || one.value->digits > kLargestNumber) continue;
    if (stated_.size() == kMostStated) return;
    std::string_view name;
    switch (one.kind) {
      case ClaimKind::kN:
        name = "respondents";
        break;
      case ClaimKind::kNOrganisations:
        name = "organisations that answered";
        break;
      case ClaimKind::kNInvited:
        name = "invited";
        break;
      case ClaimKind::kFrameN:
        name = "there are";
        break;
      default:
        name = "of a part";
    }
    stated_.push_back({one.value->digits, i, std::string(name)});
  }
}

void Page::check(std::string rule, std::vector<size_t> claims, const Verdict& verdict) {
  audit_->checks.push_back(
      {std::move(rule), std::move(claims), verdict.outcome, verdict.arithmetic});
}

}  // namespace barometer

// An article with what the rules ask of it: its plain text, whose claims they are, the words round
// them; and where findings go.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/audit/audit.h"
#include "barometer/meaning/word_set.h"
#include "barometer/printed/printed.h"

namespace barometer {

class LedgerIndex;

// Within the reach of barometer/printed.
inline constexpr int64_t kLargestNumber = 1'000'000'000;
bool is_testable(const Decimal& figure);

class Page {
 public:
  // The audit's article; findings and checks are added to it. Both outlive the page.
  Page(ArticleAudit& audit, const AuditOptions& options, Stemmer& stemmer);

  [[nodiscard]] const Article& article() const { return audit_->article; }
  [[nodiscard]] const std::vector<Claim>& claims() const { return audit_->article.claims; }
  [[nodiscard]] const Claim& claim(size_t i) const { return audit_->article.claims[i]; }
  [[nodiscard]] const AuditOptions& options() const { return *options_; }
  [[nodiscard]] RoundingRule rounding() const { return options_->rounding; }
  [[nodiscard]] bool weighted() const { return audit_->weighted; }
  // The article reports a survey; without one there is nothing to check.
  [[nodiscard]] bool has_survey() const { return !audit_->article.surveys.empty(); }

  // Lower case, plain marks (wording::normalise): what cues are looked for in.
  [[nodiscard]] std::string_view plain() const { return plain_; }
  [[nodiscard]] std::string_view plain(wording::TextSpan span) const;
  [[nodiscard]] std::string_view sentence(size_t i) const;
  // Where plain bytes begin … end of sentence i stand in the document.
  [[nodiscard]] wording::TextSpan span_in(size_t sentence, size_t begin, size_t end) const;
  [[nodiscard]] std::string_view original(wording::TextSpan span) const;
  // What stands behind a claim, up to the next one or the end of its sentence.
  [[nodiscard]] std::string_view behind(size_t claim) const;
  // A few words on each side of a claim in its sentence.
  [[nodiscard]] std::string_view round(size_t claim) const;
  // A number with the words for what it counts: "85 NHS trust finance directors".
  [[nodiscard]] std::string phrase(size_t claim) const;
  // Between two claims of the text, the first before the second.
  [[nodiscard]] std::string_view between(const Claim& first, const Claim& second) const;

  [[nodiscard]] BlockKind block_of(const Claim& claim) const;
  // In the title, a heading, a bullet or the first paragraph.
  [[nodiscard]] bool is_lead(const Claim& claim) const;
  [[nodiscard]] bool is_listed_below(const Claim& claim) const;  // in bullets under the text
  // A number that a survey found, or that describes it.
  [[nodiscard]] bool is_live(const Claim& claim) const { return !claim.negative; }
  // Words for a share that a figure of the article gives: "a majority, 53 per cent".
  [[nodiscard]] static bool is_word_for_figure(const Claim& claim) {
    return claim.negative_reason == "gloss" || claim.negative_reason == "summary" ||
           claim.negative_reason == "share of something";
  }
  // A percentage in figures of a survey, and none of growth.
  [[nodiscard]] bool is_percent(const Claim& claim) const;
  // "the average head put it at 14.3 per cent of the roll": what people said, averaged, and no
  // share of them.
  [[nodiscard]] bool is_average(const Claim& claim) const;
  // Whole people answered it at this base: whole counts can be asked of it.
  [[nodiscard]] std::optional<int64_t> counted_base(const Claim& claim) const;
  // Claims of one question, in text order; live ones only.
  [[nodiscard]] const std::vector<std::vector<size_t>>& questions() const { return questions_; }
  // Those of the question that a claim answers, itself included.
  [[nodiscard]] std::span<const size_t> question_of(const Claim& claim) const;
  // The claims of a sentence: places begin … end.
  struct ClaimRange {
    size_t begin = 0;
    size_t end = 0;
  };
  [[nodiscard]] ClaimRange claims_in(size_t sentence) const;
  // Words of the claim: of what was asked and answered, and round it in its sentence.
  [[nodiscard]] const WordSet& words(size_t claim) const { return words_[claim]; }
  [[nodiscard]] const WordSet& answer_words(size_t claim) const { return answer_words_[claim]; }
  [[nodiscard]] const WordWeights& weights() const { return weights_; }
  // Numbers of people or organisations that the article states, with a name each: "76 trusts"; the
  // first kMostStated.
  static constexpr size_t kMostStated = 200;
  struct StatedBase {
    int64_t n = 0;
    size_t claim = 0;
    std::string name;
  };
  [[nodiscard]] const std::vector<StatedBase>& stated_bases() const { return stated_; }

  void find(Finding finding) { audit_->findings.push_back(std::move(finding)); }
  void check(std::string rule, std::vector<size_t> claims, const Verdict& verdict);
  [[nodiscard]] Stemmer& stemmer() const { return *stemmer_; }

 private:
  [[nodiscard]] size_t plain_at(size_t code_point) const;
  void read_places();
  void read_words();
  void read_bases();
  void read_questions();

  ArticleAudit* audit_;
  const AuditOptions* options_;
  Stemmer* stemmer_;
  std::string plain_;
  std::vector<uint32_t> origin_;   // code point of each plain byte
  std::vector<uint32_t> byte_of_;  // byte of each code point of the document
  std::vector<std::vector<size_t>> questions_;
  std::vector<ClaimRange> sentence_claims_;  // by sentence
  std::optional<size_t> first_paragraph_;    // its block
  std::vector<WordSet> words_, answer_words_;
  WordWeights weights_;
  std::vector<StatedBase> stated_;
};

// “42 per cent”: the quote of a claim on one line, as a message shows it.
std::string quoted(const Claim& claim);
// The places of the words in the text where they stand as words; npos when there is none.
size_t find_words(std::string_view text, std::string_view words, size_t from = 0);
bool has_words(std::string_view text, std::span<const std::string_view> any);

// One function a family of rules; each adds to the page.
void check_percents(Page& page);    // a percentage at its base, a base for all, over 100
void check_parts(Page& page);       // wholes, remainders, NETs, opposites, counts as percents
void check_wholes(Page& page);      // yes, no and no opinion, rows of a table
void check_pairs(Page& page);       // a count and its percentage, coverage
void check_words(Page& page);       // hedges, headline and body, missing words
void check_means(Page& page);       // GRIM, GRIMMER, DEBIT, ends of the scale
void check_steps(Page& page);       // changes before their levels, halves and their total
void check_changes(Page& page);     // levels and changes, verbs of change, subgroups
void check_fieldwork(Page& page);   // dates
void check_disclosure(Page& page);  // what is not said
void check_ledger(Page& page, const LedgerIndex& index, std::vector<LedgerMatch>& matches);
// Several pages on one survey.
void check_across(std::span<Page> pages);

}  // namespace barometer

#include <algorithm>

#include "barometer/audit/report_internal.h"

namespace barometer {

using wording::Part;
using wording::Relation;
using wording::TextSpan;

TextPlaces::TextPlaces(std::string_view utf8) : text_(utf8), starts_{0} {
  bytes_.reserve(utf8.size() + 1);
  for (size_t i = 0; i < utf8.size(); ++i) {
    if ((static_cast<unsigned char>(utf8[i]) & 0xC0U) == 0x80U) continue;
    bytes_.push_back(i);
    if (utf8[i] == '\n') starts_.push_back(bytes_.size());
  }
  bytes_.push_back(utf8.size());
}

std::string_view TextPlaces::slice(size_t begin, size_t end) const {
  begin = std::min(begin, size());
  end = std::clamp(end, begin, size());
  return text_.substr(bytes_[begin], bytes_[end] - bytes_[begin]);
}

size_t TextPlaces::line(size_t code_point) const {
  return static_cast<size_t>(std::ranges::upper_bound(starts_, code_point) - starts_.begin());
}

size_t TextPlaces::column(size_t code_point) const {
  return code_point - starts_[line(code_point) - 1] + 1;
}

std::vector<TextSpan> spans_of(const Article& article, const Finding& finding) {
  std::vector<TextSpan> out;
  for (const size_t claim : finding.claims) out.push_back(article.claims[claim].span);
  if (finding.span) out.push_back(*finding.span);
  return out;
}

std::string_view bound_of(const Claim& claim) {
  if (claim.number.quantifier != nullptr) {
    switch (claim.number.quantifier->part) {
      case Part::kMajority:
        return "majority";
      case Part::kMinority:
        return "minority";
      case Part::kSomeOf:
        return "significant minority";
      case Part::kPlurality:
        return "plurality";
      case Part::kAll:
        return "all";
      case Part::kNone:
        return "none";
      case Part::kRest:
        return "remainder";
      case Part::kVague:
        return "vague";
    }
  }
  if (claim.number.hedge == nullptr) return "";
  switch (claim.number.hedge->relation) {
    case Relation::kIs:
      return "";
    case Relation::kOver:
      return "over";
    case Relation::kUnder:
      return "under";
    case Relation::kAtLeast:
      return "at least";
    case Relation::kAtMost:
      return "at most";
    case Relation::kNearly:
      return "nearly";
    case Relation::kJustOver:
      return "just over";
    case Relation::kAbout:
      return "about";
    case Relation::kWellOver:
      return "well over";
    case Relation::kWellUnder:
      return "well under";
  }
  return "";
}

std::optional<Decimal> value_of(const Claim& claim) {
  if (claim.value) return claim.value;
  const bool fraction =
      claim.kind == ClaimKind::kPercentFraction || claim.kind == ClaimKind::kPercentFractionBound;
  if (!fraction || claim.exact.denominator <= 0) return std::nullopt;
  constexpr int64_t kMost = int64_t{1} << 40;
  if (claim.exact.numerator > kMost || claim.exact.denominator > kMost) return std::nullopt;
  return round(claim.exact, claim.exact.numerator % claim.exact.denominator == 0 ? 0 : 1);
}

const std::vector<RuleText>& audit_rules() {
  static const std::vector<RuleText> rules = {
      {"percent-possible", Grade::kError, "A percentage cannot be had from so many answers."},
      {"joint-base", Grade::kBaseMismatch, "Figures said to share a base fit another one."},
      {"over-100", Grade::kError, "A share is under 0 or over 100 per cent."},
      {"exhaustive", Grade::kError, "Parts that are all answers do not make a whole."},
      {"remainder", Grade::kError, "The rest is not what the other parts leave."},
      {"opposites", Grade::kError, "Answers that exclude each other pass 100 per cent together."},
      {"net", Grade::kError, "A sum of answers is not its parts together."},
      {"count-as-percent", Grade::kError, "A number of people is printed as a percentage."},
      {"count-percent", Grade::kError, "A count and its percentage do not agree."},
      {"coverage", Grade::kBaseMismatch, "A share of organisations is counted from people."},
      {"hedge", Grade::kError, "Words are not true of the figure beside them."},
      {"headline-body", Grade::kError, "Headline and body disagree."},
      {"missing-word", Grade::kWording, "A word is missing in a figure."},
      {"judgement", Grade::kNote, "A word judges the figure."},
      {"mean", Grade::kError, "A mean cannot come from so many whole scores."},
      {"mean-sd", Grade::kError, "A mean and its standard deviation cannot both be."},
      {"binary-sd", Grade::kError, "A share and its standard deviation cannot both be."},
      {"change", Grade::kError, "A change does not lead from the level before to the level now."},
      {"direction", Grade::kError, "A verb of change goes the other way than the figures."},
      {"change-level", Grade::kDisclosureGap, "A verb of change without the level before."},
      {"change-test", Grade::kWording, "A verb of change where the difference is within noise."},
      {"subgroups", Grade::kError, "A total is not between its subgroups."},
      {"fieldwork-dates", Grade::kError, "Dates of fieldwork cannot be right."},
      {"conflict-n", Grade::kError, "Two articles differ on the size of one survey."},
      {"conflict-figure", Grade::kError, "Two articles differ on one figure."},
      {"ledger", Grade::kError, "A figure is not as in the ledger."},
      {"disclosure-sample-size", Grade::kDisclosureGap, "How many answered is not said."},
      {"disclosure-base", Grade::kDisclosureGap, "What a percentage is a share of is not said."},
      {"disclosure-client", Grade::kDisclosureGap, "Who asked is not said."},
      {"disclosure-dates", Grade::kDisclosureGap, "When people answered is not said."},
      {"disclosure-mode", Grade::kDisclosureGap, "How people were asked is not said."},
      {"disclosure-population", Grade::kDisclosureGap, "Whose opinions these are is not said."},
      {"disclosure-geography", Grade::kDisclosureGap, "What area was covered is not said."},
      {"disclosure-weighting", Grade::kDisclosureGap, "Whether answers were weighted is not said."},
      {"disclosure-wording", Grade::kDisclosureGap, "Where the questions are is not said."},
      {"disclosure-organisations", Grade::kDisclosureGap, "How many organisations is not said."},
      {"disclosure-coverage", Grade::kDisclosureGap, "Of how many organisations is not said."},
  };
  return rules;
}

}  // namespace barometer

#include "barometer/claim/claim.h"

#include <algorithm>
#include <array>
#include <utility>

#include "barometer/claim/article_internal.h"

namespace barometer {
namespace claims {

namespace {

// "Asked whether NHS England worked effectively with them": up to the comma.
WordRange asked_before(const Prose& prose, const Candidate& f) {
  const size_t begin = prose.sentence(f.claim.sentence).begin;
  size_t asked = begin;
  while (asked < std::min(f.words.begin, begin + 5) && !prose.at(asked).is("asked")) ++asked;
  if (!prose.at(asked).is("asked")) return {};
  size_t comma = asked;
  while (comma < f.words.begin && !prose.at(comma).is(",")) ++comma;
  return {asked, comma};
}

}  // namespace

// What was asked and what was answered, in the article's words.
void bind_words(const Prose& prose, std::vector<Candidate>& found) {
  for (size_t i = 0; i < found.size(); ++i) {
    Candidate& f = found[i];
    if (f.claim.negative || f.is_size()) continue;
    const WordRange sentence = prose.sentence(f.claim.sentence);
    const size_t begin = f.of && !f.leads ? std::max(f.words.end, f.of->words.end) : f.words.end;
    size_t end = sentence.end;
    if (i + 1 < found.size() && found[i + 1].claim.sentence == f.claim.sentence) {
      end = std::max(begin, found[i + 1].words.begin);
    }
    size_t first_quoted = end;
    size_t last_quoted = end;
    for (size_t at = begin; at < end; ++at) {
      if (!prose.in_quotation(at)) continue;
      first_quoted = std::min(first_quoted, at);
      last_quoted = at + 1;
    }
    f.claim.answer = prose.text({begin, first_quoted});
    f.claim.item = prose.text({first_quoted, last_quoted});
    if (f.claim.item.empty()) f.claim.item = prose.text(asked_before(prose, f));
  }
}

namespace {

// The original words of a span.
class Original {
 public:
  explicit Original(std::string_view text) : text_(text) {
    for (size_t i = 0; i < text.size(); ++i) {
      if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) starts_.push_back(i);
    }
    starts_.push_back(text.size());
  }
  [[nodiscard]] std::string at(wording::TextSpan span) const {
    const size_t end = std::min(span.end, starts_.size() - 1);
    const size_t begin = std::min(span.begin, end);
    return std::string(text_.substr(starts_[begin], starts_[end] - starts_[begin]));
  }

 private:
  std::string_view text_;
  std::vector<size_t> starts_;
};

// In text order and without overlap, before any claim points to another.
void sort_found(std::vector<Candidate>& found) {
  std::ranges::stable_sort(found, {}, [](const Candidate& f) { return f.claim.span.begin; });
  // Where words run on behind a number ("211" and a letter of another script), spans could overlap.
  size_t end = 0;
  std::erase_if(found, [&](const Candidate& f) {
    const bool overlaps = f.claim.span.begin < end;
    if (!overlaps) end = f.claim.span.end;
    return overlaps;
  });
}

void bind_glosses(std::vector<Candidate>& found) {
  for (size_t i = 0; i + 1 < found.size(); ++i) {
    if (found[i].claim.negative_reason == "gloss") found[i].claim.gloss_of = i + 1;
  }
}

void bind_survey_sizes(const std::vector<Candidate>& found, std::vector<SurveyMention>& surveys) {
  for (size_t i = 0; i < found.size(); ++i) {
    const Claim& claim = found[i].claim;
    if (!found[i].is_size() || found[i].is_previous || claim.survey >= surveys.size()) continue;
    SurveyMention& survey = surveys[claim.survey];
    std::optional<size_t>* place = claim.kind == ClaimKind::kN ? &survey.n
                                   : claim.kind == ClaimKind::kNOrganisations
                                       ? &survey.organisations
                                   : claim.kind == ClaimKind::kFrameN   ? &survey.frame
                                   : claim.kind == ClaimKind::kNInvited ? &survey.invited
                                                                        : nullptr;
    if (place != nullptr && !*place) *place = i;
  }
}

}  // namespace
}  // namespace claims

std::string_view name_of(ClaimKind kind) {
  constexpr auto kNames = std::to_array<std::string_view>(
      {"percent", "percent_bound", "percent_fraction", "percent_fraction_bound", "percent_implied",
       "count", "n", "n_sub", "n_orgs", "n_invited", "frame_n", "mean", "pp_change",
       "comparative"});
  return kNames.at(static_cast<size_t>(kind));
}

std::string_view name_of(BaseSource source) {
  constexpr auto kNames =
      std::to_array<std::string_view>({"none", "claim", "sentence", "article", "given"});
  return kNames.at(static_cast<size_t>(source));
}

Article read_claims(Document document, const ClaimOptions& options) {
  Article article;
  article.document = std::move(document);
  const claims::Prose prose(article.document);
  claims::Surveys surveys = claims::find_surveys(prose);
  std::vector<claims::Candidate> found = claims::collect(prose, surveys);
  for (claims::Candidate& f : claims::comparisons(prose, surveys)) found.push_back(std::move(f));
  claims::sort_found(found);
  claims::join_surveys(surveys, found);
  claims::find_samples(prose, found);
  claims::bind_sizes(prose, found);
  claims::bind_glosses(found);
  claims::bind_changes(prose, found);
  claims::bind_lists(prose, found);
  claims::bind_columns(prose, found);
  claims::bind_questions(prose, found);
  claims::bind_bases(prose, options, found);
  claims::weigh_bases(prose, found);
  claims::bind_words(prose, found);
  if (surveys.any && surveys.mentions.empty()) surveys.mentions.emplace_back();
  claims::bind_survey_sizes(found, surveys.mentions);
  const claims::Original original(article.document.text);
  for (claims::Candidate& f : found) {
    f.claim.quote = original.at(f.claim.span);
    article.claims.push_back(std::move(f.claim));
  }
  article.surveys = std::move(surveys.mentions);
  return article;
}

}  // namespace barometer

// What an article on a survey does not say of it: the rules of disclosure of the British Polling
// Council (client, dates, method, universe, what percentages rest on, sample size, geography,
// weighting, wording) and the AAPOR checklist (organisations, coverage).
//
// Each item is looked for by its words. A word elsewhere in the article can hide a gap; a gap that
// is reported is one.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "barometer/audit/page_internal.h"

namespace barometer {
namespace {

using Cues = std::span<const std::string_view>;

constexpr auto kAboutSurvey = std::to_array<std::string_view>(
    {"survey",       "surveyed",     "poll",        "polled",      "barometer",     "fieldwork",
     "in the field", "consultation", "questioned",  "respondents", "responded",     "replies",
     "replied",      "responses",    "interviewed", "interviews",  "questionnaire", "answered",
     "asked",        "conducted",    "carried out"});

constexpr auto kClient = std::to_array<std::string_view>({"our survey",
                                                          "we surveyed",
                                                          "we asked",
                                                          "we received",
                                                          "union polled",
                                                          "we polled",
                                                          "commissioned by",
                                                          "on behalf of",
                                                          "in association with",
                                                          "in partnership with",
                                                          "with support from",
                                                          "supported by",
                                                          "sponsored by",
                                                          "funded by",
                                                          "produced with",
                                                          "paid for",
                                                          "carried out by",
                                                          "conducted by",
                                                          "run by",
                                                          "published by",
                                                          "published the results",
                                                          "carried out for",
                                                          "conducted for",
                                                          "survey for",
                                                          "poll for",
                                                          "survey by",
                                                          "poll by",
                                                          "’s survey",
                                                          "'s survey",
                                                          "'s barometer",
                                                          "'s latest barometer",
                                                          "'s poll",
                                                          "'s latest survey",
                                                          "members' survey",
                                                          "its members",
                                                          "our members",
                                                          "hsj barometer",
                                                          "member survey",
                                                          "'s quarterly",
                                                          "'s annual",
                                                          "survey of its"});

constexpr auto kMonths = std::to_array<std::string_view>(
    {"january", "february",  "march",     "april",      "may",       "june",       "july",
     "august",  "september", "october",   "november",   "december",  "spring",     "summer",
     "autumn",  "winter",    "last week", "last month", "this week", "this month", "fortnight"});

constexpr auto kMode = std::to_array<std::string_view>(
    {"online",       "telephone",    "by phone", "on the phone", "postal",       "by post",
     "face-to-face", "face to face", "email",    "emailed",      "e-mail",       "by mail",
     "web survey",   "web-based",    "internet", "on paper",     "interviewers", "in person",
     "app",          "text message", "panel"});

constexpr auto kPlaces = std::to_array<std::string_view>({"england",
                                                          "english",
                                                          "wales",
                                                          "welsh",
                                                          "scotland",
                                                          "scottish",
                                                          "northern ireland",
                                                          "uk",
                                                          "united kingdom",
                                                          "britain",
                                                          "british",
                                                          "gb",
                                                          "london",
                                                          "national",
                                                          "nationally",
                                                          "nationwide",
                                                          "nhs",
                                                          "ireland",
                                                          "europe",
                                                          "us",
                                                          "united states",
                                                          "region",
                                                          "county",
                                                          "city",
                                                          "ccgs",
                                                          "clinical commissioning groups"});

constexpr auto kWeighting =
    std::to_array<std::string_view>({"weighted", "weighting", "weights", "unweighted"});

constexpr auto kWording = std::to_array<std::string_view>({"full results",  "full questionnaire",
                                                           "questionnaire", "data tables",
                                                           "full tables",   "tables are",
                                                           "tables at",     "question wording",
                                                           "wording of",    "http",
                                                           "www.",          "click here",
                                                           "downloadable",  "download",
                                                           "full report",   "read the report",
                                                           "exact wording", "results are published",
                                                           "results at",    "results in full"});

constexpr auto kOrganisationWords = std::to_array<std::string_view>(
    {"ccgs", "ccg", "trusts", "trust", "organisations", "organizations", "councils",
     "commissioning groups", "commissioning group", "health boards", "universities"});

bool said_of_survey(const Page& page, Cues cues) {
  for (size_t s = 0; s < page.article().document.sentences.size(); ++s) {
    const std::string_view text = page.sentence(s);
    if (has_words(text, kAboutSurvey) && has_words(text, cues)) return true;
  }
  return false;
}

constexpr auto kSizeOfRate = std::to_array<std::string_view>(
    {"response rate", "covering", "coverage", "of the sector", "provider sector", "of all"});

// "a BMA survey", "a YouGov poll": a name before the word.
bool names_pollster(const Page& page) {
  const std::vector<Sentence>& sentences = page.article().document.sentences;
  for (size_t s = 0; s < sentences.size(); ++s) {
    const std::string_view text = page.sentence(s);
    for (const std::string_view word : {"survey", "poll", "barometer", "study", "research"}) {
      const size_t at = find_words(text, word);
      if (at == std::string_view::npos || at < 3 || text[at - 1] != ' ') continue;
      const size_t space = text.substr(0, at - 1).rfind(' ');
      // The first word is always a capital.
      if (space == std::string_view::npos || space + 1 >= at - 1) continue;
      const std::string_view before = page.original(page.span_in(s, space + 1, at - 1));
      if (!before.empty() && before[0] >= 'A' && before[0] <= 'Z') return true;
    }
  }
  return false;
}

// A number of people in a sentence on the survey, whatever it was read as.
bool may_state_size(const Page& page, const Claim& claim) {
  const bool people = claim.number.counted == wording::Counted::kPeople ||
                      claim.number.counted == wording::Counted::kAnswers ||
                      claim.number.counted == wording::Counted::kOrganisations;
  return people && claim.number.form == wording::Form::kCount &&
         has_words(page.sentence(claim.sentence), kAboutSurvey);
}

struct Facts {
  bool n = false;
  bool organisations = false;
  bool frame = false;
  bool invited = false;
  bool percents = false;
};

Facts facts_of(const Page& page) {
  Facts out;
  for (const Claim& claim : page.claims()) {
    out.n = out.n || may_state_size(page, claim);
    if (!page.is_live(claim) || claim.survey != 0) continue;
    out.n = out.n || claim.kind == ClaimKind::kN;
    // One answer of an organisation each.
    out.organisations =
        out.organisations ||
        (claim.kind == ClaimKind::kN && claim.number.counted == wording::Counted::kOrganisations);
    out.organisations = out.organisations || claim.kind == ClaimKind::kNOrganisations;
    out.frame = out.frame || claim.kind == ClaimKind::kFrameN;
    out.invited = out.invited || claim.kind == ClaimKind::kNInvited;
    out.percents = out.percents || claim.kind == ClaimKind::kPercent ||
                   claim.kind == ClaimKind::kPercentFraction ||
                   claim.kind == ClaimKind::kPercentBound;
  }
  return out;
}

bool names_population(const Page& page) {
  const bool counted = std::ranges::any_of(page.claims(), [&](const Claim& claim) {
    return page.is_live(claim) && (claim.kind == ClaimKind::kN || !claim.base_phrase.empty() ||
                                   claim.number.counted == wording::Counted::kPeople ||
                                   claim.number.counted == wording::Counted::kOrganisations);
  });
  return counted || page.plain().find("survey of ") != std::string_view::npos ||
         page.plain().find("poll of ") != std::string_view::npos;
}

// Where the survey is first spoken of.
std::optional<wording::TextSpan> first_mention(const Page& page) {
  for (size_t s = 0; s < page.article().document.sentences.size(); ++s) {
    const std::string_view text = page.sentence(s);
    for (const std::string_view word : {"survey", "barometer", "poll", "respondents"}) {
      const size_t at = find_words(text, word);
      if (at != std::string_view::npos) return page.span_in(s, at, at + word.size());
    }
  }
  return std::nullopt;
}

void add_gap(Page& page, std::string_view rule, std::string_view what, std::string_view fix) {
  page.find({.rule = fmt::format("disclosure-{}", rule),
             .grade = Grade::kDisclosureGap,
             .claims = {},
             .span = first_mention(page),
             .message = fmt::format("the article does not say {}", what),
             .fix = std::string(fix)});
}

void check_sample(Page& page, const Facts& facts) {
  if (!facts.n) {
    if (facts.invited) {
      add_gap(page, "sample-size", "how many answered, only how many were asked",
              "give the number of answers");
    } else {
      add_gap(page, "sample-size", "how many answered", "give the number of answers");
    }
  }
  // Of each percentage, what it is a percentage of.
  std::vector<size_t> bare;
  for (size_t i = 0; i < page.claims().size(); ++i) {
    const Claim& claim = page.claim(i);
    if (page.is_percent(claim) && !claim.base && claim.survey == 0 && claim.wave.empty() &&
        !has_words(page.sentence(claim.sentence), kSizeOfRate)) {
      bare.push_back(i);
    }
  }
  if (bare.empty() || !facts.n) return;
  page.find({.rule = "disclosure-base",
             .grade = Grade::kDisclosureGap,
             .claims = bare,
             .message = bare.size() == 1
                            ? "the article does not say of how many answers this is a share"
                            : fmt::format("the article does not say of how many answers these {} "
                                          "figures are shares",
                                          bare.size()),
             .fix = "give the base of each"});
}

void check_organisations(Page& page, const Facts& facts) {
  if (!has_words(page.plain(), kOrganisationWords)) return;
  if (!facts.organisations) {
    add_gap(page, "organisations", "how many organisations the answers came from",
            "give the number of organisations that answered");
  }
  if (!facts.frame && !facts.invited && !page.options().frame) {
    add_gap(page, "coverage", "of how many there are, or how many were asked",
            "give the number of those who could have answered");
  }
}

}  // namespace

void check_disclosure(Page& page) {
  const Facts facts = facts_of(page);
  const bool any = facts.percents || facts.n;
  if (!any) return;  // a survey spoken of, whose results are not
  check_sample(page, facts);
  if (!has_words(page.plain(), kClient) && !names_pollster(page)) {
    add_gap(page, "client", "who commissioned the survey, and who carried it out",
            "name the client and the fieldwork agency");
  }
  if (!said_of_survey(page, kMonths)) {
    add_gap(page, "dates", "when people answered", "give the dates of fieldwork");
  }
  if (!said_of_survey(page, kMode)) {
    add_gap(page, "mode", "how people were asked: online, by telephone, on paper",
            "give the mode of interview");
  }
  if (!names_population(page)) {
    add_gap(page, "population", "whose opinions these are", "name the population");
  }
  if (!has_words(page.plain(), kPlaces)) {
    add_gap(page, "geography", "what area the survey covered", "name the area");
  }
  if (!has_words(page.plain(), kWeighting)) {
    add_gap(page, "weighting", "whether answers were weighted",
            "say “weighted by …” or “not weighted”");
  }
  if (!has_words(page.plain(), kWording)) {
    add_gap(page, "wording", "where the questions can be read in full",
            "link to the questionnaire and tables");
  }
  check_organisations(page, facts);
}

}  // namespace barometer

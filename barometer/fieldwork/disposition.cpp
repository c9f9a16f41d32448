#include "barometer/fieldwork/disposition.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

using Class = DispositionClass;

// What holds after all events.
struct CaseHistory {
  bool asked = false, came_back = false;
  bool declined = false, declined_by_other = false, opted_out = false, erased = false;
  bool died = false, unable = false, language = false, away = false, replied = false;
  bool not_eligible = false, duplicate = false, transferred = false;
};

// What an event makes true or untrue. Those that are not here say nothing of the outcome.
struct Effect {
  ContactKind kind;
  bool CaseHistory::* what;
  bool holds;
};
constexpr std::array kEffects{
    Effect{ContactKind::kInvited, &CaseHistory::asked, true},
    Effect{ContactKind::kInvited, &CaseHistory::came_back, false},
    Effect{ContactKind::kReminded, &CaseHistory::asked, true},
    Effect{ContactKind::kReminded, &CaseHistory::came_back, false},
    Effect{ContactKind::kNoAnswer, &CaseHistory::asked, true},
    Effect{ContactKind::kNoAnswer, &CaseHistory::came_back, false},
    Effect{ContactKind::kBounced, &CaseHistory::came_back, true},
    Effect{ContactKind::kDeclined, &CaseHistory::declined, true},
    Effect{ContactKind::kDeclinedByOther, &CaseHistory::declined_by_other, true},
    Effect{ContactKind::kDeclineWithdrawn, &CaseHistory::declined, false},
    Effect{ContactKind::kDeclineWithdrawn, &CaseHistory::declined_by_other, false},
    Effect{ContactKind::kOptedOut, &CaseHistory::opted_out, true},
    Effect{ContactKind::kOptOutWithdrawn, &CaseHistory::opted_out, false},
    Effect{ContactKind::kReplied, &CaseHistory::replied, true},
    Effect{ContactKind::kUnavailable, &CaseHistory::away, true},
    Effect{ContactKind::kDied, &CaseHistory::died, true},
    Effect{ContactKind::kUnable, &CaseHistory::unable, true},
    Effect{ContactKind::kLanguage, &CaseHistory::language, true},
    Effect{ContactKind::kNotEligible, &CaseHistory::not_eligible, true},
    Effect{ContactKind::kDuplicate, &CaseHistory::duplicate, true},
    Effect{ContactKind::kTransferred, &CaseHistory::transferred, true},
    Effect{ContactKind::kErased, &CaseHistory::erased, true},
};

void take(ContactKind kind, CaseHistory& history) {
  for (const Effect& effect : kEffects) {
    if (effect.kind == kind) history.*effect.what = effect.holds;
  }
}

// The first that holds decides.
FinalDisposition without_interview(const CaseHistory& history, bool broke_off) {
  using Row = std::pair<bool, FinalDisposition>;
  const std::vector<Row> rows{
      {history.not_eligible, {Class::kNotEligible, "4.10", "Not eligible"}},
      {history.duplicate, {Class::kNotEligible, "4.81", "On the list twice"}},
      {history.transferred, {Class::kNotEligible, "4.90", "A colleague answers instead"}},
      {history.declined_by_other, {Class::kRefusal, "2.111", "Refused by another person"}},
      {history.declined, {Class::kRefusal, "2.112", "Refused"}},
      {history.opted_out, {Class::kRefusal, "2.112", "Opted out"}},
      {history.erased, {Class::kRefusal, "2.112", "Asked to be forgotten"}},
      {broke_off, {Class::kRefusal, "2.12", "Broke off"}},
      {history.died, {Class::kOther, "2.31", "Died"}},
      {history.unable, {Class::kOther, "2.32", "Unable to take part"}},
      {history.language, {Class::kOther, "2.33", "No language in common"}},
      {history.replied, {Class::kOther, "2.36", "In contact, no interview"}},
      {history.away, {Class::kNonContact, "2.26", "Away during fieldwork"}},
      {history.asked && !history.came_back, {Class::kNonContact, "2.20", "No answer"}},
      {history.asked, {Class::kUnknownOther, "3.30", "Invitation came back"}},
  };
  for (const auto& [holds, disposition] : rows) {
    if (holds) return disposition;
  }
  return {Class::kUnknownOther, "3.11", "Not invited"};
}

constexpr std::array kBestFirst{
    Class::kComplete,   Class::kPartial,      Class::kRefusal,          Class::kOther,
    Class::kNonContact, Class::kUnknownOther, Class::kUnknownHousehold, Class::kNotEligible};

size_t rank_of(Class disposition) {
  return static_cast<size_t>(std::ranges::find(kBestFirst, disposition) - kBestFirst.begin());
}

}  // namespace

std::string_view letters_of(DispositionClass disposition) {
  constexpr std::array<std::string_view, 8> kLetters{"I", "P", "R", "NC", "O", "UH", "UO", "NE"};
  return kLetters.at(static_cast<size_t>(disposition));
}

FinalDisposition final_disposition(std::span<const ContactEvent> events,
                                   InterviewStatus interview) {
  if (interview == InterviewStatus::kComplete) return {Class::kComplete, "1.1", "Complete"};
  if (interview == InterviewStatus::kPartial) return {Class::kPartial, "1.2", "Partial"};
  std::vector<const ContactEvent*> ordered;
  for (const ContactEvent& event : events) ordered.push_back(&event);
  std::ranges::stable_sort(ordered, {}, [](const ContactEvent* event) { return event->at_ms; });
  CaseHistory history;
  for (const ContactEvent* event : ordered) take(event->kind, history);
  return without_interview(history, interview == InterviewStatus::kStarted);
}

void add_outcome(DispositionClass disposition, OutcomeCounts& counts) {
  const std::array<int64_t*, 8> fields{
      &counts.complete, &counts.partial,           &counts.refusal,       &counts.non_contact,
      &counts.other,    &counts.unknown_household, &counts.unknown_other, &counts.not_eligible};
  ++*fields.at(static_cast<size_t>(disposition));
}

OutcomeCounts count_people(std::span<const PersonOutcome> people) {
  OutcomeCounts out;
  for (const PersonOutcome& person : people) add_outcome(person.disposition.disposition, out);
  return out;
}

Result<OutcomeCounts> count_organisations(std::span<const PersonOutcome> people,
                                          std::span<const std::string> organisations) {
  std::map<std::string_view, size_t> best;  // place in kBestFirst; past its end: nobody yet
  for (const std::string& organisation : organisations) best[organisation] = kBestFirst.size();
  for (const PersonOutcome& person : people) {
    for (const std::string& organisation : person.organisations) {
      const auto found = best.find(organisation);
      if (found == best.end()) {
        return fail(
            ErrorCode::kInvalid,
            fmt::format("the organisation '{}' is not in the frame{}", printable(organisation),
                        organisations.empty()
                            ? ""
                            : "; " + suggestion(organisation,
                                                std::vector<std::string>(organisations.begin(),
                                                                         organisations.end()))));
      }
      found->second = std::min(found->second, rank_of(person.disposition.disposition));
    }
  }
  OutcomeCounts out;
  for (const auto& [organisation, rank] : best) {
    add_outcome(rank < kBestFirst.size() ? kBestFirst.at(rank) : Class::kUnknownOther, out);
  }
  return out;
}

}  // namespace barometer

#include "barometer/fieldwork/monitor.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/moment.h"
#include "barometer/base/text.h"
#include "barometer/fieldwork/token.h"

namespace barometer {
namespace {

constexpr int64_t kMostDays = 3660;  // a chart of more is a mistake in a clock

int64_t day_of(int64_t at_ms) { return at_ms >= 0 ? at_ms / kDayMs : (at_ms + 1) / kDayMs - 1; }

std::string day_text(int64_t day) {
  return iso_text(Date(std::chrono::sys_days(std::chrono::days(day))));
}

std::optional<Ratio> response_of(const OutcomeCounts& counts) {
  const int64_t eligible = counts.total() - counts.not_eligible;
  if (eligible == 0) return std::nullopt;
  return Ratio{counts.complete, eligible};
}

std::vector<ResponseRow> rows_of(const std::map<std::string, OutcomeCounts>& groups) {
  std::vector<ResponseRow> rows;
  for (const auto& [group, counts] : groups) {
    rows.push_back({.group = group, .people = counts, .response = response_of(counts)});
  }
  return rows;
}

const Organisation* first_organisation(const Frame& frame, const MonitoredPerson& person) {
  return person.organisations.empty() ? nullptr : frame.organisation(person.organisations.front());
}

// What happened on each day; a person counts on the first day of each thing.
class Days {
 public:
  void add(const MonitoredPerson& person) {
    std::optional<int64_t> invited;
    std::optional<int64_t> declined;
    for (const ContactEvent& event : person.events) {
      const int64_t day = day_of(event.at_ms);
      if (event.kind == ContactKind::kInvited) invited = std::min(invited.value_or(day), day);
      if (event.kind == ContactKind::kDeclined) declined = std::min(declined.value_or(day), day);
    }
    if (invited) ++days_[*invited].invited;
    if (declined) ++days_[*declined].declined;
    if (person.completed_ms) ++days_[day_of(*person.completed_ms)].completed;
  }
  void add_completed(const std::vector<int64_t>& at_ms) {
    for (const int64_t at : at_ms) ++days_[day_of(at)].completed;
  }

  [[nodiscard]] Result<std::vector<DayRow>> rows() && {
    std::vector<DayRow> rows;
    if (days_.empty()) return rows;
    const int64_t first = days_.begin()->first;
    const int64_t last = days_.rbegin()->first;
    if (last - first > kMostDays) {
      return fail(ErrorCode::kInvalid, fmt::format("events from {} to {} are of no one wave",
                                                   day_text(first), day_text(last)));
    }
    size_t so_far = 0;
    for (int64_t day = first; day <= last; ++day) {
      DayRow row = days_[day];
      row.day = day_text(day);
      row.completed_so_far = so_far += row.completed;
      rows.push_back(std::move(row));
    }
    return rows;
  }

 private:
  std::map<int64_t, DayRow> days_;
};

struct Groups {
  std::map<std::string, OutcomeCounts> by_role, by_region, by_organisation;
};

void add_to_groups(const Frame& frame, const MonitoredPerson& person, DispositionClass disposition,
                   Groups& groups) {
  add_outcome(disposition, groups.by_role[person.role]);
  const Organisation* first = first_organisation(frame, person);
  add_outcome(disposition, groups.by_region[first == nullptr ? "" : first->region]);
  const std::set<std::string> once(person.organisations.begin(), person.organisations.end());
  for (const std::string& id : once) add_outcome(disposition, groups.by_organisation[id]);
}

std::vector<QuotaRow> quota_rows(const Wave& wave, const Frame& frame,
                                 std::span<const MonitoredPerson> people) {
  std::vector<QuotaRow> rows;
  for (const QuotaTarget& quota : wave.fieldwork.quotas) {
    QuotaRow row{.quota = quota};
    for (const MonitoredPerson& person : people) {
      if (person.interview != InterviewStatus::kComplete) continue;
      const Organisation* first = first_organisation(frame, person);
      std::string value = person.role;
      if (quota.group == "region") value = first == nullptr ? "" : first->region;
      if (quota.group == "area_team") value = first == nullptr ? "" : first->area_team;
      row.complete += value == quota.value ? 1 : 0;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

// Who has begun was counted as complete. Who began and saved nothing, as the connection broke, has
// not answered.
OutcomeCounts with_answers(OutcomeCounts counts, const UnlinkedAnswers& answers) {
  const int64_t begun = counts.complete + counts.partial;
  const int64_t answered = answers.complete + answers.partial + answers.broken_off;
  counts.complete = answers.complete;
  counts.partial = answers.partial;
  counts.refusal += answers.broken_off;
  counts.non_contact += std::max<int64_t>(begun - answered, 0);
  return counts;
}

int64_t completed_ms(const ProjectedCase& one) {
  return one.submitted_ms > 0 ? one.submitted_ms : one.last_ms;
}

InterviewStatus status_of(const Projection& answers, const std::string& subject,
                          CompleteBy complete_by) {
  if (complete_by == CompleteBy::kThresholds) return answers.status(subject);
  switch (answers.progress(subject)) {
    case CaseProgress::kSent:
      return InterviewStatus::kComplete;
    case CaseProgress::kBegun:
      return InterviewStatus::kPartial;
    case CaseProgress::kNotBegun:
      break;
  }
  return InterviewStatus::kNew;
}

UnlinkedAnswers unlinked_answers(const Projection& answers, CompleteBy complete_by) {
  UnlinkedAnswers out;
  for (const auto& [subject, one] : answers.cases()) {
    switch (status_of(answers, subject, complete_by)) {
      case InterviewStatus::kNew:
        break;
      case InterviewStatus::kStarted:
        ++out.broken_off;
        break;
      case InterviewStatus::kPartial:
        ++out.partial;
        break;
      case InterviewStatus::kComplete:
        ++out.complete;
        out.completed_ms.push_back(completed_ms(one));
        break;
    }
  }
  return out;
}

void count_answering(const std::map<std::string, OutcomeCounts>& by_organisation,
                     FieldworkMonitor& out) {
  for (const auto& [organisation, counts] : by_organisation) {
    const int64_t answers = counts.complete + counts.partial;
    out.organisations_answering += answers > 0 ? 1U : 0U;
    out.organisations_answering_twice += answers > 1 ? 1U : 0U;
  }
}

}  // namespace

std::string_view name_of(FieldworkPhase phase) {
  switch (phase) {
    case FieldworkPhase::kNotOpen:
      return "not open";
    case FieldworkPhase::kOpen:
      return "open";
    case FieldworkPhase::kGrace:
      return "grace";
    case FieldworkPhase::kClosed:
      return "closed";
  }
  return "";
}

FieldworkPhase phase_at(const FieldworkSettings& settings, int64_t now_ms) {
  if (!settings.opens_ms || now_ms < *settings.opens_ms) return FieldworkPhase::kNotOpen;
  if (!settings.closes_ms || now_ms <= *settings.closes_ms) return FieldworkPhase::kOpen;
  const int64_t end = *settings.closes_ms + settings.grace_days * kDayMs;
  return now_ms <= end ? FieldworkPhase::kGrace : FieldworkPhase::kClosed;
}

bool may_answer(FieldworkPhase phase, InterviewStatus status) {
  if (phase == FieldworkPhase::kGrace) return status != InterviewStatus::kNew;
  return phase == FieldworkPhase::kOpen;
}

Result<FieldworkMonitor> monitor_wave(const Study& study, const Wave& wave,
                                      std::span<const MonitoredPerson> people, const Decimal& e,
                                      const std::optional<UnlinkedAnswers>& unlinked) {
  const Frame& frame = study.frame_of(wave);
  std::vector<std::string> organisations;
  Groups groups;
  for (const Organisation& organisation : frame.organisations()) {
    organisations.push_back(organisation.id);
    groups.by_organisation[organisation.id];
  }
  std::vector<PersonOutcome> outcomes;
  Days days;
  for (const MonitoredPerson& person : people) {
    const FinalDisposition disposition = final_disposition(person.events, person.interview);
    outcomes.push_back({.organisations = person.organisations, .disposition = disposition});
    add_to_groups(frame, person, disposition.disposition, groups);
    days.add(person);
  }
  if (unlinked) days.add_completed(unlinked->completed_ms);
  const OutcomeCounts by_organisation = TRY(count_organisations(outcomes, organisations));
  FieldworkMonitor out;
  OutcomeCounts by_person = count_people(outcomes);
  if (unlinked) by_person = with_answers(by_person, *unlinked);
  out.people = TRY(outcome_rates(by_person, e, "people"));
  out.organisations = TRY(outcome_rates(by_organisation, e, "organisations"));
  out.by_role = rows_of(groups.by_role);
  out.by_region = rows_of(groups.by_region);
  out.by_organisation = rows_of(groups.by_organisation);
  out.by_day = TRY(std::move(days).rows());
  out.quotas = quota_rows(wave, frame, people);
  out.approximate = wave.fieldwork.privacy == PrivacyMode::kUnlinked;
  count_answering(groups.by_organisation, out);
  return out;
}

Result<std::map<std::string, CaseProgress>> progress_of(const Wave& wave, const WaveSides& sides) {
  std::map<std::string, CaseProgress> out;
  if (wave.fieldwork.privacy == PrivacyMode::kUnlinked) {
    for (const std::string& person : TRY(people_begun(sides.identity, wave.id))) {
      out[person] = CaseProgress::kSent;
    }
    return out;
  }
  CHECK(sides.pseudonyms != nullptr, "a confidential wave has a key of pseudonyms");
  for (const FieldPerson& person : TRY(sides.people.all())) {
    const auto progress = sides.answers.progress(pseudonym(*sides.pseudonyms, wave.id, person.id));
    if (progress != CaseProgress::kNotBegun) out[person.id] = progress;
  }
  return out;
}

ProgressOf lookup_of(std::map<std::string, CaseProgress> progress) {
  auto known = std::make_shared<const std::map<std::string, CaseProgress>>(std::move(progress));
  return [known](const std::string& person) {
    const auto found = known->find(person);
    return found == known->end() ? CaseProgress::kNotBegun : found->second;
  };
}

Result<FieldworkMonitor> monitor_sides(const Study& study, const Wave& wave, const WaveSides& sides,
                                       CompleteBy complete_by) {
  const bool unlinked = wave.fieldwork.privacy == PrivacyMode::kUnlinked;
  CHECK(unlinked || sides.pseudonyms != nullptr, "a confidential wave has a key of pseudonyms");
  const auto begun =
      unlinked ? TRY(people_begun(sides.identity, wave.id)) : std::set<std::string>();
  std::map<std::string, MonitoredPerson> seen;
  for (FieldPerson& person : TRY(sides.people.all())) {
    MonitoredPerson& one = seen[person.id];
    one.person = person.id;
    one.organisations = std::move(person.organisations);
    one.role = std::move(person.role);
    if (begun.contains(person.id)) one.interview = InterviewStatus::kComplete;
    if (unlinked) continue;
    const std::string subject = pseudonym(*sides.pseudonyms, wave.id, person.id);
    one.interview = status_of(sides.answers, subject, complete_by);
    if (one.interview == InterviewStatus::kComplete) {
      one.completed_ms = completed_ms(*sides.answers.find(subject));
    }
  }
  for (const ContactEvent& event : TRY(sides.people.events())) {
    const auto found = seen.find(event.person);
    if (found != seen.end()) found->second.events.push_back(event);
  }
  std::vector<MonitoredPerson> all;
  all.reserve(seen.size());
  for (auto& [id, one] : seen) all.push_back(std::move(one));
  std::optional<UnlinkedAnswers> answers;
  if (unlinked) answers = unlinked_answers(sides.answers, complete_by);
  return monitor_wave(study, wave, all, Decimal{1, 0}, answers);
}

}  // namespace barometer

// The wave as it stands: who has answered, by role, region, organisation and day; quotas; whether
// it is open. Counts of people and organisations, never of answers.
//
// In an unlinked wave nobody knows which answers are whose. People then count as complete when they
// have begun; how many are complete, partial or broken off in all is counted from the answers.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/fieldwork/disposition.h"
#include "barometer/fieldwork/folder.h"
#include "barometer/fieldwork/people.h"
#include "barometer/fieldwork/projection.h"
#include "barometer/frame/outcome.h"
#include "barometer/study/study.h"

namespace barometer {

enum class FieldworkPhase {
  kNotOpen,
  kOpen,
  kGrace,  // closed to new cases; who has started may finish
  kClosed,
};
std::string_view name_of(FieldworkPhase phase);  // "not open", "open", "grace", "closed"
FieldworkPhase phase_at(const FieldworkSettings& settings, int64_t now_ms);
// Whether a page may be saved now.
bool may_answer(FieldworkPhase phase, InterviewStatus status);

// A person, as the store of people knows them, and what came of it.
struct MonitoredPerson {
  std::string person{};  // id
  std::vector<std::string> organisations{};
  std::string role{};
  std::vector<ContactEvent> events{};
  InterviewStatus interview = InterviewStatus::kNew;
  std::optional<int64_t> completed_ms{};
};

struct ResponseRow {
  std::string group{};  // a role, a region, an organisation's id, a day "2026-11-22"
  OutcomeCounts people{};
  // Complete over all but the not eligible; none when there is nobody.
  std::optional<Ratio> response{};
};

struct DayRow {
  std::string day{};  // UTC
  size_t invited = 0, completed = 0, declined = 0;
  size_t completed_so_far = 0;
};

struct QuotaRow {
  QuotaTarget quota{};
  long long complete = 0;
};

// What the answers of an unlinked wave say of all who have begun.
struct UnlinkedAnswers {
  int64_t complete = 0, partial = 0, broken_off = 0;
  std::vector<int64_t> completed_ms{};  // days
};

struct FieldworkMonitor {
  OutcomeRates people, organisations;
  std::vector<ResponseRow> by_role{}, by_region{}, by_organisation{};
  std::vector<DayRow> by_day{};  // from the first event to the last, none left out
  std::vector<QuotaRow> quotas{};
  // Organisations with an answer: distinct, and with more than one; "approximately" when unlinked.
  size_t organisations_answering = 0, organisations_answering_twice = 0;
  bool approximate = false;
};

// kInvalid: an organisation that is not in the wave's frame, e out of range.
Result<FieldworkMonitor> monitor_wave(const Study& study, const Wave& wave,
                                      std::span<const MonitoredPerson> people, const Decimal& e,
                                      const std::optional<UnlinkedAnswers>& unlinked = {});

// The two sides of a wave, side by side: `identity` is the database of `people`, `pseudonyms` joins
// them with the answers, and is none in an unlinked wave.
struct WaveSides {
  Database& identity;
  People& people;
  const Projection& answers;
  const SecretKey* pseudonyms = nullptr;
};
// How far each person is, by id; who is not there has not begun. In an unlinked wave whoever has
// begun is taken to have sent their answers: no more is known, and nobody is asked again.
Result<std::map<std::string, CaseProgress>> progress_of(const Wave& wave, const WaveSides& sides);
using ProgressOf = std::function<CaseProgress(const std::string& person)>;
// The same to look up in; copies of it share the map.
ProgressOf lookup_of(std::map<std::string, CaseProgress> progress);

// What counts as a complete and a partial interview.
enum class CompleteBy {
  kThresholds,  // the shares of wave.yaml: for the export
  kSending,     // sent and begun: what the team may see (CaseProgress)
};
// As monitor_wave, with everybody on the list taken to be eligible (e = 1).
Result<FieldworkMonitor> monitor_sides(const Study& study, const Wave& wave, const WaveSides& sides,
                                       CompleteBy complete_by);

}  // namespace barometer

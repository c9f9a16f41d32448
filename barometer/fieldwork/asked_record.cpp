#include "barometer/fieldwork/asked_record.h"

#include "barometer/questionnaire/asked.h"

namespace barometer {
namespace {

constexpr const char* kAskedSetting = "asked";
constexpr const char* kKept = "what was asked, kept with the answers";

}  // namespace

Status hold_asked(People& people, const Questionnaire& questionnaire) {
  const std::string held = TRY(people.set_once(kAskedSetting, asked_csv(questionnaire)));
  Diagnostics changes;
  compare_asked(held, kKept, questionnaire, {}, changes);
  return changes.status();
}

Result<bool> has_answers(Database& answers, const std::string& wave) {
  const auto any = TRY(answers.ask_whole(
      "SELECT 1 FROM journal WHERE wave = ? AND body IS NOT NULL AND kind <> ? LIMIT 1",
      {wave, std::string(kErasedKind)}));
  return any.has_value();
}

Result<Diagnostics> check_asked(People& people, const Questionnaire& questionnaire,
                                std::span<const std::string> corrected) {
  Diagnostics changes;
  const auto held = TRY(people.setting(kAskedSetting));
  if (!held) return changes;
  compare_asked(*held, kKept, questionnaire, corrected, changes);
  changes.sort();
  TRY_DONE(changes.status());
  return changes;
}

Status keep_asked(People& people, const Questionnaire& questionnaire) {
  return people.set(kAskedSetting, asked_csv(questionnaire));
}

}  // namespace barometer

#include "barometer/fieldwork/wave_end.h"

#include <algorithm>
#include <charconv>
#include <string>

#include "barometer/base/moment.h"
#include "barometer/fieldwork/token.h"
#include "barometer/journal/journal.h"

namespace barometer {
namespace {

constexpr int64_t kLinkDaysAfterEnd = 30;
constexpr const char* kForgottenSetting = "order_forgotten_of_end_ms";

}  // namespace

Result<std::optional<int64_t>> wave_end_ms(People& people, const FieldworkSettings& settings) {
  std::optional<int64_t> end = settings.closes_ms;
  if (end) *end += int64_t{settings.grace_days} * kDayMs;
  if (const auto closed = TRY(people.setting("closed_at_ms"))) {
    int64_t at = 0;
    std::from_chars(closed->data(), closed->data() + closed->size(), at);
    end = std::min(end.value_or(at), at);
  }
  return end;
}

int64_t links_end_ms(const FieldworkSettings& settings, int64_t now_ms) {
  const int64_t end = settings.closes_ms.value_or(now_ms + kStopLinkDays * kDayMs);
  return end + (settings.grace_days + kLinkDaysAfterEnd) * kDayMs;
}

Result<bool> forget_order_after_end(Database& identity, const DatabaseAddress& answers,
                                    const std::string& wave, const FieldworkSettings& settings,
                                    int64_t now_ms) {
  if (settings.privacy != PrivacyMode::kUnlinked) return false;
  People people(identity, wave);
  const auto end = TRY(wave_end_ms(people, settings));
  if (!end || now_ms < *end) return false;
  const std::string text = std::to_string(*end);
  if (TRY(people.setting(kForgottenSetting)) == text) return false;
  const DatabasePtr opened = TRY(open_database(answers));
  TRY_DONE(prepare_journal(*opened));
  TRY_DONE(forget_order(identity, *opened, wave));
  // Servers take up to some seconds to see an end: who began in them is covered by a later pass.
  if (now_ms >= *end + kMinuteMs) TRY_DONE(people.set(kForgottenSetting, text));
  return true;
}

}  // namespace barometer

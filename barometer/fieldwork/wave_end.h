// The end of a wave: when it is, until when links are good, and what is forgotten then.
#pragma once

#include <cstdint>
#include <optional>

#include "barometer/fieldwork/people.h"
#include "barometer/study/fieldwork_settings.h"

namespace barometer {

// Nothing is saved from then on: the last of the days of grace, or sooner, when the team closed it.
// None: no day is set.
Result<std::optional<int64_t>> wave_end_ms(People& people, const FieldworkSettings& settings);

// A link outlives its wave, so that it can say that the survey is closed. Where no day is set, it
// is good for three years from `now_ms`.
int64_t links_end_ms(const FieldworkSettings& settings, int64_t now_ms);
inline constexpr int64_t kStopLinkDays = int64_t{3} * 366;

// After the end of an unlinked wave: forget_order() (token.h), once for each end, as a wave that is
// opened again ends again. True: it was done now. An error leaves it to the next time.
Result<bool> forget_order_after_end(Database& identity, const DatabaseAddress& answers,
                                    const std::string& wave, const FieldworkSettings& settings,
                                    int64_t now_ms);

}  // namespace barometer

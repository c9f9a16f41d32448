// Moments are whole milliseconds since 1970, UTC.
#pragma once

#include <cstdint>

namespace barometer {

inline constexpr int64_t kMinuteMs = 60'000;
inline constexpr int64_t kDayMs = int64_t{24} * 60 * kMinuteMs;

}  // namespace barometer

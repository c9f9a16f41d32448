// The version of the software, recorded in everything it makes.
#pragma once

#include <string_view>

namespace barometer {

inline constexpr std::string_view kVersion = "0.1.0";

}  // namespace barometer

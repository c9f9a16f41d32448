// A program run as a child, with limits.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "barometer/base/result.h"

namespace barometer::drafts {

struct ChildLimits {
  unsigned cpu_seconds = 20;
  unsigned wall_seconds = 60;
  size_t memory_bytes = size_t{1} << 30;
  size_t output_bytes = size_t{64} << 20;
};

// What the program prints. kNotFound when there is no such program; kLimit when it was stopped or
// printed too much; kInvalid when it failed, with the beginning of what it said.
Result<std::string> output_of(const std::vector<std::string>& command, const ChildLimits& limits);

}  // namespace barometer::drafts

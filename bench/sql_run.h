// The engines that leave the cases in a database, asked for one table with standard errors.
#pragma once

#include <cstddef>
#include <string>

#include "barometer/base/result.h"

namespace barometer::bench {

struct SqlRun {
  std::string operation{};  // of the step
  std::string engine{};     // parse_sql_source's
  std::string data{};       // a file, or a table
  size_t n = 0;
  size_t threads = 1;
};
// Prints the step; opening the engine, which reads the design, is a step of its own (…_open).
Status measure_sql(const SqlRun& run);

}  // namespace barometer::bench

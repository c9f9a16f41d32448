// Seconds, memory and the one line of JSON that every step of a benchmark prints.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "barometer/base/result.h"

namespace barometer::bench {

// What an operation found, so that two programs can be compared: values and their standard errors
// (none where the operation has none), in an order that both know.
struct Found {
  std::vector<double> value{};
  std::vector<double> se{};
};

struct Measured {
  std::vector<double> seconds{};
  std::vector<double> cpu{};  // of all threads: what a busy machine does not stretch
  double peak_mb = 0;         // largest resident memory while it ran
  double before_mb = 0;       // resident memory before it ran: the data
  double network_kb = 0;      // a run, over the loopback device, where that was looked at
  Found found{};              // of the last run
};

struct Repeat {
  size_t least = 3;
  size_t most = 15;
  double budget_s = 2;     // no further run, past the least, once this is spent
  double too_long_s = 20;  // a run of this length is not repeated
};

double seconds_now();
double cpu_now();
double resident_mb();
// Of the process since reset_peak(), where the system allows the reset.
double peak_mb();
void reset_peak();

// `before` is not timed, and may be nothing.
Result<Measured> measure(const Repeat& repeat, const std::function<Result<Found>()>& run,
                         const std::function<Status()>& before = nullptr);

struct StepName {
  std::string source;  // "barometer", "DuckDB"
  std::string operation;
  size_t n = 0;
  size_t threads = 1;
  std::string note{};
};
// {"source":"barometer","operation":"table","n":1000000,"threads":1,"seconds":[…],…}
void print_step(const StepName& name, const Measured& measured);
void print_failure(const StepName& name, const std::string& reason);

}  // namespace barometer::bench

#include "bench/measure.h"

#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <sstream>

#include <fmt/ranges.h>

namespace barometer::bench {
namespace {

// A line "VmRSS:  1234 kB" of the process's own status.
double status_mb(const std::string& key) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with(key)) continue;
    std::istringstream rest(line.substr(key.size() + 1));
    double kilobytes = 0;
    rest >> kilobytes;
    return kilobytes * 1024 / 1e6;
  }
  return 0;
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}

std::string head(const StepName& name) {
  return fmt::format(R"({{"source":{},"operation":{},"n":{},"threads":{},"note":{})",
                     quoted(name.source), quoted(name.operation), name.n, name.threads,
                     quoted(name.note));
}

std::string list(const std::vector<double>& values) {
  return fmt::format("[{:.17g}]", fmt::join(values, ","));
}

}  // namespace

double seconds_now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

double cpu_now() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double resident_mb() { return status_mb("VmRSS:"); }
double peak_mb() { return status_mb("VmHWM:"); }
void reset_peak() { std::ofstream("/proc/self/clear_refs") << "5\n"; }

Result<Measured> measure(const Repeat& repeat, const std::function<Result<Found>()>& run,
                         const std::function<Status()>& before) {
  Measured measured;
  measured.before_mb = resident_mb();
  reset_peak();
  double spent = 0;
  for (size_t i = 0; i < repeat.most; ++i) {
    if (i >= repeat.least && spent > repeat.budget_s) break;
    if (before) TRY_DONE(before());
    const double start = seconds_now();
    const double cpu_start = cpu_now();
    measured.found = TRY(run());
    measured.seconds.push_back(seconds_now() - start);
    measured.cpu.push_back(cpu_now() - cpu_start);
    spent += measured.seconds.back();
    if (measured.seconds.back() > repeat.too_long_s) break;
  }
  measured.peak_mb = peak_mb();
  return measured;
}

void print_step(const StepName& name, const Measured& measured) {
  fmt::print(
      R"({},"seconds":{},"cpu":{},"peak_mb":{:.1f},"before_mb":{:.1f},"network_kb":{:.1f},"value":{},"se":{}}})"
      "\n",
      head(name), list(measured.seconds), list(measured.cpu), measured.peak_mb, measured.before_mb,
      measured.network_kb, list(measured.found.value), list(measured.found.se));
  std::fflush(stdout);
}

void print_failure(const StepName& name, const std::string& reason) {
  fmt::print("{},\"failed\":{}}}\n", head(name), quoted(reason));
  std::fflush(stdout);
}

}  // namespace barometer::bench

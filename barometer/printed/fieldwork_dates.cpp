#include "barometer/printed/fieldwork_dates.h"

#include <vector>

#include <fmt/format.h>

#include "barometer/printed/exact_internal.h"

namespace barometer {
namespace {

using std::chrono::sys_days;

int64_t days_of(const Date& from, const Date& to) {
  return (sys_days(to) - sys_days(from)).count() + 1;
}

bool plausible(const Date& from, const Date& to, const FieldworkLimits& limits) {
  if (!from.ok() || !to.ok()) return false;
  const int64_t days = days_of(from, to);
  return days >= 1 && days <= limits.longest_days &&
         (!limits.reported || sys_days(to) <= sys_days(*limits.reported));
}

Date in_year(const Date& date, std::chrono::year year) { return year / date.month() / date.day(); }

// The year of the other date, or the one next to it: windows run over New Year.
std::optional<Date> other_year(const Date& date, const Date& other, bool first,
                               const FieldworkLimits& limits) {
  for (const int step : {0, first ? -1 : 1}) {
    const Date tried = in_year(date, other.year() + std::chrono::years(step));
    if (first ? plausible(tried, other, limits) : plausible(other, tried, limits)) return tried;
  }
  return std::nullopt;
}

}  // namespace

Verdict fieldwork_verdict(const Date& from, const Date& to, const FieldworkLimits& limits) {
  CHECK(from.ok() && to.ok(), "fieldwork runs between dates that exist");
  const int64_t days = days_of(from, to);
  std::string line = fmt::format("{} to {} ", long_text(from), long_text(to));
  line += days >= 1 ? fmt::format("is {} {}", days, days == 1 ? "day" : "days")
                    : std::string("ends before it starts");
  if (limits.reported && sys_days(to) > sys_days(*limits.reported)) {
    line += fmt::format(", and was reported on {}", long_text(*limits.reported));
  }
  if (plausible(from, to, limits)) return {Possibility::kPossible, line, ""};
  std::vector<std::string> ways;
  if (const auto end = other_year(to, from, false, limits)) {
    ways.push_back(fmt::format("to {} ({} days)", long_text(*end), days_of(from, *end)));
  }
  if (const auto start = other_year(from, to, true, limits)) {
    ways.push_back(fmt::format("from {} ({} days)", long_text(*start), days_of(*start, to)));
  }
  if (plausible(to, from, limits)) {
    ways.push_back(fmt::format("{} to {}", long_text(to), long_text(from)));
  }
  return {Possibility::kImpossible, line, exact::list_text(ways, "or")};
}

}  // namespace barometer

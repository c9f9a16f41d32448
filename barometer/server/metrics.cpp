#include "barometer/server/metrics.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/base/text.h"
#include "barometer/server/request_target.h"

namespace barometer {
namespace {

struct Named {
  ServerCount what;
  std::string_view name;
  std::string_view help;
};

constexpr std::array<Named, static_cast<size_t>(ServerCount::kCount)> kNamed = {{
    {ServerCount::kPagesSaved, "pages_saved", "Pages that are durable in the journal"},
    {ServerCount::kPostsReplayed, "posts_replayed", "Posts that came twice"},
    {ServerCount::kPostsRefused, "posts_refused", "Posts answered with messages"},
    {ServerCount::kPostsUnsigned, "posts_unsigned", "Posts without a valid ticket"},
    {ServerCount::kConflicts, "append_conflicts", "Appends made again after another device"},
    {ServerCount::kStoreErrors, "store_errors", "Requests the store could not serve"},
    {ServerCount::kUnknownLinks, "unknown_links", "Links and codes that are none"},
    {ServerCount::kRateLimited, "rate_limited", "Requests over a rate"},
    {ServerCount::kSignIns, "sign_ins", "Sign-ins of the team"},
    {ServerCount::kSignInsFailed, "sign_ins_failed", "Sign-ins refused"},
    {ServerCount::kMailsSent, "mails_sent", "Mails that the mail server took"},
    {ServerCount::kMailsFailed, "mails_failed", "Mails refused for good, or nobody knows"},
    {ServerCount::kFaults, "faults", "Broken promises of ours"},
}};

std::string iso_moment(int64_t unix_ms) {
  using std::chrono::milliseconds;
  const auto since = std::chrono::sys_time<milliseconds>(milliseconds(unix_ms));
  const auto day = std::chrono::floor<std::chrono::days>(since);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(since - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count(),
                     time.subseconds().count());
}

}  // namespace

ServerMetrics::Route& ServerMetrics::route(std::string_view name) {
  const std::scoped_lock guard(lock_);
  std::unique_ptr<Route>& found = routes_[name];
  if (!found) found = std::make_unique<Route>();
  return *found;
}

void ServerMetrics::add(const HttpEvent& event) {
  Route& counted = route(event.route.empty() ? "refused" : event.route);
  counted.by_class[static_cast<size_t>(std::clamp(event.status / 100, 1, 5))].fetch_add(1);
  const auto* const bound = std::ranges::lower_bound(kBounds, event.microseconds);
  counted.by_time[static_cast<size_t>(bound - kBounds.begin())].fetch_add(1);
  counted.microseconds.fetch_add(event.microseconds);
  counted.bytes.fetch_add(static_cast<int64_t>(event.bytes));
}

std::string ServerMetrics::text(size_t open_connections, size_t cases_in_memory) const {
  std::string out;
  const auto to = std::back_inserter(out);
  for (const Named& named : kNamed) {
    fmt::format_to(to,
                   "# HELP barometer_{0}_total {1}\n# TYPE barometer_{0}_total counter\n"
                   "barometer_{0}_total {2}\n",
                   named.name, named.help, value(named.what));
  }
  fmt::format_to(to,
                 "# TYPE barometer_connections gauge\nbarometer_connections {}\n"
                 "# TYPE barometer_cases_in_memory gauge\nbarometer_cases_in_memory {}\n",
                 open_connections, cases_in_memory);
  const std::scoped_lock guard(lock_);
  const std::map<std::string_view, const Route*> sorted = [this] {
    std::map<std::string_view, const Route*> all;
    for (const auto& [name, counted] : routes_) all.emplace(name, counted.get());
    return all;
  }();
  out += "# TYPE barometer_requests_total counter\n";
  for (const auto& [name, counted] : sorted) {
    for (size_t i = 1; i < counted->by_class.size(); ++i) {
      const int64_t n = counted->by_class[i].load();
      if (n == 0) continue;
      fmt::format_to(to, "barometer_requests_total{{route=\"{}\",status=\"{}xx\"}} {}\n", name, i,
                     n);
    }
  }
  out += "# TYPE barometer_request_seconds histogram\n";
  for (const auto& [name, counted] : sorted) {
    int64_t below = 0;
    for (size_t i = 0; i < counted->by_time.size(); ++i) {
      below += counted->by_time[i].load();
      const std::string bound =
          i < kBounds.size() ? fmt::format("{:g}", static_cast<double>(kBounds[i]) / 1e6) : "+Inf";
      fmt::format_to(to, "barometer_request_seconds_bucket{{route=\"{}\",le=\"{}\"}} {}\n", name,
                     bound, below);
    }
    fmt::format_to(to,
                   "barometer_request_seconds_sum{{route=\"{0}\"}} {1:.6f}\n"
                   "barometer_request_seconds_count{{route=\"{0}\"}} {2}\n",
                   name, static_cast<double>(counted->microseconds.load()) / 1e6, below);
  }
  return out;
}

std::string log_line(const HttpEvent& event, int64_t unix_ms) {
  return fmt::format(
      R"({{"time":"{}","level":"info","method":"{}","route":"{}","status":{},"bytes":{},"ms":{:.3f},"network":"{}"}})",
      iso_moment(unix_ms), name_of(event.method), event.route.empty() ? "refused" : event.route,
      event.status, event.bytes, static_cast<double>(event.microseconds) / 1000,
      network_of(event.address));
}

std::string log_line(std::string_view level, std::string_view message, int64_t unix_ms) {
  const nlohmann::ordered_json line = {
      {"time", iso_moment(unix_ms)}, {"level", level}, {"message", printable(message, 500)}};
  return line.dump();
}

}  // namespace barometer

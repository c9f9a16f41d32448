// What the server counts, in the text format of Prometheus (exposition format 0.0.4).
//
// Threads: any; counting is one atomic addition.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

#include "barometer/server/http_server.h"

namespace barometer {

enum class ServerCount {
  kPagesSaved,     // entries of the journal that a post made durable
  kPostsReplayed,  // posts that came twice
  kPostsRefused,   // posts with messages
  kPostsUnsigned,  // posts without a valid ticket
  kConflicts,      // appends made again, as another device or server was first
  kStoreErrors,    // nothing was acknowledged
  kUnknownLinks,   // tokens and codes that are none
  kRateLimited,
  kSignIns,
  kSignInsFailed,
  kMailsSent,
  kMailsFailed,  // refused for good, or nobody knows
  kFaults,       // broken promises of ours
  kCount,
};

class ServerMetrics {
 public:
  void count(ServerCount what, size_t times = 1) {
    counts_[static_cast<size_t>(what)].fetch_add(static_cast<int64_t>(times));
  }
  [[nodiscard]] int64_t value(ServerCount what) const {
    return counts_[static_cast<size_t>(what)].load();
  }
  void add(const HttpEvent& event);
  [[nodiscard]] std::string text(size_t open_connections, size_t cases_in_memory) const;

 private:
  // Upper bounds of the time of a request, in microseconds; the last is without bound.
  static constexpr std::array<int64_t, 11> kBounds = {
      500, 1'000, 2'500, 5'000, 10'000, 25'000, 50'000, 100'000, 250'000, 1'000'000, 5'000'000};
  struct Route {
    std::array<std::atomic<int64_t>, 6> by_class{};  // 1xx ... 5xx at 1 ... 5
    std::array<std::atomic<int64_t>, kBounds.size() + 1> by_time{};
    std::atomic<int64_t> microseconds = 0;
    std::atomic<int64_t> bytes = 0;
  };
  Route& route(std::string_view name);

  std::array<std::atomic<int64_t>, static_cast<size_t>(ServerCount::kCount)> counts_{};
  mutable std::mutex lock_;  // of the map; routes are literals of ours, and few
  std::unordered_map<std::string_view, std::unique_ptr<Route>> routes_;
};

// One line of JSON about a request, for the log: no path, no token, no body, and of the address
// only its network.
std::string log_line(const HttpEvent& event, int64_t unix_ms);
// One about the server itself: {"time":…,"level":…,"message":…}.
std::string log_line(std::string_view level, std::string_view message, int64_t unix_ms);

}  // namespace barometer

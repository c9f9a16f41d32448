// A closed-loop load client on epoll: each connection asks, waits for the whole answer, and asks
// what it is given next. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace barometer::bench {

// The next request of a connection; empty: it is done.
using NextRequest = std::function<std::string(size_t connection)>;
// The answer to the last one: status and whole text, head and body.
using TakeAnswer = std::function<void(size_t connection, int status, const std::string& answer)>;

struct LoadResult {
  size_t answers = 0;
  size_t broken = 0;  // connections that ended without an answer
  double seconds = 0;
  double p50_ms = 0, p99_ms = 0, longest_ms = 0;
  double first_p50_ms = 0, first_longest_ms = 0;  // of the first request of each connection

  [[nodiscard]] double per_second() const {
    return seconds > 0 ? static_cast<double>(answers) / seconds : 0;
  }
};

LoadResult run_load(uint16_t port, size_t connections, bool tls, const NextRequest& next,
                    const TakeAnswer& take);

}  // namespace barometer::bench

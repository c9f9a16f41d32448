// How often one client may ask: a leaky bucket for each token or address, in memory of fixed size.
//
// Generic cell rate algorithm (ITU-T I.371): the bucket is the moment at which it will be empty;
// a request is refused while that moment lies more than `burst` requests ahead. Clients are hashed
// into slots under a key of ours, so nobody can choose whose slot to share; two who share one by
// chance share its rate.
//
// Threads: any.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <string_view>
#include <vector>

namespace barometer {

struct RequestRate {
  double per_second = 10;
  double burst = 60;
};

class RateLimit {
 public:
  RateLimit(const RequestRate& rate, const std::array<unsigned char, 16>& hash_key,
            size_t slots = 32768);
  // True: go on, and it is counted. A rate of 0 or less limits nothing.
  bool take(std::string_view client, int64_t now_us);
  // Whether take() would be true; counts nothing.
  [[nodiscard]] bool has_room(std::string_view client, int64_t now_us) const;

 private:
  [[nodiscard]] size_t slot_of(std::string_view client) const;

  int64_t interval_us_;
  int64_t window_us_;
  std::array<unsigned char, 16> hash_key_;
  std::vector<std::atomic<int64_t>> empty_at_us_;
};

}  // namespace barometer

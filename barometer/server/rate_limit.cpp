#include "barometer/server/rate_limit.h"

#include <algorithm>

#include <sodium.h>

#include "barometer/base/result.h"

namespace barometer {

RateLimit::RateLimit(const RequestRate& rate, const std::array<unsigned char, 16>& hash_key,
                     size_t slots)
    : interval_us_(rate.per_second > 0 ? static_cast<int64_t>(1e6 / rate.per_second) : 0),
      window_us_(
          static_cast<int64_t>(std::max(0.0, rate.burst - 1) * static_cast<double>(interval_us_))),
      hash_key_(hash_key),
      empty_at_us_(slots) {
  CHECK(slots > 0, "a table has slots");
}

size_t RateLimit::slot_of(std::string_view client) const {
  static_assert(crypto_shorthash_KEYBYTES == 16 && crypto_shorthash_BYTES == sizeof(uint64_t));
  uint64_t hash = 0;
  crypto_shorthash(reinterpret_cast<unsigned char*>(&hash),
                   reinterpret_cast<const unsigned char*>(client.data()), client.size(),
                   hash_key_.data());
  return hash % empty_at_us_.size();
}

bool RateLimit::has_room(std::string_view client, int64_t now_us) const {
  return interval_us_ == 0 || empty_at_us_[slot_of(client)] - now_us <= window_us_;
}

bool RateLimit::take(std::string_view client, int64_t now_us) {
  if (interval_us_ == 0) return true;
  std::atomic<int64_t>& slot = empty_at_us_[slot_of(client)];
  int64_t seen = slot.load();
  while (seen - now_us <= window_us_) {
    if (slot.compare_exchange_weak(seen, std::max(seen, now_us) + interval_us_)) return true;
  }
  return false;
}

}  // namespace barometer

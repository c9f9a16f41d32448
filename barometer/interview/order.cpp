// Random orders that depend on the case's seed and the item alone, so that a page looks the same
// each time and on each machine.
#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "barometer/base/hash.h"
#include "barometer/interview/plan_internal.h"

namespace barometer {
namespace {

// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
class Draws {
 public:
  // FNV-1a of the name, so that each item has an order of its own.
  Draws(uint64_t seed, std::string_view name) : state_(0xCBF29CE484222325U) {
    for (const char c : name) {
      state_ = (state_ ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    }
    state_ ^= seed;
  }

  uint64_t next() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }

  // Each of 0 … count - 1 with the same chance: what would favour the low ones is drawn again.
  size_t below(size_t count) {
    const uint64_t spare = (0 - uint64_t{count}) % count;  // 2^64 mod count
    uint64_t draw = next();
    while (draw < spare) draw = next();
    return static_cast<size_t>(draw % count);
  }

 private:
  uint64_t state_;
};

template <class T>
void shuffle(std::vector<T>& values, Draws& draws) {
  for (size_t i = values.size(); i > 1; --i) std::swap(values[i - 1], values[draws.below(i)]);
}

bool holds(const std::vector<int>& codes, int code) {
  return std::ranges::find(codes, code) != codes.end();
}

bool keeps_place(const Item& item, const Category& option) {
  const Asking& asking = item.asking;
  return option.dont_know || holds(item.off_scale, option.code) ||
         holds(asking.exclusive, option.code) || holds(asking.fixed, option.code) ||
         asking.specify.contains(option.code);
}

}  // namespace

std::vector<int> Interview::option_order(size_t item, uint64_t seed) const {
  CHECK(item < plan_->questionnaire.items.size(), "an item of the questionnaire");
  const Item& asked = plan_->item(item);
  std::vector<int> order;
  std::vector<size_t> places;  // of the options that move
  std::vector<int> moving;
  for (const Category& option : asked.options) {
    if (!keeps_place(asked, option)) {
      places.push_back(order.size());
      moving.push_back(option.code);
    }
    order.push_back(option.code);
  }
  if (asked.asking.order == OptionsOrder::kAsWritten) return order;
  // The statements of a battery share their options, so they share the order.
  Draws draws(seed, "options|" + (asked.battery.empty() ? asked.id : asked.battery));
  if (asked.asking.order == OptionsOrder::kRandom) {
    shuffle(moving, draws);
  } else if (draws.below(2) == 1) {
    std::ranges::reverse(moving);
  }
  for (size_t i = 0; i < places.size(); ++i) order[places[i]] = moving[i];
  return order;
}

std::vector<size_t> Interview::statement_order(size_t page, uint64_t seed) const {
  CHECK(page < plan_->pages.size(), "a page of the interview");
  const InterviewPage& shown = plan_->pages[page];
  std::vector<size_t> order = shown.items;
  const Battery* battery = plan_->battery(shown.battery);
  if (battery == nullptr || !battery->randomise_items) return order;
  Draws draws(seed, "statements|" + shown.id);
  shuffle(order, draws);
  return order;
}

uint64_t seed_of(std::string_view subject) {
  const std::string hash = sha256_hex("order|" + std::string(subject));
  uint64_t seed = 0;
  std::from_chars(hash.data(), hash.data() + 16, seed, 16);
  return seed;
}

}  // namespace barometer

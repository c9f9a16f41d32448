#include <algorithm>

#include "barometer/engine/cell_plan_internal.h"
#include "barometer/engine/kernels.h"

namespace barometer {
namespace {

// Up to so many times the cases a table of all combinations is smaller than a sort of them.
constexpr uint64_t kTableShare = 4;
constexpr uint64_t kNoCode = ~uint64_t{0};

// Codes below `bound` become their rank among those that occur; kNoCode stays.
uint64_t make_dense_by_table(std::vector<uint64_t>& codes, uint64_t bound) {
  std::vector<uint32_t> rank(bound, 0);
  for (const uint64_t code : codes) {
    if (code != kNoCode) rank[code] = 1;
  }
  uint32_t next = 0;
  for (uint32_t& entry : rank) {
    const uint32_t seen = entry;
    entry = next;
    next += seen;
  }
  for (uint64_t& code : codes) {
    if (code != kNoCode) code = rank[code];
  }
  return next;
}

uint64_t make_dense_by_sort(std::vector<uint64_t>& codes) {
  std::vector<uint64_t> found = codes;
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  if (!found.empty() && found.back() == kNoCode) found.pop_back();
  for (uint64_t& code : codes) {
    if (code == kNoCode) continue;
    code =
        static_cast<uint64_t>(std::lower_bound(found.begin(), found.end(), code) - found.begin());
  }
  return found.size();
}

uint64_t make_dense(std::vector<uint64_t>& codes, uint64_t bound) {
  if (bound <= kTableShare * codes.size() + 1024) return make_dense_by_table(codes, bound);
  return make_dense_by_sort(codes);
}

void append_key(std::vector<uint64_t>& codes, const KeyColumn& key) {
  std::visit(
      [&](auto span) {
        for (size_t i = 0; i < codes.size(); ++i) {
          if (codes[i] == kNoCode) continue;
          const size_t index = key.index.empty() ? span[i] : key.index[span[i]];
          codes[i] = codes[i] * key.count + index;
        }
      },
      key.codes);
}

}  // namespace

size_t CellPlan::combinations(size_t limit) const {
  size_t product = 1;
  for (const auto& key : keys) {
    if (key->count > limit / std::max<size_t>(1, product)) return limit + 1;
    product *= key->count;
  }
  return product;
}

std::vector<size_t> CellPlan::strides() const {
  std::vector<size_t> strides(keys.size(), 1);
  for (size_t k = keys.size(); k-- > 1;) strides[k - 1] = strides[k] * keys[k]->count;
  return strides;
}

void CellPlan::offsets(size_t first, size_t combinations, std::span<uint16_t> offsets) const {
  std::fill(offsets.begin(), offsets.end(), uint16_t{0});
  const std::vector<size_t> strides = this->strides();
  for (size_t k = 0; k < keys.size(); ++k) {
    const KeyColumn& key = *keys[k];
    if (const auto* narrow = std::get_if<std::span<const uint8_t>>(&key.codes)) {
      add_offsets(narrow->subspan(first, offsets.size()), key.index, kQuad * strides[k], offsets);
    } else {
      // Keys of more values have more combinations than the kernels can tell apart.
      const auto wide = std::get<std::span<const uint16_t>>(key.codes);
      add_offsets(wide.subspan(first, offsets.size()), key.index, kQuad * strides[k], offsets);
    }
  }
  if (masked) {
    const auto mask = std::span(*inside).subspan(first, offsets.size());
    send_elsewhere(mask, static_cast<uint16_t>(kQuad * combinations), offsets);
  }
}

CellIds cell_ids(const CellPlan& plan) {
  std::vector<uint64_t> codes(plan.places, 0);
  if (plan.masked) {
    for (size_t i = 0; i < codes.size(); ++i) codes[i] = (*plan.inside)[i] != 0 ? 0 : kNoCode;
  }
  uint64_t bound = 1;
  for (const auto& key : plan.keys) {
    const uint64_t count = std::max<uint64_t>(1, key->count);
    if (bound > (kNoCode >> 1U) / count) bound = make_dense(codes, bound);
    append_key(codes, *key);
    bound *= count;
  }
  CellIds ids;
  ids.count = make_dense(codes, bound);
  ids.at.resize(codes.size());
  ids.example.assign(ids.count, kOutOfMask);
  for (size_t i = codes.size(); i-- > 0;) {
    if (codes[i] == kNoCode) {
      ids.at[i] = kOutOfMask;
      continue;
    }
    ids.at[i] = static_cast<uint32_t>(codes[i]);
    ids.example[codes[i]] = static_cast<uint32_t>(i);
  }
  return ids;
}

}  // namespace barometer

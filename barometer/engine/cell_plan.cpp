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

TileCells::TileCells(std::span<const CellPlan* const> plans, size_t tile_cases, size_t step) {
  for (const CellPlan* plan : plans) {
    Recipe& recipe = recipes_.emplace_back();
    const std::vector<size_t> strides = plan->strides();
    for (size_t k = 0; k < plan->keys.size(); ++k) {
      recipe.steps.push_back({key_at(plan->keys[k].get(), tile_cases), step * strides[k]});
    }
    if (!plan->masked) continue;
    recipe.mask = *plan->inside;
    recipe.elsewhere = static_cast<uint16_t>(step * plan->combinations(0xFFFF / step - 1));
  }
}

size_t TileCells::key_at(const KeyColumn* key, size_t tile_cases) {
  for (size_t k = 0; k < keys_.size(); ++k) {
    if (keys_[k].key == key) return k;
  }
  Key& added = keys_.emplace_back();
  added.key = key;
  if (!key->index.empty()) {
    if (key->by_nibbles) {
      added.narrow.resize(tile_cases);
    } else {
      added.wide.resize(tile_cases);
    }
  }
  return keys_.size() - 1;
}

void TileCells::load(size_t first, size_t count) {
  first_ = first;
  for (Key& key : keys_) load(key, first, count);
}

void TileCells::load(Key& key, size_t first, size_t count) {
  std::visit(
      [&](auto all) {
        const auto codes = all.subspan(first, count);
        using T = typename decltype(codes)::value_type;
        if (key.key->index.empty()) {
          if constexpr (sizeof(T) == 1) key.narrow_indices = codes;
          if constexpr (sizeof(T) == 2) key.wide_indices = codes;
          CHECK(sizeof(T) <= 2, "a key of few values");
          return;
        }
        if constexpr (sizeof(T) == 1) {
          if (key.key->by_nibbles) {
            const std::span<const uint16_t> index(key.key->index);
            look_up(codes, index.first<256>(), std::span(key.narrow).first(count));
            key.narrow_indices = std::span(key.narrow).first(count);
            return;
          }
        }
        const uint16_t* index = key.key->index.data();
        for (size_t i = 0; i < count; ++i) key.wide[i] = index[codes[i]];
        key.wide_indices = std::span(key.wide).first(count);
      },
      key.key->codes);
}

void TileCells::find(size_t plan, std::span<uint16_t> offsets) const {
  const Recipe& recipe = recipes_[plan];
  bool begun = false;
  for (const Step& step : recipe.steps) {
    const Key& key = keys_[step.key];
    if (!begun && !key.narrow_indices.empty()) {
      set_offsets(key.narrow_indices, step.stride, offsets);
    } else {
      if (!begun) std::fill(offsets.begin(), offsets.end(), uint16_t{0});
      if (!key.narrow_indices.empty()) {
        add_offsets(key.narrow_indices, step.stride, offsets);
      } else {
        add_offsets(key.wide_indices, step.stride, offsets);
      }
    }
    begun = true;
  }
  if (!begun) std::fill(offsets.begin(), offsets.end(), uint16_t{0});
  if (recipe.mask.empty()) return;
  send_elsewhere(recipe.mask.subspan(first_, offsets.size()), recipe.elsewhere, offsets);
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
  ids.example.assign(ids.count, kInNoCell);
  for (size_t i = codes.size(); i-- > 0;) {
    if (codes[i] == kNoCode) {
      ids.at[i] = kInNoCell;
      continue;
    }
    ids.at[i] = static_cast<uint32_t>(codes[i]);
    ids.example[codes[i]] = static_cast<uint32_t>(i);
  }
  return ids;
}

}  // namespace barometer

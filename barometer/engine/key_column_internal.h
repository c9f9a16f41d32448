// A column as a key: its distinct values in order, and the index of each case's value.
#pragma once

#include <cstdint>
#include <span>
#include <variant>
#include <vector>

#include "barometer/data/dataset.h"

namespace barometer {

using CodeSpan =
    std::variant<std::span<const uint8_t>, std::span<const uint16_t>, std::span<const uint32_t>>;

struct KeyColumn {
  size_t count = 0;             // of distinct values
  Column values;                // each of them: values, then kinds of missing, ascending
  CodeSpan codes;               // at each place of the design order
  std::vector<uint16_t> index;  // of the value of each code; empty: the code is the index
  bool by_nibbles = false;      // codes are bytes below 16 or from 240 on
  std::variant<std::vector<uint8_t>, std::vector<uint16_t>, std::vector<uint32_t>> own;

  [[nodiscard]] size_t index_at(size_t place) const;
};

// `order` is empty when the cases stand in design order: codes are then those of `column`, which
// must outlive the key.
KeyColumn key_column(const Column& column, std::span<const uint32_t> order);
// The kinds of missing of a column of numbers, `values` being of no use.
KeyColumn missing_kinds(const std::vector<Missing>& missing, std::span<const uint32_t> order);
// 0 where a byte is not 0, else 1; `inside` outlives the key.
KeyColumn outside_key(std::span<const uint8_t> inside);

}  // namespace barometer

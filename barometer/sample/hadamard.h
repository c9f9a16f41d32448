// Hadamard matrices: square, of 1 and -1, with orthogonal rows.
//
// Made by doubling (Sylvester), from the squares of a prime field (Paley 1933: order q + 1 when
// q = 3 mod 4, 2(q + 1) when q = 1 mod 4), and as Kronecker products of these. Every multiple of 4
// up to 48 is reached; beyond, a few are not (52, 92, 100, …), and the next one is taken.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "barometer/base/result.h"

namespace barometer {

struct Hadamard {
  size_t order = 0;
  std::vector<int8_t> entries;  // by row; row 0 is all 1, so the other rows sum to 0

  [[nodiscard]] int at(size_t row, size_t column) const { return entries[row * order + column]; }
};

// The smallest order of at least `size` that can be made here.
size_t hadamard_order(size_t size);
// Of that order. kLimit: it is over 8192 (64 MiB).
Result<Hadamard> hadamard(size_t size);

}  // namespace barometer

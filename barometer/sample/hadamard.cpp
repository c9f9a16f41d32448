#include "barometer/sample/hadamard.h"

#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace barometer {
namespace {

bool is_prime(size_t n) {
  if (n < 2) return false;
  for (size_t d = 2; d * d <= n; ++d) {
    if (n % d == 0) return false;
  }
  return true;
}

// How an order is made.
enum class Construction { kOne, kTwo, kPaleyOne, kPaleyTwo, kProduct };
struct Recipe {
  Construction construction;
  size_t factor = 0;  // of a product: one of its two orders
};

std::optional<Recipe> recipe(size_t order) {
  if (order == 1) return Recipe{Construction::kOne};
  if (order == 2) return Recipe{Construction::kTwo};
  if (order % 4 != 0) return std::nullopt;
  if (is_prime(order - 1)) return Recipe{Construction::kPaleyOne};
  const size_t half = order / 2;
  if ((half - 1) % 4 == 1 && is_prime(half - 1)) return Recipe{Construction::kPaleyTwo};
  for (size_t factor = 2; factor * factor <= order; ++factor) {
    if (order % factor == 0 && recipe(factor) && recipe(order / factor)) {
      return Recipe{Construction::kProduct, factor};
    }
  }
  return std::nullopt;
}

// 0, 1 or -1: whether a is 0, a square or no square modulo the prime q.
std::vector<int> quadratic_characters(size_t q) {
  std::vector<int> character(q, -1);
  character[0] = 0;
  for (size_t a = 1; a < q; ++a) character[a * a % q] = 1;
  return character;
}

// The (q+1) × (q+1) conference matrix: 0 on the diagonal, rows orthogonal; skew when q = 3 mod 4,
// symmetric when q = 1 mod 4.
std::vector<int> conference(size_t q) {
  const size_t order = q + 1;
  const std::vector<int> character = quadratic_characters(q);
  std::vector<int> c(order * order, 0);
  for (size_t i = 0; i < q; ++i) {
    c[i + 1] = 1;
    c[(i + 1) * order] = q % 4 == 3 ? -1 : 1;
    for (size_t j = 0; j < q; ++j) c[(i + 1) * order + j + 1] = character[(q + i - j) % q];
  }
  return c;
}

Hadamard paley_one(size_t order) {
  const std::vector<int> c = conference(order - 1);
  Hadamard h{order, std::vector<int8_t>(order * order)};
  for (size_t i = 0; i < order * order; ++i) {
    h.entries[i] = static_cast<int8_t>(i % (order + 1) == 0 ? 1 : c[i]);
  }
  return h;
}

// C ⊗ [1 1; 1 -1] + I ⊗ [1 -1; -1 -1].
Hadamard paley_two(size_t order) {
  constexpr int kOff[2][2] = {{1, 1}, {1, -1}};
  constexpr int kDiagonal[2][2] = {{1, -1}, {-1, -1}};
  const size_t half = order / 2;
  const std::vector<int> c = conference(half - 1);
  Hadamard h{order, std::vector<int8_t>(order * order)};
  for (size_t i = 0; i < order; ++i) {
    for (size_t j = 0; j < order; ++j) {
      const int outer = c[(i / 2) * half + j / 2];
      const int value = outer == 0 ? kDiagonal[i % 2][j % 2] : outer * kOff[i % 2][j % 2];
      h.entries[i * order + j] = static_cast<int8_t>(value);
    }
  }
  return h;
}

Hadamard product(const Hadamard& a, const Hadamard& b) {
  const size_t order = a.order * b.order;
  Hadamard h{order, std::vector<int8_t>(order * order)};
  for (size_t i = 0; i < order; ++i) {
    for (size_t j = 0; j < order; ++j) {
      const int value = a.at(i / b.order, j / b.order) * b.at(i % b.order, j % b.order);
      h.entries[i * order + j] = static_cast<int8_t>(value);
    }
  }
  return h;
}

// Columns change sign until row 0 is all 1.
Hadamard normalised(Hadamard h) {
  for (size_t j = 0; j < h.order; ++j) {
    if (h.at(0, j) == 1) continue;
    for (size_t i = 0; i < h.order; ++i) {
      int8_t& entry = h.entries[i * h.order + j];
      entry = static_cast<int8_t>(-entry);
    }
  }
  return h;
}

Hadamard made(size_t order) {
  const Recipe how = *recipe(order);
  switch (how.construction) {
    case Construction::kOne:
      return {1, {1}};
    case Construction::kTwo:
      return {2, {1, 1, 1, -1}};
    case Construction::kPaleyOne:
      return paley_one(order);
    case Construction::kPaleyTwo:
      return paley_two(order);
    case Construction::kProduct:
      return product(made(how.factor), made(order / how.factor));
  }
  return {};
}

}  // namespace

size_t hadamard_order(size_t size) {
  size_t order = std::max<size_t>(1, size);
  while (!recipe(order)) ++order;
  return order;
}

Result<Hadamard> hadamard(size_t size) {
  constexpr size_t kLargest = 8192;
  if (size > kLargest) {
    return fail(ErrorCode::kLimit,
                fmt::format("{} balanced replicates are more than {}", size, kLargest));
  }
  return normalised(made(hadamard_order(size)));
}

}  // namespace barometer

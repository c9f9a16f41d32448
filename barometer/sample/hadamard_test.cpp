#include "barometer/sample/hadamard.h"

#include <gtest/gtest.h>

namespace barometer {
namespace {

int dot(const Hadamard& h, size_t a, size_t b) {
  int sum = 0;
  for (size_t j = 0; j < h.order; ++j) sum += h.at(a, j) * h.at(b, j);
  return sum;
}

TEST(Hadamard, RowsAreOrthogonalAndTheFirstIsAllOnesAtEveryOrder) {
  size_t orders = 0;
  for (size_t order = 1; order <= 200; order = hadamard_order(order + 1)) {
    SCOPED_TRACE(order);
    ++orders;
    const Hadamard h = hadamard(order).value();
    ASSERT_EQ(h.order, order);
    for (const int8_t entry : h.entries) ASSERT_EQ(entry * entry, 1);
    for (size_t j = 0; j < order; ++j) ASSERT_EQ(h.at(0, j), 1);
    for (size_t a = 0; a < order; ++a) {
      for (size_t b = 0; b <= a; ++b) ASSERT_EQ(dot(h, a, b), a == b ? static_cast<int>(order) : 0);
    }
  }
  // 1, 2 and the multiples of 4 up to 200 but 52, 92, 100, 116, 156, 172, 184 and 188.
  EXPECT_EQ(orders, 2U + 50U - 8U);
}

TEST(Hadamard, OrderIsTheNextThatCanBeMade) {
  const size_t asked_and_given[][2] = {
      {0, 1},   {1, 1},   {2, 2},   {3, 4},   {5, 8},   {9, 12},   {13, 16},   {25, 28},
      {29, 32}, {33, 36}, {49, 56}, {80, 80}, {89, 96}, {97, 104}, {160, 160}, {99, 104}};
  for (const auto& [asked, given] : asked_and_given) EXPECT_EQ(hadamard_order(asked), given);
}

TEST(Hadamard, OrdersThatFillTheMemoryAreRefused) {
  EXPECT_EQ(hadamard(6).value().order, 8U);
  EXPECT_EQ(hadamard(8193).error().code, ErrorCode::kLimit);
  EXPECT_EQ(hadamard(SIZE_MAX).error().code, ErrorCode::kLimit);
}

}  // namespace
}  // namespace barometer

#include "barometer/base/result.h"

#include <memory>

#include <gtest/gtest.h>

namespace barometer {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return fail(ErrorCode::kInvalid, std::to_string(n) + " is odd");
  return n / 2;
}

Result<int> quarter(int n) { return TRY(half(TRY(half(n)))); }

Result<std::unique_ptr<int>> boxed(int n) { return std::make_unique<int>(TRY(half(n))); }

TEST(Result, TryPassesTheValueOn) { EXPECT_EQ(*quarter(12), 3); }

TEST(Result, TryReturnsTheFirstError) { EXPECT_EQ(quarter(6).error().message, "3 is odd"); }

TEST(Result, TryMovesOutMoveOnlyValues) { EXPECT_EQ(**boxed(4), 2); }

TEST(Error, InPutsTheContextFirst) {
  EXPECT_EQ(Error({ErrorCode::kIo, "disk full"}).in("writing 'a'").message,
            "writing 'a': disk full");
}

}  // namespace
}  // namespace barometer

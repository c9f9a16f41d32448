#include <string>

#include <gtest/gtest.h>

#include "barometer/document/child_internal.h"

namespace barometer::drafts {
namespace {

TEST(Child, PrintsWhatItPrints) {
  EXPECT_EQ(*output_of({"printf", "%s", "a b"}, {}), "a b");
  EXPECT_EQ(*output_of({"true"}, {}), "");
}

TEST(Child, ThatIsNotThereIsNotFound) {
  const auto none = output_of({"no-such-program-at-all"}, {});
  ASSERT_FALSE(none.has_value());
  EXPECT_EQ(none.error().code, ErrorCode::kNotFound);
}

TEST(Child, ThatFailsSaysWhy) {
  const auto failed = output_of({"sh", "-c", "echo broken >&2; exit 3"}, {});
  ASSERT_FALSE(failed.has_value());
  EXPECT_EQ(failed.error().message, "sh failed: broken");
}

TEST(Child, KeepsToItsLimits) {
  const auto much = output_of({"yes"}, {.output_bytes = 100'000});
  ASSERT_FALSE(much.has_value());
  EXPECT_EQ(much.error().code, ErrorCode::kLimit);
  const auto slow = output_of({"sleep", "60"}, {.wall_seconds = 1});
  ASSERT_FALSE(slow.has_value());
  EXPECT_EQ(slow.error().code, ErrorCode::kLimit);
  const auto large =
      output_of({"sh", "-c", "x=$(head -c 300000000 /dev/zero | tr '\\0' a); echo ${#x}"},
                {.memory_bytes = size_t{64} << 20});
  EXPECT_FALSE(large.has_value() && *large == "300000000\n");
}

}  // namespace
}  // namespace barometer::drafts

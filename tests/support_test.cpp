// The comparisons other tests rely on must be able to fail.
#include <limits>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/golden.h"
#include "tests/support/near.h"
#include "tests/support/temp_folder.h"

namespace barometer::testing {
namespace {

using ::testing::HasSubstr;

std::string text_of(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

TEST(NearRel, IsRelativeToTheLargerNumber) {
  EXPECT_TRUE(near_rel(1e10, 1e10 + 1, 1e-9, "a count"));
  EXPECT_FALSE(near_rel(1e-10, 2e-10, 1e-9, "both are small, and yet they differ"));
  EXPECT_TRUE(near_rel(0, 0, 0, "equal"));
  EXPECT_FALSE(near_rel(0, 1e-300, 1e-9, "nothing is relatively near zero"));
  EXPECT_FALSE(near_rel(1, -1, 0.5, "signs"));
}

TEST(NearRel, NanIsNearNothingAndInfinityOnlyItself) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(near_rel(nan, nan, 1, "nan"));
  EXPECT_FALSE(near_rel(nan, 1, 1, "nan"));
  EXPECT_TRUE(near_rel(infinity, infinity, 0, "equal"));
  EXPECT_FALSE(near_rel(infinity, 1, 1, "infinity"));
}

TEST(NearRel, SaysWhy) {
  EXPECT_THAT(near_rel(1, 2, 1e-9, "other order").message(), HasSubstr("(other order)"));
}

TEST(Golden, ShowsTheFirstDifference) {
  TempFolder folder;
  const auto file = folder.write("g.txt", "one\ntwo\nthree\n");
  EXPECT_TRUE(matches_golden(file, "one\ntwo\nthree\n", false));
  const auto differs = matches_golden(file, "one\nTWO\nthree\n", false);
  EXPECT_FALSE(differs);
  EXPECT_THAT(differs.message(), HasSubstr("line 2\n  expected: two\n  actual:   TWO"));
  EXPECT_FALSE(matches_golden(file, "one\ntwo\nthree", false));
  EXPECT_FALSE(matches_golden(file, "one\ntwo\n", false));
  EXPECT_FALSE(matches_golden(file, "", false));
  EXPECT_EQ(text_of(file), "one\ntwo\nthree\n");
}

TEST(Golden, MissingFilesFailUnlessBlessed) {
  TempFolder folder;
  EXPECT_FALSE(matches_golden(folder / "new/g.txt", "x", false));
  EXPECT_TRUE(matches_golden(folder / "new/g.txt", "x", true));
  EXPECT_EQ(text_of(folder / "new/g.txt"), "x");
}

TEST(TempFolder, IsGoneAfterwards) {
  std::filesystem::path path;
  {
    TempFolder folder;
    path = folder.write("a/b", "x");
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path.parent_path().parent_path()));
}

}  // namespace
}  // namespace barometer::testing

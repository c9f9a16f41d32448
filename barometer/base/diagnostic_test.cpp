#include "barometer/base/diagnostic.h"

#include <gtest/gtest.h>

namespace barometer {
namespace {

TEST(Place, NamesAsMuchAsIsKnown) {
  EXPECT_EQ((Place{"wave.yaml", 3, 7}).text(), "wave.yaml:3:7");
  EXPECT_EQ((Place{"wave.yaml", 3, 0}).text(), "wave.yaml:3");
  EXPECT_EQ((Place{"wave.yaml", 0, 0}).text(), "wave.yaml");
}

TEST(Diagnostic, IsOneSentenceAndAHint) {
  Diagnostics problems;
  problems.error("unknown-key", {"w.yaml", 3, 7}, "unknown key 'roel'", "did you mean 'role'?");
  problems.note("small-base", {}, "the base is 12");
  EXPECT_EQ(problems.items()[0].text(),
            "w.yaml:3:7: error: unknown key 'roel' [unknown-key]\n  hint: did you mean 'role'?");
  EXPECT_EQ(problems.items()[1].text(), "note: the base is 12 [small-base]");
}

TEST(Diagnostics, OnlyErrorsMakeAStatusFail) {
  Diagnostics problems;
  EXPECT_TRUE(problems.status());
  problems.warning("w", {"a", 1, 1}, "odd");
  problems.note("n", {"a", 1, 1}, "by the way");
  EXPECT_TRUE(problems.ok());
  EXPECT_TRUE(problems.status());
  problems.error("e", {"a", 2, 1}, "wrong");
  EXPECT_FALSE(problems.ok());
  EXPECT_EQ(problems.error_count(), 1U);
  ASSERT_FALSE(problems.status());
  EXPECT_EQ(problems.status().error().message,
            "a:1:1: warning: odd [w]\na:1:1: note: by the way [n]\na:2:1: error: wrong [e]");
}

TEST(Diagnostics, SortByFileLineAndColumnAndKeepTheOrderOfEquals) {
  Diagnostics problems;
  problems.error("1", {"b.yaml", 1, 1}, "x");
  problems.error("2", {"a.yaml", 10, 1}, "x");
  problems.error("3", {"a.yaml", 9, 5}, "x");
  problems.error("4", {"a.yaml", 9, 5}, "x");
  problems.error("5", {"a.yaml", 9, 2}, "x");
  problems.sort();
  std::string order;
  for (const Diagnostic& item : problems.items()) order += item.code;
  EXPECT_EQ(order, "53421");
}

TEST(Diagnostics, CanBeGathered) {
  Diagnostics all;
  Diagnostics one;
  one.error("e", {"a", 1, 1}, "wrong");
  all.add(one);
  all.add(one);
  EXPECT_EQ(all.error_count(), 2U);
}

}  // namespace
}  // namespace barometer

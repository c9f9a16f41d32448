#include "barometer/chart/finding.h"

#include <gtest/gtest.h>

#include "barometer/chart/samples_internal.h"

namespace barometer {
namespace {

using samples::part;
using samples::unpublished;

struct Situation {
  const char* what;
  std::vector<Mark> marks;
  const char* title;
};

TEST(LargestFinding, NamesOneMarkWhenItIsTheLargestAloneAndAllAreDrawn) {
  for (const Situation& row : std::vector<Situation>{
           {"one larger",
            {part("a", "Good or very good", 68), part("b", "Poor", 32)},
            "Q: 68% good or very good"},
           {"a point of a scale",
            {part("a", "9", 23), part("b", "8", 20), part("c", "10", 7)},
            "Q: 23% answered 9"},
           {"initials stay",
            {part("a", "GP leaders", 60), part("b", "None", 40)},
            "Q: 60% GP leaders"},
           {"halves", {part("a", "Yes", 50), part("b", "No", 50)}, "Q: 50% yes"},
           {"three alike", {part("a", "A", 33), part("b", "B", 33), part("c", "C", 33)}, "Q"},
           {"one is not published", {part("a", "Yes", 68), unpublished("b", "No", "[c]")}, "Q"},
           {"none", {}, "Q"}}) {
    EXPECT_EQ(largest_finding("Q", {{.label = "", .marks = row.marks}}), row.title) << row.what;
  }
}

TEST(RangeFinding, GoesFromTheLeastToTheMostOfOneCategory) {
  const auto row = [](const char* label, Mark mark) {
    return Row{.label = label, .marks = {std::move(mark)}};
  };
  EXPECT_EQ(range_finding("Q", {row("Informatics", part("a", "Strong", 41)),
                                row("Leadership", part("b", "Strong", 93))}),
            "Q: from 41% (Informatics) to 93% (Leadership) strong");
  EXPECT_EQ(range_finding("Q", {row("One", part("a", "9", 41)), row("Two", part("b", "9", 93))}),
            "Q: from 41% (One) to 93% (Two) answered 9");
  EXPECT_EQ(range_finding("Q", {row("One", part("a", "Strong", 41))}), "Q: 41% strong");
  EXPECT_EQ(range_finding("Q", {row("One", part("a", "Strong", 41)),
                                row("Two", unpublished("b", "Strong", "[x]"))}),
            "Q");
  EXPECT_EQ(
      range_finding("Q", {row("One", part("a", "Strong", 41)), row("Two", part("b", "Weak", 9))}),
      "Q");
  EXPECT_EQ(range_finding("Q", {}), "Q");
}

}  // namespace
}  // namespace barometer

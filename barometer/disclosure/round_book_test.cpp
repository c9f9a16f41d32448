// Rounded and merged books: what adds up still does, what is said of the loss is what a second
// count says, and a slow reader finds no small count.
#include "barometer/disclosure/round_book.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/disclosure/banner_advice.h"
#include "barometer/disclosure/book_testing_internal.h"
#include "barometer/disclosure/recode_book.h"
#include "barometer/disclosure/suppress_book.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;
using testing::made_book;
using testing::made_people;

ReleaseRules under_five() { return {.count_under = 5, .base_under = 10}; }

// Whatever is a sum in the true book is the same sum in the rounded one.
void expect_sums(const BookTable& table) {
  const auto count = [&](size_t r, size_t c) { return table.at(r, c).count; };
  for (size_t r = 0; r < 5; ++r) {
    EXPECT_EQ(count(r, 0), count(r, 1) + count(r, 3) + count(r, 5)) << r;
    EXPECT_EQ(count(r, 0), count(r, 7) + count(r, 8)) << r;
    for (const size_t region : {1U, 3U, 5U})
      EXPECT_EQ(count(r, 0), count(r, region) + count(r, region + 1));
  }
  for (size_t c = 0; c < table.columns.size(); ++c) {
    EXPECT_EQ(count(4, c), count(0, c) + count(1, c)) << c;
    EXPECT_EQ(table.columns[c].n, count(0, c) + count(1, c) + count(2, c) + count(3, c)) << c;
  }
}

TEST(RoundBook, EverySumStaysASumAndEveryCountIsBesideItsMultiple) {
  for (const int64_t step : {3, 5, 10}) {
    for (unsigned seed = 1; seed <= 4; ++seed) {
      const Book truth = made_book(made_people(seed, 150), false);
      Book book = truth;
      const auto done = round_book(book, step, under_five(), Progress());
      ASSERT_TRUE(done.has_value()) << done.error().message;
      const BookTable& table = book.tables[0];
      expect_sums(table);
      int64_t distance = 0;
      size_t moved = 0;
      double points = 0;
      for (size_t r = 0; r < 5; ++r) {
        for (size_t c = 0; c < table.columns.size(); ++c) {
          const BookCell& cell = table.at(r, c);
          const BookCell& real = truth.tables[0].at(r, c);
          EXPECT_EQ(std::fmod(cell.count, static_cast<double>(step)), 0);
          EXPECT_LE(cell.count, cell.n);
          if (done->next) {
            EXPECT_LT(std::abs(cell.count - real.count), static_cast<double>(step));
          }
          if (cell.n > 0) {
            EXPECT_DOUBLE_EQ(*cell.value, cell.count / cell.n);
            points += 100 * std::abs(*cell.value - real.count / real.n);
          }
          EXPECT_FALSE(cell.se || cell.lower);
          distance += std::llround(std::abs(cell.count - real.count));
          moved += cell.count != real.count ? 1U : 0U;
        }
      }
      EXPECT_EQ(done->distance, distance);
      EXPECT_EQ(done->moved, moved);
      EXPECT_NEAR(done->points, points, 1e-9);
      EXPECT_EQ(done->cells, 5 * table.columns.size());
    }
  }
}

TEST(RoundBook, NothingOfTheTruthStays) {
  Book book = made_book(made_people(3, 150), false);
  ASSERT_TRUE(round_book(book, 5, under_five(), Progress()).has_value());
  const BookTable& table = book.tables[0];
  for (size_t c = 0; c < table.columns.size(); ++c) {
    EXPECT_FALSE(table.at(5, c).value);  // the mean
    EXPECT_EQ(table.at(5, c).reason, kRoundedCounts);
    EXPECT_EQ(std::fmod(table.columns[c].n, 5), 0);
  }
  EXPECT_TRUE(table.tests.empty() && table.covariances.empty());
  EXPECT_TRUE(table.missing_withheld);
}

// To multiples of 2: what is printed as 4 is 1 to 7 at the most, which is under 10.
TEST(RoundBook, AStepTooSmallIsSaidToLeak) {
  Book book = made_book(made_people(1, 150), false);
  const ReleaseRules under_ten{.count_under = 10, .base_under = 10};
  const auto done = round_book(book, 2, under_ten, Progress());
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_GT(done->left, 0U);
  EXPECT_THAT(done->text(), HasSubstr("can be worked out all the same"));
}

TEST(RoundBook, WhatIsNoShareOfARoundedBaseIsRefused) {
  const Book plain = made_book(made_people(1, 100), false);
  std::vector<std::pair<Book, std::string>> wrong(4, {plain, ""});
  wrong[0].first.plan.percent = PercentBase::kRow;
  wrong[0].second = "percentages of rows";
  wrong[1].first.tables[0].columns[0].weighted_base += 7;
  wrong[1].second = "weighted";
  wrong[2].first.plan.rows = {{.variables = {"q"}, .responses = true}};
  wrong[2].second = "responses";
  wrong[3].first.tables[0].variable.kind = VariableKind::kNumber;
  wrong[3].second = "number";
  for (auto& [book, words] : wrong) {
    const auto done = round_book(book, 5, under_five(), Progress());
    ASSERT_FALSE(done.has_value()) << words;
    EXPECT_EQ(done.error().code, ErrorCode::kUnsupported);
    EXPECT_THAT(done.error().message, HasSubstr(words));
  }
  Book book = plain;
  EXPECT_EQ(round_book(book, 1, under_five(), Progress()).error().code, ErrorCode::kInvalid);
}

TEST(RecodeBook, MergedColumnsLeaveNoSmallCountAndCountWhatTheyMerge) {
  for (unsigned seed = 1; seed <= 6; ++seed) {
    const auto persons = made_people(seed, 200);
    Book book = made_book(persons, false);
    const BookRecoding done = recode_book(book, under_five());
    ASSERT_EQ(done.groups.size(), 2U);
    const BookTable& table = book.tables[0];
    for (size_t c = 0; c < table.columns.size(); ++c) {
      const BookColumn& column = table.columns[c];
      if (column.kind != ColumnKind::kCategory || !done.groups[column.group].reason.empty())
        continue;
      for (size_t r = 0; r < 5; ++r) {
        const BookCell& cell = table.at(r, c);
        EXPECT_FALSE(cell.count > 0 && cell.count < 5) << done.text();
        EXPECT_FALSE(cell.n - cell.count > 0 && cell.n - cell.count < 5) << done.text();
        EXPECT_DOUBLE_EQ(*cell.value, cell.count / cell.n);
      }
    }
    double regions = 0;
    for (const BookColumn& column : table.columns) {
      if (column.group == 0 && column.kind == ColumnKind::kCategory) regions += column.n;
    }
    EXPECT_EQ(regions, 200);
  }
}

TEST(SuppressionSummary, SaysHowMuchIsHiddenAndWhichBannerWouldDo) {
  const Book before = made_book(made_people(1, 60), true);  // nested: far too fine
  Book hidden = before;
  ASSERT_TRUE(
      suppress_book(hidden, under_five(), Progress(), {.steps = kStepsPerSecond / 2}).has_value());
  const HiddenCells cells = hidden_cells(hidden);
  size_t counted = 0;
  for (const BookCell& cell : hidden.tables[0].cells) counted += cell.suppressed ? 1U : 0U;
  EXPECT_EQ(cells.hidden, counted);
  ASSERT_TRUE(cells.is_most());
  const auto said = suppression_summary(before, hidden, under_five(), Progress());
  ASSERT_TRUE(said.has_value()) << said.error().message;
  EXPECT_THAT(*said,
              HasSubstr(fmt::format("{} of {} cells are suppressed", cells.hidden, cells.cells)));
  EXPECT_THAT(*said, HasSubstr("too fine"));
  const auto none = suppression_summary(before, before, under_five(), Progress());
  EXPECT_EQ(none.value(), "");
}

}  // namespace
}  // namespace barometer

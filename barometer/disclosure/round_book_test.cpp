// Rounded and merged books: what adds up still does, what is said of the loss is what a second
// count says, and a slow reader finds no small count.
#include "barometer/disclosure/round_book.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/book/hide.h"
#include "barometer/disclosure/banner_advice.h"
#include "barometer/disclosure/book_testing_internal.h"
#include "barometer/disclosure/recode_book.h"
#include "barometer/disclosure/release_attack.h"
#include "barometer/disclosure/suppress_book.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;
using testing::made_book;
using testing::made_people;
using testing::MadePerson;

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

// Of the columns that are said to be merged none is small; everybody is in one of them, and they
// are neighbours within the same outer column.
void expect_recoded(const std::vector<MadePerson>& persons, const Book& book,
                    const BookRecoding& done, size_t group) {
  const BookTable& table = book.tables[0];
  double inside = 0;
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const BookColumn& column = table.columns[c];
    if (column.kind != ColumnKind::kCategory || column.group != group) continue;
    inside += column.n;
    for (const auto& codes : column.merged) {
      for (size_t k = 0; k + 1 < codes.size(); ++k) EXPECT_EQ(codes[k], column.codes[k]);
    }
    for (size_t r = 0; done.groups[group].kept.empty() && r < 5; ++r) {
      const BookCell& cell = table.at(r, c);
      EXPECT_FALSE(cell.count > 0 && cell.count < 5) << done.text();
      EXPECT_FALSE(cell.n - cell.count > 0 && cell.n - cell.count < 5) << done.text();
    }
  }
  EXPECT_EQ(inside, static_cast<double>(persons.size()));
}

TEST(RecodePlan, MergedColumnsLeaveNoSmallCountAndHoldEverybody) {
  size_t merges = 0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const auto persons = made_people(seed, 200 + 100 * (seed % 3));
    const Book before = made_book(persons, true);
    BookPlan plan = before.plan;
    const BookRecoding done = recode_plan(before, under_five(), plan);
    ASSERT_EQ(done.groups.size(), 3U);
    const Book book = testing::remade(persons, before, plan);
    for (size_t group = 0; group < 3; ++group) {
      expect_recoded(persons, book, done, group);
      merges += done.groups[group].merged.size();
    }
  }
  EXPECT_GT(merges, 5U);
}

TEST(RecodePlan, NestedColumnsAreMergedWithinTheirOuterOneAndSoSaid) {
  const auto persons = made_people(2, 400);
  const Book before = made_book(persons, true);
  Book labelled = before;
  for (BookColumn& column : labelled.tables[0].columns) {
    for (const int code : column.codes) column.labels.push_back(fmt::format("L{}", code));
  }
  BookPlan plan = before.plan;
  const BookRecoding done = recode_plan(labelled, under_five(), plan);
  const BookRecoding::Group& nested = done.groups[2];
  EXPECT_EQ(nested.words, "region > role");
  ASSERT_FALSE(nested.merged.empty()) << done.text();
  EXPECT_THAT(nested.merged.front().front(), HasSubstr(": L"));
  EXPECT_THAT(done.text(), HasSubstr("'region > role' has "));
}

TEST(RecodePlan, WhatIsNoOrderOrTooSmallStaysAndIsSaid) {
  const auto persons = made_people(3, 200);
  const Book whole = made_book(persons, false);
  Book waves = whole;
  waves.plan.banner[0].rest = false;
  waves.plan.banner[0].sequence = true;
  Book overlapping = whole;
  overlapping.tables[0].columns[1].n += 190;
  const std::pair<Book, const char*> kCases[] = {
      {waves, "'region' stays as it is (a wave is not merged with the next)"},
      {overlapping, "'region' stays as it is (its columns overlap)"},
      {made_book(made_people(3, 8), false), "'region' stays as it is (even all "},
      {made_book(made_people(3, 5000), false), "'role' needs no merging"},
  };
  for (const auto& [book, said] : kCases) {
    BookPlan plan = book.plan;
    EXPECT_THAT(recode_plan(book, under_five(), plan).text(), HasSubstr(said));
  }
}

// A reader who has the tables of merged and of unmerged columns knows how they lie in one another:
// merged in one banner, apart in the other.
TEST(RecodePlan, MergedColumnsAreTiedToTheOthers) {
  const auto persons = made_people(4, 2000);
  const Book plain = made_book(persons, true);
  BookPlan plan = plain.plan;
  plan.banner[0].rest = false;
  plan.banner[0].merged = {{{1}, {2}}, {{3}}};  // region
  plan.banner[2].merged = {{{1, 1}, {1, 2}}, {{2, 1}}, {{2, 2}}, {{3, 1}}, {{3, 2}}};
  const Book truth = testing::remade(persons, plain, plan);
  const auto place = [&](size_t group, const std::vector<int>& codes) {
    const auto& columns = truth.tables[0].columns;
    size_t c = 0;
    while (columns[c].kind != ColumnKind::kCategory || columns[c].group != group ||
           columns[c].codes != codes) {
      ++c;
    }
    return c;
  };
  const size_t both = place(0, {1});       // regions 1 and 2
  const size_t first = place(2, {1, 1});   // region 1, both roles
  const size_t second = place(2, {2, 1});  // region 2
  const size_t third = place(2, {2, 2});
  const auto leaks_when_hidden = [&](const std::vector<size_t>& columns) {
    Book book = truth;
    for (const size_t c : columns) {
      for (size_t r = 0; r < 5; ++r) hide_cell(book.tables[0], r, c);
    }
    const auto attack =
        attack_release(release_of_book(book, under_five()), {.explain = false}, Progress());
    EXPECT_TRUE(attack.has_value());
    size_t hidden = 0;
    for (const Leak& leak : attack->leaks) hidden += leak.kind == LeakKind::kKnownHidden ? 1 : 0;
    return hidden;
  };
  EXPECT_EQ(leaks_when_hidden({}), 0U);
  EXPECT_GT(leaks_when_hidden({both}), 0U);           // the sum of the three
  EXPECT_GT(leaks_when_hidden({first}), 0U);          // the others of it
  EXPECT_EQ(leaks_when_hidden({second, third}), 0U);  // only their sum is known
  EXPECT_EQ(leaks_when_hidden({first, second}), 0U);
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

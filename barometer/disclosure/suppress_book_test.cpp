// Whole books: from made-up people to tables, hidden, and attacked by what a sub-editor does with a
// pencil (total less columns, NET less parts, column less nested columns) and by the solver.
#include "barometer/disclosure/suppress_book.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/book/hide.h"
#include "barometer/disclosure/book_testing_internal.h"
#include "barometer/disclosure/release_attack.h"

namespace barometer {
namespace {

using testing::made_book;
using testing::made_people;

ReleaseRules under_five() {
  ReleaseRules rules;
  rules.count_under = 5;
  rules.base_under = 10;
  return rules;
}

// With a pencil: what one subtraction between columns or rows gives of a hidden cell.
std::string by_pencil(const Book& truth, const Book& seen) {
  const BookTable& table = seen.tables[0];
  std::string out;
  const auto shown = [&](size_t r, size_t c) { return !table.at(r, c).suppressed; };
  const auto check = [&](size_t r, const std::vector<size_t>& columns, size_t total) {
    if (!shown(r, total)) return;
    std::vector<size_t> hidden;
    for (const size_t c : columns) {
      if (!shown(r, c)) hidden.push_back(c);
    }
    if (hidden.size() != 1 || truth.tables[0].at(r, hidden[0]).count == 0) return;
    out += fmt::format(" row {} column {}", r, hidden[0]);
  };
  for (size_t r = 0; r < 5; ++r) {
    check(r, {1, 3, 5}, 0);  // regions
    check(r, {1, 2}, 0);     // a region and its rest
    check(r, {3, 4}, 0);
    check(r, {5, 6}, 0);
    check(r, {7, 8}, 0);  // roles
    if (table.columns.size() > 9) {
      check(r, {9, 10}, 1);
      check(r, {11, 12}, 3);
      check(r, {13, 14}, 5);
      check(r, {9, 11, 13}, 7);
      check(r, {10, 12, 14}, 8);
    }
  }
  return out;
}

TEST(SuppressBook, NothingIsLeftForTheAttackNorForAPencil) {
  size_t hidden = 0;
  for (unsigned seed = 1; seed <= 12; ++seed) {
    const Book truth = made_book(made_people(seed, 120 + 20 * (seed % 5)), seed % 2 == 0);
    Book book = truth;
    const auto done = suppress_book(book, under_five(), Progress(), {.steps = kStepsPerSecond / 2});
    ASSERT_TRUE(done.has_value()) << done.error().message;
    EXPECT_EQ(done->left, 0U);
    hidden += done->primary;
    const auto attack =
        attack_release(release_of_book(book, under_five()), {.explain = false}, Progress());
    ASSERT_TRUE(attack.has_value()) << attack.error().message;
    EXPECT_TRUE(attack->leaks.empty()) << seed << ": " << attack->leaks.front().text;
    EXPECT_EQ(by_pencil(truth, book), "") << seed;
    for (size_t i = 0; i < book.tables[0].cells.size(); ++i) {
      const BookCell& cell = book.tables[0].cells[i];
      const BookCell& real = truth.tables[0].cells[i];
      if (cell.suppressed) {
        EXPECT_FALSE(cell.value || cell.se || cell.count > 0 || cell.n > 0);
      } else if (i / book.tables[0].columns.size() < 5) {
        EXPECT_FALSE(real.count > 0 && real.count < 5);
        EXPECT_GE(real.n, 10);
        EXPECT_EQ(cell.count, real.count);
      }
    }
  }
  EXPECT_GT(hidden, 12U);
}

TEST(SuppressBook, ABookOfLargeCellsStaysAsItIs) {
  std::vector<testing::MadePerson> persons;
  for (int region = 1; region <= 3; ++region) {
    for (int role = 1; role <= 2; ++role) {
      for (int answer = 1; answer <= 4; ++answer) {
        persons.insert(persons.end(), static_cast<size_t>(10 + region + answer),
                       {region, role, answer});
      }
    }
  }
  Book book = made_book(persons, true);
  const auto done = suppress_book(book, under_five(), Progress(), {.steps = kStepsPerSecond / 2});
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(done->primary + done->secondary + done->others, 0U);
  EXPECT_EQ(book.tables[0].tests.size(), 2U);
}

TEST(SuppressBook, TestsCovariancesAndMeansGoWithTheirCells) {
  Book book = made_book(made_people(1, 140), false);
  ASSERT_TRUE(
      suppress_book(book, under_five(), Progress(), {.steps = kStepsPerSecond / 2}).has_value());
  const BookTable& table = book.tables[0];
  bool any = false;
  for (size_t c = 0; c < table.columns.size(); ++c) {
    bool in_column = false;
    for (size_t r = 0; r < 5; ++r) in_column = in_column || table.at(r, c).suppressed;
    any = any || in_column;
    EXPECT_EQ(in_column, table.at(5, c).suppressed) << c;
  }
  EXPECT_TRUE(any);
  for (const PairTest& test : table.tests) {
    EXPECT_FALSE(table.at(test.row, test.a).suppressed || table.at(test.row, test.b).suppressed);
  }
  for (size_t r = 0; r < table.rows.size(); ++r) {
    bool hidden = false;
    for (size_t c = 0; c < table.columns.size(); ++c) hidden = hidden || table.at(r, c).suppressed;
    EXPECT_EQ(table.covariances[0].of_rows[r].rows() == 0, hidden) << r;
  }
}

// What was hidden before, with the tables of a wave, stays so and is protected like the rest.
TEST(SuppressBook, CellsHiddenBeforehandArePartOfTheAttack) {
  Book book = made_book(made_people(4, 150), false);
  hide_cell(book.tables[0], 2, 0);
  const auto done = suppress_book(book, under_five(), Progress(), {.steps = kStepsPerSecond / 2});
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(done->left, 0U);
  EXPECT_TRUE(book.tables[0].at(2, 0).suppressed);
  size_t with_it = 0;
  for (size_t c = 1; c < book.tables[0].columns.size(); ++c) {
    with_it += book.tables[0].at(2, c).suppressed ? 1U : 0U;
  }
  EXPECT_GT(with_it, 0U);  // else the columns would add up to it
}

// Several answers allowed in the banner: each column has its others, and columns are no partition.
TEST(SuppressBook, ColumnsThatOverlapEachHaveTheirOthers) {
  Book book = made_book(made_people(2, 150), false);
  BookTable& table = book.tables[0];
  table.columns[7].n += 20;  // role 1, by 20 who have both
  const Release release = release_of_book(book, under_five());
  std::vector<std::string> labels;
  for (const ReleasedGroup& group : release.groups) labels.push_back(group.label);
  EXPECT_EQ(std::ranges::count(labels, "the others of total"), 2);
  EXPECT_EQ(release.groups[0].partitions.size(), 3U);
}

// The same question by another banner in a second table: one total, one system.
TEST(SuppressBook, TwoTablesOfOneQuestionAreOneSystem) {
  Book book = made_book(made_people(3, 150), false);
  BookTable second = book.tables[0];
  second.id = "q again";
  book.tables.push_back(second);
  ASSERT_TRUE(
      suppress_book(book, under_five(), Progress(), {.steps = kStepsPerSecond / 2}).has_value());
  for (size_t i = 0; i < second.cells.size(); ++i) {
    EXPECT_EQ(book.tables[0].cells[i].suppressed, book.tables[1].cells[i].suppressed) << i;
  }
}

// ---- means of numbers

// A table of the mean of a number by region; (base, sum) of each region.
Book number_book(const std::vector<std::pair<double, double>>& regions) {
  Book book;
  book.plan.banner = {{.variables = {"region"}}};
  BookTable table;
  table.id = table.variable.id = "beds";
  table.variable.kind = VariableKind::kNumber;
  table.rows = {testing::row("mean", RowKind::kMean, {}),
                testing::row("sd", RowKind::kStandardDeviation, {})};
  table.columns.push_back({});
  double sum = 0;
  for (size_t i = 0; i < regions.size(); ++i) {
    const int code = static_cast<int>(i) + 1;
    table.columns.push_back({.kind = ColumnKind::kCategory, .group = 0, .codes = {code}});
    table.columns.back().n = regions[i].first;
    table.columns[0].n += regions[i].first;
    sum += regions[i].second;
  }
  table.cells.resize(2 * table.columns.size());
  for (size_t c = 0; c < table.columns.size(); ++c) {
    BookColumn& column = table.columns[c];
    column.weighted_base = column.effective_base = column.n;
    table.at(0, c).n = table.at(1, c).n = column.n;
    table.at(0, c).value = (c == 0 ? sum : regions[c - 1].second) / column.n;
    table.at(1, c).value = 0.5;
  }
  book.tables.push_back(std::move(table));
  return book;
}

std::string shown_means(const Book& book) {
  std::string out;
  for (size_t c = 0; c < book.tables[0].columns.size(); ++c) {
    out += book.tables[0].at(0, c).suppressed ? "c" : "m";
    EXPECT_EQ(book.tables[0].at(0, c).suppressed, book.tables[0].at(1, c).suppressed) << c;
  }
  return out;
}

struct NumberCase {
  const char* name;
  std::vector<std::pair<double, double>> regions;
  const char* shown;  // total, then the regions
};

TEST(SuppressBook, MeansOfWholeNumbersAreStatementsOnCounts) {
  const NumberCase kCases[] = {
      {"yes and no, large", {{40, 15}, {50, 20}, {60, 30}}, "mmmm"},
      {"two of twenty said yes: one more column goes", {{40, 15}, {50, 20}, {20, 2}}, "mcmc"},
      {"all but two of twenty", {{40, 15}, {50, 20}, {20, 18}}, "mcmc"},
      {"nobody, which says nothing small", {{40, 15}, {50, 20}, {20, 0}}, "mmmm"},
      {"no whole sum: amounts, not counts", {{40, 15.5}, {50, 20}, {20, 2.2}}, "mmmm"},
      {"large amounts", {{40, 1500}, {50, 2000}, {20, 400}}, "mmmm"},
      {"up to ten, far from any count", {{40, 150}, {50, 120}, {20, 60}}, "mmmm"},
      {"one person with one, all others none", {{40, 150}, {50, 120}, {20, 1}}, "mcmc"},
      {"a small base", {{40, 150}, {50, 120}, {6, 20}}, "mcmc"},
  };
  for (const NumberCase& one : kCases) {
    Book book = number_book(one.regions);
    const auto done = suppress_book(book, under_five(), Progress(), {.steps = kStepsPerSecond / 2});
    ASSERT_TRUE(done.has_value()) << one.name << ": " << done.error().message;
    const std::string shown = shown_means(book);
    // Which column goes with a small one is the search's choice.
    EXPECT_EQ(std::ranges::count(shown, 'c'), std::ranges::count(std::string_view(one.shown), 'c'))
        << one.name << " " << shown;
    EXPECT_EQ(shown.back(), std::string_view(one.shown).back()) << one.name;
    EXPECT_EQ(done->left, 0U) << one.name;
    const auto attack =
        attack_release(release_of_book(book, under_five()), {.explain = false}, Progress());
    ASSERT_TRUE(attack.has_value()) << one.name << ": " << attack.error().message;
    EXPECT_TRUE(attack->leaks.empty()) << one.name;
  }
}

// Who says the last answer does not know, is not in the base, and has a row.
Book with_dont_know(const std::vector<testing::MadePerson>& persons) {
  Book book = made_book(persons, false);
  BookTable& table = book.tables[0];
  table.variable.dont_know_in_base = false;
  table.variable.categories[3].dont_know = true;
  table.rows[3] = testing::row("dont_know", RowKind::kDontKnow, {});
  for (size_t c = 0; c < table.columns.size(); ++c) {
    double inside = 0, outside = 0;
    for (const testing::MadePerson& person : persons) {
      if (!testing::is_in(table.columns[c], person)) continue;
      (person.answer == 4 ? outside : inside) += 1;
    }
    table.columns[c].n = table.columns[c].weighted_base = inside;
    for (size_t r = 0; r < table.rows.size(); ++r) {
      BookCell& cell = table.at(r, c);
      cell.n = r == 3 ? inside + outside : inside;
      if (r == 3) cell.count = outside;
      if (cell.n > 0) cell.value = cell.count / cell.n;
    }
  }
  return book;
}

TEST(SuppressBook, FewWhoDoNotKnowAreHiddenAndNotLeftToASubtraction) {
  constexpr size_t kDontKnow = 3;
  size_t hidden = 0;
  for (unsigned seed = 1; seed <= 8; ++seed) {
    const Book truth = with_dont_know(made_people(seed, 200));
    Book book = truth;
    const auto done = suppress_book(book, under_five(), Progress(), {.steps = kStepsPerSecond / 2});
    ASSERT_TRUE(done.has_value()) << done.error().message;
    EXPECT_EQ(done->left, 0U);
    const BookTable& table = book.tables[0];
    for (size_t c = 0; c < table.columns.size(); ++c) {
      const BookCell& cell = truth.tables[0].at(kDontKnow, c);
      const bool small = cell.count > 0 && cell.count < 5;
      EXPECT_TRUE(!small || table.at(kDontKnow, c).suppressed) << seed << " " << c;
      hidden += table.at(kDontKnow, c).suppressed ? 1U : 0U;
    }
    EXPECT_EQ(by_pencil(truth, book), "") << seed;
    const auto attack =
        attack_release(release_of_book(book, under_five()), {.explain = false}, Progress());
    ASSERT_TRUE(attack.has_value()) << attack.error().message;
    EXPECT_TRUE(attack->leaks.empty()) << attack->leaks.front().text;
  }
  EXPECT_GT(hidden, 8U);
}

}  // namespace
}  // namespace barometer

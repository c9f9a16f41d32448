// Whole books: from made-up people to tables, hidden, and attacked by what a sub-editor does with a
// pencil (total less columns, NET less parts, column less nested columns) and by the solver.
#include "barometer/disclosure/suppress_book.h"

#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/disclosure/release_attack.h"

namespace barometer {
namespace {

struct Person {
  int region, role, answer;
};

// Few in the last region, few who give the last answer.
std::vector<Person> people(unsigned seed, size_t n) {
  std::mt19937 random(seed);
  std::vector<Person> out;
  for (size_t i = 0; i < n; ++i) {
    const auto draw = static_cast<int>(random() % 100);
    const int region = draw < 45 ? 1 : draw < 85 ? 2 : 3;
    const int role = random() % 3 == 0 ? 2 : 1;
    const auto said = static_cast<int>(random() % 100);
    out.push_back({region, role, said < 40 ? 1 : said < 70 ? 2 : said < 95 ? 3 : 4});
  }
  return out;
}

BookRow row(const std::string& answer, RowKind kind, std::vector<int> codes) {
  BookRow out;
  out.kind = kind;
  out.variable = "q";
  out.answer = answer;
  out.codes = std::move(codes);
  return out;
}

bool is_in(const BookColumn& column, const Person& person) {
  const auto matches = [&] {
    if (column.codes.empty()) return true;
    if (column.group == 0) return person.region == column.codes[0];
    if (column.group == 1) return person.role == column.codes[0];
    return person.region == column.codes[0] && person.role == column.codes[1];
  };
  return column.kind == ColumnKind::kRest ? !matches() : matches();
}

void fill(const std::vector<Person>& persons, BookTable& table) {
  table.cells.assign(table.rows.size() * table.columns.size(), {});
  for (size_t c = 0; c < table.columns.size(); ++c) {
    for (const Person& person : persons) {
      if (!is_in(table.columns[c], person)) continue;
      table.columns[c].n += 1;
      for (size_t r = 0; r < table.rows.size(); ++r) {
        BookCell& cell = table.at(r, c);
        cell.n += 1;
        const auto& codes = table.rows[r].codes;
        cell.count += std::ranges::count(codes, person.answer) > 0 ? 1 : 0;
      }
    }
    BookColumn& column = table.columns[c];
    column.weighted_base = column.effective_base = column.n;
    for (size_t r = 0; r < table.rows.size(); ++r) {
      BookCell& cell = table.at(r, c);
      if (cell.n > 0) cell.value = cell.count / cell.n;
      cell.se = 0.01;
    }
  }
}

// A table of one question by region (with rests), role, and region within role.
Book make(const std::vector<Person>& persons, bool nested) {
  Book book;
  book.plan.banner = {{.variables = {"region"}, .rest = true}, {.variables = {"role"}}};
  if (nested) book.plan.banner.push_back({.variables = {"region", "role"}});
  BookTable table;
  table.id = "q";
  table.variable.id = "q";
  for (int code = 1; code <= 4; ++code) {
    table.variable.categories.push_back({code, fmt::format("Answer {}", code)});
    table.rows.push_back(row(std::to_string(code), RowKind::kCategory, {code}));
  }
  table.rows.push_back(row("net", RowKind::kNet, {1, 2}));
  table.rows.push_back(row("mean", RowKind::kMean, {}));
  table.columns.push_back({});
  for (int region = 1; region <= 3; ++region) {
    table.columns.push_back({.kind = ColumnKind::kCategory, .group = 0, .codes = {region}});
    table.columns.push_back({.kind = ColumnKind::kRest, .group = 0, .codes = {region}});
  }
  for (int role = 1; role <= 2; ++role) {
    table.columns.push_back({.kind = ColumnKind::kCategory, .group = 1, .codes = {role}});
  }
  for (int region = 1; nested && region <= 3; ++region) {
    for (int role = 1; role <= 2; ++role) {
      table.columns.push_back({.kind = ColumnKind::kCategory, .group = 2, .codes = {region, role}});
    }
  }
  fill(persons, table);
  table.tests.push_back({.row = 0, .a = 1, .b = 3});
  table.tests.push_back({.row = 3, .a = 1, .b = 3});
  table.covariances.push_back({.group = 0, .columns = {1, 3, 5}});
  table.covariances[0].of_rows.assign(table.rows.size(), Matrix(3, 3));
  book.tables.push_back(std::move(table));
  return book;
}

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
    const Book truth = make(people(seed, 120 + 20 * (seed % 5)), seed % 2 == 0);
    Book book = truth;
    const auto done = suppress_book(book, under_five(), Progress());
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
  std::vector<Person> persons;
  for (int region = 1; region <= 3; ++region) {
    for (int role = 1; role <= 2; ++role) {
      for (int answer = 1; answer <= 4; ++answer) {
        persons.insert(persons.end(), static_cast<size_t>(10 + region + answer),
                       {region, role, answer});
      }
    }
  }
  Book book = make(persons, true);
  const auto done = suppress_book(book, under_five(), Progress());
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(done->primary + done->secondary + done->others, 0U);
  EXPECT_EQ(book.tables[0].tests.size(), 2U);
}

TEST(SuppressBook, TestsCovariancesAndMeansGoWithTheirCells) {
  Book book = make(people(1, 140), false);
  ASSERT_TRUE(suppress_book(book, under_five(), Progress()).has_value());
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

// The same question by another banner in a second table: one total, one system.
TEST(SuppressBook, TwoTablesOfOneQuestionAreOneSystem) {
  Book book = make(people(3, 150), false);
  BookTable second = book.tables[0];
  second.id = "q again";
  book.tables.push_back(second);
  ASSERT_TRUE(suppress_book(book, under_five(), Progress()).has_value());
  for (size_t i = 0; i < second.cells.size(); ++i) {
    EXPECT_EQ(book.tables[0].cells[i].suppressed, book.tables[1].cells[i].suppressed) << i;
  }
}

}  // namespace
}  // namespace barometer

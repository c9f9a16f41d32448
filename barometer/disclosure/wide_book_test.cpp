// Books as analysts order them: sixty columns of five banners, twenty questions, small cells
// everywhere.
#include <array>
#include <random>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "barometer/disclosure/release_attack.h"
#include "barometer/disclosure/suppress_book.h"

namespace barometer {
namespace {

constexpr size_t kBanners = 5;
constexpr int kColumns = 12, kAnswers = 5;

struct Person {
  std::array<int, kBanners> in;
  std::vector<int> answers;
};

std::vector<Person> people(size_t n, size_t questions) {
  std::mt19937 random(5);
  std::vector<Person> out(n);
  for (Person& person : out) {
    for (int& code : person.in) code = 1 + static_cast<int>(random() % kColumns);
    for (size_t q = 0; q < questions; ++q) {
      const auto draw = static_cast<int>(random() % 100);
      person.answers.push_back(draw < 40 ? 1 : draw < 65 ? 2 : draw < 80 ? 3 : draw < 93 ? 4 : 5);
    }
  }
  return out;
}

BookTable table_of(const std::vector<Person>& persons, size_t question) {
  BookTable table;
  table.id = table.variable.id = fmt::format("q{}", question + 1);
  const auto add_row = [&](const std::string& answer, RowKind kind, std::vector<int> codes) {
    BookRow row;
    row.kind = kind;
    row.variable = table.id;
    row.answer = answer;
    row.codes = std::move(codes);
    table.rows.push_back(std::move(row));
  };
  for (int code = 1; code <= kAnswers; ++code) {
    table.variable.categories.push_back({code, fmt::format("Answer {}", code)});
    add_row(std::to_string(code), RowKind::kCategory, {code});
  }
  add_row("low", RowKind::kNet, {1, 2});
  table.columns.push_back({});
  for (size_t banner = 0; banner < kBanners; ++banner) {
    for (int code = 1; code <= kColumns; ++code) {
      table.columns.push_back({.kind = ColumnKind::kCategory, .group = banner, .codes = {code}});
    }
  }
  table.cells.resize(table.rows.size() * table.columns.size());
  for (const Person& person : persons) {
    for (size_t c = 0; c < table.columns.size(); ++c) {
      BookColumn& column = table.columns[c];
      if (c > 0 && person.in[column.group] != column.codes[0]) continue;
      column.n += 1;
      for (size_t r = 0; r < table.rows.size(); ++r) {
        const auto& codes = table.rows[r].codes;
        table.at(r, c).count += std::ranges::count(codes, person.answers[question]) > 0 ? 1 : 0;
      }
    }
  }
  for (size_t c = 0; c < table.columns.size(); ++c) {
    BookColumn& column = table.columns[c];
    column.weighted_base = column.effective_base = column.n;
    for (size_t r = 0; r < table.rows.size(); ++r) {
      BookCell& cell = table.at(r, c);
      cell.n = column.n;
      cell.value = cell.count / cell.n;
    }
  }
  return table;
}

Book book_of(size_t cases, size_t questions) {
  const std::vector<Person> persons = people(cases, questions);
  Book book;
  for (size_t banner = 0; banner < kBanners; ++banner) {
    book.plan.banner.push_back({.variables = {fmt::format("b{}", banner + 1)}});
  }
  for (size_t q = 0; q < questions; ++q) book.tables.push_back(table_of(persons, q));
  return book;
}

TEST(WideBook, IsSafeWithItsTotalsShownAndSaysWhatWasNotProven) {
  constexpr size_t kQuestions = 6;
  const ReleaseRules rules{.count_under = 5, .base_under = 10};
  const Book truth = book_of(700, kQuestions);
  Book book = truth;
  const auto done = suppress_book(book, rules, Progress());
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_GT(done->primary, 100U);
  EXPECT_GT(done->secondary, 0U);
  EXPECT_LT(done->secondary, 2 * done->primary);
  EXPECT_EQ(done->left, 0U);
  EXPECT_LE(done->not_proven, kQuestions);
  for (size_t t = 0; t < kQuestions; ++t) {
    const BookTable& table = book.tables[t];
    for (size_t r = 0; r < table.rows.size(); ++r) {
      EXPECT_FALSE(table.at(r, 0).suppressed) << table.id << " " << r;
      for (size_t c = 1; c < table.columns.size(); ++c) {
        const double count = truth.tables[t].at(r, c).count;
        const double others = truth.tables[t].at(r, c).n - count;
        const bool small = (count > 0 && count < 5) || (others > 0 && others < 5);
        EXPECT_TRUE(!small || table.at(r, c).suppressed) << table.id << " " << r << " " << c;
      }
    }
  }
  const auto attack = attack_release(release_of_book(book, rules), {.explain = false}, Progress());
  ASSERT_TRUE(attack.has_value()) << attack.error().message;
  EXPECT_TRUE(attack->leaks.empty()) << attack->leaks.front().text;
}

// Without a step to search in, what is hidden is still safe.
TEST(WideBook, IsSafeWithoutAnySearch) {
  const ReleaseRules rules{.count_under = 5, .base_under = 10};
  Book book = book_of(500, 2);
  const auto done = suppress_book(book, rules, Progress(), {.steps = 0});
  ASSERT_TRUE(done.has_value()) << done.error().message;
  EXPECT_EQ(done->left, 0U);
  EXPECT_EQ(done->not_proven, 2U);
  const auto attack = attack_release(release_of_book(book, rules), {.explain = false}, Progress());
  ASSERT_TRUE(attack.has_value()) << attack.error().message;
  EXPECT_TRUE(attack->leaks.empty()) << attack->leaks.front().text;
}

}  // namespace
}  // namespace barometer

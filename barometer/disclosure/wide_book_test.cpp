// Books as analysts order them: sixty columns of five banners, twenty questions, small cells
// everywhere.
#include <chrono>
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

TEST(WideBook, IsSafeAndSaysWhetherItsLossIsTheLeast) {
  const ReleaseRules rules{.count_under = 5, .base_under = 10};
  Book book = book_of(700, 20);
  const auto start = std::chrono::steady_clock::now();
  const auto done = suppress_book(book, rules, Progress());
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  ASSERT_TRUE(done.has_value()) << done.error().message;
  fmt::print(stderr, "{:.2f} s {} {} {}\n", took.count(), done->primary, done->secondary,
             done->left);
  const auto attack = attack_release(release_of_book(book, rules), {.explain = false}, Progress());
  ASSERT_TRUE(attack.has_value()) << attack.error().message;
  EXPECT_TRUE(attack->leaks.empty()) << attack->leaks.front().text;
  const std::chrono::duration<double> both = std::chrono::steady_clock::now() - start;
  fmt::print(stderr, "{:.2f} s\n", both.count());
}

}  // namespace
}  // namespace barometer

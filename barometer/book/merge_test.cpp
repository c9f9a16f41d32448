// Merged columns against the same people counted in the coarser groups at once.
#include "barometer/book/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace barometer {
namespace {

using ::testing::HasSubstr;

struct Person {
  int region, size;
  bool yes;
  double score, weight;
};

std::vector<Person> people() {
  std::vector<Person> out;
  for (int i = 0; i < 60; ++i) {
    out.push_back({1 + i % 3, 1 + i / 3 % 2, i % 4 == 0, 1.0 * (i % 7), 1 + 0.25 * (i % 5)});
  }
  return out;
}

BookRow row(RowKind kind, const std::string& answer) {
  BookRow out;
  out.kind = kind;
  out.variable = "q";
  out.answer = answer;
  return out;
}

// Total, then the columns of these codes (region, or region and size).
Book counted(const std::vector<std::vector<int>>& columns, size_t variables) {
  Book book;
  book.plan.banner = {{.variables = {"region", "size"}, .title = "Region"}};
  book.plan.banner[0].variables.resize(variables);
  BookTable table;
  table.id = "q";
  table.rows = {row(RowKind::kCategory, "1"), row(RowKind::kMean, "mean"),
                row(RowKind::kMedian, "median")};
  table.columns.push_back({});
  for (const auto& codes : columns) {
    table.columns.push_back({.kind = ColumnKind::kCategory, .codes = codes});
    table.columns.back().labels.assign(codes.size(), "label");
  }
  table.cells.resize(table.rows.size() * table.columns.size());
  for (size_t c = 0; c < table.columns.size(); ++c) {
    double n = 0, w = 0, w2 = 0, yes = 0, wyes = 0, wscore = 0;
    for (const Person& one : people()) {
      const std::vector<int> codes = {one.region, one.size};
      const auto& in = table.columns[c].codes;
      if (!std::equal(in.begin(), in.end(), codes.begin())) continue;
      n += 1;
      w += one.weight;
      w2 += one.weight * one.weight;
      yes += one.yes ? 1 : 0;
      wyes += one.yes ? one.weight : 0;
      wscore += one.weight * one.score;
    }
    table.columns[c].n = n;
    table.columns[c].weighted_base = w;
    table.columns[c].effective_base = w * w / w2;
    for (size_t r = 0; r < table.rows.size(); ++r) {
      BookCell& cell = table.at(r, c);
      cell.n = n;
      cell.weighted_base = w;
      cell.effective_base = w * w / w2;
      cell.se = 0.1;
      cell.value = r == 0 ? wyes / w : r == 1 ? wscore / w : 3;
      if (r == 0) cell.count = yes;
      if (r == 0) cell.weighted_count = wyes;
    }
  }
  table.tests.push_back({.row = 0, .a = 1, .b = 2});
  book.tables.push_back(std::move(table));
  return book;
}

const std::vector<std::vector<int>> kNested = {{1, 1}, {1, 2}, {2, 1}, {2, 2}, {3, 1}, {3, 2}};

void expect_same(const BookTable& merged, const BookTable& whole) {
  ASSERT_EQ(merged.columns.size(), whole.columns.size());
  for (size_t c = 0; c < whole.columns.size(); ++c) {
    EXPECT_EQ(merged.columns[c].codes, whole.columns[c].codes);
    EXPECT_EQ(merged.columns[c].n, whole.columns[c].n);
    EXPECT_NEAR(merged.columns[c].weighted_base, whole.columns[c].weighted_base, 1e-12);
    EXPECT_NEAR(merged.columns[c].effective_base, whole.columns[c].effective_base, 1e-9);
    for (size_t r = 0; r < 2; ++r) {
      EXPECT_NEAR(*merged.at(r, c).value, *whole.at(r, c).value, 1e-12);
      EXPECT_EQ(merged.at(r, c).count, whole.at(r, c).count);
      EXPECT_NEAR(merged.at(r, c).weighted_count, whole.at(r, c).weighted_count, 1e-12);
    }
  }
}

TEST(MergedColumns, TheOuterVariableOfANestedBannerIsTheBannerOfThatVariable) {
  const auto merged = with_one_banner(counted(kNested, 2), 0, 1);
  ASSERT_TRUE(merged.has_value()) << merged.error().message;
  EXPECT_EQ(merged->plan.banner[0].variables, std::vector<std::string>{"region"});
  expect_same(merged->tables[0], counted({{1}, {2}, {3}}, 1).tables[0]);
  EXPECT_TRUE(merged->tables[0].tests.empty());
  for (size_t c = 1; c < 4; ++c) {
    EXPECT_FALSE(merged->tables[0].at(0, c).se);
    EXPECT_FALSE(merged->tables[0].at(2, c).value);  // a median is no sum
    EXPECT_EQ(merged->tables[0].at(2, c).reason, kMergedColumn);
  }
}

TEST(MergedColumns, AllInOneAreTheTotalAndOneAloneStaysAsItWas) {
  const Book book = counted({{1}, {2}, {3}}, 1);
  const auto all = with_merged_columns(book, 0, {{{{1}, {2}, {3}}, {1}, {"all"}}});
  ASSERT_TRUE(all.has_value()) << all.error().message;
  const BookTable& table = all->tables[0];
  ASSERT_EQ(table.columns.size(), 2U);
  EXPECT_EQ(table.columns[1].letter, "A");
  EXPECT_NEAR(*table.at(0, 1).value, *table.at(0, 0).value, 1e-12);
  EXPECT_NEAR(*table.at(1, 1).value, *table.at(1, 0).value, 1e-12);
  EXPECT_NEAR(table.columns[1].effective_base, table.columns[0].effective_base, 1e-9);
  const auto two = with_merged_columns(book, 0, {{{{1}}, {1}, {"a"}}, {{{2}, {3}}, {2}, {"b"}}});
  ASSERT_TRUE(two.has_value());
  EXPECT_TRUE(two->tables[0].at(0, 1).se);  // not merged
  EXPECT_FALSE(two->tables[0].at(0, 2).se);
  EXPECT_EQ(two->tables[0].columns[2].labels, std::vector<std::string>{"b"});
}

TEST(MergedColumns, WhatIsHiddenInOneIsHiddenInTheSum) {
  Book book = counted({{1}, {2}, {3}}, 1);
  book.tables[0].at(0, 2) = BookCell();
  book.tables[0].at(0, 2).suppressed = true;
  const auto merged = with_merged_columns(book, 0, {{{{1}, {2}}, {1}, {"a"}}, {{{3}}, {3}, {"b"}}});
  ASSERT_TRUE(merged.has_value());
  EXPECT_TRUE(merged->tables[0].at(0, 1).suppressed);
  EXPECT_FALSE(merged->tables[0].at(0, 1).value);
  EXPECT_FALSE(merged->tables[0].at(0, 2).suppressed);
}

TEST(MergedColumns, ColumnsThatCannotBeMergedAreRefused) {
  const Book book = counted({{1}, {2}, {3}}, 1);
  Book overlapping = book;
  overlapping.tables[0].columns[1].n += 30;
  const std::vector<MergedColumn> kTwo = {{{{1}, {2}}, {1}, {"a"}}};
  EXPECT_THAT(with_merged_columns(overlapping, 0, kTwo).error().message, HasSubstr("overlap"));
  EXPECT_THAT(with_merged_columns(book, 1, kTwo).error().message, HasSubstr("no banner group 2"));
  EXPECT_FALSE(with_merged_columns(book, 0, {{{{1}, {9}}, {1}, {"a"}}}).has_value());
  EXPECT_FALSE(with_merged_columns(book, 0, {{{{1}, {1}}, {1}, {"a"}}}).has_value());
  EXPECT_FALSE(with_one_banner(book, 0, 0).has_value());
  EXPECT_FALSE(with_one_banner(book, 0, 2).has_value());
  EXPECT_FALSE(with_one_banner(book, 3, 1).has_value());
}

}  // namespace
}  // namespace barometer

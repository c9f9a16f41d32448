#include <algorithm>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/layout/display_internal.h"
#include "barometer/layout/example_test_internal.h"
#include "barometer/layout/print_internal.h"
#include "barometer/layout/printed_book.h"

namespace barometer {
namespace {

using testing::book_of;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::mean_cell;
using ::testing::Not;
using testing::row_of;
using testing::share_cell;
using testing::total_column;
using testing::trust_table;

std::string shown(const BookCell& cell, RowKind kind = RowKind::kCategory,
                  const PrintRules& rules = {}) {
  return printed_value(kind, cell, rules).text;
}

const PrintedRow& row_labelled(const PrintedTable& table, const std::string& label) {
  return *std::ranges::find_if(table.rows,
                               [&](const PrintedRow& row) { return row.label == label; });
}

TEST(PrintedCells, RoundHalfUpFromTheExactCount) {
  EXPECT_EQ(shown(share_cell(29, 200)), "15");
  EXPECT_EQ(shown(share_cell(57, 200)), "29");
  EXPECT_EQ(shown(share_cell(34, 80)), "43");
  EXPECT_EQ(shown(share_cell(90, 240)), "38");
  EXPECT_EQ(shown(share_cell(73, 200)), "37");
}

// Two roads: the printed percentage, and whole numbers alone: floor((200 k + n) / (2 n)).
TEST(PrintedCells, PrintEveryShareOfEveryBaseAsWholeNumbersDo) {
  for (long long n = 100; n <= 400; n += 7) {
    for (long long k = 0; k <= n; ++k) {
      const long long percent = (200 * k + n) / (2 * n);
      const std::string expected = percent == 0 && k > 0 ? "*" : std::to_string(percent);
      ASSERT_EQ(shown(share_cell(static_cast<double>(k), static_cast<double>(n))), expected)
          << k << " of " << n;
    }
  }
}

TEST(PrintedCells, HaveASymbolForEachReasonNotToShowAFigure) {
  BookCell suppressed;
  suppressed.suppressed = true;
  BookCell nobody;
  BookCell without_reason = share_cell(5, 100);
  without_reason.value = std::nullopt;
  BookCell weighted = share_cell(10, 25);
  weighted.value = 0.44;
  EXPECT_EQ(shown(suppressed), "[c]");
  EXPECT_EQ(shown(nobody), "[z]");
  EXPECT_EQ(shown(without_reason), "[x]");
  EXPECT_EQ(shown(weighted), "[u]");
  EXPECT_EQ(shown(share_cell(12, 25)), "12 of 25");
  EXPECT_EQ(shown(share_cell(20, 48)), "[42]");
  EXPECT_EQ(shown(share_cell(3, 9)), "[c]");
  EXPECT_EQ(shown(share_cell(1, 300)), "*");
  EXPECT_EQ(shown(share_cell(0, 300)), "0");
}

TEST(PrintedCells, PrintEverythingAsCountsWhereNoBaseIsLargeEnough) {
  PrintRules rules;
  rules.percent_base_under = 1'000'000;
  EXPECT_EQ(shown(share_cell(97, 101), RowKind::kCategory, rules), "97 of 101");
  EXPECT_EQ(shown(mean_cell(7.25, 101), RowKind::kMean, rules), "7.3");
}

TEST(PrintedCells, MeasuresOfACellWithoutPercentageHaveNoneEither) {
  const PrintRules rules;
  const auto text = [&](Measure measure, const BookCell& cell) {
    return printed_measure(measure, RowKind::kCategory, cell, rules).text;
  };
  const BookCell usual = share_cell(60, 200);
  EXPECT_EQ(text(Measure::kCount, usual), "60");
  EXPECT_EQ(text(Measure::kStandardError, usual), "3.0");
  EXPECT_EQ(text(Measure::kInterval, usual), "24 to 36");
  for (const Measure measure : {Measure::kCount, Measure::kWeightedCount, Measure::kStandardError,
                                Measure::kInterval, Measure::kPercent}) {
    EXPECT_EQ(text(measure, share_cell(3, 9)), "[c]");
  }
  EXPECT_EQ(text(Measure::kCount, share_cell(12, 25)), "12");
  EXPECT_EQ(text(Measure::kStandardError, share_cell(12, 25)), "[u]");
  EXPECT_EQ(text(Measure::kInterval, share_cell(12, 25)), "[u]");
}

TEST(PrintedCells, NetPromotersArePointsWithASign) {
  EXPECT_EQ(shown(mean_cell(-12.5, 200), RowKind::kNps), "-13");
  EXPECT_EQ(shown(mean_cell(4.4, 200), RowKind::kNps), "4");
}

TEST(PrintedBooks, StandBasesFirstAndAnswersUnderTheirNets) {
  const PrintedBook book = print_book(book_of({trust_table()}), "leaders.sav");
  const PrintedTable& table = book.tables.at(0);
  std::vector<std::string> labels;
  for (const PrintedRow& row : table.rows) {
    labels.push_back(std::string(static_cast<size_t>(row.level), '>') + row.label +
                     (row.measure == "base" ? "(base)" : ""));
  }
  EXPECT_THAT(labels, ElementsAre("Base", "NET: any trust", ">A great deal", ">Somewhat",
                                  "Not at all", "Don't know", "Mean", "(base)"));
  EXPECT_THAT(table.columns[1].headings, ElementsAre("Region", "North"));
  EXPECT_EQ(table.columns[1].id, "region:1");
  EXPECT_EQ(table.percent_base, "% of column");
  EXPECT_EQ(table.source, "leaders.sav");
  EXPECT_EQ(book.weighting, "Not weighted.");
  EXPECT_EQ(row_labelled(table, "NET: any trust").cells[1].letters, "B");
  EXPECT_EQ(row_labelled(table, "NET: any trust").cells[1].direction, 1);
  EXPECT_EQ(row_labelled(table, "Don't know").cells[0].text, "1");
  EXPECT_EQ(row_labelled(table, "Don't know").cells[1].text, "0");
}

TEST(PrintedBooks, AreWeightedAlsoWhereWeightsAddUpToTheCases) {
  BookTable table = trust_table();
  table.columns[0].effective_base = 180;
  const PrintedBook book = print_book(book_of({table}), "");
  EXPECT_EQ(book.weighting, "Weighted.");
  EXPECT_EQ(book.tables[0].rows[0].label, "Unweighted base");
  EXPECT_EQ(book.tables[0].rows[1].label, "Weighted base");
}

TEST(PrintedBooks, SayWhenRoundingShows) {
  const PrintedBook book = print_book(book_of({trust_table()}), "leaders.sav");
  const auto& notes = book.tables[0].notes;
  EXPECT_THAT(notes, Contains("'NET: any trust' is computed before rounding and differs from the "
                              "sum of its rounded parts: Total."));
  EXPECT_THAT(notes, Contains("Percentages do not add to 100 because each is rounded."));
  EXPECT_THAT(notes, Contains("Don't know is in the base."));
  EXPECT_THAT(notes, Contains("Not in the base: 3 without answer."));
  EXPECT_THAT(notes, Contains("Base under 100, where one answer is more than 1 percentage point: "
                              "Region: South."));
  EXPECT_THAT(notes, Contains(HasSubstr("at the 5% level, not adjusted for their number; none on "
                                        "a base under 30.")));
  EXPECT_THAT(book.rounding, HasSubstr("half up"));
}

// Slow and obvious: whatever the counts, the note stands exactly where a column of printed whole
// numbers does not make 100.
TEST(PrintedBooks, SayThatSumsMiss100ExactlyWhereTheyDo) {
  std::mt19937 random(7);
  size_t missed = 0;
  for (int trial = 0; trial < 300; ++trial) {
    BookTable table = trust_table();
    table.columns = {total_column(0)};
    table.rows.clear();
    table.cells.clear();
    std::vector<double> counts;
    double n = 0;
    for (int k = 1; k <= 4; ++k) {
      table.rows.push_back(row_of(RowKind::kCategory, std::to_string(k), "x", {k}));
      counts.push_back(static_cast<double>(random() % 200 + 30));
      n += counts.back();
    }
    long long sum = 0;
    for (const double count : counts) {
      table.cells.push_back(share_cell(count, n));
      sum += static_cast<long long>((200 * count + n) / (2 * n));
    }
    table.columns = {total_column(n)};
    missed += sum != 100 ? 1 : 0;
    const auto notes = print_book(book_of({table}), "").tables[0].notes;
    const bool said = std::ranges::any_of(notes, [](const std::string& note) {
      return note.find("do not add to 100") != std::string::npos;
    });
    ASSERT_EQ(said, sum != 100) << trial;
  }
  EXPECT_GT(missed, 30U);
}

TEST(PrintedBooks, LettersOfTwoLevelsAndSignsAndArrows) {
  BookTable table = trust_table();
  table.columns.push_back(testing::column_of(0, {3}, {"East"}, "AB", 150));
  std::vector<BookCell> cells;
  for (size_t r = 0; r < table.rows.size(); ++r) {
    for (size_t c = 0; c < 3; ++c) cells.push_back(table.cells[r * 3 + c]);
    cells.push_back(share_cell(75, 150));
  }
  table.cells = cells;
  table.at(1, 1).above = {2};
  table.at(1, 1).above_second = {3};
  table.at(2, 1).above = {2, 3};
  table.at(3, 1).against = -2;
  table.at(3, 2).against = 1;
  table.at(4, 2).arrow = Arrow::kDown;
  Book book = book_of({table});
  book.plan.significance.levels = {0.05, 0.10};
  const PrintedTable printed = print_book(book, "").tables[0];
  EXPECT_EQ(row_labelled(printed, "A great deal").cells[1].letters, "B ab");
  EXPECT_EQ(row_labelled(printed, "Somewhat").cells[1].letters, "B AB");
  EXPECT_EQ(row_labelled(printed, "Not at all").cells[1].letters, "--");
  EXPECT_EQ(row_labelled(printed, "Not at all").cells[1].direction, -1);
  EXPECT_EQ(row_labelled(printed, "Not at all").cells[2].letters, "A +");
  EXPECT_EQ(row_labelled(printed, "Don't know").cells[2].letters, "▼");
  EXPECT_THAT(printed.notes, Contains(HasSubstr("at the 5% level (upper case, ++, --) or the 10% "
                                                "level (lower case, +, -)")));
}

// What the note on tests begins with, of a book whose bases are tested from `least` on.
std::string test_note(BookTable table, int least, bool against_total = false) {
  table.tests.clear();
  for (BookCell& cell : table.cells) cell.above.clear();
  Book book = book_of({std::move(table)});
  book.plan.significance.least_base = least;
  book.plan.significance.against_total = against_total;
  const PrintedBook printed = print_book(book, "");
  for (const std::string& note : printed.tables[0].notes) {
    if (note.starts_with("No difference")) return note.substr(0, note.find(';'));
  }
  return "";
}

BookTable first_columns(size_t count) {
  BookTable table = trust_table();
  std::vector<BookCell> cells;
  for (size_t r = 0; r < table.rows.size(); ++r) {
    for (size_t c = 0; c < count; ++c) cells.push_back(table.at(r, c));
  }
  table.cells = std::move(cells);
  table.columns.resize(count);
  return table;
}

TEST(PrintedBooks, SayWhyNoDifferenceIsMarked) {
  const std::string tested = "No difference is marked";
  const auto none = [](int least) {
    return "No difference is tested: no two columns stand on a base of " + std::to_string(least) +
           " or more.";
  };
  EXPECT_EQ(test_note(trust_table(), 30), tested);        // 120 and 80
  EXPECT_EQ(test_note(trust_table(), 81), none(81));      // one column alone
  EXPECT_EQ(test_note(trust_table(), 1000), none(1000));  // none
  EXPECT_EQ(test_note(trust_table(), 81, true), tested);  // North against the total
  // A banner of one column, and none at all.
  EXPECT_EQ(test_note(first_columns(2), SignificancePlan().least_base), none(30));
  Book no_banner = book_of({first_columns(1)});
  no_banner.plan.banner.clear();
  const PrintedBook printed = print_book(no_banner, "");
  for (const std::string& note : printed.tables[0].notes) {
    EXPECT_THAT(note, Not(HasSubstr("difference")));
  }
}

TEST(PrintedBooks, SeveralMeasuresAreRowsOfTheirOwn) {
  Book book = book_of({trust_table()});
  book.plan.measures = {Measure::kPercent, Measure::kCount, Measure::kStandardError,
                        Measure::kInterval, Measure::kLetters};
  const PrintedTable table = print_book(book, "").tables[0];
  std::vector<std::string> of_somewhat;
  for (const PrintedRow& row : table.rows) {
    if (row.id == "2") of_somewhat.push_back(row.measure + " " + row.cells[0].text);
  }
  EXPECT_THAT(of_somewhat, ElementsAre("% 51", "n 101", "SE 3.0", "95% interval 45 to 57"));
  EXPECT_TRUE(table.has_measures());
}

TEST(PrintedBooks, GridsSayTheBaseOfEachItem) {
  BookTable table = trust_table();
  table.grid = true;
  table.columns.clear();
  for (const char* answer : {"1", "2"}) {
    BookColumn column;
    column.kind = ColumnKind::kOption;
    column.answer = answer;
    column.labels = {std::string("Option ") + answer};
    table.columns.push_back(column);
  }
  table.rows = {row_of(RowKind::kCategory, "leave_self", "Yourself", {}),
                row_of(RowKind::kCategory, "leave_boss", "Your boss", {})};
  table.cells = {share_cell(50, 94), share_cell(44, 94), share_cell(40, 91), share_cell(51, 91)};
  const PrintedTable printed = print_book(book_of({table}), "").tables[0];
  EXPECT_THAT(printed.columns[0].headings, ElementsAre("Base"));
  EXPECT_THAT(printed.columns[1].headings, ElementsAre("Option 1"));
  EXPECT_EQ(printed.columns[1].id, "option:1");
  EXPECT_EQ(printed.rows[0].cells[0].text, "94");
  EXPECT_EQ(printed.rows[1].cells[0].text, "91");
  EXPECT_EQ(printed.rows[1].cells[1].text, "44");
  EXPECT_EQ(printed.percent_base, "% of row");
}

TEST(PrintedBooks, WithheldCellsAndTheirTestsSayNothing) {
  BookTable table = trust_table();
  table.at(0, 1) = BookCell();
  table.at(0, 1).suppressed = true;
  GroupTest test;
  test.name = "Rao-Scott F";
  test.statistic = 7.5;
  table.group_tests = {test};
  const Book book = book_of({table});
  const PrintedBook printed = print_book(book, "");
  EXPECT_THAT(printed.tables[0].notes,
              Contains("Test of the table by Region: not shown, because cells are suppressed."));
  const std::string json = json_of(printed, book);
  EXPECT_THAT(json, Not(HasSubstr("p_adjusted")));
  EXPECT_THAT(json, Not(HasSubstr("7.5")));
  EXPECT_THAT(printed.symbols, Contains(std::pair<std::string, std::string>(
                                   "[c]", "suppressed: too few people stand behind it")));
}

TEST(DisplayText, LabelsBecomeOneLineOfWellFormedText) {
  EXPECT_EQ(clean_text("a\nb\tc"), "a b c");
  EXPECT_EQ(clean_text("\x1b[31mred"), "[31mred");
  EXPECT_EQ(clean_text("bad \xFF byte"), "bad \xEF\xBF\xBD byte");
  EXPECT_EQ(clean_text("abc\xE2\x80\xAEtxt"), "abctxt");  // right-to-left override
  EXPECT_EQ(clean_text(std::string_view("a\0b", 3)),
            "a\xEF\xBF\xBD"
            "b");
}

TEST(DisplayText, WidthsAreThoseOfATerminal) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("é"), 1U);
  EXPECT_EQ(display_width("e\xCC\x81"), 1U);  // a combining accent
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("😀"), 2U);
  EXPECT_EQ(display_width("שלום"), 4U);
}

TEST(DisplayText, WrapsAtBlanksAndWithinLongWords) {
  EXPECT_THAT(wrapped("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(wrapped("abcdefgh ij", 3), ElementsAre("abc", "def", "gh", "ij"));
  EXPECT_THAT(wrapped("日本語", 4), ElementsAre("日本", "語"));
  EXPECT_THAT(wrapped("", 4), ElementsAre(""));
  EXPECT_THAT(wrapped("one two three", 5, 2), ElementsAre("one", "two…"));
}

}  // namespace
}  // namespace barometer

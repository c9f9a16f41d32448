// What of a book readers may not see: suppressed, rounded or merged before anything is printed.
#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/hide.h"
#include "barometer/disclosure/banner_advice.h"
#include "barometer/disclosure/recode_book.h"
#include "barometer/disclosure/round_book.h"
#include "barometer/disclosure/suppress_book.h"
#include "cli/table.h"

namespace barometer::cli {
namespace {

// The base of a table with a filter of its own is a count of answers of another.
Status check_one_filter(const Book& book) {
  for (const BookTable& table : book.tables) {
    if (table.filter == book.tables.front().filter) continue;
    return fail(ErrorCode::kUnsupported,
                fmt::format("the table '{}' has a filter of its own, and the difference of two "
                            "bases is a count that is not attacked; --suppress-count, "
                            "--round-counts and --recode take a book of one filter",
                            printable(table.id)));
  }
  return {};
}

Status suppress_counts(const ReleaseRules& rules, const Io& io, Book& book) {
  const Book before = book;
  const BookSuppression done = TRY(suppress_book(book, rules, io.progress));
  const std::string loss = TRY(suppression_summary(before, book, rules, io.progress));
  if (!loss.empty()) io.err << "note: " << loss << '\n';
  if (done.not_proven > 0) {
    io.err << fmt::format(
        "note: the search for the least loss ended early for {} question{}; what is hidden is safe "
        "and may be more than needed\n",
        done.not_proven, done.not_proven == 1 ? "" : "s");
  }
  if (done.left > 0) {
    io.err << fmt::format("note: {} small count{} can still be worked out of the totals alone\n",
                          done.left, done.left == 1 ? "" : "s");
  }
  return {};
}

}  // namespace

Status suppress(const PrintRules& rules, const Io& io, Book& book) {
  if (rules.suppress_count_under > 1 || rules.uniform_under > 0) {
    TRY_DONE(check_one_filter(book));
    return suppress_counts(release_rules(rules), io, book);
  }
  for (BookTable& table : book.tables) {
    for (size_t row = 0; row < table.rows.size(); ++row) {
      for (size_t column = 0; column < table.columns.size(); ++column) {
        const BookCell& cell = table.at(row, column);
        if (cell.value && cell.n < rules.suppress_base_under) hide_cell(table, row, column);
      }
    }
  }
  return {};
}

namespace {

// What suppression would have cost, beside which the loss of another way is seen.
Result<std::string> cost_of_suppression(const Book& before, const ReleaseRules& rules,
                                        const Io& io) {
  Book hidden = before;
  TRY_DONE(suppress_book(hidden, rules, io.progress));
  const HiddenCells cells = hidden_cells(hidden);
  return fmt::format("Suppression (--suppress-count {}) would hide {} of {} cells.",
                     rules.count_under, cells.hidden, cells.cells);
}

Status round_counts(int step, ReleaseRules rules, const Io& io, Book& book) {
  const Book before = book;
  if (rules.count_under <= 1) rules.count_under = step;
  const BookRounding done = TRY(round_book(book, step, rules, io.progress));
  if (done.left > 0) {
    return fail(ErrorCode::kInvalid,
                fmt::format("--round-counts {}: {} A larger step, or --suppress-count, protects",
                            step, done.text()));
  }
  io.err << "note: " << done.text() << '\n';
  io.err << "note: " << TRY(cost_of_suppression(before, rules, io)) << '\n';
  const std::string note = fmt::format(
      "Counts and bases are rounded to multiples of {}, such that "
      "they add up; percentages are of the rounded counts.",
      step);
  for (BookTable& table : book.tables) table.notes.push_back(note);
  return {};
}

Status recode(ReleaseRules rules, const Io& io, MadeBook& made) {
  constexpr int kUsualLeast = 5;
  if (rules.count_under <= 1) rules.count_under = kUsualLeast;
  BookPlan plan = made.book.plan;
  const BookRecoding done = recode_plan(made.book, rules, plan);
  io.err << "note: " << done.text() << '\n';
  io.err << "note: " << TRY(cost_of_suppression(made.book, rules, io)) << '\n';
  if (done.merges()) made.book = TRY(made.again(plan));
  return suppress_counts(rules, io, made.book);  // what is left, seen from all tables together
}

}  // namespace

Status protect(const TableArguments& arguments, const Io& io, MadeBook& made) {
  Book& book = made.book;
  const PrintRules rules = book.plan.print;
  if (arguments.recode && arguments.round_counts) {
    return fail(ErrorCode::kInvalid, "--recode and --round-counts: one of the two");
  }
  if (arguments.recode) {
    TRY_DONE(check_one_filter(book));
    return recode(release_rules(rules), io, made);
  }
  if (!arguments.round_counts) return suppress(rules, io, book);
  if (rules.suppress_count_under > 1) {
    return fail(ErrorCode::kInvalid,
                "--round-counts stands in place of --suppress-count: one of the two");
  }
  TRY_DONE(check_one_filter(book));
  TRY_DONE(round_counts(*arguments.round_counts, release_rules(rules), io, book));
  return suppress(rules, io, book);
}

}  // namespace barometer::cli

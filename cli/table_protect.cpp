// What of a book readers may not see: suppressed, rounded or merged before anything is printed.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/hide.h"
#include "barometer/data/expression.h"
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

// What is not protected, but only too small to be read, says so: of a column the total and the
// columns beside it tell.
void hide_small_bases(const PrintRules& rules, const Io& io, Book& book) {
  bool told = false;
  for (BookTable& table : book.tables) {
    bool column_hidden = false;
    for (size_t row = 0; row < table.rows.size(); ++row) {
      for (size_t column = 0; column < table.columns.size(); ++column) {
        const BookCell& cell = table.at(row, column);
        if (!cell.value || cell.n >= rules.suppress_base_under) continue;
        hide_cell(table, row, column);
        column_hidden = column_hidden || table.columns[column].kind == ColumnKind::kCategory;
      }
    }
    if (!column_hidden || table.columns.size() < 3) continue;
    table.notes.push_back(
        fmt::format("Columns on a base under {} are left out as too small to be read, and not "
                    "protected: what they hold may follow from the columns that are shown.",
                    rules.suppress_base_under));
    told = true;
  }
  if (!told) return;
  io.err << fmt::format(
      "note: columns on a base under {} are not shown, and may follow from those that are; "
      "--suppress-count 5 also hides what gives them away\n",
      rules.suppress_base_under);
}

// Rules of a study protect people, whichever of them are set; of a file of data only those of
// counts do, and a base is one for reading.
bool protects(const PrintRules& rules, const MadeBook& made) {
  return rules.suppress_count_under > 1 || rules.uniform_under > 0 ||
         (made.study_rules && rules.suppress_base_under > 0);
}

Status suppress(const PrintRules& rules, const Io& io, MadeBook& made) {
  if (!protects(rules, made)) {
    hide_small_bases(rules, io, made.book);
    return {};
  }
  TRY_DONE(check_one_filter(made.book));
  return suppress_counts(release_rules(rules), io, made.book);
}

// ---- rules that are set aside -------------------------------------------------------------------

void note_everywhere(const std::string& note, const Io& io, Book& book) {
  io.err << "note: " << note << '\n';
  for (BookTable& table : book.tables) table.notes.push_back(note);
}

// By options or by the plan's own `print`.
void tell_rules_set_aside(const Io& io, MadeBook& made) {
  if (!made.study_rules) return;
  const PrintRules& study = *made.study_rules;
  const PrintRules& here = made.book.plan.print;
  std::vector<std::string> weaker;
  const auto compare = [&](const char* name, int of_study, int used) {
    if (used < of_study) weaker.push_back(fmt::format("{} {} (here {})", name, of_study, used));
  };
  compare("suppress_base_under", study.suppress_base_under, here.suppress_base_under);
  compare("suppress_count_under", study.suppress_count_under, here.suppress_count_under);
  compare("uniform_under", study.uniform_under, here.uniform_under);
  if (weaker.empty()) return;
  note_everywhere(fmt::format("The study's rules of disclosure were set aside: {}. This is for an "
                              "analyst's own eyes, not to be passed on.",
                              join(weaker, ", ")),
                  io, made.book);
}

// ---- filters beside a table of everyone ---------------------------------------------------------

struct FilterLoss {
  std::string of{};  // the table, and the column where it is of one
  int64_t all = 0, kept = 0;
};

const BookColumn* same_column(const BookTable& table, const BookColumn& like) {
  const auto found = std::ranges::find_if(table.columns, [&](const BookColumn& column) {
    return column.kind == like.kind && column.group == like.group && column.codes == like.codes &&
           column.answer == like.answer;
  });
  return found == table.columns.end() ? nullptr : &*found;
}

std::vector<FilterLoss> losses_of(const BookTable& all, const BookTable& kept) {
  std::vector<FilterLoss> losses;
  if (all.grid) {
    for (size_t r = 0; r < all.rows.size() && r < kept.rows.size() && !all.columns.empty(); ++r) {
      losses.push_back({fmt::format("'{}'", printable(all.rows[r].variable)),
                        std::llround(all.at(r, 0).n), std::llround(kept.at(r, 0).n)});
    }
    return losses;
  }
  for (const BookColumn& column : all.columns) {
    const BookColumn* same = same_column(kept, column);
    const std::string named =
        column.labels.empty() ? ""
                              : fmt::format(", column '{}'", printable(join(column.labels, ": ")));
    losses.push_back({fmt::format("'{}'{}", printable(all.id), named), std::llround(column.n),
                      same == nullptr ? 0 : std::llround(same->n)});
  }
  return losses;
}

// Either table of a column that is too small itself shows nothing of it.
bool is_telling(const FilterLoss& loss, int64_t least, bool whole) {
  const int64_t out = loss.all - loss.kept;
  if (loss.all < least) return false;
  return (out > 0 && out < least && loss.kept >= least) ||
         (whole && loss.kept > 0 && loss.kept < least);
}

// The difference between a table of those whom the filter keeps and one of everyone is a table of
// those whom it leaves out. Why that tells of few; "": it does not.
Result<std::string> few_left_out(const MadeBook& made, int64_t least) {
  BookPlan plan = made.book.plan;
  plan.filter.clear();
  for (RowsPlan& rows : plan.rows) rows.filter.clear();
  plan.significance.on = plan.rao_scott = false;
  const Book all = TRY(made.again(plan));
  for (size_t t = 0; t < all.tables.size() && t < made.book.tables.size(); ++t) {
    const BookTable& table = all.tables[t];
    const std::vector<FilterLoss> losses = losses_of(table, made.book.tables[t]);
    for (size_t i = 0; i < losses.size(); ++i) {
      const FilterLoss& loss = losses[i];
      const bool whole = table.grid || table.columns[i].kind == ColumnKind::kTotal;
      if (!is_telling(loss, least, whole)) continue;
      const std::string few = loss.kept < least ? std::string("so few")
                                                : fmt::format("the other {}", loss.all - loss.kept);
      return fmt::format(
          "the filter keeps {} of the {} of {}, which beside a table of all of them tells what {} "
          "said",
          loss.kept, loss.all, loss.of, few);
    }
  }
  return std::string();
}

// Tables by filter after filter are the columns of a banner, of which a small one, and others with
// it, would be hidden.
Result<std::string> few_in_group(const MadeBook& made, const std::string& filter, int64_t least) {
  const BookPlan& asked = made.book.plan;
  for (const std::string& name : TRY(Expression::parse(filter)).variables()) {
    const Variable* variable = made.codebook.find(name);
    if (variable == nullptr || variable->kind == VariableKind::kNumber) continue;
    if (variable->kind == VariableKind::kText) {
      return fmt::format("a filter by '{}' can single out anyone", printable(name));
    }
    BookPlan plan;
    plan.waves = asked.waves;
    plan.weights = asked.weights;
    plan.multi = asked.multi;
    plan.rows.push_back({.variables = {asked.rows.front().variables.front()}});
    plan.banner.push_back({.variables = {name}});
    for (const BookTable& table : TRY(made.again(plan)).tables) {
      for (const BookColumn& column : table.columns) {
        const int64_t n = std::llround(column.n);
        if (column.kind != ColumnKind::kCategory || n < 1 || n >= least) continue;
        return fmt::format(
            "'{}' has the group '{}' of {}, which tables filtered by the others would tell of",
            printable(name), printable(join(column.labels, ": ")), n);
      }
    }
  }
  return std::string();
}

// What has to be said of it where the analyst goes on; else kInvalid.
Result<std::string> check_filter(const TableArguments& arguments, const MadeBook& made) {
  const PrintRules& rules = made.book.plan.print;
  std::vector<std::string> filters;
  if (!made.book.plan.filter.empty()) filters.push_back(made.book.plan.filter);
  for (const RowsPlan& rows : made.book.plan.rows) {
    if (!rows.filter.empty()) filters.push_back(rows.filter);
  }
  if (filters.empty() || !protects(rules, made)) return std::string();
  const int64_t least = std::max(rules.suppress_base_under, rules.suppress_count_under);
  std::string why = TRY(few_left_out(made, least));
  for (size_t i = 0; i < filters.size() && why.empty(); ++i) {
    why = TRY(few_in_group(made, filters[i], least));
  }
  if (why.empty()) return why;
  why += fmt::format("; the rules protect groups under {}", least);
  if (arguments.own_eyes) {
    return fmt::format("For an analyst's own eyes, not to be passed on: {}.", why);
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("--filter: {}. --own-eyes makes the table for you alone", why));
}

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
  if (done.merges()) {
    leave_out_totals(done, plan);
    made.book = TRY(made.again(plan));
    for (const BookRecoding::Group& group : done.groups) {
      if (!group.is_total()) continue;
      for (BookTable& table : made.book.tables) {
        table.notes.push_back(fmt::format(
            "Not shown by '{}': merged until no column is too small, one is left, which is the "
            "total.",
            group.words));
      }
    }
  }
  return suppress_counts(rules, io, made.book);  // what is left, seen from all tables together
}

// In place of suppression, whoever asks for that: a step protects counts under it.
Status round_made(const TableArguments& arguments, const Io& io, MadeBook& made) {
  const PrintRules rules = made.book.plan.print;
  const int step = *arguments.round_counts;
  if (arguments.suppress_count.value_or(0) > 1) {
    return fail(ErrorCode::kInvalid,
                "--round-counts stands in place of --suppress-count: one of the two");
  }
  if (step < rules.suppress_count_under) {
    return fail(ErrorCode::kInvalid,
                fmt::format("--round-counts {}: {} asks that no count under {} can be told "
                            "(suppress_count_under); a step of {} or more keeps to it",
                            step, made.study_rules ? "study.yaml" : "the plan",
                            rules.suppress_count_under, rules.suppress_count_under));
  }
  Book& book = made.book;
  TRY_DONE(check_one_filter(book));
  std::vector<std::vector<uint8_t>> small(book.tables.size());
  for (size_t t = 0; t < book.tables.size(); ++t) {
    for (const BookCell& cell : book.tables[t].cells) {
      small[t].push_back(cell.value && cell.n < rules.suppress_base_under ? 1 : 0);
    }
  }
  TRY_DONE(round_counts(step, release_rules(rules), io, book));
  for (size_t t = 0; t < book.tables.size(); ++t) {  // by their true bases
    const size_t width = book.tables[t].columns.size();
    for (size_t i = 0; i < small[t].size(); ++i) {
      if (small[t][i] != 0) hide_cell(book.tables[t], i / width, i % width);
    }
  }
  hide_small_bases(rules, io, book);
  return {};
}

}  // namespace

Status protect(const TableArguments& arguments, const Io& io, MadeBook& made) {
  if (arguments.recode && arguments.round_counts) {
    return fail(ErrorCode::kInvalid, "--recode and --round-counts: one of the two");
  }
  const std::string own_eyes = TRY(check_filter(arguments, made));
  if (arguments.recode) {
    TRY_DONE(check_one_filter(made.book));
    TRY_DONE(recode(release_rules(made.book.plan.print), io, made));
  } else if (arguments.round_counts) {
    TRY_DONE(round_made(arguments, io, made));
  } else {
    TRY_DONE(suppress(made.book.plan.print, io, made));
  }
  if (made.published) fill_published(*made.published, made.book);
  tell_rules_set_aside(io, made);
  if (!own_eyes.empty()) note_everywhere(own_eyes, io, made.book);
  return {};
}

}  // namespace barometer::cli

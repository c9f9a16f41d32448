#include "barometer/disclosure/suppress_book.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "barometer/book/hide.h"
#include "barometer/disclosure/book_release_internal.h"
#include "barometer/disclosure/release_protect.h"
#include "barometer/disclosure/release_system.h"
#include "barometer/protection/suppression.h"

namespace barometer {
namespace {

class BookSuppressor {
 public:
  BookSuppressor(Book& book, const ReleaseRules& rules, const BookSuppressionOptions& options,
                 const Progress& progress)
      : book_(book),
        rules_(rules),
        options_(options),
        progress_(progress),
        bases_(bases_of(book)) {}

  Result<BookSuppression> run() {
    TRY_DONE(find_whole_numbers(book_, rules_, progress_));
    const Release truth = release_of_book(book_, rules_, bases_);
    find_primary(truth);
    TRY_DONE(find_cheapest(truth));
    apply();
    Release seen = release_of_book(book_, rules_, bases_);
    const ProtectedRelease done = TRY(protect_release(seen, {}, progress_));
    for (const HideAction& action : done.hidden) hide_action(truth, action);
    apply();
    hide_weighted_totals();
    out_.left = done.left.size();
    for (BookTable& table : book_.tables) tidy(table);
    return out_;
  }

 private:
  using Place = std::tuple<size_t, size_t, std::string>;  // group, question, answer

  static Place place_of(const ReleasedFigure& figure) {
    return {figure.group, figure.question, figure.answer};
  }

  void find_primary(const Release& truth) {
    for (const ReleasedFigure& figure : truth.figures) {
      if (!is_cell(figure) && !is_dont_know(figure)) continue;
      const bool small =
          rules_.is_small(*figure.count) || rules_.is_small(*figure.base - *figure.count);
      const bool hidden =
          *figure.base < rules_.base_under || (small && figure.role != FigureRole::kMean);
      if (hidden) hidden_.insert(place_of(figure));
    }
    primary_ = hidden_;
  }

  // Every question on its own: they share nothing but sizes that nobody says.
  Status find_cheapest(const Release& truth) {
    std::set<size_t> questions;
    for (const auto& [group, question, answer] : hidden_) questions.insert(question);
    const int64_t steps =
        options_.steps / static_cast<int64_t>(std::max<size_t>(questions.size(), 1));
    for (const size_t question : questions) {
      progress_.report("cells to hide", question, truth.questions.size());
      const bool done = TRY(hide_cheapest(truth, question, true, steps)) ||
                        TRY(hide_cheapest(truth, question, false, steps));
      if (!done) ++out_.not_proven;
    }
    return {};
  }

  // With totals shown, where they may be, each banner is a problem of its own; a total is the last
  // thing that a reader wants to miss. False: no way to hide enough; the attack hides what it
  // needs.
  Result<bool> hide_cheapest(const Release& truth, size_t question, bool totals, int64_t steps) {
    const auto is_given = [&](const ReleasedFigure& figure) {
      return totals && !truth.groups[figure.group].named && !hidden_.contains(place_of(figure));
    };
    Release bare;
    bare.rules = truth.rules;
    bare.groups = truth.groups;
    bare.questions = truth.questions;
    std::vector<const ReleasedFigure*> figures;
    std::set<Place> seen;
    for (const ReleasedFigure& figure : truth.figures) {
      if (figure.question != question || !figure.count) continue;
      const bool cell = is_cell(figure);
      const bool known = cell ? is_given(figure) : *figure.count >= rules_.base_under;
      if (known) bare.figures.push_back(figure);
      if (cell && !known && seen.insert(place_of(figure)).second) figures.push_back(&figure);
    }
    const auto system = TRY(ReleaseSystem::make(bare, ReleaseSystem::Rows::kNeeded));
    SuppressionProblem problem;
    problem.known = system.system();
    for (const ReleasedFigure* figure : figures) {
      problem.cells.push_back(cell_of(truth, system, *figure));
    }
    SuppressionOptions options;
    options.steps = steps;
    const auto result = suppress_cells(problem, options, progress_);
    if (!result && result.error().code == ErrorCode::kLimit) return tl::unexpected(result.error());
    for (size_t i = 0; result && i < figures.size(); ++i) {
      if (result->hidden[i] != 0) hidden_.insert(place_of(*figures[i]));
    }
    if (result && !result->optimal) ++out_.not_proven;
    return result.has_value();
  }

  SuppressibleCell cell_of(const Release& truth, const ReleaseSystem& system,
                           const ReleasedFigure& figure) const {
    SuppressibleCell cell;
    cell.sum = figure.role == FigureRole::kMean
                   ? system.score_sum(figure.group, figure.question)
                   : system.answer(figure.group, figure.question, figure.answer);
    cell.value = *figure.count;
    cell.cost = cost_of(truth, figure);
    cell.name = figure.id;
    if (hidden_.contains(place_of(figure))) set_protection(*figure.base, cell);
    return cell;
  }

  void set_protection(int64_t base, SuppressibleCell& cell) const {
    cell.sensitive = true;
    cell.slide = rules_.least_span();
    if (rules_.is_small(cell.value)) cell.upper = rules_.count_under - cell.value;
    const int64_t others = base - cell.value;
    if (rules_.is_small(others)) {
      cell.lower = std::min(cell.value, rules_.count_under - others);
    }
  }

  // Losing a cell costs more the more people it speaks of; a total and a NET most.
  static double cost_of(const Release& truth, const ReleasedFigure& figure) {
    const bool whole_group = !truth.groups[figure.group].named;
    const bool net = truth.questions[figure.question].net(figure.answer) != nullptr;
    const double people = 1 + std::log2(1 + static_cast<double>(*figure.count));
    return people * (whole_group ? 4 : 1) * (net ? 2 : 1) + (*figure.count == 0 ? 10 : 0);
  }

  void hide_action(const Release& truth, const HideAction& action) {
    for (const ReleasedFigure& figure : truth.figures) {
      if (figure.group != action.group || figure.question != action.question) continue;
      if (!is_cell(figure) && !is_dont_know(figure)) continue;
      const bool all = action.what == HideAction::What::kBase;
      if (all || figure.answer == action.answer) hidden_.insert(place_of(figure));
    }
  }

  // Tests that need the cell count as hidden with it.
  void hide(BookTable& table, size_t row, size_t column) {
    const size_t tests = table.tests.size();
    hide_cell(table, row, column);
    out_.others += tests - table.tests.size();
  }

  void apply() {
    const Release truth = release_of_book(book_, rules_, bases_);
    for (const ReleasedFigure& figure : truth.figures) {
      if (!is_cell(figure) && !is_dont_know(figure)) continue;
      if (!hidden_.contains(place_of(figure))) continue;
      const BookPlace at = place_of_cell(figure.id);
      hide(book_.tables.at(at.table), at.row, at.column);
      ++(primary_.contains(place_of(figure)) ? out_.primary : out_.secondary);
    }
  }

  static bool is_whole(const BookTable& table, size_t column) {
    const ColumnKind kind = table.columns[column].kind;
    return kind == ColumnKind::kTotal || kind == ColumnKind::kRest;
  }

  // In every table of the variable, whatever its banner.
  void hide_weighted_totals() {
    std::set<std::pair<std::string, std::string>> opened;
    for (const BookTable& table : book_.tables) {
      for (size_t r = 0; is_weighted(table) && r < table.rows.size(); ++r) {
        if (any_hidden_in_row(table, r)) {
          opened.insert({table.rows[r].variable, table.rows[r].answer});
        }
      }
    }
    for (BookTable& table : book_.tables) {
      for (size_t r = 0; r < table.rows.size(); ++r) {
        if (!opened.contains({table.rows[r].variable, table.rows[r].answer})) continue;
        for (size_t c = 0; c < table.columns.size(); ++c) {
          if (!is_whole(table, c) || table.at(r, c).suppressed) continue;
          hide(table, r, c);
          ++out_.secondary;
        }
      }
    }
  }

  static void withhold_spread(BookCell& cell) {
    if (!cell.se && !cell.lower) return;
    cell.se.reset();
    cell.lower.reset();
    cell.upper.reset();
    cell.no_interval = kSpreadWithheld;
  }

  // What was made of hidden cells goes with them.
  void tidy(BookTable& table) {
    if (book_.plan.percent == PercentBase::kRow && !table.grid) hide_rows(table);
    for (size_t c = 0; c < table.columns.size(); ++c) tidy_column(table, c);
    withhold_bases(table);
    for (size_t r = 0; r < table.rows.size(); ++r) tidy_row(table, r);
    for (GroupTest& test : table.group_tests) tidy_group(table, test);
  }

  // The base of a row percent is the count of the total.
  void hide_rows(BookTable& table) {
    for (size_t r = 0; r < table.rows.size(); ++r) {
      bool total_hidden = false;
      for (size_t c = 0; c < table.columns.size(); ++c) {
        total_hidden = total_hidden ||
                       (table.columns[c].kind == ColumnKind::kTotal && table.at(r, c).suppressed);
      }
      for (size_t c = 0; total_hidden && c < table.columns.size(); ++c) {
        if (table.at(r, c).suppressed) continue;
        hide(table, r, c);
        ++out_.secondary;
      }
    }
  }

  // Means and the like of the same people: of a column, in a grid of a row.
  void tidy_column(BookTable& table, size_t c) {
    bool any = false;
    for (size_t r = 0; r < table.rows.size(); ++r) {
      BookCell& cell = table.at(r, c);
      const bool made_of_hidden = table.grid ? any_hidden_in_row(table, r) : any_hidden(table, c);
      if (made_of_hidden && !is_share(table, r, c) && !cell.suppressed) {
        hide(table, r, c);
        ++out_.others;
      }
      any = any || cell.suppressed;
    }
    if (!any) return;
    table.not_asked = table.no_answer = table.refused = table.dont_know = 0;
    table.missing_withheld = true;
  }

  void tidy_row(BookTable& table, size_t r) {
    if (!any_hidden_in_row(table, r)) return;
    for (ColumnCovariances& of_group : table.covariances) {
      if (r < of_group.of_rows.size()) of_group.of_rows[r] = Matrix();
    }
    for (size_t c = 0; c < table.columns.size(); ++c) {
      BookCell& cell = table.at(r, c);
      if (is_whole(table, c)) withhold_spread(cell);
      // Set against a total, a rest or the column before, which may be hidden.
      cell.against = 0;
      cell.arrow = Arrow::kNone;
    }
  }

  static bool any_hidden_in_row(const BookTable& table, size_t row) {
    for (size_t c = 0; c < table.columns.size(); ++c) {
      if (table.at(row, c).suppressed) return true;
    }
    return false;
  }

  void tidy_group(const BookTable& table, GroupTest& test) {
    for (size_t c = 0; c < table.columns.size(); ++c) {
      const bool in_group =
          table.columns[c].group == test.group && table.columns[c].kind == ColumnKind::kCategory;
      if (!in_group || !any_hidden(table, c)) continue;
      const size_t group = test.group;
      test = GroupTest();
      test.group = group;
      test.reason = "suppressed: cells that it is made of are";
      ++out_.others;
      return;
    }
  }

  static bool any_hidden(const BookTable& table, size_t column) {
    for (size_t r = 0; r < table.rows.size(); ++r) {
      if (table.at(r, column).suppressed) return true;
    }
    return false;
  }

  Book& book_;
  const ReleaseRules& rules_;
  const BookSuppressionOptions& options_;
  const Progress& progress_;
  const BookBases bases_;
  std::set<Place> hidden_, primary_;
  BookSuppression out_;
};

}  // namespace

ReleaseRules release_rules(const PrintRules& print) {
  return {.count_under = print.suppress_count_under,
          .base_under = print.suppress_base_under,
          .uniform_under = print.uniform_under};
}

Result<BookSuppression> suppress_book(Book& book, const ReleaseRules& rules,
                                      const Progress& progress,
                                      const BookSuppressionOptions& options) {
  return BookSuppressor(book, rules, options, progress).run();
}

}  // namespace barometer

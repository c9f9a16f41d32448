#include "barometer/disclosure/suppress_book.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/book/hide.h"
#include "barometer/disclosure/book_groups_internal.h"
#include "barometer/disclosure/release_protect.h"
#include "barometer/disclosure/release_system.h"
#include "barometer/protection/suppression.h"

namespace barometer {
namespace {

int64_t whole(double count) { return std::llround(count); }

bool is_share(RowKind kind) {
  return kind == RowKind::kCategory || kind == RowKind::kNet || kind == RowKind::kTopBoxes ||
         kind == RowKind::kBottomBoxes;
}

// What a cell is of: in a grid its column says so, the rows there are the items.
struct Said {
  RowKind kind = RowKind::kCategory;
  std::string answer;
  std::vector<int> codes;
};

Said said_by(const BookTable& table, size_t row, size_t column) {
  if (!table.grid) return {table.rows[row].kind, table.rows[row].answer, table.rows[row].codes};
  const BookColumn& of = table.columns[column];
  return {of.figure, of.answer, of.codes};
}

bool is_share(const BookTable& table, size_t row, size_t column) {
  return is_share(said_by(table, row, column).kind);
}

std::string cell_id(size_t table, size_t row, size_t column) {
  return fmt::format("{}/{}/{}", table, row, column);
}

ReleasedQuestion question_of(const Variable& variable) {
  ReleasedQuestion out;
  out.id = variable.id;
  out.multi = variable.kind == VariableKind::kMulti;
  out.dont_know_in_base = variable.dont_know_in_base;
  for (const Category& category : variable.categories) {
    out.options.push_back(
        {category.code, category.dont_know, category.dont_know && !variable.dont_know_in_base});
  }
  return out;
}

using BookBases = std::vector<std::vector<double>>;

BookBases bases_of(const Book& book) {
  BookBases out;
  for (const BookTable& table : book.tables) {
    out.emplace_back();
    for (const BookColumn& column : table.columns) out.back().push_back(column.n);
  }
  return out;
}

// The release of a book, made table by table.
class BookReader {
 public:
  // `bases`: of the columns before anything was hidden, table by table.
  BookReader(const Book& book, const ReleaseRules& rules, const BookBases& bases)
      : book_(book), bases_of_(bases) {
    out_.rules = rules;
  }

  Release read() {
    BookGroups groups(book_, out_);
    for (size_t at = 0; at < book_.tables.size(); ++at) read_table(at, groups);
    groups.relate();
    return std::move(out_);
  }

 private:
  size_t question(const BookTable& table, size_t row) {
    const std::string id = table.grid ? table.rows[row].variable : table.variable.id;
    const size_t known = out_.question(id);
    if (known != kNowhere) return known;
    ReleasedQuestion made = question_of(table.variable);
    made.id = id;
    out_.questions.push_back(std::move(made));
    return out_.questions.size() - 1;
  }

  void add_options(size_t question, const std::vector<int>& codes) {
    auto& options = out_.questions[question].options;
    for (const int code : codes) {
      const bool known = std::ranges::any_of(
          options, [&](const ReleasedOption& option) { return option.code == code; });
      if (!known) options.push_back({code, false, false});
    }
  }

  // NETs and boxes of all tables of a variable are answers of one question.
  std::string answer_of(const Said& said, size_t question) {
    add_options(question, said.codes);
    if (said.kind == RowKind::kCategory && said.codes.size() == 1) {
      return std::to_string(said.codes.front());
    }
    if (said.codes.empty()) return {};
    auto& nets = out_.questions[question].nets;
    const auto same = std::ranges::find(nets, said.codes, &ReleasedNet::codes);
    if (same != nets.end()) return same->id;
    std::string id = said.answer;
    while (out_.questions[question].net(id) != nullptr) id += "'";
    nets.push_back({id, said.codes});
    return id;
  }

  void read_table(size_t at, BookGroups& groups) {
    const BookTable& table = book_.tables[at];
    for (size_t r = 0; r < table.rows.size(); ++r) {
      const size_t of = question(table, r);
      for (size_t c = 0; c < table.columns.size(); ++c) {
        if (!is_share(table, r, c) || table.rows[r].hidden) continue;
        read_cell(at, r, c, groups.of(table, table.columns[c], bases_of_.at(at).at(c)), of);
      }
    }
  }

  void read_cell(size_t at, size_t r, size_t c, size_t group, size_t question) {
    const BookTable& table = book_.tables[at];
    const BookCell& cell = table.at(r, c);
    // Row percents have another base, which is the total's count.
    const double base = table.grid ? cell.n : table.columns[c].n;
    ReleasedFigure figure;
    figure.group = group;
    figure.question = question;
    figure.answer = answer_of(said_by(table, r, c), question);
    figure.id = cell_id(at, r, c);
    figure.file = table.id;
    if (figure.answer.empty()) return;
    if (cell.suppressed) {
      figure.role = FigureRole::kHidden;
    } else if (base > 0) {
      figure.count = whole(cell.count);
      figure.base = whole(base);
      add_base(figure);
    } else {
      return;
    }
    out_.figures.push_back(std::move(figure));
  }

  void add_base(const ReleasedFigure& figure) {
    if (!bases_.insert({figure.group, figure.question}).second) return;
    ReleasedFigure base = figure;
    base.role = FigureRole::kBase;
    base.count = figure.base;
    base.base.reset();
    base.answer.clear();
    out_.figures.push_back(std::move(base));
  }

  const Book& book_;
  const BookBases& bases_of_;
  Release out_;
  std::set<std::pair<size_t, size_t>> bases_;
};

// ---- hiding -----------------------------------------------------------------------------------

class BookSuppressor {
 public:
  BookSuppressor(Book& book, const ReleaseRules& rules, const Progress& progress)
      : book_(book), rules_(rules), progress_(progress), bases_(bases_of(book)) {}

  Result<BookSuppression> run() {
    const Release truth = BookReader(book_, rules_, bases_).read();
    find_primary(truth);
    TRY_DONE(find_cheapest(truth));
    apply();
    Release seen = BookReader(book_, rules_, bases_).read();
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
      if (figure.role != FigureRole::kCount || !figure.count) continue;
      const bool hidden = *figure.base < rules_.base_under || rules_.is_small(*figure.count) ||
                          rules_.is_small(*figure.base - *figure.count);
      if (hidden) hidden_.insert(place_of(figure));
    }
    primary_ = hidden_;
  }

  // Every question on its own, over all its groups: they share nothing but unsaid sizes.
  Status find_cheapest(const Release& truth) {
    if (hidden_.empty()) return {};
    Release bare = truth;
    std::erase_if(bare.figures, [&](const ReleasedFigure& figure) {
      return figure.role == FigureRole::kCount ||
             (figure.role == FigureRole::kBase && *figure.count < rules_.base_under);
    });
    const ReleaseSystem system = TRY(ReleaseSystem::make(bare));
    for (size_t question = 0; question < truth.questions.size(); ++question) {
      SuppressionProblem problem;
      std::vector<Place> places;
      collect(truth, system, question, places, problem);
      if (std::ranges::none_of(problem.cells, &SuppressibleCell::sensitive)) continue;
      problem.known = system.system();
      SuppressionOptions options;
      options.seconds = 10;
      const auto result = suppress_cells(problem, options, progress_);
      // No way found: the attack afterwards hides what is needed.
      for (size_t i = 0; result && i < places.size(); ++i) {
        if (result->hidden[i] != 0) hidden_.insert(places[i]);
      }
    }
    return {};
  }

  void collect(const Release& truth, const ReleaseSystem& system, size_t question,
               std::vector<Place>& places, SuppressionProblem& problem) {
    std::set<Place> seen;
    for (const ReleasedFigure& figure : truth.figures) {
      if (figure.role != FigureRole::kCount || figure.question != question) continue;
      if (!seen.insert(place_of(figure)).second) continue;
      SuppressibleCell cell;
      cell.sum = system.answer(figure.group, question, figure.answer);
      cell.value = *figure.count;
      cell.cost = cost_of(truth, figure);
      cell.name = figure.id;
      if (hidden_.contains(place_of(figure))) set_protection(*figure.base, cell);
      places.push_back(place_of(figure));
      problem.cells.push_back(std::move(cell));
    }
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
      if (figure.role != FigureRole::kCount) continue;
      const bool all = action.what == HideAction::What::kBase;
      if (all || figure.answer == action.answer) hidden_.insert(place_of(figure));
    }
  }

  void hide(BookCell& cell) {
    BookCell bare;
    bare.suppressed = true;
    bare.reason = "suppressed: too few people stand behind it";
    cell = std::move(bare);
  }

  void apply() {
    const Release truth = BookReader(book_, rules_, bases_).read();
    for (const ReleasedFigure& figure : truth.figures) {
      if (figure.role != FigureRole::kCount || !hidden_.contains(place_of(figure))) continue;
      const auto parts = split(figure.id, '/');
      BookTable& table = book_.tables[std::stoul(parts[0])];
      hide(table.at(std::stoul(parts[1]), std::stoul(parts[2])));
      ++(primary_.contains(place_of(figure)) ? out_.primary : out_.secondary);
    }
  }

  static bool is_whole(const BookTable& table, size_t column) {
    const ColumnKind kind = table.columns[column].kind;
    return kind == ColumnKind::kTotal || kind == ColumnKind::kRest;
  }

  static bool is_weighted(const BookTable& table) {
    const auto differs = [](double base, double n) {
      constexpr double kAlike = 1e-9;
      return base > 0 && std::abs(base - n) > kAlike * n;
    };
    return std::ranges::any_of(table.columns, [&](const BookColumn& column) {
      return differs(column.weighted_base, column.n) || differs(column.effective_base, column.n);
    });
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
          hide(table.at(r, c));
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
    const auto gone = [&](size_t row, size_t column) { return table.at(row, column).suppressed; };
    out_.others += std::erase_if(table.tests, [&](const PairTest& test) {
      return gone(test.row, test.a) || gone(test.row, test.b);
    });
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
        hide(table.at(r, c));
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
        hide(cell);
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
      const auto gone = [&](size_t other) { return table.at(r, other).suppressed; };
      std::erase_if(cell.above, gone);
      std::erase_if(cell.above_second, gone);
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
  const Progress& progress_;
  const BookBases bases_;
  std::set<Place> hidden_, primary_;
  BookSuppression out_;
};

}  // namespace

Release release_of_book(const Book& book, const ReleaseRules& rules) {
  return BookReader(book, rules, bases_of(book)).read();
}

Result<BookSuppression> suppress_book(Book& book, const ReleaseRules& rules,
                                      const Progress& progress) {
  return BookSuppressor(book, rules, progress).run();
}

}  // namespace barometer

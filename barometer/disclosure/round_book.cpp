#include "barometer/disclosure/round_book.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/disclosure/book_release_internal.h"
#include "barometer/disclosure/release_asked_internal.h"
#include "barometer/disclosure/release_system.h"
#include "barometer/protection/rounding.h"

namespace barometer {
namespace {

constexpr int64_t kStepsEach = 10 * kStepsPerSecond;  // for a question

// What equations "sum = 0" among atoms leave free: each takes one atom out, wherever it occurs.
class Substitutions {
 public:
  void add(const LinearSum& equation) {
    const std::map<size_t, int64_t> terms = reduced(equation);
    const auto pivot = std::ranges::find_if(
        terms, [](const auto& term) { return term.second == 1 || term.second == -1; });
    if (pivot == terms.end()) return;
    std::map<size_t, int64_t> instead;
    for (const auto& [atom, coefficient] : terms) {
      if (atom != pivot->first) instead[atom] = -coefficient * pivot->second;
    }
    for (auto& [atom, sum] : instead_) put(pivot->first, instead, sum);
    instead_[pivot->first] = std::move(instead);
  }

  [[nodiscard]] LinearSum reduced_sum(const LinearSum& sum) const {
    LinearSum out;
    for (const auto& [atom, coefficient] : reduced(sum)) out.terms.emplace_back(atom, coefficient);
    return out;
  }

 private:
  using Sum = std::map<size_t, int64_t>;

  static void add_to(Sum& sum, size_t atom, int64_t coefficient) {
    int64_t& part = sum[atom];
    part += coefficient;
    if (part == 0) sum.erase(atom);
  }

  static void put(size_t atom, const Sum& instead, Sum& sum) {
    const auto at = sum.find(atom);
    if (at == sum.end()) return;
    const int64_t factor = at->second;
    sum.erase(at);
    for (const auto& [other, coefficient] : instead) add_to(sum, other, factor * coefficient);
  }

  [[nodiscard]] Sum reduced(const LinearSum& of) const {
    Sum sum;
    for (const auto& [atom, coefficient] : of.terms) {
      const auto instead = instead_.find(atom);
      if (instead == instead_.end()) {
        add_to(sum, atom, coefficient);
        continue;
      }
      for (const auto& [other, factor] : instead->second) add_to(sum, other, coefficient * factor);
    }
    return sum;
  }

  std::map<size_t, Sum> instead_;  // none of their atoms is itself replaced
};

class BookRounder {
 public:
  BookRounder(Book& book, int64_t step, const ReleaseRules& rules, const Progress& progress)
      : book_(book), step_(step), rules_(rules), progress_(progress) {
    out_.step = step;
  }

  Result<BookRounding> run() {
    TRY_DONE(check());
    const Release truth = release_of_book(book_, rules_, bases_of(book_));
    for (size_t question = 0; question < truth.questions.size(); ++question) {
      progress_.report("rounding", question, truth.questions.size());
      TRY_DONE(round_question(truth, question));
    }
    for (const ReleasedFigure& figure : truth.figures) {
      if (figure.role == FigureRole::kCount) write(figure);
    }
    for (BookTable& table : book_.tables) tidy(table);
    return out_;
  }

 private:
  using Place = std::tuple<size_t, size_t, std::string>;  // group, question, answer; "": the base

  static Place place_of(const ReleasedFigure& figure) {
    return {figure.group, figure.question, figure.answer};
  }

  [[nodiscard]] Status check() const {
    const auto no = [](const std::string& what) {
      return fail(ErrorCode::kUnsupported, "counts are rounded of tables of plain shares: " + what);
    };
    if (step_ < 2) return fail(ErrorCode::kInvalid, fmt::format("multiples of {}", step_));
    if (book_.plan.percent != PercentBase::kColumn)
      return no("not of percentages of rows or tables");
    const auto is_of_responses = [](const RowsPlan& rows) { return rows.responses; };
    if (std::ranges::any_of(book_.plan.rows, is_of_responses)) return no("not of responses");
    for (const BookTable& table : book_.tables) {
      const std::string name = fmt::format("'{}'", printable(table.id));
      if (is_weighted(table)) return no(name + " is weighted");
      if (table.variable.kind == VariableKind::kNumber) return no(name + " is a number");
      if (std::ranges::count(table.rows, RowKind::kDontKnow, &BookRow::kind) > 0) {
        return no(name + " has a row of those who do not know, of another base");
      }
    }
    return {};
  }

  Status round_question(const Release& truth, size_t question) {
    Release bare;
    bare.groups = truth.groups;
    bare.questions = truth.questions;
    std::vector<const ReleasedFigure*> figures;
    std::set<Place> seen;
    for (const ReleasedFigure& figure : truth.figures) {
      if (figure.question != question || !figure.count) continue;
      if (!seen.insert(place_of(figure)).second) continue;
      figures.push_back(&figure);
      bare.figures.push_back(figure);
      bare.figures.back().role = FigureRole::kHidden;
    }
    if (figures.empty()) return {};
    const auto system = TRY(ReleaseSystem::make(bare));
    Substitutions substitutions;
    for (const CountStatement& statement : system.system().statements) {
      if (statement.least == 0 && statement.most == 0) substitutions.add(statement.sum);
    }
    std::vector<LinearSum> sums;
    std::vector<int64_t> values;
    for (const ReleasedFigure* figure : figures) {
      sums.push_back(substitutions.reduced_sum(sum_of(system, *figure)));
      values.push_back(*figure->count);
    }
    add_remainders(bare, system, substitutions, figures, sums, values);
    const auto rounded = TRY(rounded_counts(sums, values, step_, kStepsEach, progress_));
    out_.next = out_.next && rounded.zero_restricted;
    for (size_t i = 0; i < figures.size(); ++i) {
      rounded_[place_of(*figures[i])] = rounded.counts[i];
      if (figures[i]->role == FigureRole::kBase) continue;
      ++out_.cells;
      out_.moved += rounded.counts[i] != values[i] ? 1U : 0U;
      out_.distance += std::abs(rounded.counts[i] - values[i]);
    }
    return attack(bare, system, figures, rounded);
  }

  // What must not fall below none: those in the base beyond its options, or without one of several
  // answers; those with a NET beyond one of its options.
  static void add_remainders(const Release& release, const ReleaseSystem& system,
                             const Substitutions& substitutions,
                             const std::vector<const ReleasedFigure*>& figures,
                             std::vector<LinearSum>& sums, std::vector<int64_t>& values) {
    std::map<Place, int64_t> known;
    for (const ReleasedFigure* figure : figures) known[place_of(*figure)] = *figure->count;
    const auto add = [&](const LinearSum& sum, int64_t value) {
      sums.push_back(substitutions.reduced_sum(sum));
      values.push_back(value);
    };
    for (const ReleasedFigure* figure : figures) {
      const ReleasedQuestion& q = release.questions[figure->question];
      const auto count_of = [&](const std::string& answer) {
        return known.find({figure->group, figure->question, answer});
      };
      const LinearSum whole = sum_of(system, *figure);
      const ReleasedNet* net = q.net(figure->answer);
      if (figure->role != FigureRole::kBase && (!q.multi || net == nullptr)) continue;
      LinearSum rest = whole;
      int64_t left = *figure->count;
      for (const ReleasedOption& option : q.options) {
        const std::string code = std::to_string(option.code);
        const bool inside = net == nullptr || std::ranges::count(net->codes, option.code) > 0;
        const auto count = count_of(code);
        if (!inside || option.outside || count == known.end()) continue;
        const LinearSum part = system.answer(figure->group, figure->question, code);
        if (q.multi) add(added(whole, part, -1), *figure->count - count->second);
        rest = added(rest, part, -1);
        left -= count->second;
      }
      if (!q.multi && left >= 0) add(rest, left);
    }
  }

  static LinearSum sum_of(const ReleaseSystem& system, const ReleasedFigure& figure) {
    return figure.role == FigureRole::kBase
               ? system.base(figure.group, figure.question)
               : system.answer(figure.group, figure.question, figure.answer);
  }

  // Counts that lie less than a step from what is printed, all of them together.
  Status attack(const Release& release, const ReleaseSystem& system,
                const std::vector<const ReleasedFigure*>& figures, const RoundedCounts& rounded) {
    if (rules_.count_under <= 1) return {};
    CountSystem seen = system.system();
    const int64_t room = rounded.zero_restricted ? step_ - 1 : 2 * step_ - 1;
    for (size_t i = 0; i < figures.size(); ++i) {
      const int64_t count = rounded.counts[i];
      seen.statements.push_back({sum_of(system, *figures[i]), std::max<int64_t>(count - room, 0),
                                 count + room, figures[i]->id});
    }
    std::vector<LinearSum> sums;
    std::set<std::vector<std::pair<size_t, int64_t>>> asked;
    for (AskedOfRelease& one : asked_of(release, system)) {
      const bool of_answer =
          one.role == AskedOfRelease::Role::kAnswer || one.role == AskedOfRelease::Role::kOutside;
      if (of_answer && asked.insert(one.sum.terms).second) sums.push_back(std::move(one.sum));
    }
    const auto is_small = [&](int64_t least, int64_t most) {
      return least >= 1 && most < rules_.count_under;
    };
    RangeOptions options;
    options.settled = [&](size_t, int64_t least, int64_t most) { return !is_small(least, most); };
    for (const SumRange& range : TRY(ranges_of(seen, sums, options, progress_))) {
      if (is_small(range.least, range.most)) ++out_.left;
    }
    return {};
  }

  void write(const ReleasedFigure& figure) {
    const BookPlace at = place_of_cell(figure.id);
    BookTable& table = book_.tables.at(at.table);
    BookCell& cell = table.at(at.row, at.column);
    BookCell out;
    out.count = out.weighted_count = static_cast<double>(rounded_.at(place_of(figure)));
    out.n = static_cast<double>(rounded_.at({figure.group, figure.question, ""}));
    out.weighted_base = out.effective_base = out.n;
    out.no_interval = kRoundedCounts;
    if (out.n > 0) {
      out.value = out.count / out.n;
      out_.points += 100 * std::abs(*out.value - cell.count / cell.n);
    } else {
      out.reason = "no base is left after rounding";
    }
    cell = std::move(out);
    if (table.grid) return;
    BookColumn& column = table.columns[at.column];
    column.n = column.weighted_base = column.effective_base = cell.n;
  }

  static void tidy(BookTable& table) {
    for (size_t r = 0; r < table.rows.size(); ++r) {
      for (size_t c = 0; c < table.columns.size(); ++c) {
        BookCell& cell = table.at(r, c);
        if (is_share(table, r, c) && !table.rows[r].hidden) continue;
        cell = BookCell();
        cell.reason = kRoundedCounts;
      }
    }
    table.tests.clear();
    table.covariances.clear();
    for (GroupTest& test : table.group_tests) {
      test = {.group = test.group, .name = test.name, .reason = kRoundedCounts};
    }
    table.not_asked = table.no_answer = table.refused = table.dont_know = 0;
    table.missing_withheld = true;
  }

  Book& book_;
  int64_t step_;
  const ReleaseRules& rules_;
  const Progress& progress_;
  std::map<Place, int64_t> rounded_;
  BookRounding out_;
};

}  // namespace

std::string BookRounding::text() const {
  const auto all = static_cast<double>(std::max<size_t>(cells, 1));
  std::string out = fmt::format(
      "Counts are rounded to multiples of {}: {} of {} moved, a count by {:.1f} on average and a "
      "share by {:.1f} points.",
      step, moved, cells, static_cast<double>(distance) / all, points / all);
  if (!next)
    out += " Some had to go further than to the multiple beside them, so that all adds up.";
  if (left > 0) {
    out += fmt::format(" {} small count{} can be worked out all the same.", left,
                       left == 1 ? "" : "s");
  }
  return out;
}

Result<BookRounding> round_book(Book& book, int64_t step, const ReleaseRules& rules,
                                const Progress& progress) {
  return BookRounder(book, step, rules, progress).run();
}

}  // namespace barometer

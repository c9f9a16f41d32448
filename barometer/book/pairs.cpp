#include "barometer/book/pairs_internal.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "barometer/significance/letters.h"

namespace barometer {
namespace {

using Eigen::Index;

// One row of a group of columns: its family of tests.
class RowTests {
 public:
  RowTests(const PairQuestion& asked, size_t row)
      : asked_(asked), form_(asked.first_row + row), form_of_(asked.forms.rows[form_]) {
    for (size_t g = 0; g < asked.figures.columns; ++g) columns_.push_back(figure(g));
    if (asked.plan.convention != Convention::kDesign) add_moments();
  }

  [[nodiscard]] std::vector<PairComparison> compared() const {
    const TestRules rules{.convention = asked_.plan.convention,
                          .adjustment = asked_.plan.adjustment,
                          .least_base = static_cast<double>(asked_.plan.least_base)};
    const auto overlap = [&](const ColumnPair& pair) { return overlap_of(pair); };
    return compare_row(columns_, pairs(), overlap, rules);
  }

 private:
  [[nodiscard]] std::vector<ColumnPair> pairs() const {
    const GroupColumns& group = asked_.group;
    std::vector<size_t> places(group.categories);
    std::iota(places.begin(), places.end(), size_t{0});
    const std::vector<size_t> total{group.total()};
    switch (with_of(asked_)) {
      case ColumnKind::kRest: {
        std::vector<size_t> rests(group.categories);
        std::iota(rests.begin(), rests.end(), group.categories);
        return pairs_with(places, rests);
      }
      case ColumnKind::kTotal:
        return pairs_with(places, total);
      default:
        return asked_.sequence ? steps(places) : pairs_of(places);
    }
  }

  // Waves within what they are nested in: there is no step from the last wave of one group to the
  // first of the next.
  [[nodiscard]] std::vector<ColumnPair> steps(const std::vector<size_t>& places) const {
    std::vector<ColumnPair> found = steps_of(places);
    std::erase_if(found, [&](const ColumnPair& step) {
      const std::vector<int>& to = asked_.group.columns[step.a].codes;
      const std::vector<int>& from = asked_.group.columns[step.b].codes;
      return !std::equal(to.begin(), to.end() - 1, from.begin());
    });
    return found;
  }

  [[nodiscard]] const Matrix& covariances() const { return asked_.spread.covariances[form_]; }

  // Without a value or a standard error a column is as one without cases.
  [[nodiscard]] ColumnFigure figure(size_t g) const {
    const size_t at = asked_.figures.at(form_, g);
    ColumnFigure made{.share = form_of_.share()};
    const bool known = asked_.spread.no_variance[at] == 0 && covariances().size() > 0;
    if (!asked_.figures.reason[at].empty() || !known) return made;
    made.value = asked_.figures.value[at];
    made.n = asked_.figures.n[at];
    made.weighted_base = asked_.figures.weighted_base[at];
    made.effective_base = asked_.figures.effective_base[at];
    made.se = std::sqrt(std::max(0.0, asked_.spread.variance[at]));
    const size_t total = form_of_.base * asked_.figures.columns + asked_.group.total();
    made.df = asked_.df ? *asked_.df : asked_.spread.df[total];
    return made;
  }

  // What the other conventions look at: sums over the cases of each column.
  void add_moments() {
    std::vector<ColumnSums> sums(columns_.size());
    const RowBase& base = asked_.forms.bases[form_of_.base];
    for (size_t cell = 0; cell < base.in.size(); ++cell) {
      if (base.in[cell] == 0) continue;
      const double y = form_of_.z[cell];
      const double w = asked_.sums.w[cell], ww = asked_.sums.w2[cell];
      const ColumnSums of_cell{
          static_cast<double>(asked_.sums.n[cell]), w, ww, w * y, w * y * y, ww * y, ww * y * y};
      for (const uint32_t g : asked_.group.places.of(cell)) sums[g] += of_cell;
    }
    for (size_t g = 0; g < columns_.size(); ++g) {
      const ColumnFigure made = figure_of(sums[g], form_of_.share());
      columns_[g].variance = made.variance;
      columns_[g].wwy = made.wwy;
      columns_[g].wwyy = made.wwyy;
    }
  }

  [[nodiscard]] Overlap overlap_of(const ColumnPair& pair) const {
    Overlap both;
    both.covariance = covariances()(static_cast<Index>(pair.a), static_cast<Index>(pair.b));
    if (asked_.plan.convention == Convention::kDesign) return both;
    double squares = 0;
    const RowBase& base = asked_.forms.bases[form_of_.base];
    for (size_t cell = 0; cell < base.in.size(); ++cell) {
      const auto in = asked_.group.places.of(cell);
      const bool here = base.in[cell] != 0 && std::ranges::count(in, pair.a) > 0 &&
                        std::ranges::count(in, pair.b) > 0;
      if (!here) continue;
      both.n += static_cast<double>(asked_.sums.n[cell]);
      both.weighted_base += asked_.sums.w[cell];
      squares += asked_.sums.w2[cell];
    }
    if (squares > 0) both.effective_base = both.weighted_base * both.weighted_base / squares;
    return both;
  }

  const PairQuestion& asked_;
  size_t form_;
  const RowForm& form_of_;
  std::vector<ColumnFigure> columns_;
};

PairTest test_of(const PairComparison& compared, size_t row, ColumnKind with) {
  PairTest test;
  test.row = row;
  test.a = compared.pair.a;
  test.b = compared.pair.b;
  test.with = with;
  test.difference = compared.comparison.difference;
  test.se = compared.comparison.se;
  test.statistic = compared.comparison.statistic;
  test.df = compared.comparison.df;
  test.p = compared.comparison.p;
  test.p_adjusted = compared.p_adjusted;
  return test;
}

void mark(const PairQuestion& question, const std::vector<PairComparison>& compared,
          std::span<BookCell> cells) {
  const std::vector<double>& levels = question.plan.levels;
  if (with_of(question) == ColumnKind::kCategory && !question.sequence) {
    std::vector<Letters> letters = letters_of(cells.size(), compared, levels);
    for (size_t g = 0; g < cells.size(); ++g) {
      cells[g].above = std::move(letters[g].above);
      cells[g].above_second = std::move(letters[g].above_second);
    }
    return;
  }
  for (const PairComparison& test : compared) {
    const int direction = direction_of(test, levels);
    BookCell& cell = cells[test.pair.a];
    if (!question.sequence) {
      cell.against = direction;
    } else if (std::abs(direction) == 2) {
      cell.arrow = direction > 0 ? Arrow::kUp : Arrow::kDown;
    }
  }
}

}  // namespace

ColumnKind with_of(const PairQuestion& question) {
  if (question.sequence) return ColumnKind::kCategory;
  if (question.plan.against_rest) return ColumnKind::kRest;
  return question.plan.against_total ? ColumnKind::kTotal : ColumnKind::kCategory;
}

std::vector<PairTest> pair_tests(const PairQuestion& question, std::span<BookCell> cells) {
  std::vector<PairTest> found;
  if (question.spread.covariances.empty()) return found;
  const size_t columns = question.figures.columns;
  for (size_t row = 0; row < question.rows; ++row) {
    const RowKind kind = question.forms.rows[question.first_row + row].kind;
    if (kind == RowKind::kMedian || kind == RowKind::kStandardDeviation) continue;
    const std::vector<PairComparison> compared = RowTests(question, row).compared();
    for (const PairComparison& each : compared) {
      if (!each.comparison.reason.empty()) continue;
      found.push_back(test_of(each, row, with_of(question)));
    }
    mark(question, compared, cells.subspan(row * columns, columns));
  }
  return found;
}

}  // namespace barometer

#include "barometer/book/part_internal.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "barometer/base/student_t.h"
#include "barometer/book/pairs_internal.h"
#include "barometer/book/rows_internal.h"
#include "barometer/estimate/interval.h"

namespace barometer {
namespace {

constexpr const char* kNoDf = "the base has no degrees of freedom";
constexpr const char* kNoOne =
    "no one in the base has this answer, so its sampling error cannot be estimated";
constexpr const char* kEveryone =
    "everyone in the base has this answer, so its sampling error cannot be estimated";
constexpr const char* kMomentsOnly =
    "of so many cases the sums of values and of their squares are known, not the values";

class PartMaker {
 public:
  PartMaker(const Design& design, const Cells& cells, const PartQuestion& asked)
      : design_(design), cells_(cells), asked_(asked) {}

  Result<Part> make() {
    const Codebook& codebook = cells_.data.codebook();
    const size_t index = *codebook.index_of(asked_.variable);
    part_.variable = codebook.variables()[index];
    const GivenAnswers given = given_answers(part_.variable, cells_.data.column(index));
    const RowVariable row = row_variable(part_.variable, cells_.data.column(index), given);
    part_.missing = missing_cases(part_.variable, given, cells_.sums.n);
    part_.rows = asked_.rows != nullptr ? *asked_.rows : TRY(planned_rows(row));
    TRY_DONE(add_columns());
    make_forms(row);
    figures_ = figures_of(cells_.sums, forms_, part_.group.places);
    const bool pairs = tests() || asked_.options.covariances;
    spread_ = asked_.sample != nullptr
                  ? spread_of_cases(sample(), cells_, figures_, forms_, part_.group, pairs)
                  : spread_of(design_, cells_.sums, figures_, forms_, part_.group, pairs);
    add_bases();
    for (size_t r = 0; r < part_.rows.size(); ++r) {
      for (size_t g = 0; g < part_.group.columns.size(); ++g) add_cell(r, g);
    }
    TRY_DONE(add_all_medians(row));
    add_tests();
    if (asked_.plan.rao_scott && asked_.group != nullptr) add_group_test();
    if (asked_.options.covariances && !spread_.covariances.empty()) {
      spread_.covariances.resize(part_.rows.size());
      part_.covariances = std::move(spread_.covariances);
    }
    return std::move(part_);
  }

 private:
  // Most parts need none: sums by unit are enough.
  const PartSample& sample() {
    if (!sample_ && asked_.sample != nullptr) sample_.emplace(*asked_.sample, cells_);
    if (!sample_) sample_.emplace(design_, cells_.sums);
    return *sample_;
  }

  [[nodiscard]] bool tests() const {
    return asked_.plan.significance.on && part_.group.categories > 0;
  }

  Result<std::vector<BookRow>> planned_rows(const RowVariable& row) const {
    const auto weight = [&](const std::vector<int>& codes) {
      return weight_of_codes(row, codes, asked_.rows_plan.responses, cells_.sums.w);
    };
    if (!asked_.rows_plan.grid) return rows_of(part_.variable, asked_.rows_plan, weight);
    RowsPlan options = asked_.rows_plan;  // the columns of a grid: its items are what is sorted
    options.order = RowOrder::kQuestionnaire;
    options.rank = false;
    return rows_of(part_.variable, options, weight);
  }

  Status add_columns() {
    std::vector<const Variable*> variables;
    std::vector<GivenAnswers> given;
    const Codebook& codebook = cells_.data.codebook();
    if (asked_.group != nullptr) {
      for (const std::string& id : asked_.group->variables) {
        const size_t index = *codebook.index_of(id);
        variables.push_back(&codebook.variables()[index]);
        given.push_back(given_answers(*variables.back(), cells_.data.column(index)));
      }
    }
    const bool rests = asked_.group != nullptr &&
                       (asked_.group->rest ||
                        (asked_.plan.significance.on && asked_.plan.significance.against_rest));
    const size_t cells = cells_.sums.cell_count;
    part_.group = asked_.group == nullptr
                      ? TRY(group_columns(variables, given, cells, rests))
                      : TRY(group_columns(variables, given, cells, rests, asked_.group->merged));
    return {};
  }

  // It would tell of the columns before they were merged.
  void add_group_test() {
    if (asked_.group->merged.empty()) {
      part_.group_test = rao_scott(sample(), cells_, part_.variable, asked_.group->variables);
    } else {
      part_.group_test.emplace().reason = "not made where columns are merged";
    }
  }

  // Shares of other bases are not what tests compare: those of the columns follow them then.
  void make_forms(const RowVariable& row) {
    forms_ = forms_of(row, part_.rows, asked_.rows_plan, asked_.plan.percent);
    if (asked_.plan.percent == PercentBase::kColumn || !tests()) return;
    first_tested_ = forms_.rows.size();
    RowForms tested = forms_of(row, part_.rows, asked_.rows_plan, PercentBase::kColumn);
    for (RowForm& form : tested.rows) forms_.rows.push_back(std::move(form));
  }

  void add_bases() {
    for (size_t g = 0; g < part_.group.columns.size(); ++g) {
      BookColumn& column = part_.group.columns[g];
      const BaseSums& bases = figures_.bases;
      column.n = bases.n[g];
      column.weighted_base = bases.w[g];
      if (bases.w2[g] > 0) column.effective_base = bases.w[g] * bases.w[g] / bases.w2[g];
    }
  }

  void add_cell(size_t r, size_t g) {
    const size_t at = figures_.at(r, g);
    BookCell cell;
    cell.n = figures_.n[at];
    cell.count = figures_.count[at];
    cell.weighted_count = figures_.weighted_count[at];
    cell.weighted_base = figures_.weighted_base[at];
    cell.effective_base = figures_.effective_base[at];
    cell.reason = figures_.reason[at];
    if (cell.reason.empty() && part_.rows[r].kind != RowKind::kMedian) {
      cell.value = figures_.value[at];
      add_error(r, g, cell);
    }
    part_.cells.push_back(std::move(cell));
  }

  // Of few df, each asked for often.
  TReach reach_of(double df) {
    const double level = asked_.plan.print.level;
    auto [found, added] = quantiles_.try_emplace(df, 0.0);
    if (added) found->second = t_quantile(level, df);
    return {found->second, level};
  }

  void add_error(size_t r, size_t g, BookCell& cell) {
    const RowForm& form = forms_.rows[r];
    if (spread_.no_variance[figures_.at(r, g)] != 0) {
      cell.no_interval = spread_.why_none;
      return;
    }
    if (form.kind == RowKind::kStandardDeviation && by_moments()) {
      cell.no_interval = kMomentsOnly;
      return;
    }
    cell.se = std::sqrt(std::max(0.0, spread_.variance[figures_.at(r, g)]));
    const size_t base = form.of == PercentBase::kColumn ? g : part_.group.total();
    const double df =
        asked_.options.df.value_or(spread_.df[form.base * part_.group.columns.size() + base]);
    cell.df = df;
    if (!(df > 0)) {
      cell.no_interval = kNoDf;
      return;
    }
    const std::optional<Interval> interval =
        form.share() ? logit_interval(*cell.value, *cell.se, reach_of(df))
                     : t_interval(*cell.value, *cell.se, reach_of(df));
    if (!interval) {
      cell.no_interval = *cell.value <= 0 ? kNoOne : kEveryone;
      return;
    }
    cell.lower = interval->lower;
    cell.upper = interval->upper;
  }

  // Whether the cells stand for the values of a number without being these.
  [[nodiscard]] bool by_moments() const {
    if (part_.variable.kind != VariableKind::kNumber) return false;
    for (size_t i = 0; i < cells_.sums.cell_count; ++i) {
      if (cells_.sums.n[i] == 0 && cells_.sums.w[i] != 0) return true;
    }
    return false;
  }

  Status add_all_medians(const RowVariable& row) {
    const size_t columns = part_.group.columns.size();
    for (size_t r = 0; r < part_.rows.size(); ++r) {
      if (part_.rows[r].kind != RowKind::kMedian) continue;
      TRY_DONE(add_medians(sample(), cells_.sums, row, asked_.rows_plan, part_.group.places,
                           asked_.options, asked_.plan.print.level,
                           std::span(part_.cells).subspan(r * columns, columns)));
    }
    return {};
  }

  void add_tests() {
    if (!tests()) return;
    const PairQuestion question{asked_.plan.significance,
                                asked_.group->sequence,
                                cells_.sums,
                                forms_,
                                part_.group,
                                figures_,
                                spread_,
                                first_tested_,
                                part_.rows.size(),
                                asked_.options.df};
    part_.tests = pair_tests(question, part_.cells);
  }

  const Design& design_;
  const Cells& cells_;
  const PartQuestion& asked_;
  std::optional<PartSample> sample_;
  Part part_;
  RowForms forms_;
  size_t first_tested_ = 0;
  Figures figures_;
  Spread spread_;
  std::map<double, double> quantiles_;  // of t, by df
};

}  // namespace

Result<Part> make_part(const Design& design, const Cells& cells, const PartQuestion& question) {
  return PartMaker(design, cells, question).make();
}

}  // namespace barometer

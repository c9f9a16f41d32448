#include "barometer/reconstruct/counts.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>

#include <z3++.h>

namespace barometer {
namespace {

constexpr unsigned kCheckMilliseconds = 30'000;

// a ± b, for the small denominators of printed figures.
Ratio added(const Ratio& a, const Ratio& b, int64_t sign) {
  return {a.numerator * b.denominator + sign * b.numerator * a.denominator,
          a.denominator * b.denominator};
}

// What the figure of now must print as for the change to be the difference of printed figures.
std::optional<Decimal> implied_print(const PublishedRow& row) {
  Decimal change = row.value;
  const Decimal& earlier = row.earlier->printed;
  if (change.places > earlier.places) return std::nullopt;
  for (; change.places < earlier.places; ++change.places) change.digits *= 10;
  return Decimal{earlier.digits + change.digits, earlier.places};
}

RoundingInterval shifted(const RoundingInterval& interval, const Ratio& by) {
  return {added(interval.lower, by, 1), added(interval.upper, by, 1), interval.lower_in,
          interval.upper_in};
}

// The rows of one item as Z3 constraints: each row waits for its own switch to be assumed, so that
// any subset can be tested.
class ItemModel {
 public:
  ItemModel(const ItemProblem& problem, const Progress& progress)
      : problem_(problem), progress_(progress), solver_(make_solver()), base_(context_) {
    base_ = context_.int_const("base");
    solver_.add(base_ >= 1 && base_ <= number(problem.respondents));
    for (size_t i = 0; i < problem.option_count; ++i) {
      counts_.push_back(context_.int_const(("count" + std::to_string(i)).c_str()));
      solver_.add(counts_.back() >= 0 && counts_.back() <= base_);
    }
    if (problem.single_coded) solver_.add(total() == base_);
    for (size_t i = 0; i < problem.rows.size(); ++i) add_row(i);
  }

  // Whether the rows can hold together, and perhaps more: kept in satisfied().
  Result<bool> can_hold(const std::vector<size_t>& rows) {
    z3::expr_vector switches(context_);
    for (const size_t row : rows) switches.push_back(switches_[row]);
    return decide(solver_.check(switches));
  }

  // The rows that hold in the last solution found.
  std::vector<bool> satisfied() {
    const z3::model model = solver_.get_model();
    std::vector<bool> out;
    for (const z3::expr& row : constraints_) out.push_back(model.eval(row, true).is_true());
    return out;
  }

  // From here on every row holds.
  void require_all_rows() {
    for (const z3::expr& row : constraints_) solver_.add(row);
  }
  void require_base(int64_t base) { solver_.add(base_ == number(base)); }
  // From here on changes are differences of printed figures, if they all can be at once.
  Status prefer_printed_changes() {
    z3::expr all = context_.bool_val(true);
    for (const z3::expr& change : printed_changes_) all = all && change;
    if (TRY(holds_with(all))) solver_.add(all);
    return {};
  }

  Result<bool> base_fits(int64_t base) { return holds_with(base_ == number(base)); }

  // Least and most of a sum over all solutions. Needs one solution to exist.
  Result<WholeRange> bounds(const CountSum& sum) {
    const z3::expr value = expression(sum);
    TRY(holds_with(context_.bool_val(true)));
    CHECK(found_, "bounds are asked of satisfiable rows");
    const int64_t known = number_in_model(value);
    const int64_t low = TRY(extreme(value, known, -1));
    return WholeRange{low, TRY(extreme(value, known, 1))};
  }

  // The value of a sum nearest to `target` in any solution; from here on it is that.
  Result<int64_t> fix_nearest(const CountSum& sum, int64_t target) {
    const z3::expr exact = expression(sum);
    if (TRY(holds_with(exact == number(target)))) {
      solver_.add(exact == number(target));
      return target;
    }
    const WholeRange range = TRY(bounds(sum));
    const int64_t start = std::clamp(target, range.low, range.high);
    for (int64_t away = 0; away <= range.size(); ++away) {
      for (const int64_t value : {start + away, start - away}) {
        if (!range.contains(value) || !TRY(holds_with(exact == number(value)))) continue;
        solver_.add(exact == number(value));
        return value;
      }
    }
    CHECK(false, "a sum between its bounds exists");
    return start;
  }

  // Whether some solution prints otherwise.
  Result<bool> may_print_otherwise(const CountSum& sum, const Decimal& printed) {
    return holds_with(!within(rounding_interval(printed, problem_.rounding), expression(sum),
                              sum.scored ? 1 : 100));
  }

 private:
  z3::solver make_solver() {
    context_.set_enable_exceptions(false);
    z3::solver solver(context_, "QF_LIA");
    z3::params params(context_);
    params.set("timeout", kCheckMilliseconds);
    solver.set(params);
    return solver;
  }

  z3::expr number(int64_t value) { return context_.int_val(value); }

  z3::expr total() {
    z3::expr sum = number(0);
    for (const z3::expr& count : counts_) sum = sum + count;
    return sum;
  }

  z3::expr expression(const CountSum& sum) {
    z3::expr out = number(0);
    for (const size_t option : sum.options) {
      out = out + (sum.scored ? number(problem_.scores.at(option)) * counts_.at(option)
                              : counts_.at(option));
    }
    return out;
  }

  // unit · sum / base lies in the interval, multiplied out.
  z3::expr within(const RoundingInterval& interval, const z3::expr& sum, int64_t unit) {
    const z3::expr below = number(interval.lower.numerator) * base_;
    const z3::expr above = number(interval.upper.numerator) * base_;
    const z3::expr over_low = number(unit * interval.lower.denominator) * sum;
    const z3::expr over_high = number(unit * interval.upper.denominator) * sum;
    return (interval.lower_in ? below <= over_low : below < over_low) &&
           (interval.upper_in ? over_high <= above : over_high < above);
  }

  z3::expr constraint(const PublishedRow& row) {
    const z3::expr sum = expression(row.sum);
    if (row.kind == PublishedRow::Kind::kCount) {
      return number(row.value.ratio().denominator) * sum == number(row.value.digits);
    }
    const int64_t unit = row.kind == PublishedRow::Kind::kShare ? 100 : 1;
    const RoundingInterval interval = rounding_interval(row.value, problem_.rounding);
    if (!row.earlier) return within(interval, sum, unit);
    const z3::expr unrounded = within(shifted(interval, row.earlier->exact), sum, unit);
    const std::optional<Decimal> implied = implied_print(row);
    const z3::expr printed = implied
                                 ? within(rounding_interval(*implied, problem_.rounding), sum, unit)
                                 : context_.bool_val(false);
    printed_changes_.push_back(printed);
    return unrounded || printed;
  }

  void add_row(size_t index) {
    const PublishedRow& row = problem_.rows[index];
    z3::expr holds = constraint(row);
    if (row.base) holds = holds && base_ == number(*row.base);
    const z3::expr assumed = context_.bool_const(("row" + std::to_string(index)).c_str());
    solver_.add(z3::implies(assumed, holds));
    switches_.push_back(assumed);
    constraints_.push_back(holds);
  }

  Result<bool> decide(z3::check_result result) {
    CHECK(context_.check_error() == Z3_OK, "the constraints are well-formed");
    if (progress_.stopped()) return fail(ErrorCode::kLimit, "stopped");
    if (result == z3::unknown) {
      return fail(ErrorCode::kLimit, "the solver found neither a solution nor a proof in " +
                                         std::to_string(kCheckMilliseconds / 1000) + " seconds");
    }
    return result == z3::sat;
  }

  // Whether a solution with `extra` exists; number_in_model() then reads it.
  Result<bool> holds_with(const z3::expr& extra) {
    solver_.push();
    solver_.add(extra);
    const z3::check_result result = solver_.check();
    if (result == z3::sat) found_ = std::make_unique<z3::model>(solver_.get_model());
    solver_.pop();
    return decide(result);
  }

  int64_t number_in_model(const z3::expr& value) {
    int64_t out = 0;
    CHECK(found_->eval(value, true).is_numeral_i64(out), "counts fit 64 bits");
    return out;
  }

  // The most of sign · value, from a value known to be possible: the step doubles while it
  // succeeds, and halves once it failed.
  Result<int64_t> extreme(const z3::expr& value, int64_t known, int64_t sign) {
    int64_t step = 1;
    bool growing = true;
    while (step > 0) {
      const z3::expr further =
          sign > 0 ? value >= number(known + step) : value <= number(known - step);
      if (TRY(holds_with(further))) {
        known = number_in_model(value);
        if (growing) step *= 2;
      } else {
        growing = false;
        step /= 2;
      }
    }
    return known;
  }

  const ItemProblem& problem_;
  const Progress& progress_;
  z3::context context_;
  z3::solver solver_;
  z3::expr base_;
  std::vector<z3::expr> counts_;
  std::vector<z3::expr> switches_;         // one a row
  std::vector<z3::expr> constraints_;      // one a row
  std::vector<z3::expr> printed_changes_;  // one a row with an earlier figure
  std::unique_ptr<z3::model> found_;
};

// The smallest set of rows that cannot hold together, by implicit hitting sets: whatever such a
// set is, it holds a row outside each set of rows already seen to hold together. Sets are tried
// from the smallest; those that miss are passed over without asking the solver.
class SmallestConflict {
 public:
  SmallestConflict(ItemModel& model, size_t row_count) : model_(model), row_count_(row_count) {}

  // Needs a conflict to exist.
  Result<ItemConflict> find() {
    for (size_t size = 1; size <= row_count_; ++size) {
      chosen_.clear();
      if (TRY(extend(0, size))) return ItemConflict{chosen_};
    }
    CHECK(false, "rows that cannot all hold have a conflicting set");
    return ItemConflict{};
  }

 private:
  Result<bool> extend(size_t from, size_t wanted) {
    if (chosen_.size() == wanted) return conflicts();
    for (size_t row = from; row + (wanted - chosen_.size()) <= row_count_; ++row) {
      chosen_.push_back(row);
      if (TRY(extend(row + 1, wanted))) return true;
      chosen_.pop_back();
    }
    return false;
  }

  Result<bool> conflicts() {
    for (const std::vector<bool>& together : seen_) {
      const bool inside = std::all_of(chosen_.begin(), chosen_.end(),
                                      [&](size_t row) -> bool { return together[row]; });
      if (inside) return false;
    }
    if (!TRY(model_.can_hold(chosen_))) return true;
    seen_.push_back(model_.satisfied());
    return false;
  }

  ItemModel& model_;
  size_t row_count_;
  std::vector<size_t> chosen_;
  std::vector<std::vector<bool>> seen_;
};

// A quick necessary test before the solver is asked: each share alone is possible at this base.
bool may_fit(const ItemProblem& problem, int64_t base) {
  return std::all_of(problem.rows.begin(), problem.rows.end(), [&](const PublishedRow& row) {
    if (row.base && *row.base != base) return false;
    return row.earlier || row.kind != PublishedRow::Kind::kShare || row.sum.scored ||
           !possible_counts(row.value, base, problem.rounding).empty();
  });
}

// Fills bases from the largest down. Needs the rows to be satisfiable.
Status find_bases(ItemModel& model, const ItemProblem& problem, const Progress& progress,
                  ItemSolution& out) {
  for (int64_t base = problem.respondents; base >= 1; --base) {
    if (!out.bases.empty() && base < out.bases.front() - kBasesSearched) {
      out.bases_complete = false;
      break;
    }
    if (progress.stopped()) return fail(ErrorCode::kLimit, "stopped");
    if (may_fit(problem, base) && TRY(model.base_fits(base))) out.bases.push_back(base);
  }
  CHECK(!out.bases.empty(), "rows that can hold do so at some base");
  std::reverse(out.bases.begin(), out.bases.end());
  out.base = out.bases.back();
  return {};
}

// Shares in geometric progression over the scores, with the given mean: of all distributions with
// that mean the one that says least else (maximum entropy). The ratio is found by bisection.
std::vector<double> shares_with_mean(const std::vector<int64_t>& scores, double mean) {
  const auto [first, last] = std::minmax_element(scores.begin(), scores.end());
  double low = 0;  // of ratio / (1 + ratio)
  double high = 1;
  std::vector<double> shares(scores.size());
  for (int step = 0; step < 60; ++step) {
    const double middle = (low + high) / 2;
    const bool rising =
        middle > 0.5;  // powers are taken from the larger end, so that none overflows
    const double ratio = rising ? (1 - middle) / middle : middle / (1 - middle);
    double total = 0;
    double sum = 0;
    for (size_t i = 0; i < scores.size(); ++i) {
      shares[i] = std::pow(ratio, rising ? *last - scores[i] : scores[i] - *first);
      total += shares[i];
      sum += shares[i] * static_cast<double>(scores[i]);
    }
    for (double& share : shares) share /= total;
    (sum / total < mean ? low : high) = middle;
  }
  return shares;
}

// Where no figure says more of a score: as the printed mean has it. Empty when none is printed.
std::vector<int64_t> score_targets(const ItemProblem& problem, int64_t base) {
  std::vector<int64_t> out;
  for (const PublishedRow& row : problem.rows) {
    if (!row.sum.scored || row.earlier || !out.empty()) continue;
    for (const double share : shares_with_mean(problem.scores, row.value.value())) {
      out.push_back(std::llround(share * static_cast<double>(base)));
    }
  }
  return out;
}

// Where no figure says more: options that no figure tells apart share their most evenly.
Result<std::vector<int64_t>> even_targets(ItemModel& model, const ItemProblem& problem) {
  const auto told_by = [&](size_t option) {
    std::vector<bool> rows;
    for (const PublishedRow& row : problem.rows) {
      rows.push_back(std::binary_search(row.sum.options.begin(), row.sum.options.end(), option));
    }
    return rows;
  };
  std::vector<int64_t> out;
  for (size_t i = 0; i < problem.option_count; ++i) {
    int64_t alike = 0;
    for (size_t j = 0; j < problem.option_count; ++j) alike += told_by(j) == told_by(i) ? 1 : 0;
    const WholeRange range = TRY(model.bounds({{i}, false}));
    out.push_back(problem.single_coded ? (range.high + alike / 2) / alike
                                       : (range.low + range.high) / 2);
  }
  return out;
}

// The options in the order in which they are fixed. The last two take up what rounding the targets
// left over; with a mean these are the ends of the scale, where that takes the fewest answers.
std::vector<size_t> fixing_order(const ItemProblem& problem) {
  std::vector<size_t> order(problem.option_count);
  std::iota(order.begin(), order.end(), size_t{0});
  const bool scored = std::any_of(problem.rows.begin(), problem.rows.end(),
                                  [](const PublishedRow& row) { return row.sum.scored; });
  if (scored && order.size() > 2) std::rotate(order.begin(), order.begin() + 1, order.end() - 1);
  return order;
}

// One solution at the base taken: the figures first, as near to their printed values as can be,
// then each option.
Status choose_counts(ItemModel& model, const ItemProblem& problem, ItemSolution& out) {
  TRY_DONE(model.prefer_printed_changes());
  for (const PublishedRow& row : problem.rows) {
    if (row.earlier || row.kind == PublishedRow::Kind::kCount) continue;
    const int64_t unit = row.kind == PublishedRow::Kind::kShare ? 100 : 1;
    const Ratio printed = row.value.ratio();
    const Ratio sum{printed.numerator * out.base, printed.denominator * unit};
    TRY(model.fix_nearest(row.sum, round(sum, 0).digits));
  }
  std::vector<int64_t> wanted = score_targets(problem, out.base);
  if (wanted.empty()) wanted = TRY(even_targets(model, problem));
  out.counts.resize(problem.option_count);
  for (const size_t i : fixing_order(problem)) {
    out.counts[i] = TRY(model.fix_nearest({{i}, false}, wanted[i]));
  }
  for (const PublishedRow& row : problem.rows) {
    CHECK(check_row(row, problem, out.base, out.counts).holds(), "a solution prints as it should");
  }
  return {};
}

// How the asked sums of the solution print, and whether all others, at any base, print alike.
Status identify(const ItemProblem& problem, const Progress& progress, ItemSolution& out) {
  ItemModel any_base(problem, progress);
  any_base.require_all_rows();
  for (size_t i = 0; i < problem.asked.size(); ++i) {
    const CountSum& sum = problem.asked[i];
    const auto kind = sum.scored ? PublishedRow::Kind::kMean : PublishedRow::Kind::kShare;
    const int places = sum.scored ? problem.mean_places : problem.percent_places;
    AskedSum& asked = out.asked[i];
    asked.printed = round(figure_of(kind, sum_of(sum, problem, out.counts), out.base), places,
                          problem.rounding);
    asked.fixed = !TRY(any_base.may_print_otherwise(sum, asked.printed));
  }
  return {};
}

Result<ItemSolution> solution_of(ItemModel& model, const ItemProblem& problem,
                                 const Progress& progress) {
  ItemSolution out;
  model.require_all_rows();
  TRY_DONE(find_bases(model, problem, progress, out));
  model.require_base(out.base);
  for (const CountSum& sum : problem.asked) {
    out.asked.push_back({TRY(model.bounds(sum)), {}, false});
  }
  TRY_DONE(choose_counts(model, problem, out));
  TRY_DONE(identify(problem, progress, out));
  return out;
}

}  // namespace

Result<std::vector<WholeRange>> asked_ranges(const ItemProblem& problem, const Progress& progress) {
  ItemModel model(problem, progress);
  model.require_all_rows();
  model.require_base(problem.respondents);
  std::vector<WholeRange> out;
  for (const CountSum& sum : problem.asked) out.push_back(TRY(model.bounds(sum)));
  return out;
}

int64_t sum_of(const CountSum& sum, const ItemProblem& problem,
               const std::vector<int64_t>& counts) {
  return std::accumulate(sum.options.begin(), sum.options.end(), int64_t{0},
                         [&](int64_t so_far, size_t option) {
                           const int64_t each = sum.scored ? problem.scores.at(option) : 1;
                           return so_far + each * counts.at(option);
                         });
}

Ratio figure_of(PublishedRow::Kind kind, int64_t sum, int64_t base) {
  CHECK(base > 0, "a figure has a base");
  switch (kind) {
    case PublishedRow::Kind::kShare:
      return {100 * sum, base};
    case PublishedRow::Kind::kMean:
      return {sum, base};
    case PublishedRow::Kind::kCount:
      return {sum, 1};
  }
  return {sum, 1};
}

RowCheck check_row(const PublishedRow& row, const ItemProblem& problem, int64_t base,
                   const std::vector<int64_t>& counts) {
  if (base < 1 || (row.base && *row.base != base)) return {};
  const Ratio now = figure_of(row.kind, sum_of(row.sum, problem, counts), base);
  if (!row.earlier) {
    const bool holds = row.kind == PublishedRow::Kind::kCount
                           ? now == row.value.ratio()
                           : round(now, row.value.places, problem.rounding) == row.value;
    return {holds, holds};
  }
  const Ratio change = added(now, row.earlier->exact, -1);
  const std::optional<Decimal> implied = implied_print(row);
  return {implied && round(now, implied->places, problem.rounding) == *implied,
          round(change, row.value.places, problem.rounding) == row.value};
}

Result<ItemOutcome> solve_item(const ItemProblem& problem, const Progress& progress) {
  CHECK(problem.respondents >= 1 && problem.option_count >= 1, "a question has answers");
  for (const PublishedRow& row : problem.rows) {
    CHECK(problem.single_coded || row.sum.options.size() == 1,
          "a figure of several options of a question with many answers has no count of its own");
  }
  ItemModel model(problem, progress);
  std::vector<size_t> all(problem.rows.size());
  std::iota(all.begin(), all.end(), size_t{0});
  if (!TRY(model.can_hold(all))) {
    return ItemOutcome{TRY(SmallestConflict(model, all.size()).find())};
  }
  return ItemOutcome{TRY(solution_of(model, problem, progress))};
}

}  // namespace barometer

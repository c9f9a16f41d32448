// Random small designs: the routine against the textbook formula written out case by case.
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "barometer/engine/book_engine.h"
#include "barometer/estimate/variance.h"
#include "tests/support/naive.h"

namespace barometer {
namespace {

using testing::NaiveVariance;

int upto(int limit) { return *rc::gen::inRange(0, limit); }

std::vector<int32_t> codes(size_t n, int limit) {
  return *rc::gen::container<std::vector<int32_t>>(n, rc::gen::inRange(0, limit));
}

// Population sizes that are constant in each stratum: its sampled units and 0, 1, … more.
std::vector<double> populations(const DesignSpec& spec, size_t stage) {
  using Key = std::vector<int32_t>;
  std::map<Key, std::set<int64_t>> units;
  const auto key_of = [&](size_t i) {
    Key key;
    for (size_t k = 0; k <= stage; ++k) {
      if (k < spec.strata.size()) key.push_back(spec.strata[k][i]);
      if (k < stage) key.push_back(spec.ids[k][i]);
    }
    return key;
  };
  for (size_t i = 0; i < spec.case_count; ++i) {
    units[key_of(i)].insert(spec.ids.empty() ? static_cast<int64_t>(i) : spec.ids[stage][i]);
  }
  const int extra = upto(3);
  std::vector<double> sizes;
  for (size_t i = 0; i < spec.case_count; ++i) {
    const Key key = key_of(i);
    const int more = extra * (key.empty() ? 1 : key.back() % 2);
    sizes.push_back(static_cast<double>(units[key].size()) + more);
  }
  return sizes;
}

DesignSpec random_spec() {
  DesignSpec spec;
  spec.case_count = static_cast<size_t>(*rc::gen::inRange(1, 40));
  const int stages = upto(4);  // 0: cases drawn singly
  for (int k = 0; k < stages; ++k) spec.ids.push_back(codes(spec.case_count, k == 0 ? 6 : 4));
  const int stratified = upto(std::max(1, stages) + 1);
  for (int k = 0; k < stratified; ++k) spec.strata.push_back(codes(spec.case_count, 3));
  spec.nest = true;
  const int corrected = upto(std::max(1, stages) + 1);
  for (int k = 0; k < corrected; ++k) {
    spec.fpc.push_back(populations(spec, static_cast<size_t>(k)));
  }
  if (upto(3) > 0) {
    for (size_t i = 0; i < spec.case_count; ++i) spec.weights.push_back(0.25 * upto(12));
    spec.weights[0] = 1;
  }
  spec.lonely_psu = *rc::gen::element(LonelyPsu::kRemove, LonelyPsu::kCertainty, LonelyPsu::kAdjust,
                                      LonelyPsu::kAverage);
  return spec;
}

struct Scenario {
  DesignSpec spec;
  std::vector<uint16_t> cells;  // 0, 1, 2 or none
  std::vector<double> y;
  std::vector<uint8_t> mask;

  [[nodiscard]] double weight(size_t i) const { return spec.weights.empty() ? 1 : spec.weights[i]; }
  [[nodiscard]] bool in_base(size_t i) const { return mask[i] != 0 && cells[i] != kNoCell; }
};

Scenario random_scenario() {
  Scenario s{random_spec(), {}, {}, {}};
  for (size_t i = 0; i < s.spec.case_count; ++i) {
    const int cell = upto(4);
    s.cells.push_back(cell == 3 ? kNoCell : static_cast<uint16_t>(cell));
    s.y.push_back(1000 + upto(100));
    s.mask.push_back(upto(5) > 0 ? 1 : 0);
  }
  return s;
}

struct Sums {
  std::shared_ptr<const Design> design;
  TableSums table;
};

Sums sums_of(const Scenario& s, size_t threads = 1, size_t block = 7) {
  auto design = std::make_shared<const Design>(Design::make(s.spec).value());
  const BookEngine engine(design, threads, block);
  const Book book{{{s.cells, 3, s.y, 1040}}};
  return {design, engine.sum(book, s.mask, Progress()).value().front()};
}

// The influence of each case, written out: of the share of cell 1, the mean of y, the total of y.
std::vector<double> influence(const Scenario& s, int statistic) {
  double weight = 0, sum = 0;
  const auto value = [&](size_t i) {
    return statistic == 0 ? (s.cells[i] == 1 ? 1.0 : 0.0) : s.y[i];
  };
  for (size_t i = 0; i < s.spec.case_count; ++i) {
    if (!s.in_base(i)) continue;
    weight += s.weight(i);
    sum += s.weight(i) * value(i);
  }
  std::vector<double> x(s.spec.case_count, 0.0);
  for (size_t i = 0; i < x.size(); ++i) {
    if (!s.in_base(i)) continue;
    x[i] =
        statistic == 2 ? s.weight(i) * value(i) : s.weight(i) * (value(i) - sum / weight) / weight;
  }
  return x;
}

std::vector<LinearForm> forms_of(const TableSums& totals) {
  const LinearForm share{{{1, 1, 0}}, 0, 3};
  const LinearForm mean{{{0, 0, 1}, {1, 0, 1}, {2, 0, 1}}, 0, 3};
  LinearForm total = mean;
  for (auto& term : total.terms) term.on_weight = totals.centre;
  return {mean_type(share, totals)->influence, mean_type(mean, totals)->influence,
          total_type(total, totals).influence};
}

bool near(double a, double b, double scale) { return std::abs(a - b) <= 1e-10 * scale; }

void agrees_with_the_textbook() {
  const Scenario s = random_scenario();
  const Sums sums = sums_of(s);
  const TableSums totals = sums.table.over_rows();
  const double weight = base_weight({{}, 0, 3}, totals);
  RC_PRE(weight > 0);
  for (size_t i = 0; i < s.spec.case_count; ++i) {
    RC_LOG() << "case " << i << " weight " << s.weight(i) << (s.in_base(i) ? "" : " out")
             << " cell " << s.cells[i] << " y " << s.y[i];
    for (const auto& stratum : s.spec.strata) RC_LOG() << " stratum " << stratum[i];
    for (const auto& id : s.spec.ids) RC_LOG() << " id " << id[i];
    for (const auto& size : s.spec.fpc) RC_LOG() << " of " << size[i];
    RC_LOG() << "\n";
  }
  const auto found = variances(*sums.design, sums.table, forms_of(totals));
  std::vector<bool> in_base;
  for (size_t i = 0; i < s.spec.case_count; ++i) in_base.push_back(s.in_base(i));
  for (int statistic = 0; statistic < 3; ++statistic) {
    const auto x = influence(s, statistic);
    const auto expected = NaiveVariance(s.spec, x, in_base).variance();
    RC_ASSERT(found.has_value() == expected.has_value());
    if (!expected) continue;
    // Second moments keep their digits against the distance of y from the centre of the sums.
    double squares = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      const double reach = statistic == 1 ? 100 * s.weight(i) / weight : 0;
      squares += x[i] * x[i] + reach * reach;
    }
    RC_LOG() << name_of(s.spec.lonely_psu) << ", statistic " << statistic << ": "
             << (*found)[static_cast<size_t>(statistic)] << " for " << *expected << "\n";
    RC_ASSERT(near((*found)[static_cast<size_t>(statistic)], *expected, *expected + squares));
  }
}

TEST(Variance, OfRandomDesignsIsThatOfTheTextbookFormula) {
  EXPECT_TRUE(rc::check("textbook", agrees_with_the_textbook));
}

TEST(Variance, TheDiagonalOfTheCovariancesIsTheVariances) {
  EXPECT_TRUE(rc::check("diagonal", [] {
    const Scenario s = random_scenario();
    const Sums sums = sums_of(s);
    const TableSums totals = sums.table.over_rows();
    RC_PRE(base_weight({{}, 0, 3}, totals) > 0);
    const auto forms = forms_of(totals);
    const auto diagonal = variances(*sums.design, sums.table, forms);
    const auto matrix = covariances(*sums.design, sums.table, forms);
    RC_ASSERT(diagonal.has_value() == matrix.has_value());
    for (size_t j = 0; matrix && j < 3; ++j) {
      RC_ASSERT((*matrix)[j * 3 + j] == (*diagonal)[j]);
      for (size_t k = 0; k < j; ++k) RC_ASSERT((*matrix)[j * 3 + k] == (*matrix)[k * 3 + j]);
    }
  }));
}

TEST(Variance, IsTheSameToTheBitAtAnyNumberOfThreads) {
  EXPECT_TRUE(rc::check("threads", [] {
    const Scenario s = random_scenario();
    RC_ASSERT(sums_of(s, 1).table.w2v2 == sums_of(s, 4).table.w2v2);
    RC_ASSERT(sums_of(s, 1).table.wv == sums_of(s, 4).table.wv);
    RC_ASSERT(sums_of(s, 1).table.n == sums_of(s, 3).table.n);
  }));
}

}  // namespace
}  // namespace barometer

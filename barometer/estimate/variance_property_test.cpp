// Random small designs: the routine against the textbook formula written out case by case.
#include <cmath>

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "barometer/estimate/estimator.h"
#include "barometer/estimate/random_design_test_internal.h"
#include "tests/support/engines.h"
#include "tests/support/naive.h"

namespace barometer {
namespace {

using testing::NaiveVariance;

struct Scenario {
  DesignSpec spec;
  std::vector<int> cells;  // 0, 1, 2 or -1, no answer
  std::vector<double> y;
  std::vector<uint8_t> mask;

  [[nodiscard]] double weight(size_t i) const { return spec.weights.empty() ? 1 : spec.weights[i]; }
  [[nodiscard]] bool in_base(size_t i) const { return mask[i] != 0 && cells[i] >= 0; }
};

Scenario random_scenario() {
  Scenario s{random_spec(), {}, {}, {}};
  for (size_t i = 0; i < s.spec.case_count; ++i) {
    const int cell = upto(4);
    s.cells.push_back(cell == 3 ? -1 : cell);
    s.y.push_back(1000 + upto(100));
    s.mask.push_back(upto(5) > 0 ? 1 : 0);
  }
  return s;
}

Variable variable(const std::string& id, VariableKind kind) {
  Variable made;
  made.id = id;
  made.kind = kind;
  if (kind == VariableKind::kSingle) made.categories = {{0, "a"}, {1, "b"}, {2, "c"}};
  return made;
}

// q: the cell; y: its number, where there is a cell; inside: 1 in the mask.
std::shared_ptr<const Dataset> data_of(const Scenario& s) {
  std::vector<int> answers;
  std::vector<int> inside;
  Numbers y;
  for (size_t i = 0; i < s.cells.size(); ++i) {
    const bool known = s.cells[i] >= 0;
    answers.push_back(known ? s.cells[i] : file_code(Missing::kSystem));
    inside.push_back(s.mask[i]);
    y.values.push_back(known ? s.y[i] : 0);
    y.missing.push_back(known ? Missing::kNone : Missing::kSystem);
  }
  Codebook codebook;
  CHECK(codebook.add(variable("q", VariableKind::kSingle)) &&
            codebook.add(variable("y", VariableKind::kNumber)) &&
            codebook.add(variable("inside", VariableKind::kSingle)),
        "sound variables");
  return std::make_shared<const Dataset>(
      Dataset::make(codebook, {make_codes(answers), y, make_codes(inside)}).value());
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

bool near(double a, double b, double scale) { return std::abs(a - b) <= 1e-10 * scale; }

// The share of cell 1, the mean of y, the total of y.
std::vector<Estimate> estimates_of(const std::shared_ptr<const Engine>& engine,
                                   uint64_t value_cells) {
  const auto from = Estimator::make(engine, {.value_cells = value_cells}).value();
  const CaseFilter inside{.where = Expression::parse("inside = 1").value()};
  const std::vector<std::string> ids{"q", "y"};
  const auto items = from.items(ids, Unit::kRespondent, inside, Progress()).value();
  const auto totals = from.totals(ids, inside, Progress()).value();
  return {items[0].options[1], *items[1].mean, *totals[1].mean};
}

void log(const Scenario& s) {
  for (size_t i = 0; i < s.spec.case_count; ++i) {
    RC_LOG() << "case " << i << " weight " << s.weight(i) << (s.in_base(i) ? "" : " out")
             << " cell " << s.cells[i] << " y " << s.y[i];
    for (const auto& stratum : s.spec.strata) RC_LOG() << " stratum " << stratum[i];
    for (const auto& id : s.spec.ids) RC_LOG() << " id " << id[i];
    for (const auto& size : s.spec.fpc) RC_LOG() << " of " << size[i];
    RC_LOG() << "\n";
  }
  RC_LOG() << name_of(s.spec.lonely_psu) << "\n";
}

// `value_cells` 0: numbers by their moments.
void agrees_with_the_textbook(const testing::EngineMaker& maker, uint64_t value_cells) {
  const Scenario s = random_scenario();
  double weight = 0;
  for (size_t i = 0; i < s.spec.case_count; ++i) weight += s.in_base(i) ? s.weight(i) : 0;
  RC_PRE(weight > 0);
  log(s);
  const auto found = estimates_of(maker.make(data_of(s), s.spec), value_cells);
  std::vector<bool> in_base;
  for (size_t i = 0; i < s.spec.case_count; ++i) in_base.push_back(s.in_base(i));
  for (int statistic = 0; statistic < 3; ++statistic) {
    const auto x = influence(s, statistic);
    const auto expected = NaiveVariance(s.spec, x, in_base).variance();
    const std::optional<double> se = found[static_cast<size_t>(statistic)].se;
    RC_ASSERT(se.has_value() == expected.has_value());
    if (!expected) continue;
    // Second moments keep their digits against the distance of y from the centre of the sums.
    double squares = 0;
    for (size_t i = 0; i < x.size(); ++i) {
      const double reach = statistic == 1 ? 100 * s.weight(i) / weight : 0;
      squares += x[i] * x[i] + reach * reach;
    }
    RC_LOG() << "statistic " << statistic << ": " << *se * *se << " for " << *expected << "\n";
    RC_ASSERT(near(*se * *se, *expected, *expected + squares));
  }
}

class RandomDesigns : public testing::OnEveryEngine {};
INSTANTIATE_TEST_SUITE_P(Engines, RandomDesigns, ::testing::ValuesIn(testing::engine_makers()),
                         RandomDesigns::label);

TEST_P(RandomDesigns, GiveTheVariancesOfTheTextbookFormula) {
  EXPECT_TRUE(rc::check("textbook", [] { agrees_with_the_textbook(GetParam(), 1000); }));
}

TEST_P(RandomDesigns, GiveThemFromMomentsToo) {
  EXPECT_TRUE(rc::check("textbook", [] { agrees_with_the_textbook(GetParam(), 0); }));
}

TEST(Threads, GiveTheSameToTheBitAtAnyNumberOfThreads) {
  EXPECT_TRUE(rc::check("threads", [] {
    const Scenario s = random_scenario();
    const auto one = estimates_of(testing::memory_engine(1).make(data_of(s), s.spec), 0);
    const auto four = estimates_of(testing::memory_engine(4).make(data_of(s), s.spec), 0);
    for (size_t i = 0; i < one.size(); ++i) {
      RC_ASSERT(one[i].value == four[i].value);
      RC_ASSERT(one[i].se == four[i].se);
    }
  }));
}

}  // namespace
}  // namespace barometer

// Cross tables against the long way: the mean of an indicator in a domain of a sample of cases.
#include "barometer/estimate/cross_table.h"

#include <cmath>

#include <gmock/gmock.h>

#include "barometer/estimate/random_design_test_internal.h"
#include "barometer/sample/functional.h"
#include "tests/support/engines.h"

namespace barometer {
namespace {

using Eigen::Index;
using ::testing::HasSubstr;

// Variables a (with don't know and NETs), b, m (multi) and inside, by random answers.
struct Scenario {
  DesignSpec spec;
  std::shared_ptr<const Dataset> data;
  std::vector<uint8_t> inside;
};

Variable single(const std::string& id, bool dont_know_in_base) {
  Variable variable{.id = id};
  variable.categories = {{0, "none"}, {1, "some"}, {4, "all"}, {9, "don't know", true}};
  variable.nets = {{"any", "some or all", {1, 4}}};
  variable.dont_know_in_base = dont_know_in_base;
  return variable;
}

Scenario random_scenario() {
  Scenario s{random_spec(), nullptr, {}};
  std::vector<int> a, b, inside;
  OptionSets m;
  const std::vector<int> answers{0, 1, 1, 4, 9, -1, -8};
  const auto any = [&] { return answers[static_cast<size_t>(upto(7))]; };
  for (size_t i = 0; i < s.spec.case_count; ++i) {
    a.push_back(any());
    b.push_back(any());
    m.bits.push_back(static_cast<uint64_t>(upto(8)));
    m.missing.push_back(upto(6) == 0 ? Missing::kNotAsked : Missing::kNone);
    if (m.missing.back() != Missing::kNone) m.bits.back() = 0;
    s.inside.push_back(upto(5) > 0 ? 1 : 0);
    inside.push_back(s.inside.back());
  }
  Variable multi{.id = "m", .kind = VariableKind::kMulti};
  multi.categories = {{1, "x"}, {2, "y"}, {3, "z", true}};
  multi.dont_know_in_base = upto(2) == 0;
  Variable plain{.id = "b"};
  plain.categories = single("b", true).categories;
  Variable mask{.id = "inside"};
  mask.categories = {{0, "no"}, {1, "yes"}};
  Codebook codebook;
  for (const Variable& variable : {single("a", upto(2) == 0), plain, multi, mask}) {
    CHECK(codebook.add(variable), "a sound variable");
  }
  s.data = std::make_shared<const Dataset>(
      Dataset::make(codebook, {make_codes(a), make_codes(b), m, make_codes(inside)}).value());
  return s;
}

// ---- The long way, case by case

struct Question {
  const Variable& variable;
  const Column& column;

  [[nodiscard]] bool has(size_t i, int code) const {
    if (missing_at(column, i) != Missing::kNone) return false;
    const auto* sets = std::get_if<OptionSets>(&column);
    if (sets == nullptr) return code_at(column, i) == code;
    for (size_t k = 0; k < variable.categories.size(); ++k) {
      if (variable.categories[k].code == code) return ((sets->bits[i] >> k) & 1U) != 0;
    }
    return false;
  }
  [[nodiscard]] bool in_base(size_t i) const {
    if (missing_at(column, i) == Missing::kDontKnow) return variable.dont_know_in_base;
    if (missing_at(column, i) != Missing::kNone) return false;
    if (variable.dont_know_in_base) return true;
    for (const Category& category : variable.categories) {
      if (category.dont_know && has(i, category.code)) return false;
    }
    return true;
  }
  // Categories, then NETs.
  [[nodiscard]] std::vector<std::vector<int>> rows() const {
    std::vector<std::vector<int>> codes;
    for (const Category& category : variable.categories) codes.push_back({category.code});
    for (const Net& net : variable.nets) codes.push_back(net.codes);
    return codes;
  }
};

Question question(const Dataset& data, const std::string& id) {
  return {*data.codebook().find(id), **data.find(id)};
}

// Cases of each column: categories, then the total.
std::vector<std::vector<uint8_t>> domains(const Scenario& s, const CrossTable& table) {
  const Question rows = question(*s.data, table.rows);
  const Question columns = question(*s.data, table.columns);
  std::vector<std::vector<uint8_t>> found;
  for (size_t g = 0; g <= columns.variable.categories.size(); ++g) {
    const bool total = g == columns.variable.categories.size();
    std::vector<uint8_t>& domain = found.emplace_back();
    for (size_t i = 0; i < s.inside.size(); ++i) {
      const bool in = s.inside[i] != 0 && rows.in_base(i) &&
                      (total || columns.has(i, columns.variable.categories[g].code));
      domain.push_back(in ? 1 : 0);
    }
  }
  return found;
}

Matrix indicators(const Scenario& s, const std::string& id) {
  const Question rows = question(*s.data, id);
  const auto codes = rows.rows();
  Matrix y = Matrix::Zero(static_cast<Index>(s.inside.size()), static_cast<Index>(codes.size()));
  for (size_t i = 0; i < s.inside.size(); ++i) {
    for (size_t r = 0; r < codes.size(); ++r) {
      for (const int code : codes[r]) {
        if (rows.has(i, code)) y(static_cast<Index>(i), static_cast<Index>(r)) = 1;
      }
    }
  }
  return y;
}

// 1e-12 of the variance and of what it is a sum of.
bool near(double found, double expected, double squares) {
  return std::abs(found - expected) <= 1e-12 * (std::abs(expected) + squares);
}

double sum_of_squares(const Sample& sample, const Matrix& y, Index row, double share,
                      const std::vector<uint8_t>& domain, double base) {
  double squares = 0;
  for (size_t i = 0; i < domain.size(); ++i) {
    if (domain[i] == 0) continue;
    const double x = sample.weights()[i] * (y(static_cast<Index>(i), row) - share) / base;
    squares += x * x;
  }
  return squares;
}

void check_column(const Sample& sample, const Matrix& y, const std::vector<uint8_t>& domain,
                  const CrossTableEstimates& table, Index g, bool check_df) {
  double base = 0, n = 0, squares = 0;
  for (size_t i = 0; i < domain.size(); ++i) {
    if (domain[i] == 0) continue;
    n += 1;
    base += sample.weights()[i];
    squares += sample.weights()[i] * sample.weights()[i];
  }
  const auto at = static_cast<size_t>(g);
  RC_ASSERT(table.n(g) == n);
  RC_ASSERT(near(table.weighted_base(g), base, 0));
  RC_ASSERT(table.column_reasons[at].empty() == (base > 0));
  if (!(base > 0)) return;
  RC_ASSERT(near(table.effective_base(g), base * base / squares, 0));
  if (check_df) RC_ASSERT(table.df(g) == sample.df(domain));
  const auto expected = estimate(sample, *mean_of(y, domain), {});
  RC_ASSERT(table.no_se[at].empty() == expected.has_value());
  if (!expected) return;
  for (Index row = 0; row < y.cols(); ++row) {
    if (!table.row_reasons[static_cast<size_t>(row)].empty()) continue;
    RC_LOG() << "row " << row << " column " << g << ": " << table.se(row, g) << "\n";
    const double share = expected->value(row);
    RC_ASSERT(near(table.share(row, g), share, 0.01));
    RC_ASSERT(near(table.se(row, g) * table.se(row, g), expected->covariance(row, row),
                   sum_of_squares(sample, y, row, share, domain, base)));
  }
}

void check_covariances(const Sample& sample, const Matrix& y,
                       const std::vector<std::vector<uint8_t>>& columns,
                       const CrossTableEstimates& table) {
  for (size_t g = 0; g < columns.size(); ++g) {
    if (!table.column_reasons[g].empty() || !table.no_se[g].empty()) return;
  }
  if (table.covariances.empty()) return;  // not asked for
  for (Index row = 0; row < y.cols(); ++row) {
    if (!table.row_reasons[static_cast<size_t>(row)].empty()) continue;
    std::vector<FunctionalPtr> means;
    for (const auto& domain : columns) means.push_back(mean_of(y.col(row), domain));
    const auto expected = estimate(sample, *stacked(means), {});
    RC_ASSERT(expected.has_value());
    const Matrix& found = table.covariances[static_cast<size_t>(row)];
    for (Index g = 0; g < found.cols(); ++g) {
      for (Index h = 0; h < found.rows(); ++h) {
        RC_ASSERT(near(found(h, g), expected->covariance(h, g), found(g, g) + found(h, h) + 0.01));
      }
    }
  }
}

const std::vector<CrossTable>& all_tables() {
  static const std::vector<CrossTable> tables{{"a", "b"}, {"b", "a"}, {"m", "b"},     {"b", "m"},
                                              {"m", "m"}, {"b", "b"}, {"b", "inside"}};
  return tables;
}

CaseFilter inside() { return {.where = Expression::parse("inside = 1").value()}; }

void check_tables(const Scenario& s, const Engine& engine, const CrossTableOptions& options,
                  const Sample& sample, bool check_df) {
  size_t next = 0;
  const auto done = cross_tables(
      engine, all_tables(), options, {}, [&](size_t t, const CrossTableEstimates& table) -> Status {
        RC_ASSERT(t == next++);
        RC_LOG() << all_tables()[t].rows << " by " << all_tables()[t].columns << "\n";
        const auto columns = domains(s, all_tables()[t]);
        const Matrix y = indicators(s, all_tables()[t].rows);
        RC_ASSERT(table.share.rows() == y.cols());
        RC_ASSERT(static_cast<size_t>(table.share.cols()) == columns.size());
        for (size_t g = 0; g < columns.size(); ++g) {
          check_column(sample, y, columns[g], table, static_cast<Index>(g), check_df);
        }
        check_covariances(sample, y, columns, table);
        return {};
      });
  RC_ASSERT(done.has_value());
  RC_ASSERT(next == all_tables().size());
}

class CrossTables : public testing::OnEveryEngine {};
INSTANTIATE_TEST_SUITE_P(Engines, CrossTables, ::testing::ValuesIn(testing::engine_makers()),
                         CrossTables::label);

TEST_P(CrossTables, OfRandomDesignsAreDomainMeansOfCases) {
  EXPECT_TRUE(rc::check("domain means", [] {
    const Scenario s = random_scenario();
    const auto engine = GetParam().make(s.data, s.spec);
    const CrossTableOptions options{.filter = inside(), .covariances = upto(2) == 0};
    check_tables(s, *engine, options, Sample::of(Design::make(s.spec).value()), true);
  }));
}

// ---- Replicates

// Three strata of two or three clusters.
DesignSpec clusters(DesignSpec spec) {
  spec.ids.assign(1, {});
  spec.strata.assign(1, {});
  spec.fpc.clear();
  for (size_t i = 0; i < spec.case_count; ++i) {
    spec.ids[0].push_back(static_cast<int32_t>(i / 2 % 7));
    spec.strata[0].push_back(spec.ids[0].back() / 3);
  }
  spec.lonely_psu = LonelyPsu::kRemove;
  return spec;
}

ReplicateRequest random_request() {
  ReplicateRequest request;
  request.type = *rc::gen::element(ReplicateType::kJkn, ReplicateType::kBootstrap,
                                   ReplicateType::kSubbootstrap);
  request.count = 20;
  request.mse = upto(2) == 0;
  return request;
}

TEST(CrossTables, OfReplicatesAreThoseOfReplicatedSamples) {
  EXPECT_TRUE(rc::check("replicates", [] {
    const Scenario s = random_scenario();
    const auto design = testing::design_of(clusters(s.spec));
    if (s.spec.case_count < 4) return;  // two clusters, one of them of two cases
    const ReplicateRequest request = random_request();
    const auto made = make_replicates(*design, design->weights(), request);
    RC_ASSERT(made.has_value());
    const std::vector<double> weights(design->weights().begin(), design->weights().end());
    const Sample sample = Sample::replicated(weights, *made).value();
    const auto matrix = std::make_shared<const MemoryEngineOptions::CaseMatrix>(made->weights);
    const auto engine = MemoryEngine::make(s.data, design, {.replicates = matrix}).value();
    const bool covariances = upto(2) == 0;
    check_tables(s, *engine, {.filter = inside(), .covariances = covariances, .replicates = &*made},
                 sample, false);
    check_tables(s, *engine, {.filter = inside(), .covariances = covariances, .make = request},
                 sample, false);
  }));
}

// ---- Refusals

struct Refused {
  std::shared_ptr<const Engine> engine;

  [[nodiscard]] std::string message(const CrossTable& table, const CrossTableOptions& options = {},
                                    const Engine* other = nullptr) const {
    const auto done = cross_tables(other != nullptr ? *other : *engine, {&table, 1}, options, {},
                                   [](size_t, const CrossTableEstimates&) -> Status { return {}; });
    return done ? "accepted" : done.error().message;
  }
};

TEST(CrossTables, RefuseWhatHasNoCategoriesAndReplicatesThatDoNotFit) {
  Variable q{.id = "q"};
  q.categories = {{1, "yes"}, {2, "no"}};
  Codebook codebook;
  ASSERT_TRUE(codebook.add(q));
  ASSERT_TRUE(codebook.add({.id = "age", .kind = VariableKind::kNumber}));
  ASSERT_TRUE(codebook.add({.id = "words", .kind = VariableKind::kText}));
  const std::vector<Missing> known(3, Missing::kNone);
  const auto data = std::make_shared<const Dataset>(
      Dataset::make(codebook, {make_codes(std::vector<int>{1, 2, 1}), Numbers{{30, 40, 50}, known},
                               Texts{{"x", "y", "z"}, known}})
          .value());
  DesignSpec spec;
  spec.case_count = 3;
  const Refused refused{testing::memory_engine(1).make(data, spec)};
  EXPECT_EQ(refused.message({"q", "q"}), "accepted");
  EXPECT_THAT(refused.message({"q", "age"}), HasSubstr("'age' is a number"));
  EXPECT_THAT(refused.message({"words", "q"}), HasSubstr("'words' is open text"));
  EXPECT_THAT(refused.message({"q", "qq"}), HasSubstr("qq"));
  const ReplicateRequest jackknife{.type = ReplicateType::kJk1};
  const Replicates given;
  EXPECT_THAT(refused.message({"q", "q"}, {.replicates = &given, .make = jackknife}),
              HasSubstr("not from both"));
  EXPECT_THAT(refused.message({"q", "q"}, {.make = jackknife}), HasSubstr("drawn singly"));
  EXPECT_THAT(refused.message({"q", "q"}, {.replicates = &given}), HasSubstr("replicate"));
}

}  // namespace
}  // namespace barometer

#include "barometer/hypothesis/mean_test.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/hypothesis/cells_internal.h"
#include "barometer/sample/functional.h"

namespace barometer {
namespace {

using Eigen::Index;

Matrix as_column(const std::vector<double>& values) {
  return Eigen::Map<const Vector>(values.data(), static_cast<Index>(values.size()));
}

// As it stands before '~'.
std::string response_text(const Formula& formula) {
  return printable(trimmed(formula.text().substr(0, formula.text().find('~'))));
}

double largest(const std::vector<double>& values, Domain mask) {
  double size = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    if (mask[i] != 0) size = std::max(size, std::abs(values[i]));
  }
  return size;
}

Status some_case(Domain mask, const std::string& what) {
  if (count_of(mask) > 0) return {};
  return fail(ErrorCode::kInvalid, fmt::format("no case of the base has a value of '{}'", what));
}

Result<TestResult> one_mean(const Sample& sample, const std::vector<double>& y,
                            const std::string& what, Domain domain, const MeanTestOptions& options,
                            const Progress& progress) {
  const std::vector<uint8_t> known = known_in(domain, y);
  TRY_DONE(some_case(known, what));
  const double df = TRY(enough_df(sample, domain, sample.df(domain) - 1));
  const Estimated mean = TRY(estimate(sample, *mean_of(as_column(y), known), progress));
  TestResult result = TRY(t_result({.estimate = mean.value(0),
                                    .null = options.mu,
                                    .se = mean.se(0),
                                    .df = df,
                                    .level = options.level,
                                    .size = largest(y, known),
                                    .what = "mean of '" + what + "'"}));
  result.method = "Design-based one-sample t-test";
  result.estimate_name = "mean of " + what;
  result.cases = sample.cases(known);
  return result;
}

Result<Levels> two_groups(const Formula& formula, const Dataset& data, const Sample& sample,
                          Domain known) {
  Levels groups = levels_within(TRY(levels_of_group(formula, data)), sample, known);
  if (groups.labels.size() == 2) return groups;
  const std::string group = printable(formula.terms().front());
  if (groups.labels.size() < 2) {
    return fail(ErrorCode::kInvalid,
                groups.labels.empty()
                    ? fmt::format("no case of the base has a group of '{}'", group)
                    : fmt::format("'{}' has one group in the base, '{}'; a comparison needs two",
                                  group, printable(groups.labels.front())));
  }
  return fail(ErrorCode::kInvalid,
              fmt::format("'{}' has {} groups in the base; a t-test compares two", group,
                          groups.labels.size()));
}

Result<TestResult> two_means(const Sample& sample, const Dataset& data, const Formula& formula,
                             const std::vector<double>& y, Domain domain,
                             const MeanTestOptions& options, const Progress& progress) {
  const std::string what = response_text(formula);
  std::vector<uint8_t> known = known_in(domain, y);
  TRY_DONE(some_case(known, what));
  const Levels groups = TRY(two_groups(formula, data, sample, known));
  known = known_in(known, groups.codes);
  std::vector<uint8_t> first = known, second = known;
  for (size_t i = 0; i < known.size(); ++i) {
    if (groups.codes[i] != 0) first[i] = 0;
    if (groups.codes[i] != 1) second[i] = 0;
  }
  const Domain base = sample.replicates() != nullptr ? domain : Domain(known);
  const double df = TRY(enough_df(sample, base, sample.df(base) - 1));
  Smooth difference;
  difference.size = 1;
  difference.value = [](const Vector& m) -> Result<Vector> {
    return Vector(Vector::Constant(1, m(1) - m(0)));
  };
  difference.jacobian = [](const Vector&) { return Matrix{{-1.0, 1.0}}; };
  const auto means = stacked({mean_of(as_column(y), first), mean_of(as_column(y), second)});
  const Estimated gap = TRY(estimate(sample, *derived(means, std::move(difference)), progress));
  TestResult result = TRY(t_result({.estimate = gap.value(0),
                                    .null = options.mu,
                                    .se = gap.se(0),
                                    .df = df,
                                    .level = options.level,
                                    .size = largest(y, known),
                                    .what = "difference in mean of '" + what + "'"}));
  result.method = "Design-based t-test";
  result.estimate_name = fmt::format("difference in mean of {}: {} - {}", what,
                                     printable(groups.labels[1]), printable(groups.labels[0]));
  result.cases = sample.cases(known);
  return result;
}

}  // namespace

Result<TestResult> mean_test(const Sample& sample, const Dataset& data, const Formula& formula,
                             Domain domain, const MeanTestOptions& options,
                             const Progress& progress) {
  CHECK(data.case_count() == sample.case_count(), "data and sample have the same cases");
  TRY_DONE(check_level(options.level));
  if (!std::isfinite(options.mu)) {
    return fail(ErrorCode::kInvalid, fmt::format("a mean cannot be tested against {}", options.mu));
  }
  const std::vector<double> y = TRY(formula.response(data));
  if (formula.terms().empty()) {
    return one_mean(sample, y, response_text(formula), domain, options, progress);
  }
  return two_means(sample, data, formula, y, domain, options, progress);
}

}  // namespace barometer

#include <cmath>

#include <fmt/format.h>

#include "barometer/estimand/cases_internal.h"

namespace barometer {

size_t counted_cases(const Sample& sample, Domain domain) {
  return sample.replicates() != nullptr ? sample.cases(domain) : sample.live_cases(domain);
}

double base_weight(std::span<const double> weights, Domain domain) {
  double sum = 0;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (in_domain(domain, static_cast<Eigen::Index>(i))) sum += weights[i];
  }
  return sum;
}

Status check_measure(const Sample& sample, std::span<const double> y, Domain domain) {
  if (y.size() != sample.case_count()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} values for {} cases", y.size(), sample.case_count()));
  }
  if (!domain.empty() && domain.size() != y.size()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("a domain of {} cases, where there are {}", domain.size(), y.size()));
  }
  for (size_t i = 0; i < y.size(); ++i) {
    if (in_domain(domain, static_cast<Eigen::Index>(i)) && !std::isfinite(y[i])) {
      return fail(ErrorCode::kInvalid, fmt::format("row {} has no value", i + 1));
    }
  }
  return {};
}

Status check_measures(const Sample& sample, const Matrix& y, Domain domain) {
  if (y.cols() == 0) return fail(ErrorCode::kInvalid, "there is no variable");
  for (Eigen::Index j = 0; j < y.cols(); ++j) {
    auto checked = check_measure(
        sample, std::span<const double>(y.col(j).data(), static_cast<size_t>(y.rows())), domain);
    if (!checked) {
      return tl::unexpected(std::move(checked).error().in(fmt::format("variable {}", j + 1)));
    }
  }
  return {};
}

Status check_confidence(double level) {
  if (level > 0 && level < 1) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("the confidence level {} is not between 0 and 1", level));
}

std::vector<uint8_t> mask_of(Domain domain) { return {domain.begin(), domain.end()}; }

}  // namespace barometer

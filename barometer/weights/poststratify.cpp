#include "barometer/weights/poststratify.h"

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/weights/cells_internal.h"

namespace barometer {
namespace {

class Poststratified final : public Adjustment {
 public:
  Poststratified(std::vector<int32_t> cell_of_case, std::vector<double> weights, Vector sums,
                 std::string description)
      : cell_of_case_(std::move(cell_of_case)),
        weights_(std::move(weights)),
        sums_(std::move(sums)),
        description_(std::move(description)) {}

  void apply(Matrix& x) const override {
    Vector means(sums_.size());
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      means.setZero();
      for (Eigen::Index i = 0; i < x.rows(); ++i) {
        if (const int32_t cell = cell_at(i); cell >= 0) means[cell] += x(i, j);
      }
      means = means.cwiseQuotient(sums_);
      for (Eigen::Index i = 0; i < x.rows(); ++i) {
        const int32_t cell = cell_at(i);
        if (cell >= 0) x(i, j) -= weights_[static_cast<size_t>(i)] * means[cell];
      }
    }
  }
  [[nodiscard]] std::string description() const override { return description_; }

 private:
  [[nodiscard]] int32_t cell_at(Eigen::Index i) const {
    return cell_of_case_[static_cast<size_t>(i)];
  }

  std::vector<int32_t> cell_of_case_;
  std::vector<double> weights_;  // before
  Vector sums_;                  // of these, by cell
  std::string description_;
};

}  // namespace

Result<Weighted> poststratify(const Sample& sample, const Dataset& data, const Margin& margin,
                              const PoststratifyOptions& options) {
  TRY_DONE(check_lengths(sample, data));
  const MatchedMargin matched =
      TRY(match_margin(margin, data, sample.weights(),
                       {.partial = options.partial, .population = options.population}));
  const Matrix sums = sums_by_cell(sample, matched.row_of_case, matched.totals.size());
  WeightStep step{.kind = "post-stratification",
                  .description = fmt::format("post-stratified by {} ({} cells)", matched.name,
                                             matched.totals.size())};
  Matrix factors(sums.rows(), sums.cols());
  for (Eigen::Index c = 0; c < sums.rows(); ++c) {
    const double total = matched.totals[static_cast<size_t>(c)];
    const std::string& label = matched.labels[static_cast<size_t>(c)];
    for (Eigen::Index j = 0; j < sums.cols(); ++j) {
      if (sums(c, j) == 0) {
        return fail(ErrorCode::kInvalid,
                    j == 0
                        ? fmt::format("the weights of '{}' of '{}' sum to 0", label, matched.name)
                        : fmt::format("replicate {} has no weight in '{}' of '{}': join it with "
                                      "another category",
                                      j, label, matched.name));
      }
      factors(c, j) = total / sums(c, j);
    }
    step.lines.push_back({.variable = matched.name,
                          .level = label,
                          .population = total,
                          .before = sums(c, 0),
                          .after = factors(c, 0) * sums(c, 0)});
  }
  if (!matched.left_out.empty()) {
    add_trouble(step, fmt::format("No case is in {}: left out of the population.",
                                  join(matched.left_out, "; ")));
  }
  auto adjustment = std::make_shared<Poststratified>(
      matched.row_of_case, std::vector(sample.weights().begin(), sample.weights().end()),
      sums.col(0), step.description);
  Sample weighted =
      scaled_by_cell(sample, matched.row_of_case, factors, std::move(adjustment), step.description);
  return Weighted{std::move(weighted), std::move(step)};
}

}  // namespace barometer

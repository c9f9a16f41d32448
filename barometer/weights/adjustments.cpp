#include <ranges>

#include "barometer/weights/adjustments_internal.h"

namespace barometer {
namespace {

using Responses = std::vector<std::shared_ptr<const ResponseAdjusted>>;

class BeforeResponse final : public Adjustment {
 public:
  BeforeResponse(Responses responses, std::shared_ptr<const Adjustment> later)
      : responses_(std::move(responses)), later_(std::move(later)) {}

  void apply(Matrix& x) const override {
    for (const auto& response : responses_) response->undo(x);
    later_->apply(x);
    for (const auto& response : std::views::reverse(responses_)) response->apply(x);
  }
  [[nodiscard]] std::string description() const override { return later_->description(); }
  [[nodiscard]] const std::shared_ptr<const Adjustment>& later() const& { return later_; }

 private:
  Responses responses_;
  std::shared_ptr<const Adjustment> later_;
};

// The adjustment itself, out of its wrapping.
std::shared_ptr<const Adjustment> unwrapped(const std::shared_ptr<const Adjustment>& adjustment) {
  const auto* before = dynamic_cast<const BeforeResponse*>(adjustment.get());
  return before != nullptr ? before->later() : adjustment;
}

Responses responses_of(const Sample& sample) {
  Responses responses;
  for (const auto& adjustment : sample.adjustments()) {
    if (auto response = std::dynamic_pointer_cast<const ResponseAdjusted>(unwrapped(adjustment))) {
      responses.push_back(std::move(response));
    }
  }
  return responses;
}

}  // namespace

ResponseAdjusted::ResponseAdjusted(std::vector<int32_t> class_of_case,
                                   std::vector<uint8_t> answered, std::vector<double> weights,
                                   Vector all, Vector answering, std::string description)
    : class_of_case_(std::move(class_of_case)),
      answered_(std::move(answered)),
      weights_(std::move(weights)),
      all_(std::move(all)),
      answering_(std::move(answering)),
      description_(std::move(description)) {}

void ResponseAdjusted::add(Matrix& x, double sign) const {
  Vector sums(all_.size());
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    sums.setZero();
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      const int32_t c = class_of_case_[static_cast<size_t>(i)];
      if (c >= 0) sums[c] += x(i, j);
    }
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      const auto at = static_cast<size_t>(i);
      const int32_t c = class_of_case_[at];
      if (c < 0) continue;
      const double share = 1 / all_[c] - (answered_[at] != 0 ? 1 / answering_[c] : 0.0);
      x(i, j) += sign * sums[c] * weights_[at] * share;
    }
  }
}

std::shared_ptr<const Adjustment> before_response(const Sample& sample,
                                                  std::shared_ptr<const Adjustment> later) {
  Responses responses = responses_of(sample);
  if (responses.empty()) return later;
  return std::make_shared<BeforeResponse>(std::move(responses), std::move(later));
}

const Adjustment* first_calibration(const Sample& sample) {
  for (const auto& adjustment : sample.adjustments()) {
    const std::shared_ptr<const Adjustment> itself = unwrapped(adjustment);
    const bool other = std::dynamic_pointer_cast<const ResponseAdjusted>(itself) == nullptr &&
                       std::dynamic_pointer_cast<const Trimmed>(itself) == nullptr;
    if (other) return adjustment.get();
  }
  return nullptr;
}

}  // namespace barometer

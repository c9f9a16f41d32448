// Adjustments that others must know of.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "barometer/sample/sample.h"

namespace barometer {

// See response.h. Within a class the sum of x stays, so that what was added can be taken back.
class ResponseAdjusted final : public Adjustment {
 public:
  ResponseAdjusted(std::vector<int32_t> class_of_case, std::vector<uint8_t> answered,
                   std::vector<double> weights, Vector all, Vector answering,
                   std::string description);

  void apply(Matrix& x) const override { add(x, 1); }
  void undo(Matrix& x) const { add(x, -1); }
  [[nodiscard]] std::string description() const override { return description_; }

 private:
  void add(Matrix& x, double sign) const;

  std::vector<int32_t> class_of_case_;  // -1: weight 0
  std::vector<uint8_t> answered_;
  std::vector<double> weights_;  // before
  Vector all_, answering_;       // sums of these by class
  std::string description_;
};

// Trimmed weights are taken as given: nothing happens to x.
class Trimmed final : public Adjustment {
 public:
  explicit Trimmed(std::string description) : description_(std::move(description)) {}
  void apply(Matrix& /*x*/) const override {}
  [[nodiscard]] std::string description() const override { return description_; }

 private:
  std::string description_;
};

// A sample takes its adjustments in the order they were made, as R does. By the chain rule what
// was done to the weights last acts first on an influence. Between calibrations the two differ
// little; but a response adjustment hands x on to those who did not answer, whom a later
// calibration does not know. So this makes `later` act before the sample's response adjustments:
// they are taken back, `later` acts, and they act again.
std::shared_ptr<const Adjustment> before_response(const Sample& sample,
                                                  std::shared_ptr<const Adjustment> later);

// The first adjustment that is neither a response adjustment nor a trimming, or nullptr.
const Adjustment* first_calibration(const Sample& sample);

}  // namespace barometer

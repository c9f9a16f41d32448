// Samples of several waves whose parts stand side by side: independent designs, replicates.
#include <algorithm>

#include <fmt/format.h>

#include "barometer/panel/stack_internal.h"

namespace barometer {
namespace {

using Eigen::Index;

// Each wave by its own way of drawing; nothing between them.
class SeparateSampling final : public SamplingVariance {
 public:
  SeparateSampling(std::vector<std::shared_ptr<const SamplingVariance>> parts,
                   std::vector<size_t> begins)
      : parts_(std::move(parts)), begins_(std::move(begins)) {}

  [[nodiscard]] size_t case_count() const override { return begins_.back(); }

  [[nodiscard]] Result<Matrix> covariance(const Matrix& x, Domain domain) const override {
    Matrix sum = Matrix::Zero(x.cols(), x.cols());
    for (size_t w = 0; w < parts_.size(); ++w) {
      const Matrix rows = x.middleRows(static_cast<Index>(begins_[w]), static_cast<Index>(size(w)));
      sum += TRY(parts_[w]->covariance(rows, part_of(domain, w)));
    }
    return sum;
  }

  [[nodiscard]] double df(std::span<const double> weights, Domain domain) const override {
    double sum = 0;
    for (size_t w = 0; w < parts_.size(); ++w) {
      sum += parts_[w]->df(weights.subspan(begins_[w], size(w)), part_of(domain, w));
    }
    return sum;
  }

  [[nodiscard]] std::string description() const override {
    std::string text = fmt::format("{} independent waves: ", parts_.size());
    for (size_t w = 0; w < parts_.size(); ++w) {
      text += (w == 0 ? "" : "; ") + parts_[w]->description();
    }
    return text;
  }

 private:
  [[nodiscard]] size_t size(size_t w) const { return begins_[w + 1] - begins_[w]; }
  [[nodiscard]] Domain part_of(Domain domain, size_t w) const {
    return domain.empty() ? domain : domain.subspan(begins_[w], size(w));
  }

  std::vector<std::shared_ptr<const SamplingVariance>> parts_;
  std::vector<size_t> begins_;
};

// Replicated waves: the weights are checked, and nothing else of the design is used.
Result<std::vector<double>> weights_alone(const SurveyWave& wave) {
  DesignSpec spec;
  spec.case_count = wave.spec.case_count;
  spec.weights = wave.spec.weights;
  spec.lonely_psu = LonelyPsu::kRemove;
  auto design = Design::make(std::move(spec));
  if (!design) {
    return tl::unexpected(std::move(design).error().in(fmt::format("wave '{}'", wave.name)));
  }
  return std::vector<double>(design->weights().begin(), design->weights().end());
}

Status check_replicates(const SurveyWave& first, const SurveyWave& wave, bool linked) {
  const auto differ = [&](const std::string& what) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{} in wave '{}' and in wave '{}'", what, first.name, wave.name));
  };
  const Replicates& a = *first.replicates;
  const Replicates& b = *wave.replicates;
  if (static_cast<size_t>(b.weights.rows()) != wave.spec.case_count) {
    return fail(ErrorCode::kInvalid,
                fmt::format("wave '{}': {} rows of replicate weights for {} cases", wave.name,
                            b.weights.rows(), wave.spec.case_count));
  }
  if (!linked) return {};
  if (a.count() != b.count()) {
    return differ(fmt::format("{} and {} replicates", a.count(), b.count()));
  }
  if (a.scale != b.scale || a.rscales != b.rscales || a.mse != b.mse) {
    return differ("replicates of another scale, so that they are not the same replicates,");
  }
  return {};
}

Replicates same_columns(std::span<const SurveyWave> waves, const std::vector<size_t>& begins) {
  Replicates all = *waves[0].replicates;
  all.weights.resize(static_cast<Index>(begins.back()), waves[0].replicates->weights.cols());
  for (size_t w = 0; w < waves.size(); ++w) {
    all.weights.middleRows(static_cast<Index>(begins[w]),
                           static_cast<Index>(waves[w].spec.case_count)) =
        waves[w].replicates->weights;
  }
  return all;
}

// A column moves one wave; in the others it is the weight itself, so that they stay where they are.
Replicates own_columns(std::span<const SurveyWave> waves, const std::vector<size_t>& begins,
                       const std::vector<double>& weights) {
  Replicates all;
  all.mse = true;
  Index count = 0;
  for (const SurveyWave& wave : waves) count += wave.replicates->weights.cols();
  const Eigen::Map<const Vector> full(weights.data(), static_cast<Index>(weights.size()));
  all.weights = full.replicate(1, count);
  Index column = 0;
  for (size_t w = 0; w < waves.size(); ++w) {
    const Replicates& own = *waves[w].replicates;
    all.weights.block(static_cast<Index>(begins[w]), column, own.weights.rows(),
                      own.weights.cols()) = own.weights;
    for (const double rscale : own.rscales) all.rscales.push_back(own.scale * rscale);
    column += own.weights.cols();
  }
  return all;
}

}  // namespace

Result<std::vector<double>> stacked_weights(std::span<const SurveyWave> waves) {
  std::vector<double> weights;
  for (const SurveyWave& wave : waves) {
    DesignSpec spec = wave.spec;
    spec.lonely_psu = LonelyPsu::kRemove;  // of the waves together the unit may not be lonely
    auto design = Design::make(std::move(spec));
    if (!design) {
      return tl::unexpected(std::move(design).error().in(fmt::format("wave '{}'", wave.name)));
    }
    weights.insert(weights.end(), design->weights().begin(), design->weights().end());
  }
  return weights;
}

Result<Sample> stack_independent(std::span<const SurveyWave> waves) {
  std::vector<std::shared_ptr<const SamplingVariance>> parts;
  std::vector<double> weights;
  for (const SurveyWave& wave : waves) {
    auto design = Design::make(wave.spec);
    if (!design) {
      return tl::unexpected(std::move(design).error().in(fmt::format("wave '{}'", wave.name)));
    }
    weights.insert(weights.end(), design->weights().begin(), design->weights().end());
    parts.push_back(nested_sampling(std::move(*design)));
  }
  return Sample::linearised(
      std::make_shared<SeparateSampling>(std::move(parts), wave_begins(waves)), std::move(weights));
}

Result<Sample> stack_replicates(std::span<const SurveyWave> waves, bool linked) {
  const auto lacks = [](const SurveyWave& wave) { return wave.replicates == nullptr; };
  if (const auto without = std::ranges::find_if(waves, lacks); without != waves.end()) {
    const auto with = std::ranges::find_if_not(waves, lacks);
    return fail(ErrorCode::kInvalid,
                fmt::format("wave '{}' has replicate weights and wave '{}' has none", with->name,
                            without->name));
  }
  std::vector<double> weights;
  for (const SurveyWave& wave : waves) {
    TRY_DONE(check_replicates(waves[0], wave, linked));
    const std::vector<double> own = TRY(weights_alone(wave));
    weights.insert(weights.end(), own.begin(), own.end());
  }
  const std::vector<size_t> begins = wave_begins(waves);
  Replicates all = linked ? same_columns(waves, begins) : own_columns(waves, begins, weights);
  return Sample::replicated(std::move(weights), std::move(all));
}

}  // namespace barometer

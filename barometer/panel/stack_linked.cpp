// One design of linked waves.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "barometer/panel/linked_internal.h"

namespace barometer {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// Units of a stage, the stratum of each, and which waves saw it.
struct Seen {
  std::vector<int32_t> stratum;
  std::vector<std::vector<uint8_t>> in_wave;  // [unit][wave]
};

Seen seen_units(const LinkedStages& stages, size_t k) {
  const SharedStage& stage = stages.shared[k];
  const size_t waves = stages.begins.size() - 1;
  const auto count = static_cast<size_t>(std::ranges::max(stage.unit)) + 1;
  Seen seen{std::vector<int32_t>(count, 0),
            std::vector<std::vector<uint8_t>>(count, std::vector<uint8_t>(waves, 0))};
  for (size_t w = 0; w < waves; ++w) {
    for (size_t row = stages.begins[w]; row < stages.begins[w + 1]; ++row) {
      const auto unit = static_cast<size_t>(stage.unit[row]);
      seen.stratum[unit] = stage.group[row];
      seen.in_wave[unit][w] = 1;
    }
  }
  return seen;
}

// A unit of a stratum of known size missed a wave.
bool misses_in_finite(const LinkedStages& stages, size_t k) {
  const SharedStage& stage = stages.shared[k];
  if (stage.population.empty()) return false;
  const Seen seen = seen_units(stages, k);
  for (size_t row = 0; row < stage.unit.size(); ++row) {
    if (std::isinf(stage.population[row])) continue;
    const auto& waves = seen.in_wave[static_cast<size_t>(stage.unit[row])];
    if (std::ranges::count(waves, uint8_t{0}) > 0) return true;
  }
  return false;
}

// Stages below the link, drawn anew in each wave: their strata and units are a wave's own.
class OwnStages {
 public:
  explicit OwnStages(std::span<const SurveyWave> waves) : waves_(waves) {}

  void add_to(DesignSpec& spec) const {
    size_t deepest = 1;
    for (const SurveyWave& wave : waves_) deepest = std::max(deepest, wave.spec.ids.size());
    for (size_t k = spec.ids.size(); k < deepest; ++k) {
      spec.strata.resize(k, std::vector<int32_t>(spec.case_count, 0));
      spec.fpc.resize(k, std::vector<double>(spec.case_count, kInfinity));
      add_stage(k, spec);
    }
  }

 private:
  void add_stage(size_t k, DesignSpec& spec) const {
    std::vector<int32_t> strata;
    std::vector<int32_t> units;
    std::vector<double> sizes;
    PairInterner stratum, unit;
    for (size_t w = 0; w < waves_.size(); ++w) {
      const DesignSpec& own = waves_[w].spec;
      const auto wave = static_cast<int32_t>(w);
      const bool has_stage = k < own.ids.size();
      const std::vector<double> own_sizes = has_stage ? populations(own, k) : whole(w, k);
      sizes.insert(sizes.end(), own_sizes.begin(), own_sizes.end());
      for (size_t row = 0; row < own.case_count; ++row) {
        const int32_t in = k < own.strata.size() ? own.strata[k][row] : 0;
        const int32_t id = has_stage ? own.ids[k][row] : static_cast<int32_t>(row);
        strata.push_back(stratum({wave, in}));
        units.push_back(unit({wave, id}));
      }
    }
    spec.strata.push_back(std::move(strata));
    spec.ids.push_back(std::move(units));
    spec.fpc.push_back(std::move(sizes));
  }

  // A wave without this stage took its units whole: as many as there are, of as many.
  [[nodiscard]] std::vector<double> whole(size_t w, size_t k) const {
    const DesignSpec& own = waves_[w].spec;
    const std::vector<std::vector<int32_t>> units = own_units(own);
    if (k > units.size()) return std::vector<double>(own.case_count, 1.0);
    std::unordered_map<int32_t, double> cases;
    for (const int32_t unit : units[k - 1]) ++cases[unit];
    std::vector<double> sizes;
    for (const int32_t unit : units[k - 1]) sizes.push_back(cases[unit]);
    return sizes;
  }

  std::span<const SurveyWave> waves_;
};

DesignSpec shared_spec(std::span<const SurveyWave> waves, const LinkedStages& stages,
                       std::vector<double> weights) {
  const DesignSpec& first = waves[0].spec;
  DesignSpec spec;
  spec.case_count = stages.begins.back();
  spec.weights = std::move(weights);
  spec.lonely_psu = first.lonely_psu;
  spec.domain_lonely = first.domain_lonely;
  spec.stage_words = first.stage_words;
  spec.nest = true;  // checked by label: a unit of one label in two strata is two units, or refused
  for (size_t k = 0; k < stages.shared.size(); ++k) {
    const SharedStage& stage = stages.shared[k];
    spec.ids.push_back(stage.units.codes);
    if (stage.strata.labels.size() > 1) {
      spec.strata.resize(k, std::vector<int32_t>(spec.case_count, 0));
      spec.strata.push_back(stage.strata.codes);
    }
    if (!stage.population.empty()) {
      spec.fpc.resize(k, std::vector<double>(spec.case_count, kInfinity));
      spec.fpc.push_back(stage.population);
    }
  }
  std::vector<std::vector<std::string>> strata, units;
  for (const SharedStage& stage : stages.shared) {
    strata.push_back(stage.strata.labels);
    units.push_back(stage.units.labels);
  }
  const auto named = [](std::vector<std::vector<std::string>> labels) {
    return [labels = std::move(labels)](size_t stage, int32_t code) {
      const auto index = static_cast<size_t>(code);
      const bool known = stage < labels.size() && index < labels[stage].size();
      return known ? labels[stage][index] : std::to_string(code);
    };
  };
  spec.stratum_label = named(std::move(strata));
  spec.unit_label = named(std::move(units));
  return spec;
}

Result<Design> together(DesignSpec spec) {
  auto design = Design::make(std::move(spec));
  if (!design) return tl::unexpected(std::move(design).error().in("the waves together"));
  return design;
}

Result<Sample> finite_overlap(std::span<const SurveyWave> waves, const LinkedStages& stages,
                              DesignSpec spec) {
  OverlapInFinitePopulations parts;
  for (const SurveyWave& wave : waves) {
    auto design = Design::make(wave.spec);
    if (!design) {
      return tl::unexpected(std::move(design).error().in(fmt::format("wave '{}'", wave.name)));
    }
    parts.own.push_back(nested_sampling(std::move(*design)));
  }
  std::vector<double> weights = spec.weights;
  spec.fpc.clear();
  spec.lonely_psu = LonelyPsu::kRemove;
  parts.stacked = nested_sampling(TRY(together(std::move(spec))));
  parts.begins = stages.begins;
  const SharedStage& stage = stages.shared[0];
  parts.unit = stage.unit;
  parts.stratum = seen_units(stages, 0).stratum;
  parts.population.resize(static_cast<size_t>(std::ranges::max(stage.group)) + 1);
  for (size_t row = 0; row < stage.group.size(); ++row) {
    parts.population[static_cast<size_t>(stage.group[row])] = stage.population[row];
  }
  return Sample::linearised(overlap_sampling(std::move(parts)), std::move(weights));
}

}  // namespace

Result<Sample> stack_linked(std::span<const SurveyWave> waves, const WaveLink& link,
                            const LinkCodes& codes) {
  std::vector<double> weights = TRY(stacked_weights(waves));
  const LinkedStages stages = TRY(linked_stages(waves, codes, link.variable));
  DesignSpec spec = shared_spec(waves, stages, std::move(weights));
  for (size_t k = 0; k < stages.shared.size(); ++k) {
    if (!misses_in_finite(stages, k)) continue;
    if (k == 0 && stages.shared.size() == 1) return finite_overlap(waves, stages, std::move(spec));
    return fail(ErrorCode::kUnsupported,
                fmt::format("units of stage {} missed a wave, and their population sizes are "
                            "known, in waves that share {} stages; leave the population sizes out, "
                            "or link by the units of stage 1",
                            k + 1, stages.shared.size()));
  }
  if (stages.at_link && !stages.coarser) OwnStages(waves).add_to(spec);
  return Sample::of(TRY(together(std::move(spec))));
}

}  // namespace barometer

// Which stages linked waves share, and whether they agree about them.
#include <algorithm>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/panel/linked_internal.h"

namespace barometer {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kSameSize = 1e-9;  // relative; sizes made from fractions

size_t stage_count(const DesignSpec& spec) { return std::max<size_t>(1, spec.ids.size()); }

int32_t unit_code(const DesignSpec& spec, size_t stage, size_t row) {
  return spec.ids.empty() ? static_cast<int32_t>(row) : spec.ids[stage][row];
}
int32_t stratum_code(const DesignSpec& spec, size_t stage, size_t row) {
  return stage < spec.strata.size() ? spec.strata[stage][row] : 0;
}

// True when no value of `fine` meets two of `coarse`.
bool nested(std::span<const int32_t> fine, std::span<const int32_t> coarse) {
  std::unordered_map<int32_t, int32_t> seen;
  for (size_t i = 0; i < fine.size(); ++i) {
    if (seen.emplace(fine[i], coarse[i]).first->second != coarse[i]) return false;
  }
  return true;
}

class Builder {
 public:
  Builder(std::span<const SurveyWave> waves, const LinkCodes& link, const std::string& link_name)
      : waves_(waves), link_(link), name_(link_name), begins_(wave_begins(waves)) {}

  Result<LinkedStages> build() {
    TRY_DONE(check_rules());
    TRY_DONE(find_link());
    for (size_t k = 0; k <= last_; ++k) add_stage(k);
    TRY_DONE(check_positions());
    for (size_t k = 0; k <= last_; ++k) TRY_DONE(set_populations(k));
    stages_.begins = begins_;
    return std::move(stages_);
  }

 private:
  [[nodiscard]] std::span<const int32_t> links_of(size_t w) const {
    return std::span(link_.codes).subspan(begins_[w], begins_[w + 1] - begins_[w]);
  }
  [[nodiscard]] size_t wave_of(size_t row) const {
    return static_cast<size_t>(std::ranges::upper_bound(begins_, row) - begins_.begin()) - 1;
  }

  [[nodiscard]] Status check_rules() const {
    const DesignSpec& first = waves_[0].spec;
    for (const SurveyWave& wave : waves_) {
      if (wave.spec.lonely_psu == first.lonely_psu &&
          wave.spec.domain_lonely == first.domain_lonely) {
        continue;
      }
      return fail(ErrorCode::kInvalid,
                  fmt::format("lonely units count by '{}' in wave '{}' and by '{}' in wave '{}'; "
                              "linked waves need one rule, also within domains",
                              name_of(first.lonely_psu), waves_[0].name,
                              name_of(wave.spec.lonely_psu), wave.name));
    }
    return {};
  }

  // The first stage whose units hold one link value each, in every wave.
  Status find_link() {
    std::vector<std::vector<std::vector<int32_t>>> units;
    size_t fewest = stage_count(waves_[0].spec);
    size_t most = fewest;
    for (const SurveyWave& wave : waves_) {
      units.push_back(own_units(wave.spec));
      fewest = std::min(fewest, units.back().size());
      most = std::max(most, units.back().size());
    }
    for (size_t k = 0; k < fewest && !stages_.at_link; ++k) {
      last_ = k;
      stages_.at_link = true;
      for (size_t w = 0; w < waves_.size(); ++w) {
        if (!nested(units[w][k], links_of(w))) stages_.at_link = false;
      }
    }
    if (!stages_.at_link) {
      if (fewest == most) return {};
      return fail(ErrorCode::kInvalid,
                  fmt::format("the waves' designs have {} and {} stages, all of larger units than "
                              "'{}', so the waves do not share them",
                              fewest, most, name_));
    }
    for (size_t w = 0; w < waves_.size(); ++w) {
      if (nested(links_of(w), units[w][last_])) continue;
      stages_.coarser = true;
      TRY_DONE(check_no_populations());
    }
    return {};
  }

  // Population sizes of people say nothing of organisations.
  [[nodiscard]] Status check_no_populations() const {
    for (const SurveyWave& wave : waves_) {
      for (size_t k = last_; k < wave.spec.fpc.size(); ++k) {
        if (!has_populations(wave.spec, k)) continue;
        return fail(ErrorCode::kInvalid,
                    fmt::format("wave '{}': the population sizes of stage {} count units that are "
                                "smaller than '{}'; make '{}' that stage of the design, or leave "
                                "the sizes out",
                                wave.name, k + 1, name_, name_));
      }
    }
    return {};
  }

  [[nodiscard]] std::string label(size_t w, size_t k, int32_t code, bool stratum) const {
    const DesignSpec& spec = waves_[w].spec;
    const auto& words = stratum ? spec.stratum_label : spec.unit_label;
    return words ? words(k, code) : std::to_string(code);
  }

  // Codes that mean the same label in every wave.
  [[nodiscard]] StackedCodes by_label(size_t k, bool stratum) const {
    StackedCodes result;
    Interner<std::string> intern;
    for (size_t w = 0; w < waves_.size(); ++w) {
      const DesignSpec& spec = waves_[w].spec;
      std::unordered_map<int32_t, int32_t> known;
      for (size_t row = 0; row < spec.case_count; ++row) {
        const int32_t own = stratum ? stratum_code(spec, k, row) : unit_code(spec, k, row);
        auto found = known.find(own);
        if (found == known.end()) {
          const bool none = stratum && k >= spec.strata.size();
          const std::string text = none ? "(no strata)" : label(w, k, own, stratum);
          const int32_t code = intern(text);
          if (static_cast<size_t>(code) == result.labels.size()) result.labels.push_back(text);
          found = known.emplace(own, code).first;
        }
        result.codes.push_back(found->second);
      }
    }
    return result;
  }

  void add_stage(size_t k) {
    SharedStage stage;
    stage.strata = by_label(k, true);
    stage.units = stages_.at_link && k == last_ ? StackedCodes{link_.codes, link_.labels}
                                                : by_label(k, false);
    PairInterner group, unit;
    for (size_t row = 0; row < begins_.back(); ++row) {
      const int32_t above = k == 0 ? 0 : stages_.shared[k - 1].unit[row];
      stage.group.push_back(group({above, stage.strata.codes[row]}));
      stage.unit.push_back(unit({stage.group.back(), stage.units.codes[row]}));
    }
    stages_.shared.push_back(std::move(stage));
  }

  // A link value stays in its stratum, and in its units of the stages above it.
  [[nodiscard]] Status check_positions() const {
    for (size_t k = 0; k <= last_; ++k) {
      TRY_DONE(check_position(stages_.shared[k].strata, "stratum"));
      const bool is_link = stages_.at_link && k == last_;
      if (!is_link) TRY_DONE(check_position(stages_.shared[k].units, "unit"));
    }
    return {};
  }

  [[nodiscard]] Status check_position(const StackedCodes& where, const char* what) const {
    std::unordered_map<int32_t, size_t> first;
    for (size_t row = 0; row < link_.codes.size(); ++row) {
      const size_t before = first.emplace(link_.codes[row], row).first->second;
      if (where.codes[before] == where.codes[row]) continue;
      const auto name = [&](size_t at) {
        return printable(where.labels[static_cast<size_t>(where.codes[at])]);
      };
      return fail(
          ErrorCode::kInvalid,
          fmt::format("'{}' is in {} '{}' in wave '{}' and in '{}' in wave '{}'; a linked unit "
                      "stays where it was drawn, so give each wave the {} of the first draw",
                      printable(link_.labels[static_cast<size_t>(link_.codes[row])]), what,
                      name(before), waves_[wave_of(before)].name, name(row),
                      waves_[wave_of(row)].name, what));
    }
    return {};
  }

  Status set_populations(size_t k) {
    SharedStage& stage = stages_.shared[k];
    const bool any = std::ranges::any_of(
        waves_, [k](const SurveyWave& wave) { return has_populations(wave.spec, k); });
    if (!any) return {};
    for (const SurveyWave& wave : waves_) {
      const std::vector<double> own = populations(wave.spec, k);
      stage.population.insert(stage.population.end(), own.begin(), own.end());
    }
    std::unordered_map<int32_t, size_t> first;
    std::unordered_map<int32_t, std::set<int32_t>> units;
    for (size_t row = 0; row < stage.population.size(); ++row) {
      const size_t before = first.emplace(stage.group[row], row).first->second;
      TRY_DONE(check_same(stage, before, row));
      stage.population[row] = stage.population[before];
      units[stage.group[row]].insert(stage.unit[row]);
    }
    for (const auto& [group, members] : units) {
      const size_t row = first[group];
      if (static_cast<double>(members.size()) <= stage.population[row] * (1 + kSameSize)) continue;
      return fail(ErrorCode::kInvalid,
                  fmt::format("stratum '{}': its population size is {}, but {} units were in one "
                              "wave or another",
                              stratum_name(stage, row), stage.population[row], members.size()));
    }
    return {};
  }

  [[nodiscard]] static std::string stratum_name(const SharedStage& stage, size_t row) {
    return printable(stage.strata.labels[static_cast<size_t>(stage.strata.codes[row])]);
  }

  [[nodiscard]] Status check_same(const SharedStage& stage, size_t before, size_t row) const {
    const double a = stage.population[before];
    const double b = stage.population[row];
    if (a == b || std::abs(a - b) <= kSameSize * std::min(a, b)) return {};
    const auto words = [](double size) {
      return std::isinf(size) ? std::string("unknown") : fmt::format("{}", size);
    };
    return fail(ErrorCode::kInvalid,
                fmt::format("stratum '{}': its population size is {} in wave '{}' and {} in wave "
                            "'{}'; linked waves are of one population",
                            stratum_name(stage, row), words(a), waves_[wave_of(before)].name,
                            words(b), waves_[wave_of(row)].name));
  }

  std::span<const SurveyWave> waves_;
  const LinkCodes& link_;
  const std::string& name_;
  std::vector<size_t> begins_;
  LinkedStages stages_;
  size_t last_ = 0;  // the last shared stage
};

bool are_fractions(const DesignSpec& spec) {
  return std::ranges::all_of(spec.fpc, [](const std::vector<double>& stage) {
    return std::ranges::all_of(stage, [](double value) { return value <= 1; });
  });
}

}  // namespace

std::vector<std::vector<int32_t>> own_units(const DesignSpec& spec) {
  std::vector<std::vector<int32_t>> units;
  std::vector<int32_t> above(spec.case_count, 0);
  for (size_t k = 0; k < stage_count(spec); ++k) {
    PairInterner group, unit;
    for (size_t row = 0; row < spec.case_count; ++row) {
      const int32_t stratum = group({above[row], stratum_code(spec, k, row)});
      above[row] = unit({stratum, unit_code(spec, k, row)});
    }
    units.push_back(above);
  }
  return units;
}

bool has_populations(const DesignSpec& spec, size_t stage) {
  if (stage >= spec.fpc.size()) return false;
  const double none = are_fractions(spec) ? 0 : kInfinity;
  return std::ranges::any_of(spec.fpc[stage], [none](double value) { return value != none; });
}

std::vector<double> populations(const DesignSpec& spec, size_t stage) {
  if (stage >= spec.fpc.size()) return std::vector<double>(spec.case_count, kInfinity);
  std::vector<double> sizes = spec.fpc[stage];
  if (!are_fractions(spec)) return sizes;
  const std::vector<std::vector<int32_t>> units = own_units(spec);
  PairInterner group;
  std::unordered_map<int32_t, std::set<int32_t>> members;
  std::vector<int32_t> group_of;
  for (size_t row = 0; row < sizes.size(); ++row) {
    const int32_t above = stage == 0 ? 0 : units[stage - 1][row];
    group_of.push_back(group({above, stratum_code(spec, stage, row)}));
    members[group_of.back()].insert(units[stage][row]);
  }
  for (size_t row = 0; row < sizes.size(); ++row) {
    sizes[row] = static_cast<double>(members[group_of[row]].size()) / sizes[row];
  }
  return sizes;
}

Result<LinkedStages> linked_stages(std::span<const SurveyWave> waves, const LinkCodes& link,
                                   const std::string& link_name) {
  return Builder(waves, link, link_name).build();
}

}  // namespace barometer

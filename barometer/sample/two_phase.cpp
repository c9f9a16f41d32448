#include "barometer/sample/two_phase.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "barometer/sample/two_phase_internal.h"

namespace barometer {
namespace {

size_t stage_count(const DesignSpec& spec) { return std::max<size_t>(1, spec.ids.size()); }

Result<std::vector<uint32_t>> kept_cases(const TwoPhaseSpec& spec) {
  const size_t n = spec.phase1.case_count;
  if (spec.phase2.case_count != n || spec.in_phase2.size() != n) {
    return fail(ErrorCode::kInvalid,
                fmt::format("phase 1 has {} cases, phase 2 codes for {}, and its selection {}", n,
                            spec.phase2.case_count, spec.in_phase2.size()));
  }
  std::vector<uint32_t> kept;
  for (size_t i = 0; i < n; ++i) {
    if (spec.in_phase2[i] > 1) {
      return fail(ErrorCode::kInvalid, fmt::format("row {}: the selection of phase 2 is {}, not 0 "
                                                   "or 1",
                                                   i + 1, spec.in_phase2[i]));
    }
    if (spec.in_phase2[i] == 1) kept.push_back(static_cast<uint32_t>(i));
  }
  if (kept.empty()) return fail(ErrorCode::kInvalid, "no case is in phase 2");
  return kept;
}

template <class T>
std::vector<T> rows_of(const std::vector<T>& values, const std::vector<uint32_t>& kept) {
  std::vector<T> rows;
  for (const uint32_t i : kept) rows.push_back(values[i]);
  return rows;
}

Status check_weights_above_zero(const DesignSpec& spec, const std::vector<uint32_t>& kept) {
  if (spec.weights.size() != spec.case_count) return {};  // none, or refused by the design
  for (const uint32_t i : kept) {
    if (spec.weights[i] > 0) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("row {} is in phase 2 with the weight {}", i + 1, spec.weights[i]));
  }
  return {};
}

// Weights asked for where they can follow from population sizes. Lonely units are looked at later.
Result<Design> phase_of(DesignSpec spec, const char* phase) {
  spec.weights_from_fpc = spec.weights.empty() && !spec.fpc.empty();
  auto design = Design::make(std::move(spec));
  if (!design) return tl::unexpected(std::move(design).error().in(phase));
  return std::move(*design);
}

// Of each case and stage: the units of phase 1 in its phase-2 stratum.
std::vector<std::vector<double>> units_in_phase1(const Design& structure) {
  std::vector<std::vector<double>> counts;
  for (size_t k = 0; k < structure.stages().size(); ++k) {
    const StageUnits units = units_of_stage(structure, k);
    std::vector<double> of_unit(units.unit_count);
    for (const UnitStratum& stratum : units.strata) {
      for (const uint32_t u : stratum.units) of_unit[u] = static_cast<double>(stratum.units.size());
    }
    std::vector<double>& of_case = counts.emplace_back();
    for (const uint32_t u : units.unit_of_case) of_case.push_back(of_unit[u]);
  }
  return counts;
}

// Every stratum of phase 2 has to have been drawn from.
Status check_drawn(const DesignSpec& phase2, const std::vector<uint8_t>& in_phase2) {
  if (phase2.strata.empty()) return {};
  const std::vector<int32_t>& codes = phase2.strata.front();
  std::unordered_set<int32_t> drawn;
  for (size_t i = 0; i < codes.size(); ++i) {
    if (in_phase2[i] == 1) drawn.insert(codes[i]);
  }
  for (size_t i = 0; i < codes.size(); ++i) {
    if (drawn.contains(codes[i])) continue;
    const std::string label =
        phase2.stratum_label ? phase2.stratum_label(0, codes[i]) : std::to_string(codes[i]);
    return fail(
        ErrorCode::kInvalid,
        fmt::format("phase 2: nothing was drawn from the stratum '{}' (row {})", label, i + 1));
  }
  return {};
}

Result<DesignSpec> spec_of_kept(const TwoPhaseSpec& spec, const std::vector<uint32_t>& kept) {
  DesignSpec all = spec.phase2;
  auto structure = structure_of(all);
  if (!structure) return tl::unexpected(std::move(structure).error().in("phase 2"));
  TRY_DONE(check_drawn(all, spec.in_phase2));
  if (all.fpc.empty()) all.fpc = units_in_phase1(*structure);
  for (const std::vector<double>& stage : all.fpc) {
    if (stage.size() == all.case_count) continue;
    return fail(ErrorCode::kInvalid, fmt::format("phase 2: {} population sizes for {} cases",
                                                 stage.size(), all.case_count));
  }
  if (!all.weights.empty() && all.weights.size() != all.case_count) {
    return fail(ErrorCode::kInvalid, fmt::format("phase 2: {} weights for {} cases",
                                                 all.weights.size(), all.case_count));
  }
  DesignSpec of_kept = all;
  of_kept.case_count = kept.size();
  for (auto& codes : of_kept.ids) codes = rows_of(codes, kept);
  for (auto& codes : of_kept.strata) codes = rows_of(codes, kept);
  for (auto& sizes : of_kept.fpc) sizes = rows_of(sizes, kept);
  if (!all.weights.empty()) of_kept.weights = rows_of(all.weights, kept);
  if (spec.method == TwoPhaseMethod::kFull) of_kept.lonely_psu = LonelyPsu::kRemove;
  return of_kept;
}

// The number of different units among some cases, by group.
std::map<int32_t, double> units_by_group(const std::vector<uint32_t>& cases,
                                         const std::vector<int32_t>& group,
                                         const StageUnits& units) {
  std::vector<std::pair<int32_t, uint32_t>> found;
  found.reserve(cases.size());
  for (const uint32_t i : cases) found.emplace_back(group[i], units.unit_of_case[i]);
  std::ranges::sort(found);
  const auto repeated = std::ranges::unique(found);
  found.erase(repeated.begin(), repeated.end());
  std::map<int32_t, double> counts;
  for (const auto& [code, unit] : found) ++counts[code];
  return counts;
}

// The share of phase 1's last units that phase 2 sees, by stratum of phase 2 or, when it has none,
// of phase 1.
std::vector<double> seen_shares(const TwoPhaseSpec& spec, const StageUnits& last1,
                                const std::vector<uint32_t>& kept) {
  std::vector<int32_t> group(spec.phase1.case_count);
  if (!spec.phase2.strata.empty()) {
    group = spec.phase2.strata.front();
  } else {
    std::vector<int32_t> of_unit(last1.unit_count);
    for (size_t s = 0; s < last1.strata.size(); ++s) {
      for (const uint32_t u : last1.strata[s].units) of_unit[u] = static_cast<int32_t>(s);
    }
    for (size_t i = 0; i < group.size(); ++i) group[i] = of_unit[last1.unit_of_case[i]];
  }
  std::vector<uint32_t> everyone(group.size());
  std::iota(everyone.begin(), everyone.end(), 0U);
  const std::map<int32_t, double> all = units_by_group(everyone, group, last1);
  const std::map<int32_t, double> seen = units_by_group(kept, group, last1);
  std::vector<double> shares;
  for (const uint32_t i : kept) {
    shares.push_back(seen.at(group[i]) / all.at(group[i]));
  }
  return shares;
}

// Whether no two PSUs of phase 2 (looked at by their first case) stand in one unit of phase 1.
bool one_psu_a_unit(const StageUnits& last1, const Design& phase2,
                    const std::vector<uint32_t>& kept) {
  const StageUnits first2 = units_of_stage(phase2, 0);
  std::vector<uint8_t> met(first2.unit_count, 0);
  std::unordered_set<uint32_t> used;
  for (size_t i = 0; i < kept.size(); ++i) {
    if (std::exchange(met[first2.unit_of_case[i]], uint8_t{1}) == 1) continue;
    if (!used.insert(last1.unit_of_case[kept[i]]).second) return false;
  }
  return true;
}

Result<TwoPhases> prepared(const TwoPhaseSpec& spec) {
  std::vector<uint32_t> kept = TRY(kept_cases(spec));
  TRY_DONE(check_weights_above_zero(spec.phase1, kept));
  TRY_DONE(check_weights_above_zero(spec.phase2, kept));
  DesignSpec first = spec.phase1;
  first.lonely_psu = LonelyPsu::kRemove;
  Design phase1 = TRY(phase_of(std::move(first), "phase 1"));
  Design phase2 = TRY(phase_of(TRY(spec_of_kept(spec, kept)), "phase 2"));
  const StageUnits last1 =
      units_of_stage(TRY(structure_of(spec.phase1)), stage_count(spec.phase1) - 1);

  TwoPhases phases{.kept = std::move(kept),
                   .weights = std::vector<double>(spec.phase1.case_count, 0.0),
                   .phase1 = std::move(phase1),
                   .phase2 = std::move(phase2),
                   .lonely1 = spec.phase1.lonely_psu,
                   .with_replacement1 = spec.phase1.fpc.empty(),
                   .unit_weights1 = false,
                   .probability1 = {},
                   .probability2 = {},
                   .given_weights1 = !spec.phase1.weights.empty(),
                   .given_weights2 = !spec.phase2.weights.empty(),
                   .seen = {},
                   .same_scale = true};
  phases.unit_weights1 = phases.phase1.unweighted();
  for (size_t i = 0; i < phases.kept.size(); ++i) {
    const double weight1 = phases.phase1.weights()[phases.kept[i]];
    const double weight2 = phases.phase2.weights()[i];
    phases.weights[phases.kept[i]] = weight1 * weight2;
    phases.probability1.push_back(1 / weight1);
    phases.probability2.push_back(1 / weight2);
  }
  phases.seen = seen_shares(spec, last1, phases.kept);
  phases.same_scale = one_psu_a_unit(last1, phases.phase2, phases.kept);
  return phases;
}

}  // namespace

double TwoPhaseVariance::df(std::span<const double> weights, Domain domain) const {
  std::vector<double> kept;
  for (const uint32_t i : phases_.kept) kept.push_back(weights[i]);
  return phase2_->df(kept, kept_domain(domain));
}

std::string TwoPhaseVariance::description() const {
  return fmt::format("two-phase design: {} cases by a {}; of these {} by a {}", case_count(),
                     phases_.phase1.description(), phases_.kept.size(),
                     phases_.phase2.description());
}

Matrix TwoPhaseVariance::kept_rows(const Matrix& x) const {
  CHECK(static_cast<size_t>(x.rows()) == case_count(), "one row of influence a case");
  Matrix rows(static_cast<Eigen::Index>(phases_.kept.size()), x.cols());
  for (Eigen::Index i = 0; i < rows.rows(); ++i) {
    rows.row(i) = x.row(phases_.kept[static_cast<size_t>(i)]);
  }
  return rows;
}

std::vector<uint8_t> TwoPhaseVariance::kept_domain(Domain domain) const {
  std::vector<uint8_t> kept;
  if (domain.empty()) return kept;
  for (const uint32_t i : phases_.kept) kept.push_back(domain[i]);
  return kept;
}

Result<Sample> two_phase(const TwoPhaseSpec& spec) {
  TwoPhases phases = TRY(prepared(spec));
  std::vector<double> weights = phases.weights;
  auto variance = spec.method == TwoPhaseMethod::kFull
                      ? full_two_phase(std::move(phases))
                      : TRY(approximate_two_phase(std::move(phases)));
  return Sample::linearised(std::move(variance), std::move(weights));
}

}  // namespace barometer

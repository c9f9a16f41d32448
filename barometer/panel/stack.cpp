#include <algorithm>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/panel/answers_internal.h"
#include "barometer/panel/stack_internal.h"

namespace barometer {
namespace {

Status check_wave(const SurveyWave& wave) {
  CHECK(wave.data != nullptr, "a wave has data");
  const size_t n = wave.data->case_count();
  if (wave.spec.case_count != n) {
    return fail(ErrorCode::kInvalid, fmt::format("wave '{}' has {} cases, but its design has {}",
                                                 wave.name, n, wave.spec.case_count));
  }
  if (!wave.mask.empty() && wave.mask.size() != n) {
    return fail(ErrorCode::kInvalid, fmt::format("wave '{}' has {} cases, but its mask has {}",
                                                 wave.name, n, wave.mask.size()));
  }
  const bool some = wave.mask.empty() ? n > 0 : std::ranges::count(wave.mask, uint8_t{1}) > 0;
  if (!some) {
    return fail(ErrorCode::kInvalid,
                fmt::format("wave '{}' has no cases to estimate from", wave.name));
  }
  return {};
}

Status check_waves(std::span<const SurveyWave> waves) {
  if (waves.size() < 2) {
    return fail(ErrorCode::kInvalid, fmt::format("a change needs two waves, not {}", waves.size()));
  }
  std::set<std::string_view> names;
  for (const SurveyWave& wave : waves) {
    if (trimmed(wave.name).empty()) return fail(ErrorCode::kInvalid, "a wave has no name");
    if (!names.insert(wave.name).second) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("two waves are called '{}'", printable(wave.name)));
    }
    TRY_DONE(check_wave(wave));
  }
  return {};
}

std::vector<std::vector<uint8_t>> stacked_masks(std::span<const SurveyWave> waves) {
  const std::vector<size_t> begins = wave_begins(waves);
  std::vector<std::vector<uint8_t>> masks;
  for (size_t w = 0; w < waves.size(); ++w) {
    std::vector<uint8_t> mask(begins.back(), 0);
    for (size_t row = begins[w]; row < begins[w + 1]; ++row) {
      mask[row] = waves[w].mask.empty() ? 1 : waves[w].mask[row - begins[w]];
    }
    masks.push_back(std::move(mask));
  }
  return masks;
}

// Whether each link value stands among the cases to estimate from, by wave.
std::vector<std::vector<uint8_t>> presence(const std::vector<std::vector<uint8_t>>& masks,
                                           const LinkCodes& link) {
  std::vector<std::vector<uint8_t>> present;
  for (const auto& mask : masks) {
    std::vector<uint8_t> here(link.labels.size(), 0);
    for (size_t row = 0; row < mask.size(); ++row) {
      if (mask[row] != 0) here[static_cast<size_t>(link.codes[row])] = 1;
    }
    present.push_back(std::move(here));
  }
  return present;
}

std::vector<WaveOverlap> overlaps_of(const std::vector<std::vector<uint8_t>>& present) {
  std::vector<WaveOverlap> overlaps;
  for (size_t to = 1; to < present.size(); ++to) {
    for (size_t from = 0; from < to; ++from) {
      WaveOverlap overlap{from, to, 0, 0, 0};
      for (size_t unit = 0; unit < present[to].size(); ++unit) {
        overlap.units_from += present[from][unit];
        overlap.units_to += present[to][unit];
        if (present[from][unit] != 0 && present[to][unit] != 0) ++overlap.both;
      }
      overlaps.push_back(overlap);
    }
  }
  return overlaps;
}

Result<WaveRelation> relation_of(const std::vector<WaveOverlap>& overlaps, const WaveLink& link) {
  if (std::ranges::none_of(overlaps, [](const WaveOverlap& pair) { return pair.both > 0; })) {
    return fail(ErrorCode::kInvalid,
                fmt::format("no value of '{}' is in two of the waves, so nothing links them: check "
                            "that it is written alike in each, or compare them as independent "
                            "samples",
                            link.variable));
  }
  const bool panel = std::ranges::all_of(overlaps, [](const WaveOverlap& pair) {
    return pair.both == pair.units_from && pair.both == pair.units_to;
  });
  return panel ? WaveRelation::kPanel : WaveRelation::kOverlap;
}

// Rows of one wave: each has a link and, unless it repeats, one of its own.
Status add_links(const SurveyWave& wave, const WaveLink& link,
                 std::unordered_map<std::string, int32_t>& known, LinkCodes& codes) {
  const auto index = wave.data->codebook().index_of(link.variable);
  if (!index) {
    const std::string hint = suggestion(link.variable, wave.data->codebook().ids());
    return fail(ErrorCode::kInvalid,
                fmt::format("wave '{}' has no variable '{}' to link by{}{}", wave.name,
                            printable(link.variable), hint.empty() ? "" : "; ", hint));
  }
  const std::vector<std::string> keys =
      TRY(keys_of(wave.data->codebook().variables()[*index], wave.data->column(*index)));
  std::unordered_map<int32_t, size_t> row_of;
  for (size_t row = 0; row < keys.size(); ++row) {
    if (keys[row].empty()) {
      return fail(ErrorCode::kInvalid, fmt::format("wave '{}': row {} has no '{}' to link by",
                                                   wave.name, row + 1, link.variable));
    }
    const auto [at, fresh] = known.emplace(keys[row], static_cast<int32_t>(codes.labels.size()));
    if (fresh) codes.labels.push_back(keys[row]);
    const auto [first, once] = row_of.emplace(at->second, row);
    if (!once && !link.repeats) {
      return fail(
          ErrorCode::kInvalid,
          fmt::format("wave '{}': '{}' is the '{}' of rows {} and {}, where each may have "
                      "one row",
                      wave.name, printable(keys[row]), link.variable, first->second + 1, row + 1));
    }
    codes.codes.push_back(at->second);
  }
  return {};
}

}  // namespace

std::string_view name_of(WaveRelation relation) {
  switch (relation) {
    case WaveRelation::kIndependent:
      return "independent";
    case WaveRelation::kPanel:
      return "panel";
    case WaveRelation::kOverlap:
      return "overlap";
  }
  return "";
}

std::vector<size_t> wave_begins(std::span<const SurveyWave> waves) {
  std::vector<size_t> begins = {0};
  for (const SurveyWave& wave : waves) begins.push_back(begins.back() + wave.spec.case_count);
  return begins;
}

Result<LinkCodes> link_codes(std::span<const SurveyWave> waves, const WaveLink& link) {
  LinkCodes codes;
  std::unordered_map<std::string, int32_t> known;
  for (const SurveyWave& wave : waves) TRY_DONE(add_links(wave, link, known, codes));
  return codes;
}

Result<StackedWaves> stack(std::span<const SurveyWave> waves, const WaveLink& link,
                           std::span<const std::string> variables) {
  TRY_DONE(check_waves(waves));
  StackedData stacked = TRY(stack_data(waves, variables));
  const bool replicated =
      std::ranges::any_of(waves, [](const SurveyWave& wave) { return wave.replicates != nullptr; });
  std::vector<std::vector<uint8_t>> masks = stacked_masks(waves);
  std::vector<WaveOverlap> overlaps;
  WaveRelation relation = WaveRelation::kIndependent;
  const auto make_sample = [&]() -> Result<Sample> {
    if (link.variable.empty()) {
      return replicated ? stack_replicates(waves, false) : stack_independent(waves);
    }
    const LinkCodes codes = TRY(link_codes(waves, link));
    overlaps = overlaps_of(presence(masks, codes));
    relation = TRY(relation_of(overlaps, link));
    return replicated ? stack_replicates(waves, true) : stack_linked(waves, link, codes);
  };
  Sample sample = TRY(make_sample());
  StackedWaves result{{},
                      std::make_shared<const Dataset>(std::move(stacked.data)),
                      sample,
                      std::move(masks),
                      relation,
                      std::move(overlaps),
                      std::move(stacked.reworded)};
  for (const SurveyWave& wave : waves) result.names.push_back(wave.name);
  return result;
}

}  // namespace barometer

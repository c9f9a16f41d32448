#include <algorithm>
#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "barometer/estimate/linearise_internal.h"
#include "barometer/estimate/organisations_internal.h"

namespace barometer {
namespace {

constexpr int64_t kLargestDenominator = 1'000'000;

bool outside(std::span<const uint8_t> mask, size_t row) { return !mask.empty() && mask[row] == 0; }

// Σ numerator_i / denominator_i over the base, divided by its size; nullopt when the common
// denominator grows too large.
std::optional<Ratio> exact_mean(const std::vector<double>& sums,
                                const std::vector<int64_t>& counts) {
  int64_t common = 1;
  int64_t size = 0;
  for (const int64_t count : counts) {
    if (count == 0) continue;
    common = std::lcm(common, count);
    if (common > kLargestDenominator) return std::nullopt;
    ++size;
  }
  if (size == 0) return std::nullopt;
  double total = 0;  // whole numbers below 2^53 add exactly
  for (size_t i = 0; i < sums.size(); ++i) {
    if (counts[i] == 0) continue;
    const int64_t share = common / counts[i];  // exact: a common multiple
    total += sums[i] * static_cast<double>(share);
  }
  if (std::abs(total) > 0x1p53) return std::nullopt;
  const auto numerator = static_cast<int64_t>(total);
  const int64_t denominator = common * size;
  const int64_t divisor = std::max<int64_t>(1, std::gcd(numerator, denominator));
  return Ratio{numerator / divisor, denominator / divisor};
}

std::string label_of(const OrganisationKey& key, int32_t code) {
  const auto index = static_cast<size_t>(code);
  return index < key.labels.size() ? key.labels[index] : std::to_string(code);
}

// One statistic by organisation, and what is exact of it.
struct Answers {
  std::vector<uint16_t> cells;  // 0 in the base, kNoCell where no respondent is
  std::vector<double> y;
  double centre = 0;
  size_t numerator = 0;  // organisations with a respondent who has the property
  bool all_or_none = true;
  std::optional<Ratio> mean;  // over the base, exactly, when what is averaged is whole
};

Answers answers_of(const CodedTable& table, const CodedStatistic& statistic,
                   const OrganisationSample& sample, std::span<const uint8_t> mask) {
  std::vector<double> on_weight(table.cell_count, 0.0);
  std::vector<double> on_y(table.cell_count, 0.0);
  for (const auto& term : statistic.form.terms) {
    on_weight[term.cell] += term.on_weight;
    on_y[term.cell] += term.on_y;
  }
  std::vector<double> sums(sample.count(), 0.0);
  std::vector<int64_t> counts(sample.count(), 0);
  for (const auto& [row, organisation] : sample.answerers) {
    const uint16_t cell = table.cells[row];
    if (outside(mask, row) || cell >= statistic.form.base_cells) continue;
    ++counts[organisation];
    sums[organisation] += on_weight[cell];
    if (on_y[cell] != 0) sums[organisation] += on_y[cell] * table.y[row];
  }
  Answers answers;
  answers.cells.assign(sample.count(), kNoCell);
  answers.y.assign(sample.count(), 0.0);
  double total = 0;
  double base = 0;
  for (size_t i = 0; i < sample.count(); ++i) {
    if (counts[i] == 0) continue;
    answers.cells[i] = 0;
    answers.y[i] = sums[i] / static_cast<double>(counts[i]);
    if (answers.y[i] > 0) ++answers.numerator;
    if (answers.y[i] != 0 && answers.y[i] != 1) answers.all_or_none = false;
    total += answers.y[i];
    ++base;
  }
  if (statistic.role == CodedStatistic::Role::kMean && base > 0) answers.centre = total / base;
  if (table.whole_numbers) answers.mean = exact_mean(sums, counts);
  return answers;
}

// Sums of a sample of single organisations without strata: each a cell of its own.
CellSums one_cell_each(const Design& design) {
  const size_t count = design.case_count();
  CellSums sums;
  sums.cell_count = count;
  sums.row_count = design.row_count();
  sums.row_begin.assign(sums.row_count + 1, count);
  sums.row_begin[0] = 0;
  sums.n.assign(count, 1);
  sums.live.assign(count, 1);
  sums.row_n.assign(count, 1);
  sums.row_live.assign(count, 1);
  sums.w.assign(design.weights().begin(), design.weights().end());
  for (const double w : sums.w) sums.w2.push_back(w * w);
  sums.row_w = sums.w;
  sums.row_w2 = sums.w2;
  return sums;
}

}  // namespace

OrganisationSample sample_of(const OrganisationKey& key) {
  std::vector<OrganisationSample::Answerer> by_code;
  for (size_t row = 0; row < key.organisation.size(); ++row) {
    if (key.organisation[row] < 0) continue;
    by_code.push_back({static_cast<uint32_t>(row), static_cast<uint32_t>(key.organisation[row])});
  }
  for (const auto& [row, code] : key.also) {
    by_code.push_back({static_cast<uint32_t>(row), static_cast<uint32_t>(code)});
  }
  OrganisationSample sample;
  for (const auto& answerer : by_code) {
    sample.codes.push_back(static_cast<int32_t>(answerer.organisation));
  }
  std::ranges::sort(sample.codes);
  const auto repeats = std::ranges::unique(sample.codes);
  sample.codes.erase(repeats.begin(), repeats.end());
  sample.answerers = std::move(by_code);
  for (auto& answerer : sample.answerers) {
    const auto found =
        std::ranges::lower_bound(sample.codes, static_cast<int32_t>(answerer.organisation));
    answerer.organisation = static_cast<uint32_t>(found - sample.codes.begin());
  }
  return sample;
}

Status check_organisations(const OrganisationKey& key, size_t case_count) {
  if (key.organisation.size() != case_count) {
    return fail(ErrorCode::kInvalid, fmt::format("{} organisation codes for {} cases",
                                                 key.organisation.size(), case_count));
  }
  for (const auto& [row, code] : key.also) {
    if (row >= case_count || code < 0) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("organisation {} answered for by row {}, of {} rows", code, row + 1,
                              case_count));
    }
  }
  const OrganisationSample sample = sample_of(key);
  if (key.frame_organisations > 0 && sample.count() > key.frame_organisations) {
    return fail(ErrorCode::kInvalid, fmt::format("{} organisations answered, but the frame has {}",
                                                 sample.count(), key.frame_organisations));
  }
  if (key.size.empty()) return {};
  for (const int32_t code : sample.codes) {
    const auto index = static_cast<size_t>(code);
    if (index >= key.size.size()) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("organisation '{}' has no size", label_of(key, code)));
    }
    if (!(key.size[index] > 0) || std::isinf(key.size[index])) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("organisation '{}' has the size {}; it must be above 0",
                              label_of(key, code), key.size[index]));
    }
  }
  return {};
}

Result<Design> organisation_design(const OrganisationKey& key, const OrganisationSample& sample,
                                   bool by_size) {
  DesignSpec spec;
  spec.case_count = sample.count();
  if (key.frame_organisations > 0) {
    spec.fpc = {std::vector<double>(sample.count(), static_cast<double>(key.frame_organisations))};
  }
  if (by_size) {
    for (const int32_t code : sample.codes) {
      spec.weights.push_back(key.size[static_cast<size_t>(code)]);
    }
  }
  spec.lonely_psu = LonelyPsu::kRemove;  // one organisation alone: no degrees of freedom anyway
  return Design::make(std::move(spec));
}

OrganisationMean organisation_mean(std::shared_ptr<const Design> design, const CodedTable& table,
                                   const CodedStatistic& statistic,
                                   const OrganisationSample& sample,
                                   std::span<const uint8_t> mask) {
  const Answers answers = answers_of(table, statistic, sample, mask);
  const CellSums sums = one_cell_each(*design);
  CodedTable means{answers.cells, 1, answers.y, answers.centre, false, {statistic}};
  means.statistics[0].form = {{{0, 0, 1}}, 1};
  const auto sampling = cell_sampling(design, std::make_shared<const CellSums>(sums));
  OrganisationMean found{estimated(*sampling, sums, {&means, 1}, false).front(),
                         answers.all_or_none};
  Estimate& estimate = found.estimate;
  estimate.weighted = !design->unweighted();
  estimate.organisations = estimate.n;
  if (statistic.role != CodedStatistic::Role::kMean) estimate.numerator = answers.numerator;
  if (estimate.value && !estimate.weighted) estimate.exact = answers.mean;
  return found;
}

size_t count_organisations(const OrganisationSample& sample, std::span<const uint16_t> cells,
                           size_t base_cells, std::span<const uint8_t> mask) {
  std::vector<uint8_t> seen(sample.count(), 0);
  for (const auto& [row, organisation] : sample.answerers) {
    if (!outside(mask, row) && cells[row] < base_cells) seen[organisation] = 1;
  }
  return static_cast<size_t>(std::ranges::count(seen, 1));
}

}  // namespace barometer

#include "bench/generate.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

#include <fmt/core.h>

namespace barometer::bench {
namespace {

constexpr uint64_t kGolden = 0x9E3779B97F4A7C15;

// The finalizer of SplitMix64 (Steele, Lea & Flood, OOPSLA 2014).
uint64_t mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

uint64_t draw(uint64_t base, uint64_t k) { return mix(base + (k + 1) * kGolden); }

double uniform(uint64_t bits) { return (static_cast<double>(bits >> 11) + 0.5) * 0x1p-53; }

// Two standard normal numbers (Box & Muller 1958).
std::array<double, 2> normals(uint64_t a, uint64_t b) {
  const double radius = std::sqrt(-2 * std::log(uniform(a)));
  const double angle = 2 * std::numbers::pi * uniform(b);
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

// Streams of draws that are not rows.
enum Stream : uint64_t { kSizes = 1, kAnswers, kGroups, kNumbers, kRows, kOrder, kGiven };

uint64_t base_of(uint64_t seed, Stream stream, uint64_t index) {
  return mix(mix(seed * kGolden + stream) + index);
}

// Thresholds of codes with log-odds a_k + slope (k - mean).
template <size_t N>
std::array<uint16_t, N> thresholds(size_t codes, uint64_t shape, double slope) {
  std::array<double, N + 1> share{};
  double sum = 0;
  for (size_t k = 0; k < codes; ++k) {
    const double middle = static_cast<double>(k) - static_cast<double>(codes - 1) / 2;
    share[k] = std::exp(0.8 * uniform(draw(shape, k)) + slope * middle);
    sum += share[k];
  }
  std::array<uint16_t, N> from{};
  double below = 0;
  for (size_t k = 0; k + 1 < codes; ++k) {
    below += share[k] / sum;
    from[k] = static_cast<uint16_t>(std::min(65535.0, std::round(below * 65536)));
  }
  return from;
}

template <size_t N>
uint8_t code_at(const std::array<uint16_t, N>& from, size_t codes, uint16_t bits) {
  uint8_t code = 1;
  for (size_t k = 0; k + 1 < codes; ++k) {
    code = static_cast<uint8_t>(code + (bits >= from[k] ? 1 : 0));
  }
  return code;
}

// Sixteen bits at a time from a stream of draws.
class Bits {
 public:
  explicit Bits(uint64_t base) : base_(base) {}
  uint16_t next() {
    if (left_ == 0) {
      word_ = draw(base_, used_++);
      left_ = 4;
    }
    const auto bits = static_cast<uint16_t>(word_);
    word_ >>= 16;
    --left_;
    return bits;
  }

 private:
  uint64_t base_, word_ = 0, used_ = 2;  // the first two are the row's normal numbers
  int left_ = 0;
};

Variable single_variable(const std::string& id, size_t codes) {
  Variable variable{.id = id, .label = id};
  for (size_t code = 1; code <= codes; ++code) {
    variable.categories.push_back(
        {.code = static_cast<int>(code), .label = fmt::format("{}", code)});
  }
  return variable;
}

Variable question_variable(size_t question) {
  Variable variable = single_variable(question_name(question), question_codes(question));
  if (question < kFirstScale) return variable;
  variable.kind = VariableKind::kScale;
  variable.scale_low = 1;
  variable.scale_high = static_cast<int>(question_codes(question));
  return variable;
}

Result<Codebook> make_codebook() {
  Codebook codebook;
  TRY_DONE(codebook.add(single_variable("stratum", kStrata)));
  TRY_DONE(codebook.add(single_variable("psu", kPsus)));
  for (const char* name : {"fpc", "w", "income"}) {
    TRY_DONE(codebook.add({.id = name, .kind = VariableKind::kNumber, .label = name}));
  }
  for (size_t i = 0; i < kQuestions; ++i) TRY_DONE(codebook.add(question_variable(i)));
  for (size_t i = 0; i < kBanners; ++i) {
    TRY_DONE(codebook.add(single_variable(banner_name(i), kBannerCodes[i])));
  }
  return codebook;
}

Numbers numbers_of(size_t n) {
  return {.values = std::vector<double>(n), .missing = std::vector<Missing>(n, Missing::kNone)};
}

}  // namespace

std::string question_name(size_t question) { return fmt::format("q{}", question + 1); }
std::string banner_name(size_t banner) { return fmt::format("b{}", banner + 1); }

std::vector<std::string> column_names() {
  std::vector<std::string> names = {"stratum", "psu", "fpc", "w", "income"};
  for (size_t i = 0; i < kQuestions; ++i) names.push_back(question_name(i));
  for (size_t i = 0; i < kBanners; ++i) names.push_back(banner_name(i));
  return names;
}

Generator::Generator(uint64_t rows, bool shuffled, uint64_t seed)
    : rows_(rows), shuffled_(shuffled), seed_(seed), mask_(std::bit_ceil(rows) - 1) {
  CHECK(rows >= 2 * kPsus, fmt::format("{} rows are fewer than two a PSU", rows));
  // Two rows each, the others in proportion to a size of 0.5 to 1.5.
  std::vector<double> cumulated(kPsus + 1);
  for (size_t psu = 0; psu < kPsus; ++psu) {
    cumulated[psu + 1] = cumulated[psu] + 0.5 + uniform(base_of(seed, kSizes, psu));
  }
  for (size_t psu = 0; psu <= kPsus; ++psu) {
    const double part = cumulated[psu] / cumulated[kPsus];
    first_of_psu_.push_back(
        2 * psu + static_cast<uint64_t>(std::floor(part * static_cast<double>(rows - 2 * kPsus))));
  }
  first_of_psu_.back() = rows;
  make_thresholds();
}

void Generator::make_thresholds() {
  for (size_t psu = 0; psu < kPsus; ++psu) {
    const uint64_t answers = base_of(seed_, kAnswers, psu);
    for (size_t group = 0; group < kBannerCodes[0]; ++group) {
      for (size_t question = 0; question < kQuestions; ++question) {
        const double chance =
            normals(draw(answers, 2 * question), draw(answers, 2 * question + 1))[0];
        const double slope = 0.15 * chance + 0.06 * (static_cast<double>(group) - 1.5);
        question_from_.push_back(thresholds<5>(question_codes(question),
                                               base_of(seed_, kAnswers, kPsus + question), slope));
      }
    }
    const uint64_t groups = base_of(seed_, kGroups, psu);
    for (size_t banner = 0; banner < kBanners; ++banner) {
      const double chance = normals(draw(groups, 2 * banner), draw(groups, 2 * banner + 1))[0];
      banner_from_.push_back(thresholds<7>(kBannerCodes[banner],
                                           base_of(seed_, kGroups, kPsus + banner), 0.1 * chance));
    }
    const uint64_t numbers = base_of(seed_, kNumbers, psu);
    const auto [income, weight] = normals(draw(numbers, 0), draw(numbers, 1));
    income_of_psu_.push_back(10 + 0.15 * income);
    weight_of_psu_.push_back(0.25 * weight);
  }
}

size_t Generator::psu_of(uint64_t place) const {
  const auto after = std::upper_bound(first_of_psu_.begin(), first_of_psu_.end(), place);
  return static_cast<size_t>(after - first_of_psu_.begin()) - 1;
}

// A permutation of 0 … mask_ by steps that can each be undone, walked until it is below rows_
// (Black & Rogaway, "Ciphers with arbitrary finite domains", 2002).
uint64_t Generator::place_of(uint64_t index) const {
  if (!shuffled_) return index;
  const uint64_t key = base_of(seed_, kOrder, 0);
  const auto half = static_cast<int>(std::bit_width(mask_) / 2);
  uint64_t place = index;
  do {
    for (uint64_t round = 0; round < 3; ++round) {
      place = ((place + draw(key, round)) * (kGolden | 1)) & mask_;
      place ^= place >> half;
    }
  } while (place >= rows_);
  return place;
}

SurveyRow Generator::row(uint64_t index) const {
  const uint64_t place = place_of(index);
  const size_t psu = psu_of(place);
  const size_t stratum = psu / kPsusOfStratum;
  SurveyRow row;
  row.stratum = static_cast<uint8_t>(stratum + 1);
  row.psu = static_cast<uint16_t>(psu + 1);
  row.fpc = static_cast<uint16_t>(100 + 50 * (stratum % 7));
  const uint64_t base = base_of(seed_, kRows, place);
  const auto [first, second] = normals(draw(base, 0), draw(base, 1));
  row.weight_micro =
      static_cast<int32_t>(std::lround(1e6 * std::exp(weight_of_psu_[psu] + 0.4 * first)));
  Bits bits(base);
  for (size_t i = 0; i < kBanners; ++i) {
    row.banner[i] = code_at(banner_from_[psu * kBanners + i], kBannerCodes[i], bits.next());
  }
  const double group = row.banner[0] - 1;
  row.income =
      static_cast<int32_t>(std::lround(std::exp(income_of_psu_[psu] + 0.1 * group + 0.5 * second)));
  const size_t from = (psu * kBannerCodes[0] + row.banner[0] - 1) * kQuestions;
  for (size_t i = 0; i < kQuestions; ++i) {
    row.question[i] = code_at(question_from_[from + i], question_codes(i), bits.next());
  }
  return row;
}

double Generator::given_replicate(uint64_t index, const SurveyRow& row, size_t replicate,
                                  double factor) const {
  const double chance = uniform(draw(base_of(seed_, kGiven, place_of(index)), replicate));
  return row.weight() * factor * (0.95 + 0.1 * chance);
}

Result<Dataset> make_dataset(const Generator& generator) {
  const auto n = static_cast<size_t>(generator.rows());
  NarrowCodes stratum(n);
  WideCodes psu(n);
  std::array<Numbers, 3> numbers = {numbers_of(n), numbers_of(n), numbers_of(n)};
  std::vector<NarrowCodes> codes(kQuestions + kBanners, NarrowCodes(n));
  for (size_t i = 0; i < n; ++i) {
    const SurveyRow row = generator.row(i);
    stratum[i] = row.stratum;
    psu[i] = row.psu;
    numbers[0].values[i] = row.fpc;
    numbers[1].values[i] = row.weight();
    numbers[2].values[i] = row.income;
    for (size_t j = 0; j < kQuestions; ++j) codes[j][i] = row.question[j];
    for (size_t j = 0; j < kBanners; ++j) codes[kQuestions + j][i] = row.banner[j];
  }
  std::vector<Column> columns;
  columns.emplace_back(std::move(stratum));
  columns.emplace_back(std::move(psu));
  for (Numbers& column : numbers) columns.emplace_back(std::move(column));
  for (NarrowCodes& column : codes) columns.emplace_back(std::move(column));
  return Dataset::make(TRY(make_codebook()), std::move(columns));
}

DesignSpec design_spec(const Dataset& data) {
  const auto& stratum = std::get<NarrowCodes>(data.column(0));
  const auto& psu = std::get<WideCodes>(data.column(1));
  DesignSpec spec;
  spec.case_count = data.case_count();
  spec.ids.emplace_back(psu.begin(), psu.end());
  spec.strata.emplace_back(stratum.begin(), stratum.end());
  spec.fpc.push_back(std::get<Numbers>(data.column(2)).values);
  spec.weights = std::get<Numbers>(data.column(3)).values;
  return spec;
}

Result<Design> make_design(const Dataset& data) { return Design::make(design_spec(data)); }

}  // namespace barometer::bench

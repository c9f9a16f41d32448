// The survey that every benchmark asks the same questions of: a stratified cluster sample of any
// size, made from a seed.
//
// 50 strata of 40 primary sampling units (PSUs), sampled of 100 to 400; 20 questions of 5 or 6
// codes; 10 banner variables of 2 to 8; a log-normal weight and income. Answers depend on the PSU
// and on b1, so that design effects are those of real surveys. A row is a function of (seed, rows,
// index) alone: any row can be made by itself, on any thread, in any order.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/data/dataset.h"
#include "barometer/design/design.h"

namespace barometer::bench {

inline constexpr size_t kStrata = 50;
inline constexpr size_t kPsusOfStratum = 40;
inline constexpr size_t kPsus = kStrata * kPsusOfStratum;
inline constexpr size_t kQuestions = 20;
inline constexpr size_t kBanners = 10;
inline constexpr size_t kColumns = 5 + kQuestions + kBanners;
inline constexpr std::array<uint8_t, kBanners> kBannerCodes = {4, 2, 3, 5, 6, 8, 4, 2, 7, 3};
inline constexpr size_t kFirstScale = 13;  // q14 … q20 are scales, the questions before them single

inline constexpr size_t question_codes(size_t question) { return question % 2 == 0 ? 5 : 6; }
std::string question_name(size_t question);  // "q1" for 0
std::string banner_name(size_t banner);      // "b1" for 0
// "stratum", "psu", "fpc", "w", "income", "q1" …, "b1" …: the order of every file.
std::vector<std::string> column_names();

// Codes count from 1. The weight is weight_micro / 1e6, so that sums in SQL can be exact.
struct SurveyRow {
  uint8_t stratum = 0;
  uint16_t psu = 0;
  uint16_t fpc = 0;  // PSUs in the population of the stratum
  int32_t weight_micro = 0;
  int32_t income = 0;
  std::array<uint8_t, kQuestions> question{};
  std::array<uint8_t, kBanners> banner{};

  [[nodiscard]] double weight() const { return weight_micro / 1e6; }
};

class Generator {
 public:
  // Rows stand in order of their PSUs, which differ in size; `shuffled`: in an order of chance.
  // At least 2 rows a PSU. The same rows, shuffled or not.
  explicit Generator(uint64_t rows, bool shuffled = false, uint64_t seed = 1);

  [[nodiscard]] uint64_t rows() const { return rows_; }
  [[nodiscard]] SurveyRow row(uint64_t index) const;
  // A weight that is no product of PSU and factor, as a given matrix of replicates may hold.
  [[nodiscard]] double given_replicate(uint64_t index, const SurveyRow& row, size_t replicate,
                                       double factor) const;

 private:
  [[nodiscard]] size_t psu_of(uint64_t place) const;
  [[nodiscard]] uint64_t place_of(uint64_t index) const;
  void make_thresholds();

  uint64_t rows_;
  bool shuffled_;
  uint64_t seed_;
  uint64_t mask_ = 0;                   // of the power of two at or above rows_
  std::vector<uint64_t> first_of_psu_;  // kPsus + 1
  // Of 65,536: where code k + 2 begins. By PSU, code of b1 and question; by PSU and banner.
  std::vector<std::array<uint16_t, 5>> question_from_;
  std::vector<std::array<uint16_t, 7>> banner_from_;
  std::vector<double> income_of_psu_, weight_of_psu_;
};

// Every column, in memory.
Result<Dataset> make_dataset(const Generator& generator);
// Of codes read from the dataset: what a design costs before it is a Design.
DesignSpec design_spec(const Dataset& data);
// With psu, stratum and fpc as a person would name them.
Result<Design> make_design(const Dataset& data);

}  // namespace barometer::bench

// A dataset: a codebook and its columns, all of one length, in case order. Immutable once made;
// share it as std::shared_ptr<const Dataset>.
//
// Codes are stored in the narrowest type that holds them, with the top values reserved for the
// kinds of missing, so that a kernel reads one byte a case and decides by one comparison.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "barometer/data/codebook.h"

namespace barometer {

// Codes of a single or scale variable. T is uint8_t (codes 0 … 250) or uint16_t (0 … 65,000).
// The value max(T) - k stands for the missing kind k + 1: not asked is max(T).
template <class T>
constexpr T missing_code(Missing kind) {
  return static_cast<T>(std::numeric_limits<T>::max() - (static_cast<int>(kind) - 1));
}
template <class T>
constexpr Missing missing_of(T code) {
  const int from_top = std::numeric_limits<T>::max() - code;
  return from_top < 4 ? static_cast<Missing>(from_top + 1) : Missing::kNone;
}
inline constexpr int kMaxNarrowCode = 250;
inline constexpr int kMaxCode = 65000;

using NarrowCodes = std::vector<uint8_t>;
using WideCodes = std::vector<uint16_t>;

// Chosen options of a multi variable: bit i is the variable's categories[i]. At most 64 options.
struct OptionSets {
  std::vector<uint64_t> bits;
  std::vector<Missing> missing;  // same length; kNone where the question was answered
};

struct Numbers {
  std::vector<double> values;    // finite where missing is kNone, else 0
  std::vector<Missing> missing;  // same length
};

struct Texts {
  std::vector<std::string> values;  // UTF-8; empty where missing
  std::vector<Missing> missing;
};

using Column = std::variant<NarrowCodes, WideCodes, OptionSets, Numbers, Texts>;

size_t length_of(const Column& column);
// Missing::kNone where the case has a value.
Missing missing_at(const Column& column, size_t row);
// The code of a single or scale column at `row`; CHECKs the type, -1 where missing.
int code_at(const Column& column, size_t row);
// Codes (file codes, negative for missing kinds) into the narrowest column.
// CHECKs that each is in [0, kMaxCode] or a known missing code.
Column make_codes(std::span<const int> file_codes);
// The values at these rows, in this order.
Column picked(const Column& column, std::span<const uint32_t> rows);

class Dataset {
 public:
  // kInvalid: columns of different length, of a type that does not fit the variable's kind, or
  // holding a code outside the variable's categories, a number that is not finite or text that is
  // not UTF-8 (names variable, row from 1 and code).
  static Result<Dataset> make(Codebook codebook, std::vector<Column> columns);

  [[nodiscard]] const Codebook& codebook() const& { return codebook_; }
  [[nodiscard]] size_t case_count() const { return case_count_; }
  [[nodiscard]] const Column& column(size_t index) const& { return *columns_.at(index); }
  // kNotFound with the nearest names.
  Result<const Column*> find(std::string_view id) const&;

  // The same cases, with one more variable / only the cases whose mask byte is 1.
  Result<Dataset> with(Variable variable, Column column) const;
  [[nodiscard]] Dataset where(std::span<const uint8_t> mask) const;
  // The cases in another order: case i is that which was order[i]. Each column is freed before the
  // next is read, where no other dataset shares it.
  [[nodiscard]] Dataset reordered(std::span<const uint32_t> order) &&;

 private:
  Codebook codebook_;
  std::vector<std::shared_ptr<const Column>> columns_;  // shared by the datasets made with with()
  size_t case_count_ = 0;
};

}  // namespace barometer

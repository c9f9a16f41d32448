// An expression whose names, labels and types have found their meaning in a codebook: a tree for
// those who find its truth elsewhere than over a Dataset, as a database does.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "barometer/data/expression.h"

namespace barometer {

// Kleene's order, so that `and` is the minimum, `or` the maximum, and `not` 2 - x.
enum Truth : uint8_t { kFalse = 0, kUnknown = 1, kTrue = 2 };

// A number a case, or none: where a value is missing, and where arithmetic gives what is not
// finite.
struct BoundQuantity {
  enum class Kind {
    kConstant,      // value
    kNumberColumn,  // column
    kCodes,         // the codes of `column` from low to high; others are no number
    kNegative,      // of parts[0]
    kArithmetic,    // parts[0] then signs[i] parts[i + 1], from left to right; signs are + - * /
  };
  Kind kind = Kind::kConstant;
  double value = 0;
  size_t column = 0;  // of the codebook
  int low = 0, high = 0;
  std::string signs{};
  std::vector<BoundQuantity> parts{};
};

struct BoundCondition {
  enum class Kind {
    kAll,      // of parts
    kAny,      // of parts
    kNot,      // parts[0]
    kCodes,    // by_code[code] of `column`, kUnknown past its end; by_missing where there is none
    kOptions,  // any of `bits` chosen; unknown where not answered
    kMissing,  // by_missing[kind], Missing::kNone included
    kNumbers,  // sides[0] op sides[1]
    kText,     // column op text, in byte order
    kTextColumns,  // column op other
  };
  Kind kind = Kind::kAll;
  std::vector<BoundCondition> parts{};
  size_t column = 0, other = 0;
  std::vector<uint8_t> by_code{};
  std::array<uint8_t, 5> by_missing{};
  uint64_t bits = 0;
  std::string op{};  // = <> < <= > >=
  std::string text{};
  std::vector<BoundQuantity> sides{};
};

}  // namespace barometer

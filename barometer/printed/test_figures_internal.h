// Printed figures from text, for the tests of this folder.
#pragma once

#include <ostream>
#include <sstream>
#include <string>
#include <vector>

#include "barometer/printed/verdict.h"

namespace barometer {

inline Decimal decimal(const std::string& text) { return *parse_decimal(text); }

inline std::vector<Decimal> decimals(const std::string& words) {
  std::istringstream in(words);
  std::vector<Decimal> out;
  for (std::string word; in >> word;) out.push_back(decimal(word));
  return out;
}

inline std::ostream& operator<<(std::ostream& out, const Verdict& verdict) {
  return out << name_of(verdict.outcome) << " | " << verdict.arithmetic << " | " << verdict.mend;
}

// "impossible | 42% of 94: 39/94 = 41.49, 40/94 = 42.55 | 41% or 43%": one line of a table.
inline std::string line(const Verdict& verdict) {
  std::ostringstream out;
  out << verdict;
  return out.str();
}

inline const std::vector<RoundingRule>& four_rules() {
  static const std::vector<RoundingRule> rules = {Rounding::kHalfUp, Rounding::kHalfEven,
                                                  RoundingRule::permissive(), Rounding::kTruncate};
  return rules;
}

}  // namespace barometer

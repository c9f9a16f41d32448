// TextPlaces in an article, for the writers of reports.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "barometer/audit/audit.h"

namespace barometer {

// Code points of a text to bytes, lines and columns.
class TextPlaces {
 public:
  explicit TextPlaces(std::string_view utf8);

  [[nodiscard]] size_t size() const { return bytes_.size() - 1; }  // in code points
  [[nodiscard]] std::string_view slice(size_t begin, size_t end) const;
  // From 1.
  [[nodiscard]] size_t line(size_t code_point) const;
  [[nodiscard]] size_t column(size_t code_point) const;

 private:
  std::string_view text_;
  std::vector<size_t> bytes_;   // of each code point, and of the end
  std::vector<size_t> starts_;  // code points at which lines start
};

// Every stretch of text that the finding speaks of, in order of importance.
std::vector<wording::TextSpan> spans_of(const Article& article, const Finding& finding);
// "over", "majority"; empty for a plain number.
std::string_view bound_of(const Claim& claim);
// As printed; of a fraction to one decimal: 33.3.
std::optional<Decimal> value_of(const Claim& claim);
// What each rule looks for, in the order of docs/audit.md.
struct RuleText {
  std::string_view id;
  Grade grade;
  std::string_view text;
};
const std::vector<RuleText>& audit_rules();

}  // namespace barometer

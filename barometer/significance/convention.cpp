#include "barometer/significance/convention.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr std::array<std::pair<Convention, std::string_view>, 4> kNames{{
    {Convention::kDesign, "design"},
    {Convention::kSpss, "spss"},
    {Convention::kQuantum, "quantum"},
    {Convention::kQ, "q"},
}};

}  // namespace

std::string_view name_of(Convention convention) {
  return std::ranges::find(kNames, convention, &decltype(kNames)::value_type::first)->second;
}

Result<Convention> parse_convention(std::string_view word) {
  std::vector<std::string> known;
  for (const auto& [convention, name] : kNames) {
    if (name == word) return convention;
    known.emplace_back(name);
  }
  return fail(ErrorCode::kInvalid, fmt::format("'{}' is no convention of tests; {}",
                                               printable(word), suggestion(word, known)));
}

PAdjustment usual_adjustment(Convention convention) {
  if (convention == Convention::kSpss) return PAdjustment::kBonferroni;
  return convention == Convention::kQ ? PAdjustment::kBenjaminiHochberg : PAdjustment::kNone;
}

}  // namespace barometer

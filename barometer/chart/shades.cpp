#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/chart/shades_internal.h"

namespace barometer {
namespace {

constexpr int kMostSequentialCuts = 4;
constexpr size_t kMostPairs = 3;

std::vector<double> numbers_of(const Chart& chart) {
  std::vector<double> numbers;
  for (const auto& row : chart.rows) {
    for (const auto& mark : row.marks) {
      if (mark.value) numbers.push_back(shown_number(mark.printed, *mark.value));
    }
  }
  return numbers;
}

// The smallest 1, 2, 2.5 or 5 times a power of ten that is not below `least`.
double round_up_to_step(double least) {
  double step = std::pow(10, std::floor(std::log10(least) + 1e-9));
  for (const double factor : {2.0, 1.25, 2.0, 2.0}) {
    if (step >= least * (1 - 1e-9)) break;
    step *= factor;
  }
  return step;
}

// Strictly between: a cut at an end would make a class of one value or none.
std::vector<double> multiples_between(double step, double low, double high) {
  std::vector<double> cuts;
  const double first = std::floor(low / step + 1e-9) + 1;
  const double last = std::ceil(high / step - 1e-9) - 1;
  for (double k = first; k <= last && cuts.size() < 100; ++k) cuts.push_back(k * step);
  return cuts;
}

std::vector<double> sequential_cuts(double low, double high) {
  if (high - low < 1e-9 * std::max(1.0, std::abs(high))) return {};
  double step = round_up_to_step((high - low) / (kMostSequentialCuts + 1));
  auto cuts = multiples_between(step, low, high);
  while (cuts.size() > static_cast<size_t>(kMostSequentialCuts)) {
    step = round_up_to_step(step * 1.01);
    cuts = multiples_between(step, low, high);
  }
  return cuts;
}

// Middle plus and minus one, three and five half steps; outer pairs only where a value lies there.
std::vector<double> diverging_cuts(double middle, double reach) {
  if (reach < 1e-9) return {};
  const double half = round_up_to_step(reach / (2 * kMostPairs));
  std::vector<double> cuts;
  for (size_t pair = 0; pair < kMostPairs; ++pair) {
    const double away = half * static_cast<double>(2 * pair + 1);
    if (pair > 0 && away >= reach * (1 - 1e-9)) break;
    cuts.insert(cuts.begin(), middle - away);
    cuts.push_back(middle + away);
  }
  return cuts;
}

// `wanted` of the scale's colours, spread from end to end.
Result<std::vector<std::string>> spread(const Chart& chart, const std::vector<std::string>& scale,
                                        size_t wanted) {
  if (wanted > scale.size()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("chart '{}': {} classes of colour, at most {} can be told apart",
                            chart.id, wanted, scale.size()));
  }
  std::vector<std::string> colours;
  const size_t last = scale.size() - 1;
  for (size_t i = 0; i < wanted; ++i) {
    const size_t at = wanted == 1 ? last / 2 : (2 * i * last + wanted - 1) / (2 * (wanted - 1));
    colours.push_back(scale[at]);
  }
  return colours;
}

// Steps from the middle outward that differ most; `wanted` is odd.
Result<std::vector<std::string>> spread_from_middle(const Chart& chart, const Theme& theme,
                                                    size_t wanted) {
  constexpr std::array<std::array<size_t, 3>, 4> kAway = {{{}, {2}, {2, 3}, {1, 2, 3}}};
  const size_t pairs = wanted / 2;
  if (pairs > kMostPairs) return spread(chart, theme.diverging, wanted);
  std::vector<std::string> colours = {theme.diverging[3]};
  for (size_t pair = 0; pair < pairs; ++pair) {
    colours.insert(colours.begin(), theme.diverging[3 - kAway[pairs][pair]]);
    colours.push_back(theme.diverging[3 + kAway[pairs][pair]]);
  }
  return colours;
}

std::string class_words(const std::vector<double>& cuts, size_t at, const std::string& unit) {
  const auto number = [&unit](double value) {
    return fmt::format("{}{:.6g}{}", value < 0 ? "\xE2\x88\x92" : "", std::abs(value), unit);
  };
  if (cuts.empty()) return "all figures";
  if (at == 0) return "under " + number(cuts.front());
  if (at == cuts.size()) return number(cuts.back()) + " or more";
  return fmt::format("{} to under {}", number(cuts[at - 1]), number(cuts[at]));
}

}  // namespace

double shown_number(std::string_view printed, double value) {
  std::string text = replaced(std::string(printed), "\xE2\x88\x92", "-");
  std::erase_if(text, [](char c) { return c == '[' || c == ']' || c == '%' || c == ','; });
  const std::string_view digits = trimmed(text);
  const size_t start = digits.starts_with('+') ? 1 : 0;
  double number = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, problem] = std::from_chars(digits.data() + start, end, number);
  return problem == std::errc() && stopped == end ? number : value;
}

std::vector<double> shade_cuts(const Chart& chart) {
  if (!chart.shades.cuts.empty()) return chart.shades.cuts;
  const auto numbers = numbers_of(chart);
  if (numbers.empty()) return {};
  const auto [low, high] = std::minmax_element(numbers.begin(), numbers.end());
  if (chart.shades.scale == ShadeScale::kDiverging) {
    const double middle = chart.shades.middle;
    return diverging_cuts(middle, std::max(*high - middle, middle - *low));
  }
  return sequential_cuts(*low, *high);
}

size_t shade_class(const std::vector<double>& cuts, double number) {
  return static_cast<size_t>(std::upper_bound(cuts.begin(), cuts.end(), number) - cuts.begin());
}

Result<std::vector<KeyEntry>> shade_key(const Chart& chart, const Theme& theme) {
  const auto cuts = shade_cuts(chart);
  const size_t classes = cuts.size() + 1;
  const auto colours = chart.shades.scale == ShadeScale::kDiverging
                           ? TRY(spread_from_middle(chart, theme, classes))
                           : TRY(spread(chart, theme.sequential, classes));
  std::vector<KeyEntry> key;
  for (size_t i = 0; i < classes; ++i)
    key.push_back({class_words(cuts, i, chart.unit), colours[i]});
  return key;
}

}  // namespace barometer

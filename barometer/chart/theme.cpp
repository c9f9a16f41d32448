#include "barometer/chart/theme.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "barometer/base/assets.h"

namespace barometer {
namespace {

constexpr double kMarkContrast = 3.0;
constexpr double kTextContrast = 4.5;
constexpr size_t kSequentialClasses = 5;
constexpr size_t kDivergingClasses = 7;

bool is_colour(std::string_view text) {
  return text.size() == 7 && text[0] == '#' &&
         text.substr(1).find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// WCAG 2.2, "relative luminance": linear sRGB weighted by 0.2126, 0.7152, 0.0722.
double luminance(std::string_view colour) {
  CHECK(is_colour(colour), fmt::format("'{}' is not #rrggbb", colour));
  constexpr std::array<double, 3> kWeights = {0.2126, 0.7152, 0.0722};
  double sum = 0;
  for (size_t i = 0; i < 3; ++i) {
    int byte = 0;
    std::from_chars(colour.data() + 1 + 2 * i, colour.data() + 3 + 2 * i, byte, 16);
    const double c = byte / 255.0;
    sum += kWeights[i] * (c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4));
  }
  return sum;
}

// Reads members of the theme's object; remembers the first mistake.
class ThemeReader {
 public:
  explicit ThemeReader(const nlohmann::json& root) : root_(root) {}

  std::string text(const char* key) {
    const auto* value = member(key);
    if (!value) return {};
    if (!value->is_string() || value->empty()) return wrong(key, *value, "a text");
    return value->get<std::string>();
  }
  std::string colour(const char* key) {
    const auto* value = member(key);
    return value ? colour_of(key, *value) : std::string();
  }
  std::vector<std::string> colours(const char* key, size_t at_least, size_t at_most = 100) {
    const auto* value = member(key);
    std::vector<std::string> out;
    if (!value) return out;
    if (!value->is_array() || value->size() < at_least || value->size() > at_most) {
      wrong(key, *value,
            fmt::format("a list of {} {} colours", at_least == at_most ? "just" : "at least",
                        at_least));
      return out;
    }
    for (const auto& item : *value) out.push_back(colour_of(key, item));
    return out;
  }
  double size(const char* key, double low, double high) {
    const auto* value = member(key);
    if (!value) return low;
    if (value->is_number() && value->get<double>() >= low && value->get<double>() <= high) {
      return value->get<double>();
    }
    wrong(key, *value, fmt::format("a number from {} to {}", low, high));
    return low;
  }
  [[nodiscard]] const std::string& problem() const& { return problem_; }

 private:
  const nlohmann::json* member(const char* key) {
    const auto found = root_.find(key);
    if (found != root_.end()) return &*found;
    if (problem_.empty()) problem_ = fmt::format("the theme has no '{}'", key);
    return nullptr;
  }
  std::string colour_of(const char* key, const nlohmann::json& value) {
    if (value.is_string() && is_colour(value.get_ref<const std::string&>())) {
      return value.get<std::string>();
    }
    return wrong(key, value, "a colour such as '#0072b2'");
  }
  std::string wrong(const char* key, const nlohmann::json& value, const std::string& wanted) {
    if (problem_.empty()) {
      problem_ = fmt::format("the theme's '{}' is {}, not {}", key, value.dump(), wanted);
    }
    return {};
  }

  const nlohmann::json& root_;
  std::string problem_;
};

Status text_can_be_read(const std::string& colour, const Theme& theme) {
  const double ratio = contrast(colour, ink_on(colour, theme));
  if (ratio >= kTextContrast) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("text on the theme's colour {} has contrast {:.2f}, needs {}", colour,
                          ratio, kTextContrast));
}

Status contrasts_suffice(const Theme& theme) {
  std::vector<std::pair<std::string, double>> needs = {{theme.ink, kTextContrast},
                                                       {theme.muted, kTextContrast},
                                                       {theme.neutral, kMarkContrast},
                                                       {theme.dont_know, kMarkContrast}};
  for (const auto* ramp : {&theme.categories, &theme.negative, &theme.positive}) {
    for (const auto& colour : *ramp) needs.emplace_back(colour, kMarkContrast);
  }
  for (const auto* scale : {&theme.sequential, &theme.diverging}) {
    for (const auto& colour : *scale) TRY_DONE(text_can_be_read(colour, theme));
  }
  for (const auto& [colour, need] : needs) {
    const double ratio = contrast(colour, theme.background);
    if (ratio < need) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("the theme's colour {} has contrast {:.2f} against {}, needs {}",
                              colour, ratio, theme.background, need));
    }
    if (need == kMarkContrast) TRY_DONE(text_can_be_read(colour, theme));
  }
  return {};
}

}  // namespace

double contrast(std::string_view a, std::string_view b) {
  const auto [dark, light] = std::minmax({luminance(a), luminance(b)});
  return (light + 0.05) / (dark + 0.05);
}

const std::string& ink_on(std::string_view fill, const Theme& theme) {
  return contrast(fill, theme.ink) >= contrast(fill, theme.background) ? theme.ink
                                                                       : theme.background;
}

Result<Theme> parse_theme(std::string_view json) {
  const auto root = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  if (!root.is_object()) return fail(ErrorCode::kInvalid, "the theme is not a JSON object");
  ThemeReader in(root);
  Theme theme{.font = in.text("font"),
              .width = in.size("width", 240, 4000),
              .stack_labels_below = in.size("stack_labels_below", 0, 4000),
              .padding = in.size("padding", 0, 100),
              .title_size = in.size("title_size", 8, 72),
              .text_size = in.size("text_size", 8, 72),
              .value_size = in.size("value_size", 8, 72),
              .small_size = in.size("small_size", 8, 72),
              .bar_height = in.size("bar_height", 8, 200),
              .background = in.colour("background"),
              .ink = in.colour("ink"),
              .muted = in.colour("muted"),
              .grid = in.colour("grid"),
              .categories = in.colours("categories", 4),
              .negative = in.colours("negative", 3),
              .positive = in.colours("positive", 3),
              .neutral = in.colour("neutral"),
              .dont_know = in.colour("dont_know"),
              .sequential = in.colours("sequential", kSequentialClasses, kSequentialClasses),
              .diverging = in.colours("diverging", kDivergingClasses, kDivergingClasses)};
  if (!in.problem().empty()) return fail(ErrorCode::kInvalid, in.problem());
  TRY_DONE(contrasts_suffice(theme));
  return theme;
}

Result<Theme> standard_theme() {
  const auto json = assets::find("theme.json");
  CHECK(json.has_value(), "theme.json is not embedded in the program");
  return parse_theme(*json);
}

}  // namespace barometer

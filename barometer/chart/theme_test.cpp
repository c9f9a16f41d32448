#include "barometer/chart/theme.h"

#include <array>
#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/base/assets.h"
#include "barometer/base/text.h"

namespace barometer {
namespace {

using testing::HasSubstr;

Theme theme() { return standard_theme().value(); }

TEST(Contrast, AgreesWithPublishedRatios) {
  // WCAG's own ends, and the well-known greys of its techniques pages.
  EXPECT_NEAR(contrast("#000000", "#ffffff"), 21.0, 1e-9);
  EXPECT_NEAR(contrast("#ffffff", "#ffffff"), 1.0, 1e-9);
  EXPECT_NEAR(contrast("#767676", "#ffffff"), 4.54, 0.005);
  EXPECT_NEAR(contrast("#ffffff", "#949494"), 3.03, 0.005);
  EXPECT_NEAR(contrast("#ff0000", "#ffffff"), 4.00, 0.005);
}

TEST(Theme, EveryMarkStandsOutAndEveryWordCanBeRead) {
  const Theme t = theme();
  std::vector<std::string> fills = {t.neutral, t.dont_know};
  for (const auto* ramp : {&t.categories, &t.negative, &t.positive}) {
    fills.insert(fills.end(), ramp->begin(), ramp->end());
  }
  for (const auto& fill : fills) {
    EXPECT_GE(contrast(fill, t.background), 3.0) << fill;
    EXPECT_GE(contrast(fill, ink_on(fill, t)), 4.5) << fill;
  }
  EXPECT_GE(contrast(t.ink, t.background), 4.5);
  EXPECT_GE(contrast(t.muted, t.background), 4.5);
}

// Linear sRGB as a person without one kind of cone sees it (Machado, Oliveira and Fernandes 2009,
// severity 1), then CIE L*a*b* (D65).
using Triple = std::array<double, 3>;
using Matrix = std::array<Triple, 3>;

constexpr Matrix kAllCones = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
constexpr Matrix kNoRed = {{{0.152286, 1.052583, -0.204868},
                            {0.114503, 0.786281, 0.099216},
                            {-0.003882, -0.048116, 1.051998}}};
constexpr Matrix kNoBlue = {{{1.255528, -0.076749, -0.178779},
                             {-0.078411, 0.930809, 0.147602},
                             {0.004733, 0.691367, 0.303900}}};
constexpr Matrix kNoGreen = {{{0.367322, 0.860646, -0.227968},
                              {0.280085, 0.672501, 0.047413},
                              {-0.011820, 0.042940, 0.968881}}};

Triple times(const Matrix& m, const Triple& v) {
  Triple out{};
  for (size_t i = 0; i < 3; ++i) out[i] = m[i][0] * v[0] + m[i][1] * v[1] + m[i][2] * v[2];
  return out;
}

Triple lab(const std::string& colour, const Matrix& eye) {
  Triple linear{};
  for (size_t i = 0; i < 3; ++i) {
    const double c = std::stoi(colour.substr(1 + 2 * i, 2), nullptr, 16) / 255.0;
    linear[i] = c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  }
  constexpr Matrix kToXyz = {{{0.4124564 / 0.95047, 0.3575761 / 0.95047, 0.1804375 / 0.95047},
                              {0.2126729, 0.7151522, 0.0721750},
                              {0.0193339 / 1.08883, 0.1191920 / 1.08883, 0.9503041 / 1.08883}}};
  Triple f = times(kToXyz, times(eye, linear));
  for (double& v : f) v = v > 0.008856 ? std::cbrt(v) : 7.787 * v + 16.0 / 116;
  return {116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])};
}

double distance(const std::string& a, const std::string& b, const Matrix& eye) {
  const Triple p = lab(a, eye);
  const Triple q = lab(b, eye);
  return std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
}

const std::vector<Matrix>& all_eyes() {
  static const std::vector<Matrix> eyes = {kAllCones, kNoRed, kNoGreen, kNoBlue};
  return eyes;
}

TEST(Eyes, SeeGreysAsGreysAndRedWhereItIsPublished) {
  // Each row of the matrices adds up to one: greys stay grey for every eye.
  for (const auto& eye : all_eyes()) {
    for (const char* grey : {"#000000", "#8a8a8a", "#ffffff"}) {
      const Triple seen = lab(grey, eye);
      EXPECT_NEAR(seen[0], lab(grey, kAllCones)[0], 1e-3);
      EXPECT_NEAR(std::hypot(seen[1], seen[2]), 0, 0.02) << grey;
    }
  }
  // CIE L*a*b* of sRGB red under D65, as published by Lindbloom: 53.24, 80.09, 67.20.
  const Triple red = lab("#ff0000", kAllCones);
  EXPECT_NEAR(red[0], 53.24, 0.01);
  EXPECT_NEAR(red[1], 80.09, 0.01);
  EXPECT_NEAR(red[2], 67.20, 0.01);
  // And the eyes differ: brown and olive are close without green cones.
  EXPECT_LT(distance("#a52a2a", "#556b2f", kNoGreen), distance("#a52a2a", "#556b2f", kAllCones));
}

TEST(Theme, ColoursCanBeToldApartWithoutOneKindOfCone) {
  const Theme t = theme();
  std::vector<std::string> series = t.categories;
  series.push_back(t.dont_know);
  std::vector<std::string> grades = t.negative;
  grades.push_back(t.neutral);
  grades.insert(grades.end(), t.positive.begin(), t.positive.end());
  grades.push_back(t.dont_know);
  for (const auto& eye : all_eyes()) {
    for (const auto& group : {series, grades, t.sequential, t.diverging}) {
      for (size_t i = 0; i < group.size(); ++i) {
        for (size_t j = i + 1; j < group.size(); ++j) {
          EXPECT_GE(distance(group[i], group[j], eye), 10) << group[i] << " and " << group[j];
        }
      }
    }
  }
}

TEST(Theme, ScalesGoFromLightToDarkForEveryEye) {
  const Theme t = theme();
  for (const auto& eye : all_eyes()) {
    const auto lightness = [&eye](const std::string& colour) { return lab(colour, eye)[0]; };
    for (size_t i = 0; i + 1 < t.sequential.size(); ++i) {
      EXPECT_GT(lightness(t.sequential[i]), lightness(t.sequential[i + 1]) + 5);
    }
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_LT(lightness(t.diverging[i]), lightness(t.diverging[i + 1]) - 5);
      EXPECT_LT(lightness(t.diverging[6 - i]), lightness(t.diverging[5 - i]) - 5);
    }
  }
}

TEST(Theme, NumbersCanBeReadOnEveryShade) {
  const Theme t = theme();
  for (const auto* scale : {&t.sequential, &t.diverging}) {
    for (const auto& shade : *scale) EXPECT_GE(contrast(shade, ink_on(shade, t)), 4.5) << shade;
  }
}

struct WrongTheme {
  const char* from;
  const char* to;
  const char* words;
};

TEST(Theme, RefusesWhatCannotBeReadOrDrawn) {
  const std::string good(assets::find("theme.json").value());
  ASSERT_TRUE(parse_theme(good));
  const std::vector<WrongTheme> table = {
      {"\"width\": 640", "\"width\": \"wide\"", "the theme's 'width' is \"wide\", not a number"},
      {"\"width\": 640", "\"width\": 40", "'width' is 40, not a number from 240 to 4000"},
      {"\"width\": 640", "\"breadth\": 640", "the theme has no 'width'"},
      {"\"#0072b2\", ", "\"blue\", ", "\"blue\", not a colour"},
      {"\"#0072b2\", ", "\"#0072B2\", ", "\"#0072B2\", not a colour"},
      {"\"#0072b2\", ", "\"#56b4e9\", ", "the theme's colour #56b4e9 has contrast 2.3"},
      {"\"#595959\"", "\"#8a8a8a\"", "the theme's colour #8a8a8a has contrast 3.45"},
      {"\"#ffffff\"", "\"#777777\"", "has contrast"},
      {"\"#cf6f00\", ", "", "'negative' is"},
      {"\"#e3edf7\", ", "", "not a list of just 5 colours"},
      {"\"#f4f4f4\", ", "", "not a list of just 7 colours"},
      {"\"#2b7bba\"", "\"#327fbd\"", "text on the theme's colour #327fbd has contrast 4.41"},
      {"{", "[", "the theme is not a JSON object"},
      {"\"font\": \"Open", "\"font\": [\"Open", "the theme is not a JSON object"}};
  for (const auto& [from, to, words] : table) {
    ASSERT_THAT(good, HasSubstr(from));
    const auto theme = parse_theme(replaced(good, from, to));
    ASSERT_FALSE(theme) << to;
    EXPECT_THAT(theme.error().message, HasSubstr(words));
  }
  for (const char* text : {"", "null", "[]", "\xFF", "{\"font\": 1}"}) {
    EXPECT_FALSE(parse_theme(text)) << text;
  }
}

}  // namespace
}  // namespace barometer

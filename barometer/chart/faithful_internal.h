// For the tests of this folder: what is read back out of a drawing, against the chart asked for.
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <utility>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/chart/read_back.h"
#include "barometer/chart/shades_internal.h"

namespace barometer::samples {

using Expected = std::map<std::string, std::pair<const Row*, const Mark*>>;

// The marks that must be in the drawing, by figure.
inline Expected expected_marks(const Chart& chart) {
  Expected marks;
  for (const auto& row : chart.rows) {
    for (const auto& mark : row.marks) {
      if (mark.value) marks[mark.figure_id] = {&row, &mark};
    }
  }
  return marks;
}

inline double sum_of(const Row& row) {
  double sum = 0;
  for (const auto& mark : row.marks) sum += mark.value.value_or(0);
  return sum;
}

inline void expect_interval(const DrawnMark& drawn, const Mark& mark) {
  ASSERT_EQ(drawn.lower.has_value(), mark.lower.has_value()) << drawn.figure_id;
  if (!mark.lower) return;
  EXPECT_NEAR(*drawn.lower, *mark.lower, 0.02);
  EXPECT_NEAR(*drawn.upper, *mark.upper, 0.02);
}

// Where the segments before this one end, in values.
inline double before(const Row& row, const Mark& mark) {
  double sum = 0;
  for (const auto& other : row.marks) {
    if (&other == &mark) break;
    sum += other.value.value_or(0);
  }
  return sum;
}

inline void expect_stacked(const Chart& chart, const DrawnMark& drawn, const Row& row,
                           const Mark& mark) {
  const double scale = chart.kind == ChartKind::kShare ? 100 / sum_of(row) : 1;
  EXPECT_NEAR(drawn.from, before(row, mark) * scale, 0.03) << drawn.figure_id;
  EXPECT_NEAR(drawn.length(), *mark.value * scale, 0.03) << drawn.figure_id;
  if (!drawn.printed.empty()) {
    EXPECT_TRUE(drawn.label_inside) << drawn.figure_id;
    EXPECT_GE(contrast(drawn.ink, drawn.fill), 4.5) << drawn.figure_id;
  }
}

inline void expect_diverging(const DrawnMark& drawn, const Mark& mark) {
  EXPECT_NEAR(drawn.length(), std::abs(*mark.value), 0.02) << drawn.figure_id;
  if (mark.tone == "negative") {
    EXPECT_LE(drawn.to, 0.02) << drawn.figure_id;
  }
  if (mark.tone == "positive") {
    EXPECT_GE(drawn.from, -0.02) << drawn.figure_id;
  }
  if (mark.tone == "neutral") {
    EXPECT_NEAR(drawn.from + drawn.to, 0, 0.02) << drawn.figure_id << " does not straddle zero";
  }
}

// Every cell has its number in it, in ink that can be read, on the colour that the key gives the
// class of that number. The number is read from the drawing, not taken from the chart.
inline void expect_cell(const Chart& chart, const DrawnMark& drawn, const Mark& mark) {
  EXPECT_TRUE(drawn.is_cell) << drawn.figure_id;
  EXPECT_EQ(drawn.printed, mark.printed);
  EXPECT_TRUE(drawn.label_inside) << drawn.figure_id;
  EXPECT_GE(contrast(drawn.ink, drawn.fill), 4.5) << drawn.figure_id;
  if (chart.shades.scale == ShadeScale::kCategories) return;
  const auto cuts = shade_cuts(chart);
  if (cuts.empty()) return;  // one class needs no key
  const size_t shade = shade_class(cuts, shown_number(drawn.printed, *mark.value));
  ASSERT_TRUE(drawn.key_entry.has_value()) << drawn.figure_id << " has a colour of no class";
  EXPECT_EQ(*drawn.key_entry, shade) << drawn.figure_id;
}

inline void expect_mark(const Chart& chart, const DrawnMark& drawn, const Row& row,
                        const Mark& mark) {
  switch (chart.kind) {
    case ChartKind::kPie:
      EXPECT_NEAR(drawn.length(), *mark.value / sum_of(row) * 100, 0.01) << drawn.figure_id;
      return;
    case ChartKind::kTrend:
    case ChartKind::kDot:
      EXPECT_NEAR(drawn.from, *mark.value, 0.02) << drawn.figure_id;
      EXPECT_EQ(drawn.length(), 0);
      expect_interval(drawn, mark);
      return;
    case ChartKind::kBar:
      EXPECT_NEAR(drawn.length(), std::abs(*mark.value), 0.02) << drawn.figure_id;
      EXPECT_NEAR(*mark.value < 0 ? drawn.to : drawn.from, 0, 0.02) << drawn.figure_id;
      return;
    case ChartKind::kDiverging:
      expect_diverging(drawn, mark);
      return;
    case ChartKind::kStacked:
    case ChartKind::kShare:
      expect_stacked(chart, drawn, row, mark);
      return;
    case ChartKind::kHeat:
    case ChartKind::kTiles:
      expect_cell(chart, drawn, mark);
      return;
  }
}

// Two marks with one label have one colour, two labels two.
inline void expect_colours_of_labels(const Expected& expected,
                                     const std::vector<DrawnMark>& drawn) {
  std::map<std::string, std::string> fills;
  std::map<std::string, std::string> labels;
  for (const DrawnMark& mark : drawn) {
    const std::string& label = expected.at(mark.figure_id).second->label;
    EXPECT_EQ(fills.try_emplace(label, mark.fill).first->second, mark.fill) << mark.figure_id;
    EXPECT_EQ(labels.try_emplace(mark.fill, label).first->second, label) << mark.figure_id;
  }
}

// Every label, length, edge and colour is the ledger's.
inline void expect_faithful(const Chart& chart, const std::string& svg) {
  const auto drawn = read_back(svg);
  ASSERT_TRUE(drawn) << drawn.error().message;
  const Expected all = expected_marks(chart);
  Expected missing = all;
  for (const DrawnMark& mark : *drawn) {
    const auto found = missing.find(mark.figure_id);
    ASSERT_NE(found, missing.end()) << mark.figure_id << " is drawn twice or not a figure";
    const auto [row, wanted] = found->second;
    missing.erase(found);
    EXPECT_THAT(mark.description, ::testing::EndsWith(": " + wanted->printed));
    EXPECT_THAT(mark.description, ::testing::StartsWith(row->label));
    if (!mark.printed.empty()) {
      EXPECT_EQ(mark.printed, wanted->printed);
    }
    expect_mark(chart, mark, *row, *wanted);
  }
  EXPECT_TRUE(missing.empty()) << missing.begin()->first << " is not drawn";
  const bool by_label =
      chart.kind == ChartKind::kStacked || chart.kind == ChartKind::kShare ||
      (chart.kind == ChartKind::kTiles && chart.shades.scale == ShadeScale::kCategories);
  if (by_label) expect_colours_of_labels(all, *drawn);
}

}  // namespace barometer::samples

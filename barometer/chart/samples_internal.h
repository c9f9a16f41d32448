// Charts of the kinds a published survey needs, for the tests of this folder.
#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>

#include "barometer/chart/chart.h"

namespace barometer::samples {

inline Mark part(const std::string& id, const std::string& label, double value,
                 const std::string& tone = "") {
  return {.figure_id = id,
          .label = label,
          .value = value,
          .printed = fmt::format("{}%", value),
          .tone = tone};
}

// A mean score, "7.2".
inline Mark score(const std::string& id, const std::string& label, double value) {
  return {.figure_id = id, .label = label, .value = value, .printed = fmt::format("{:.1f}", value)};
}

inline Mark with_interval(Mark mark, double lower, double upper) {
  mark.lower = lower;
  mark.upper = upper;
  return mark;
}

// A figure that is not published: its sign stands in its place.
inline Mark unpublished(const std::string& id, const std::string& label, const std::string& sign) {
  return {.figure_id = id, .label = label, .value = {}, .printed = sign};
}

inline Chart pooled_budget_pie() {
  return {.id = "pooled-budget",
          .kind = ChartKind::kPie,
          .title = "Four in ten CCGs expect a pooled budget with their council within a year",
          .subtitle =
              "Will your CCG create a significant shared, joint or pooled commissioning "
              "budget with local authorities in the next year? Base: all respondents",
          .source = "Source: CCG Barometer, wave 3",
          .note = "Reconstruction from published figures",
          .rows = {{.label = "",
                    .marks = {part("w3-pooled-yes", "Yes", 41), part("w3-pooled-no", "No", 31),
                              part("w3-pooled-dk", "Don't know", 17, "dont_know"),
                              part("w3-pooled-already", "We already have one", 11)}}},
          .alt = "Pie chart: yes 41%, no 31%, don't know 17%, already have one 11%."};
}

inline Chart nearly_all_pie() {
  return {.id = "safety",
          .kind = ChartKind::kPie,
          .title = "Nearly every leader trusts their own board",
          .subtitle = "How far do you trust your board? Base: 134 chairs",
          .source = "Source: Chairs' survey 2013",
          .rows = {{.label = "",
                    .marks = {part("trust-net", "A great deal or a fair amount", 96),
                              part("trust-rest", "Not very much, not at all or don't know", 4)}}},
          .alt = "Pie chart: 96% trust their board."};
}

inline Chart strength_bars() {
  Chart chart{.id = "strengths",
              .kind = ChartKind::kBar,
              .title = "Clinical leadership is the strength most often claimed",
              .subtitle =
                  "How would you rate your CCG on each of these? Per cent saying strong or "
                  "very strong. Base: 103 CCG leaders",
              .source = "Source: CCG Barometer, wave 1",
              .rows = {},
              .alt = "Bar chart of twelve strengths, from clinical leadership 88% to data 19%."};
  const std::vector<std::pair<std::string, int>> items = {
      {"Clinical leadership", 88},
      {"Engagement of member practices", 79},
      {"Relationship with the health and wellbeing board", 74},
      {"Financial management", 71},
      {"Quality and safety of services commissioned from acute providers", 66},
      {"Patient and public involvement", 58},
      {"Relationships with local authorities", 55},
      {"Contracting and procurement", 47},
      {"Service redesign", 44},
      {"Support from the commissioning support unit", 31},
      {"Influence over primary care", 24},
      {"Use of data and analysis", 19}};
  for (const auto& [label, value] : items) {
    chart.rows.push_back({.label = label,
                          .marks = {part(fmt::format("w1-strength-{}", chart.rows.size() + 1),
                                         "Strong (NET)", value)}});
  }
  return chart;
}

inline Row likely_row(const std::string& id, const std::string& statement, int likely, int unlikely,
                      int dont_know) {
  return {.label = statement,
          .marks = {part(id + "-likely", "Likely or very likely", likely, "positive"),
                    part(id + "-unlikely", "Unlikely or very unlikely", unlikely, "negative"),
                    part(id + "-dk", "Don't know", dont_know, "dont_know")}};
}

inline Chart leave_battery() {
  return {
      .id = "burnham-battery",
      .kind = ChartKind::kDiverging,
      .title = "Most leaders would leave their posts if councils took over CCG budgets",
      .subtitle =
          "If CCG budgets were transferred to local authorities, how likely is it "
          "that… Base: 94 CCG leaders",
      .source = "Source: CCG Barometer, wave 3",
      .note = "Reconstruction from published figures",
      .rows = {likely_row("w3-leave-some", "some of the CCG's GP leaders would leave", 85, 9, 6),
               likely_row("w3-leave-self", "you personally would leave your CCG position", 63, 24,
                          13),
               likely_row("w3-less",
                          "health and care services would be less well integrated "
                          "around individuals",
                          42, 41, 17),
               likely_row("w3-leave-all", "all the CCG's GP leaders would leave", 35, 36, 29),
               likely_row("w3-better",
                          "health and care services would be better integrated around "
                          "individuals, whatever the organisations' boundaries",
                          18, 60, 22)},
      .alt = "Diverging bars for five statements; 63% would personally leave."};
}

inline Chart confidence_trend() {
  const auto wave = [](const std::string& label, const std::string& base, Mark mark) {
    return Row{.label = label, .marks = {std::move(mark)}, .base = base};
  };
  return {.id = "confidence",
          .kind = ChartKind::kTrend,
          .title = "Confidence rose to 7.2 this winter",
          .subtitle =
              "How confident are you that your CCG will meet its plans, from 1 to 10? Mean "
              "score. Base: CCG leaders who answered",
          .source = "Source: CCG Barometer, waves 1 to 3",
          .note = "No interval was published for the first wave.",
          .rows = {wave("October 2012", "n = 120", score("w1-mean", "Mean", 6.6)),
                   wave("April 2013", "n = 107",
                        with_interval(score("w2-mean", "Mean", 6.5), 6.2, 6.8)),
                   wave("January 2014", "n = 94",
                        with_interval(score("w3-mean", "Mean", 7.2), 6.9, 7.5))},
          .unit = "",
          .axis_low = 1,
          .axis_high = 10,
          .alt = "Mean confidence: 6.6, 6.5 and 7.2 over three waves."};
}

// Some statements were printed with one side only.
inline Chart nhscc_battery() {
  const auto likely = [](const std::string& id, int v) {
    return part("nhscc-" + id + "-agree", "Agree", v, "positive");
  };
  const auto unlikely = [](const std::string& id, int v) {
    return part("nhscc-" + id + "-disagree", "Disagree", v, "negative");
  };
  return {.id = "nhscc",
          .kind = ChartKind::kDiverging,
          .title = "CCG leaders feel supported by their practices, less so by the centre",
          .subtitle = "To what extent do you agree or disagree? Base: 265 CCG leaders",
          .source = "Source: NHS Clinical Commissioners",
          .note = "Other answers are not shown. One statement was published without disagreement.",
          .rows = {{"My CCG has the freedom it needs", {likely("a", 64), unlikely("a", 21)}},
                   {"National bodies understand what we do", {likely("b", 37)}},
                   {"Our area team is helpful", {likely("c", 31), unlikely("c", 43)}},
                   {"We have enough money for running costs", {likely("d", 19), unlikely("d", 55)}},
                   {"The timetable is realistic", {likely("e", 15), unlikely("e", 54)}}},
          .alt = "Agreement from 64% to 15% over five statements."};
}

inline Chart full_scale_battery() {
  const auto row = [](const std::string& id, const std::string& statement,
                      const std::vector<int>& v) {
    return Row{.label = statement,
               .marks = {part(id + "-1", "Very satisfied", v[0], "positive"),
                         part(id + "-2", "Fairly satisfied", v[1], "positive"),
                         part(id + "-3", "Neither", v[2], "neutral"),
                         part(id + "-4", "Fairly dissatisfied", v[3], "negative"),
                         part(id + "-5", "Very dissatisfied", v[4], "negative"),
                         part(id + "-6", "Don't know", v[5], "dont_know")},
               .base = "n = 211"};
  };
  return {.id = "satisfaction",
          .kind = ChartKind::kDiverging,
          .title = "Two thirds are satisfied with their commissioning support",
          .subtitle = "How satisfied are you with each of these?",
          .source = "Source: CCG Barometer, wave 2",
          .rows = {row("s1", "Commissioning support unit", {22, 44, 12, 13, 6, 3}),
                   row("s2", "NHS England area team", {8, 29, 24, 22, 14, 3}),
                   row("s3", "Health and wellbeing board", {15, 40, 30, 9, 2, 4})},
          .alt = "Satisfaction with three bodies."};
}

inline Chart two_wave_bars() {
  return {
      .id = "two-waves",
      .kind = ChartKind::kBar,
      .title = "Fewer see finance as their chief risk",
      .subtitle = "Which of these are risks for your CCG? Base: all respondents",
      .source = "Source: CCG Barometer",
      .rows = {{"Finance", {part("r1-w1", "Wave 1", 61), part("r1-w2", "Wave 2", 52)}, "n = 98"},
               {"Workload", {part("r2-w1", "Wave 1", 40), part("r2-w2", "Wave 2", 47)}},
               {"Something else",
                {part("r3-w1", "Wave 1", 3), unpublished("r3-w2", "Wave 2", "*")}}},
      .alt = "Risks in two waves."};
}

inline Chart two_series_trend() {
  const auto mark = [](const std::string& id, const std::string& label, double v) {
    return with_interval(part(id, label, v), v - 8, v + 8);
  };
  Mark reworded = mark("n4", "Nurses", 41);
  reworded.new_wording = true;
  return {.id = "two-series",
          .kind = ChartKind::kTrend,
          .title = "Chairs are more confident than nurses in every wave",
          .subtitle = "Per cent confident. Base: all respondents",
          .source = "Source: CCG Barometer, waves 1 to 4",
          .note = "The question to nurses was reworded in wave 4. Chairs were not asked in wave 3.",
          .rows = {{"Wave 1", {mark("c1", "Chairs", 62), mark("n1", "Nurses", 44)}},
                   {"Wave 2", {mark("c2", "Chairs", 66), mark("n2", "Nurses", 61)}},
                   {"Wave 3", {unpublished("c3", "Chairs", "–"), mark("n3", "Nurses", 52)}},
                   {"Wave 4", {mark("c4", "Chairs", 71), reworded}}},
          .alt = "Confidence of chairs and nurses in four waves."};
}

inline Chart role_dots() {
  const auto dot = [](const std::string& id, double v, double low, double high) {
    return with_interval(score(id, "Mean", v), low, high);
  };
  return {.id = "roles",
          .kind = ChartKind::kDot,
          .title = "Chairs are the most confident",
          .subtitle = "Mean confidence from 1 to 10, with 95% intervals. Base: 211 leaders",
          .source = "Source: CCG Barometer, wave 3",
          .rows = {{"Chairs", {dot("d1", 7.4, 7.0, 7.8)}, "n = 80"},
                   {"Accountable officers", {dot("d2", 6.9, 6.4, 7.4)}, "n = 71"},
                   {"Chief finance officers", {dot("d3", 6.1, 5.5, 6.7)}, "n = 60"}},
          .unit = "",
          .alt = "Means by role: 7.4, 6.9, 6.1."};
}

inline std::vector<Chart> all() {
  return {pooled_budget_pie(), nearly_all_pie(), strength_bars(),      leave_battery(),
          confidence_trend(),  nhscc_battery(),  full_scale_battery(), two_wave_bars(),
          two_series_trend(),  role_dots()};
}

}  // namespace barometer::samples

// More charts for the tests of this folder: stacks, bands, heat tables and tile maps.
#pragma once

#include "barometer/chart/samples_internal.h"

namespace barometer::samples {

inline Chart funding_stacks() {
  const auto row = [](const std::string& id, const std::string& label, const std::vector<int>& v) {
    return Row{.label = label,
               .marks = {part(id + "-1", "Acute services", v[0]),
                         part(id + "-2", "Community services", v[1]),
                         part(id + "-3", "Primary care", v[2]),
                         part(id + "-4", "Don't know", v[3], "dont_know")},
               .base = "n = 94"};
  };
  return {.id = "funding",
          .kind = ChartKind::kShare,
          .title = "More of the next pound would go to community services each year",
          .subtitle = "Where would you spend an extra pound first? Base: CCG leaders",
          .source = "Source: CCG Barometer, waves 1 to 3",
          .rows = {row("fw1", "October 2012", {41, 30, 24, 5}),
                   row("fw2", "April 2013", {33, 38, 25, 3}),
                   row("fw3", "January 2014", {24, 49, 25, 2})},
          .alt = "Stacked bars of four answers over three waves."};
}

// A scale in its order, its tones from the questionnaire.
inline Chart scale_shares() {
  Chart chart = full_scale_battery();
  chart.id = "satisfaction-shares";
  chart.kind = ChartKind::kShare;
  for (Row& row : chart.rows) {
    for (Mark& mark : row.marks) mark.figure_id += "-share";
  }
  return chart;
}

// Counts of people: shares of each row's own sum, counts printed.
inline Chart role_counts(ChartKind kind) {
  const auto count = [](const std::string& id, const std::string& label, int n) {
    return Mark{.figure_id = id, .label = label, .value = n, .printed = fmt::format("{}", n)};
  };
  Chart chart{.id = kind == ChartKind::kShare ? "roles-share" : "roles-stacked",
              .kind = kind,
              .title = "Half of those who answered in the North are chairs",
              .subtitle = "Leaders who answered, by role and region of their CCG. Counts of people",
              .source = "Source: CCG Barometer, wave 3",
              .rows = {},
              .unit = "",
              .alt = "Leaders by role and region."};
  const std::vector<std::pair<std::string, std::vector<int>>> regions = {
      {"North of England", {18, 9, 9}},
      {"Midlands and East", {12, 11, 5}},
      {"London", {6, 6, 3}},
      {"South of England", {10, 4, 1}}};
  for (const auto& [region, counts] : regions) {
    const std::string id = fmt::format("roles-{}", chart.rows.size());
    chart.rows.push_back({.label = region,
                          .marks = {count(id + "-chair", "Chairs", counts[0]),
                                    count(id + "-officer", "Accountable officers", counts[1]),
                                    count(id + "-finance", "Chief finance officers", counts[2])}});
  }
  if (kind == ChartKind::kStacked) {
    Mark& hidden = chart.rows.back().marks.back();
    hidden.value.reset();
    hidden.printed = "[c]";
  }
  return chart;
}

// Nine readings: a wave without the question to nurses, and a new wording in the seventh.
inline Chart banded_trend() {
  const std::vector<int> chairs = {58, 61, 60, 66, 69, 64, 66, 71, 73};
  const std::vector<int> nurses = {40, 44, 43, -1, 47, 51, 33, 36, 35};
  Chart chart{.id = "banded",
              .kind = ChartKind::kTrend,
              .title = "Chairs have grown more confident in every year since 2012",
              .subtitle = "Per cent confident, with 95% intervals. Base: CCG leaders",
              .source = "Source: CCG Barometer, waves 1 to 9",
              .note =
                  "Nurses were not asked in autumn 2013. Their question was reworded in spring "
                  "2015.",
              .rows = {},
              .alt = "Confidence of chairs and nurses in nine waves.",
              .bands = true};
  for (size_t wave = 0; wave < chairs.size(); ++wave) {
    const auto mark = [wave](const std::string& who, const std::string& label, int value) {
      const std::string id = fmt::format("{}-{}", who, wave + 1);
      if (value < 0) return unpublished(id, label, "[x]");
      return with_interval(part(id, label, value), value - 6.5, value + 5.25);
    };
    Row row{.label = fmt::format("{} {}", wave % 2 == 0 ? "Spring" : "Aut.", 2012 + wave / 2),
            .marks = {mark("bc", "Chairs", chairs[wave]), mark("bn", "Nurses", nurses[wave])}};
    row.marks.back().new_wording = wave == 6;
    chart.rows.push_back(std::move(row));
  }
  return chart;
}

// A wave in which nothing of the item was asked has no marks at all.
inline Chart gap_trend() {
  Chart chart = confidence_trend();
  chart.id = "gap";
  for (Row& row : chart.rows) row.marks.front().figure_id += "-gap";
  chart.rows.insert(chart.rows.begin() + 1,
                    Row{.label = "January 2013", .marks = {}, .base = "not asked"});
  return chart;
}

inline Chart issue_heat() {
  Chart chart{.id = "issues",
              .kind = ChartKind::kHeat,
              .title = "Money worries the South, workforce the North",
              .subtitle =
                  "Which of these are risks for your CCG? Per cent of leaders in each region. "
                  "Base: 94 CCG leaders",
              .source = "Source: CCG Barometer, wave 3",
              .note = "[c]: suppressed to protect respondents.",
              .rows = {},
              .alt = "Heat table of six risks in four regions.",
              .multi_response = true};
  const std::vector<std::string> regions = {"North of England", "Midlands and East", "London",
                                            "South of England"};
  const std::vector<std::pair<std::string, std::vector<int>>> risks = {
      {"Not enough money", {52, 58, 61, 83}},
      {"Shortage of general practitioners and practice nurses", {76, 55, 31, 40}},
      {"Acute providers overspend", {44, 41, 72, 50}},
      {"Urgent care demand", {38, 47, 66, 33}},
      {"Relationship with the council", {12, 9, 20, 17}},
      {"Something else", {3, -1, 7, 0}}};
  for (const auto& [risk, values] : risks) {
    Row row{.label = risk, .marks = {}};
    for (size_t i = 0; i < values.size(); ++i) {
      const std::string id = fmt::format("h{}-{}", chart.rows.size(), i);
      row.marks.push_back(values[i] < 0 ? unpublished(id, regions[i], "[c]")
                                        : part(id, regions[i], values[i]));
    }
    chart.rows.push_back(std::move(row));
  }
  return chart;
}

// Changes about nothing, in more columns than a phone has room for.
inline Chart change_heat() {
  const std::vector<std::string> columns = {"All",
                                            "Chairs",
                                            "Accountable officers",
                                            "Chief finance officers",
                                            "Nurses",
                                            "Lay members",
                                            "North",
                                            "Midlands",
                                            "London",
                                            "South"};
  Chart chart{
      .id = "changes",
      .kind = ChartKind::kHeat,
      .title = "Chief finance officers lost most of their confidence",
      .subtitle = "Change since wave 2 in the per cent confident, in points. Base: CCG leaders",
      .source = "Source: CCG Barometer, waves 2 and 3",
      .rows = {},
      .unit = "",
      .alt = "Heat table of changes by role and region.",
      .shades = {.scale = ShadeScale::kDiverging}};
  const std::vector<std::pair<std::string, std::vector<int>>> items = {
      {"Meeting the budget", {-4, -2, -6, -19, 0, 3, -5, -4, -8, -1}},
      {"Meeting waiting times", {2, 4, 1, -3, 6, 0, 9, 2, -2, 0}},
      {"Keeping the leaders in post", {7, 11, 8, 1, 12, 4, 8, 6, 5, 9}}};
  for (const auto& [item, values] : items) {
    Row row{.label = item, .marks = {}, .base = "n = 94"};
    for (size_t i = 0; i < values.size(); ++i) {
      row.marks.push_back({.figure_id = fmt::format("ch{}-{}", chart.rows.size(), i),
                           .label = columns[i],
                           .value = values[i],
                           .printed = values[i] < 0   ? fmt::format("−{}", -values[i])
                                      : values[i] > 0 ? fmt::format("+{}", values[i])
                                                      : "0"});
    }
    chart.rows.push_back(std::move(row));
  }
  return chart;
}

// Headings whose words are wider than any column could be.
inline Chart long_headings_heat() {
  Chart chart = change_heat();
  chart.id = "long-headings";
  for (Row& row : chart.rows) {
    for (Mark& mark : row.marks) {
      mark.figure_id += "-long";
      mark.label = "Counterrevolutionaries " + mark.label;
    }
  }
  return chart;
}

struct AreaTeam {
  const char* name;
  const char* shorter;
  const char* region;
  int column, row;
};

// The 27 area teams of 2013, roughly where they lie.
inline const std::vector<AreaTeam>& area_teams() {
  static const std::vector<AreaTeam> teams = {
      {"Cumbria, Northumberland, Tyne and Wear", "CNTW", "North of England", 3, 0},
      {"Lancashire", "Lancs", "North of England", 1, 1},
      {"Durham, Darlington and Tees", "DDT", "North of England", 3, 1},
      {"North Yorkshire and Humber", "NYH", "North of England", 4, 1},
      {"Merseyside", "Mers", "North of England", 0, 2},
      {"Greater Manchester", "GM", "North of England", 1, 2},
      {"West Yorkshire", "WY", "North of England", 2, 2},
      {"South Yorkshire and Bassetlaw", "SYB", "North of England", 3, 2},
      {"Cheshire, Warrington and Wirral", "CWW", "North of England", 1, 3},
      {"Derbyshire and Nottinghamshire", "DN", "Midlands and East", 2, 3},
      {"Leicestershire and Lincolnshire", "LL", "Midlands and East", 3, 3},
      {"East Anglia", "EA", "Midlands and East", 4, 3},
      {"Shropshire and Staffordshire", "SS", "Midlands and East", 1, 4},
      {"Birmingham and the Black Country", "BBC", "Midlands and East", 2, 4},
      {"Hertfordshire and the South Midlands", "HSM", "Midlands and East", 3, 4},
      {"Essex", "Essex", "Midlands and East", 4, 4},
      {"Arden, Herefordshire and Worcestershire", "AHW", "Midlands and East", 1, 5},
      {"Thames Valley", "TV", "South of England", 2, 5},
      {"North West London", "NWL", "London", 3, 5},
      {"North East London", "NEL", "London", 4, 5},
      {"Bath, Gloucestershire, Swindon and Wiltshire", "BGSW", "South of England", 1, 6},
      {"Wessex", "Wx", "South of England", 2, 6},
      {"South London", "SL", "London", 3, 6},
      {"Kent and Medway", "KM", "South of England", 4, 6},
      {"Devon, Cornwall and Isles of Scilly", "DCI", "South of England", 0, 7},
      {"Bristol, North Somerset, Somerset and South Gloucestershire", "BNSSSG", "South of England",
       1, 7},
      {"Surrey and Sussex", "SuS", "South of England", 3, 7}};
  return teams;
}

inline Chart response_tiles() {
  Chart chart{.id = "response-map",
              .kind = ChartKind::kTiles,
              .title = "Leaders in the North answered most often",
              .subtitle = "Per cent of invited leaders who answered, by area team",
              .source = "Source: CCG Barometer, wave 3",
              .note = "One tile an area team, roughly where it lies.",
              .rows = {},
              .alt = "Tile map of the response in 27 area teams."};
  int n = 0;
  for (const AreaTeam& team : area_teams()) {
    const int value = 68 - 5 * team.row + (n * 7) % 13;
    Mark mark = part(fmt::format("map-{}", team.shorter), "Answered", value);
    if (std::string(team.shorter) == "EA") {
      mark.value.reset();
      mark.printed = "[c]";
    }
    chart.rows.push_back({.label = team.name,
                          .marks = {std::move(mark)},
                          .short_label = team.shorter,
                          .group = team.region,
                          .place = TilePlace{team.column, team.row}});
    ++n;
  }
  return chart;
}

// Organisations by region, coloured by how far they have answered; no place of their own.
inline Chart organisation_tiles() {
  Chart chart{.id = "organisations",
              .kind = ChartKind::kTiles,
              .title = "Two thirds of the groups have at least one answer",
              .subtitle = "Groups by region: leaders who answered of the three asked",
              .source = "Source: a survey in the field",
              .rows = {},
              .unit = "",
              .alt = "Tiles of 48 groups in four regions.",
              .shades = {.scale = ShadeScale::kCategories}};
  const std::vector<std::string> regions = {"North of England", "Midlands and East", "London",
                                            "South of England"};
  constexpr const char* kStatus[] = {"No answer yet", "Some answered", "Some answered",
                                     "All answered"};
  for (int i = 0; i < 48; ++i) {
    const int answered = (i * i + i / 5) % 4;
    chart.rows.push_back({.label = fmt::format("Group {:03d}", i + 1),
                          .marks = {{.figure_id = fmt::format("group-{}", i + 1),
                                     .label = kStatus[answered],
                                     .value = answered,
                                     .printed = fmt::format("{} of 3", answered),
                                     .tone = answered == 0 ? "dont_know" : ""}},
                          .group = regions[static_cast<size_t>(i) % 4]});
  }
  return chart;
}

inline std::vector<Chart> all_kinds() {
  auto charts = all();
  for (auto& chart :
       {funding_stacks(), scale_shares(), role_counts(ChartKind::kStacked),
        role_counts(ChartKind::kShare), banded_trend(), gap_trend(), issue_heat(), change_heat(),
        long_headings_heat(), response_tiles(), organisation_tiles()}) {
    charts.push_back(chart);
  }
  return charts;
}

}  // namespace barometer::samples

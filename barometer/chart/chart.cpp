#include "barometer/chart/chart.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string_view>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr size_t kLongestText = 10'000;
constexpr size_t kGradesPerSide = 3;
constexpr int kMostTilesASide = 200;
constexpr std::array<std::string_view, 5> kTones = {"", "positive", "negative", "neutral",
                                                    "dont_know"};

// The place of a mark in messages.
std::string where(const Row& row, const Mark& mark) {
  return fmt::format("'{}', '{}'", printable(row.label), printable(mark.label));
}

// XML 1.0 can hold neither control characters nor U+FFFE and U+FFFF.
bool fits_xml(std::string_view utf8) {
  const auto is_control = [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != ' ' && c != '\n' && c != '\t') ||
           c == 0x7F;
  };
  return std::none_of(utf8.begin(), utf8.end(), is_control) &&
         utf8.find("\xEF\xBF\xBE") == std::string_view::npos &&
         utf8.find("\xEF\xBF\xBF") == std::string_view::npos;
}

Status check_text(std::string_view what, std::string_view text) {
  if (text.size() > kLongestText) {
    return fail(ErrorCode::kLimit, fmt::format("the {} '{}' has {} bytes, over {}", what,
                                               printable(text), text.size(), kLongestText));
  }
  if (!is_utf8(text) || !fits_xml(text)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the {} '{}' is not printable UTF-8 text", what, printable(text)));
  }
  return {};
}

Status check_present(std::string_view what, std::string_view text) {
  if (trimmed(text).empty()) {
    return fail(ErrorCode::kInvalid, fmt::format("the {} is missing", what));
  }
  return check_text(what, text);
}

bool is_figure_id(std::string_view id) {
  return !id.empty() && id.size() <= 200 && std::all_of(id.begin(), id.end(), [](char c) {
    return c > ' ' && c <= '~' && std::string_view("()<>&\"'").find(c) == std::string_view::npos;
  });
}

bool is_stack(ChartKind kind) { return kind == ChartKind::kStacked || kind == ChartKind::kShare; }

bool is_of_parts(ChartKind kind) {
  return kind == ChartKind::kPie || kind == ChartKind::kDiverging || is_stack(kind);
}

Status check_number(std::string_view what, double value, std::string_view place) {
  if (std::isfinite(value) && std::abs(value) <= 1e12) return {};
  return fail(ErrorCode::kInvalid,
              fmt::format("{}: the {} {} cannot be drawn", place, what, value));
}

Status check_values(const Chart& chart, const Mark& mark, const std::string& place) {
  if (mark.lower.has_value() != mark.upper.has_value()) {
    return fail(ErrorCode::kInvalid, fmt::format("{}: an interval needs both its ends", place));
  }
  if (mark.lower) {
    TRY_DONE(check_number("interval end", *mark.lower, place));
    TRY_DONE(check_number("interval end", *mark.upper, place));
    if (*mark.lower > *mark.upper) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{}: the interval {} to {} ends before it starts", place, *mark.lower,
                              *mark.upper));
    }
  }
  if (!mark.value) return {};
  TRY_DONE(check_number("value", *mark.value, place));
  const bool is_part = is_of_parts(chart.kind);
  if ((is_part && *mark.value < 0) || (chart.unit == "%" && std::abs(*mark.value) > 100)) {
    return fail(ErrorCode::kInvalid, fmt::format("{}: {} is not a percentage{}", place, *mark.value,
                                                 is_part ? " of a whole" : ""));
  }
  return {};
}

Status check_mark(const Chart& chart, const Row& row, const Mark& mark) {
  TRY_DONE(check_text("category", mark.label));
  TRY_DONE(check_text("printed figure", mark.printed));
  const std::string place = where(row, mark);
  if (!is_figure_id(mark.figure_id)) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{}: '{}' is not a figure id", place, printable(mark.figure_id)));
  }
  if (std::find(kTones.begin(), kTones.end(), mark.tone) == kTones.end()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("{}: '{}' is not a tone (positive, negative, neutral, dont_know)",
                            place, printable(mark.tone)));
  }
  return check_values(chart, mark, place);
}

Status check_not_multiple(const Chart& chart) {
  if (!chart.multi_response) return {};
  return fail(ErrorCode::kInvalid,
              "respondents could choose several answers: they are not parts of a whole");
}

// Parts that are all there and make a whole: of 100 where they are percents.
Status check_whole(const Chart& chart, const Row& row) {
  double sum = 0;
  for (const auto& mark : row.marks) {
    if (!mark.value) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{}: a {} cannot leave out a part ('{}')", where(row, mark),
                              chart.kind == ChartKind::kPie ? "pie" : "bar of shares",
                              printable(mark.printed)));
    }
    sum += *mark.value;
  }
  // Each whole percent may be half a point from its part.
  const double rounding = 0.5 * static_cast<double>(row.marks.size());
  const bool is_percent = chart.unit == "%" || chart.kind == ChartKind::kPie;
  if (is_percent && std::abs(sum - 100) > rounding + 1e-9) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the parts make {:.6g}, further from 100 than rounding allows ({})",
                            sum, rounding));
  }
  if (sum <= 0) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the parts of '{}' make nothing", printable(row.label)));
  }
  return {};
}

Status check_pie(const Chart& chart) {
  TRY_DONE(check_not_multiple(chart));
  if (chart.rows.size() != 1) {
    return fail(ErrorCode::kInvalid,
                fmt::format("a pie has one row, this has {}", chart.rows.size()));
  }
  return check_whole(chart, chart.rows.front());
}

// No more than a whole, where the parts are percents.
Status check_sum(const Row& row) {
  double sum = 0;
  for (const auto& mark : row.marks) sum += mark.value.value_or(0);
  if (sum > 100 + 0.5 * static_cast<double>(row.marks.size()) + 1e-9) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}': the parts make {:.6g}, more than a whole",
                                                 printable(row.label), sum));
  }
  return {};
}

Status check_stacks(const Chart& chart) {
  TRY_DONE(check_not_multiple(chart));
  for (const auto& row : chart.rows) {
    if (chart.kind == ChartKind::kShare) {
      TRY_DONE(check_whole(chart, row));
    } else if (chart.unit == "%") {
      TRY_DONE(check_sum(row));
    }
  }
  return {};
}

Status check_heat(const Chart& chart) {
  if (chart.shades.scale == ShadeScale::kCategories) {
    return fail(ErrorCode::kInvalid, "a heat table is coloured by its figures");
  }
  for (const auto& row : chart.rows) {
    std::set<std::string_view> filled;
    for (const auto& mark : row.marks) {
      if (filled.insert(mark.label).second) continue;
      return fail(ErrorCode::kInvalid,
                  fmt::format("{}: two figures for one cell", where(row, mark)));
    }
  }
  return {};
}

Status check_tiles(const Chart& chart) {
  std::set<TilePlace> taken;
  for (const auto& row : chart.rows) {
    const std::string tile = fmt::format("tile '{}'", printable(row.label));
    TRY_DONE(check_text("short label", row.short_label));
    TRY_DONE(check_text("group", row.group));
    if (row.marks.size() != 1) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{} has {} marks, not one", tile, row.marks.size()));
    }
    if (row.place.has_value() != chart.rows.front().place.has_value()) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{}: either all tiles have a place or none has", tile));
    }
    if (!row.place) continue;
    const auto [column, line] = *row.place;
    if (std::min(column, line) < 0 || std::max(column, line) >= kMostTilesASide) {
      return fail(ErrorCode::kInvalid, fmt::format("{} lies at column {}, row {}, not in 0 to {}",
                                                   tile, column, line, kMostTilesASide - 1));
    }
    if (!taken.insert(*row.place).second) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{} lies on another, at column {}, row {}", tile, column, line));
    }
  }
  return {};
}

Status check_shades(const Chart& chart) {
  const auto& cuts = chart.shades.cuts;
  TRY_DONE(check_number("middle", chart.shades.middle, "colours"));
  for (size_t i = 0; i < cuts.size(); ++i) {
    TRY_DONE(check_number("cut", cuts[i], "colours"));
    if (i == 0 || cuts[i - 1] < cuts[i]) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("the cut {} does not lie above the cut {}", cuts[i], cuts[i - 1]));
  }
  if (chart.shades.scale != ShadeScale::kDiverging || cuts.empty()) return {};
  const double middle = chart.shades.middle;
  const size_t half = cuts.size() / 2;
  if (cuts.size() % 2 != 0 || middle < cuts[half - 1] || middle >= cuts[half]) {
    return fail(
        ErrorCode::kInvalid,
        fmt::format("a diverging scale has as many cuts above its middle {} as up to it", middle));
  }
  return {};
}

Status check_diverging(const Row& row) {
  size_t positive = 0;
  size_t negative = 0;
  for (const auto& mark : row.marks) {
    if (mark.tone.empty()) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{}: a diverging bar needs a tone", where(row, mark)));
    }
    positive += mark.tone == "positive" ? 1U : 0U;
    negative += mark.tone == "negative" ? 1U : 0U;
  }
  if (std::max(positive, negative) > kGradesPerSide) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' has {} grades on one side, at most {} can be told apart",
                            printable(row.label), std::max(positive, negative), kGradesPerSide));
  }
  return check_sum(row);
}

Status check_axis(const Chart& chart) {
  for (const auto& end : {chart.axis_low, chart.axis_high}) {
    if (end) TRY_DONE(check_number("end of the axis", *end, "axis"));
  }
  const bool has_bars = chart.kind == ChartKind::kBar || is_of_parts(chart.kind);
  if (has_bars && chart.axis_low.value_or(0) != 0) {
    return fail(ErrorCode::kInvalid, fmt::format("bars start at zero, not at {}", *chart.axis_low));
  }
  if (chart.axis_low && chart.axis_high && *chart.axis_low >= *chart.axis_high) {
    return fail(ErrorCode::kInvalid, fmt::format("the axis ends at {}, not above its start {}",
                                                 *chart.axis_high, *chart.axis_low));
  }
  if (chart.kind == ChartKind::kHeat || chart.kind == ChartKind::kTiles) return {};  // no axis
  const double low = chart.axis_low.value_or(-1e300);
  const double high = chart.axis_high.value_or(1e300);
  for (const auto& row : chart.rows) {
    for (const auto& mark : row.marks) {
      if (!mark.value || (*mark.value >= low && *mark.value <= high)) continue;
      return fail(ErrorCode::kInvalid,
                  fmt::format("{}: {} lies off the axis", where(row, mark), *mark.value));
    }
  }
  return {};
}

Status check_identity(const Chart& chart) {
  const bool well_named = !chart.id.empty() && chart.id.size() <= 200 &&
                          std::all_of(chart.id.begin(), chart.id.end(), [](char c) {
                            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                   (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
                          });
  if (!well_named) return fail(ErrorCode::kInvalid, "its id may hold letters, digits, '-_.' only");
  TRY_DONE(check_present("title", chart.title));
  TRY_DONE(check_present("subtitle (question and base)", chart.subtitle));
  TRY_DONE(check_present("text alternative", chart.alt));
  TRY_DONE(check_text("source", chart.source));
  TRY_DONE(check_text("note", chart.note));
  if (chart.unit != "%" && !chart.unit.empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the unit '{}' is neither '%' nor empty", printable(chart.unit)));
  }
  return {};
}

Status check_rows(const Chart& chart) {
  const bool has_marks = std::any_of(chart.rows.begin(), chart.rows.end(),
                                     [](const Row& row) { return !row.marks.empty(); });
  if (chart.rows.empty()) return fail(ErrorCode::kInvalid, "there are no rows");
  if (!has_marks && chart.kind == ChartKind::kTrend) {
    return fail(ErrorCode::kInvalid, "no wave has marks");
  }
  std::set<std::string_view> drawn;
  for (const auto& row : chart.rows) {
    TRY_DONE(check_text("row label", row.label));
    TRY_DONE(check_text("base", row.base));
    if (row.marks.empty() && chart.kind != ChartKind::kTrend) {
      return fail(ErrorCode::kInvalid, fmt::format("'{}' has no marks", printable(row.label)));
    }
    for (const auto& mark : row.marks) {
      TRY_DONE(check_mark(chart, row, mark));
      if (!drawn.insert(mark.figure_id).second) {
        return fail(ErrorCode::kInvalid,
                    fmt::format("{}: figure {} is drawn twice", where(row, mark), mark.figure_id));
      }
    }
  }
  return {};
}

Status check_kind(const Chart& chart) {
  switch (chart.kind) {
    case ChartKind::kPie:
      return check_pie(chart);
    case ChartKind::kDiverging:
      for (const auto& row : chart.rows) TRY_DONE(check_diverging(row));
      return {};
    case ChartKind::kStacked:
    case ChartKind::kShare:
      return check_stacks(chart);
    case ChartKind::kHeat:
      TRY_DONE(check_shades(chart));
      return check_heat(chart);
    case ChartKind::kTiles:
      TRY_DONE(check_shades(chart));
      return check_tiles(chart);
    case ChartKind::kBar:
    case ChartKind::kDot:
    case ChartKind::kTrend:
      return {};
  }
  CHECK(false, "a chart of no kind");
}

Status check_everything(const Chart& chart) {
  TRY_DONE(check_identity(chart));
  TRY_DONE(check_rows(chart));
  TRY_DONE(check_axis(chart));
  return check_kind(chart);
}

}  // namespace

Status check(const Chart& chart) {
  auto status = check_everything(chart);
  if (status) return status;
  return tl::unexpected(
      std::move(status).error().in(fmt::format("chart '{}'", printable(chart.id))));
}

}  // namespace barometer

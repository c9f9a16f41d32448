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
  const bool is_part = chart.kind == ChartKind::kPie || chart.kind == ChartKind::kDiverging;
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

Status check_pie(const Chart& chart) {
  if (chart.multi_response) {
    return fail(ErrorCode::kInvalid,
                "respondents could choose several answers: they are not parts of a whole");
  }
  if (chart.rows.size() != 1) {
    return fail(ErrorCode::kInvalid,
                fmt::format("a pie has one row, this has {}", chart.rows.size()));
  }
  const Row& row = chart.rows.front();
  double sum = 0;
  for (const auto& mark : row.marks) {
    if (!mark.value) {
      return fail(ErrorCode::kInvalid, fmt::format("{}: a pie cannot leave out a part ('{}')",
                                                   where(row, mark), printable(mark.printed)));
    }
    sum += *mark.value;
  }
  // Each whole percent may be half a point from its part.
  const double rounding = 0.5 * static_cast<double>(row.marks.size());
  if (std::abs(sum - 100) > rounding + 1e-9) {
    return fail(ErrorCode::kInvalid,
                fmt::format("the parts make {:.6g}, further from 100 than rounding allows ({})",
                            sum, rounding));
  }
  return {};
}

Status check_diverging(const Row& row) {
  size_t positive = 0;
  size_t negative = 0;
  double sum = 0;
  for (const auto& mark : row.marks) {
    if (mark.tone.empty()) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{}: a diverging bar needs a tone", where(row, mark)));
    }
    positive += mark.tone == "positive" ? 1U : 0U;
    negative += mark.tone == "negative" ? 1U : 0U;
    sum += mark.value.value_or(0);
  }
  if (std::max(positive, negative) > kGradesPerSide) {
    return fail(ErrorCode::kInvalid,
                fmt::format("'{}' has {} grades on one side, at most {} can be told apart",
                            printable(row.label), std::max(positive, negative), kGradesPerSide));
  }
  if (sum > 100 + 0.5 * static_cast<double>(row.marks.size()) + 1e-9) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}': the parts make {:.6g}, more than a whole",
                                                 printable(row.label), sum));
  }
  return {};
}

Status check_axis(const Chart& chart) {
  for (const auto& end : {chart.axis_low, chart.axis_high}) {
    if (end) TRY_DONE(check_number("end of the axis", *end, "axis"));
  }
  const bool has_bars = chart.kind != ChartKind::kTrend && chart.kind != ChartKind::kDot;
  if (has_bars && chart.axis_low.value_or(0) != 0) {
    return fail(ErrorCode::kInvalid, fmt::format("bars start at zero, not at {}", *chart.axis_low));
  }
  if (chart.axis_low && chart.axis_high && *chart.axis_low >= *chart.axis_high) {
    return fail(ErrorCode::kInvalid, fmt::format("the axis ends at {}, not above its start {}",
                                                 *chart.axis_high, *chart.axis_low));
  }
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
  if (chart.rows.empty()) return fail(ErrorCode::kInvalid, "there are no rows");
  std::set<std::string_view> drawn;
  for (const auto& row : chart.rows) {
    TRY_DONE(check_text("row label", row.label));
    TRY_DONE(check_text("base", row.base));
    if (row.marks.empty()) {
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
  if (chart.kind == ChartKind::kPie) return check_pie(chart);
  if (chart.kind == ChartKind::kDiverging) {
    for (const auto& row : chart.rows) TRY_DONE(check_diverging(row));
  }
  return {};
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

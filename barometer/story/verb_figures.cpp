// Verbs that write a number of the ledger.
#include <cmath>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/story/verb_internal.h"

namespace barometer {
namespace {

WrittenPiece number(std::string text, const Figure& figure, const Writing& how) {
  WrittenPiece out;
  out.text = std::move(text);
  out.figures = {&figure};
  out.truth = value_words(figure, how.sources.study.print.rounding);
  return out;
}

Found<CellFigure> cell_of_kind(const Writing& how, const CellName& name, size_t verb_at,
                               FigureKind kind) {
  CellFigure cell = TRY(find_cell(how.sources, name, verb_at));
  if (cell.figure->kind == kind) return cell;
  return problem(cell.at, "story-kind",
                 fmt::format("{} is a {}, not a {}", cell.figure->id, name_of(cell.figure->kind),
                             name_of(kind)));
}

Decimal magnitude(Decimal number) {
  number.digits = std::abs(number.digits);
  return number;
}

// "12 of 25"
std::string counts_text(const Writing& how, const std::string& printed) {
  std::string out;
  for (const std::string& word : split(printed, ' ')) {
    const auto value = parse_decimal(word);
    const wording::Place place = out.empty() ? how.place : wording::Place::kInside;
    if (!out.empty()) out += ' ';
    out +=
        value && value->places == 0 ? wording::write_count(value->digits, how.style, place) : word;
  }
  return out;
}

std::string percent_text(const Writing& how, const Figure& figure) {
  const auto printed = parse_decimal(figure.printed);
  if (printed) return wording::write_percent(*printed, how.style, how.place);
  if (figure.marker == Marker::kCount) return counts_text(how, figure.printed);
  if (figure.marker == Marker::kLow) {
    const Decimal half{5, how.sources.study.print.percent_places + 1};
    return capitalised("under " + wording::write_percent(half, how.style, wording::Place::kInside),
                       how.place);
  }
  return figure.printed + std::string(how.style.percent_unit);
}

}  // namespace

std::string figure_text(const Writing& how, const Figure& figure) {
  if (figure.kind == FigureKind::kPercent || figure.kind == FigureKind::kCoverage) {
    return percent_text(how, figure);
  }
  const auto printed = parse_decimal(figure.printed);
  if (figure.kind == FigureKind::kCount && printed) {
    return wording::write_count(printed->digits, how.style, how.place);
  }
  return figure.printed;
}

std::string points_text(const Writing& how, const Figure& change) {
  const auto printed = parse_decimal(change.printed);
  CHECK(printed.has_value(), "a change is printed as a number");
  std::string text = wording::write_points(magnitude(*printed), how.style, how.place);
  return change.id.find(".mean.change.") == std::string::npos ? text
                                                              : replaced(text, "percentage ", "");
}

Found<Written> write_pct(const Writing& how, const Reference& reference) {
  CellFigure cell = TRY(cell_of_kind(how, reference.cell, reference.verb_at, FigureKind::kPercent));
  Written out = only(number(figure_text(how, *cell.figure), *cell.figure, how));
  out.states = std::move(cell);
  return out;
}

Found<Written> write_share_of_organisations(const Writing& how, const Reference& reference) {
  Reference asked = reference;
  asked.cell.unit = Operand{"organisations", reference.verb_at, false};
  return write_pct(how, asked);
}

Found<Written> write_count_of(const Writing& how, const Reference& reference) {
  const CellFigure cell =
      TRY(cell_of_kind(how, reference.cell, reference.verb_at, FigureKind::kPercent));
  const Figure& figure = *cell.figure;
  if (!figure.count) {
    return problem(cell.at, "story-not-available",
                   fmt::format("{} is no count: {}", figure.id,
                               figure.note.empty() ? "it is weighted" : figure.note));
  }
  return only(
      number(wording::write_count(static_cast<int64_t>(*figure.count), how.style, how.place),
             figure, how));
}

Found<Written> write_mean(const Writing& how, const Reference& reference) {
  const CellFigure cell =
      TRY(cell_of_kind(how, reference.cell, reference.verb_at, FigureKind::kMean));
  return only(number(figure_text(how, *cell.figure), *cell.figure, how));
}

Found<Written> write_base(const Writing& how, const Reference& reference) {
  const CellFigure cell = TRY(find_cell(how.sources, reference.cell, reference.verb_at));
  if (!cell.figure->n) {
    return problem(cell.at, "story-not-available",
                   fmt::format("the base of {} was not published", cell.figure->id));
  }
  return only(
      number(wording::write_count(static_cast<int64_t>(*cell.figure->n), how.style, how.place),
             *cell.figure, how));
}

Found<Written> write_interval(const Writing& how, const Reference& reference) {
  const CellFigure cell = TRY(find_cell(how.sources, reference.cell, reference.verb_at));
  const Figure& figure = *cell.figure;
  if (!figure.lower || !figure.upper) {
    return problem(cell.at, "story-not-available",
                   fmt::format("{} has no interval, {}", figure.id, figure.interval_method));
  }
  const PrintRules& print = how.sources.study.print;
  const bool share = figure.kind == FigureKind::kPercent;
  const int places = share ? print.percent_places : print.mean_places;
  const std::string text = fmt::format(
      "{} to {}{}", round(*figure.lower, places, print.rounding).text(),
      round(*figure.upper, places, print.rounding).text(), share ? how.style.percent_unit : "");
  return only(number(text, figure, how));
}

Found<Written> write_points_of(const Writing& how, const Reference& reference) {
  const ChangeFigures figures = TRY(find_change(how.sources, reference));
  WrittenPiece piece = number(points_text(how, *figures.change), *figures.change, how);
  piece.truth = compare_waves(how.sources, figures).words;
  return only(std::move(piece));
}

Found<Written> write_wave_figure(const Writing& how, const Reference& reference) {
  const Wave* wave = TRY(find_wave(how.sources, reference.cell.wave));
  const Figure* figure =
      TRY(find_wave_figure(how.sources, *wave, reference.verb, reference.verb_at));
  return only(number(figure_text(how, *figure), *figure, how));
}

}  // namespace barometer

#include "barometer/ledger/ledger.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "barometer/base/version.h"
#include "barometer/estimate/hypergeometric.h"
#include "barometer/ledger/ledger_internal.h"

namespace barometer {

Figure wave_figure(const WaveContext& context, std::string_view name, FigureKind kind) {
  Figure figure;
  figure.id = fmt::format("{}.wave.{}", context.wave.id, name);
  figure.kind = kind;
  figure.wave = context.wave.id;
  figure.unit = std::string(name == "n" ? "respondents" : "organisations");
  figure.method = context.tables.method;
  figure.weighting = context.wave.weighting_text;
  figure.rounding = rounding_text(context.study.print);
  figure.frame = context.wave.frame_version;
  figure.source =
      context.wave.reconstruction ? "reconstruction from published figures" : "collected";
  figure.data_hash = context.tables.data_hash;
  figure.interval_method = "none: a count of what was returned, not an estimate";
  return figure;
}

void copy_item(const ItemTable& table, Figure& figure) {
  const Item& item = table.item;
  figure.item = item.id;
  figure.base = item.base_text;
  figure.question = item.question();
  figure.wording = item.wording_known ? "verbatim" : "paraphrase";
  figure.wording_hash = item.wording_hash;
  const bool asks = std::ranges::any_of(item.options, &Category::dont_know);
  if (asks) figure.dont_know_rule = item.dont_know_in_base ? "in the base" : "not in the base";
}

namespace {

Figure count_figure(const WaveContext& context, std::string_view name, std::string label,
                    size_t count) {
  Figure figure = wave_figure(context, name, FigureKind::kCount);
  figure.label = std::move(label);
  figure.printed = std::to_string(count);
  figure.value = static_cast<double>(count);
  figure.count = count;
  return figure;
}

Figure unknown_figure(const WaveContext& context, std::string_view name, std::string label,
                      std::string note) {
  Figure figure = wave_figure(context, name, FigureKind::kCount);
  figure.label = std::move(label);
  figure.marker = Marker::kNotAvailable;
  figure.printed = std::string(symbol_of(figure.marker));
  figure.note = std::move(note);
  return figure;
}

Figure coverage_figure(const WaveContext& context, const Coverage& coverage) {
  Figure figure = wave_figure(context, "coverage", FigureKind::kCoverage);
  figure.label = fmt::format("Share of all {} {} with an answer", coverage.frame_organisations,
                             context.study.organisation_word);
  const Ratio percent{coverage.of_organisations.numerator * 100,
                      coverage.of_organisations.denominator};
  figure.printed =
      round(percent, context.study.print.percent_places, context.study.print.rounding).text();
  figure.value = percent.value();
  figure.n = coverage.frame_organisations;
  figure.count = coverage.organisations;
  figure.base =
      fmt::format("All {} in frame {}", context.study.organisation_word, coverage.frame_version);
  return figure;
}

void add_wave_figures(const WaveContext& context, std::vector<Figure>& figures) {
  const Study& study = context.study;
  if (context.tables.respondents_known) {
    figures.push_back(count_figure(context, "n", "Respondents", context.tables.respondents));
  } else {
    figures.push_back(unknown_figure(context, "n", "Respondents",
                                     "The number of respondents was not published."));
  }
  if (context.tables.coverage) {
    figures.push_back(count_figure(context, "organisations",
                                   fmt::format("{} with an answer", study.organisation_word),
                                   context.tables.coverage->organisations));
    figures.push_back(coverage_figure(context, *context.tables.coverage));
  } else {
    figures.push_back(unknown_figure(context, "organisations",
                                     fmt::format("{} with an answer", study.organisation_word),
                                     "The number of organisations was not published."));
  }
  figures.push_back(count_figure(context, "frame",
                                 fmt::format("{} in the frame", study.organisation_word),
                                 study.frame_of(context.wave).organisations().size()));
}

double scale_of(Statistic statistic) { return statistic == Statistic::kProportion ? 100 : 1; }

std::string interval_text(const Estimate& estimate) {
  return estimate.interval
             ? std::string(name_of(estimate.interval->method))
             : "none: " + (estimate.reason.empty() ? estimate.no_interval : estimate.reason);
}

void copy_estimate(const Cell& cell, bool base_known, Figure& figure) {
  const Estimate& estimate = cell.estimate;
  const double scale = scale_of(estimate.statistic);
  figure.interval_method = interval_text(estimate);
  if (!estimate.value) return;
  figure.value = *estimate.value * scale;
  if (estimate.se) figure.se = *estimate.se * scale;
  if (estimate.interval) {
    figure.lower = estimate.interval->lower * scale;
    figure.upper = estimate.interval->upper * scale;
    figure.level = estimate.interval->level;
  }
  if (!base_known) return;
  figure.n = estimate.n;
  figure.weighted_base = estimate.weighted_base;
  figure.effective_base = estimate.effective_base;
  if (estimate.organisations > 0) figure.organisations = estimate.organisations;
  if (is_share_of_cases(estimate)) figure.count = estimate.numerator;
  if (cell.missing_withheld) return;
  figure.not_asked = estimate.not_asked;
  figure.no_answer = estimate.no_answer;
  figure.refused = estimate.refused;
  figure.dont_know = estimate.dont_know;
}

std::string range_note(const ItemTable& table, const Cell& cell) {
  if (table.base_chosen && cell.estimate.value) {
    return fmt::format(
        "No report gives this question's base; {} is the largest on which every printed figure of "
        "it is "
        "possible, and count and interval suppose it.",
        cell.estimate.n);
  }
  if (!cell.count_range || cell.count_range->first == cell.count_range->second) return {};
  const char* what = cell.kind == CellKind::kMean ? "sum of scores" : "count";
  return fmt::format("The published figures allow any {} from {} to {}; all print the same.", what,
                     cell.count_range->first, cell.count_range->second);
}

// What a count says of the whole population when nothing is supposed of those who did not answer.
std::string no_assumption_note(const WaveTables& tables, const ItemTable& table,
                               const Figure& figure) {
  const bool people = figure.unit == name_of(Unit::kRespondent);
  if (!people || !tables.population || !table.base_known || !figure.count || !figure.n) return {};
  const auto population = static_cast<int64_t>(*tables.population);
  const auto range = no_assumption_range(population, static_cast<int64_t>(*figure.n),
                                         static_cast<int64_t>(*figure.count));
  if (!range) return {};
  return fmt::format("Supposing nothing of those who did not answer: {} to {} of {} people.",
                     range->lower, range->upper, population);
}

Figure cell_figure(const WaveContext& context, const ItemTable& table, const Cell& cell) {
  Figure figure = wave_figure(context, "", FigureKind::kPercent);
  figure.id = figure_id(context.tables, cell);
  figure.kind = cell.kind == CellKind::kMean ? FigureKind::kMean : FigureKind::kPercent;
  figure.unit = std::string(name_of(cell.estimate.unit));
  figure.answer = cell.answer;
  figure.label = cell.label;
  figure.printed = cell.printed.text;
  figure.marker = cell.printed.marker;
  copy_item(table, figure);
  copy_estimate(cell, table.base_known, figure);
  if (!cell.estimate.method.empty()) figure.method = cell.estimate.method;
  if (cell.estimate.unit == Unit::kOrganisation)
    figure.weighting = "Each organisation counts once; answers are not weighted.";
  if (cell.estimate.unit == Unit::kOrganisationBySize)
    figure.weighting = "Each organisation counts by its population; answers are not weighted.";
  figure.note = range_note(table, cell);
  if (figure.note.empty()) figure.note = no_assumption_note(context.tables, table, figure);
  return figure;
}

Figure change_figure(const WaveContext& context, const ItemTable& table, const Change& change) {
  Figure figure = wave_figure(context, "", FigureKind::kChange);
  figure.id = change_id(context.tables, change);
  figure.unit = std::string(name_of(Unit::kRespondent));
  figure.answer = change.answer;
  figure.label = fmt::format("{}: change since {}", change.label, change.since);
  figure.printed = change.printed;
  copy_item(table, figure);
  figure.value = change.points;
  figure.se = change.se;
  if (change.interval) {
    figure.lower = change.interval->lower;
    figure.upper = change.interval->upper;
    figure.level = change.interval->level;
    figure.interval_method = "independent samples, normal";
  } else {
    figure.interval_method = "none: one of the waves has no standard error";
  }
  figure.note = change.basis;
  return figure;
}

void add_item_figures(const WaveContext& context, const ItemTable& table,
                      std::vector<Figure>& figures) {
  for (const auto* cells :
       {&table.respondents, &table.organisations, &table.organisations_by_size}) {
    for (const Cell& cell : *cells) figures.push_back(cell_figure(context, table, cell));
  }
  for (const Change& change : table.changes) {
    figures.push_back(change_figure(context, table, change));
  }
}

void check_unique(const std::vector<Figure>& figures) {
  std::set<std::string_view> ids;
  for (const Figure& figure : figures) {
    CHECK(ids.insert(figure.id).second, fmt::format("two figures are called '{}'", figure.id));
  }
}

}  // namespace

std::string_view name_of(FigureKind kind) {
  switch (kind) {
    case FigureKind::kPercent:
      return "percent";
    case FigureKind::kMean:
      return "mean";
    case FigureKind::kChange:
      return "change";
    case FigureKind::kCount:
      return "count";
    case FigureKind::kCoverage:
      return "coverage";
  }
  return "";
}

std::string figure_id(const WaveTables& wave, const Cell& cell) {
  std::string unit(name_of(cell.estimate.unit));
  std::ranges::replace(unit, ' ', '-');
  return fmt::format("{}.{}.{}.{}", wave.wave, cell.item, cell.answer, unit);
}

std::string change_id(const WaveTables& wave, const Change& change) {
  return fmt::format("{}.{}.{}.change.{}", wave.wave, change.item, change.answer, change.since);
}

Ledger make_ledger(const Study& study, const std::vector<WaveTables>& waves,
                   const std::vector<WaveBook>& books) {
  Ledger ledger{study.id, study.title, std::string(kVersion), {}};
  for (const WaveTables& tables : waves) {
    const Wave* wave = study.wave(tables.wave);
    CHECK(wave != nullptr, "tables are of a wave of the study");
    const WaveContext context{study, *wave, tables};
    add_wave_figures(context, ledger.figures);
    for (const ItemTable& table : tables.items) add_item_figures(context, table, ledger.figures);
    for (const WaveBook& book : books) {
      if (book.wave == wave->id) add_group_figures(context, book, ledger.figures);
    }
  }
  check_unique(ledger.figures);
  return ledger;
}

const Figure* Ledger::find(std::string_view id) const {
  const auto found = std::ranges::find(figures, id, &Figure::id);
  return found == figures.end() ? nullptr : &*found;
}

}  // namespace barometer

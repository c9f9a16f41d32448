// Changes between waves: signed points, from unrounded estimates where both waves were collected,
// from the printed figures where one of them is a reconstruction.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <boost/math/distributions/normal.hpp>

#include "barometer/table/table.h"

namespace barometer {
namespace {

double scale_of(Statistic statistic) { return statistic == Statistic::kProportion ? 100 : 1; }

std::optional<Decimal> plain_number(const Printed& printed) {
  if (printed.marker != Marker::kNone) return std::nullopt;
  const auto number = parse_decimal(printed.text);
  if (!number) return std::nullopt;
  return *number;
}

void set_uncertainty(const Cell& now, const Cell& then, double level, Change& change) {
  if (!now.estimate.se || !then.estimate.se) return;
  const double scale = scale_of(change.statistic);
  const double se = std::hypot(*now.estimate.se, *then.estimate.se) * scale;
  const double z = boost::math::quantile(boost::math::normal(), 0.5 + level / 2);
  change.se = se;
  change.interval =
      Interval{change.points - z * se, change.points + z * se, level, IntervalMethod::kNone};
}

std::optional<Change> change_of(const Study& study, bool from_print, const WaveTables& then_wave,
                                const Cell& now, const Cell& then) {
  const auto now_printed = plain_number(now.printed);
  const auto then_printed = plain_number(then.printed);
  if (!now_printed || !then_printed || !now.estimate.value || !then.estimate.value)
    return std::nullopt;
  Change change;
  change.since = then_wave.wave;
  change.item = now.item;
  change.answer = now.answer;
  change.label = now.label;
  change.statistic = now.estimate.statistic;
  const Decimal of_print{now_printed->digits - then_printed->digits, now_printed->places};
  if (from_print) {
    change.points = of_print.value();
    change.printed = print_change(of_print);
    change.basis =
        fmt::format("from printed figures: {} and {}", now.printed.text, then.printed.text);
  } else {
    change.points = (*now.estimate.value - *then.estimate.value) * scale_of(change.statistic);
    const Decimal exact = round(change.points, now_printed->places, study.print.rounding);
    change.printed = print_change(exact);
    change.basis = exact == of_print
                       ? "from unrounded estimates"
                       : fmt::format("from unrounded estimates; the printed figures differ by {}",
                                     print_change(of_print));
  }
  set_uncertainty(now, then, study.print.level, change);
  return change;
}

void add_item_changes(const Study& study, const Wave& wave, const WaveTables& then,
                      ItemTable& table) {
  const Wave* then_wave = study.wave(then.wave);
  const ItemTable* before = comparable_table(study, wave, table.item, then);
  if (before == nullptr) return;
  const bool from_print = wave.reconstruction || then_wave->reconstruction;
  for (const Cell& cell : table.respondents) {
    const Cell* old = before->find(Unit::kRespondent, cell.answer);
    if (old == nullptr || old->kind != cell.kind) continue;
    if (auto change = change_of(study, from_print, then, cell, *old)) {
      table.changes.push_back(std::move(*change));
    }
  }
}

}  // namespace

const ItemTable* comparable_table(const Study& study, const Wave& wave, const Item& item,
                                  const WaveTables& then) {
  const Wave* then_wave = study.wave(then.wave);
  CHECK(then_wave != nullptr, "tables are of a wave of the study");
  if (!wave.alternative_to.empty() || !then_wave->alternative_to.empty()) return nullptr;
  const auto link = wave.trend_links.find(item.id);
  if (link != wave.trend_links.end() && link->second.starts_with(then.wave + "/")) {
    return then.find(link->second.substr(then.wave.size() + 1));
  }
  const ItemTable* same = then.find(item.id);
  return same != nullptr && same->item.wording_hash == item.wording_hash ? same : nullptr;
}

void add_changes(const Study& study, const std::vector<WaveTables>& earlier, WaveTables& now) {
  const Wave* wave = study.wave(now.wave);
  CHECK(wave != nullptr, "tables are of a wave of the study");
  for (ItemTable& table : now.items) {
    for (const WaveTables& then : earlier) add_item_changes(study, *wave, then, table);
  }
}

}  // namespace barometer

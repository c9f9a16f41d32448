#include <algorithm>

#include <fmt/format.h>

#include "barometer/table/table.h"

namespace barometer {
namespace {

std::optional<Decimal> printed_decimal(const Cell* cell) {
  if (cell == nullptr || cell->printed.marker != Marker::kNone) return std::nullopt;
  const auto value = parse_decimal(cell->printed.text);
  if (!value) return std::nullopt;
  return *value;
}

// Sum of the printed options; none when one of them is not a plain number.
std::optional<int64_t> printed_sum(const ItemTable& table, const std::vector<int>& codes) {
  int64_t sum = 0;
  for (const int code : codes) {
    const auto part = printed_decimal(table.find(Unit::kRespondent, std::to_string(code)));
    if (!part) return std::nullopt;
    sum += part->digits;
  }
  return sum;
}

void note_base(const Study& study, const Wave& wave, size_t respondents, size_t n,
               ItemTable& table) {
  const auto base = static_cast<long long>(n);
  const bool solved = std::ranges::any_of(wave.published, [&](const PublishedFigure& row) {
    return row.item == table.item.id && row.base == "solve";
  });
  if (n < respondents && solved) {
    table.notes.push_back(fmt::format(
        "{}: a printed figure cannot be had from {} answers; {} is the largest base on which every "
        "printed figure of this question is possible.",
        table.item.label, respondents, n));
  } else if (n < respondents) {
    table.notes.push_back(fmt::format("{}: {} of {} {} are in the base.", table.item.label, n,
                                      respondents, study.respondent_word));
  }
  if (base < study.print.note_base_under) {
    table.notes.push_back(
        fmt::format("Base under {}: one answer is more than one percentage point.",
                    study.print.note_base_under));
  }
}

// Only one answer a person makes a NET the sum of its parts, and everything the whole.
void note_rounding(int places, ItemTable& table) {
  if (table.item.kind() == VariableKind::kMulti) return;
  for (const Net& net : table.item.nets) {
    const auto whole = printed_decimal(table.find(Unit::kRespondent, net.id));
    const auto parts = printed_sum(table, net.codes);
    if (whole && parts && whole->digits != *parts) {
      table.notes.push_back(fmt::format(
          "'{}' is computed before rounding and differs from the sum of its rounded parts.",
          net.label));
    }
  }
  if (table.item.kind() != VariableKind::kSingle) return;
  std::vector<int> all;
  for (const Category& option : table.item.options) all.push_back(option.code);
  const auto sum = printed_sum(table, all);
  int64_t hundred = all.empty() ? 0 : 100;
  for (int place = 0; place < places; ++place) hundred *= 10;
  if (sum && *sum != hundred) {
    table.notes.push_back("Percentages do not add to 100 because each is rounded.");
  }
}

void add_item_notes(const Study& study, const Wave& wave, size_t respondents, ItemTable& table) {
  const auto with_value = std::ranges::find_if(
      table.respondents, [](const Cell& cell) { return cell.estimate.value.has_value(); });
  if (with_value == table.respondents.end()) return;
  if (table.base_known) note_base(study, wave, respondents, with_value->estimate.n, table);
  note_rounding(study.print.percent_places, table);
  const Item& item = table.item;
  if (item.scale_low && item.scale_high) {
    table.notes.push_back(fmt::format("Scale: {} ({}) to {} ({}).", *item.scale_low,
                                      item.scale_low_label, *item.scale_high,
                                      item.scale_high_label));
  }
  if (!item.dont_know_in_base) table.notes.push_back("Don't know is not in the base.");
}

}  // namespace

void add_notes(const Study& study, const Wave& wave, WaveTables& tables) {
  for (ItemTable& table : tables.items) add_item_notes(study, wave, tables.respondents, table);
}

}  // namespace barometer

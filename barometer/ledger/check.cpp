// The ledger against print: each row of published.csv beside the figure that should equal it.
#include <fmt/format.h>

#include "barometer/ledger/ledger.h"

namespace barometer {
namespace {

// Answers may be written as an option's label, its code or a NET id; cells use code or NET id.
std::string answer_key(const Item& item, const std::string& answer) {
  for (const Category& option : item.options) {
    if (option.label == answer) return std::to_string(option.code);
  }
  return answer;
}

std::string wanted_id(const Wave& wave, const PublishedFigure& row) {
  if (row.kind == "n" || row.kind == "organisations" || row.kind == "frame" ||
      row.kind == "coverage") {
    return fmt::format("{}.wave.{}", wave.id, row.kind);
  }
  const Item* item = wave.questionnaire.find(row.item);
  if (item == nullptr) return {};
  const std::string answer = row.kind == "mean" ? "mean" : answer_key(*item, row.answer);
  if (row.kind == "change") {
    return fmt::format("{}.{}.{}.change.{}", wave.id, row.item, answer.empty() ? "mean" : answer,
                       row.since);
  }
  return fmt::format("{}.{}.{}.respondents", wave.id, row.item, answer);
}

// "[42]" holds 42; symbols hold nothing; a count figure is compared by its count.
std::optional<Decimal> printed_number(const Figure& figure, const PublishedFigure& row) {
  if (row.kind == "count") {
    if (!figure.count) return std::nullopt;
    return Decimal{static_cast<int64_t>(*figure.count), 0};
  }
  std::string text = figure.printed;
  if (figure.marker == Marker::kSmallBase) text = text.substr(1, text.size() - 2);
  auto number = parse_decimal(text);
  if (!number) return std::nullopt;
  return *number;
}

LedgerCheck check_row(const Ledger& ledger, const Wave& wave, const PublishedFigure& row) {
  LedgerCheck check;
  check.published = &row;
  check.figure = wanted_id(wave, row);
  const Figure* figure = ledger.find(check.figure);
  if (figure == nullptr) {
    check.why = fmt::format("the publication has no figure '{}'", check.figure);
    return check;
  }
  check.computed =
      row.kind == "count" && figure->count ? std::to_string(*figure->count) : figure->printed;
  const auto number = printed_number(*figure, row);
  // Equal as printed: the same digits to the same number of places.
  check.reproduced = number && *number == row.value;
  if (!check.reproduced) {
    check.why = number ? fmt::format("printed elsewhere as {}, computed {}", row.value.text(),
                                     check.computed)
                       : fmt::format("computed as '{}'", check.computed);
  }
  return check;
}

}  // namespace

std::vector<LedgerCheck> check_ledger(const Ledger& ledger, const Wave& wave) {
  std::vector<LedgerCheck> checks;
  for (const PublishedFigure& row : wave.published) checks.push_back(check_row(ledger, wave, row));
  return checks;
}

}  // namespace barometer

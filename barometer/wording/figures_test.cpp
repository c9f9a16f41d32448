// The numbers of thirteen published articles, as a person wrote them down, read again.
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "barometer/base/csv.h"
#include "barometer/base/decimal.h"
#include "barometer/wording/read.h"

namespace barometer::wording {
namespace {

struct Figure {
  std::string phrase;
  std::string value;
  std::string kind;
};

std::vector<Figure> figures() {
  const std::string path = SOURCE_DIR "/barometer/wording/testdata/figures.csv";
  std::ifstream in(path, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  Diagnostics problems;
  const CsvTable table = CsvTable::parse(bytes, path, problems);
  std::vector<Figure> rows;
  for (size_t i = 0; i < table.row_count(); ++i) {
    rows.push_back(
        {table.cell(i, "phrase").text, table.cell(i, "value").text, table.cell(i, "kind").text});
  }
  return rows;
}

bool starts(const Figure& figure, std::string_view kind) { return figure.kind.starts_with(kind); }

// Is it what the person wrote down: form and value?
bool is_figure(const NumberPhrase& read, const Figure& figure) {
  const auto value = parse_decimal(figure.value);
  const bool rest = read.quantifier != nullptr && read.quantifier->part == Part::kRest;
  if (figure.kind == "percent_implied") return read.form == Form::kQuantifier && rest;
  if (starts(figure, "vague") || figure.kind == "not_survey_claim") {
    return read.form == Form::kQuantifier;
  }
  if (starts(figure, "not_survey_money")) return read.form == Form::kMoney;
  if (starts(figure, "not_survey_date")) return read.form == Form::kDate;
  if (starts(figure, "not_survey_range")) return read.form == Form::kMeasure && read.has_upper;
  if (!value) return false;
  if (starts(figure, "percent")) {
    const bool most = read.quantifier != nullptr && read.quantifier->part == Part::kMajority;
    if (most) return *value == Decimal{50, 0};
    return read.is_share() && round(read.percent(), value->places) == *value;
  }
  if (figure.kind == "mean") {
    return (read.form == Form::kScore || read.form == Form::kDecimal) &&
           read.value == value->ratio();
  }
  if (figure.kind == "pp_change") {
    const Ratio change{read.direction * read.value.numerator, read.value.denominator};
    return read.form == Form::kPoints && change == value->ratio();
  }
  if (figure.kind == "threshold") return read.form == Form::kThreshold;
  // Counts; whose they are is not for the grammar to say.
  return read.form == Form::kCount && read.value == value->ratio();
}

TEST(Figures, EveryNumberIsReadAsThePersonReadIt) {
  const std::vector<Figure> rows = figures();
  ASSERT_GT(rows.size(), 130U);
  for (const Figure& figure : rows) {
    if (figure.kind == "comparative") {
      EXPECT_FALSE(read_changes(figure.phrase).empty()) << figure.phrase;
      continue;
    }
    bool found = false;
    for (const NumberPhrase& read : read_numbers(figure.phrase)) {
      found = found || is_figure(read, figure);
    }
    EXPECT_TRUE(found) << figure.kind << " " << figure.value << ": " << figure.phrase;
  }
}

TEST(Figures, WhatIsNoSurveysIsNoResult) {
  for (const Figure& figure : figures()) {
    const bool is_control = starts(figure, "not_survey_money") ||
                            starts(figure, "not_survey_date") ||
                            starts(figure, "not_survey_range") || figure.kind == "threshold";
    if (!is_control) continue;
    for (const NumberPhrase& read : read_numbers(figure.phrase)) {
      EXPECT_FALSE(is_result(read.form)) << figure.phrase;
    }
  }
}

TEST(Figures, BoundsStandWithTheirNumbers) {
  for (const Figure& figure : figures()) {
    if (!figure.kind.ends_with("_bound")) continue;
    for (const NumberPhrase& read : read_numbers(figure.phrase)) {
      if (!read.is_share()) continue;
      EXPECT_NE(read.hedge->relation, Relation::kIs) << figure.phrase;
    }
  }
}

}  // namespace
}  // namespace barometer::wording

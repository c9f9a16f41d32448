#include "barometer/ledger/ledger.h"

#include <cmath>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace barometer {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// A study of two waves with one yes-no item; 63 of 94 said yes now, 50 of 100 before.
class SmallLedger : public ::testing::Test {
 protected:
  SmallLedger() {
    study_.id = "small";
    study_.title = "Small, \"quoted\"";
    Diagnostics problems;
    FrameNotes notes;
    notes.version = "f";
    study_.frames.emplace("f", Frame::parse("id,name,region\na,A,N\nb,B,N\n", "o.csv",
                                            "id,organisation\np,a\n", "p.csv", notes, problems));
    for (const char* id : {"2020", "2021"}) {
      Wave wave;
      wave.id = id;
      wave.frame_version = "f";
      Item item;
      item.id = "q";
      item.text = "=Do you agree?";
      item.label = "Agree";
      item.options = {{1, "Yes", false}, {2, "No", false}};
      item.wording_hash = "same";
      wave.questionnaire.items.push_back(item);
      study_.waves.push_back(wave);
    }
    waves_ = {tables("2020", 50, 100), tables("2021", 63, 94)};
  }

  WaveTables tables(const std::string& wave, size_t yes, size_t n) const {
    WaveTables out;
    out.wave = wave;
    out.respondents = n;
    out.coverage = Coverage{n, 1, 2, 1, {1, 2}, {}, {}, 0, "f"};
    ItemTable table;
    table.item = study_.waves.front().questionnaire.items.front();
    for (const auto& [code, count] : {std::pair{"1", yes}, std::pair{"2", n - yes}}) {
      Cell cell;
      cell.item = "q";
      cell.answer = code;
      cell.label = code == std::string("1") ? "Yes" : "No";
      cell.estimate.n = n;
      cell.estimate.numerator = count;
      cell.estimate.value = static_cast<double>(count) / static_cast<double>(n);
      cell.estimate.exact = Ratio{static_cast<int64_t>(count), static_cast<int64_t>(n)};
      cell.estimate.se = 0.05;
      cell.estimate.no_interval = "a test";
      cell.printed = print_estimate(cell.estimate, {});
      table.respondents.push_back(cell);
    }
    out.items.push_back(std::move(table));
    return out;
  }

  Study study_;
  std::vector<WaveTables> waves_;
};

TEST_F(SmallLedger, HasAFigureForEveryCellAndWave) {
  const Ledger ledger = make_ledger(study_, waves_);
  for (const char* id : {"2020.wave.n", "2020.wave.organisations", "2020.wave.coverage",
                         "2020.wave.frame", "2020.q.1.respondents", "2021.q.2.respondents"}) {
    EXPECT_NE(ledger.find(id), nullptr) << id;
  }
  EXPECT_EQ(ledger.find("2021.wave.coverage")->printed, "50");
  EXPECT_EQ(ledger.find("2021.q.1.respondents")->printed, "67");
  EXPECT_DOUBLE_EQ(*ledger.find("2021.q.1.respondents")->se, 5.0);
  EXPECT_EQ(ledger.find("2021.q.3.respondents"), nullptr);
}

TEST_F(SmallLedger, AHiddenCellKeepsItsIdAndHoldsNoNumber) {
  Cell& hidden = waves_[1].items[0].respondents[0];
  hidden.estimate = Estimate{};
  hidden.estimate.reason = "suppressed";
  hidden.printed = printed_symbol(Marker::kSuppressed);
  const Ledger ledger = make_ledger(study_, waves_);
  const Figure* figure = ledger.find("2021.q.1.respondents");
  ASSERT_NE(figure, nullptr);
  EXPECT_EQ(figure->printed, "[c]");
  EXPECT_FALSE(figure->value || figure->n || figure->count || figure->se || figure->lower);
  const auto json = nlohmann::json::parse(ledger.json());
  for (const auto& object : json["figures"]) {
    if (object["id"] != "2021.q.1.respondents") continue;
    for (const char* key : {"value", "n", "count", "se", "dont_know", "weighted_base"}) {
      EXPECT_FALSE(object.contains(key)) << key;
    }
  }
}

TEST_F(SmallLedger, CsvHasTheSameCellsInEveryRowAndDefusesFormulas) {
  const std::string csv = make_ledger(study_, waves_).csv();
  EXPECT_THAT(csv, HasSubstr(",'=Do you agree?,"));
  EXPECT_THAT(csv, Not(HasSubstr(",=Do you")));
}

TEST_F(SmallLedger, ChangesAreUnroundedAndSaySoWhenPrintDiffers) {
  add_changes(study_, {waves_[0]}, waves_[1]);
  const auto& changes = waves_[1].items[0].changes;
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_NEAR(changes[0].points, 100 * (63.0 / 94 - 0.5), 1e-12);
  EXPECT_EQ(changes[0].printed, "+17");
  EXPECT_EQ(changes[1].printed, "-17");
  EXPECT_NEAR(*changes[0].se, std::hypot(5.0, 5.0), 1e-12);
}

TEST_F(SmallLedger, AReconstructionIsComparedAsPrinted) {
  study_.waves[0].reconstruction = true;
  add_changes(study_, {waves_[0]}, waves_[1]);
  EXPECT_EQ(waves_[1].items[0].changes[0].printed, "+17");
  EXPECT_THAT(waves_[1].items[0].changes[0].basis, HasSubstr("printed figures: 67 and 50"));
}

TEST_F(SmallLedger, OtherWordingIsNotComparedUnlessALinkJoinsIt) {
  waves_[1].items[0].item.wording_hash = "other";
  add_changes(study_, {waves_[0]}, waves_[1]);
  EXPECT_TRUE(waves_[1].items[0].changes.empty());
  study_.waves[1].trend_links["q"] = "2020/q";
  add_changes(study_, {waves_[0]}, waves_[1]);
  EXPECT_EQ(waves_[1].items[0].changes.size(), 2U);
}

TEST_F(SmallLedger, AnotherReadingOfTheSameFieldworkIsNoEarlierWave) {
  study_.waves[1].alternative_to = "2020";
  add_changes(study_, {waves_[0]}, waves_[1]);
  EXPECT_TRUE(waves_[1].items[0].changes.empty());
}

struct Row {
  const char* kind;
  const char* item;
  const char* answer;
  const char* value;
  bool reproduced;
};

TEST_F(SmallLedger, PublishedFiguresAreComparedDigitByDigit) {
  const Row rows[] = {
      {"percent", "q", "Yes", "67", true},
      {"percent", "q", "1", "67", true},
      {"percent", "q", "Yes", "68", false},
      {"percent", "q", "Yes", "67.0", false},
      {"percent", "q", "Perhaps", "67", false},
      {"percent", "other", "Yes", "67", false},
      {"n", "", "", "94", true},
      {"n", "", "", "95", false},
      {"organisations", "", "", "1", true},
      {"coverage", "", "", "50", true},
      {"coverage", "", "", "47", false},
      {"frame", "", "", "2", true},
      {"count", "q", "Yes", "63", true},
      {"count", "q", "Yes", "67", false},
      {"mean", "q", "", "1.3", false},
  };
  for (const Row& row : rows) {
    PublishedFigure figure;
    figure.id = "x";
    figure.kind = row.kind;
    figure.item = row.item;
    figure.answer = row.answer;
    figure.value = *parse_decimal(row.value);
    study_.waves[1].published.push_back(figure);
  }
  const Ledger ledger = make_ledger(study_, waves_);
  const auto checks = check_ledger(ledger, study_.waves[1]);
  ASSERT_EQ(checks.size(), std::size(rows));
  for (size_t i = 0; i < checks.size(); ++i) {
    EXPECT_EQ(checks[i].reproduced, rows[i].reproduced) << rows[i].kind << " " << rows[i].value;
    EXPECT_EQ(checks[i].why.empty(), rows[i].reproduced) << checks[i].why;
  }
}

}  // namespace
}  // namespace barometer

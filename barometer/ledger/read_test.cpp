// A ledger read back is the ledger; what is none is refused with its place.
#include "barometer/ledger/read.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;

// Every field of a figure holds something, so that a field that is not read is missed.
Figure full_figure() {
  Figure figure;
  figure.id = "2013-04.leave.likely.respondents.region:2";
  figure.kind = FigureKind::kMean;
  figure.wave = "2013-04";
  figure.item = "leave";
  figure.answer = "likely";
  figure.label = "=Likely";
  figure.group = "region:2";
  figure.group_label = "Region: \"North\", +1";
  figure.printed = "[63]";
  figure.marker = Marker::kSmallBase;
  figure.unit = "respondents";
  figure.value = 62.765957446808514;
  figure.se = 1.25;
  figure.lower = 52.5;
  figure.upper = 71.75;
  figure.level = 0.95;
  figure.interval_method = "Wilson";
  figure.n = 94;
  figure.weighted_base = 94.5;
  figure.effective_base = 90.25;
  figure.organisations = 86;
  figure.count = 59;
  figure.not_asked = 1;
  figure.no_answer = 2;
  figure.refused = 3;
  figure.dont_know = 4;
  figure.dont_know_rule = "in the base";
  figure.base = "All respondents";
  figure.question = "How likely is it that…";
  figure.wording = "verbatim";
  figure.wording_hash = "abc";
  figure.method = "simple random sample";
  figure.weighting = "Not weighted.";
  figure.rounding = "half up";
  figure.frame = "2012-14";
  figure.source = "collected";
  figure.data_hash = "def";
  figure.note = "a note, with a comma";
  return figure;
}

Ledger full_ledger() {
  Ledger ledger;
  ledger.study = "s";
  ledger.title = "A title";
  ledger.version = "0.1.0";
  Figure bare;
  bare.id = "2013-04.wave.n";
  bare.kind = FigureKind::kCount;
  bare.marker = Marker::kSuppressed;
  ledger.figures = {full_figure(), bare};
  return ledger;
}

TEST(LedgerFromJson, IsTheLedgerThatWasWritten) {
  const std::string written = full_ledger().json();
  const auto read = ledger_from_json(written, "ledger.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->json(), written);
  EXPECT_EQ(read->csv(), full_ledger().csv());
}

TEST(LedgerFromCsv, IsTheLedgerThatWasWritten) {
  const std::string written = full_ledger().csv();
  const auto read = ledger_from_csv(written, "ledger.csv");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->csv(), written);
}

TEST(LedgerFromJson, RefusesWhatIsNoLedger) {
  struct Row {
    const char* json;
    const char* message;
  };
  const Row rows[] = {
      {"", "'l.json' is no JSON object"},
      {"[]", "'l.json' is no JSON object"},
      {"{\"figures\": [", "'l.json' is no JSON object"},
      {"{}", "'l.json' has no list of figures"},
      {"{\"figures\": {}}", "'l.json' has no list of figures"},
      {"{\"figures\": [1]}", "'l.json': figure 1: is no object"},
      {"{\"figures\": [{}]}", "'l.json': figure 1: has no id"},
      {"{\"figures\": [{\"id\": 7}]}", "'l.json': figure 1: id is no text"},
      {"{\"figures\": [{\"id\": \"a\"}, {\"id\": \"a\"}]}", "figure 2: 'a' is there twice"},
      {"{\"figures\": [{\"id\": \"a\", \"kind\": \"share\"}]}", "'share' is no kind of figure"},
      {"{\"figures\": [{\"id\": \"a\", \"marker\": \"?\"}]}", "'?' is no marker"},
      {"{\"figures\": [{\"id\": \"a\", \"n\": \"94\"}]}", "n is no number"},
      {"{\"figures\": [{\"id\": \"a\", \"n\": -1}]}", "n -1 is no number of people"},
      {"{\"figures\": [{\"id\": \"a\", \"count\": 1.5}]}", "count 1.5 is no number of people"},
      {"{\"figures\": [{\"id\": \"a\", \"n\": 1e300}]}", "is no number of people"},
      {"{\"figures\": [{\"id\": \"a\", \"value\": [1]}]}", "value is no number"},
  };
  for (const Row& row : rows) {
    const auto read = ledger_from_json(row.json, "l.json");
    ASSERT_FALSE(read) << row.json;
    EXPECT_THAT(read.error().message, HasSubstr(row.message)) << row.json;
  }
}

TEST(LedgerFromJson, PassesOverKeysItDoesNotKnow) {
  const auto read =
      ledger_from_json(R"({"figures": [{"id": "a", "later": {"x": 1}, "se": null}]})", "l.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->figures.size(), 1U);
}

TEST(LedgerFromJson, DeepNestingIsNoTrouble) {
  const std::string deep(100'000, '[');
  EXPECT_FALSE(ledger_from_json(deep, "l.json"));
  EXPECT_FALSE(ledger_from_json("{\"figures\": [" + deep + std::string(100'000, ']') + "]}", "l"));
}

TEST(LedgerFromCsv, NamesTheCellThatIsWrong) {
  struct Row {
    const char* csv;
    const char* message;
  };
  const Row rows[] = {
      {"kind,value\npercent,1\n", "has no column 'id'"},
      {"id,n\na,many\n", "l.csv:2:3: n 'many' is no number"},
      {"id,n\na,94\nb,9.5\n", "l.csv:3:3: n 9.5 is no number of people"},
      {"id,kind\na,odd\n", "l.csv:2:3: 'odd' is no kind"},
      {"id\na\na\n", "l.csv:3:1: 'a' is there twice"},
      {"id,n\na\n", "l.csv:2"},
  };
  for (const Row& row : rows) {
    const auto read = ledger_from_csv(row.csv, "l.csv");
    ASSERT_FALSE(read) << row.csv;
    EXPECT_THAT(read.error().message, HasSubstr(row.message)) << row.csv;
  }
}

TEST(ReadLedgerFile, TakesABundleOrAFile) {
  testing::TempFolder folder;
  EXPECT_FALSE(read_ledger_file(folder / "nothing"));
  folder.write("only/ledger.csv", full_ledger().csv());
  folder.write("both/ledger.csv", "id\nx\n");
  folder.write("both/ledger.json", full_ledger().json());
  EXPECT_EQ(read_ledger_file(folder / "only")->figures.size(), 2U);
  EXPECT_EQ(read_ledger_file(folder / "both")->study, "s");
  EXPECT_EQ(read_ledger_file(folder / "both/ledger.csv")->figures.size(), 1U);
}

}  // namespace
}  // namespace barometer

// Workbooks of tables by group against the ledger: a hidden figure's cell must hold no number.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/attack/attack.h"
#include "barometer/io/workbook.h"

namespace barometer {
namespace {

using ::testing::HasSubstr;

constexpr const char* kLedger = R"({"figures": [
  {"id": "w.q.1.respondents.region-1", "kind": "percent", "wave": "w", "item": "q", "answer": "1",
   "unit": "respondents", "group": "region-1", "printed": "40", "n": 50, "count": 20,
   "source": "collected"},
  {"id": "w.q.1.respondents.region-2", "kind": "percent", "wave": "w", "item": "q", "answer": "1",
   "unit": "respondents", "group": "region-2", "printed": "[c]", "marker": "[c]"}]})";

constexpr const char* kCsv =
    "table,weight,variable,answer,label,column,column_label,printed,figure\n"
    "p,,p,1,Yes,region:2,Region: South,30,w.p.1.respondents.region-2\n"
    "q,,q,1,'=Yes,region:1,Region: North,40,w.q.1.respondents.region-1\n"
    "q,,q,1,'=Yes,region:2,Region: South,[c],w.q.1.respondents.region-2\n"
    "q,,q,2,No,region:2,Region: South,60,w.q.2.respondents.region-2\n";

SheetCell words(const std::string& text) { return {.value = text}; }

// The sheet of the second table, with this in the row of the answer, in that below it, and beside.
Workbook book_with(const SheetCell& cell, const SheetCell& measure, const std::string& tests) {
  Sheet first{
      .name = "1 p",
      .rows = {{words("Answer"), words("Region: South")}, {words("=Yes"), {.value = 30.0}}}};
  Sheet second{.name = "2 q", .title = "Question"};
  second.rows = {
      {words("Back to the list of tables")},
      {words("Answer"), words("Shown"), words("Region: North (A)"), words("Region: South (B)"),
       words("Region: South (B): tests")},
      {words("=Yes"), words("%"), {.value = 40.0}, cell, words(tests)},
      {{}, words("n"), {.value = 20.0}, measure},
      {words("No"), words("%"), {.value = 60.0}, {.value = 60.0}},
  };
  return {.title = "T", .sheets = {{.name = "Cover"}, {.name = "Notes"}, first, second}};
}

struct CellCase {
  const char* name;
  SheetCell cell, measure;
  std::string tests;
  bool leaks;
};

TEST(WorkbookCheck, ANumberInAHiddenCellIsFoundInBothFormats) {
  const CellCase kCases[] = {
      {"hidden, as it should be", words("[c]"), words("[c]"), "", false},
      {"no cells at all", {}, {}, "", false},
      {"letters of the column's tests", words("[c]"), {}, "AC", false},
      {"a number", {.value = 12.0}, {}, "", true},
      {"a number as text", words("[12]"), {}, "", true},
      {"a count in its words", words("3 of 25"), {}, "", true},
      {"a further measure of it", words("[c]"), {.value = 3.0}, "", true},
      {"a number among its tests", words("[c]"), {}, "p 0.04", true},
  };
  for (const CellCase& one : kCases) {
    for (const bool ods : {false, true}) {
      const std::string file = ods ? "by-group-w.ods" : "by-group-w.xlsx";
      const Workbook book = book_with(one.cell, one.measure, one.tests);
      const auto bytes = ods ? ods_bytes(book) : workbook_bytes(book);
      ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
      BundleText bundle{.name = "b", .files = {{"ledger.json", kLedger}, {"by-group-w.csv", kCsv}}};
      bundle.files[file] = *bytes;
      const auto attack = attack_bundles({bundle}, {}, Progress());
      ASSERT_TRUE(attack.has_value()) << attack.error().message;
      bool told = false;
      for (const Leak& leak : attack->leaks) {
        if (leak.kind != LeakKind::kShown) continue;
        told = true;
        EXPECT_THAT(leak.text, HasSubstr(file));
        EXPECT_THAT(leak.text, HasSubstr("w.q.1.respondents.region-2"));
      }
      EXPECT_EQ(told, one.leaks) << one.name << " " << file << "\n" << report_text(*attack);
    }
  }
}

TEST(WorkbookCheck, WithoutItsCsvAWorkbookIsSaidNotToBeRead) {
  const auto bytes = ods_bytes(book_with(words("[c]"), {}, ""));
  BundleText bundle{.name = "b", .files = {{"ledger.json", kLedger}, {"by-group-w.ods", *bytes}}};
  const auto attack = attack_bundles({bundle}, {}, Progress());
  ASSERT_TRUE(attack.has_value()) << attack.error().message;
  EXPECT_THAT(report_text(*attack), HasSubstr("Not read: by-group-w.ods"));
}

}  // namespace
}  // namespace barometer

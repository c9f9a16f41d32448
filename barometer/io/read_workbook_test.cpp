// Workbooks read back: what we write, what other programs write, and what nobody should.
#include "barometer/io/read_workbook.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "barometer/io/workbook.h"
#include "barometer/io/zip_internal.h"

namespace barometer {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Rows = std::vector<std::vector<std::string>>;

Workbook example() {
  Sheet first{.name = "1 role", .title = "Role"};
  first.rows = {{{.value = std::string("Chair & officer")}, {.value = 63.5, .places = 1}},
                {{}, {.value = std::string("[c]")}, {.value = -2.0}},
                {{.value = std::string("=1+1")}, {.value = std::string("a  b")}}};
  Sheet second{.name = "2 é", .rows = {{{.value = std::string("x")}}}};
  return {.title = "T", .sheets = {first, second}};
}

TEST(ReadWorkbook, BothFormatsSayWhatWasWritten) {
  const Rows wanted = {{"Role"}, {"Chair & officer", "63.5"}, {"", "[c]", "-2"}, {"=1+1", "a  b"}};
  for (const auto& bytes : {workbook_bytes(example()), ods_bytes(example())}) {
    ASSERT_TRUE(bytes.has_value()) << bytes.error().message;
    const auto sheets = read_workbook(*bytes);
    ASSERT_TRUE(sheets.has_value()) << sheets.error().message;
    ASSERT_EQ(sheets->size(), 2U);
    EXPECT_EQ(sheets->at(0).name, "1 role");
    EXPECT_EQ(sheets->at(0).rows, wanted);
    EXPECT_EQ(sheets->at(1).name, "2 é");
    EXPECT_THAT(sheets->at(1).rows, ElementsAre(ElementsAre("x")));
  }
}

std::string ods_with(const std::string& table) {
  const std::string content =
      "<o:x xmlns:o=\"o\"><table:table table:name=\"t\">" + table + "</table:table></o:x>";
  return *zip_bytes(std::vector<ZipPart>{{.name = "content.xml", .bytes = content}});
}

std::string cell(const std::string& text, const std::string& attributes = "") {
  return "<table:table-cell" + attributes + "><text:p>" + text + "</text:p></table:table-cell>";
}

TEST(ReadWorkbook, CellsOfOpenDocumentAreCountedWithTheirRepeats) {
  const auto sheets = read_workbook(
      ods_with("<table:table-row><table:table-cell table:number-columns-repeated=\"2\"/>" +
               cell("a") + "<table:covered-table-cell/>" + cell("b<text:s text:c=\"2\"/>c") +
               "<table:table-cell table:number-columns-repeated=\"16379\"/></table:table-row>"
               "<table:table-row table:number-rows-repeated=\"3\">" +
               cell("1<text:span>2</text:span>", " table:number-columns-repeated=\"2\"") +
               "</table:table-row>"
               "<table:table-row table:number-rows-repeated=\"1048570\"><table:table-cell/>"
               "</table:table-row>"));
  ASSERT_TRUE(sheets.has_value()) << sheets.error().message;
  EXPECT_EQ(sheets->at(0).rows,
            (Rows{{"", "", "a", "", "b  c"}, {"12", "12"}, {"12", "12"}, {"12", "12"}, {}}));
}

// An .xlsx of one sheet, of these parts.
std::string xlsx_with(const std::string& sheet, const std::string& strings,
                      const std::string& target = "worksheets/sheet1.xml") {
  return *zip_bytes(std::vector<ZipPart>{
      {.name = "xl/workbook.xml",
       .bytes = "<workbook><sheets><sheet name=\"s\" r:id=\"r1\"/></sheets></workbook>"},
      {.name = "xl/_rels/workbook.xml.rels",
       .bytes = "<r><Relationship Id=\"r1\" Target=\"" + target + "\"/></r>"},
      {.name = "xl/sharedStrings.xml", .bytes = "<sst>" + strings + "</sst>"},
      {.name = "xl/worksheets/sheet1.xml", .bytes = "<worksheet>" + sheet + "</worksheet>"}});
}

TEST(ReadWorkbook, CellsOfExcelMayBeSharedRichInlineOrWithoutPlace) {
  for (const char* target : {"worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"}) {
    const auto sheets = read_workbook(xlsx_with(
        "<row><c r=\"B1\" t=\"s\"><v>1</v></c><c><v>2.5</v></c>"
        "<c t=\"inlineStr\"><is><t>in</t></is></c><c r=\"F1\"><f>1+1</f><v>2</v></c></row>"
        "<row/><row><c r=\"A3\" t=\"s\"><v>9</v></c></row>",
        "<si><t>no</t></si><si><r><t>ri</t></r><r><t>ch</t></r></si>", target));
    ASSERT_TRUE(sheets.has_value()) << sheets.error().message;
    EXPECT_EQ(sheets->at(0).rows, (Rows{{"", "rich", "2.5", "in", "", "2"}, {}, {"9"}}));
  }
}

TEST(ReadWorkbook, BytesThatAreNoWorkbookAreRefused) {
  const std::string sound = *workbook_bytes(example());
  std::string checksum = *zip_bytes(
      std::vector<ZipPart>{{.name = "content.xml", .bytes = "<a>1</a>", .deflated = false}});
  checksum[checksum.find("<a>1") + 3] = '2';
  const auto only = [](const std::string& name, const std::string& bytes) {
    return *zip_bytes(std::vector<ZipPart>{{.name = name, .bytes = bytes}});
  };
  const std::string kWrong[] = {"",
                                "PK",
                                "no archive at all",
                                sound.substr(0, sound.size() / 2),
                                sound.substr(sound.size() / 2),
                                checksum,
                                only("mimetype", "x"),
                                only("content.xml", ""),
                                only("content.xml", "<a>"),
                                only("content.xml", "<a>\xff</a>"),
                                only("xl/workbook.xml", "<a/>"),
                                xlsx_with("", "", "worksheets/none.xml"),
                                xlsx_with("", "", "../../../etc/passwd"),
                                xlsx_with("<row>", ""),
                                xlsx_with("", "<si>")};
  for (const std::string& wrong : kWrong) {
    const auto sheets = read_workbook(wrong);
    ASSERT_FALSE(sheets.has_value()) << wrong.substr(0, 40);
    EXPECT_EQ(sheets.error().code, ErrorCode::kInvalid) << sheets.error().message;
  }
}

TEST(ReadWorkbook, ASheetIsReadOnceHoweverOftenItIsListed) {
  const auto twice = zip_bytes(
      std::vector<ZipPart>{{.name = "xl/workbook.xml",
                            .bytes = "<w><sheet name=\"a\" r:id=\"1\"/>"
                                     "<sheet name=\"b\" r:id=\"1\"/></w>"},
                           {.name = "xl/_rels/workbook.xml.rels",
                            .bytes = "<r><Relationship Id=\"1\" Target=\"worksheets/s.xml\"/></r>"},
                           {.name = "xl/worksheets/s.xml", .bytes = "<worksheet/>"}});
  const auto sheets = read_workbook(*twice);
  ASSERT_FALSE(sheets.has_value());
  EXPECT_THAT(sheets.error().message, HasSubstr("two sheets of the workbook are one part"));
}

// Each of a few hundred bytes, or little more, that asks for more than its limits.
TEST(ReadWorkbook, BombsAreRefusedBeforeTheyCostMemory) {
  const std::string zeros(size_t{8} << 20, '0');
  const std::string row = "<table:table-row table:number-rows-repeated=\"1048576\">" +
                          cell("x", " table:number-columns-repeated=\"16384\"") +
                          "</table:table-row>";
  std::string far;
  for (int i = 0; i < 500; ++i) far += "<row><c r=\"XFD1\"><v>1</v></c></row>";
  std::string shared;
  for (int i = 0; i < 2000; ++i) shared += "<row><c t=\"s\"><v>0</v></c></row>";
  std::string empty_strings;
  for (int i = 0; i < 200'000; ++i) empty_strings += "<si/>";
  std::vector<ZipPart> many;
  for (int i = 0; i < 200; ++i) many.push_back({.name = std::to_string(i), .bytes = ""});
  const std::string kBombs[] = {
      *zip_bytes(std::vector<ZipPart>{{.name = "content.xml", .bytes = "<a>" + zeros + "</a>"}}),
      ods_with(row),
      xlsx_with(far, ""),
      xlsx_with(shared, "<si><t>" + zeros.substr(0, 1 << 14) + "</t></si>"),
      xlsx_with("", empty_strings),
      *zip_bytes(many),
  };
  const WorkbookLimits limits{.unpacked_bytes = size_t{4} << 20, .members = 100, .cells = 100'000};
  for (const std::string& bomb : kBombs) {
    const auto sheets = read_workbook(bomb, limits);
    ASSERT_FALSE(sheets.has_value()) << bomb.size();
    EXPECT_EQ(sheets.error().code, ErrorCode::kLimit) << sheets.error().message;
  }
}

}  // namespace
}  // namespace barometer

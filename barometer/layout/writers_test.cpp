// The formats: golden files of one book, labels that try to be more than text, and numbers read
// back from what was written.
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <map>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "barometer/base/csv.h"
#include "barometer/base/text.h"
#include "barometer/layout/display_internal.h"
#include "barometer/layout/example_test_internal.h"
#include "barometer/layout/printed_book.h"
#include "barometer/layout/writers_internal.h"
#include "tests/support/golden.h"
#include "tests/support/temp_folder.h"

namespace barometer {
namespace {

using testing::book_of;
using testing::column_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::matches_golden;
using testing::mean_cell;
using ::testing::Not;
using testing::row_of;
using testing::share_cell;
using testing::total_column;
using testing::trust_table;
using Json = nlohmann::json;

const std::filesystem::path kGolden = SOURCE_DIR "/barometer/layout/golden";

// Region, and size within region: bases from 0 to 130.
BookTable nested_table() {
  BookTable table = trust_table();
  table.id = "trust@w2";
  table.weight = "w2";
  table.tests.clear();
  table.columns = {total_column(300),
                   column_of(0, {1, 1}, {"North", "Large organisations"}, "A", 130),
                   column_of(0, {1, 2}, {"North", "Small"}, "B", 90),
                   column_of(0, {2, 1}, {"South", "Large organisations"}, "C", 45),
                   column_of(0, {2, 2}, {"South", "Small"}, "D", 26),
                   column_of(0, {3, 1}, {"East", "Small"}, "E", 9),
                   column_of(0, {3, 2}, {"East", "Large organisations"}, "F", 0)};
  table.rows = {row_of(RowKind::kCategory, "1", "A great deal", {1}),
                row_of(RowKind::kCategory, "2", "Somewhat, or as far as the last plan went", {2}),
                row_of(RowKind::kMean, "mean", "Mean", {})};
  table.rows[0].rank = 2;
  table.rows[1].rank = 1;
  table.cells.clear();
  for (const BookColumn& column : table.columns) {
    table.cells.push_back(share_cell(std::floor(column.n / 3), column.n));
  }
  for (const BookColumn& column : table.columns) {
    table.cells.push_back(share_cell(column.n - std::floor(column.n / 3), column.n));
  }
  for (const BookColumn& column : table.columns) {
    table.cells.push_back(column.n > 0 ? mean_cell(1.625, column.n) : BookCell());
  }
  table.at(0, 1).above = {2, 3};
  table.at(1, 3).above_second = {1};
  table.at(2, 2).arrow = Arrow::kUp;
  return table;
}

Book example() {
  Book book = book_of({trust_table(), nested_table()});
  book.plan.banner[0].variables = {"region", "size"};
  book.plan.significance.levels = {0.05, 0.10};
  book.plan.measures = {Measure::kPercent, Measure::kCount, Measure::kInterval, Measure::kLetters};
  return book;
}

const std::array<const char*, 12> kHostile = {
    "=cmd|'/c calc'!A1",
    "<script>alert(1)</script>",
    "two\nlines",
    "50% of {all} & $x_1^2$ ~ #",
    "a|b \\ `c` *d* [e](f)",
    "+44 @home -1",
    "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D \xE2\x80\xAE override",
    "\xF0\x9F\x98\x80 emoji",
    "quote \" and ' and ,",
    "]]> --> &amp; <!--",
    "\\input{secret} \\end{document}",
    "\x1b]0;title\x07 bell",
};

Book hostile_book() {
  Book book = example();
  size_t next = 0;
  const auto label = [&] { return std::string(kHostile[next++ % kHostile.size()]); };
  book.plan.title = label();
  book.plan.banner[0].title = label();
  for (BookTable& table : book.tables) {
    table.title = label();
    table.question = label();
    table.base_text = label();
    for (BookColumn& column : table.columns) {
      for (std::string& text : column.labels) text = label();
    }
    for (BookRow& row : table.rows) row.label = label();
    table.notes = {label(), label()};
  }
  book.tables[0].rows[1].label = std::string(700, 'x') + " " + std::string(300, 'y');
  return book;
}

std::string output_of(const std::string& command, int* status = nullptr) {
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) out += static_cast<char>(c);
  const int code = ::pclose(pipe);
  if (status != nullptr) *status = code;
  return out;
}

// The text of one part of a zip file.
std::string part_of(const std::string& bytes, const std::string& part) {
  testing::TempFolder folder;
  const auto file = folder.write("book.zip", bytes);
  int status = 0;
  std::string text = output_of("unzip -p '" + file.string() + "' " + part, &status);
  EXPECT_EQ(status, 0) << part;
  return text;
}

// As xmllint sees it; empty when it is well-formed.
std::string xml_faults(const std::string& xml) {
  testing::TempFolder folder;
  const auto file = folder.write("part.xml", xml);
  return output_of("xmllint --noout '" + file.string() + "' 2>&1");
}

TEST(Writers, GiveTheirGoldenFiles) {
  const Book book = example();
  const PrintedBook printed = print_book(book, "leaders.sav");
  EXPECT_TRUE(matches_golden(kGolden / "book.txt", text_of(printed, {.width = 80})));
  EXPECT_TRUE(matches_golden(kGolden / "wide.txt", text_of(printed, {.width = 200})));
  EXPECT_TRUE(matches_golden(kGolden / "book.md", markdown_of(printed)));
  EXPECT_TRUE(matches_golden(kGolden / "book.tex", latex_of(printed)));
  EXPECT_TRUE(matches_golden(kGolden / "book.html", html_of(printed)));
  EXPECT_TRUE(matches_golden(kGolden / "book.csv", csv_of(printed, book)));
  EXPECT_TRUE(matches_golden(kGolden / "book.json", json_of(printed, book)));
}

TEST(Writers, WorkbooksHaveTheirGoldenSheets) {
  const PrintedBook printed = print_book(example(), "leaders.sav");
  const auto xlsx = xlsx_of(printed);
  ASSERT_TRUE(xlsx) << xlsx.error().message;
  EXPECT_TRUE(matches_golden(kGolden / "sheet3.xml", part_of(*xlsx, "xl/worksheets/sheet3.xml")));
  EXPECT_TRUE(matches_golden(kGolden / "strings.xml", part_of(*xlsx, "xl/sharedStrings.xml")));
  const auto ods = ods_of(printed);
  ASSERT_TRUE(ods) << ods.error().message;
  EXPECT_TRUE(matches_golden(kGolden / "content.xml", part_of(*ods, "content.xml")));
}

TEST(Writers, GiveTheSameBytesTwice) {
  const PrintedBook printed = print_book(example(), "leaders.sav");
  EXPECT_EQ(*xlsx_of(printed), *xlsx_of(printed));
  EXPECT_EQ(*ods_of(printed), *ods_of(printed));
}

// ---- text

std::vector<std::string> lines_of(const std::string& text) { return split(text, '\n'); }

TEST(TextWriter, KeepsToTheWidthWhateverTheLabels) {
  for (const size_t width : {40U, 60U, 80U, 133U}) {
    for (const Book& book : {example(), hostile_book()}) {
      for (const std::string& line : lines_of(text_of(print_book(book, "x"), {.width = width}))) {
        EXPECT_LE(display_width(line), width) << line;
      }
    }
  }
}

TEST(TextWriter, ControlsOfATerminalComeFromNoLabel) {
  const std::string plain = text_of(print_book(hostile_book(), "x"), {});
  for (const char c : plain) EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 || c == '\n');
  EXPECT_THAT(plain, Not(HasSubstr("\xE2\x80\xAE")));
}

TEST(TextWriter, ColoursOnlyWhenAskedAndWithoutMovingAnything) {
  const PrintedBook book = print_book(example(), "x");
  const std::string plain = text_of(book, {});
  std::string coloured = text_of(book, {.colours = true});
  EXPECT_THAT(coloured, HasSubstr("\x1b[32m"));
  for (const char* code : {"\x1b[32m", "\x1b[31m", "\x1b[2m", "\x1b[1m", "\x1b[0m"}) {
    coloured = replaced(coloured, code, "");
  }
  // Blanks at line ends may stay within a colour.
  std::string trimmed_lines;
  for (std::string line : lines_of(coloured)) {
    line.resize(line.find_last_not_of(' ') + 1);
    trimmed_lines += line + "\n";
  }
  EXPECT_EQ(trimmed_lines, plain + "\n");
}

TEST(TextWriter, CutsWideTablesIntoBlocksThatHoldEveryColumnOnce) {
  const std::string text = text_of(print_book(example(), "x"), {.width = 50});
  for (const char* letter : {"(A)", "(B)", "(C)", "(D)", "(E)", "(F)"}) {
    size_t count = 0;
    for (size_t at = text.find(letter); at != std::string::npos; at = text.find(letter, at + 1)) {
      ++count;
    }
    EXPECT_EQ(count, letter[1] <= 'B' ? 2U : 1U) << letter;  // two tables have an A and a B
  }
}

// ---- spans

TEST(Headings, SpanTheColumnsThatShareThem) {
  const PrintedTable table = print_book(example(), "x").tables[1];
  std::vector<std::string> spans;
  for (const HeadingSpan& span : heading_spans(table, {0, table.columns.size()})) {
    spans.push_back(fmt::format("{} {}-{} at {}+{}", span.text, span.first, span.last, span.level,
                                span.levels));
  }
  EXPECT_THAT(spans, ElementsAre("Total 0-1 at 0+3", "Region 1-7 at 0+1", "North 1-3 at 1+1",
                                 "Large organisations (A) 1-2 at 2+1", "Small (B) 2-3 at 2+1",
                                 "South 3-5 at 1+1", "Large organisations (C) 3-4 at 2+1",
                                 "Small (D) 4-5 at 2+1", "East 5-7 at 1+1", "Small (E) 5-6 at 2+1",
                                 "Large organisations (F) 6-7 at 2+1"));
}

// ---- hostile labels

TEST(HtmlWriter, LabelsAreTextAndThePageIsWellFormed) {
  const std::string page = html_of(print_book(hostile_book(), "<b>x</b>"));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("<b>")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;"));
  testing::TempFolder folder;
  const auto file = folder.write("page.html", page);
  // HTML 4's parser does not know nav, main and section; anything else is a fault of ours.
  const std::string faults = output_of("xmllint --html --noout '" + file.string() +
                                       "' 2>&1 | grep error | grep -v -E "
                                       "'Tag (nav|main|section) invalid'");
  EXPECT_EQ(faults, "");
}

TEST(HtmlWriter, APageOfABundleLinksBack) {
  const PrintedBook book = print_book(book_of({trust_table()}), "");
  EXPECT_THAT(html_of(book, {"index.html", "Back to the <results>"}),
              HasSubstr("<main><p><a href=\"index.html\">Back to the &lt;results&gt;</a></p><h1>"));
  EXPECT_THAT(html_of(book), HasSubstr("<main><h1>"));
}

// A column of letters beside each column that is tested, though it holds none.
TEST(WorkbookWriters, EveryTestedColumnHasItsColumnOfTests) {
  BookTable table = trust_table();
  table.at(0, 1).above.clear();
  table.at(3, 2).above.clear();
  const PrintedTable printed = print_book(book_of({table}), "").tables[0];
  std::vector<bool> tested;
  for (const PrintedColumn& column : printed.columns) tested.push_back(column.tested);
  EXPECT_THAT(tested, ElementsAre(false, true, true));
  Book untested = book_of({table});
  untested.plan.significance.on = false;
  const PrintedBook plain = print_book(untested, "");
  for (const PrintedColumn& column : plain.tables[0].columns) EXPECT_FALSE(column.tested);
}

TEST(HtmlWriter, EveryTableHasACaptionAndEveryHeadingAScope) {
  const std::string page = html_of(print_book(example(), "x"));
  EXPECT_THAT(page, HasSubstr("<caption>trust: Trust in the new plans</caption>"));
  EXPECT_THAT(page, HasSubstr("<th scope=\"colgroup\" colspan=\"6\">Region</th>"));
  EXPECT_THAT(page, HasSubstr("<a href=\"#table-trust\">"));
  EXPECT_THAT(page, HasSubstr("<section id=\"table-trust\">"));
  for (size_t at = page.find("<th"); at != std::string::npos; at = page.find("<th", at + 1)) {
    if (page.substr(at, 6) == "<thead") continue;
    EXPECT_EQ(page.substr(at, 10), "<th scope=") << page.substr(at, 40);
  }
}

TEST(MarkdownWriter, LabelsEndNoCellAndStartNoMarkup) {
  const std::string text = markdown_of(print_book(hostile_book(), "x"));
  EXPECT_THAT(text, Not(HasSubstr("<script")));
  EXPECT_THAT(text, HasSubstr("a\\|b \\\\ \\`c\\` \\*d\\* \\[e\\](f)"));
  // Rows of one table have as many cells.
  size_t bars = 0;
  for (const std::string& line : lines_of(text)) {
    if (!line.starts_with("|")) {
      bars = 0;
      continue;
    }
    size_t count = 0;
    for (size_t at = 0; at < line.size(); ++at) {
      if (line[at] == '\\') {
        ++at;
      } else if (line[at] == '|') {
        ++count;
      }
    }
    if (bars == 0) bars = count;
    EXPECT_EQ(count, bars) << line;
  }
}

// What TeX would see: groups that close, environments that nest, cells as many as columns.
TEST(LatexWriter, LabelsAreTextAndGroupsClose) {
  const std::string text = latex_of(print_book(hostile_book(), "x"));
  EXPECT_THAT(text, Not(HasSubstr("\\input{secret}")));
  EXPECT_THAT(text, HasSubstr("50\\% of \\{all\\} \\& \\$x\\_1\\textasciicircum{}2\\$"));
  const size_t first = text.find("\\end{document}");
  EXPECT_EQ(first, text.rfind("\\end{document}"));
  EXPECT_EQ(first, text.size() - 15);
  int depth = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;
    } else if (text[at] == '{') {
      ++depth;
    } else if (text[at] == '}') {
      ASSERT_GE(--depth, 0) << text.substr(at, 60);
    }
  }
  EXPECT_EQ(depth, 0);
}

// Compiled where LaTeX is installed, which no test asks for.
TEST(LatexWriter, CompilesWhereThereIsACompiler) {
  if (std::system("command -v pdflatex >/dev/null 2>&1") != 0) return;
  testing::TempFolder folder;
  folder.write("book.tex", latex_of(print_book(hostile_book(), "x")));
  int status = 0;
  const std::string log = output_of("cd '" + folder.path().string() +
                                        "' && pdflatex -interaction=nonstopmode -halt-on-error "
                                        "book.tex 2>&1",
                                    &status);
  EXPECT_EQ(status, 0) << log;
}

TEST(WorkbookWriters, HostileLabelsStayTextInBoth) {
  const PrintedBook printed = print_book(hostile_book(), "x");
  const auto xlsx = xlsx_of(printed);
  ASSERT_TRUE(xlsx) << xlsx.error().message;
  EXPECT_THAT(part_of(*xlsx, "xl/worksheets/sheet3.xml"), Not(HasSubstr("<f>")));
  const auto ods = ods_of(printed);
  ASSERT_TRUE(ods) << ods.error().message;
  const std::string content = part_of(*ods, "content.xml");
  EXPECT_THAT(content, Not(HasSubstr("table:formula")));
  EXPECT_EQ(xml_faults(content), "");
}

// ---- read back

// The cells of a sheet by name ("B7"), numbers as they are written and texts looked up.
std::map<std::string, std::string> cells_of(const std::string& xlsx, const std::string& sheet) {
  std::vector<std::string> strings;
  const std::string shared = part_of(xlsx, "xl/sharedStrings.xml");
  for (size_t at = shared.find("<t"); at != std::string::npos; at = shared.find("<t", at + 1)) {
    const size_t from = shared.find('>', at) + 1;
    strings.push_back(shared.substr(from, shared.find("</t>", from) - from));
  }
  std::map<std::string, std::string> cells;
  const std::string xml = part_of(xlsx, sheet);
  for (size_t at = xml.find("<c r=\""); at != std::string::npos; at = xml.find("<c r=\"", at + 1)) {
    const std::string head = xml.substr(at, xml.find('>', at) - at);
    const std::string name = head.substr(6, head.find('"', 6) - 6);
    const size_t from = xml.find("<v>", at) + 3;
    const std::string value = xml.substr(from, xml.find("</v>", from) - from);
    cells[name] = head.find("t=\"s\"") == std::string::npos ? value : strings.at(std::stoul(value));
  }
  return cells;
}

TEST(XlsxWriter, ReadsBackAsItWasPrinted) {
  const PrintedBook printed = print_book(example(), "leaders.sav");
  const auto bytes = xlsx_of(printed);
  ASSERT_TRUE(bytes);
  const auto cells = cells_of(*bytes, "xl/worksheets/sheet3.xml");
  const PrintedTable& table = printed.tables[0];
  EXPECT_EQ(cells.at("A1"), "trust: Trust in the new plans");
  size_t row = 1;
  while (!cells.contains("A" + std::to_string(row)) ||
         cells.at("A" + std::to_string(row)) != "Answer") {
    ASSERT_LT(++row, 30U);
  }
  EXPECT_EQ(cells.at("C" + std::to_string(row)), "Total");
  EXPECT_EQ(cells.at("D" + std::to_string(row)), "Region: North (A)");
  EXPECT_EQ(cells.at("E" + std::to_string(row)), "Region: North (A): tests");
  size_t compared = 0;
  for (const PrintedRow& printed_row : table.rows) {
    ++row;
    const std::array<std::pair<const char*, size_t>, 3> columns = {{{"C", 0}, {"D", 1}, {"F", 2}}};
    for (const auto& [column, c] : columns) {
      const std::string& text = printed_row.cells[c].text;
      const std::string& cell = cells.at(column + std::to_string(row));
      const auto number = parse_decimal(text);
      if (number) {
        EXPECT_EQ(std::stod(cell), number->value());
      } else {
        EXPECT_EQ(cell, text);
      }
      ++compared;
    }
  }
  EXPECT_EQ(compared, table.rows.size() * 3);
  const auto cover = cells_of(*bytes, "xl/worksheets/sheet1.xml");
  EXPECT_EQ(cover.at("A1"), "Leaders, spring");
  EXPECT_THAT(part_of(*bytes, "xl/worksheets/sheet1.xml"), HasSubstr("'1 trust'!A1"));
}

TEST(OdsWriter, IsTheTypeItSaysWithEveryPartItLists) {
  const auto bytes = ods_of(print_book(example(), "leaders.sav"));
  ASSERT_TRUE(bytes);
  // The first member, stored, is the type, at its place for programs that look at bytes only.
  EXPECT_EQ(bytes->substr(30, 54), "mimetypeapplication/vnd.oasis.opendocument.spreadsheet");
  const std::string manifest = part_of(*bytes, "META-INF/manifest.xml");
  for (const char* part : {"content.xml", "meta.xml", "settings.xml"}) {
    EXPECT_THAT(manifest, HasSubstr(fmt::format("full-path=\"{}\"", part)));
    EXPECT_EQ(xml_faults(part_of(*bytes, part)), "") << part;
  }
  EXPECT_EQ(xml_faults(manifest), "");
}

TEST(CsvWriter, ParsedBackEqualsTheJson) {
  for (const Book& book : {example(), hostile_book()}) {
    const PrintedBook printed = print_book(book, "leaders.sav");
    const Json json = Json::parse(json_of(printed, book));
    Diagnostics problems;
    const CsvTable csv = CsvTable::parse(csv_of(printed, book), "book.csv", problems);
    ASSERT_TRUE(problems.ok()) << problems.text();
    size_t row = 0;
    for (const Json& table : json["tables"]) {
      for (const Json& line : table["rows"]) {
        for (const Json& cell : line["cells"]) {
          ASSERT_LT(row, csv.row_count());
          const auto text = [&](const char* column) {
            const std::string value = csv.cell(row, column).text;
            return value.starts_with('\'') ? value.substr(1) : value;
          };
          EXPECT_EQ(text("table"), table["id"].get<std::string>());
          EXPECT_EQ(text("answer"), line["answer"].get<std::string>());
          EXPECT_EQ(text("column"), cell["column"].get<std::string>());
          EXPECT_EQ(text("printed"), cell["printed"].get<std::string>());
          EXPECT_EQ(text("marker"), cell["marker"].get<std::string>());
          for (const char* number : {"value", "se", "lower", "upper", "df", "n", "count",
                                     "weighted_count", "weighted_base", "effective_base"}) {
            const bool none = !cell.contains(number) || cell[number].is_null();
            if (none) {
              EXPECT_EQ(text(number), "") << number;
            } else {
              EXPECT_EQ(std::stod(text(number)), cell[number].get<double>()) << number;
            }
          }
          ++row;
        }
      }
    }
    EXPECT_EQ(row, csv.row_count());
  }
}

TEST(CsvWriter, NoCellIsAFormula) {
  const Book book = hostile_book();
  Diagnostics problems;
  const CsvTable csv = CsvTable::parse(csv_of(print_book(book, "x"), book), "book.csv", problems);
  for (size_t row = 0; row < csv.row_count(); ++row) {
    for (const CsvCell& cell : csv.row(row)) {
      if (cell.text.empty() ||
          std::string_view("=+-@\t\r").find(cell.text[0]) == std::string_view::npos) {
        continue;
      }
      EXPECT_TRUE(parse_decimal(cell.text)) << cell.text;
    }
  }
}

}  // namespace
}  // namespace barometer

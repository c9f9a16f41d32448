// Workbooks of a bundle against its ledger: their cells name no figure, but the CSV files of the
// same tables do.
#include <algorithm>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "barometer/attack/files_internal.h"
#include "barometer/base/csv.h"
#include "barometer/base/text.h"
#include "barometer/io/read_workbook.h"

namespace barometer {
namespace {

// A row of tables/SECTION.csv.
struct Row {
  std::string statement, answer, unit, figure;
};

std::vector<Row> rows_of(const BundleText& bundle, const std::string& section) {
  std::vector<Row> out;
  const auto found = bundle.files.find("tables/" + section + ".csv");
  if (found == bundle.files.end()) return out;
  Diagnostics ignored;
  const CsvTable table = CsvTable::parse(found->second, found->first, ignored);
  for (size_t row = 0; row < table.row_count(); ++row) {
    out.push_back({table.cell(row, "statement").text, table.cell(row, "answer").text,
                   table.cell(row, "unit").text, table.cell(row, "figure").text});
  }
  return out;
}

// The tab's name is cut at 31 letters.
std::string section_named(const BundleText& bundle, const std::string& tab) {
  for (const auto& [name, bytes] : bundle.files) {
    if (!name.starts_with("tables/") || !name.ends_with(".csv")) continue;
    const std::string section = name.substr(7, name.size() - 11);
    if (section == tab || (tab.size() >= 28 && section.starts_with(tab))) return section;
  }
  return {};
}

// Columns are: question, answer, then for each unit what is printed, its interval, its base.
void check_sheet(const std::string& file, const SheetText& sheet, const std::vector<Row>& rows,
                 const LedgerView& ledger, FileFindings& out) {
  constexpr std::string_view kUnits[] = {"respondents", "organisations",
                                         "organisations by population"};
  std::set<std::string> statements;
  for (const Row& row : rows) statements.insert(row.statement);
  for (const auto& cells : sheet.rows) {
    for (const Row& row : rows) {
      const bool same = cells.size() > 2 && cells[1] == row.answer &&
                        (statements.size() == 1 || cells[0] == row.statement);
      if (!same || !ledger.is_hidden(row.figure)) continue;
      const auto* const unit = std::ranges::find(kUnits, row.unit);
      const size_t first = 2 + 3 * static_cast<size_t>(unit - std::begin(kUnits));
      for (size_t i = first; i < std::min(first + 2, cells.size()); ++i) {
        if (holds_digit(cells[i])) {
          out.shown.push_back(
              {file, row.figure, fmt::format("a number in the sheet '{}'", printable(sheet.name))});
        }
      }
    }
  }
}

// ---- by-group-WAVE.xlsx and .ods: a table a sheet, as layout writes them

// A cell of by-group-WAVE.csv that is suppressed.
struct HiddenCell {
  std::string label, column, figure;
};

// As a workbook has them: without the apostrophe that keeps a spreadsheet from taking a CSV cell
// for a formula.
std::string words_of(const CsvCell& cell) {
  const std::string_view text = trimmed(cell.text);
  return std::string(text.starts_with('\'') ? text.substr(1) : text);
}

// Of the tables of the file in their order, which is that of the sheets.
std::vector<std::vector<HiddenCell>> hidden_cells(const CsvTable& table, const LedgerView& ledger) {
  std::vector<std::vector<HiddenCell>> out;
  std::string id, weight;
  for (size_t row = 0; row < table.row_count(); ++row) {
    const std::string& table_id = table.cell(row, "table").text;
    const std::string& table_weight = table.cell(row, "weight").text;
    if (out.empty() || table_id != id || table_weight != weight) out.emplace_back();
    id = table_id;
    weight = table_weight;
    const std::string& figure = table.cell(row, "figure").text;
    if (!ledger.is_hidden(figure)) continue;
    out.back().push_back(
        {words_of(table.cell(row, "label")), words_of(table.cell(row, "column_label")), figure});
  }
  return out;
}

// "3 leave_self": the third table.
size_t number_of_sheet(const std::string& name) {
  size_t number = 0;
  const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), number);
  const bool numbered = problem == std::errc() && end != name.data() + name.size() && *end == ' ';
  return numbered ? number : 0;
}

// "Region: North (B)" and "Region: North (B): tests" are of the column "Region: North".
bool is_of_column(std::string_view heading, std::string_view column) {
  return heading == column || heading.starts_with(std::string(column) + " (");
}

// Rows of an answer are its own, and those below it without a label: further measures.
void check_grouped_sheet(const std::string& file, const SheetText& sheet,
                         const std::vector<HiddenCell>& hidden, FileFindings& out) {
  const auto headings = std::ranges::find_if(
      sheet.rows, [](const auto& row) { return row.size() > 1 && row[0] == "Answer"; });
  if (headings == sheet.rows.end()) return;
  std::string label;
  for (auto row = headings + 1; row != sheet.rows.end(); ++row) {
    const std::string_view said = row->empty() ? std::string_view() : trimmed(row->front());
    if (!said.empty()) label = said;
    for (const HiddenCell& cell : hidden) {
      if (cell.label != label) continue;
      for (size_t c = 1; c < std::min(row->size(), headings->size()); ++c) {
        if (!is_of_column((*headings)[c], cell.column) || !holds_digit((*row)[c])) continue;
        out.shown.push_back(
            {file, cell.figure, fmt::format("a number in the sheet '{}'", printable(sheet.name))});
      }
    }
  }
}

void check_grouped_book(const BundleText& bundle, const std::string& name,
                        const std::vector<SheetText>& sheets, const LedgerView& ledger,
                        FileFindings& out) {
  const std::string csv = name.substr(0, name.rfind('.')) + ".csv";
  const auto file = bundle.files.find(csv);
  if (file == bundle.files.end()) {
    out.problems.push_back(fmt::format("{}: there is no '{}' that names its figures", name, csv));
    return;
  }
  Diagnostics ignored;
  const auto tables = hidden_cells(CsvTable::parse(file->second, csv, ignored), ledger);
  for (const SheetText& sheet : sheets) {
    const size_t number = number_of_sheet(sheet.name);
    if (number == 0 || number > tables.size()) continue;
    check_grouped_sheet(name, sheet, tables[number - 1], out);
  }
}

}  // namespace

void check_workbook(const BundleText& bundle, const std::string& name, const LedgerView& ledger,
                    FileFindings& out) {
  const auto sheets = read_workbook(bundle.files.at(name));
  if (!sheets) {
    out.problems.push_back(fmt::format("{}: {}", name, sheets.error().message));
    return;
  }
  for (const SheetText& sheet : *sheets) {
    const std::string section = section_named(bundle, sheet.name);
    if (!section.empty()) check_sheet(name, sheet, rows_of(bundle, section), ledger, out);
    std::string all;
    for (const auto& row : sheet.rows) all += join(row, "\n") + "\n";
    check_bases(name + ", sheet " + sheet.name, all, ledger, out);
  }
  if (name.starts_with("by-group-")) check_grouped_book(bundle, name, *sheets, ledger, out);
}

}  // namespace barometer

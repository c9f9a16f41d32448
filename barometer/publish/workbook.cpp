// The tables as a workbook: cover with contents, notes, then one sheet a section.
#include <fmt/format.h>

#include "barometer/io/workbook.h"
#include "barometer/publish/tables.h"

namespace barometer {
namespace {

SheetCell words(std::string text, CellStyle style = CellStyle::kText) {
  SheetCell cell;
  cell.value = std::move(text);
  cell.style = style;
  return cell;
}

// What a reader sees: a number where a plain number is printed, the symbol or text elsewhere.
SheetCell printed_cell(const Cell* cell) {
  if (cell == nullptr) return words(std::string(symbol_of(Marker::kNotAvailable)));
  const auto number = parse_decimal(cell->printed.text);
  if (cell->printed.marker != Marker::kNone || !number) return words(cell->printed.text);
  SheetCell out;
  out.value = number->value();
  out.places = number->places;
  return out;
}

struct Column {
  std::string heading;
  const std::vector<Cell> ItemTable::* cells;
  Unit unit;
};

std::vector<Column> columns_of(const Study& study, const Section& section) {
  const ItemTable& table = *section.items.front();
  std::vector<Column> columns = {
      {study.respondent_word, &ItemTable::respondents, Unit::kRespondent}};
  if (!table.organisations.empty()) {
    columns.push_back({study.organisation_word, &ItemTable::organisations, Unit::kOrganisation});
  }
  if (!table.organisations_by_size.empty()) {
    columns.push_back({study.organisation_word + ", by population",
                       &ItemTable::organisations_by_size, Unit::kOrganisationBySize});
  }
  return columns;
}

const Cell* find(const std::vector<Cell>& cells, const std::string& answer) {
  for (const Cell& cell : cells) {
    if (cell.answer == answer) return &cell;
  }
  return nullptr;
}

std::vector<SheetCell> table_row(const Study& study, const Section& section, const ItemTable& table,
                                 const Section::Answer& answer) {
  std::vector<SheetCell> row = {
      words(section.battery ? table.item.text : table.item.label, CellStyle::kLabel),
      words(answer.label)};
  for (const Column& column : columns_of(study, section)) {
    const Cell* cell = find(table.*column.cells, answer.key);
    row.push_back(printed_cell(cell));
    row.push_back(words(cell == nullptr ? "" : interval_text(*cell, study.print)));
    row.push_back(words(base_note(table, column.unit)));
  }
  return row;
}

Sheet section_sheet(const Study& study, const WavePage& page, const Section& section) {
  Sheet sheet;
  sheet.name = section.id;
  sheet.title = fmt::format("{}: {}", page.wave->title, section.title);
  sheet.rows.push_back({words(section.question)});
  sheet.rows.push_back({words(fmt::format("Base: {}. {}", section.items.front()->item.base_text,
                                          page.wave->weighting_text))});
  if (page.wave->reconstruction)
    sheet.rows.push_back({words(kReconstructionNotice, CellStyle::kStrong)});
  std::vector<SheetCell> header = {words("Question", CellStyle::kHeader),
                                   words("Answer", CellStyle::kHeader)};
  for (const Column& column : columns_of(study, section)) {
    header.push_back(words(column.heading, CellStyle::kHeader));
    header.push_back(words(fmt::format("{}% interval", round(study.print.level * 100, 0).text()),
                           CellStyle::kHeader));
    header.push_back(words("Base", CellStyle::kHeader));
  }
  sheet.rows.push_back(std::move(header));
  sheet.frozen_rows = sheet.rows.size();
  for (const ItemTable* table : section.items) {
    for (const Section::Answer& answer : section.answers) {
      const Cell* cell = find(table->respondents, answer.key);
      if (cell == nullptr || cell->printed.marker == Marker::kNotAvailable) continue;
      sheet.rows.push_back(table_row(study, section, *table, answer));
    }
  }
  for (const ItemTable* table : section.items) {
    for (const std::string& note : table->notes)
      sheet.rows.push_back({words(note, CellStyle::kNote)});
  }
  sheet.widths = {60, 30, 12, 14, 14, 14, 14, 14, 14};
  return sheet;
}

Sheet cover(const Study& study, const std::vector<WavePage>& pages) {
  Sheet sheet;
  sheet.name = "Cover";
  sheet.title = study.title;
  sheet.rows.push_back({words(study.population_text)});
  sheet.rows.push_back({words(
      fmt::format("{}. One table a sheet; every figure is in ledger.csv with its standard error, "
                  "base and method.",
                  rounding_text(study.print)))});
  for (const WavePage& page : pages) {
    sheet.rows.push_back({words(page.wave->title, CellStyle::kStrong)});
    if (page.wave->reconstruction) sheet.rows.push_back({words(kReconstructionNotice)});
    for (const Section& section : page.sections) {
      SheetCell entry = words(section.title);
      entry.link = section.id;
      sheet.rows.push_back({std::move(entry)});
    }
  }
  sheet.widths = {100};
  return sheet;
}

Sheet notes(const std::vector<WavePage>& pages) {
  Sheet sheet;
  sheet.name = "Notes";
  sheet.title = "How the surveys were done, and symbols";
  sheet.rows.push_back({words("Wave", CellStyle::kHeader), words("Subject", CellStyle::kHeader),
                        words("Statement", CellStyle::kHeader)});
  sheet.frozen_rows = 1;
  for (const WavePage& page : pages) {
    for (const MethodItem& item : page.method) {
      sheet.rows.push_back(
          {words(page.wave->id, CellStyle::kLabel), words(item.heading), words(item.text)});
    }
  }
  for (const auto& [symbol, meaning] : symbols_key()) {
    sheet.rows.push_back({words("Symbols", CellStyle::kLabel), words(symbol), words(meaning)});
  }
  sheet.widths = {14, 22, 110};
  return sheet;
}

}  // namespace

Result<std::string> workbook_of(const Study& study, const std::vector<WavePage>& pages) {
  Workbook book;
  book.title = study.title;
  book.author = study.conducted_by;
  book.subject = study.series;
  book.sheets.push_back(cover(study, pages));
  book.sheets.push_back(notes(pages));
  for (const WavePage& page : pages) {
    for (const Section& section : page.sections) {
      book.sheets.push_back(section_sheet(study, page, section));
    }
  }
  return workbook_bytes(book);
}

}  // namespace barometer

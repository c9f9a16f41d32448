#include "barometer/publish/tables.h"

#include <fmt/format.h>

#include "barometer/base/csv.h"

namespace barometer {
namespace {

std::string number_cell(const std::optional<double>& value) {
  return value ? fmt::format("{}", *value) : std::string();
}

std::string csv_row(const std::vector<std::string>& cells) {
  std::string line;
  for (const std::string& cell : cells) {
    if (!line.empty()) line += ',';
    line += cell;
  }
  return line + "\n";
}

// One figure; its numbers come from the ledger, so that no two files can differ.
std::string figure_row(const ItemTable& table, const Cell& cell, const Figure& figure) {
  return csv_row({csv_spreadsheet_safe(figure.id), csv_spreadsheet_safe(table.item.id),
                  csv_spreadsheet_safe(table.item.text), csv_spreadsheet_safe(cell.label),
                  csv_spreadsheet_safe(figure.unit), csv_spreadsheet_safe(figure.printed),
                  csv_spreadsheet_safe(symbol_of(figure.marker)), number_cell(figure.value),
                  number_cell(figure.se), number_cell(figure.lower), number_cell(figure.upper),
                  number_cell(figure.level), figure.n ? fmt::format("{}", *figure.n) : "",
                  csv_spreadsheet_safe(figure.base), csv_spreadsheet_safe(figure.source)});
}

}  // namespace

std::string section_csv(const WaveTables& tables, const Section& section, const Ledger& ledger) {
  std::string out =
      "figure,item,statement,answer,unit,printed,marker,value,se,lower,upper,level,n,base,source\n";
  for (const ItemTable* table : section.items) {
    for (const auto* cells :
         {&table->respondents, &table->organisations, &table->organisations_by_size}) {
      for (const Cell& cell : *cells) {
        const Figure* figure = ledger.find(figure_id(tables, cell));
        CHECK(figure != nullptr, "every cell is a figure of the ledger");
        out += figure_row(*table, cell, *figure);
      }
    }
  }
  return out;
}

std::string method_markdown(const Study& study, const std::vector<WavePage>& pages) {
  std::string out = fmt::format("# {}: how it was done\n", study.title);
  for (const WavePage& page : pages) {
    out += fmt::format("\n## {}\n\n", page.wave->title);
    for (const MethodItem& item : page.method)
      out += fmt::format("**{}.** {}\n\n", item.heading, item.text);
  }
  out += "## Symbols\n\n";
  for (const auto& [symbol, meaning] : symbols_key())
    out += fmt::format("- `{}` {}\n", symbol, meaning);
  return out;
}

}  // namespace barometer

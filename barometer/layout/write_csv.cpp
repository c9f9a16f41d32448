// One file for programs: a row a cell, with stable names, and value and marker apart.
#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/text.h"
#include "barometer/layout/numbers_internal.h"
#include "barometer/layout/print_internal.h"

namespace barometer {
namespace {

constexpr const char* kHeader =
    "table,weight,variable,answer,row_kind,level,label,column,column_kind,column_label,letter,"
    "printed,marker,higher_than,against,arrow,value,se,lower,upper,df,n,count,weighted_count,"
    "weighted_base,effective_base,reason,figure\n";

std::string number(double value) { return fmt::format("{}", value); }
std::string number(const std::optional<double>& value) { return value ? number(*value) : ""; }

// "region:2 region:3": ids, since letters are those of one group only.
std::string higher_than(const PrintedTable& table, const std::vector<size_t>& places,
                        const BookCell& cell) {
  std::vector<std::string> ids;
  for (const auto* above : {&cell.above, &cell.above_second}) {
    for (const size_t c : *above) ids.push_back(table.columns[places[c]].id);
  }
  return join(ids, " ");
}

class CsvWriter {
 public:
  explicit CsvWriter(const PrintRules& rules) : rules_(rules) {}

  void add(const PrintedTable& table, const BookTable& numbers) {
    const auto rows = printed_rows(table, numbers);
    const auto columns = printed_columns(table, numbers);
    for (size_t r = 0; r < rows.size(); ++r) {
      if (!rows[r]) continue;
      for (size_t c = 0; c < columns.size(); ++c) {
        const PrintedCell& printed = table.rows[*rows[r]].cells.at(columns[c]);
        words({table.id, table.weight, numbers.rows[r].variable, numbers.rows[r].answer,
               std::string(name_of(numbers.rows[r].kind)), std::to_string(numbers.rows[r].level),
               table.rows[*rows[r]].label, table.columns[columns[c]].id,
               std::string(name_of(numbers.columns[c].kind)),
               join(table.columns[columns[c]].headings, ": "), table.columns[columns[c]].letter,
               printed.text, std::string(symbol_of(printed.marker))});
        const BookCell cell = told(numbers.at(r, c), rules_);
        words({higher_than(table, columns, cell),
               cell.against == 0 ? "" : std::to_string(cell.against),
               std::string(name_of(cell.arrow))});
        add_numbers(cell, is_base_unknown(numbers, c), printed.figure);
      }
    }
  }

  std::string text() { return kHeader + std::move(out_); }

 private:
  void words(const std::vector<std::string>& cells) {
    for (const std::string& cell : cells) out_ += csv_spreadsheet_safe(cell) + ",";
  }

  void add_numbers(const BookCell& cell, bool no_base, const std::string& figure) {
    const bool no_count = cell.suppressed || is_count_unknown(cell);
    no_base = no_base || cell.suppressed;
    for (const auto& value : {cell.value, cell.se, cell.lower, cell.upper, cell.df}) {
      out_ += number(value) + ",";
    }
    const std::pair<double, bool> numbers[] = {{cell.n, no_base},
                                               {cell.count, no_count},
                                               {cell.weighted_count, no_count},
                                               {cell.weighted_base, no_base},
                                               {cell.effective_base, no_base}};
    for (const auto& [value, none] : numbers) out_ += (none ? "" : number(value)) + ",";
    out_ += csv_spreadsheet_safe(cell.reason.empty() ? cell.no_interval : cell.reason) + ",";
    out_ += csv_spreadsheet_safe(figure) + "\n";
  }

  const PrintRules& rules_;
  std::string out_;
};

}  // namespace

std::string csv_of(const PrintedBook& book, const Book& numbers) {
  CHECK(book.tables.size() == numbers.tables.size(), "the numbers are of the book that is printed");
  CsvWriter writer(numbers.plan.print);
  for (size_t t = 0; t < book.tables.size(); ++t) writer.add(book.tables[t], numbers.tables[t]);
  return writer.text();
}

}  // namespace barometer

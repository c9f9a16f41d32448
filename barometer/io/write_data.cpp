#include <fmt/format.h>

#include "barometer/base/csv.h"
#include "barometer/base/file.h"
#include "barometer/base/text.h"
#include "barometer/base/written_file.h"
#include "barometer/io/duckdb_internal.h"
#include "barometer/io/io.h"
#include "barometer/io/sav.h"

namespace barometer {
namespace {

namespace fs = std::filesystem;

// The code written for a case of a single or scale column, also where it is missing.
int written_code(const Column& column, size_t row) {
  const Missing missing = missing_at(column, row);
  return missing == Missing::kNone ? code_at(column, row) : file_code(missing);
}

ParquetColumn code_column(const Variable& variable, const Column& column) {
  ParquetColumn out{.name = variable.id};
  const bool narrow = std::holds_alternative<NarrowCodes>(column);
  out.type = narrow ? ParquetColumn::Type::kInt16 : ParquetColumn::Type::kInt32;
  out.number = [&column](size_t row, double& value) {
    value = written_code(column, row);
    return true;
  };
  return out;
}

ParquetColumn option_column(const Variable& variable, size_t option, const OptionSets& sets) {
  ParquetColumn out;
  out.name = fmt::format("{}_{}", variable.id, variable.categories[option].code);
  out.type = ParquetColumn::Type::kInt8;
  out.number = [&sets, option](size_t row, double& value) {
    const bool chosen = ((sets.bits[row] >> option) & 1) != 0;
    const bool answered = sets.missing[row] == Missing::kNone;
    value = answered ? (chosen ? 1 : 0) : file_code(sets.missing[row]);
    return true;
  };
  return out;
}

ParquetColumn number_column_of(const Variable& variable, const Numbers& numbers) {
  ParquetColumn out{.name = variable.id};
  out.type = ParquetColumn::Type::kDouble;
  out.number = [&numbers](size_t row, double& value) {
    const Missing missing = numbers.missing[row];
    value = missing == Missing::kNone ? numbers.values[row] : file_code(missing);
    return missing != Missing::kSystem;
  };
  return out;
}

ParquetColumn text_column_of(const Variable& variable, const Texts& texts) {
  ParquetColumn out{.name = variable.id};
  out.type = ParquetColumn::Type::kText;
  out.text = [&texts](size_t row, std::string_view& text) {
    switch (texts.missing[row]) {
      case Missing::kNone:
        text = texts.values[row];
        return true;
      case Missing::kSystem:
        return false;
      case Missing::kNotAsked:
        text = "-1";
        return true;
      case Missing::kRefused:
        text = "-7";
        return true;
      case Missing::kDontKnow:
        text = "-8";
        return true;
    }
    return false;
  };
  return out;
}

// The columns of the file; they look into `data`, which must outlive them.
std::vector<ParquetColumn> file_columns(const Dataset& data) {
  std::vector<ParquetColumn> columns;
  for (size_t i = 0; i < data.codebook().variables().size(); ++i) {
    const Variable& variable = data.codebook().variables()[i];
    const Column& column = data.column(i);
    if (const auto* sets = std::get_if<OptionSets>(&column)) {
      for (size_t option = 0; option < variable.categories.size(); ++option) {
        columns.push_back(option_column(variable, option, *sets));
      }
    } else if (const auto* numbers = std::get_if<Numbers>(&column)) {
      columns.push_back(number_column_of(variable, *numbers));
    } else if (const auto* texts = std::get_if<Texts>(&column)) {
      columns.push_back(text_column_of(variable, *texts));
    } else {
      columns.push_back(code_column(variable, column));
    }
  }
  return columns;
}

void append_text(std::string_view text, char separator, std::string& out) {
  const std::string cell = csv_quoted(text);
  const bool bare_tab = separator == '\t' && cell.find('\t') != std::string::npos && cell[0] != '"';
  out += bare_tab ? '"' + cell + '"' : cell;
}

void append_cell(const ParquetColumn& column, size_t row, char separator, std::string& out) {
  if (column.type == ParquetColumn::Type::kText) {
    std::string_view text;
    if (column.text(row, text)) append_text(text, separator, out);
    return;
  }
  double value = 0;
  if (!column.number(row, value)) return;
  if (column.type == ParquetColumn::Type::kDouble) {
    fmt::format_to(std::back_inserter(out), "{}", value);
  } else {
    fmt::format_to(std::back_inserter(out), "{}", static_cast<int>(value));
  }
}

std::string table_text(const std::vector<ParquetColumn>& columns, size_t rows, char separator) {
  std::string out;
  for (size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) out += separator;
    append_text(columns[i].name, separator, out);
  }
  out += '\n';
  for (size_t row = 0; row < rows; ++row) {
    const size_t start = out.size();
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i > 0) out += separator;
      append_cell(columns[i], row, separator, out);
    }
    if (out.size() == start) out += "\"\"";  // a blank line would be no row
    out += '\n';
  }
  return out;
}

// Data of which each variable is one column, under the names given.
Status write_named(const Dataset& data, const std::vector<std::string>& names,
                   const fs::path& file) {
  const FileFormat format = TRY(format_of(file));
  std::vector<ParquetColumn> columns = file_columns(data);
  CHECK(columns.size() == names.size(), "a name a column");
  for (size_t i = 0; i < columns.size(); ++i) columns[i].name = names[i];
  if (format == FileFormat::kParquet) {
    return write_file_by(file, [&](const fs::path& temporary) {
      return write_parquet_file(temporary, columns, data.case_count());
    });
  }
  const char separator = format == FileFormat::kTsv ? '\t' : ',';
  return write_file(file, table_text(columns, data.case_count(), separator));
}

// From or to a system file: through a dataset in memory, texts as they are.
Result<Conversion> convert_sav(const fs::path& from, const fs::path& to,
                               const ReadOptions& options) {
  const bool to_sav = is_sav_name(to);
  if (!to_sav) TRY_DONE(format_of(to));
  Conversion conversion;
  if (!is_sav_name(from)) {
    const Dataset data = TRY(read_data(from, {.threads = options.threads, .max_categories = 0}));
    conversion.rows = data.case_count();
    for (const Variable& variable : data.codebook().variables()) {
      conversion.columns.push_back(variable.label);
    }
    TRY_DONE(write_sav(data, to, {.threads = options.threads}));
    return conversion;
  }
  SavData read = TRY(
      read_sav(from, {.threads = options.threads, .max_categories = 0, .combine_sets = to_sav}));
  conversion.rows = read.data.case_count();
  conversion.columns = std::move(read.names);
  conversion.notes = std::move(read.notes);
  TRY_DONE(to_sav ? write_sav(read.data, to, {.threads = options.threads})
                  : write_named(read.data, conversion.columns, to));
  return conversion;
}

}  // namespace

std::string csv_text(const Dataset& data) {
  return table_text(file_columns(data), data.case_count(), ',');
}

Status write_csv(const Dataset& data, const fs::path& file) {
  return write_file(file, csv_text(data));
}

Status write_parquet(const Dataset& data, const fs::path& file) {
  const std::vector<ParquetColumn> columns = file_columns(data);
  if (columns.empty()) {
    return fail(ErrorCode::kInvalid,
                fmt::format("cannot write '{}': the data has no columns", file.string()));
  }
  return write_file_by(file, [&](const fs::path& temporary) {
    return write_parquet_file(temporary, columns, data.case_count());
  });
}

Result<Conversion> convert_file(const fs::path& from, const fs::path& to,
                                const ReadOptions& options) {
  if (is_sav_name(from) || is_sav_name(to)) return convert_sav(from, to, options);
  const FileFormat format = TRY(format_of(to));
  const TableFile table = TRY(TableFile::open(from, options.threads, false));
  Conversion conversion;
  for (const FileColumn& column : table.columns()) conversion.columns.push_back(column.name);
  TRY_DONE(write_file_by(to, [&](const fs::path& temporary) -> Status {
    conversion.rows = TRY(table.copy_to(temporary, format));
    return {};
  }));
  return conversion;
}

}  // namespace barometer

// Data in files: CSV, TSV, Parquet and SPSS system files (.sav, .zsav: sav.h) in, by the ending of
// the name; CSV, Parquet and system files out.
//
// Two ways in. read_data takes any file of cases and finds out what its columns are; it is for
// analysts. read_responses_table takes a file against a given codebook and reports every cell that
// does not fit; it is for waves of a study.
//
// Two conventions for missing values, one a way. read_data: an empty cell and NA, nothing else.
// read_responses_table and the writers: the file codes -1 not asked, -2 no answer (-9 too), -7
// refused, -8 don't know, in every column; an empty cell and NA are "no answer". So a number that
// may truly be -1, -2, -7, -8 or -9 cannot be a number variable of a study.
//
// Messages name file, line and value, but never the words of an open answer.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "barometer/base/diagnostic.h"
#include "barometer/data/dataset.h"

namespace barometer {

struct ReadOptions {
  unsigned threads = 0;          // of DuckDB; 0: one a processor
  size_t max_categories = 1000;  // a text column with more distinct values is open text
};

// A column of whole or decimal numbers is a kNumber; one of texts with few distinct values a
// kSingle whose categories are these texts in byte order, codes from 1; else a kText. Booleans are
// a kSingle: 1 No, 2 Yes. Cells like "007" and whole numbers past 2^53 make a column text, so that
// identifiers keep their digits. Variables are called variable_id_of(column name), with _2, _3 …
// when taken, and a name that is an id keeps it; the label keeps the name in the file. What the
// columns of a system file become stands in sav.h.
Result<Dataset> read_data(const std::filesystem::path& file, const ReadOptions& options = {});

// Names in the file that are not the variable's id: (name in the file, id).
std::vector<std::pair<std::string, std::string>> renamed_columns(const Dataset& data);

// One row a case; columns in any order, named by variable ids:
//   single, scale  a code, or a category's label      role = 1, role = chair
//   multi          one 0/1 column an option, ID_CODE  barriers_1, barriers_2
//                  or one column of codes or labels   "1;3", "1|3"
//   number, text   as they are
// Reports every problem (at most 50 a column, then their number) and returns what it could read,
// cells with a problem as "no answer". Only a file that cannot be read at all is an Error.
Result<Dataset> read_responses_table(const std::filesystem::path& file, const Codebook& codebook,
                                     Diagnostics& problems);

// Codes and file codes of missing; multi variables as ID_CODE columns; numbers in the shortest form
// that reads back the same; no spreadsheet escaping. An unanswered number or text is an empty cell.
std::string csv_text(const Dataset& data);
// Whole or not at all (a crash leaves the old file); the same data gives the same bytes.
Status write_csv(const Dataset& data, const std::filesystem::path& file);
Status write_parquet(const Dataset& data, const std::filesystem::path& file);

struct Conversion {
  size_t rows = 0;
  std::vector<std::string> columns;  // names as in `from`
  std::vector<std::string> notes;    // of a system file: SavData::notes
};
// A table file to another, cells and names kept; larger than memory is fine. From CSV to Parquet,
// columns of numbers get a number type by the rule of read_data. A system file is read into memory:
// from it, labelled numbers stay numbers and missing values become file codes; into it, a name that
// SPSS would not take becomes the variable's id, and the column's label. What sav.h does not keep
// (print formats, documents, labels of strings) is not in the copy either.
Result<Conversion> convert_file(const std::filesystem::path& from, const std::filesystem::path& to,
                                const ReadOptions& options = {});

// What the columns mean, for a reader of the data: a row for each category, scale end, NET and kind
// of missing, and the same as JSON.
std::string codebook_csv(const Codebook& codebook);
std::string codebook_json(const Codebook& codebook);

}  // namespace barometer

// SPSS system files, .sav and .zsav: read and written by our own code, at the speed of the disk.
//
// Read: both byte orders; uncompressed, bytecode and zlib cases; long names, very long strings,
// value labels of numbers and strings, declared missing values, multiple-response sets, and any
// character encoding that iconv knows (kept in memory as UTF-8). Documents, print formats, measure
// levels and roles are not kept.
//
// Variables become
//   a number with a label for each of its values    kSingle (whole values from 0 to 65,000)
//   any other number                                kNumber; dates stay seconds since 14 October
//                                                   1582, which a note says
//   a string of few distinct values                 kSingle, as in read_data; a value label is the
//                                                   category's label, and labelled values are first
//   any other string                                kText, without the spaces at its end
//   a dichotomy set whose columns hold 1 (counted)  kMulti, where in every case all columns have a
//   and 0                                           value or all have the same kind of missing; its
//                                                   codes are the numbers N of columns SET_N, else
//                                                   1, 2, …; other sets stay separate columns
// A label is the variable's label, and its name in the file where it has none. Variable::id is
// variable_id_of(name), with _2, _3 … when taken.
//
// Missing values. A value is missing when it is system-missing, an empty string, declared
// missing in the file, or one of -1, -2, -7, -8, -9 whose label names a kind of missing (undeclared
// codes without such a label are numbers like others). The kind is the one its label names
// ("don't know"; "refused", "prefer not", "declined"; "not asked", "not applicable",
// "inapplicable", "skipped", "routed"; "no answer", "not answered", "not stated", "no response",
// "missing"); else that of the code -1, -2, -7, -8, -9 (codebook.h); else "no answer".
//
// Written: UTF-8, unique short names, one 0/1 column ID_CODE an option of a multi variable and a
// dichotomy set $ID; missing kinds as labelled user-missing values: -1, -2, -7, -8 (range -9 to -1)
// of codes and options; of numbers system-missing for "no answer" and -1, -7, -8 for the others
// that occur, or, where such a number is also a true value, the next free of -91, -991, … Texts
// likewise, with empty for "no answer". What SPSS has no place for (NETs, bases, wording, scale
// ends, labels that are too long) is kept as JSON in the variable attribute "Barometer", so that
// read_sav gives back an equal dataset, but for: spaces at the end of texts, empty texts (read as
// "no answer"), the sign of zero, and multi variables without options, which have no columns.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/data/dataset.h"
#include "barometer/io/io.h"

namespace barometer {

// By the ending of the name: .sav or .zsav, in any letter case.
bool is_sav_name(const std::filesystem::path& file);

struct SavOptions {
  unsigned threads = 0;  // 0: one a processor
  size_t max_categories =
      1000;                  // a string of more distinct values is open text; 0: every string is
  bool combine_sets = true;  // false: dichotomy sets stay columns
};

struct SavData {
  Dataset data;
  std::vector<std::string> names;  // one a variable: its name in the file, or the set's without '$'
  // What a person should know: dates, weights, sets that stay columns, texts that cannot be
  // decoded.
  std::vector<std::string> notes;
};

// kIo: no such file; kInvalid: with the byte, the record and the value that is wrong. Case counts
// that the file claims are checked, not trusted. Memory: the columns, and a zlib file's cases.
// The file must not be cut short by others while it is read: it is mapped.
Result<SavData> read_sav(const std::filesystem::path& file, const SavOptions& options = {});
// The same of bytes in memory; `name` is for messages.
Result<SavData> read_sav_bytes(std::string_view bytes, const std::string& name,
                               const SavOptions& options = {});

// Whole or not at all; zlib when the name ends in .zsav, else bytecode. The same data gives the
// same bytes at any number of threads. kLimit: a text of more than 32,767 bytes; kInvalid: the
// number that is SPSS's mark of system-missing, as a value.
Status write_sav(const Dataset& data, const std::filesystem::path& file,
                 const SavOptions& options = {});

}  // namespace barometer

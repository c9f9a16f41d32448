#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "barometer/base/text.h"
#include "barometer/data/codebook.h"
#include "barometer/io/io.h"
#include "cli/verb.h"

namespace barometer::cli {
namespace {

constexpr const char* kHelp =
    R"(Copies a table of cases from one file format to another; the endings say which.

Names, order and values stay as they are. From CSV to Parquet a column of numbers gets a number
type; a column with cells like 007, or whole numbers of more than 15 digits, stays text, so that
identifiers keep their digits. An empty cell and NA mean that there is no value. OUT is replaced
only when everything has been written.

SPSS system files (.sav, and .zsav, which is compressed) are read and written too. From one, codes
stay numbers, and missing values become -1 not asked, -2 no answer, -7 refused, -8 don't know, or
an empty cell. Into one, columns of text become strings.

  barometer convert responses.csv responses.parquet
  barometer convert apistrat.parquet apistrat.csv
  barometer convert survey.sav survey.parquet

Columns whose name cannot stand in an expression (api.stu, % budget) are listed with the name that
can; most may also be typed as they are, or in double quotes.)";

struct Options {
  std::string from;
  std::string to;
  unsigned threads = 0;
};

void print_names(const Conversion& conversion, std::ostream& out) {
  bool first = true;
  for (const std::string& name : conversion.columns) {
    const std::string id = variable_id_of(name);
    if (id == name) continue;
    if (std::exchange(first, false)) fmt::print(out, "in expressions write:\n");
    fmt::print(out, "  {:<32}  {}\n", id, printable(name));
  }
}

Result<int> convert(const Options& options, const Io& io) {
  std::error_code unknown;
  if (std::filesystem::equivalent(options.from, options.to, unknown)) {
    return fail(ErrorCode::kInvalid, fmt::format("'{}' is both IN and OUT", options.from));
  }
  const Conversion conversion =
      TRY(convert_file(options.from, options.to, {.threads = options.threads}));
  fmt::print(io.out, "{}: {} rows, {} columns\n", options.to,
             with_thousands(static_cast<long long>(conversion.rows)), conversion.columns.size());
  for (const std::string& note : conversion.notes) fmt::print(io.out, "note: {}\n", note);
  print_names(conversion, io.out);
  return kFine;
}

}  // namespace

void add_convert(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* verb =
      app.add_subcommand("convert", "Copy a table between CSV, TSV, Parquet and SPSS files");
  verb->footer(kHelp);
  verb->add_option("IN", options->from, "a .csv, .tsv, .parquet, .sav or .zsav file")->required();
  verb->add_option("OUT", options->to, "the file to write: .csv, .tsv, .parquet, .sav or .zsav")
      ->required();
  verb->add_option("--threads", options->threads, "threads to use; 0: one a processor")
      ->check(CLI::Range(0, 1024));
  verb->callback(
      [options, &chosen] { chosen = [options](const Io& io) { return convert(*options, io); }; });
}

}  // namespace barometer::cli

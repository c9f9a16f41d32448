#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "barometer/base/text.h"
#include "barometer/io/io.h"
#include "barometer/sql/load.h"
#include "cli/verb.h"

namespace barometer::cli {
namespace {

constexpr const char* kHelp =
    R"(Loads a data file into a table of a database, from which estimates can then be made where it is.

The rows go into a new table, NAME_new. When their count and the exact sum of every number are what
they are in the file, it takes the name; until then an old table of that name stays as it is. A table
NAME_codebook says what the columns mean. Numbers become doubles, everything else text; an empty
cell and NA become NULL.

  barometer load answers.parquet --to postgresql://me@localhost/survey --table answers
  barometer load answers.csv --to clickhouse://me:password@localhost/survey --table answers --replace
  barometer load answers.csv --to duckdb:survey.duckdb --table answers

Over the shards of a ClickHouse cluster the rows are dealt out in turn; each shard is named by its
own address, and the table NAME stands for all of them:

  barometer load answers.csv --to clickhouse://a/survey --table answers --cluster polls \
      --shard clickhouse://a/survey --shard clickhouse://b/survey

In a user or password write %40 for @, %3A for : and %2F for /. A password is never printed.)";

struct Options {
  std::string data;
  std::string to;
  std::string table;
  std::string cluster;
  std::vector<std::string> shards;
  bool replace = false;
  unsigned threads = 0;
};

Result<int> load(const Options& options, const Io& io) {
  const SqlSource target = TRY(parse_sql_source(options.to, options.table));
  LoadOptions how{.replace = options.replace, .cluster = options.cluster};
  how.connection.threads = options.threads;
  for (const std::string& shard : options.shards) {
    how.shards.push_back(TRY(parse_sql_source(shard, options.table)));
  }
  const Dataset data = TRY(read_data(options.data, {.threads = options.threads}));
  TRY_DONE(load_table(data, target, how, io.progress));
  fmt::print(io.out, "{}, table {}: {} rows, {} columns, counts and sums as in {}\n", target.name(),
             options.table, with_thousands(static_cast<long long>(data.case_count())),
             data.codebook().variables().size(), options.data);
  return kFine;
}

}  // namespace

void add_load(CLI::App& app, Action& chosen) {
  auto options = std::make_shared<Options>();
  CLI::App* verb = app.add_subcommand("load", "Load a data file into a database, and check it");
  verb->footer(kHelp);
  verb->add_option("DATA", options->data, "a .csv, .tsv or .parquet file")->required();
  verb->add_option("--to", options->to, "postgresql://…, clickhouse://… or duckdb:FILE")
      ->required();
  verb->add_option("--table", options->table, "the table's name, or schema.name")->required();
  verb->add_flag("--replace", options->replace, "put it in place of a table of this name");
  CLI::Option* shards = verb->add_option("--shard", options->shards,
                                         "the address of a shard of the cluster; once for each");
  verb->add_option("--cluster", options->cluster, "the cluster's name in ClickHouse")
      ->needs(shards);
  verb->add_option("--threads", options->threads, "threads to use; 0: one a processor")
      ->check(CLI::Range(0, 1024));
  verb->callback(
      [options, &chosen] { chosen = [options](const Io& io) { return load(*options, io); }; });
}

}  // namespace barometer::cli

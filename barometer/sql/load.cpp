#include "barometer/sql/load.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <set>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/sql/connection_internal.h"
#include "barometer/sql/limbs.h"

namespace barometer {
namespace {

constexpr size_t kMostNameOfPostgresql = 63;

struct LoadColumn {
  std::string name;
  SqlType type = SqlType::kNumber;
  std::function<SqlCell(size_t row)> cell;
};

// Some cases: first, first + step, …
struct Slice {
  size_t first = 0, step = 1, end = 0;
};

std::string written_name(const Variable& variable) {
  return variable_id_of(variable.label) == variable.id ? variable.label : variable.id;
}

SqlCell text_cell(std::string_view text) { return {.known = true, .text = text}; }
SqlCell number_cell(double number) { return {.known = true, .number = number}; }

void add_options(const Variable& variable, const Column& column, std::vector<LoadColumn>& out) {
  const auto& sets = std::get<OptionSets>(column);
  for (size_t i = 0; i < variable.categories.size(); ++i) {
    out.push_back({fmt::format("{}_{}", variable.id, variable.categories[i].code), SqlType::kNumber,
                   [&sets, i](size_t row) -> SqlCell {
                     if (sets.missing[row] != Missing::kNone) return {};
                     return number_cell(static_cast<double>((sets.bits[row] >> i) & 1U));
                   }});
  }
}

// The cells refer to the dataset.
std::vector<LoadColumn> columns_of(const Dataset& data) {
  std::vector<LoadColumn> columns;
  for (size_t k = 0; k < data.codebook().variables().size(); ++k) {
    const Variable& variable = data.codebook().variables()[k];
    const Column& column = data.column(k);
    if (variable.kind == VariableKind::kMulti) {
      add_options(variable, column, columns);
      continue;
    }
    LoadColumn load{.name = written_name(variable), .type = SqlType::kText, .cell = {}};
    if (const auto* numbers = std::get_if<Numbers>(&column)) {
      load.type = SqlType::kNumber;
      load.cell = [numbers](size_t row) { return number_cell(numbers->values[row]); };
    } else if (const auto* texts = std::get_if<Texts>(&column)) {
      load.cell = [texts](size_t row) { return text_cell(texts->values[row]); };
    } else if (variable.kind == VariableKind::kScale) {
      load.type = SqlType::kNumber;
      load.cell = [&column](size_t row) { return number_cell(code_at(column, row)); };
    } else {
      load.cell = [&column, &variable](size_t row) {
        return text_cell(variable.category(code_at(column, row))->label);
      };
    }
    load.cell = [&column, inner = std::move(load.cell)](size_t row) -> SqlCell {
      return missing_at(column, row) == Missing::kNone ? inner(row) : SqlCell{};
    };
    columns.push_back(std::move(load));
  }
  return columns;
}

const char* type_name(SqlServer server, SqlType type) {
  const bool text = type == SqlType::kText;
  switch (server) {
    case SqlServer::kDuckdb:
      return text ? "VARCHAR" : "DOUBLE";
    case SqlServer::kPostgresql:
      return text ? "text" : "double precision";
    case SqlServer::kClickhouse:
      return text ? "Nullable(String)" : "Nullable(Float64)";
  }
  return "";
}

// One server that tables are made on.
class Loader {
 public:
  Loader(SqlSource target, SqlConnectionPtr connection, bool replace, const Progress& progress)
      : target_(std::move(target)),
        dialect_(dialect_of(target_.server)),
        connection_(std::move(connection)),
        replace_(replace),
        progress_(progress) {}

  static Result<Loader> open(const SqlSource& target, const LoadOptions& options,
                             const Progress& progress) {
    Loader loader(target, TRY(open_connection(target, options.connection, SqlAccess::kWrite)),
                  options.replace, progress);
    TRY_DONE(loader.find_schema());
    return loader;
  }

  // The schema, or database of ClickHouse, that the tables are made in; of DuckDB empty for its
  // own.
  [[nodiscard]] const std::string& schema() const& { return schema_; }
  [[nodiscard]] std::string bare(const std::string& suffix) const {
    return target_.data.substr(target_.data.find('.') + 1) + suffix;
  }
  [[nodiscard]] std::string name(const std::string& suffix) const {
    const std::string table = sql_identifier(dialect_, bare(suffix));
    return schema_.empty() ? table : sql_identifier(dialect_, schema_) + "." + table;
  }

  Status execute(const std::string& sql) {
    return connection_->run({sql, {}}, progress_, {}).status;
  }

  // A table or view of that schema. DuckDB takes names in any case for the same.
  Result<bool> exists(const std::string& suffix) {
    const std::string table = sql_literal(dialect_, bare(suffix));
    const std::string schema = sql_literal(dialect_, schema_);
    std::string sql;
    switch (target_.server) {
      case SqlServer::kDuckdb:
        sql = fmt::format(
            "SELECT CAST(count(*) AS bigint) FROM information_schema.tables WHERE "
            "lower(table_name) = lower({}) AND lower(table_schema) = lower({})",
            table, schema_.empty() ? "current_schema()" : schema);
        break;
      case SqlServer::kPostgresql:
        sql = fmt::format(
            "SELECT CAST(count(*) AS bigint) FROM pg_class JOIN pg_namespace ON "
            "pg_namespace.oid = relnamespace WHERE relname = {} AND nspname = {}",
            table, schema);
        break;
      case SqlServer::kClickhouse:
        sql = fmt::format(
            "SELECT toInt64(count(*)) FROM system.tables WHERE database = {} AND name = {}", schema,
            table);
        break;
    }
    bool found = false;
    const auto use = [&](SqlRow row) -> Status {
      found = row[0].whole > 0;
      return {};
    };
    TRY_DONE(connection_->run({sql, {SqlType::kWhole}}, progress_, use).status);
    return found;
  }

  // That a table can be made and take the name without a hair of another table being touched.
  Status check_free(const std::string& suffix) {
    // PostgreSQL cuts longer names, which may then be those of other tables.
    const std::string longest = bare(suffix + "_new");
    if (target_.server == SqlServer::kPostgresql && longest.size() > kMostNameOfPostgresql) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("the name '{}' is too long: it would be loaded as '{}', and "
                              "PostgreSQL has room for {} bytes",
                              printable(bare("")), printable(longest), kMostNameOfPostgresql));
    }
    const bool there = TRY(exists(suffix));
    if (there && !replace_) {
      return fail(ErrorCode::kInvalid,
                  fmt::format("{}: there is a table '{}' already", target_.name(),
                              printable(target_.data + suffix)));
    }
    TRY_DONE(check_passing(suffix + "_new"));
    const bool moved = there && target_.server == SqlServer::kClickhouse;
    return moved ? check_passing(suffix + "_old") : Status();
  }

  [[nodiscard]] std::string declaration(const std::vector<LoadColumn>& columns) const {
    std::vector<std::string> declared;
    for (const LoadColumn& column : columns) {
      declared.push_back(sql_identifier(dialect_, column.name) + " " +
                         type_name(target_.server, column.type));
    }
    return "(" + join(declared, ", ") + ")";
  }

  Status fill(const std::string& suffix, const std::vector<LoadColumn>& columns, Slice slice) {
    const bool clickhouse = target_.server == SqlServer::kClickhouse;
    TRY_DONE(execute(fmt::format("CREATE TABLE {} {}{}", name(suffix), declaration(columns),
                                 clickhouse ? " ENGINE = MergeTree ORDER BY tuple()" : "")));
    made_.push_back(suffix);
    std::vector<SqlType> types;
    for (const LoadColumn& column : columns) types.push_back(column.type);
    size_t row = slice.first;
    const auto next = [&](std::vector<SqlCell>& cells) {
      if (row >= slice.end) return false;
      if (row % 65536 == 0) progress_.report("loading rows", row, slice.end);
      for (size_t i = 0; i < columns.size(); ++i) cells[i] = columns[i].cell(row);
      row += slice.step;
      return true;
    };
    // DuckDB's appender takes names that nobody has quoted.
    const std::string table =
        target_.server == SqlServer::kDuckdb ? target_.data + suffix : name(suffix);
    return connection_->append(table, types, progress_, next).status;
  }

  // Count of the rows, and for each column the count of its values and of numbers their exact sum.
  Status verify(const std::string& suffix, const std::vector<LoadColumn>& columns, Slice slice) {
    const Sums wanted = sums_of(columns, slice);
    AggregateText text{.from = name(suffix)};
    text.sums.push_back(whole("count(*)"));
    for (size_t i = 0; i < columns.size(); ++i) {
      const std::string column = sql_identifier(dialect_, columns[i].name);
      text.sums.push_back(whole(fmt::format("count({})", column)));
      if (columns[i].type != SqlType::kNumber) continue;
      for (std::string& sum :
           sql_limb_sums(dialect_, fmt::format("coalesce({}, {})", column, sql_number(dialect_, 0)),
                         wanted.shifts[i])) {
        text.sums.push_back(std::move(sum));
      }
    }
    const SqlStatement statement{sql_aggregate(text),
                                 std::vector<SqlType>(text.sums.size(), SqlType::kWhole)};
    return connection_
        ->run(statement, progress_,
              [&](SqlRow row) { return compare(row, columns, wanted, suffix); })
        .status;
  }

  // The new table takes the name; an old one goes, where it was to be replaced.
  Status take_name(const std::string& from, const std::string& to) {
    const Status taken = target_.server == SqlServer::kClickhouse
                             ? take_name_of_clickhouse(from, to)
                             : take_name_at_once(from, to);
    if (taken) std::erase(made_, from);
    return taken;
  }

  // After a failure: what this load made and nobody can use.
  void drop_unfinished() {
    for (const std::string& suffix : made_) {
      // Where the server is gone, the first failure has been told already.
      (void)connection_->run({"DROP TABLE IF EXISTS " + name(suffix), {}}, Progress(), {});
    }
    made_.clear();
  }

 private:
  struct Sums {
    uint64_t rows = 0;
    std::vector<uint64_t> known;
    std::vector<int> shifts;
    std::vector<LongWhole> sums;
  };

  Status find_schema() {
    const size_t dot = target_.data.find('.');
    if (dot != std::string::npos) {
      schema_ = target_.data.substr(0, dot);
    } else if (target_.server == SqlServer::kClickhouse) {
      schema_ = target_.database;
    } else if (target_.server == SqlServer::kPostgresql) {
      // Without it, a name may stand for a table of another schema of the search path.
      const auto use = [&](SqlRow row) -> Status {
        schema_ = row[0].text;
        return {};
      };
      return connection_
          ->run({"SELECT CAST(current_schema() AS text)", {SqlType::kText}}, progress_, use)
          .status;
    }
    return {};
  }

  // A name that is used on the way, and whose table may be anyone's.
  Status check_passing(const std::string& suffix) {
    if (!TRY(exists(suffix))) return {};
    return fail(ErrorCode::kInvalid,
                fmt::format("{}: there is a table '{}', a name that loading needs for itself; "
                            "rename it or, where an interrupted load left it, drop it",
                            target_.name(), printable(target_.data + suffix)));
  }

  Status take_name_at_once(const std::string& from, const std::string& to) {
    TRY_DONE(execute("BEGIN"));
    const auto taken = [&]() -> Status {
      if (replace_) TRY_DONE(execute("DROP TABLE IF EXISTS " + name(to)));
      TRY_DONE(execute(fmt::format("ALTER TABLE {} RENAME TO {}", name(from),
                                   sql_identifier(dialect_, bare(to)))));
      return execute("COMMIT");
    }();
    if (!taken) (void)execute("ROLLBACK");
    return taken;
  }

  // Both at once, as ClickHouse has no transactions.
  Status take_name_of_clickhouse(const std::string& from, const std::string& to) {
    if (!replace_ || !TRY(exists(to))) {
      return execute(fmt::format("RENAME TABLE {} TO {}", name(from), name(to)));
    }
    TRY_DONE(execute(fmt::format("RENAME TABLE {0} TO {1}, {2} TO {0}", name(to), name(to + "_old"),
                                 name(from))));
    return execute("DROP TABLE " + name(to + "_old"));
  }

  [[nodiscard]] std::string whole(const std::string& of) const {
    return fmt::format(fmt::runtime(dialect_.whole), of);
  }

  static Sums sums_of(const std::vector<LoadColumn>& columns, Slice slice) {
    Sums found{};
    for (size_t row = slice.first; row < slice.end; row += slice.step) ++found.rows;
    for (const LoadColumn& column : columns) {
      double largest = 0;
      uint64_t known = 0;
      for (size_t row = slice.first; row < slice.end; row += slice.step) {
        const SqlCell cell = column.cell(row);
        if (cell.known) ++known;
        largest = std::max(largest, std::abs(cell.number));
      }
      const int shift = limb_shift(largest, found.rows);
      LongWhole sum = 0;
      for (size_t row = slice.first; row < slice.end; row += slice.step) {
        sum += joined(limbs_of(column.cell(row).number, shift));
      }
      found.known.push_back(known);
      found.shifts.push_back(shift);
      found.sums.push_back(sum);
    }
    return found;
  }

  [[nodiscard]] Status compare(SqlRow row, const std::vector<LoadColumn>& columns,
                               const Sums& wanted, const std::string& suffix) const {
    const auto differs = [&](const std::string& what) {
      return fail(ErrorCode::kIo, fmt::format("{}: after loading, {} of the new table '{}' differs "
                                              "from the data; the old table is as it was",
                                              target_.name(), what, target_.data + suffix));
    };
    if (static_cast<uint64_t>(row[0].whole) != wanted.rows) return differs("the number of rows");
    size_t at = 1;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (static_cast<uint64_t>(row[at++].whole) != wanted.known[i]) {
        return differs(fmt::format("the number of values in '{}'", columns[i].name));
      }
      if (columns[i].type != SqlType::kNumber) continue;
      if (joined(Limbs{row[at].whole, row[at + 1].whole}) != wanted.sums[i]) {
        return differs(fmt::format("the sum of '{}'", columns[i].name));
      }
      at += 2;
    }
    return {};
  }

  SqlSource target_;
  const Dialect& dialect_;
  SqlConnectionPtr connection_;
  bool replace_;
  std::string schema_;
  std::vector<std::string> made_;  // suffixes of tables that have not taken their names
  const Progress& progress_;
};

// A row a category, and one for a variable without.
struct CodebookLine {
  const Variable* variable = nullptr;
  const Category* category = nullptr;
};

std::vector<CodebookLine> codebook_lines(const Codebook& codebook) {
  std::vector<CodebookLine> lines;
  for (const Variable& variable : codebook.variables()) {
    if (variable.categories.empty()) lines.push_back({&variable, nullptr});
    for (const Category& category : variable.categories) lines.push_back({&variable, &category});
  }
  return lines;
}

std::vector<LoadColumn> codebook_columns(const std::vector<CodebookLine>& lines) {
  return {
      {"variable", SqlType::kText, [&](size_t i) { return text_cell(lines[i].variable->id); }},
      {"label", SqlType::kText, [&](size_t i) { return text_cell(lines[i].variable->label); }},
      {"kind", SqlType::kText,
       [&](size_t i) { return text_cell(name_of(lines[i].variable->kind)); }},
      {"code", SqlType::kNumber,
       [&](size_t i) {
         const Category* category = lines[i].category;
         return category == nullptr ? SqlCell{} : number_cell(category->code);
       }},
      {"category", SqlType::kText,
       [&](size_t i) {
         const Category* category = lines[i].category;
         return category == nullptr ? SqlCell{} : text_cell(category->label);
       }},
  };
}

Status check_names(const std::vector<LoadColumn>& columns) {
  if (columns.empty()) return fail(ErrorCode::kInvalid, "the data has no columns");
  std::set<std::string> names;
  for (const LoadColumn& column : columns) {
    if (names.insert(lowered(column.name)).second) continue;
    return fail(ErrorCode::kInvalid,
                fmt::format("two columns would be called '{}'", printable(column.name)));
  }
  return {};
}

// The rows over the shards, then one table that stands for all of them.
class Shards {
 public:
  static Result<Shards> open(const SqlSource& target, const LoadOptions& options,
                             const Progress& progress) {
    Shards all;
    for (SqlSource shard : options.shards) {
      shard.data = target.data;
      all.shards_.push_back(TRY(Loader::open(shard, options, progress)));
    }
    return all;
  }

  Status check_free() {
    for (Loader& shard : shards_) TRY_DONE(shard.check_free("_local"));
    return {};
  }

  Status load(const std::vector<LoadColumn>& columns, size_t rows, const LoadOptions& options,
              Loader& front) {
    for (size_t i = 0; i < shards_.size(); ++i) {
      const Slice slice{i, shards_.size(), rows};
      TRY_DONE(shards_[i].fill("_local_new", columns, slice));
      TRY_DONE(shards_[i].verify("_local_new", columns, slice));
    }
    for (Loader& shard : shards_) TRY_DONE(shard.take_name("_local_new", "_local"));
    const Dialect& dialect = dialect_of(SqlServer::kClickhouse);
    if (options.replace) TRY_DONE(front.execute("DROP TABLE IF EXISTS " + front.name("")));
    return front.execute(fmt::format(
        "CREATE TABLE {} {} ENGINE = Distributed({}, {}, {}, rand())", front.name(""),
        front.declaration(columns), sql_literal(dialect, options.cluster),
        sql_literal(dialect, front.schema()), sql_literal(dialect, front.bare("_local"))));
  }

  void drop_unfinished() {
    for (Loader& shard : shards_) shard.drop_unfinished();
  }

 private:
  std::vector<Loader> shards_;
};

// Nothing is made before every name is known to be free.
Status load_checked(const Dataset& data, const std::vector<LoadColumn>& columns,
                    const LoadOptions& options, Loader& loader, Shards& shards) {
  const std::vector<CodebookLine> lines = codebook_lines(data.codebook());
  const std::vector<LoadColumn> codebook = codebook_columns(lines);
  const Slice all_lines{0, 1, lines.size()};
  TRY_DONE(loader.fill("_codebook_new", codebook, all_lines));
  TRY_DONE(loader.verify("_codebook_new", codebook, all_lines));
  const Slice all{0, 1, data.case_count()};
  if (options.shards.empty()) {
    TRY_DONE(loader.fill("_new", columns, all));
    TRY_DONE(loader.verify("_new", columns, all));
    TRY_DONE(loader.take_name("_new", ""));
  } else {
    TRY_DONE(shards.load(columns, data.case_count(), options, loader));
    TRY_DONE(loader.verify("", columns, all));
  }
  return loader.take_name("_codebook_new", "_codebook");
}

}  // namespace

Status load_table(const Dataset& data, const SqlSource& target, const LoadOptions& options,
                  const Progress& progress) {
  if (target.server == SqlServer::kDuckdb && target.database_file.empty()) {
    return fail(ErrorCode::kInvalid, "name the database that gets the table: duckdb:FILE.duckdb");
  }
  if (!options.shards.empty() &&
      (target.server != SqlServer::kClickhouse || options.cluster.empty())) {
    return fail(ErrorCode::kInvalid, "shards are those of a cluster of ClickHouse: name it");
  }
  const std::vector<LoadColumn> columns = columns_of(data);
  TRY_DONE(check_names(columns));
  Loader loader = TRY(Loader::open(target, options, progress));
  Shards shards = TRY(Shards::open(target, options, progress));
  TRY_DONE(loader.check_free(""));
  TRY_DONE(loader.check_free("_codebook"));
  TRY_DONE(shards.check_free());
  const Status loaded = load_checked(data, columns, options, loader, shards);
  if (!loaded) {
    loader.drop_unfinished();
    shards.drop_unfinished();
  }
  return loaded;
}

}  // namespace barometer

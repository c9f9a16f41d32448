#include <algorithm>
#include <chrono>
#include <cmath>
#include <thread>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/sql/sql_table_internal.h"

namespace barometer {
namespace {

constexpr double kWholeLimit = 9007199254740992;  // 2^53

bool is_file(const SqlSource& source) {
  return source.server == SqlServer::kDuckdb && source.database_file.empty();
}

std::string columns_statement(const Dialect& dialect, const SqlSource& source,
                              const std::string& table) {
  switch (source.server) {
    case SqlServer::kDuckdb:
      return fmt::format("SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM {})", table);
    case SqlServer::kPostgresql:
      return fmt::format(
          "SELECT CAST(attname AS text), format_type(atttypid, NULL) FROM pg_attribute WHERE "
          "attrelid = to_regclass({}) AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
          sql_literal(dialect, table));
    case SqlServer::kClickhouse: {
      const size_t dot = source.data.find('.');
      const std::string database =
          dot == std::string::npos ? source.database : source.data.substr(0, dot);
      return fmt::format("SELECT name, type FROM system.columns WHERE database = {} AND table = {}",
                         sql_literal(dialect, database),
                         sql_literal(dialect, std::string_view(source.data).substr(dot + 1)));
    }
  }
  CHECK(false, "a server is of a known kind");
}

Variable variable_of(const FileColumn& column, std::string id) {
  Variable variable{.id = std::move(id), .kind = VariableKind::kSingle, .label = column.name};
  if (column.type == FileType::kNumber) variable.kind = VariableKind::kNumber;
  if (column.type == FileType::kBoolean) {
    variable.categories = {{.code = 1, .label = "No"}, {.code = 2, .label = "Yes"}};
  }
  return variable;
}

}  // namespace

double NumberFacts::largest() const { return std::max(std::abs(low), std::abs(high)); }

Result<std::unique_ptr<SqlTable>> SqlTable::open(const SqlSource& source, const SqlOptions& options,
                                                 const Progress& progress) {
  std::unique_ptr<SqlTable> table(std::make_unique<SqlTable>(Token()));
  table->dialect_ = &dialect_of(source.server);
  table->name_ = source.name();
  table->retries_ = options.retries;
  table->max_categories_ = options.max_categories;
  if (is_file(source)) {
    const std::string ending = lowered(std::filesystem::path(source.data).extension().string());
    if (ending == ".sav" || ending == ".zsav") {
      return fail(
          ErrorCode::kUnsupported,
          fmt::format("'{}': DuckDB reads no SPSS files: use --engine memory, or convert it "
                      "to Parquet",
                      printable(source.data)));
    }
    FileSource file = TRY(describe_table_file(source.data, options.threads));
    table->from_ = std::move(file.from);
    table->columns_ = std::move(file.columns);
  }
  table->connection_ = TRY(open_connection(source, options, SqlAccess::kRead));
  if (!is_file(source)) TRY_DONE(table->describe_table(source, progress));
  TRY_DONE(table->make_codebook());
  return table;
}

Status SqlTable::describe_table(const SqlSource& source, const Progress& progress) {
  from_ = sql_table_name(*dialect_, source);
  const auto described = TRY(texts(columns_statement(*dialect_, source, from_), 2, progress));
  if (described.empty()) {
    return fail(ErrorCode::kNotFound,
                fmt::format("{}: there is no table '{}'", name_, printable(source.data)));
  }
  std::vector<size_t> to_check;
  for (const auto& row : described) {
    bool may_pass_doubles = false;
    auto column = column_of_type(source.server, row[0], row[1], may_pass_doubles);
    if (!column) continue;
    if (may_pass_doubles) to_check.push_back(columns_.size());
    columns_.push_back(std::move(*column));
  }
  // Whole numbers that no double holds are names of something: text, digits and all.
  const std::vector<NumberFacts> facts = TRY(number_facts(to_check, progress));
  for (size_t i = 0; i < to_check.size(); ++i) {
    if (facts[i].largest() > kWholeLimit) columns_[to_check[i]].type = FileType::kText;
  }
  return {};
}

Status SqlTable::make_codebook() {
  const std::vector<std::string> ids = variable_ids_of(columns_);
  for (size_t i = 0; i < columns_.size(); ++i) {
    TRY_DONE(codebook_.add(variable_of(columns_[i], ids[i])));
  }
  const auto is_taken = [&](const FileColumn& column) {
    return lowered(column.name).starts_with(alias_);
  };
  while (std::ranges::any_of(columns_, is_taken)) alias_ += '_';
  return {};
}

Result<size_t> SqlTable::written(const std::string& name) const {
  if (const auto index = codebook_.index_of_written(name)) return *index;
  const std::string near = suggestion(name, codebook_.ids());
  return fail(ErrorCode::kNotFound, fmt::format("there is no variable '{}'{}{}", printable(name),
                                                near.empty() ? "" : "; ", near));
}

Status SqlTable::run(const SqlStatement& statement, const Progress& progress,
                     const std::function<void()>& begin, const SqlRowUser& use) {
  std::chrono::milliseconds pause(100);
  for (int attempt = 0;; ++attempt, pause *= 3) {
    begin();
    SqlOutcome outcome = connection_->run(statement, progress, use);
    if (outcome.status || !outcome.connection_lost || attempt >= retries_) return outcome.status;
    for (auto waited = pause; waited.count() > 0 && !progress.stopped();
         waited -= std::chrono::milliseconds(50)) {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    if (progress.stopped()) return outcome.status;
  }
}

Result<std::vector<std::vector<std::string>>> SqlTable::texts(const std::string& sql,
                                                              size_t columns,
                                                              const Progress& progress) {
  std::vector<std::vector<std::string>> rows;
  TRY_DONE(run(
      {sql, std::vector<SqlType>(columns, SqlType::kText)}, progress, [&] { rows.clear(); },
      [&](SqlRow cells) -> Status {
        auto& row = rows.emplace_back();
        for (const SqlCell& cell : cells) row.emplace_back(cell.text);
        return {};
      }));
  return rows;
}

Result<const Variable*> SqlTable::variable(size_t column, const Progress& progress) {
  if (const auto found = variables_.find(column); found != variables_.end()) return &found->second;
  Variable variable = codebook_.variables()[column];
  if (columns_[column].type == FileType::kText) {
    const std::string text = value(column);
    // A limit below the distinct ones keeps identifiers of a thousand million cases from
    // travelling.
    auto rows = TRY(texts(fmt::format("SELECT {0} FROM {1} WHERE {0} IS NOT NULL GROUP BY {0} "
                                      "LIMIT {2}",
                                      text, from_, max_categories_ + 1),
                          1, progress));
    std::ranges::sort(rows);
    for (const auto& row : rows) {
      if (!is_utf8(row[0]) || row[0].find('\0') != std::string::npos) {
        return fail(ErrorCode::kInvalid, fmt::format("the text in column '{}' is not UTF-8",
                                                     printable(columns_[column].name)));
      }
      const int code = static_cast<int>(variable.categories.size()) + 1;
      variable.categories.push_back({.code = code, .label = row[0]});
    }
    if (rows.size() > std::min(max_categories_, size_t{kMaxCode})) {
      variable.kind = VariableKind::kText;
      variable.categories.clear();
    }
  }
  return &variables_.emplace(column, std::move(variable)).first->second;
}

Result<std::vector<NumberFacts>> SqlTable::number_facts(const std::vector<size_t>& columns,
                                                        const Progress& progress) {
  std::vector<size_t> unknown;
  AggregateText text{.from = from_};
  SqlStatement statement;
  for (const size_t column : columns) {
    if (facts_.contains(column) || std::ranges::count(unknown, column) > 0) continue;
    unknown.push_back(column);
    const std::string x = value(column);
    text.sums.push_back(fmt::format(fmt::runtime(dialect_->whole), fmt::format("count({})", x)));
    text.sums.push_back(fmt::format("min({})", x));
    text.sums.push_back(fmt::format("max({})", x));
    statement.types.insert(statement.types.end(),
                           {SqlType::kWhole, SqlType::kNumber, SqlType::kNumber});
  }
  if (!unknown.empty()) {
    statement.text = sql_aggregate(text);
    const auto use = [&](SqlRow row) -> Status {
      for (size_t i = 0; i < unknown.size(); ++i) {
        facts_[unknown[i]] = {.known = static_cast<uint64_t>(row[3 * i].whole),
                              .low = row[3 * i + 1].number,
                              .high = row[3 * i + 2].number};
      }
      return {};
    };
    TRY_DONE(run(statement, progress, [] {}, use));
  }
  std::vector<NumberFacts> found;
  for (const size_t column : columns) {
    const NumberFacts& facts = facts_[column];
    for (const double end : {facts.low, facts.high}) {
      if (std::isfinite(end)) continue;
      return fail(ErrorCode::kInvalid, fmt::format("column '{}' holds {}, which is no amount",
                                                   printable(columns_[column].name), end));
    }
    found.push_back(facts);
  }
  return found;
}

Result<std::vector<NumberFacts>> SqlTable::number_centres(const std::vector<size_t>& columns,
                                                          const Progress& progress) {
  std::vector<NumberFacts> found = TRY(number_facts(columns, progress));
  std::vector<int> shifts;
  std::vector<size_t> unknown;
  AggregateText text{.from = from_};
  for (size_t i = 0; i < columns.size(); ++i) {
    if (centres_.contains(columns[i])) continue;
    unknown.push_back(i);
    shifts.push_back(limb_shift(found[i].largest(), found[i].known));
    const std::string x =
        fmt::format("coalesce({}, {})", value(columns[i]), sql_number(*dialect_, 0));
    for (std::string& sum : sql_limb_sums(*dialect_, x, shifts.back())) {
      text.sums.push_back(std::move(sum));
    }
  }
  if (!unknown.empty()) {
    const SqlStatement statement{sql_aggregate(text),
                                 std::vector<SqlType>(text.sums.size(), SqlType::kWhole)};
    const auto use = [&](SqlRow row) -> Status {
      for (size_t i = 0; i < unknown.size(); ++i) {
        NumberFacts facts = found[unknown[i]];
        const double sum =
            value_of_limbs(joined(Limbs{row[2 * i].whole, row[2 * i + 1].whole}), shifts[i]);
        if (facts.known > 0) facts.centre = sum / static_cast<double>(facts.known);
        centres_[columns[unknown[i]]] = facts;
      }
      return {};
    };
    TRY_DONE(run(statement, progress, [] {}, use));
  }
  for (size_t i = 0; i < columns.size(); ++i) found[i] = centres_[columns[i]];
  return found;
}

}  // namespace barometer

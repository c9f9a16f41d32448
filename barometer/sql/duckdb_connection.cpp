#include <duckdb.h>

#include <array>
#include <chrono>
#include <memory>
#include <thread>

#include <fmt/format.h>

#include "barometer/base/text.h"
#include "barometer/sql/connection_internal.h"

namespace barometer {
namespace {

template <class T, auto Destroy>
struct Destroyer {
  void operator()(T* value) const {
    Destroy(value);
    std::default_delete<T>()(value);
  }
};
// A C object of DuckDB, destroyed with its holder.
template <class T, auto Destroy>
using Held = std::unique_ptr<T, Destroyer<T, Destroy>>;
using HeldConfig = Held<duckdb_config, duckdb_destroy_config>;
using HeldDatabase = Held<duckdb_database, duckdb_close>;
using HeldConnection = Held<duckdb_connection, duckdb_disconnect>;
using HeldStatement = Held<duckdb_prepared_statement, duckdb_destroy_prepare>;
using HeldPending = Held<duckdb_pending_result, duckdb_destroy_pending>;
using HeldResult = Held<duckdb_result, duckdb_destroy_result>;
using HeldAppender = Held<duckdb_appender, duckdb_appender_destroy>;
using HeldChunk = Held<duckdb_data_chunk, duckdb_destroy_data_chunk>;

template <class H>
H held(typename H::element_type value = {}) {
  return H(std::make_unique<typename H::element_type>(value).release());
}

std::string said(const char* message) {
  if (message == nullptr) return "no reason given";
  const std::string_view text = message;
  return printable(text.substr(0, text.find('\n')), 200);
}

duckdb_type type_of(SqlType type) {
  switch (type) {
    case SqlType::kText:
      return DUCKDB_TYPE_VARCHAR;
    case SqlType::kWhole:
      return DUCKDB_TYPE_BIGINT;
    case SqlType::kNumber:
      return DUCKDB_TYPE_DOUBLE;
  }
  return DUCKDB_TYPE_INVALID;
}

SqlCell cell_at(duckdb_vector vector, SqlType type, size_t row) {
  uint64_t* validity = duckdb_vector_get_validity(vector);
  SqlCell cell{.known = validity == nullptr || duckdb_validity_row_is_valid(validity, row)};
  if (!cell.known) return cell;
  void* values = duckdb_vector_get_data(vector);
  if (type == SqlType::kWhole) cell.whole = static_cast<int64_t*>(values)[row];
  if (type == SqlType::kNumber) cell.number = static_cast<double*>(values)[row];
  if (type == SqlType::kText) {
    auto* strings = static_cast<duckdb_string_t*>(values);
    cell.text = {duckdb_string_t_data(&strings[row]), duckdb_string_t_length(strings[row])};
  }
  return cell;
}

class DuckdbConnection : public SqlConnection {
 public:
  explicit DuckdbConnection(std::string name) : name_(std::move(name)) {}

  Status open(const SqlSource& source, const SqlOptions& options, SqlAccess access) {
    auto config = held<HeldConfig>();
    if (duckdb_create_config(config.get()) != DuckDBSuccess) return refused(nullptr);
    const auto set = [&](const char* option, const std::string& value) {
      duckdb_set_config(*config, option, value.c_str());
    };
    set("autoinstall_known_extensions", "false");
    set("autoload_known_extensions", "false");
    set("preserve_insertion_order", "false");
    set("memory_limit", fmt::format("{}KiB", options.memory_limit / 1024));
    set("temp_directory", spill_folder(source, options).string());
    if (options.threads > 0) set("threads", std::to_string(options.threads));
    if (!source.database_file.empty() && access == SqlAccess::kRead) {
      set("access_mode", "READ_ONLY");
    }
    const std::string file = source.database_file.string();
    char* message = nullptr;
    const auto opened =
        duckdb_open_ext(file.empty() ? nullptr : file.c_str(), database_.get(), *config, &message);
    const std::string reason = said(message);
    duckdb_free(message);
    if (opened != DuckDBSuccess) return refused(reason.c_str());
    if (duckdb_connect(*database_, connection_.get()) != DuckDBSuccess) return refused(nullptr);
    const auto answer = held<HeldResult>();
    if (duckdb_query(*connection_, "SET lock_configuration = true", answer.get()) !=
        DuckDBSuccess) {
      return refused(duckdb_result_error(answer.get()));
    }
    return {};
  }

  SqlOutcome run(const SqlStatement& statement, const Progress& progress,
                 const SqlRowUser& use) override {
    return {.status = executed(statement, progress, use)};
  }

  SqlOutcome append(const std::string& table, const std::vector<SqlType>& types,
                    const Progress& progress, const SqlRowSource& next) override {
    return {.status = appended(table, types, progress, next)};
  }

 private:
  static std::filesystem::path spill_folder(const SqlSource& source, const SqlOptions& options) {
    if (!options.spill_folder.empty()) return options.spill_folder;
    const std::filesystem::path beside =
        source.database_file.empty() ? std::filesystem::path(source.data) : source.database_file;
    return std::filesystem::absolute(beside).parent_path() / ".barometer-spill";
  }

  [[nodiscard]] tl::unexpected<Error> refused(const char* message) const {
    return fail(ErrorCode::kIo, fmt::format("{}: {}", name_, said(message)));
  }

  Status executed(const SqlStatement& statement, const Progress& progress, const SqlRowUser& use) {
    const auto prepared = held<HeldStatement>();
    if (duckdb_prepare(*connection_, statement.text.c_str(), prepared.get()) != DuckDBSuccess) {
      return refused(duckdb_prepare_error(*prepared));
    }
    const auto pending = held<HeldPending>();
    if (duckdb_pending_prepared_streaming(*prepared, pending.get()) != DuckDBSuccess) {
      return refused(duckdb_pending_error(*pending));
    }
    TRY_DONE(work_off(*pending, progress));
    const auto answer = held<HeldResult>();
    if (duckdb_execute_pending(*pending, answer.get()) != DuckDBSuccess) {
      return refused(duckdb_result_error(answer.get()));
    }
    if (statement.types.empty()) return {};
    return hand_out(*answer, statement.types, progress, use);
  }

  // `table` is "table" or "schema.table", unquoted: an appender quotes nothing.
  Status appended(const std::string& table, const std::vector<SqlType>& types,
                  const Progress& progress, const SqlRowSource& next) {
    const auto appender = held<HeldAppender>();
    const size_t dot = table.find('.');
    const std::string schema = table.substr(0, dot == std::string::npos ? 0 : dot);
    const std::string bare = table.substr(dot + 1);
    if (duckdb_appender_create(*connection_, schema.empty() ? nullptr : schema.c_str(),
                               bare.c_str(), appender.get()) != DuckDBSuccess) {
      return refused(duckdb_appender_error(*appender));
    }
    std::vector<SqlCell> cells(types.size());
    while (next(cells)) {
      if (progress.stopped()) return fail(ErrorCode::kLimit, "stopped while loading");
      for (size_t i = 0; i < types.size(); ++i) {
        if (!cells[i].known) {
          duckdb_append_null(*appender);
        } else if (types[i] == SqlType::kText) {
          duckdb_append_varchar_length(*appender, cells[i].text.data(), cells[i].text.size());
        } else if (types[i] == SqlType::kNumber) {
          duckdb_append_double(*appender, cells[i].number);
        } else {
          duckdb_append_int64(*appender, cells[i].whole);
        }
      }
      if (duckdb_appender_end_row(*appender) != DuckDBSuccess) {
        return refused(duckdb_appender_error(*appender));
      }
    }
    if (duckdb_appender_close(*appender) == DuckDBSuccess) return {};
    return refused(duckdb_appender_error(*appender));
  }

  // Until there are rows to fetch, looking at the stop sign between tasks.
  Status work_off(duckdb_pending_result pending, const Progress& progress) const {
    while (true) {
      if (progress.stopped()) {
        duckdb_interrupt(*connection_);
        return fail(ErrorCode::kLimit, "stopped while the database was summing");
      }
      const duckdb_pending_state state = duckdb_pending_execute_task(pending);
      if (state == DUCKDB_PENDING_ERROR) return refused(duckdb_pending_error(pending));
      if (duckdb_pending_execution_is_finished(state)) return {};
      if (state == DUCKDB_PENDING_NO_TASKS_AVAILABLE) {
        std::this_thread::sleep_for(std::chrono::microseconds(200));
      }
    }
  }

  Status hand_out(duckdb_result& answer, const std::vector<SqlType>& types,
                  const Progress& progress, const SqlRowUser& use) const {
    CHECK(duckdb_column_count(&answer) == types.size(), "a type for each column");
    for (size_t i = 0; i < types.size(); ++i) {
      CHECK(duckdb_column_type(&answer, i) == type_of(types[i]),
            "columns are of the type declared");
    }
    std::vector<SqlCell> cells(types.size());
    std::vector<duckdb_vector> vectors(types.size());
    while (true) {
      if (progress.stopped()) return fail(ErrorCode::kLimit, "stopped while reading sums");
      const auto chunk = held<HeldChunk>(duckdb_fetch_chunk(answer));
      const size_t rows = *chunk == nullptr ? 0 : duckdb_data_chunk_get_size(*chunk);
      if (rows == 0) break;
      for (size_t i = 0; i < types.size(); ++i) {
        vectors[i] = duckdb_data_chunk_get_vector(*chunk, i);
      }
      for (size_t row = 0; row < rows; ++row) {
        for (size_t i = 0; i < types.size(); ++i) cells[i] = cell_at(vectors[i], types[i], row);
        TRY_DONE(use(cells));
      }
    }
    if (const char* message = duckdb_result_error(&answer)) return refused(message);
    return {};
  }

  std::string name_;
  HeldDatabase database_ = held<HeldDatabase>();
  HeldConnection connection_ = held<HeldConnection>();  // gone before the database
};

}  // namespace

Result<SqlConnectionPtr> open_duckdb(const SqlSource& source, const SqlOptions& options,
                                     SqlAccess access) {
  auto connection = std::make_unique<DuckdbConnection>(source.name());
  TRY_DONE(connection->open(source, options, access));
  return SqlConnectionPtr(std::move(connection));
}

}  // namespace barometer

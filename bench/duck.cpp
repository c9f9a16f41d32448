#include "bench/duck.h"

#include <algorithm>
#include <atomic>

#include <duckdb.h>
#include <fmt/format.h>

namespace barometer::bench {

struct DuckSession::Handles {
  duckdb_database database = nullptr;
  duckdb_connection connection = nullptr;

  Handles() = default;
  Handles(const Handles&) = delete;
  Handles& operator=(const Handles&) = delete;
  ~Handles() {
    duckdb_disconnect(&connection);
    duckdb_close(&database);
  }
};

namespace {

// Rows [next, next + step) are the next chunk's.
struct Scan {
  const Generator* generator = nullptr;
  std::atomic<uint64_t> next{0};
};

void bind_survey(duckdb_bind_info info) {
  const auto* scan = static_cast<const Scan*>(duckdb_bind_get_extra_info(info));
  const std::vector<std::string> names = column_names();
  for (size_t i = 0; i < names.size(); ++i) {
    const duckdb_type type = i == 1 || i == 2   ? DUCKDB_TYPE_USMALLINT
                             : i == 3 || i == 4 ? DUCKDB_TYPE_INTEGER
                                                : DUCKDB_TYPE_UTINYINT;
    duckdb_logical_type logical = duckdb_create_logical_type(type);
    duckdb_bind_add_result_column(info, i == 3 ? "w6" : names[i].c_str(), logical);
    duckdb_destroy_logical_type(&logical);
  }
  duckdb_bind_set_cardinality(info, scan->generator->rows(), true);
}

void start_survey(duckdb_init_info info) { duckdb_init_set_max_threads(info, 1); }

template <class T>
T* cells(duckdb_data_chunk chunk, size_t column) {
  return static_cast<T*>(duckdb_vector_get_data(duckdb_data_chunk_get_vector(chunk, column)));
}

void fill_survey(duckdb_function_info info, duckdb_data_chunk chunk) {
  auto* scan = static_cast<Scan*>(duckdb_function_get_extra_info(info));
  const uint64_t step = duckdb_vector_size();
  const uint64_t first = scan->next.fetch_add(step);
  const uint64_t rows = scan->generator->rows();
  const uint64_t count = first >= rows ? 0 : std::min(step, rows - first);
  auto* stratum = cells<uint8_t>(chunk, 0);
  auto* psu = cells<uint16_t>(chunk, 1);
  auto* fpc = cells<uint16_t>(chunk, 2);
  auto* weight = cells<int32_t>(chunk, 3);
  auto* income = cells<int32_t>(chunk, 4);
  std::vector<uint8_t*> codes;
  for (size_t i = 5; i < kColumns; ++i) codes.push_back(cells<uint8_t>(chunk, i));
  for (uint64_t i = 0; i < count; ++i) {
    const SurveyRow row = scan->generator->row(first + i);
    stratum[i] = row.stratum;
    psu[i] = row.psu;
    fpc[i] = row.fpc;
    weight[i] = row.weight_micro;
    income[i] = row.income;
    for (size_t j = 0; j < kQuestions; ++j) codes[j][i] = row.question[j];
    for (size_t j = 0; j < kBanners; ++j) codes[kQuestions + j][i] = row.banner[j];
  }
  duckdb_data_chunk_set_size(chunk, count);
}

// The owner hands the scan over to DuckDB, which gives it back here.
void drop_scan(void* scan) { std::default_delete<Scan>()(static_cast<Scan*>(scan)); }

struct Answer {
  duckdb_result result{};
  Answer() = default;
  Answer(const Answer&) = delete;
  Answer& operator=(const Answer&) = delete;
  ~Answer() { duckdb_destroy_result(&result); }
};

}  // namespace

Result<DuckSession> DuckSession::open(size_t threads, const std::string& memory_limit) {
  DuckSession session;
  session.handles_ = std::make_shared<Handles>();
  duckdb_config config = nullptr;
  duckdb_create_config(&config);
  duckdb_set_config(config, "threads", fmt::format("{}", threads).c_str());
  duckdb_set_config(config, "memory_limit", memory_limit.c_str());
  duckdb_set_config(config, "autoload_known_extensions", "false");
  duckdb_set_config(config, "autoinstall_known_extensions", "false");
  const bool opened =
      duckdb_open_ext(nullptr, &session.handles_->database, config, nullptr) == DuckDBSuccess;
  duckdb_destroy_config(&config);
  if (!opened ||
      duckdb_connect(session.handles_->database, &session.handles_->connection) != DuckDBSuccess) {
    return fail(ErrorCode::kIo, "DuckDB does not open a database in memory");
  }
  return session;
}

Result<std::vector<std::vector<double>>> DuckSession::query(const std::string& sql) const {
  Answer answer;
  if (duckdb_query(handles_->connection, sql.c_str(), &answer.result) != DuckDBSuccess) {
    return fail(ErrorCode::kInvalid,
                fmt::format("DuckDB: {}", duckdb_result_error(&answer.result)));
  }
  std::vector<std::vector<double>> rows(duckdb_row_count(&answer.result));
  for (size_t i = 0; i < rows.size(); ++i) {
    for (idx_t j = 0; j < duckdb_column_count(&answer.result); ++j) {
      rows[i].push_back(duckdb_value_double(&answer.result, j, i));
    }
  }
  return rows;
}

Status DuckSession::add_generator(const Generator& generator) const {
  auto scan = std::make_unique<Scan>();
  scan->generator = &generator;
  duckdb_table_function function = duckdb_create_table_function();
  duckdb_table_function_set_name(function, "survey");
  duckdb_table_function_set_extra_info(function, scan.release(), drop_scan);
  duckdb_table_function_set_bind(function, bind_survey);
  duckdb_table_function_set_init(function, start_survey);
  duckdb_table_function_set_function(function, fill_survey);
  const bool added =
      duckdb_register_table_function(handles_->connection, function) == DuckDBSuccess;
  duckdb_destroy_table_function(&function);
  if (!added) return fail(ErrorCode::kInvalid, "DuckDB refuses the generator as a table function");
  return {};
}

Status write_parquet_rows(const Generator& generator, const std::filesystem::path& file,
                          size_t threads) {
  const DuckSession session = TRY(DuckSession::open(threads, "1500MB"));
  TRY_DONE(session.add_generator(generator));
  TRY(
      session.query(fmt::format("COPY (SELECT * FROM survey()) TO '{}' (FORMAT parquet, "
                                "COMPRESSION zstd, ROW_GROUP_SIZE 122880)",
                                file.string())));
  return {};
}

}  // namespace barometer::bench

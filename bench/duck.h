// DuckDB as a peer, and as the writer of the benchmark's Parquet files.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "barometer/base/result.h"
#include "bench/generate.h"

namespace barometer::bench {

class DuckSession {
 public:
  // `memory_limit` as DuckDB writes it: "1500MB".
  static Result<DuckSession> open(size_t threads, const std::string& memory_limit);

  // Every cell as a number, row by row.
  [[nodiscard]] Result<std::vector<std::vector<double>>> query(const std::string& sql) const;
  // Rows of `generator` as the table function survey(), in its order. It must outlive the session.
  Status add_generator(const Generator& generator) const;

 private:
  struct Handles;
  std::shared_ptr<Handles> handles_;
};

// Rows at a time: memory does not grow with their number.
Status write_parquet_rows(const Generator& generator, const std::filesystem::path& file,
                          size_t threads);

}  // namespace barometer::bench

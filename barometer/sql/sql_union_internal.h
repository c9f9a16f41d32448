// Several statements as one, so that a request is one round trip: SELECTs joined with UNION ALL.
//
// The first column of the union says which statement a row is of. Banks of columns follow: as many
// texts as the statement with the most of them has, then numbers, then whole numbers. A statement
// puts its columns into the first of each bank, in its own order, and NULL into the rest. Rows of
// different statements may come in any order.
#pragma once

#include <array>
#include <functional>
#include <string>
#include <vector>

#include "barometer/sql/connection_internal.h"

namespace barometer {

class SqlUnion {
 public:
  // Past these a request becomes several unions. Each shard of ClickHouse runs every statement as a
  // query of its own, and takes 100 at once; a row of PostgreSQL has at most 1,664 columns.
  static constexpr size_t kMostStatements = 32;
  static constexpr size_t kMostText = size_t{1} << 20;  // bytes
  static constexpr size_t kMostColumns = 1600;

  using RowUser = std::function<Status(size_t statement, SqlRow row)>;

  // alias: the columns of each statement are named alias0, alias1 and so on.
  SqlUnion(const Dialect& dialect, std::string alias)
      : dialect_(&dialect), alias_(std::move(alias)) {}

  // False, and nothing is added, past one of the limits; the first statement always fits. The
  // statement is read until text().
  bool add(const SqlStatement& statement);
  [[nodiscard]] size_t size() const { return parts_.size(); }
  // One statement alone is asked as it is.
  [[nodiscard]] SqlStatement statement() const;
  // A row of the union, as one of its statement.
  Status route(SqlRow row, const RowUser& use);

 private:
  using Widths = std::array<size_t, 3>;  // columns of text, numbers, whole numbers

  [[nodiscard]] std::vector<size_t> places(const SqlStatement& part) const;
  [[nodiscard]] std::string select(size_t part) const;

  const Dialect* dialect_;
  std::string alias_;
  std::vector<const SqlStatement*> parts_;
  size_t text_bytes_ = 0;
  Widths widths_{};
  std::vector<std::vector<size_t>> places_;  // of the rows; by statement
  std::vector<SqlCell> cells_;
};

}  // namespace barometer

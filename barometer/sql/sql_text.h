// SQL text for three servers: pure functions from names, values and conditions to text.
//
// Everything a person or a file names passes sql_identifier or sql_literal, and nothing else
// quotes. A column is read as read_data reads it: '' and NA are no text, NaN is no number.
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "barometer/base/result.h"
#include "barometer/data/bound_expression.h"
#include "barometer/data/codebook.h"
#include "barometer/io/table_source.h"

namespace barometer {

enum class SqlServer { kDuckdb, kPostgresql, kClickhouse };

// What the servers write differently. {} stands for what is inside.
struct Dialect {
  SqlServer server;
  std::string_view number;  // to a double
  std::string_view whole;   // to a signed whole number of 64 bits
  std::string_view text;    // to text that is compared byte by byte
  std::string_view no_nan;  // the double, NULL where it is not a number
  std::string_view truth;   // a condition, false where it is NULL
  std::string_view yes, no;
  std::string_view no_text, no_number, no_whole;  // NULL of a type
};
const Dialect& dialect_of(SqlServer server);
std::string_view name_of(SqlServer server);  // "DuckDB", "PostgreSQL", "ClickHouse"

std::string sql_identifier(const Dialect& dialect, std::string_view name);
// A text constant. PostgreSQL holds no zero byte: CHECKed.
std::string sql_literal(const Dialect& dialect, std::string_view text);
// A finite double, to the last bit, that no server takes for a decimal fraction.
std::string sql_number(const Dialect& dialect, double value);

// The value of a column, NULL where it is missing: of text its text, of a boolean 1 or 2, of a
// number a double.
std::string sql_value(const Dialect& dialect, const FileColumn& column);

// Whether `condition` has this truth, as a condition that is never NULL. `variables` are those it
// was bound to and `columns` what holds them, one a variable. kUnsupported: a zero byte in a text,
// or a variable of several answers.
Result<std::string> sql_truth(const Dialect& dialect, const BoundCondition& condition,
                              std::span<const Variable> variables,
                              std::span<const FileColumn> columns, Truth wanted);

std::string sql_if(const Dialect& dialect, std::string_view condition, std::string_view value,
                   std::string_view otherwise);
// Σ of an expression of whole numbers, 0 of no rows.
std::string sql_whole_sum(const Dialect& dialect, std::string_view expression);
// The two sums of limbs.h, of an expression that is never NULL.
std::array<std::string, 2> sql_limb_sums(const Dialect& dialect, std::string_view expression,
                                         int shift);
// The three sums, of a product.
std::array<std::string, 3> sql_fine_limb_sums(const Dialect& dialect, std::string_view expression,
                                              int shift);

struct AggregateText {
  std::string from{};
  std::string where{};  // empty: every row
  std::vector<std::string> groups{};
  std::vector<std::string> sums{};
  // The columns are named alias0, alias1 and so on, which no column of the table may be: ClickHouse
  // would take the one for the other. Empty: no names.
  std::string alias{};
};
// SELECT groups, sums FROM … WHERE … GROUP BY groups.
std::string sql_aggregate(const AggregateText& parts);

}  // namespace barometer

#include "barometer/sql/sql_text.h"

#include <cmath>

#include <fmt/format.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

constexpr Dialect kDuckdb{.server = SqlServer::kDuckdb,
                          .number = "CAST({} AS DOUBLE)",
                          .whole = "CAST({} AS BIGINT)",
                          .text = "CAST({} AS VARCHAR)",
                          .no_nan = "nullif({}, CAST('nan' AS DOUBLE))",
                          .truth = "coalesce({}, FALSE)",
                          .yes = "TRUE",
                          .no = "FALSE",
                          .no_text = "CAST(NULL AS VARCHAR)",
                          .no_number = "CAST(NULL AS DOUBLE)",
                          .no_whole = "CAST(NULL AS BIGINT)"};
constexpr Dialect kPostgresql{.server = SqlServer::kPostgresql,
                              .number = "CAST({} AS double precision)",
                              .whole = "CAST({} AS bigint)",
                              .text = "CAST({} AS text) COLLATE \"C\"",
                              .no_nan = "nullif({}, CAST('NaN' AS double precision))",
                              .truth = "coalesce({}, FALSE)",
                              .yes = "TRUE",
                              .no = "FALSE",
                              .no_text = "CAST(NULL AS text)",
                              .no_number = "CAST(NULL AS double precision)",
                              .no_whole = "CAST(NULL AS bigint)"};
constexpr Dialect kClickhouse{.server = SqlServer::kClickhouse,
                              .number = "toFloat64({})",
                              .whole = "toInt64({})",
                              .text = "toString({})",
                              .no_nan = "if(ifNull(isNaN({0}), 1), NULL, {0})",
                              .truth = "ifNull({}, 0)",
                              .yes = "1",
                              .no = "0",
                              .no_text = "CAST(NULL AS Nullable(String))",
                              .no_number = "CAST(NULL AS Nullable(Float64))",
                              .no_whole = "CAST(NULL AS Nullable(Int64))"};

std::string filled(std::string_view pattern, std::string_view inside) {
  return fmt::format(fmt::runtime(pattern), inside);
}

std::string_view opposite(std::string_view op) {
  if (op == "=") return "<>";
  if (op == "<>") return "=";
  if (op == "<") return ">=";
  if (op == "<=") return ">";
  return op == ">" ? "<=" : "<";
}

}  // namespace

const Dialect& dialect_of(SqlServer server) {
  switch (server) {
    case SqlServer::kDuckdb:
      return kDuckdb;
    case SqlServer::kPostgresql:
      return kPostgresql;
    case SqlServer::kClickhouse:
      return kClickhouse;
  }
  CHECK(false, "a server is of a known kind");
}

std::string_view name_of(SqlServer server) {
  switch (server) {
    case SqlServer::kDuckdb:
      return "DuckDB";
    case SqlServer::kPostgresql:
      return "PostgreSQL";
    case SqlServer::kClickhouse:
      return "ClickHouse";
  }
  return "";
}

std::string sql_identifier(const Dialect& dialect, std::string_view name) {
  if (dialect.server != SqlServer::kClickhouse) return sql_name(name);
  return "`" + replaced(replaced(std::string(name), "\\", "\\\\"), "`", "\\`") + "`";
}

std::string sql_literal(const Dialect& dialect, std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    const bool clickhouse = dialect.server == SqlServer::kClickhouse;
    if (c == '\0') {
      CHECK(dialect.server != SqlServer::kPostgresql, "PostgreSQL holds no zero byte");
      out += clickhouse ? "\\0" : "' || chr(0) || '";
    } else if (c == '\'') {
      out += clickhouse ? "\\'" : "''";
    } else if (c == '\\' && clickhouse) {
      out += "\\\\";
    } else {
      out += c;
    }
  }
  out += "'";
  return out.find("|| chr(0) ||") == std::string::npos ? out : "(" + out + ")";
}

std::string sql_number(const Dialect& dialect, double value) {
  CHECK(std::isfinite(value), "constants are finite");
  std::string digits = fmt::format("{}", value);
  if (digits.find('e') == std::string::npos) digits += "e0";
  if (dialect.server == SqlServer::kPostgresql) digits = filled(dialect.number, digits);
  return value < 0 ? "(" + digits + ")" : digits;
}

std::string sql_value(const Dialect& dialect, const FileColumn& column) {
  const std::string name = sql_identifier(dialect, column.name);
  switch (column.type) {
    case FileType::kNumber: {
      const std::string number = filled(dialect.number, name);
      return column.whole ? number : filled(dialect.no_nan, number);
    }
    case FileType::kBoolean:
      return filled(dialect.number,
                    fmt::format("CASE WHEN {0} THEN 2 WHEN NOT {0} THEN 1 END", name));
    case FileType::kText:
      return fmt::format("nullif(nullif({}, ''), 'NA')", filled(dialect.text, name));
  }
  CHECK(false, "a column is of a known type");
}

std::string sql_if(const Dialect& dialect, std::string_view condition, std::string_view value,
                   std::string_view otherwise) {
  if (dialect.server == SqlServer::kClickhouse) {
    return fmt::format("if({}, {}, {})", condition, value, otherwise);
  }
  return fmt::format("CASE WHEN {} THEN {} ELSE {} END", condition, value, otherwise);
}

std::string sql_whole_sum(const Dialect& dialect, std::string_view expression) {
  return filled(dialect.whole, fmt::format("coalesce(sum({}), 0)", expression));
}

std::array<std::string, 2> sql_limb_sums(const Dialect& dialect, std::string_view expression,
                                         int shift) {
  const std::string scaled =
      fmt::format("{} * {}", expression, sql_number(dialect, std::ldexp(1.0, shift)));
  const std::string high = fmt::format("floor({})", scaled);
  const std::string low = fmt::format("floor(({} - {}) * {} + {})", scaled, high,
                                      sql_number(dialect, 0x1p31), sql_number(dialect, 0.5));
  return {sql_whole_sum(dialect, filled(dialect.whole, high)),
          sql_whole_sum(dialect, filled(dialect.whole, low))};
}

std::array<std::string, 3> sql_fine_limb_sums(const Dialect& dialect, std::string_view expression,
                                              int shift) {
  const std::string scaled =
      fmt::format("{} * {}", expression, sql_number(dialect, std::ldexp(1.0, shift)));
  const std::string limb = sql_number(dialect, 0x1p31);
  const std::string rest = fmt::format("({0} - trunc({0})) * {1}", scaled, limb);
  const std::string low =
      fmt::format("floor(({0} - trunc({0})) * {1} + {2})", rest, limb, sql_number(dialect, 0.5));
  return {sql_whole_sum(dialect, filled(dialect.whole, fmt::format("trunc({})", scaled))),
          sql_whole_sum(dialect, filled(dialect.whole, fmt::format("trunc({})", rest))),
          sql_whole_sum(dialect, filled(dialect.whole, low))};
}

std::string sql_aggregate(const AggregateText& parts) {
  std::vector<std::string> selected = parts.groups;
  selected.insert(selected.end(), parts.sums.begin(), parts.sums.end());
  for (size_t i = 0; i < selected.size() && !parts.alias.empty(); ++i) {
    selected[i] += fmt::format(" AS {}{}", parts.alias, i);
  }
  std::string text = fmt::format("SELECT {} FROM {}", join(selected, ", "), parts.from);
  if (!parts.where.empty()) text += " WHERE " + parts.where;
  if (!parts.groups.empty()) text += " GROUP BY " + join(parts.groups, ", ");
  return text;
}

namespace {

// A condition in two-valued SQL: what is unknown is neither true nor false, so a NULL never meets
// another condition, and servers need not agree on what it would do there.
class TruthWriter {
 public:
  TruthWriter(const Dialect& dialect, std::span<const Variable> variables,
              std::span<const FileColumn> columns)
      : dialect_(dialect), variables_(variables), columns_(columns) {}

  Result<std::string> condition(const BoundCondition& node, Truth wanted) {
    using Kind = BoundCondition::Kind;
    switch (node.kind) {
      case Kind::kAll:
      case Kind::kAny:
        return junction(node, wanted);
      case Kind::kNot:
        return condition(node.parts[0], wanted == kTrue ? kFalse : kTrue);
      case Kind::kCodes:
        return codes(node, wanted);
      case Kind::kMissing:
        return missing(node, wanted);
      case Kind::kNumbers:
        return compared(TRY(quantity(node.sides[0])), node.op, TRY(quantity(node.sides[1])),
                        wanted);
      case Kind::kText:
        return compared(value(node.column), node.op, TRY(literal(node.text)), wanted);
      case Kind::kTextColumns:
        return compared(value(node.column), node.op, value(node.other), wanted);
      case Kind::kOptions:
        return fail(ErrorCode::kUnsupported,
                    fmt::format("'{}' may have several answers, which a database does not hold",
                                variables_[node.column].id));
    }
    CHECK(false, "a condition is of a known kind");
  }

 private:
  [[nodiscard]] std::string value(size_t column) const {
    return sql_value(dialect_, columns_[column]);
  }
  [[nodiscard]] std::string constant(bool yes) const {
    return std::string(yes ? dialect_.yes : dialect_.no);
  }

  Result<std::string> literal(const std::string& text) const {
    if (text.find('\0') == std::string::npos) return sql_literal(dialect_, text);
    return fail(ErrorCode::kUnsupported, "no text in a database holds a zero byte");
  }

  Result<std::string> junction(const BoundCondition& node, Truth wanted) {
    const bool all = (node.kind == BoundCondition::Kind::kAll) == (wanted == kTrue);
    std::vector<std::string> parts;
    for (const BoundCondition& part : node.parts) parts.push_back(TRY(condition(part, wanted)));
    return parts.size() == 1 ? parts[0] : "(" + join(parts, all ? " AND " : " OR ") + ")";
  }

  Result<std::string> compared(const std::string& left, std::string_view op,
                               const std::string& right, Truth wanted) {
    return filled(dialect_.truth,
                  fmt::format("{} {} {}", left, wanted == kTrue ? op : opposite(op), right));
  }

  Result<std::string> missing(const BoundCondition& node, Truth wanted) {
    const bool here = node.by_missing[0] == wanted;
    const bool there = node.by_missing[static_cast<size_t>(Missing::kSystem)] == wanted;
    if (here == there) return constant(here);
    return fmt::format("({} IS {}NULL)", value(node.column), here ? "NOT " : "");
  }

  Result<std::string> codes(const BoundCondition& node, Truth wanted) {
    const bool missing_too = node.by_missing[static_cast<size_t>(Missing::kSystem)] == wanted;
    const Variable& variable = variables_[node.column];
    std::vector<std::string> in, out;
    for (const Category& category : variable.categories) {
      const auto code = static_cast<size_t>(category.code);
      const bool holds = code < node.by_code.size() && node.by_code[code] == wanted;
      (holds ? in : out)
          .push_back(columns_[node.column].type == FileType::kText
                         ? TRY(literal(category.label))
                         : sql_number(dialect_, category.code));
    }
    const std::string of = value(node.column);
    if (in.empty()) return missing_too ? fmt::format("({} IS NULL)", of) : constant(false);
    if (out.empty()) return missing_too ? constant(true) : fmt::format("({} IS NOT NULL)", of);
    const bool listed = in.size() <= out.size();
    return fmt::format("({0} IS {1} {0} {2}IN ({3}))", of, missing_too ? "NULL OR" : "NOT NULL AND",
                       listed ? "" : "NOT ", join(listed ? in : out, ", "));
  }

  Result<std::string> quantity(const BoundQuantity& node) {
    using Kind = BoundQuantity::Kind;
    switch (node.kind) {
      case Kind::kConstant:
        return sql_number(dialect_, node.value);
      case Kind::kNumberColumn:
        return value(node.column);
      case Kind::kCodes:
        return code_number(node);
      case Kind::kNegative:
        return fmt::format("(- {})", TRY(quantity(node.parts[0])));
      case Kind::kArithmetic:
        return arithmetic(node);
    }
    CHECK(false, "a quantity is of a known kind");
  }

  Result<std::string> code_number(const BoundQuantity& node) {
    if (columns_[node.column].type != FileType::kText) return value(node.column);
    std::string cases;
    for (const Category& category : variables_[node.column].categories) {
      cases += fmt::format(" WHEN {} = {} THEN {}", value(node.column),
                           TRY(literal(category.label)), sql_number(dialect_, category.code));
    }
    if (cases.empty()) return filled(dialect_.number, "NULL");
    return fmt::format("CASE{} ELSE NULL END", cases);
  }

  // The parts are finite, so that once a chain of + - or of * / has left the finite numbers it
  // never comes back, and one look at its end is enough.
  Result<std::string> arithmetic(const BoundQuantity& node) {
    std::string chain = TRY(quantity(node.parts[0]));
    for (size_t i = 1; i < node.parts.size(); ++i) {
      const char sign = node.signs[i - 1];
      const std::string part = TRY(quantity(node.parts[i]));
      chain += fmt::format(" {} {}", sign,
                           sign == '/' && dialect_.server == SqlServer::kPostgresql
                               ? fmt::format("nullif({}, 0)", part)
                               : part);
    }
    return finite(chain);
  }

  // NULL where it is not finite; the expression stands in the text once, so that nesting does not
  // double it. PostgreSQL fails where a number leaves the range of doubles.
  std::string finite(const std::string& chain) {
    switch (dialect_.server) {
      case SqlServer::kDuckdb:
        return fmt::format("list_filter([{}], lambda x: isfinite(x))[1]", chain);
      case SqlServer::kPostgresql:
        return fmt::format("({})", chain);
      case SqlServer::kClickhouse: {
        const std::string alias = fmt::format("barometer_{}", ++aliases_);
        return fmt::format("if(ifNull(isFinite(({0}) AS {1}), 0), {1}, NULL)", chain, alias);
      }
    }
    return chain;
  }

  const Dialect& dialect_;
  std::span<const Variable> variables_;
  std::span<const FileColumn> columns_;
  int aliases_ = 0;
};

}  // namespace

Result<std::string> sql_truth(const Dialect& dialect, const BoundCondition& condition,
                              std::span<const Variable> variables,
                              std::span<const FileColumn> columns, Truth wanted) {
  return TruthWriter(dialect, variables, columns).condition(condition, wanted);
}

}  // namespace barometer

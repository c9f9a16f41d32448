#include "barometer/sql/sql_text.h"

#include <random>

#include <gmock/gmock.h>

#include "barometer/base/text.h"

namespace barometer {
namespace {

const Dialect& duckdb() { return dialect_of(SqlServer::kDuckdb); }
const Dialect& postgresql() { return dialect_of(SqlServer::kPostgresql); }
const Dialect& clickhouse() { return dialect_of(SqlServer::kClickhouse); }

TEST(SqlText, QuotesNamesAndTexts) {
  struct Case {
    std::string text, name, literal, clickhouse_name, clickhouse_literal;
  };
  const std::vector<Case> cases = {
      {"plain", R"("plain")", "'plain'", "`plain`", "'plain'"},
      {"a\"b", R"("a""b")", "'a\"b'", "`a\"b`", "'a\"b'"},
      {"it's", R"("it's")", "'it''s'", "`it's`", R"('it\'s')"},
      {"a\\", R"("a\")", "'a\\'", R"(`a\\`)", R"('a\\')"},
      {"a`b", "\"a`b\"", "'a`b'", R"(`a\`b`)", "'a`b'"},
      {"a\nb", "\"a\nb\"", "'a\nb'", "`a\nb`", "'a\nb'"},
      {"*?[", "\"*?[\"", "'*?['", "`*?[`", "'*?['"},
      {"é😀", "\"é😀\"", "'é😀'", "`é😀`", "'é😀'"},
      {"'; DROP TABLE t; --", "\"'; DROP TABLE t; --\"", "'''; DROP TABLE t; --'",
       "`'; DROP TABLE t; --`", R"('\'; DROP TABLE t; --')"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(sql_identifier(duckdb(), c.text), c.name);
    EXPECT_EQ(sql_identifier(postgresql(), c.text), c.name);
    EXPECT_EQ(sql_identifier(clickhouse(), c.text), c.clickhouse_name);
    EXPECT_EQ(sql_literal(duckdb(), c.text), c.literal);
    EXPECT_EQ(sql_literal(postgresql(), c.text), c.literal);
    EXPECT_EQ(sql_literal(clickhouse(), c.text), c.clickhouse_literal);
  }
  const std::string zero("a\0b", 3);
  EXPECT_EQ(sql_literal(duckdb(), zero), "('a' || chr(0) || 'b')");
  EXPECT_EQ(sql_literal(clickhouse(), zero), R"('a\0b')");
  EXPECT_THROW(sql_literal(postgresql(), zero), BrokenPromise);
}

// Read back by the servers' rules: nothing inside ends the quotes, and nothing is lost.
TEST(SqlText, NothingGetsOutOfItsQuotes) {
  std::mt19937_64 random(7);
  const std::string_view alphabet = "'\"\\`a%_;-\n\t*?[";
  for (int round = 0; round < 5000; ++round) {
    std::string text;
    for (size_t i = random() % 12; i-- > 0;) text += alphabet[random() % alphabet.size()];
    for (const Dialect* dialect : {&duckdb(), &postgresql(), &clickhouse()}) {
      for (const std::string& quoted :
           {sql_literal(*dialect, text), sql_identifier(*dialect, text)}) {
        const char quote = quoted[0];
        const bool escapes = dialect == &clickhouse();
        std::string back;
        size_t i = 1;
        for (; i < quoted.size(); ++i) {
          if (escapes && quoted[i] == '\\') {
            back += quoted[++i];
          } else if (quoted[i] == quote && !escapes && i + 1 < quoted.size() &&
                     quoted[i + 1] == quote) {
            back += quoted[++i];
          } else if (quoted[i] == quote) {
            break;
          } else {
            back += quoted[i];
          }
        }
        EXPECT_EQ(i, quoted.size() - 1) << quoted;
        EXPECT_EQ(back, text) << quoted;
      }
    }
  }
}

TEST(SqlText, NumbersAreDoublesToEveryServer) {
  EXPECT_EQ(sql_number(duckdb(), 7), "7e0");
  EXPECT_EQ(sql_number(clickhouse(), 0.1), "0.1e0");
  EXPECT_EQ(sql_number(postgresql(), 2.5), "CAST(2.5e0 AS double precision)");
  EXPECT_EQ(sql_number(duckdb(), -1e300), "(-1e+300)");
}

const std::vector<Variable> kVariables = {
    {.id = "role",
     .kind = VariableKind::kSingle,
     .categories = {{1, "chair"}, {2, "it's"}, {3, "other"}}},
    {.id = "pay", .kind = VariableKind::kNumber},
    {.id = "why", .kind = VariableKind::kText},
    {.id = "flag", .kind = VariableKind::kSingle, .categories = {{1, "No"}, {2, "Yes"}}},
};
const std::vector<FileColumn> kColumns = {{"role", FileType::kText},
                                          {"pay", FileType::kNumber, true},
                                          {"why", FileType::kText},
                                          {"flag", FileType::kBoolean}};

std::string truth(const Dialect& dialect, const char* text) {
  Codebook codebook;
  for (const Variable& variable : kVariables) EXPECT_TRUE(codebook.add(variable));
  const auto bound = Expression::parse(text)->bind(codebook);
  EXPECT_TRUE(bound) << bound.error().message;
  return sql_truth(dialect, *bound, kVariables, kColumns, kTrue).value();
}

TEST(SqlText, ConditionsAreNeverNull) {
  const std::string role = "nullif(nullif(CAST(\"role\" AS VARCHAR), ''), 'NA')";
  const std::string pay = "CAST(\"pay\" AS DOUBLE)";
  const std::vector<std::pair<const char*, std::string>> cases = {
      {"role = 'it''s'", "(" + role + " IS NOT NULL AND " + role + " IN ('it''s'))"},
      {"not role = 'it''s'", "(" + role + " IS NOT NULL AND " + role + " NOT IN ('it''s'))"},
      {"role is missing", "(" + role + " IS NULL)"},
      {"role is refused", "FALSE"},
      {"pay > 3", "coalesce(" + pay + " > 3e0, FALSE)"},
      {"not pay > 3", "coalesce(" + pay + " <= 3e0, FALSE)"},
      {"not (pay > 3 and role is missing)",
       "(coalesce(" + pay + " <= 3e0, FALSE) OR (" + role + " IS NOT NULL))"},
      {"1 / pay > 2",
       "coalesce(list_filter([1e0 / " + pay + "], lambda x: isfinite(x))[1] > 2e0, FALSE)"},
  };
  for (const auto& [text, sql] : cases) EXPECT_EQ(truth(duckdb(), text), sql) << text;
  EXPECT_EQ(truth(postgresql(), "1 / pay > 2"),
            "coalesce((CAST(1e0 AS double precision) / nullif(CAST(\"pay\" AS double precision), "
            "0)) > CAST(2e0 AS double precision), FALSE)");
  EXPECT_EQ(truth(clickhouse(), "1 / pay > 2"),
            "ifNull(if(ifNull(isFinite((1e0 / toFloat64(`pay`)) AS barometer_1), 0), barometer_1, "
            "NULL) > 2e0, 0)");
  EXPECT_EQ(truth(postgresql(), "why >= 'b'"),
            "coalesce(nullif(nullif(CAST(\"why\" AS text) COLLATE \"C\", ''), 'NA') >= 'b', "
            "FALSE)");
}

TEST(SqlText, AggregatesAreOneSelect) {
  EXPECT_EQ(sql_aggregate({.from = "t", .where = "a", .groups = {"g", "h"}, .sums = {"s"}}),
            "SELECT g, h, s FROM t WHERE a GROUP BY g, h");
  EXPECT_EQ(sql_aggregate({.from = "t", .sums = {"s"}}), "SELECT s FROM t");
  EXPECT_THAT(sql_limb_sums(duckdb(), "w", 3),
              ::testing::ElementsAre(
                  "CAST(coalesce(sum(CAST(floor(w * 8e0) AS BIGINT)), 0) AS BIGINT)",
                  "CAST(coalesce(sum(CAST(floor((w * 8e0 - floor(w * 8e0)) * 2147483648e0 + 0.5e0) "
                  "AS BIGINT)), 0) AS BIGINT)"));
  const std::string rest = "(w * 8e0 - trunc(w * 8e0)) * 2147483648e0";
  EXPECT_THAT(sql_fine_limb_sums(duckdb(), "w", 3),
              ::testing::ElementsAre(
                  "CAST(coalesce(sum(CAST(trunc(w * 8e0) AS BIGINT)), 0) AS BIGINT)",
                  "CAST(coalesce(sum(CAST(trunc(" + rest + ") AS BIGINT)), 0) AS BIGINT)",
                  "CAST(coalesce(sum(CAST(floor((" + rest + " - trunc(" + rest +
                      ")) * 2147483648e0 + 0.5e0) AS BIGINT)), 0) AS BIGINT)"));
}

}  // namespace
}  // namespace barometer

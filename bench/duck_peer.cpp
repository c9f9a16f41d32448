#include "bench/duck_peer.h"

#include <fmt/format.h>

#include "bench/duck.h"
#include "bench/generate.h"
#include "bench/measure.h"

namespace barometer::bench {
namespace {

// Column shares, and their variance from sums of residuals by PSU. A PSU without cases of a column
// adds 0 to every sum, so strata count by their 40 PSUs.
std::string table_sql(const std::string& question, const std::string& banner) {
  return fmt::format(R"(
WITH s AS (SELECT psu, stratum, {0} AS q, {1} AS b, any_value(fpc) AS fpc, sum(w) AS w
           FROM survey GROUP BY psu, stratum, {0}, {1}),
base AS (SELECT psu, stratum, any_value(fpc) AS fpc, b, sum(w) AS w FROM s GROUP BY psu, stratum, b),
total AS (SELECT b, sum(w) AS w FROM base GROUP BY b),
cell AS (SELECT q, s.b, sum(s.w) AS w, any_value(total.w) AS t, sum(s.w) / any_value(total.w) AS p
         FROM s JOIN total ON s.b = total.b GROUP BY q, s.b),
z AS (SELECT base.stratum, base.fpc, cell.q, cell.b, cell.p,
             (coalesce(s.w, 0) - cell.p * base.w) / cell.t AS z
      FROM base JOIN cell ON base.b = cell.b
      LEFT JOIN s ON s.psu = base.psu AND s.q = cell.q AND s.b = cell.b),
h AS (SELECT q, b, any_value(p) AS p,
             (1 - 40.0 / any_value(fpc)) * 40 / 39 * (sum(z * z) - sum(z) * sum(z) / 40) AS v
      FROM z GROUP BY q, b, stratum)
SELECT any_value(p), sqrt(sum(v)) FROM h GROUP BY q, b ORDER BY q, b)",
                     question, banner);
}

std::string plain_sql(const std::string& question, const std::string& banner) {
  return fmt::format("SELECT sum(w), count(*) FROM survey GROUP BY {0}, {1} ORDER BY {0}, {1}",
                     question, banner);
}

constexpr const char* kMeanSql = R"(
WITH s AS (SELECT psu, stratum, any_value(fpc) AS fpc, sum(w) AS w, sum(w * income) AS y
           FROM survey GROUP BY psu, stratum),
m AS (SELECT sum(y) / sum(w) AS m, sum(w) AS t FROM s),
h AS (SELECT any_value(m.m) AS m, (1 - 40.0 / any_value(fpc)) * 40 / 39 *
             (sum(((y - m.m * w) / m.t) ** 2) - sum((y - m.m * w) / m.t) ** 2 / 40) AS v
      FROM s, m GROUP BY stratum)
SELECT any_value(m), sqrt(sum(v)) FROM h)";

Result<Found> found_of(const DuckSession& session, const std::string& sql, bool with_se) {
  Found found;
  for (const std::vector<double>& row : TRY(session.query(sql))) {
    found.value.push_back(row[0]);
    if (with_se) found.se.push_back(row[1]);
  }
  return found;
}

using Sql = std::string (*)(const std::string& question, const std::string& banner);

Result<Found> book_of(const DuckSession& session, Sql sql, bool with_se) {
  Found first;
  for (size_t banner = 0; banner < kBanners; ++banner) {
    for (size_t question = 0; question < kQuestions; ++question) {
      Found found =
          TRY(found_of(session, sql(question_name(question), banner_name(banner)), with_se));
      if (banner == 0 && question == 0) first = std::move(found);
    }
  }
  return first;
}

}  // namespace

Status measure_duckdb(const std::filesystem::path& folder, size_t n, size_t threads) {
  const DuckSession session = TRY(DuckSession::open(threads, "12GB"));
  const std::string load =
      fmt::format("CREATE OR REPLACE TABLE survey AS SELECT * EXCLUDE w6, w6 / 1e6 AS w FROM '{}'",
                  (folder / "data.parquet").string());
  TRY(session.query(load));
  const auto step = [&](const char* id, const std::function<Result<Found>()>& run) -> Status {
    print_step({"DuckDB", id, n, threads}, TRY(measure({.most = 7}, run)));
    return {};
  };
  TRY_DONE(step("table", [&] { return found_of(session, table_sql("q1", "b1"), true); }));
  TRY_DONE(step("table_no_se", [&] { return found_of(session, plain_sql("q1", "b1"), false); }));
  TRY_DONE(step("mean1", [&] { return found_of(session, kMeanSql, true); }));
  TRY_DONE(step("book_no_se", [&] { return book_of(session, plain_sql, false); }));
  return step("book", [&] { return book_of(session, table_sql, true); });
}

}  // namespace barometer::bench

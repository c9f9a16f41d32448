#include "barometer/sql/sql_engine.h"

#include <mutex>

#include "barometer/sql/sql_answer_internal.h"

namespace barometer {
namespace {

class SqlEngine final : public Engine {
 public:
  SqlEngine(std::unique_ptr<SqlTable> table, SqlDesign design)
      : table_(std::move(table)), design_(std::move(design)) {}

  [[nodiscard]] const Design& design() const& override { return design_.design; }
  [[nodiscard]] uint64_t case_count() const override { return design_.case_count; }
  [[nodiscard]] const Codebook& codebook() const& override { return table_->codebook(); }

  Status answer(std::span<const CellQuery> queries, const Progress& progress,
                const std::function<Status(size_t query, Cells cells)>& use) const override {
    for (size_t q = 0; q < queries.size(); ++q) {
      progress.report("summing in the database", q, queries.size());
      TRY_DONE(use(q, TRY(answered(queries[q], progress))));
    }
    progress.report("summing in the database", queries.size(), queries.size());
    return {};
  }

 private:
  Result<Cells> answered(const CellQuery& query, const Progress& progress) const {
    const std::lock_guard lock(mutex_);
    SqlAnswer answer(*table_, design_, query);
    TRY_DONE(answer.plan(progress));
    TRY_DONE(table_->run(
        answer.statement(), progress, [&] { answer.begin(); },
        [&](SqlRow row) { return answer.add(row); }));
    if (query.replicates) {
      TRY_DONE(table_->run(
          answer.replicate_statement(), progress, [&] { answer.begin_replicates(); },
          [&](SqlRow row) { return answer.add_replicates(row); }));
    }
    return answer.take();
  }

  std::unique_ptr<SqlTable> table_;
  SqlDesign design_;
  mutable std::mutex mutex_;
};

}  // namespace

Result<std::unique_ptr<Engine>> open_sql_engine(const SqlSource& source,
                                                const DesignColumns& columns,
                                                const SqlOptions& options,
                                                const Progress& progress) {
  std::unique_ptr<SqlTable> table = TRY(SqlTable::open(source, options, progress));
  SqlDesign design = TRY(read_design(*table, columns, options, progress));
  return std::make_unique<SqlEngine>(std::move(table), std::move(design));
}

}  // namespace barometer
